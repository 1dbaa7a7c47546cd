//! One value at one place.

use super::form::{self, Form, alphanumeric};
use super::names::Sort;
use super::place::{At, Holds};
use super::{Kind, Redaction, Token, encoded, random, shape};

/// Values that are no secrets, whatever their name: what a boolean says.
const NO_SECRETS: &[&str] = &["true", "false", "0", "1", "null"];
/// Bytes of a text that is searched; nothing that long is written.
const TEXT_BYTES_MAX: usize = 64 * 1024 * 1024;

impl Redaction<'_> {
    /// Redacts a value; `None` leaves it as it is.
    pub(super) fn value(&mut self, text: &str, at: At<'_>) -> Option<String> {
        let value = text.trim();
        if value.is_empty() || at.holds == Holds::Kept || self.is_mark(value) {
            return None;
        }
        if value.len() > TEXT_BYTES_MAX {
            self.doubt("more text than is searched");
            return None;
        }
        let form = match at.holds {
            Holds::Whole(kind) => return self.whole(text, kind, at),
            Holds::Named(sort) => match self.by_name(value, sort) {
                Judged::Whole(kind) => return self.whole(text, kind, at),
                Judged::Form(form) => Some(form),
                Judged::Doubt => return None,
                Judged::Nothing => None,
            },
            Holds::Anything | Holds::Kept => None,
        };
        if let Some(form) = form {
            let put = self.form(value, form, at)?;
            return Some(text.replacen(value, &put, 1));
        }
        if let Some(put) = self.recall(value, at) {
            return Some(text.replacen(value, &put, 1));
        }
        let standing = self.standing;
        let redacted = self.scan(text, at);
        if redacted.is_none() {
            self.doubt_foreign(value, at);
            let is_suspicious = !at.name.is_empty() && random::is_suspicious(at.name, value);
            if is_suspicious && standing == self.standing && !encoded::is_readable(value) {
                self.doubt("a key: a long text that looks random");
            }
            self.leave(value);
        }
        redacted
    }

    /// What a name that fits only some values says about this one.
    fn by_name(&mut self, value: &str, sort: Sort) -> Judged {
        let bare = alphanumeric(value);
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        let is_spaced =
            |value: &str| value.chars().all(|c| c.is_ascii_alphanumeric() || " -./".contains(c));
        let is_token = |kind| shape::read(kind, value).is_some();
        match sort {
            Sort::Secret => Judged::Whole(Kind::Secret),
            Sort::NationalId if is_token(Kind::NationalId) => Judged::Whole(Kind::NationalId),
            Sort::PerhapsSecret if random::is_secretive(value) => Judged::Whole(Kind::Secret),
            Sort::Card
                if digits == bare.len() && (12..=19).contains(&digits) && is_spaced(value) =>
            {
                Judged::Form(Form::Card)
            }
            Sort::Iban if digits >= 8 && bare.len() >= 15 && is_spaced(value) => {
                form::whole(value).map_or(Judged::Whole(Kind::Iban), Judged::Form)
            }
            Sort::NationalId if digits >= 4 && bare.len() <= 24 && is_spaced(value) => {
                match super::person::named(value) {
                    Some(scheme) => Judged::Form(Form::Person(scheme)),
                    None => Judged::Whole(Kind::NationalId),
                }
            }
            Sort::Digest if random::is_digest(value) => {
                self.doubt("a signature or a digest, which no redacted message fits");
                Judged::Doubt
            }
            _ => Judged::Nothing,
        }
    }

    /// A value all of which is a secret.
    pub(super) fn whole(&mut self, text: &str, kind: Kind, at: At<'_>) -> Option<String> {
        let at = At { holds: Holds::Whole(kind), ..at };
        let value = text.trim();
        if value.is_empty() || NO_SECRETS.contains(&value) || is_masked(value) {
            return None;
        }
        let form = form::whole(value);
        let kind = form.map_or(kind, Form::kind);
        let standing = form.and_then(|form| form.read(value)).or_else(|| shape::read(kind, value));
        if let Some(token) = standing {
            let renamed = self.stands(token);
            let token = renamed.as_deref().and_then(marked).unwrap_or(token);
            self.learn(value, at.name, kind, token, renamed.as_deref().unwrap_or(value));
            return renamed.map(|renamed| text.replacen(value, &renamed, 1));
        }
        if let Some(put) = self.recall(value, at).filter(|put| !at.is_number || is_number(put)) {
            return Some(text.replacen(value, &put, 1));
        }
        let canonical = form.map_or(value.to_owned(), |form| form.canonical(value));
        let mut token = None;
        let put = self.put(kind, &canonical, |new| {
            token = Some(new);
            let by_form = form.and_then(|form| form.write(value, new.number));
            let fits = |put: &String| !at.is_number || is_number(put);
            by_form.filter(fits).or_else(|| Some(shape::write(value, new)).filter(fits))
        })?;
        if let Some(token) = token.or_else(|| marked(&put)) {
            self.learn(value, at.name, kind, token, &put);
        }
        Some(text.replacen(value, &put, 1))
    }

    /// A value of a known form.
    pub(super) fn form(&mut self, value: &str, form: Form, at: At<'_>) -> Option<String> {
        if let Some(token) = form.read(value) {
            return self.stands(token);
        }
        if form.is_nobodys(value) {
            return None;
        }
        self.put(form.kind(), &form.canonical(value), |token| {
            let fits = |put: &String| !at.is_number || is_number(put);
            let by_form = form.write(value, token.number).filter(fits);
            by_form.or_else(|| Some(shape::write(value, token)).filter(fits))
        })
    }
}

fn marked(text: &str) -> Option<Token> {
    Token::marks(text).next().map(|(_, token)| token)
}

/// What a value is by its name and its looks.
enum Judged {
    Nothing,
    Whole(Kind),
    Form(Form),
    Doubt,
}

/// Whether all but the last few characters are hidden already.
fn is_masked(value: &str) -> bool {
    let bare: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let Some(mask) = bare.chars().next().filter(|c| matches!(c, '*' | '•' | '#')) else {
        return false;
    };
    let shown = bare.trim_start_matches(mask);
    let hidden = bare.chars().count() - shown.chars().count();
    hidden >= 3 && shown.chars().count() <= 4 && shown.chars().all(char::is_alphanumeric)
}

/// Whether a text is a number of JSON (RFC 8259 section 6).
pub(super) fn is_number(text: &str) -> bool {
    serde_json::from_str::<&serde_json::value::RawValue>(text)
        .is_ok_and(|raw| raw.get().starts_with(|c: char| c.is_ascii_digit() || c == '-'))
}
