//! Numbers: by their digits, through no float but where the type is one.

use super::scalar::Scalar;
use super::value::not;
use crate::codec::{Json, NumberForm, plain_decimal, write_number};

/// Digits a `numeric` may have before and behind its point.
const WHOLE_DIGITS_MAX: usize = 131_072;
const FRACTION_DIGITS_MAX: usize = 16_383;

/// What has no digits, as PostgreSQL names it.
const NAMES: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// A whole number between two others.
pub(super) fn whole(json: &Json<'_>, min: i64, max: i64) -> Result<i64, String> {
    const EXPECTED: &str = "a whole number";
    let (Json::Number(text) | Json::Lexical(text)) = json else { return Err(not(EXPECTED, json)) };
    let digits = digits(text).ok_or_else(|| not(EXPECTED, json))?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    if fraction.bytes().any(|digit| digit != b'0') {
        return Err(format!("must be {EXPECTED}"));
    }
    let number = whole.parse().ok().filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| format!("must be between {min} and {max}"))
}

/// A decimal number, with all its digits and no exponent.
pub(super) fn decimal(
    json: &Json<'_>,
    precision: Option<u16>,
    scale: Option<i16>,
) -> Result<String, String> {
    const EXPECTED: &str = "a number";
    let (Json::Number(text) | Json::Lexical(text) | Json::String(text)) = json else {
        return Err(not(EXPECTED, json));
    };
    if NAMES.contains(&&**text) && !matches!(json, Json::Number(_)) {
        if precision.is_some() && text != "NaN" {
            return Err("must be a finite number".to_owned());
        }
        return Ok(text.clone().into_owned());
    }
    let digits = digits(text).ok_or_else(|| format!("must be {EXPECTED}"))?;
    fits(&digits, precision, scale)?;
    Ok(digits)
}

/// Whether a number keeps all its digits in a type: PostgreSQL would round.
fn fits(digits: &str, precision: Option<u16>, scale: Option<i16>) -> Result<(), String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches(['-', '0']);
    let fraction = fraction.trim_end_matches('0');
    if whole.len() > WHOLE_DIGITS_MAX || fraction.len() > FRACTION_DIGITS_MAX {
        return Err("has more digits than the database keeps".to_owned());
    }
    let Some(precision) = precision else { return Ok(()) };
    let scale = scale.unwrap_or(0);
    if fraction.len() > usize::try_from(scale).unwrap_or(0) {
        let behind = scale.max(0);
        return Err(format!("must have at most {behind} digits behind its point"));
    }
    let zeros = whole.len() - whole.trim_end_matches('0').len();
    if scale < 0 && !whole.is_empty() && zeros < usize::from(scale.unsigned_abs()) {
        return Err(format!("must end in {} zeros", scale.unsigned_abs()));
    }
    let room = i32::from(precision) - i32::from(scale);
    let least = if whole.is_empty() {
        // A scale above the precision wants zeros behind the point.
        -i32::try_from(fraction.len() - fraction.trim_start_matches('0').len()).unwrap_or(0)
    } else {
        i32::try_from(whole.len()).unwrap_or(i32::MAX)
    };
    if least > room && !(whole.is_empty() && fraction.is_empty()) {
        return Err(match room {
            0.. => format!("must have at most {room} digits before its point"),
            _ => format!("must have {} zeros behind its point", room.unsigned_abs()),
        });
    }
    Ok(())
}

/// A floating-point number. One that would become infinite or nothing is refused, as the
/// database would.
pub(super) fn float(json: &Json<'_>, single: bool) -> Result<Scalar, String> {
    const EXPECTED: &str = "a number";
    let text = match json {
        Json::Lexical(text) | Json::String(text) if NAMES.contains(&&**text) => {
            let number = text.parse().map_err(|_| not(EXPECTED, json))?;
            return Ok(Scalar::Float(number, text.clone().into_owned()));
        }
        Json::Number(text) | Json::Lexical(text) => text,
        other => return Err(not(EXPECTED, other)),
    };
    let mut digits = Vec::with_capacity(text.len());
    if !write_number(&mut digits, text, NumberForm::Float) {
        return Err(not(EXPECTED, json));
    }
    let digits = String::from_utf8(digits).map_err(|_| not(EXPECTED, json))?;
    let number: f64 = digits.parse().map_err(|_| not(EXPECTED, json))?;
    let held = if single {
        let held: f32 = digits.parse().map_err(|_| not(EXPECTED, json))?;
        f64::from(held)
    } else {
        number
    };
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(&digits);
    let is_zero = mantissa.bytes().all(|b| !matches!(b, b'1'..=b'9'));
    if !held.is_finite() || (held == 0.0 && !is_zero) {
        return Err("is too large or too small for its type".to_owned());
    }
    Ok(Scalar::Float(number, digits))
}

/// The digits of a number, an exponent written out; `None` where there is none, or it is
/// beyond reason.
fn digits(text: &str) -> Option<String> {
    let mut json = Vec::with_capacity(text.len());
    if !write_number(&mut json, text, NumberForm::Float) {
        return None;
    }
    let json = String::from_utf8(json).ok()?;
    plain_decimal(&json).map(std::borrow::Cow::into_owned)
}
