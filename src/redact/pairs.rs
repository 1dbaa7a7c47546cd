//! Values that a name beside them says are secrets: `password=…`, `token: …`, `Bearer …`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::names::Sort;
use super::place::Holds;
use super::{Kind, Redactor, headers};

/// Bytes of the shortest text with a name and a value.
pub(super) const LENGTH_MIN: usize = 6;
/// Bytes of a name that is looked at.
const NAME_MAX: usize = 64;
/// Bytes of a value between quotes.
const QUOTED_MAX: usize = 1024;
/// Bytes of a line that are looked at to see whether a name is the first in it.
const LINE_MAX: usize = 128;

/// What stands beside a value.
#[derive(Debug)]
pub(super) enum Beside<'t> {
    /// A name.
    Name { name: &'t str, holds: Holds },
    /// The name of a header with credentials; the value is the rest of the line.
    Header(&'t str),
    /// `Basic`
    Basic,
}

/// Finds such values, headers first.
pub(super) fn find<'t>(
    text: &'t str,
    redactor: &Redactor,
    mut found: impl FnMut(Range<usize>, Beside<'t>),
) {
    let mut found = |range: Range<usize>, beside| {
        if !range.is_empty() {
            found(range, beside);
        }
    };
    let has = Has::of(text);
    if has.separator {
        in_headers(text, &mut found);
    }
    if has.space {
        after_schemes(text, &mut found);
    }
    // What is a value has no names in it: each byte is looked at once.
    let mut until = 0;
    for at in memchr::memchr2_iter(b'=', b':', text.as_bytes()) {
        if at >= until
            && let Some((name, holds)) = name_before(text, at, redactor)
            && let Some(value) = value_after(text, at)
        {
            until = value.end;
            found(value, Beside::Name { name, holds });
        }
    }
    let mut until = 0;
    for at in memchr::memchr2_iter(b'\'', b'"', text.as_bytes()) {
        if at >= until
            && let Some((name, holds)) = word_before(text, at, redactor)
            && let Some(value) = quoted(text, at)
        {
            until = value.end;
            found(value, Beside::Name { name, holds });
        }
    }
    if has.space {
        in_prose(text, &mut found);
    }
}

/// What a text has at all, so that most need not be searched.
#[derive(Default)]
struct Has {
    separator: bool,
    space: bool,
}

impl Has {
    fn of(text: &str) -> Self {
        let mut has = Self::default();
        for byte in text.bytes() {
            has.separator |= matches!(byte, b'=' | b':');
            has.space |= byte.is_ascii_whitespace();
        }
        has
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// What a name in a text says: that of a whole value alone counts.
fn says(name: &str, redactor: &Redactor) -> Option<Holds> {
    let (holds, _) = redactor.holds(name);
    let counts = match holds {
        Holds::Whole(_) => true,
        Holds::Named(sort) => !matches!(sort, Sort::Digest | Sort::PerhapsSecret),
        Holds::Anything | Holds::Kept => false,
    };
    counts.then_some(holds)
}

/// The name before `=` or `:`, perhaps between quotes.
fn name_before<'t>(text: &'t str, at: usize, redactor: &Redactor) -> Option<(&'t str, Holds)> {
    let before = text[..at].trim_end_matches(' ');
    if at - before.len() > 2 {
        return None;
    }
    let before = before.trim_end_matches(['"', '\'', '\\']);
    let name = last_name(before)?;
    if before.ends_with(name) && before[..before.len() - name.len()].ends_with("xmlns:") {
        return None;
    }
    // `Token-2014-10-12T01:02` is no name.
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).count();
    (numbers < 2).then_some((name, says(name, redactor)?))
}

fn last_name(before: &str) -> Option<&str> {
    let mut from = before.len();
    for (at, c) in before.char_indices().rev() {
        if !is_name(c) || before.len() - at > NAME_MAX {
            break;
        }
        from = at;
    }
    Some(&before[from..]).filter(|name| name.contains(char::is_alphabetic))
}

/// The value behind `=` or `:`.
fn value_after(text: &str, at: usize) -> Option<Range<usize>> {
    let is_colon = text.as_bytes()[at] == b':';
    let rest = &text[at + 1..];
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    let start = at + 1 + spaces;
    let rest = &text[start..];
    let escaped = usize::from(rest.starts_with('\\'));
    if rest[escaped..].starts_with(['"', '\'']) {
        return quoted(text, start + escaped);
    }
    let ends = |c: char| c.is_whitespace() || ",;&'\"<>(){}[]|".contains(c);
    let length = rest.find(ends).unwrap_or(rest.len());
    let value = rest[..length].trim_end_matches(['.', '!', '?', ':']);
    let line_ends = rest[length..].trim_start_matches([' ', '\r', '}', ',']);
    let is_line = (line_ends.is_empty() || line_ends.starts_with('\n')) && begins_line(text, at);
    let is_said = is_colon && spaces > 0 && !is_line && !is_no_word(value);
    let is_address = is_colon && value.starts_with("//");
    (!is_said && !is_address).then_some(start..start + value.len())
}

/// Whether a name is the first of its line.
fn begins_line(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(LINE_MAX);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let Some(begins) =
        text[from..at].rfind('\n').map(|end| from + end + 1).or((from == 0).then_some(0))
    else {
        return false;
    };
    let line = &text[begins..at];
    !line.trim_start_matches([' ', '\t', '-', '#', '>', '*']).trim_end().contains(' ')
}

/// Whether a text is none of the words of a sentence.
fn is_no_word(value: &str) -> bool {
    !value.chars().all(char::is_alphabetic) && value.chars().any(char::is_alphanumeric)
}

/// What stands between a quote and the next of its kind on the line.
fn quoted(text: &str, at: usize) -> Option<Range<usize>> {
    let quote = text[at..].chars().next()?;
    let rest = &text[at + 1..];
    let mut is_escaped = false;
    for (end, c) in rest.char_indices().take(QUOTED_MAX) {
        match c {
            '\n' => return None,
            _ if is_escaped => is_escaped = false,
            // Quotes that are escaped themselves end with the backslash before them.
            '\\' if rest[end + 1..].starts_with(quote) && text[..at].ends_with('\\') => {
                return Some(at + 1..at + 1 + end);
            }
            '\\' => is_escaped = true,
            c if c == quote => return Some(at + 1..at + 1 + end),
            _ => {}
        }
    }
    None
}

/// The word before a quoted value: `password "x"`, `token is 'y'`.
fn word_before<'t>(text: &'t str, at: usize, redactor: &Redactor) -> Option<(&'t str, Holds)> {
    let before = text[..at].trim_end_matches([' ', '[', '(']);
    if before.len() == at {
        return None;
    }
    let name = last_name(before)?;
    let name = match name {
        "is" | "was" | "of" | "to" => last_name(before[..before.len() - name.len()].trim_end())?,
        name => name,
    };
    Some((name, says(name, redactor)?))
}

fn in_headers<'t>(text: &'t str, found: &mut impl FnMut(Range<usize>, Beside<'t>)) {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let names: Vec<&str> = headers::with_credentials().collect();
        let names = names.join("|");
        Regex::new(&format!(r#"(?i)(?-u:\b)({names})["']? ?[:=] ?["']?([^\r\n"']+)"#)).ok()
    });
    for header in FORM.iter().flat_map(|form| form.captures_iter(text)) {
        let (Some(name), Some(value)) = (header.get(1), header.get(2)) else { continue };
        let value = value.start()..value.start() + value.as_str().trim_end().len();
        found(value, Beside::Header(name.as_str()));
    }
}

/// `Bearer …` and `Basic …` in any text.
fn after_schemes<'t>(text: &'t str, found: &mut impl FnMut(Range<usize>, Beside<'t>)) {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let scheme = r"(?i-u:\b(bearer|basic|negotiate|ntlm|apikey|token)) ";
        Regex::new(&format!("{scheme}([A-Za-z0-9._~+/-]{{6,}}=*)")).ok()
    });
    for said in FORM.iter().flat_map(|form| form.captures_iter(text)) {
        let (Some(scheme), Some(value)) = (said.get(1), said.get(2)) else { continue };
        if scheme.as_str().eq_ignore_ascii_case("basic") {
            found(value.range(), Beside::Basic);
        } else if is_credential(value.as_str()) {
            let holds = Holds::Whole(Kind::Secret);
            found(value.range(), Beside::Name { name: scheme.as_str(), holds });
        }
    }
}

/// Whether it is none of the words that follow `bearer` in a sentence.
fn is_credential(value: &str) -> bool {
    value.len() >= 24 || value.bytes().any(|b| b.is_ascii_digit())
}

/// `password S3cret`, `the token is 1a2b3c`.
fn in_prose<'t>(text: &'t str, found: &mut impl FnMut(Range<usize>, Beside<'t>)) {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let name = r"(?i-u:\b(password|passwd|passphrase|passcode|pwd|secret|token|api[ _-]?key))";
        Regex::new(&format!(r"{name}\s+(?:(?:is|was|of)\s+)?([^\s'\x22,;<>]{{5,512}})")).ok()
    });
    for said in FORM.iter().flat_map(|form| form.captures_iter(text)) {
        let (Some(name), Some(value)) = (said.get(1), said.get(2)) else { continue };
        let end = value.start() + value.as_str().trim_end_matches(['.', ':', '!', ')', ']']).len();
        let word = &text[value.start()..end];
        let has = |is: fn(char) -> bool| word.contains(is);
        let is_secret = has(|c| c.is_ascii_digit()) && has(char::is_alphabetic);
        if is_secret && !word.contains(['=', ':', '(']) {
            let holds = Holds::Whole(Kind::Secret);
            found(value.start()..end, Beside::Name { name: name.as_str(), holds });
        }
    }
}
