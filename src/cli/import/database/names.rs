//! Names of a database as SQL, as parameters and as paths.

use super::super::proposal::words::identifier;
use crate::codec::{camel, same_name};
use crate::mapping::words::plural;
use crate::sql::Dialect;

/// Words that are no names without quotes, in PostgreSQL or SQLite.
const RESERVED: &[&str] = &[
    "abort",
    "action",
    "add",
    "all",
    "alter",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "attach",
    "authorization",
    "autoincrement",
    "between",
    "binary",
    "both",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "commit",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "delete",
    "desc",
    "distinct",
    "do",
    "drop",
    "else",
    "end",
    "escape",
    "except",
    "exists",
    "false",
    "fetch",
    "filter",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "glob",
    "grant",
    "group",
    "having",
    "if",
    "ilike",
    "in",
    "index",
    "indexed",
    "initially",
    "inner",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "match",
    "natural",
    "not",
    "nothing",
    "notnull",
    "null",
    "of",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "overlaps",
    "placing",
    "plan",
    "pragma",
    "primary",
    "raise",
    "recursive",
    "references",
    "regexp",
    "returning",
    "right",
    "rollback",
    "select",
    "session_user",
    "set",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "transaction",
    "trigger",
    "true",
    "union",
    "unique",
    "update",
    "user",
    "using",
    "vacuum",
    "values",
    "variadic",
    "verbose",
    "view",
    "virtual",
    "when",
    "where",
    "window",
    "with",
    "without",
];

/// Why a name cannot stand in a mapping; `None` where it can. Line breaks would end the
/// statement's block, and `${` would be a variable.
pub fn unwritable(name: &str) -> Option<&'static str> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    if name.is_empty() {
        Some("is empty")
    } else if name.contains(breaks) || name.contains(['\u{FEFF}', '\u{FFFE}', '\u{FFFF}']) {
        Some("has a control character")
    } else if name.contains("${") {
        Some("has `${`, which a mapping reads as a variable")
    } else {
        None
    }
}

/// A name as SQL, in quotes where it needs them.
pub fn quoted(dialect: Dialect, name: &str) -> String {
    let plain = |c: char| c == '_' || c.is_ascii_digit() || c.is_ascii_lowercase();
    let folds = |c: char| dialect == Dialect::Sqlite && c.is_ascii_uppercase();
    let bare = name.chars().all(|c| plain(c) || folds(c))
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !RESERVED.contains(&name.to_ascii_lowercase().as_str());
    if bare { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A name with its schema as SQL.
pub fn qualified(dialect: Dialect, schema: Option<&str>, name: &str) -> String {
    match schema {
        Some(schema) => format!("{}.{}", quoted(dialect, schema), quoted(dialect, name)),
        None => quoted(dialect, name),
    }
}

/// `INVOICE_LINE` → `invoice-lines`.
pub fn collection(name: &str) -> String {
    let words = identifier(name);
    match words.rsplit_once('-') {
        Some((head, last)) => format!("{head}-{}", plural(last)),
        None => plural(&words),
    }
}

/// Names of parameters, none twice: JSON names where those are letters and digits.
pub fn parameters<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let plain: String = camel(name).chars().filter(char::is_ascii_alphanumeric).collect();
        let head = plain.starts_with(|c: char| c.is_ascii_alphabetic());
        let base = if head { plain } else { format!("p{plain}") };
        let base = if base == "p" { format!("p{}", found.len() + 1) } else { base };
        let mut wish = base.clone();
        let mut next = 2;
        while found.iter().any(|known| same_name(known, &wish)) {
            wish = format!("{base}{next}");
            next += 1;
        }
        found.push(wish);
    }
    found
}

/// Names of a result's columns, so that no two become one JSON name: the column's own, or
/// with a number.
pub fn results<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let mut wish = name.to_owned();
        let mut next = 2;
        while found.iter().any(|known| camel(known) == camel(&wish)) {
            wish = format!("{name}_{next}");
            next += 1;
        }
        found.push(wish);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_must_be() {
        let check = |dialect, name, expected: &str| assert_eq!(quoted(dialect, name), expected);
        check(Dialect::Postgres, "invoice", "invoice");
        check(Dialect::Postgres, "Invoice", "\"Invoice\"");
        check(Dialect::Sqlite, "Invoice", "Invoice");
        check(Dialect::Postgres, "order", "\"order\"");
        check(Dialect::Sqlite, "Order", "\"Order\"");
        check(Dialect::Postgres, "a\"b", "\"a\"\"b\"");
        check(Dialect::Postgres, "1st", "\"1st\"");
        check(Dialect::Postgres, "größe", "\"größe\"");
        assert_eq!(qualified(Dialect::Postgres, Some("HR"), "staff"), "\"HR\".staff");
    }

    #[test]
    fn parameters_and_results_are_told_apart() {
        let check = |names: &[&str], expected: &[&str]| {
            assert_eq!(parameters(names.iter().copied()), expected);
        };
        check(
            &["CUST_NO", "cust no", "größe", "%", "2nd"],
            &["custNo", "custNo2", "gre", "p4", "p2nd"],
        );
        assert_eq!(results(["a_b", "aB", "c"].into_iter()), ["a_b", "aB_2", "c"]);
    }

    #[test]
    fn tables_become_collections() {
        let check = |name, expected: &str| assert_eq!(collection(name), expected);
        check("INVOICE_LINE", "invoice-lines");
        check("PlaylistTrack", "playlist-tracks");
        check("us_states", "us-states");
        check("country", "countries");
    }

    #[test]
    fn names_that_would_break_a_mapping_are_found() {
        let check = |name, good: bool| assert_eq!(unwritable(name).is_none(), good, "{name:?}");
        check("order details", true);
        check("a\n  GET /evil:", false);
        check("a\u{2028}b", false);
        check("${HOME}", false);
        check("", false);
    }
}
