//! Patterns of XML Schema (Part 2, appendix F) as regular expressions of ours.

use regex::{Regex, RegexBuilder};

use super::blocks::block;

/// Bytes a compiled pattern may take; a pattern that wants more is not checked.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// Compiles the alternatives of one pattern step; `None` where they use what cannot be
/// carried over, and then the backend judges.
#[must_use]
pub fn compile(alternatives: &[std::sync::Arc<str>]) -> Option<Regex> {
    let translated: Option<Vec<String>> = alternatives.iter().map(|p| translate(p)).collect();
    let whole = format!("^(?:{})$", translated?.join("|"));
    RegexBuilder::new(&whole).size_limit(PATTERN_BYTES_MAX).build().ok()
}

/// Rewrites one pattern. `^` and `$` are ordinary characters in XML Schema, `\i`, `\c` and
/// class subtraction exist, and blocks are named `\p{IsBasicLatin}`.
fn translate(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.chars().peekable();
    let mut class_depth = 0_u32;
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut out, &mut chars, class_depth > 0)?,
            '^' if class_depth == 0 => out.push_str("\\^"),
            '$' if class_depth == 0 => out.push_str("\\$"),
            '[' if class_depth == 0 => {
                class_depth = 1;
                out.push('[');
            }
            '-' if class_depth > 0 && chars.peek() == Some(&'[') => {
                chars.next();
                class_depth += 1;
                out.push_str("--[");
            }
            '[' => out.push_str("\\["),
            ']' if class_depth > 0 => {
                class_depth -= 1;
                out.push(']');
            }
            '&' | '~' if class_depth > 0 => {
                out.push('\\');
                out.push(c);
            }
            '(' if chars.peek() == Some(&'?') => return None,
            _ => out.push(c),
        }
    }
    (class_depth == 0).then_some(out)
}

const NAME_START: &str = r"\p{L}_:";
const NAME_CHAR: &str = r"\p{L}\p{N}\p{M}_:.\-·";

fn escape(
    out: &mut String,
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    in_class: bool,
) -> Option<()> {
    let c = chars.next()?;
    let class = |out: &mut String, negated: bool, members: &str| match (in_class, negated) {
        (true, false) => out.push_str(members),
        (_, true) => out.push_str(&format!("[^{members}]")),
        (false, false) => out.push_str(&format!("[{members}]")),
    };
    match c {
        'i' => class(out, false, NAME_START),
        'I' => class(out, true, NAME_START),
        'c' => class(out, false, NAME_CHAR),
        'C' => class(out, true, NAME_CHAR),
        'p' | 'P' => {
            let rest: String = chars.by_ref().take_while(|c| *c != '}').collect();
            let name = rest.strip_prefix('{')?;
            match name.strip_prefix("Is") {
                Some(name) => {
                    let (first, last) = block(name)?;
                    class(out, c == 'P', &format!(r"\x{{{first:X}}}-\x{{{last:X}}}"));
                }
                None => out.push_str(&format!("\\{c}{{{name}}}")),
            }
        }
        _ => {
            out.push('\\');
            out.push(c);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_xml_schema_says() {
        let check = |pattern: &str, text: &str, expected: bool| {
            let regex = compile(&[pattern.into()]).unwrap();
            assert_eq!(regex.is_match(text), expected, "{pattern} on {text}");
        };
        check("[A-Z]{3}", "ABC", true);
        check("[A-Z]{3}", "xABC", false);
        check("a$b", "a$b", true);
        check(r"\i\c*", "name-1", true);
        check(r"\i\c*", "1name", false);
        check(r"[a-z-[aeiou]]+", "xyz", true);
        check(r"[a-z-[aeiou]]+", "xaz", false);
        check(r"\d{2}|[0-9]{4}", "1234", true);
        check(r"\p{IsBasicLatin}*", "abc", true);
        check(r"\p{IsGreek}+", "λόγος", true);
        check(r"[\P{IsGreek}]+", "λ", false);
        check(r"[a\p{IsCyrillic}]+", "aд", true);
        check(r"[^\s]+", "a b", false);
        check("[A-F0-9]{8}-[A-F0-9]{4}", "79D9372C-D2FE", true);
    }
}
