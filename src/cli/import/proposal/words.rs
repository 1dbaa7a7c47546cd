//! Names, comments and values as a mapping file writes them.

use crate::mapping::words::{kebab, split};

/// Characters of a comment line.
const LINE_CHARS_MAX: usize = 96;
/// Lines of documentation.
const LINES_MAX: usize = 3;

/// Any name as letters, digits and hyphens, a letter first: `OrderService` →
/// `order-service`.
pub fn identifier(name: &str) -> String {
    let mut out = String::new();
    for c in kebab(&split(name)).chars() {
        let next = if c.is_ascii_alphanumeric() { c } else { '-' };
        if next != '-' || !(out.is_empty() || out.ends_with('-')) {
            out.push(next);
        }
    }
    let out = out.trim_end_matches('-');
    if out.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.to_owned()
    } else if out.is_empty() {
        "contract".to_owned()
    } else {
        format!("c{out}")
    }
}

/// The variable that may stand in for a backend's address.
pub fn variable(backend: &str) -> String {
    format!("{}_URL", backend.to_ascii_uppercase().replace('-', "_"))
}

/// An address that can be called, and written as the default of a variable.
pub fn usable_address(address: Option<&str>) -> Option<&str> {
    let address = address?.trim();
    let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"))?;
    let good = !rest.is_empty()
        && !rest.starts_with(['/', '?', '#', ':'])
        && !address.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '{' | '}' | '$' | '"' | '<' | '>')
        });
    good.then_some(address)
}

/// A value that YAML reads back as this text.
pub fn scalar(text: &str) -> String {
    let head = text.trim_start_matches("../");
    let head = head.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = head
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./-".contains(c))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word));
    if plain {
        return text.to_owned();
    }
    serde_json::to_string(&text.replace("${", "$${")).unwrap_or_default()
}

/// Any text on one line, without what a comment cannot hold.
pub fn one_line(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            word.chars()
                .filter(|c| !c.is_control() && !matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'))
                .collect()
        })
        .collect();
    words.join(" ")
}

/// A text as comment lines, cut where it is long.
pub fn comment(indent: &str, text: &str, lines_max: usize) -> String {
    let text = one_line(text);
    let mut lines: Vec<String> = Vec::new();
    let mut cut = false;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let word: String = word.chars().take(LINE_CHARS_MAX).collect();
        let full = lines.len() == lines_max;
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LINE_CHARS_MAX => {
                line.push(' ');
                line.push_str(&word);
            }
            _ if full => {
                cut = true;
                break;
            }
            _ => lines.push(word),
        }
    }
    if cut && let Some(last) = lines.last_mut() {
        last.push_str(" …");
    }
    lines.iter().fold(String::new(), |out, line| out + indent + "# " + line + "\n")
}

/// The documentation of an operation as a comment.
pub fn documentation(indent: &str, text: &str) -> String {
    comment(indent, text, LINES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        let check = |name, expected| assert_eq!(identifier(name), expected, "{name}");
        check("OrderService", "order-service");
        check("größe_X", "gr-e-x");
        check("../../etc", "etc");
        check("3PL", "c3-pl");
        check("", "contract");
        assert_eq!(variable("order-service"), "ORDER_SERVICE_URL");
    }

    #[test]
    fn values_are_quoted_where_yaml_would_read_something_else() {
        let check = |text, expected: &str| assert_eq!(scalar(text), expected);
        check("erp.GetOrder", "erp.GetOrder");
        check("@id", "\"@id\"");
        check("no", "\"no\"");
        check("1.5", "\"1.5\"");
        check("a: b", "\"a: b\"");
        check("${X}", "\"$${X}\"");
    }

    #[test]
    fn addresses_that_cannot_be_called_are_left_out() {
        let check = |text, good| assert_eq!(usable_address(Some(text)).is_some(), good, "{text}");
        check("http://h/x?y=z", true);
        check("https://h", true);
        check("REPLACE_WITH_ACTUAL_URL", false);
        check("http://${host}/x", false);
        check("jms:queue", false);
        check("http:///x", false);
    }
}
