//! What stands in the place of a secret.

use std::fmt;

/// The type of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A password, a key, a session: what lets in.
    Secret,
    /// A JSON Web Token (RFC 7519).
    Jwt,
    /// A number of a payment card (ISO/IEC 7812), its check digit right.
    Card,
    /// An e-mail address.
    Email,
    /// A number a state has given a person.
    NationalId,
    /// A bank account (ISO 13616).
    Iban,
    /// What a rule of the mapping names.
    Named,
}

impl Kind {
    /// What it is, for people: `a password, a key or a session`.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Secret => "a password, a key or a session",
            Self::Jwt => "a JSON Web Token",
            Self::Card => "the number of a payment card",
            Self::Email => "an e-mail address",
            Self::NationalId => "a number of a person",
            Self::Iban => "a bank account",
            Self::Named => "what the mapping has redacted",
        }
    }
}

/// What stands in the place of a value: its kind and a number, written so that it is valid where
/// the value was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token {
    /// What the value was.
    pub kind: Kind,
    /// Which of its kind, from 1.
    pub number: u32,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}-{}", self.kind, self.number)
    }
}
