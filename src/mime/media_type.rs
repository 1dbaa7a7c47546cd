//! `Content-Type` and what stands behind its semicolons (RFC 9110, section 8.3; RFC 2045,
//! section 5.1).

/// Parameters read of one media type; more are passed over.
const PARAMETERS_MAX: usize = 32;

/// A media type with its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaType {
    /// `multipart/related`, in lower case.
    pub essence: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a header's value. What makes no sense is left out.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        let (essence, mut rest) = value.split_once(';').unwrap_or((value, ""));
        let mut parameters = Vec::new();
        while !rest.trim().is_empty() && parameters.len() < PARAMETERS_MAX {
            let Some((name, after)) = rest.split_once('=') else { break };
            // `;;` and words without a value stand before a name.
            let name = name.rsplit(';').next().unwrap_or(name).trim().to_ascii_lowercase();
            let (text, after) = text(after.trim_start());
            parameters.push((name, text));
            rest = after.split_once(';').map_or("", |(_, rest)| rest);
        }
        Self { essence: essence.trim().to_ascii_lowercase(), parameters }
    }

    /// The first parameter of a name, which is in lower case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether it has several parts.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        self.essence.starts_with("multipart/")
    }
}

/// A token or a quoted string, and what follows it.
fn text(value: &str) -> (String, &str) {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else {
        let end = value.find(';').unwrap_or(value.len());
        return (value[..end].trim().to_owned(), &value[end..]);
    };
    let mut text = String::new();
    let mut chars = value.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return (text, &value[at + 1..]);
        }
        let escaped = if c == '\\' && quote == '"' { chars.next().map(|(_, c)| c) } else { None };
        text.push(escaped.unwrap_or(c));
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_may_be_quoted_and_have_any_case() {
        let check = |value: &str, essence: &str, name: &str, expected: Option<&str>| {
            let media = MediaType::parse(value);
            assert_eq!(
                (media.essence.as_str(), media.parameter(name)),
                (essence, expected),
                "{value}"
            );
        };
        let value =
            r#"Multipart/Related; type="application/xop+xml"; Boundary="a;b=\"c"; start=<x@y>"#;
        check(value, "multipart/related", "boundary", Some(r#"a;b="c"#));
        check(value, "multipart/related", "start", Some("<x@y>"));
        check(value, "multipart/related", "type", Some("application/xop+xml"));
        check("text/xml;charset='utf-8'", "text/xml", "charset", Some("utf-8"));
        check("text/xml ; charset = utf-8 ", "text/xml", "charset", Some("utf-8"));
        check("text/xml; x; charset=utf-8", "text/xml", "charset", Some("utf-8"));
        check("text/xml; charset=", "text/xml", "charset", None);
        check("text/xml; charset=\"utf", "text/xml", "charset", Some("utf"));
        check("", "", "charset", None);
    }
}
