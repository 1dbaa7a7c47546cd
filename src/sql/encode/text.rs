//! Texts, and what is written as one.

use core::net::IpAddr;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::value::not;
use crate::codec::Json;
use crate::diagnostic::did_you_mean;
use crate::sql::Enumeration;

/// Labels of an enum that a refusal names.
const LABELS_NAMED_MAX: usize = 12;

const PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, PADDING);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, PADDING);

/// The text of a string.
pub(super) fn string<'j>(json: &'j Json<'_>, expected: &str) -> Result<&'j str, String> {
    match json {
        Json::String(text) | Json::Lexical(text) => Ok(text),
        other => Err(not(expected, other)),
    }
}

/// A text of at most so many characters.
pub(super) fn text(json: &Json<'_>, max: Option<u32>) -> Result<String, String> {
    let text = string(json, "a string")?;
    within(text, max)?;
    Ok(text.to_owned())
}

/// A text whose spaces at its end are padding.
pub(super) fn padded(json: &Json<'_>, length: u32) -> Result<String, String> {
    let text = string(json, "a string")?.trim_end_matches(' ');
    within(text, Some(length))?;
    Ok(text.to_owned())
}

fn within(text: &str, max: Option<u32>) -> Result<(), String> {
    let Some(max) = max.and_then(|max| usize::try_from(max).ok()) else { return Ok(()) };
    // A character has at least one byte.
    if text.len() <= max {
        return Ok(());
    }
    match text.chars().count() {
        count if count > max => Err(format!("must have at most {max} characters, has {count}")),
        _ => Ok(()),
    }
}

/// A label of an enum.
pub(super) fn label(json: &Json<'_>, ty: &Enumeration) -> Result<String, String> {
    let text = string(json, "a string")?;
    let labels = || ty.labels.iter().map(String::as_str);
    if labels().any(|label| label == text) {
        return Ok(text.to_owned());
    }
    let named: Vec<String> = labels().take(LABELS_NAMED_MAX).map(|l| format!("`{l}`")).collect();
    let more = if ty.labels.len() > LABELS_NAMED_MAX { ", …" } else { "" };
    let hint = did_you_mean(text, labels())
        .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err(format!("must be one of {}{more}{hint}", named.join(", ")))
}

/// Bytes as base64, in either alphabet, with padding or without.
pub(super) fn bytes(json: &Json<'_>) -> Result<Vec<u8>, String> {
    let text = string(json, "base64")?;
    let engine = if text.contains(['-', '_']) { BASE64_URL } else { BASE64 };
    engine.decode(text).map_err(|_| "must be base64".to_owned())
}

/// A UUID, in small letters.
pub(super) fn uuid(json: &Json<'_>) -> Result<String, String> {
    const EXPECTED: &str = "a UUID such as `0197f0c4-3d5e-7c1a-9f57-2b8e61d0a4c3`";
    let text = string(json, EXPECTED)?;
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    if text.len() == 36 && text.bytes().enumerate().all(fits) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(format!("must be {EXPECTED}"))
}

/// An address with the bits of its network, which of a `cidr` are all that is set.
pub(super) fn network(json: &Json<'_>, is_cidr: bool) -> Result<String, String> {
    let expected =
        if is_cidr { "a network such as `10.0.0.0/8`" } else { "an address such as `10.0.0.7`" };
    let text = string(json, expected)?;
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let wrong = || format!("must be {expected}");
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let (number, all) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let bits = match bits {
        None => all,
        Some(bits) if bits.bytes().all(|b| b.is_ascii_digit()) => {
            bits.parse().ok().filter(|bits| *bits <= all).ok_or_else(wrong)?
        }
        Some(_) => return Err(wrong()),
    };
    if is_cidr && number.checked_shl(bits).unwrap_or(0) != 0 {
        return Err(format!("must have no bits set beyond the first {bits}"));
    }
    Ok(format!("{address}/{bits}"))
}

/// A hardware address of so many bytes.
pub(super) fn macaddr(json: &Json<'_>, bytes: usize) -> Result<String, String> {
    let expected = match bytes {
        6 => "an address such as `08:00:2b:01:02:03`",
        _ => "an address such as `08:00:2b:01:02:03:04:05`",
    };
    let text = string(json, expected)?;
    let pairs: Vec<&str> = text.split([':', '-']).collect();
    let is_pair = |pair: &&str| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit());
    if pairs.len() != bytes || !pairs.iter().all(is_pair) {
        return Err(format!("must be {expected}"));
    }
    Ok(pairs.join(":").to_ascii_lowercase())
}

/// A text of 0 and 1.
pub(super) fn bits(json: &Json<'_>) -> Result<String, String> {
    const EXPECTED: &str = "bits such as `0110`";
    let text = string(json, EXPECTED)?;
    if text.bytes().all(|b| matches!(b, b'0' | b'1')) {
        return Ok(text.to_owned());
    }
    Err(format!("must be {EXPECTED}"))
}
