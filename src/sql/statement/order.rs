//! `issued_on desc, id`: an order as a mapping says it.

use std::ops::Range;

use super::lexer::{Kind, lex};
use super::{OrderKey, Part};
use crate::sql::Dialect;

/// Columns of one order.
pub(super) const KEYS_MAX: usize = 32;

/// Reads an order: columns of the result, each with `asc` or `desc` behind it or nothing.
/// Names are as the result has them, in double quotes or without; case is kept.
/// A refusal has its bytes and says what is wrong.
pub fn parse_order(text: &str) -> Result<Vec<OrderKey>, (Range<usize>, String)> {
    let lexed = lex(Dialect::Postgres, Part::Sort(0), text);
    if let Some(problem) = lexed.problems.into_iter().next() {
        return Err((problem.range, problem.message));
    }
    let mut keys: Vec<OrderKey> = Vec::new();
    let mut tokens = lexed.tokens.iter().peekable();
    loop {
        let Some(name) = tokens.next() else {
            return Err((text.len()..text.len(), "a column is missing here".to_owned()));
        };
        let column = match (name.kind, &text[name.range.clone()]) {
            (Kind::Word, word) => word.to_owned(),
            (Kind::Name, quoted) => quoted[1..quoted.len() - 1].replace("\"\"", "\""),
            (_, other) => return Err((name.range.clone(), format!("`{other}` is not a column"))),
        };
        if column.is_empty() {
            return Err((name.range.clone(), "the name is empty".to_owned()));
        }
        if keys.iter().any(|key| key.column == column) {
            return Err((name.range.clone(), format!("`{column}` is there twice")));
        }
        if keys.len() == KEYS_MAX {
            return Err((name.range.clone(), format!("there are more than {KEYS_MAX} columns")));
        }
        let mut descending = None;
        loop {
            let Some(next) = tokens.next() else {
                keys.push(OrderKey { column, descending: descending.unwrap_or(false) });
                return Ok(keys);
            };
            match (descending, &text[next.range.clone()]) {
                (_, ",") => break,
                (None, word) if word.eq_ignore_ascii_case("asc") => descending = Some(false),
                (None, word) if word.eq_ignore_ascii_case("desc") => descending = Some(true),
                (_, other) => {
                    let message = format!(
                        "`{other}` is not part of an order: a column of the result, then `asc` or `desc`, then a comma"
                    );
                    return Err((next.range.clone(), message));
                }
            }
        }
        keys.push(OrderKey { column, descending: descending.unwrap_or(false) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = match parse_order(text) {
            Ok(keys) => keys
                .iter()
                .map(|key| format!("{}{}", if key.descending { "-" } else { "+" }, key.column))
                .collect::<Vec<_>>()
                .join(" "),
            Err((range, message)) => format!("{}: {message}", &text[range]),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn an_order_is_columns_and_their_directions() {
        check("issued_on desc, id", "-issued_on +id");
        check("a ASC,b DESC", "+a -b");
        check(r#""Order No" desc, "a""b""#, "-Order No +a\"b");
        check("InvoiceId -- newest\n desc", "-InvoiceId");
    }

    #[test]
    fn what_is_not_an_order_is_refused_with_its_place() {
        let part =
            "is not part of an order: a column of the result, then `asc` or `desc`, then a comma";
        check("", ": a column is missing here");
        check("a,", ": a column is missing here");
        check("a, a desc", "a: `a` is there twice");
        check("1", "1: `1` is not a column");
        check("'a'", "'a': `'a'` is not a column");
        check("\"\"", "\"\": the name is empty");
        check("lower(a)", &format!("(: `(` {part}"));
        check("a desc nulls last", &format!("nulls: `nulls` {part}"));
        check("a desc; drop table b", &format!(";: `;` {part}"));
        check("t.a", &format!(".: `.` {part}"));
        check("\"a", "\": `\"` opens a text that never ends");
    }
}
