//! The lexical form of a whole value, and tokens that have it.
//!
//! Where a name or a path says that a secret stands, nothing is known of the type but the value:
//! what replaces a date is a date, what replaces four digits is four digits.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;

use super::dates;
use super::{Kind, Token};

/// Numbers a token of digits can have at most, however many digits there are.
const NUMBERS_MAX: u64 = 1_000_000;

/// The form of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape<'v> {
    /// Digits, perhaps with a sign and a fraction.
    Digits { sign: &'v str, whole: &'v str, fraction: Option<&'v str> },
    /// A date, with what stands behind it: a time, a zone.
    Date { after: &'v str },
    /// A time of day, with what stands behind its seconds.
    Time { after: &'v str },
    /// A UUID: what stands around it.
    Uuid { before: &'v str, after: &'v str },
    /// An even number of hexadecimal digits.
    Hex,
    /// Base64 of that many bytes.
    Base64(usize),
    /// Letters alone, fewer than fit `REDACTED-1`.
    Word,
    /// Anything else.
    Text,
}

/// The form of a value without white space around it.
pub(super) fn shape(value: &str) -> Shape<'_> {
    if let Some(shape) = digits(value).or_else(|| dated(value)).or_else(|| uuid(value)) {
        return shape;
    }
    let has = |is: fn(&u8) -> bool| value.bytes().any(|b| is(&b));
    if value.len() >= 8
        && value.len().is_multiple_of(2)
        && value.bytes().all(|b| b.is_ascii_hexdigit())
        && has(u8::is_ascii_digit)
    {
        return Shape::Hex;
    }
    if value.len() >= 8
        && value.len().is_multiple_of(4)
        && let Ok(bytes) = STANDARD.decode(value)
    {
        let mixed = has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_uppercase)
            && has(|b| b.is_ascii_digit() || matches!(b, b'+' | b'/' | b'='));
        let is_token = std::str::from_utf8(&bytes).is_ok_and(|text| read_text(text).is_some());
        if mixed || is_token {
            return Shape::Base64(bytes.len());
        }
    }
    if value.len() < TOKEN_CHARS_MIN && value.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Shape::Word;
    }
    Shape::Text
}

/// Characters of the shortest `REDACTED-1`.
const TOKEN_CHARS_MIN: usize = "REDACTED-1".len();

fn digits(value: &str) -> Option<Shape<'_>> {
    let sign = &value[..usize::from(value.starts_with(['-', '+']))];
    let rest = &value[sign.len()..];
    let (whole, fraction) = match rest.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (rest, None),
    };
    let all = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (all(whole) && fraction.is_none_or(all)).then_some(Shape::Digits { sign, whole, fraction })
}

fn dated(value: &str) -> Option<Shape<'_>> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let zone = "(?:Z|[+-][0-9]{2}:[0-9]{2})?";
        let time = r"[0-9]{2}:[0-9]{2}:[0-9]{2}((?:\.[0-9]{1,9})?";
        let date = format!("[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(|{zone}|[T ]{time}{zone}))");
        Regex::new(&format!("^(?:{date}|{time}{zone}))$")).ok()
    });
    let found = FORM.as_ref()?.captures(value)?;
    match (found.get(1), found.get(3)) {
        (Some(after), _) => Some(Shape::Date { after: after.as_str() }),
        (None, Some(after)) => Some(Shape::Time { after: after.as_str() }),
        (None, None) => None,
    }
}

fn uuid(value: &str) -> Option<Shape<'_>> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let form = r"^(\{|\(|urn:uuid:|uuid:)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(\}|\))?$";
        Regex::new(form).ok()
    });
    let found = FORM.as_ref()?.captures(value)?;
    let part = |at| found.get(at).map_or("", |part| part.as_str());
    Some(Shape::Uuid { before: part(1), after: part(2) })
}

/// A token in the form of a value.
pub(super) fn write(value: &str, token: Token) -> String {
    let number = u64::from(token.number);
    match shape(value) {
        Shape::Digits { sign, whole, fraction } => {
            format!("{sign}{}", write_number(whole, fraction, number))
        }
        Shape::Date { after } => {
            let zero = |c: char| if c.is_ascii_digit() { '0' } else { c };
            // The zone stays: a time without one, or with another, is another type to some.
            let zone = after.rfind(['Z', '+', '-']).unwrap_or(after.len());
            let time: String = after[..zone].chars().map(zero).collect();
            format!("{}{time}{}", dates::write(number), &after[zone..])
        }
        Shape::Time { after } => {
            let second = (number - 1) % 3600;
            format!("00:{:02}:{:02}{after}", second / 60, second % 60)
        }
        Shape::Uuid { before, after } => {
            format!("{before}00000000-0000-4000-8000-{number:012}{after}")
        }
        Shape::Hex => write_digits('0', value.len(), number),
        Shape::Base64(length) => STANDARD.encode(write_text(length, token)),
        Shape::Word => write_word(value, number),
        Shape::Text => write_text(value.chars().count(), token),
    }
}

/// The token a value is, at a place where a secret of this kind stands.
pub(super) fn read(kind: Kind, value: &str) -> Option<Token> {
    let token = |number: u64| u32::try_from(number).ok().map(|number| Token { kind, number });
    match shape(value) {
        Shape::Digits { whole, fraction, .. } => {
            // Written again, it is the same only if it is a token.
            let digits: String = [whole, fraction.unwrap_or_default()].concat();
            let (numbers, at) = if whole.len() > 1 {
                (numbers(whole.len()), &digits[1..whole.len()])
            } else {
                (numbers(digits.len()), &digits[1..])
            };
            let number = at.parse::<u64>().ok().filter(|n| *n > 0).unwrap_or(numbers);
            (write_number(whole, fraction, number) == value.trim_start_matches(['-', '+']))
                .then(|| token(number))?
        }
        Shape::Date { after } => {
            let number = dates::read(&value[..value.len() - after.len()])?;
            let is_midnight = write(value, token(number)?) == value;
            is_midnight.then(|| token(number))?
        }
        Shape::Time { .. } => {
            let (minute, second) = (value.get(3..5)?, value.get(6..8)?);
            let number = minute.parse::<u64>().ok()? * 60 + second.parse::<u64>().ok()? + 1;
            value.starts_with("00:").then(|| token(number))?
        }
        Shape::Uuid { before, .. } => {
            let digits = value.strip_prefix(before)?.strip_prefix("00000000-0000-4000-8000-")?;
            token(digits.get(..12)?.parse().ok()?)
        }
        Shape::Hex => None,
        Shape::Base64(_) => {
            let bytes = STANDARD.decode(value).ok()?;
            let (kind_there, number) = read_text(std::str::from_utf8(&bytes).ok()?)?;
            Some(Token { kind: kind_there.unwrap_or(kind), number })
        }
        Shape::Word => token(read_word(value)?),
        Shape::Text => {
            let (kind_there, number) = read_text(value)?;
            Some(Token { kind: kind_there.unwrap_or(kind), number })
        }
    }
}

/// How many tokens that many digits can tell apart, so that few values look like one.
fn numbers(digits: usize) -> u64 {
    match digits {
        0 | 1 => 1,
        2 | 3 => 10,
        4 => 100,
        more => 10_u64.saturating_pow(u32::try_from(more - 3).unwrap_or(6)).min(NUMBERS_MAX),
    }
}

fn write_digits(first: char, length: usize, number: u64) -> String {
    let number = number % numbers(length);
    format!("{first}{number:0width$}", width = length - 1)
}

/// As many digits before and behind the point as there were.
fn write_number(whole: &str, fraction: Option<&str>, number: u64) -> String {
    let first = if whole.starts_with('0') { '0' } else { '1' };
    match fraction {
        None if whole.len() == 1 => "9".to_owned(),
        None => write_digits(first, whole.len(), number),
        Some(fraction) if whole.len() > 1 => {
            format!("{}.{}", write_digits(first, whole.len(), number), "0".repeat(fraction.len()))
        }
        Some(fraction) => {
            let all = write_digits(first, 1 + fraction.len(), number);
            format!("{first}.{}", &all[1..])
        }
    }
}

/// A word of the same letters' case: `xxxxxa`, `XXXXXA`, `Xxxxxa`.
fn write_word(value: &str, number: u64) -> String {
    let length = value.len();
    let letters = if length > 4 { 2 } else { 1 };
    let mut rest = number.saturating_sub(1);
    let mut word: Vec<u8> = vec![b'x'; length];
    if length > 1 {
        for at in (length - letters..length).rev() {
            word[at] = b"abcdefghijklmnopqrstuvwxyz"[usize::try_from(rest % 26).unwrap_or(0)];
            rest /= 26;
        }
    }
    let is_upper = |at: usize| value.as_bytes().get(at).is_some_and(u8::is_ascii_uppercase);
    let all = (0..length).all(is_upper);
    for (at, byte) in word.iter_mut().enumerate() {
        if all || (at == 0 && is_upper(0)) {
            byte.make_ascii_uppercase();
        }
    }
    String::from_utf8(word).unwrap_or_default()
}

fn read_word(value: &str) -> Option<u64> {
    let lower = value.to_ascii_lowercase();
    let letters = if lower.len() > 4 { 2 } else { 1 };
    let number = match lower.len() {
        1 => 1,
        length => {
            lower
                .bytes()
                .skip(length - letters)
                .fold(0, |n, b| n * 26 + u64::from(b.saturating_sub(b'a')))
                + 1
        }
    };
    (write_word(value, number) == value).then_some(number)
}

/// `REDACTED-1` where it fits, `R00001` of the same length where not.
fn write_text(length: usize, token: Token) -> String {
    let long = format!("REDACTED-{}{}", token.kind.letter(), token.number);
    if long.len() <= length {
        return long;
    }
    match length {
        0 | 1 => "x".repeat(length),
        _ => format!(
            "R{:0width$}",
            u64::from(token.number) % 10_u64.saturating_pow(u32::try_from(length - 1).unwrap_or(9)),
            width = length - 1
        ),
    }
}

/// The kind, where the text says it, and the number.
fn read_text(text: &str) -> Option<(Option<Kind>, u32)> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("^R(?:EDACTED-([A-Z]?)([1-9][0-9]{0,9})|([0-9]{1,10}))$").ok());
    let found = FORM.as_ref()?.captures(text)?;
    match (found.get(1), found.get(2), found.get(3)) {
        (Some(letter), Some(number), _) => {
            Some((Some(Kind::of_letter(letter.as_str())?), number.as_str().parse().ok()?))
        }
        (_, _, Some(number)) => Some((None, number.as_str().parse::<u32>().ok()?.max(1))),
        _ => None,
    }
}
