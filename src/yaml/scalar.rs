//! One text as a scalar: plain where nothing can be taken for something else, a block where it
//! has lines, in quotes otherwise.

use super::json::is_literal;

/// Characters a level is indented by.
const INDENT: usize = 2;

/// A text that stands behind a key at an indentation, in characters.
pub(super) fn text(text: &str, indent: usize) -> String {
    if is_block(text) { block(text, indent + INDENT) } else { line(text, false) }
}

/// A text on one line; in a flow collection fewer may stand plain.
pub(super) fn line(text: &str, flow: bool) -> String {
    if is_plain(text, flow) { text.to_owned() } else { quoted(text) }
}

/// In double quotes: JSON's escapes are YAML's, too.
fn quoted(text: &str) -> String {
    escaped(super::json::string(text))
}

/// A text of JSON in which only what YAML may print stands outside of escapes.
pub(super) fn escaped(json: String) -> String {
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
            format!("\\u{:04x}", u32::from(c))
        }
        c => c.to_string(),
    };
    if json.chars().any(|c| c > '\u{7e}') { json.chars().map(escape).collect() } else { json }
}

fn is_plain(text: &str, flow: bool) -> bool {
    let first = text.chars().next();
    let starts = first.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '$' | '(' | '_'));
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    let number = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eExXoO_:".contains(&b))
        && first.is_some_and(|c| c.is_ascii_digit())
        && !is_day(text);
    let printable = |c: char| {
        matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}')
            || ('\u{10000}'..).contains(&c)
    };
    let special = |c: char| flow && matches!(c, ',' | '[' | ']' | '{' | '}');
    starts
        && !word
        && !number
        && !is_literal(text)
        && text.chars().all(|c| printable(c) && !special(c))
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !(flow && text.contains(':'))
}

/// `2027-01-31` is a text wherever it is not quoted, too.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && (0..10).all(|at| {
            if matches!(at, 4 | 7) { bytes[at] == b'-' } else { bytes[at].is_ascii_digit() }
        })
}

/// Whether a literal block says exactly this.
fn is_block(text: &str) -> bool {
    let printable = |c: char| matches!(c, '\n' | '\t' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}');
    let lines = || text.strip_suffix('\n').unwrap_or(text).split('\n');
    text.contains('\n')
        && text.chars().all(printable)
        && !text.starts_with([' ', '\t', '\n'])
        && !text.ends_with("\n\n")
        && lines().all(|line| line.is_empty() || !line.trim().is_empty())
        && lines().all(|line| !line.starts_with('\t'))
}

fn block(text: &str, indent: usize) -> String {
    let (head, body) = match text.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", text),
    };
    let mut out = head.to_owned();
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    out
}
