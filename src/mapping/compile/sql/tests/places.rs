//! What a database refuses is told where it was written.

use super::{SAYS, Says, compiled};

fn check(says: &Says, routes: &str, expected: &str) {
    let (_, found) = compiled(says, routes);
    assert_eq!(found, expected, "{routes}");
}

#[test]
fn in_a_block_of_the_mapping() {
    let says = Says { refuses: Some("nmae"), ..SAYS };
    let refused = |place: &str| {
        format!("{place} sql-refused <nmae>: the database refuses it: no such column (42703)\n")
    };
    check(
        &says,
        "  GET /a:\n    sql: db\n    query: |\n      select customer_id,\n             nmae\n      from customers\n",
        &refused("11:14"),
    );
    check(
        &says,
        "  GET /a:\n    sql: db\n    query: select * from customers\n    filters: { n: \"nmae = :n\" }\n",
        &refused("10:20"),
    );
    // Its own columns do not have it, so that the database is not blamed.
    check(
        &says,
        "  GET /a:\n    sql: db\n    query: select * from customers\n    sort: { n: nmae }\n",
        "10:16 sql-column <nmae>: the result has no column `nmae`\n",
    );
}

#[test]
fn in_a_file_of_sql() {
    let says = Says {
        refuses: Some("nmae"),
        files: &[(
            "q/all.sql",
            "-- what is asked of customers\n-- name: one\nselect * from customers\n-- name: two\nselect nmae\nfrom customers\n",
        )],
        ..SAYS
    };
    check(&says, "  GET /a: { sql: db, query: q/all.sql#one }\n", "");
    check(
        &says,
        "  GET /a: { sql: db, query: q/all.sql#two }\n",
        "q/all.sql:5:8 sql-refused <nmae>: the database refuses it: no such column (42703)\n",
    );
    check(
        &says,
        "  GET /a: { sql: db, query: q/all.sql#tow }\n",
        "7:39 mapping-unreadable <tow>: `q/all.sql` has no statement `tow`\n",
    );
    check(
        &says,
        "  GET /a: { sql: db, query: q/all.sql }\n",
        "7:29 mapping-unreadable <q/all.sql>: `q/all.sql` has several statements\n",
    );
}
