//! What stands in the place of a secret.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::{form, shape};

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
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Secret,
        Self::Jwt,
        Self::Card,
        Self::Email,
        Self::NationalId,
        Self::Iban,
        Self::Named,
    ];

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

    /// Its name in the text form of a token.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Jwt => "jwt",
            Self::Card => "card",
            Self::Email => "email",
            Self::NationalId => "national-id",
            Self::Iban => "iban",
            Self::Named => "named",
        }
    }

    /// What tells kinds apart in a token that is plain text: `REDACTED-1`, `REDACTED-N1`.
    pub(super) fn letter(self) -> &'static str {
        match self {
            Self::Secret => "",
            Self::Jwt => "J",
            Self::Card => "C",
            Self::Email => "E",
            Self::NationalId => "P",
            Self::Iban => "B",
            Self::Named => "N",
        }
    }

    pub(super) fn of_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }
}

/// Bytes of the longest name of a token.
const NAME_MAX: usize = 24;

/// What stands in the place of a value: its kind and a number, written so that it is valid where
/// the value was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token {
    /// What the value was.
    pub kind: Kind,
    /// Which of its kind, from 1.
    pub number: u32,
}

impl Token {
    /// The token a text is, wherever it stands: an address at `redacted.invalid`, a card's number
    /// in the range of tokens, `REDACTED-1`. Digits, dates and the like are tokens only where a
    /// name or a path says that a secret stands there: see [`Token::find_as`].
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        form::token(text.trim())
    }

    /// As it stands in a message for a key: `⟦card-3⟧`, which no value is.
    #[must_use]
    pub fn mark(self) -> String {
        format!("⟦{self}⟧")
    }

    /// The marks in a text of a message for a key.
    pub fn marks(text: &str) -> impl Iterator<Item = (Range<usize>, Self)> {
        text.match_indices('⟦').filter_map(|(at, open)| {
            let from = at + open.len();
            let length = text[from..].find('⟧').filter(|length| *length <= NAME_MAX)?;
            let token = text[from..from + length].parse().ok()?;
            Some((at..from + length + '⟧'.len_utf8(), token))
        })
    }

    /// The token a text is at a place where a secret of this kind stands.
    #[must_use]
    pub fn find_as(kind: Kind, text: &str) -> Option<Self> {
        let text = text.trim();
        form::token(text).or_else(|| shape::read(kind, text))
    }
}

impl fmt::Display for Token {
    /// `card-3`, as reports name it. It is not what stands in a message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.name(), self.number)
    }
}

/// A text is not the name of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token is written as its kind and its number: card-3")]
pub struct NoToken;

impl FromStr for Token {
    type Err = NoToken;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, NoToken> {
        let (name, number) = text.rsplit_once('-').ok_or(NoToken)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or(NoToken)?;
        let number = number.parse().ok().filter(|number| *number > 0).ok_or(NoToken)?;
        Ok(Self { kind, number })
    }
}
