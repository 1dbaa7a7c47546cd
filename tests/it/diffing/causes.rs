//! What is judged how, and which line caused it.

use tempfile::TempDir;

use super::project::Project;
use crate::rig::figleaf;

#[test]
fn nothing_changed_is_nothing_said() {
    let project = Project::shop();
    project.check(&[]);
    // Nor do prefixes, comments and the order of declarations change anything.
    project.edit("wsdl/shop/codes.xsd", "<xs:schema", "<!-- moved -->\n<xs:schema");
    project.edit(
        "mappings/shop.yaml",
        "  GET /orders/{orderId}:\n",
        "\n  # by number\n  GET /orders/{orderId}:\n",
    );
    project.check(&[]);
    let output = project.run(&["one"]);
    assert_eq!((output.code, &*output.stdout), (0, "no change: one → this tree\n"));
}

#[test]
fn a_type_of_the_contract_is_the_cause_of_what_callers_read() {
    let project = Project::shop();
    project.edit(
        "wsdl/shop/orders.xsd",
        "<xs:element name=\"Refund\" type=\"com:Money\" minOccurs=\"0\"/>",
        "<xs:element name=\"Refund\" type=\"xs:string\" minOccurs=\"0\"/>",
    );
    let cause = "wsdl/shop/orders.xsd:132 -<xs:element name=\"Refund\" type=\"com:Money\" minOccurs=\"0\"/> +<xs:element name=\"Refund\" type=\"xs:string\" minOccurs=\"0\"/>";
    let change = |version: &str| {
        format!(
            "breaking response-type-changed POST /api/{version}/orders/{{orderId}}/cancel response 200 /refund ← {cause}"
        )
    };
    project.check(&[&change("v1"), &change("v2")]);
}

#[test]
fn a_line_of_the_mapping_is_the_cause_where_it_is_one() {
    let project = Project::shop();
    project.edit("mappings/shop.yaml", "default: 50, max: 500", "default: 20, max: 200");
    let cause = "mappings/shop.yaml:37 -criteria.maxRows: { query: limit, default: 50, max: 500 } +criteria.maxRows: { query: limit, default: 20, max: 200 }";
    let changes = |version: &str| {
        let at = format!("GET /api/{version}/orders parameter query limit ← {cause}");
        [format!("breaking request-limit-tightened {at}"), format!("risky default-changed {at}")]
    };
    let expected = [changes("v1"), changes("v2")].concat();
    project.check(&expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn several_edits_are_told_apart() {
    let project = Project::shop();
    project.edit(
        "mappings/shop-v2.yaml",
        "      shipTo: shippingAddress\n",
        "      shipTo: deliverTo\n",
    );
    project.edit(
        "mappings/shop-v2.yaml",
        "404, title: Order not found",
        "410, title: Order not found",
    );
    project.edit("wsdl/shop/customers.xsd", "</xs:schema>", "<!-- nothing -->\n</xs:schema>");
    let at = "GET /api/v2/orders/{orderId} response";
    let renamed = "mappings/shop-v2.yaml:14 -shipTo: shippingAddress +shipTo: deliverTo";
    let status = "mappings/shop-v2.yaml:12 -OrderNotFound: { status: 404, title: Order not found } +OrderNotFound: { status: 410, title: Order not found }";
    project.check(&[
        &format!("risky error-status-removed {at} 404 ← {status}"),
        &format!("risky error-status-added {at} 410 ← {status}"),
        &format!("breaking response-member-removed {at} 200 /shippingAddress ← {renamed}"),
        &format!("safe response-member-added {at} 200 /deliverTo ← {renamed}"),
    ]);
}

#[test]
fn a_route_that_is_gone_is_safe_once_its_sunset_has_passed() {
    let project = Project::shop();
    let stock = "  GET /stock/{articleNumber}:\n    soap: shop.CheckStock\n    in:\n      warehouse: query.warehouse\n";
    project.edit("mappings/shop.yaml", stock, "");
    let cause = "mappings/shop.yaml:64 -GET /stock/{articleNumber}: +";
    project.check(&[
        &format!("breaking route-removed GET /api/v1/stock/{{articleNumber}} ← {cause}"),
        &format!("breaking route-removed GET /api/v2/stock/{{articleNumber}} ← {cause}"),
    ]);
    let output = project.run(&["one", "--on", "2027-07-01"]);
    assert_eq!(output.code, 2, "an option stands once: {output:?}");
    let path = std::env::var("PATH").unwrap_or_default();
    let output =
        figleaf(project.path(), &["diff", "one", "--on", "2027-07-01"], &[("PATH", &path)]);
    assert!(
        output.stdout.contains("safe: the route is gone; its sunset was 2027-07-01"),
        "{output:?}"
    );
}

/// A project with a database of books.
fn books() -> Project {
    let project = Project(TempDir::new().unwrap());
    let mapping = "figleaf: 1\napi: books\nversion: v1\nbackends:\n  books: { sqlite: \"${BOOKS}\" }\nroutes:\n  GET /books/{isbn}:\n    sql: books\n    query: queries/books.sql#one\n    result: one\n";
    project.write("mappings/books.yaml", mapping);
    let sql = "-- name: one\nselect isbn, title,\n       price\nfrom book\nwhere isbn = :isbn;\n";
    project.write("mappings/queries/books.sql", sql);
    project.database("create table book (isbn text primary key not null, title varchar(80) not null, price numeric(8,2))");
    project.locked();
    project.write(".gitignore", "books.db*\n");
    project.committed("one");
    project
}

impl Project {
    fn database(&self, sql: &str) {
        let books = rusqlite::Connection::open(self.path().join("books.db")).unwrap();
        books.execute_batch(sql).unwrap();
    }

    fn locked(&self) {
        let database = self.path().join("books.db").display().to_string();
        let output = figleaf(self.path(), &["check", "--db", "--lock"], &[("BOOKS", &database)]);
        assert_eq!(output.code, 0, "{output:?}");
    }
}

#[test]
fn a_line_of_a_statement_is_the_cause_of_what_its_rows_have() {
    let project = books();
    project.edit("mappings/queries/books.sql", "       price\n", "       price * 2 as price\n");
    project.edit(
        "mappings/queries/books.sql",
        "select isbn, title,\n",
        "select isbn, title as name,\n",
    );
    project.locked();
    let at = "GET /api/v1/books/{isbn} response 200";
    let named = "mappings/queries/books.sql:2 -select isbn, title, +select isbn, title as name,";
    let lines = project.lines("one");
    let of_names: Vec<&String> = lines.iter().filter(|l| !l.contains("/price")).collect();
    assert_eq!(
        of_names,
        [
            &format!("breaking response-member-removed {at} /title ← {named}"),
            &format!("safe response-member-added {at} /name ← {named}"),
        ]
    );
    let of_price: Vec<&String> = lines.iter().filter(|l| l.contains("/price")).collect();
    assert!(!of_price.is_empty(), "{lines:?}");
    for line in of_price {
        assert!(
            line.ends_with("← mappings/queries/books.sql:3 -price +price * 2 as price"),
            "{line}"
        );
    }
}

#[test]
fn where_only_the_database_changed_the_lock_is_the_cause() {
    let project = books();
    project.database("drop table book; create table book (isbn text primary key not null, title varchar(80), price numeric(8,2))");
    project.locked();
    let at = "breaking response-null-added GET /api/v1/books/{isbn} response 200 /title";
    let lines = project.lines("one");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with(&format!("{at} ← mappings/figleaf.lock:")), "{lines:?}");
    assert!(lines[0].ends_with("-\"nullable\": false +\"nullable\": true"), "{lines:?}");
}
