//! JSON that callers send: exact numbers, no duplicate keys, everything bounded.

use std::borrow::Cow;
use std::collections::HashSet;

use hifijson::num::LexWrite as _;
use hifijson::str::LexAlloc as _;
use hifijson::token::Lex as _;
use hifijson::{Expect, SliceLexer};

/// A JSON value that borrows from the text it was read from.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written.
    Number(Cow<'a, str>),
    /// A string.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object; keys are unique.
    Object(Vec<(Cow<'a, str>, Self)>),
    /// Text from a place that has no types of its own: a path, a query, a header. It is
    /// whatever the schema says it is.
    Lexical(Cow<'a, str>),
}

impl Json<'_> {
    /// What it is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
            Self::Lexical(_) => "a text",
        }
    }
}

/// Limits on one JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonLimits {
    /// Arrays and objects inside each other.
    pub depth: u32,
    /// Values in all.
    pub nodes: u32,
}

impl Default for JsonLimits {
    fn default() -> Self {
        Self { depth: 64, nodes: 200_000 }
    }
}

/// Why a JSON text is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {offset}")]
pub struct JsonError {
    /// What is wrong.
    pub what: String,
    /// Bytes from the start.
    pub offset: usize,
    /// The JSON pointer of the object with a duplicate key, where that is the reason.
    pub pointer: Option<String>,
}

/// Reads one JSON text (RFC 8259) in UTF-8.
pub fn parse_json(text: &str, limits: JsonLimits) -> Result<Json<'_>, JsonError> {
    let mut reader = Reader { lexer: SliceLexer::new(text.as_bytes()), nodes: limits.nodes };
    let result = reader.document(limits.depth);
    result.map_err(|failure| {
        let offset = text.len() - reader.lexer.as_slice().len();
        let (what, pointer) = match failure {
            Failure::Json(error) => (format!("{error}"), None),
            Failure::Depth => (format!("more than {} levels", limits.depth), None),
            Failure::Nodes => (format!("more than {} values", limits.nodes), None),
            Failure::Twice(key) => (format!("the key `{key}` stands twice"), Some(key)),
        };
        JsonError { what, offset, pointer }
    })
}

enum Failure {
    Json(hifijson::Error),
    Depth,
    Nodes,
    Twice(String),
}

impl From<Expect> for Failure {
    fn from(expect: Expect) -> Self {
        Self::Json(hifijson::Error::Token(expect))
    }
}

struct Reader<'a> {
    lexer: SliceLexer<'a>,
    nodes: u32,
}

impl<'a> Reader<'a> {
    fn document(&mut self, depth: u32) -> Result<Json<'a>, Failure> {
        let next = self.lexer.ws_peek().ok_or(Expect::Value)?;
        let value = self.value(next, depth)?;
        match self.lexer.ws_peek() {
            None => Ok(value),
            Some(_) => Err(Expect::Eof.into()),
        }
    }

    fn value(&mut self, next: u8, depth: u32) -> Result<Json<'a>, Failure> {
        self.nodes = self.nodes.checked_sub(1).ok_or(Failure::Nodes)?;
        match next {
            b'a'..=b'z' => match self.lexer.null_or_bool().ok_or(Expect::Value)? {
                None => Ok(Json::Null),
                Some(value) => Ok(Json::Bool(value)),
            },
            b'0'..=b'9' | b'-' => {
                let number = self.lexer.num_string().validated();
                let (text, _) = number.map_err(|e| Failure::Json(hifijson::Error::Num(e)))?;
                Ok(Json::Number(Cow::Borrowed(text)))
            }
            b'"' => {
                self.lexer.discarded();
                Ok(Json::String(self.string()?))
            }
            b'[' => self.array(depth.checked_sub(1).ok_or(Failure::Depth)?),
            b'{' => self.object(depth.checked_sub(1).ok_or(Failure::Depth)?),
            _ => Err(Expect::Value.into()),
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Failure> {
        self.lexer.str_string().map_err(|e| Failure::Json(hifijson::Error::Str(e)))
    }

    fn array(&mut self, depth: u32) -> Result<Json<'a>, Failure> {
        self.lexer.discarded();
        let mut items = Vec::new();
        let mut next = self.lexer.ws_peek().ok_or(Expect::ValueOrEnd)?;
        if next == b']' {
            self.lexer.discarded();
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(next, depth)?);
            match self.lexer.ws_peek().ok_or(Expect::CommaOrEnd)? {
                b']' => {
                    self.lexer.discarded();
                    return Ok(Json::Array(items));
                }
                b',' => self.lexer.discarded(),
                _ => return Err(Expect::CommaOrEnd.into()),
            };
            next = self.lexer.ws_peek().ok_or(Expect::Value)?;
        }
    }

    fn object(&mut self, depth: u32) -> Result<Json<'a>, Failure> {
        self.lexer.discarded();
        let mut entries: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut next = self.lexer.ws_peek().ok_or(Expect::ValueOrEnd)?;
        if next == b'}' {
            self.lexer.discarded();
            return Ok(Json::Object(entries));
        }
        loop {
            if next != b'"' {
                return Err(Expect::String.into());
            }
            self.lexer.discarded();
            let key = self.string()?;
            self.lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
            let next_value = self.lexer.ws_peek().ok_or(Expect::Value)?;
            let value = self.value(next_value, depth)?;
            entries.push((key, value));
            match self.lexer.ws_peek().ok_or(Expect::CommaOrEnd)? {
                b'}' => {
                    self.lexer.discarded();
                    no_twins(&entries)?;
                    return Ok(Json::Object(entries));
                }
                b',' => self.lexer.discarded(),
                _ => return Err(Expect::CommaOrEnd.into()),
            };
            next = self.lexer.ws_peek().ok_or(Expect::String)?;
        }
    }
}

/// Two layers that read different ones of two values are a hole, so there is only one.
fn no_twins(entries: &[(Cow<'_, str>, Json<'_>)]) -> Result<(), Failure> {
    let twin = if entries.len() <= 8 {
        let earlier = |at: usize| entries[..at].iter().any(|e| e.0 == entries[at].0);
        (1..entries.len()).find(|at| earlier(*at))
    } else {
        let mut seen = HashSet::with_capacity(entries.len());
        entries.iter().position(|e| !seen.insert(&e.0))
    };
    twin.map_or(Ok(()), |at| Err(Failure::Twice(entries[at].0.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<Json<'_>, &str>) {
        let got = parse_json(text, JsonLimits { depth: 3, nodes: 10 });
        match expected {
            Ok(json) => assert_eq!(got, Ok(json), "{text}"),
            Err(part) => {
                let error = got.unwrap_err().to_string();
                assert!(error.contains(part), "{text}: {error}");
            }
        }
    }

    #[test]
    fn json_is_read_with_exact_numbers() {
        check("12.340", Ok(Json::Number("12.340".into())));
        check(
            r#"{"a":[1e400]}"#,
            Ok(Json::Object(vec![("a".into(), Json::Array(vec![Json::Number("1e400".into())]))])),
        );
        check(r#""\u00fc\n""#, Ok(Json::String("ü\n".into())));
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        check("", Err("value expected at byte 0"));
        check("{\"a\":1,}", Err("string"));
        check("01", Err("byte 1"));
        check("[1] 2", Err("end of file"));
        check("[[[[1]]]]", Err("more than 3 levels"));
        check("[1,1,1,1,1,1,1,1,1,1,1]", Err("more than 10 values"));
        check(r#"{"a":1,"\u0061":2}"#, Err("`a` stands twice"));
        check("\"\u{0}\"", Err("byte"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}|[\\[\\]{}\",:0-9a-z\\\\ ]{0,40}") {
            let ours = parse_json(&text, JsonLimits::default()).is_ok();
            let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            // serde_json takes duplicate keys and refuses numbers beyond a double.
            if ours != theirs {
                let error = parse_json(&text, JsonLimits::default()).err();
                proptest::prop_assert!(error.is_none_or(|e| e.pointer.is_some()), "{}", text);
            }
        }
    }
}
