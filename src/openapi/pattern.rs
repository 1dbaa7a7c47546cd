//! Patterns of XML Schema (Part 2, appendix F) as ECMA 262 patterns that engines of other
//! languages read as well: `\p` is left to words, and classes beyond ASCII take all of it.

use std::sync::Arc;

/// Bytes of a pattern that is still worth showing as one.
const PATTERN_BYTES_MAX: usize = 2_000;

/// One anchored pattern for all steps; `None` where a step uses what ECMA 262 does not have.
pub(super) fn ecma(steps: &[Vec<Arc<str>>]) -> Option<String> {
    let translated: Option<Vec<String>> = steps.iter().map(|step| one(step)).collect();
    let mut translated = translated?;
    let last = translated.pop()?;
    let before = translated.join(")$)(?=(?:");
    let before = if before.is_empty() { before } else { format!("(?=(?:{before})$)") };
    let whole = format!("^{before}(?:{last})$");
    (whole.len() <= PATTERN_BYTES_MAX).then_some(whole)
}

fn one(alternatives: &[Arc<str>]) -> Option<String> {
    let translated: Option<Vec<String>> = alternatives.iter().map(|p| translate(p)).collect();
    let joined = translated?.join("|");
    // What our own engine refuses is not well-formed, or too large for anyone.
    regex::Regex::new(&format!("^(?:{joined})$")).ok()?;
    Some(joined)
}

fn translate(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut out, &mut chars, in_class)?,
            '^' | '$' if !in_class => out.extend(['\\', c]),
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
            }
            // Class subtraction has no counterpart.
            '[' => return None,
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            ']' => out.push_str("\\]"),
            '(' if chars.peek() == Some(&'?') => return None,
            _ => out.push(c),
        }
    }
    (!in_class).then_some(out)
}

// Up to U+D7FF, the last character before the surrogates.
const NAME_START: &str = "A-Za-z_:À-퟿";
const NAME_CHAR: &str = r"A-Za-z0-9_:.\-·À-퟿";
const WORD: &str = "$+0-9<=>A-Z^`a-z|~¢-퟿";

fn escape(
    out: &mut String,
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    in_class: bool,
) -> Option<()> {
    let c = chars.next()?;
    let (members, negated) = match c {
        'i' | 'I' => (NAME_START, c == 'I'),
        'c' | 'C' => (NAME_CHAR, c == 'C'),
        'w' | 'W' => (WORD, c == 'W'),
        'p' | 'P' => {
            let rest: String = chars.by_ref().take_while(|c| *c != '}').collect();
            let name = rest.strip_prefix('{')?;
            match name {
                "IsBasicLatin" => (r"\u0000-\u007F", c == 'P'),
                _ => return None,
            }
        }
        '-' if !in_class => {
            out.push('-');
            return Some(());
        }
        'd' | 'D' | 's' | 'S' | 'n' | 'r' | 't' | '-' | '\\' | '|' | '.' | '^' | '?' | '*'
        | '+' | '{' | '}' | '(' | ')' | '[' | ']' | '$' => {
            out.extend(['\\', c]);
            return Some(());
        }
        _ => return None,
    };
    match (in_class, negated) {
        (true, true) => return None,
        (true, false) => out.push_str(members),
        (false, true) => out.extend(["[^", members, "]"]),
        (false, false) => out.extend(["[", members, "]"]),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_carried_over_where_ecma_has_their_parts() {
        let check = |pattern: &str, expected: Option<&str>| {
            assert_eq!(ecma(&[vec![pattern.into()]]).as_deref(), expected, "{pattern}");
        };
        check("[A-Z]{3}", Some("^(?:[A-Z]{3})$"));
        check("a$b^c", Some(r"^(?:a\$b\^c)$"));
        check(r"\d{2}\-\d", Some(r"^(?:\d{2}-\d)$"));
        check(r"[\w\-]+", Some(r"^(?:[$+0-9<=>A-Z^`a-z|~¢-퟿\-]+)$"));
        check(r"\i\c*", Some(r"^(?:[A-Za-z_:À-퟿][A-Za-z0-9_:.\-·À-퟿]*)$"));
        check("[a-z-[aeiou]]", None);
        check(r"\p{IsGreek}", None);
        check(r"\p{Lu}", None);
        check("[a", None);
        let both = ecma(&[vec!["a.*".into()], vec![".*b".into(), "c".into()]]);
        assert_eq!(both.as_deref(), Some("^(?=(?:a.*)$)(?:.*b|c)$"));
    }
}
