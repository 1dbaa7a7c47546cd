//! `${NAME}`, `${NAME:-default}` and `${file:/path}` inside values.
//!
//! `$${` stands for a plain `${`. What comes from outside the file is remembered, so that it
//! is printed nowhere.

use std::fmt;
use std::ops::Range;

/// Where values come from that are not in the file.
pub trait Environment {
    /// The value of a variable; `None` where it is not set.
    fn var(&self, name: &str) -> Option<String>;
    /// The content of a file, or why it cannot be read.
    fn file(&self, path: &str) -> Result<String, String>;
}

/// A text after interpolation. Its `Debug` shows nothing that came from outside.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// The text itself.
    pub value: String,
    /// Whether any of it came from the environment or a file.
    pub outside: bool,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.outside { f.write_str("Text(****)") } else { write!(f, "{:?}", self.value) }
    }
}

/// One `${…}` that has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    /// The bytes of the `${…}` in the text.
    pub range: Range<usize>,
    /// What is wrong with it.
    pub message: String,
    /// Whether its spelling is wrong, rather than its value missing.
    pub malformed: bool,
}

/// Fills in every `${…}`; all that have no value are returned together.
pub(super) fn interpolate(raw: &str, env: &dyn Environment) -> Result<Text, Vec<Gap>> {
    let mut value = String::with_capacity(raw.len());
    let (mut at, mut outside, mut gaps) = (0, false, Vec::new());
    while let Some(found) = raw[at..].find('$') {
        let dollar = at + found;
        value.push_str(&raw[at..dollar]);
        if raw[dollar..].starts_with("$${") {
            value.push_str("${");
            at = dollar + 3;
        } else if let Some(rest) = raw[dollar..].strip_prefix("${") {
            let Some(close) = rest.find('}') else {
                let message = "`${` has no closing brace".to_owned();
                gaps.push(Gap { range: dollar..raw.len(), message, malformed: true });
                at = raw.len();
                break;
            };
            at = dollar + 2 + close + 1;
            match lookup(&rest[..close], env) {
                Ok((text, from_outside)) => {
                    value.push_str(&text);
                    outside |= from_outside;
                }
                Err((message, malformed)) => {
                    gaps.push(Gap { range: dollar..at, message, malformed });
                }
            }
        } else {
            value.push('$');
            at = dollar + 1;
        }
    }
    value.push_str(&raw[at..]);
    if gaps.is_empty() { Ok(Text { value, outside }) } else { Err(gaps) }
}

fn lookup(inside: &str, env: &dyn Environment) -> Result<(String, bool), (String, bool)> {
    if let Some(path) = inside.strip_prefix("file:") {
        // A file written by an editor or a secret store ends in a line break that is no part
        // of the secret.
        let content =
            env.file(path).map_err(|why| (format!("`{path}` cannot be read: {why}"), false))?;
        return Ok((content.trim_end_matches(['\r', '\n']).to_owned(), true));
    }
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    let mut chars = name.chars();
    let head = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !head || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err((format!("`{name}` is not the name of a variable"), true));
    }
    // As in a shell, `:-` also stands in for a variable that is set to nothing.
    match (env.var(name), default) {
        (Some(value), None) => Ok((value, true)),
        (Some(value), Some(_)) if !value.is_empty() => Ok((value, true)),
        (_, Some(default)) => Ok((default.to_owned(), false)),
        (None, None) => Err((format!("`{name}` is not set"), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Environment for Fixed {
        fn var(&self, name: &str) -> Option<String> {
            match name {
                "A" => Some("alpha".to_owned()),
                "EMPTY" => Some(String::new()),
                _ => None,
            }
        }

        fn file(&self, path: &str) -> Result<String, String> {
            if path == "/run/key" {
                Ok("s3cret\n".to_owned())
            } else {
                Err("no such file".to_owned())
            }
        }
    }

    #[test]
    fn values_are_filled_in_and_remembered() {
        let check = |raw: &str, value: &str, outside: bool| {
            let text = interpolate(raw, &Fixed).unwrap();
            assert_eq!((text.value.as_str(), text.outside), (value, outside), "{raw}");
        };
        check("plain $5", "plain $5", false);
        check("http://${A}/x", "http://alpha/x", true);
        check("${B:-b}${EMPTY:-c}", "bc", false);
        check("${EMPTY}", "", true);
        check("${file:/run/key}", "s3cret", true);
        check("$${A} and $$5", "${A} and $$5", false);
    }

    #[test]
    fn every_missing_value_is_named_at_its_place() {
        let check = |raw: &str, expected: &[(&str, bool)]| {
            let gaps = interpolate(raw, &Fixed).unwrap_err();
            let found: Vec<_> = gaps.iter().map(|g| (&raw[g.range.clone()], g.malformed)).collect();
            assert_eq!(found, expected);
        };
        check("${X}-${A}-${Y}", &[("${X}", false), ("${Y}", false)]);
        check("é${file:/nope}", &[("${file:/nope}", false)]);
        check("a ${1x}", &[("${1x}", true)]);
        check("a ${A", &[("${A", true)]);
    }

    #[test]
    fn what_came_from_outside_is_not_printed() {
        assert_eq!(format!("{:?}", interpolate("${A}", &Fixed).unwrap()), "Text(****)");
    }
}
