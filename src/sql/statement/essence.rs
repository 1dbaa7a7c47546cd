//! A statement without what says nothing: white space and comments.

use super::Part;
use super::lexer::{Kind, lex};
use crate::sql::Dialect;

/// What operators of several characters consist of.
const OPERATOR: &str = "+-*/<>=~!@#%^&|`?:";

/// A statement as it is sent, each token behind one space, comments gone. Two statements with
/// one essence are the same to their database. Letters keep their case: a name of a column may
/// depend on it.
#[must_use]
pub fn essence(dialect: Dialect, text: &str) -> String {
    let lexed = lex(dialect, Part::Base, text);
    let mut out = String::with_capacity(text.len());
    let mut end = None;
    for token in lexed.tokens.iter().filter(|token| token.kind != Kind::Mark) {
        let written = text.get(token.range.clone()).unwrap_or_default();
        let is_part = token.kind == Kind::Symbol && written.chars().all(|c| OPERATOR.contains(c));
        // A sign begins a token of its own.
        let joined = is_part && end == Some(token.range.start) && !["+", "-"].contains(&written);
        if !out.is_empty() && !joined {
            out.push(' ');
        }
        out.push_str(written);
        end = is_part.then_some(token.range.end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_nothing_is_gone() {
        let same = |a: &str, b: &str, expected: bool| {
            for dialect in [Dialect::Postgres, Dialect::Sqlite] {
                assert_eq!(essence(dialect, a) == essence(dialect, b), expected, "{a} | {b}");
            }
        };
        same("select  a\n  from t -- all of it\n where b = 1", "select a from t where b = 1", true);
        same("select f (a,b)", "select f( a , b )", true);
        same("select a/* one */+ /* two */1", "select a + 1", true);
        same("select a from t /*filters*/", "select a from t", true);
        same("select a<=b", "select a <= b", true);
        same("select (1,-1)", "select (1, - 1)", true);
        same("select a=-1", "select a = -1", true);
        same("select a ->> 'b'", "select a - >> 'b'", false);
        same("select a from t", "select A from t", false);
        same("select 'a  b'", "select 'a b'", false);
        same("select 'a -- b'", "select 'a'", false);
        same("select \"a b\"", "select \"a  b\"", false);
        same("select ab", "select a b", false);
        same("select a < = b", "select a <= b", false);
        same("select 1", "select 1;", false);
        let check = |dialect, text: &str, expected| assert_eq!(essence(dialect, text), expected);
        check(Dialect::Postgres, "select $1::int,  $$a  b$$", "select $1 :: int , $$a  b$$");
        check(Dialect::Postgres, "/* a /* b */ c */ select 1", "select 1");
        check(Dialect::Sqlite, "select ?1 , [a  b]", "select ?1 , [a  b]");
        check(Dialect::Sqlite, "select 'never closed", "select");
    }
}
