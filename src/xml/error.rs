//! What can be wrong with a message as XML.

use std::borrow::Cow;

/// Why a message is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not well-formed, e.g. `<a></b>`.
    #[error("not well-formed at byte {offset}: {what}")]
    IllFormed {
        /// Bytes from the start of the message.
        offset: u64,
        /// What was met.
        what: Cow<'static, str>,
    },
    /// The document ends with elements open, e.g. `<a><b/>`.
    #[error("ends at byte {offset} before the root element is closed")]
    Truncated {
        /// Bytes from the start of the message.
        offset: u64,
    },
    /// `<!DOCTYPE …>`
    #[error("a document type declaration at byte {offset}")]
    Doctype {
        /// Bytes from the start of the message.
        offset: u64,
    },
    /// Bytes that are no text in the encoding of the message.
    #[error("bytes that are not UTF-8 at byte {offset}")]
    NotUtf8 {
        /// Bytes from the start of the message.
        offset: u64,
    },
    /// A limit was crossed.
    #[error("more than {value} in limit `{limit}` at byte {offset}")]
    Limit {
        /// The name of the setting.
        limit: &'static str,
        /// Its value.
        value: u64,
        /// Bytes from the start of the message.
        offset: u64,
    },
}

impl XmlError {
    pub(crate) fn limit(limit: &'static str, value: u64, offset: u64) -> Self {
        Self::Limit { limit, value, offset }
    }
}

/// Limits on one message; each is a setting of the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XmlLimits {
    /// Elements inside each other.
    pub depth: u32,
    /// Elements in all.
    pub elements: u64,
    /// Attributes of one element.
    pub attributes: u32,
    /// Bytes of one attribute value.
    pub attribute_bytes: usize,
    /// Bytes of one text, comment or tag.
    pub token_bytes: usize,
    /// Namespace declarations in scope.
    pub bindings: usize,
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self {
            depth: 100,
            elements: 50_000_000,
            attributes: 500,
            attribute_bytes: 64 << 10,
            token_bytes: 16 << 20,
            bindings: 1_000,
        }
    }
}
