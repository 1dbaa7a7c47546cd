//! What looks as if a machine had drawn it.

use super::names;

/// Characters of the shortest text that is suspicious.
const LENGTH_MIN: usize = 24;
/// Characters of the longest: what is longer is a document, not a key.
const LENGTH_MAX: usize = 512;
/// Share of the entropy that is possible in a text of its length and alphabet.
const ENTROPY_MIN: f64 = 0.80;
/// Share of neighbours that are of another class: letters of either case, digits, others.
const CHANGES_MIN: f64 = 0.40;

/// Whether a value under a name that says nothing may be a key: long, one piece, of capitals,
/// small letters and digits, and mixed as only chance mixes them. Hexadecimal digits alone are
/// identifiers and hashes everywhere, and are not suspicious.
pub(super) fn is_suspicious(name: &str, value: &str) -> bool {
    let length = value.len();
    (LENGTH_MIN..=LENGTH_MAX).contains(&length)
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-.".contains(&b))
        && !value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
        && is_mixed(value)
        && !is_words(value)
        && !is_document(value)
        && !names::is_harmless(name)
}

/// Whether what an operation about secrets answers is one, rather than `OK` or a sentence.
pub(super) fn is_secretive(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.bytes().any(|b| is(&b));
    let is_one = !value.contains(char::is_whitespace);
    is_one
        && ((value.len() >= 8 && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic))
            || value.len() >= 20)
}

/// Whether it has the form of a digest or of a signature.
pub(super) fn is_digest(value: &str) -> bool {
    let is_hex = value.len() >= 32 && value.bytes().all(|b| b.is_ascii_hexdigit());
    let is_base64 = value.len() >= LENGTH_MIN
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b))
        && has_classes(value);
    is_hex || is_base64
}

fn has_classes(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.bytes().any(|b| is(&b));
    has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

fn is_mixed(value: &str) -> bool {
    if !has_classes(value) {
        return false;
    }
    let mut counts = [0_u32; 128];
    let mut changes = 0_u32;
    let mut before = None;
    for byte in value.bytes() {
        counts[usize::from(byte) % 128] += 1;
        let class = match byte {
            b'0'..=b'9' => 0,
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 2,
            _ => 3,
        };
        changes += u32::from(before.is_some_and(|before| before != class));
        before = Some(class);
    }
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let entropy: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum();
    let possible = length.min(64.0).log2();
    entropy / possible >= ENTROPY_MIN && f64::from(changes) / (length - 1.0) >= CHANGES_MIN
}

/// Whether it is words after one another: `getCustomerOrderHistoryV2Response`.
fn is_words(value: &str) -> bool {
    let words = names::words(value);
    let letters: usize = words.iter().map(String::len).sum();
    letters >= words.len() * 4
}

/// Whether it is base64 of something with a beginning that says what it is.
fn is_document(value: &str) -> bool {
    const BEGINNINGS: &[&str] =
        &["iVBOR", "/9j/", "R0lGOD", "JVBER", "UEsDB", "H4sI", "PD94", "PHh", "MII", "TVqQ", "Qk0"];
    BEGINNINGS.iter().any(|beginning| value.starts_with(beginning))
}
