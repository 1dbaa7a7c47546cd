//! How values are written where JSON leaves a choice.

/// How a column's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// `numeric` and `int8` as JSON numbers with all their digits, `bytea` as base64.
    #[default]
    Plain,
    /// Numbers as strings, for callers that parse with doubles.
    String,
    /// `bytea` in base64url without padding (RFC 4648, section 5).
    Base64Url,
    /// `bytea` in hexadecimal digits.
    Hex,
    /// For a recording, so that every other form can be made of it: as plain, what JSON has no
    /// number or date for by its name, and `json` as a string, which keeps its white space.
    Recorded,
}
