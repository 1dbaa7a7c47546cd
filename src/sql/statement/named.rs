//! Several statements in one file.

use std::ops::Range;

use super::Part;
use super::lexer::lex;
use crate::sql::Dialect;

/// A statement of a file: its name and its bytes.
pub type Section = (String, Range<usize>);

/// Splits a file at its lines `-- name: x` into names and the bytes of the statements under
/// them. A file without such a line has none. The text in front of the first is comment only.
/// A refusal has its bytes and says what is wrong.
///
/// Such a line counts wherever it stands, in a text in quotes too.
pub fn named(text: &str) -> Result<Vec<Section>, (Range<usize>, String)> {
    let mut sections: Vec<Section> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(name) = name_of(line) else { continue };
        let range = start..start + line.trim_end().len();
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(letter) {
            let message = format!(
                "`{name}` is not a name of a statement: letters, digits, `_`, `-` and dots"
            );
            return Err((range, message));
        }
        if sections.iter().any(|(other, _)| other == name) {
            return Err((range, format!("the name `{name}` is there twice")));
        }
        match sections.last_mut() {
            Some((_, before)) => before.end = start,
            None => {
                // Nothing but comments has no tokens in any dialect.
                let before = lex(Dialect::Postgres, Part::Base, &text[..start]);
                if let Some(token) = before.tokens.first() {
                    let message = "stands in front of the first name".to_owned();
                    return Err((token.range.clone(), message));
                }
                if let Some(problem) = before.problems.into_iter().next() {
                    return Err((problem.range, problem.message));
                }
            }
        }
        sections.push((name.to_owned(), at..text.len()));
    }
    Ok(sections)
}

/// The name a line gives to what is under it.
fn name_of(line: &str) -> Option<&str> {
    let comment = line.trim().strip_prefix("--")?.trim_start();
    Some(comment.strip_prefix("name:")?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let sections = named(text).unwrap();
        let shown: Vec<_> =
            sections.iter().map(|(name, range)| (&**name, &text[range.clone()])).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_file_is_split_at_its_names() {
        check("select 1", &[]);
        check("", &[]);
        check(
            "-- Ours.\n/* all */\n-- name: one\nselect 1;\n--name:two\r\nselect 2\n  -- name: c-3.x\n",
            &[("one", "select 1;\n"), ("two", "select 2\n"), ("c-3.x", "")],
        );
        check("-- name: a\n-- named: b\nselect 1", &[("a", "-- named: b\nselect 1")]);
    }

    #[test]
    fn a_file_that_cannot_be_split_is_refused() {
        let check = |text: &str, place: &str, part: &str| {
            let (range, message) = named(text).unwrap_err();
            assert_eq!(&text[range], place);
            assert!(message.contains(part), "{message}");
        };
        check("-- name: a\n-- name: a\n", "-- name: a", "twice");
        check("-- name:\nselect 1", "-- name:", "not a name");
        check("-- name: a b\nselect 1", "-- name: a b", "`a b` is not a name");
        check("select 1;\n-- name: a\n", "select", "in front of the first name");
        check("/* x\n-- name: a\n", "/*", "never closed");
    }
}
