//! Lexical forms of the built-in types (XML Schema Part 2, section 3), both ways.

use std::borrow::Cow;

use super::form::Form;
use super::graph::Numbers;
use crate::xsd::{Builtin, WhiteSpace};

/// How the text of an atomic type reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lexical {
    /// Text, with its white space rule.
    String(WhiteSpace),
    /// `true`, `false`, `1`, `0`.
    Boolean,
    /// Whole numbers with the bounds of the type.
    Integer {
        /// Least value, if the type has one.
        min: Option<i128>,
        /// Greatest value, if the type has one.
        max: Option<i128>,
        /// Whether every value fits 2^53: then it is a number under either policy.
        small: bool,
    },
    /// Decimal numbers.
    Decimal,
    /// Floating-point numbers with `INF` and `NaN`.
    Float,
    /// Text with a form of its own, passed on as it is.
    Form(Form),
    /// A qualified name; carried as `{namespace}local`.
    QName,
}

impl Lexical {
    /// The rules of a built-in type. List types (`NMTOKENS` …) are not atomic and get
    /// those of their items.
    #[must_use]
    pub fn of(builtin: Builtin) -> Self {
        use Builtin as B;
        let integer =
            |min: Option<i128>, max: Option<i128>, small| Self::Integer { min, max, small };
        let signed = |bits: u32| {
            integer(Some(-(1_i128 << (bits - 1))), Some((1_i128 << (bits - 1)) - 1), bits <= 32)
        };
        let unsigned = |bits: u32| integer(Some(0), Some((1_i128 << bits) - 1), bits <= 32);
        match builtin {
            B::AnySimpleType | B::String => Self::String(WhiteSpace::Preserve),
            B::NormalizedString => Self::String(WhiteSpace::Replace),
            B::Token | B::AnyUri => Self::String(WhiteSpace::Collapse),
            B::Notation | B::QName => Self::QName,
            B::Language => Self::Form(Form::Language),
            B::Name => Self::Form(Form::Name),
            B::NcName | B::Entity | B::Entities => Self::Form(Form::NcName),
            B::NmToken | B::NmTokens => Self::Form(Form::NmToken),
            B::Id => Self::Form(Form::Id),
            B::IdRef | B::IdRefs => Self::Form(Form::IdRef),
            B::Boolean => Self::Boolean,
            B::Decimal => Self::Decimal,
            B::Float | B::Double => Self::Float,
            B::Integer => integer(None, None, false),
            B::NonPositiveInteger => integer(None, Some(0), false),
            B::NegativeInteger => integer(None, Some(-1), false),
            B::NonNegativeInteger => integer(Some(0), None, false),
            B::PositiveInteger => integer(Some(1), None, false),
            B::Long => signed(64),
            B::Int => signed(32),
            B::Short => signed(16),
            B::Byte => signed(8),
            B::UnsignedLong => unsigned(64),
            B::UnsignedInt => unsigned(32),
            B::UnsignedShort => unsigned(16),
            B::UnsignedByte => unsigned(8),
            B::Duration => Self::Form(Form::Duration),
            B::DateTime => Self::Form(Form::DateTime),
            B::Time => Self::Form(Form::Time),
            B::Date => Self::Form(Form::Date),
            B::GYearMonth => Self::Form(Form::GYearMonth),
            B::GYear => Self::Form(Form::GYear),
            B::GMonthDay => Self::Form(Form::GMonthDay),
            B::GDay => Self::Form(Form::GDay),
            B::GMonth => Self::Form(Form::GMonth),
            B::HexBinary => Self::Form(Form::Hex),
            B::Base64Binary => Self::Form(Form::Base64),
        }
    }

    /// Whether a JSON string stands for a value under a number policy.
    #[must_use]
    pub fn is_string(self, numbers: Numbers) -> bool {
        match self {
            Self::String(_) | Self::Form(_) | Self::QName => true,
            Self::Boolean | Self::Float => false,
            Self::Integer { small, .. } => !small && numbers == Numbers::String,
            Self::Decimal => numbers == Numbers::String,
        }
    }

    /// Whether values of two types have the same form in JSON: texts, numbers, truth.
    #[must_use]
    pub fn is_like(self, other: Self) -> bool {
        let kind = |lexical: Self| match lexical {
            Self::String(_) | Self::Form(_) | Self::QName => 0,
            Self::Integer { .. } | Self::Decimal | Self::Float => 1,
            Self::Boolean => 2,
        };
        kind(self) == kind(other)
    }

    /// Whether white space at the ends and in runs carries no meaning.
    #[must_use]
    pub fn collapses(self) -> bool {
        !matches!(self, Self::String(WhiteSpace::Preserve | WhiteSpace::Replace))
    }
}

/// Applies a whiteSpace rule.
#[must_use]
pub fn apply_white_space(rule: WhiteSpace, text: &str) -> Cow<'_, str> {
    let odd = |b: u8| matches!(b, b'\t' | b'\n' | b'\r');
    match rule {
        WhiteSpace::Preserve => Cow::Borrowed(text),
        WhiteSpace::Replace if !text.bytes().any(odd) => Cow::Borrowed(text),
        WhiteSpace::Replace => Cow::Owned(text.replace(['\t', '\n', '\r'], " ")),
        WhiteSpace::Collapse => {
            let trimmed = trim(text);
            let bytes = trimmed.as_bytes();
            if !bytes.iter().any(|b| odd(*b)) && !bytes.windows(2).any(|w| w == b"  ") {
                return Cow::Borrowed(trimmed);
            }
            Cow::Owned(
                trimmed.split(is_space).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" "),
            )
        }
    }
}

/// Removes XML white space at both ends, and no other.
#[inline]
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[inline]
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Reads `xs:boolean`.
#[inline]
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Whether a text is what floating-point types have and JSON numbers do not (Part 2, section
/// 3.2.4).
#[must_use]
pub fn is_beyond_numbers(text: &str) -> bool {
    matches!(text, "INF" | "-INF" | "NaN")
}

/// What a number's text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberForm {
    /// Digits with a sign.
    Integer,
    /// A point as well.
    Decimal,
    /// An exponent as well.
    Float,
}

/// Appends a number's text as a JSON number: the same digits, in the grammar of RFC 8259
/// (no `+`, no leading zeros, digits on both sides of the point). Writes nothing and
/// answers `false` where the text is no such number.
#[inline]
pub fn write_number(out: &mut Vec<u8>, text: &str, form: NumberForm) -> bool {
    let bytes = text.as_bytes();
    let (negative, rest) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        Some(b'+') => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let digits = |from: &[u8]| from.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(rest);
    let mut at = whole;
    let mut fraction = 0;
    if form != NumberForm::Integer && rest.get(at) == Some(&b'.') {
        fraction = digits(&rest[at + 1..]);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return false;
    }
    let exponent = &rest[at..];
    if !exponent.is_empty() {
        let sign = usize::from(matches!(exponent.get(1), Some(b'+' | b'-')));
        let valid = form == NumberForm::Float
            && matches!(exponent[0], b'e' | b'E')
            && exponent.len() > 1 + sign
            && digits(&exponent[1 + sign..]) == exponent.len() - 1 - sign;
        if !valid {
            return false;
        }
    }
    let zeros =
        rest[..whole].iter().take_while(|b| **b == b'0').count().min(whole.saturating_sub(1));
    let significant = &rest[zeros..whole];
    let zero = fraction == 0 && exponent.is_empty() && significant == b"0";
    if negative && !zero {
        out.push(b'-');
    }
    if significant.is_empty() {
        out.push(b'0');
    }
    out.extend_from_slice(significant);
    if fraction > 0 {
        out.push(b'.');
        out.extend_from_slice(&rest[whole + 1..whole + 1 + fraction]);
    }
    out.extend_from_slice(exponent);
    true
}

/// The text of a JSON number as an `xs:decimal` has it: an exponent is written out.
/// `None` where that would need more than [`EXPONENT_DIGITS_MAX`] digits.
#[must_use]
pub fn plain_decimal(number: &str) -> Option<Cow<'_, str>> {
    let Some(at) = number.find(['e', 'E']) else { return Some(Cow::Borrowed(number)) };
    let exponent: i64 = number[at + 1..].parse().ok()?;
    let (sign, digits) = match number[..at].strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", &number[..at]),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let point = i64::try_from(whole.len()).ok()? + exponent;
    let len = i64::try_from(all.len()).ok()?;
    if point.abs() > EXPONENT_DIGITS_MAX || len > EXPONENT_DIGITS_MAX {
        return None;
    }
    let shifted = if point <= 0 {
        format!("0.{}{all}", "0".repeat(usize::try_from(-point).ok()?))
    } else if point >= len {
        format!("{all}{}", "0".repeat(usize::try_from(point - len).ok()?))
    } else {
        let point = usize::try_from(point).ok()?;
        format!("{}.{}", &all[..point], &all[point..])
    };
    let trimmed = shifted.trim_start_matches('0');
    let trimmed = if trimmed.is_empty() || trimmed.starts_with('.') {
        format!("0{trimmed}")
    } else {
        trimmed.to_owned()
    };
    Some(Cow::Owned(format!("{sign}{trimmed}")))
}

/// Digits an exponent may be written out to.
pub const EXPONENT_DIGITS_MAX: i64 = 400;

#[cfg(test)]
mod tests {
    use super::NumberForm::{Decimal, Float, Integer};
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_become_json() {
        let check = |text: &str, form, expected: Option<&str>| {
            let mut out = Vec::new();
            let written = write_number(&mut out, text, form);
            let got = written.then(|| String::from_utf8_lossy(&out).into_owned());
            assert_eq!(got.as_deref(), expected, "{text}");
            assert!(written || out.is_empty(), "{text}: half written");
        };
        check("12.340", Decimal, Some("12.340"));
        check("+007", Integer, Some("7"));
        check("-0", Integer, Some("0"));
        check("-0.50", Decimal, Some("-0.50"));
        check(".5", Decimal, Some("0.5"));
        check("5.", Decimal, Some("5"));
        check("000", Integer, Some("0"));
        check("1e5", Decimal, None);
        check("1E+05", Float, Some("1E+05"));
        check("1e", Float, None);
        check("1.5", Integer, None);
        check("", Decimal, None);
        check("-", Decimal, None);
        check("1 2", Decimal, None);
        check(
            "123456789012345678901234567890.10",
            Decimal,
            Some("123456789012345678901234567890.10"),
        );
    }

    #[test]
    fn exponents_are_written_out_for_decimals() {
        let check = |given: &str, expected: &str| {
            assert_eq!(plain_decimal(given).as_deref(), Some(expected), "{given}");
        };
        check("1e3", "1000");
        check("1.25e1", "12.5");
        check("-1.5E-3", "-0.0015");
        check("0e0", "0");
        check("12.340", "12.340");
        assert_eq!(plain_decimal("1e999"), None);
    }
}
