//! What is a secret by what it is, whatever its name.

use std::ops::Range;

use super::person::Scheme;
use super::{Kind, Token};
use super::{card, email, iban, jwt, keys, person, shape};

/// A form by which a value is known wherever it stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// The number of a card.
    Card,
    /// An e-mail address.
    Email,
    /// A bank account.
    Iban,
    /// A JSON Web Token, or an encrypted one.
    Jwt,
    /// A private key between its lines.
    Pem,
    /// A key with a prefix of who gave it out.
    Key,
    /// A number a state has given a person.
    Person(&'static Scheme),
}

impl Form {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Card => Kind::Card,
            Self::Email => Kind::Email,
            Self::Iban => Kind::Iban,
            Self::Jwt => Kind::Jwt,
            Self::Pem | Self::Key => Kind::Secret,
            Self::Person(_) => Kind::NationalId,
        }
    }

    /// What two spellings of one value have in common.
    pub(super) fn canonical(self, value: &str) -> String {
        match self {
            Self::Card => value.chars().filter(char::is_ascii_digit).collect(),
            Self::Email => value.to_lowercase(),
            Self::Iban | Self::Person(_) => alphanumeric(value),
            Self::Jwt | Self::Pem | Self::Key => value.to_owned(),
        }
    }

    /// A token with the punctuation of the value.
    pub(super) fn write(self, value: &str, number: u32) -> Option<String> {
        match self {
            Self::Card => Some(laid(value, &card::write(&self.canonical(value), number))),
            Self::Email => Some(email::write(number)),
            Self::Iban => Some(laid(value, &iban::write(&alphanumeric(value), number)?)),
            Self::Jwt => Some(jwt::write(number)),
            Self::Pem => Some(keys::write_pem(value, number)),
            Self::Key => Some(shape::write(value, Token { kind: Kind::Secret, number })),
            Self::Person(scheme) => Some(laid(value, &scheme.write(number)?)),
        }
    }

    /// The token a value is.
    pub(super) fn read(self, value: &str) -> Option<Token> {
        let number = match self {
            Self::Card => card::read(&self.canonical(value)),
            Self::Email => email::read(value),
            Self::Iban => iban::read(&alphanumeric(value)),
            Self::Jwt => jwt::read(value),
            Self::Pem => keys::read_pem(value),
            Self::Key => None,
            Self::Person(scheme) => scheme.read(&alphanumeric(value)),
        };
        number.map(|number| Token { kind: self.kind(), number })
    }

    /// Whether the value is published or reserved, and so nobody's.
    pub(super) fn is_nobodys(self, value: &str) -> bool {
        match self {
            Self::Card => card::is_published(&self.canonical(value)),
            Self::Email => email::is_reserved(value),
            Self::Iban => iban::is_published(&alphanumeric(value)),
            _ => false,
        }
    }
}

/// Finds every form in a text, those that are tokens or nobody's too.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>, Form)) {
    if text.len() < LENGTH_MIN {
        return;
    }
    let survey = Survey::of(text);
    if survey.has_dashes {
        keys::find_pem(text, |range| found(range, Form::Pem));
    }
    if text.contains("eyJ") {
        jwt::find(text, |range| found(range, Form::Jwt));
    }
    if survey.has_at {
        email::find(text, |range| found(range, Form::Email));
    }
    if survey.alphanumeric >= keys::LENGTH_MIN {
        keys::find(text, |range| found(range, Form::Key));
    }
    if survey.upper >= 2 && survey.digits >= 2 && survey.alphanumeric >= iban::LENGTH_MIN {
        iban::find(text, |range| found(range, Form::Iban));
    }
    if survey.digits >= card::DIGITS_MIN {
        card::find(text, |range| found(range, Form::Card));
    }
    if survey.digits >= person::DIGITS_MIN {
        person::find(text, |range, scheme| found(range, Form::Person(scheme)));
    }
}

/// The form a whole value has.
pub(super) fn whole(value: &str) -> Option<Form> {
    let mut form = None;
    find(value, |range, found| {
        if form.is_none() && range == (0..value.len()) {
            form = Some(found);
        }
    });
    form
}

/// The token a whole text is by its form alone.
pub(super) fn token(text: &str) -> Option<Token> {
    if text.starts_with("REDACTED-") {
        return shape::read(Kind::Secret, text);
    }
    whole(text).and_then(|form| form.read(text))
}

/// Characters of the shortest value of any form: `a@b.de`.
const LENGTH_MIN: usize = 6;

/// What a text has at all, so that most need not be searched.
struct Survey {
    digits: usize,
    upper: usize,
    alphanumeric: usize,
    has_at: bool,
    has_dashes: bool,
}

impl Survey {
    fn of(text: &str) -> Self {
        let mut survey = Self {
            digits: 0,
            upper: 0,
            alphanumeric: 0,
            has_at: false,
            has_dashes: text.contains("-----BEGIN"),
        };
        for byte in text.bytes() {
            survey.digits += usize::from(byte.is_ascii_digit());
            survey.upper += usize::from(byte.is_ascii_uppercase());
            survey.alphanumeric += usize::from(byte.is_ascii_alphanumeric());
            survey.has_at |= byte == b'@';
        }
        survey
    }
}

pub(super) fn alphanumeric(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The characters of a token in the places of the value's, its punctuation kept.
fn laid(value: &str, token: &str) -> String {
    let mut rest = token.chars();
    let mut put = |c: char| if c.is_ascii_alphanumeric() { rest.next() } else { Some(c) };
    value.chars().filter_map(&mut put).collect()
}
