//! What a statement's own words say: whether it leaves its session, and the columns of its
//! tables, as they are.
//!
//! PostgreSQL says which table's column a column of a result is, and says it through joins,
//! subqueries and common table expressions, too. An outer join makes NULL of a column that
//! never is; so the catalog's word counts only where the statement's own words leave no doubt.

/// What a statement may begin with.
const FIRST: &[&str] = &["select", "with", "insert", "update", "delete", "table", "values"];
/// Words with which NULL comes into a column that has none: outer joins, grouping sets, set
/// operations, rows that are only half there (`merge`, `returning old.x`).
const DOUBTFUL: &[&str] = &[
    "left",
    "right",
    "full",
    "outer",
    "grouping",
    "rollup",
    "cube",
    "union",
    "intersect",
    "except",
    "recursive",
    "merge",
    "old",
    "new",
];

/// Statements that leave something behind in their session, where the next caller finds it, or
/// that speak another protocol.
const CONTROL: &[&str] = &[
    "abort",
    "begin",
    "checkpoint",
    "commit",
    "copy",
    "deallocate",
    "discard",
    "end",
    "execute",
    "listen",
    "load",
    "notify",
    "prepare",
    "release",
    "reset",
    "rollback",
    "savepoint",
    "set",
    "start",
    "unlisten",
];

/// The first word of a statement that is about its session or transaction.
pub(super) fn control(text: &str) -> Option<&'static str> {
    let first = words(text)?.into_iter().next()?;
    CONTROL.iter().find(|word| **word == first).copied()
}

/// Whether a column that is a table's, and is NOT NULL there, is so in the result. `false`
/// also where it cannot be said.
pub(super) fn keeps_not_null(text: &str) -> bool {
    let Some(words) = words(text) else { return false };
    words.first().is_some_and(|first| FIRST.contains(&first.as_str()))
        && !words.iter().any(|word| DOUBTFUL.contains(&word.as_str()))
}

/// The words outside of strings, quoted names and comments, in lower case; `None` where one of
/// those does not end.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '\'' => quoted(rest, '\'', false)?,
            '"' => quoted(rest, '"', false)?,
            '$' => dollar_quoted(rest)?,
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => comment(rest)?,
            _ if is_word(next) => {
                let end = rest.find(|c: char| !is_word(c) && c != '$').unwrap_or(rest.len());
                let word = rest[..end].to_lowercase();
                let escapes = word == "e" && rest[end..].starts_with('\'');
                words.push(word);
                end + if escapes { quoted(&rest[end..], '\'', true)? } else { 0 }
            }
            _ => next.len_utf8(),
        };
        rest = &rest[length..];
    }
    Some(words)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a quoted text. A doubled quote reads as two texts, which comes to the same.
fn quoted(text: &str, quote: char, escapes: bool) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        if c == quote {
            return Some(at + 1);
        }
        if c == '\\' && escapes {
            characters.next();
        }
    }
    None
}

/// The length of `$tag$…$tag$`, or of a placeholder's `$`.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = text[1..].find(|c: char| !is_word(c)).map_or(text.len(), |end| end + 1);
    let is_tag =
        text[tag..].starts_with('$') && !text[1..].starts_with(|c: char| c.is_ascii_digit());
    if !is_tag {
        return Some(1);
    }
    let tag = &text[..=tag];
    text[tag.len()..].find(tag).map(|end| end + 2 * tag.len())
}

/// The length of a comment, which may hold others.
fn comment(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let pair = text.as_bytes().get(at..at + 2)?;
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_about_their_session_are_known() {
        assert_eq!(control("/* x */ Set search_path = app"), Some("set"));
        assert_eq!(control("select 1 as set"), None);
        assert_eq!(control("call p()"), None);
    }

    #[test]
    fn any_doubt_makes_columns_nullable() {
        let check = |text: &str, expected| assert_eq!(keeps_not_null(text), expected, "{text}");
        check("select id from t", true);
        check("with x as (select 1) select id from t join x on true", true);
        check("insert into t values ($1) returning id", true);
        check("update t set a = 'left join' where \"full\" = $1 returning id", true);
        check("select id -- left join\nfrom t /* right /* full */ outer */", true);
        check("select $$left$$, $x$ full $$ $x$, E'\\'left', id from t", true);
        check("select $1::int, left_over, \"a\"\"left\" from t", true);
        check("select id from a Left JOIN b using (id)", false);
        check("select left(name, 1), id from t", false);
        check("select id from t group by grouping sets ((id), ())", false);
        check("select id from a union select id from b", false);
        check("fetch all from c", false);
        check("call p()", false);
        check("select 'open", false);
        check("select $x$ open", false);
        check("/* open", false);
        check("/*/ select 1", false);
        check("", false);
    }
}
