//! Constraining facets, compiled (XML Schema Part 2, section 4.3).

use std::cmp::Ordering;
use std::sync::Arc;

use regex::Regex;

use super::pattern;
use crate::xsd::Facets;

/// The facets in force on one simple type.
#[derive(Debug, Clone, Default)]
pub struct FacetCheck {
    /// As the schema has them, for documents.
    pub facets: Facets,
    /// `None` where a step cannot be carried over.
    patterns: Vec<Option<Regex>>,
    is_number: bool,
    unit: LengthUnit,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum LengthUnit {
    #[default]
    Characters,
    Base64,
    Hex,
    Items,
}

impl FacetCheck {
    /// Compiles facets. `is_number` makes bounds compare as decimals; other bounds (dates)
    /// are documented and left to the backend.
    #[must_use]
    pub fn new(facets: &Facets, is_number: bool, binary: Option<super::form::Form>) -> Self {
        let patterns = facets.patterns.iter().map(|step| pattern::compile(step)).collect();
        let unit = match binary {
            Some(super::form::Form::Base64) => LengthUnit::Base64,
            Some(super::form::Form::Hex) => LengthUnit::Hex,
            _ => LengthUnit::Characters,
        };
        Self { facets: facets.clone(), patterns, is_number, unit }
    }

    /// The same for a list type, whose length is that of the list (XML Schema Part 2,
    /// section 4.3.1).
    #[must_use]
    pub fn of_items(self) -> Self {
        Self { unit: LengthUnit::Items, ..self }
    }

    /// Whether nothing is constrained.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let f = &self.facets;
        f.enumeration.is_empty()
            && f.patterns.is_empty()
            && f.length.or(f.min_length).or(f.max_length).is_none()
            && f.total_digits.or(f.fraction_digits).is_none()
            && [&f.min_inclusive, &f.min_exclusive, &f.max_inclusive, &f.max_exclusive]
                .iter()
                .all(|b| b.is_none())
    }

    /// What is wrong with a value, in words; `None` if nothing is.
    #[must_use]
    pub fn problem(&self, text: &str) -> Option<String> {
        self.enumeration_problem(text)
            .or_else(|| self.length_problem(text))
            .or_else(|| self.bound_problem(text))
            .or_else(|| self.digits_problem(text))
            .or_else(|| {
                let failed = self
                    .patterns
                    .iter()
                    .position(|p| p.as_ref().is_some_and(|p| !p.is_match(text)))?;
                let step = self.facets.patterns.get(failed)?;
                Some(format!("must match the pattern `{}`", step.join("|")))
            })
    }

    fn enumeration_problem(&self, text: &str) -> Option<String> {
        let values = &self.facets.enumeration;
        let same = |value: &Arc<str>| {
            **value == *text
                || (self.is_number && compare_decimals(value, text) == Some(Ordering::Equal))
        };
        if values.is_empty() || values.iter().any(same) {
            return None;
        }
        let shown: Vec<String> = values.iter().take(12).map(|v| format!("`{v}`")).collect();
        let more = if values.len() > 12 { ", …" } else { "" };
        Some(format!("must be one of {}{more}", shown.join(", ")))
    }

    fn length_problem(&self, text: &str) -> Option<String> {
        let f = &self.facets;
        f.length.or(f.min_length).or(f.max_length)?;
        let (length, unit) = match self.unit {
            LengthUnit::Characters => (text.chars().count(), "characters"),
            LengthUnit::Items => (text.split_ascii_whitespace().count(), "items"),
            LengthUnit::Hex => (text.len() / 2, "bytes"),
            LengthUnit::Base64 => {
                let digits =
                    text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=').count();
                (digits * 3 / 4, "bytes")
            }
        };
        let length = length as u64;
        if let Some(exact) = f.length.filter(|l| *l != length) {
            return Some(format!("must have {exact} {unit}, has {length}"));
        }
        if let Some(min) = f.min_length.filter(|l| *l > length) {
            return Some(format!("must have at least {min} {unit}, has {length}"));
        }
        let max = f.max_length.filter(|l| *l < length)?;
        Some(format!("must have at most {max} {unit}, has {length}"))
    }

    fn bound_problem(&self, text: &str) -> Option<String> {
        if !self.is_number {
            return None;
        }
        let f = &self.facets;
        let outside = |bound: &Option<Arc<str>>, bad: &[Ordering]| {
            bound
                .clone()
                .filter(|b| compare_decimals(text, b).is_some_and(|order| bad.contains(&order)))
        };
        if let Some(b) = outside(&f.min_inclusive, &[Ordering::Less]) {
            return Some(format!("must be at least {b}"));
        }
        if let Some(b) = outside(&f.max_inclusive, &[Ordering::Greater]) {
            return Some(format!("must be at most {b}"));
        }
        if let Some(b) = outside(&f.min_exclusive, &[Ordering::Less, Ordering::Equal]) {
            return Some(format!("must be greater than {b}"));
        }
        let b = outside(&f.max_exclusive, &[Ordering::Greater, Ordering::Equal])?;
        Some(format!("must be less than {b}"))
    }

    fn digits_problem(&self, text: &str) -> Option<String> {
        let f = &self.facets;
        f.total_digits.or(f.fraction_digits)?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let whole = whole.trim_start_matches(['-', '+']).trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if let Some(max) =
            f.total_digits.filter(|max| ((whole.len() + fraction.len()) as u64) > *max)
        {
            return Some(format!("must have at most {max} digits"));
        }
        let max = f.fraction_digits.filter(|max| (fraction.len() as u64) > *max)?;
        Some(format!("must have at most {max} digits after the point"))
    }
}

/// Compares two decimals by their digits, through no float. `None` where one is no decimal.
#[must_use]
pub fn compare_decimals(a: &str, b: &str) -> Option<Ordering> {
    let (a_negative, a_whole, a_fraction) = decimal_parts(a)?;
    let (b_negative, b_whole, b_fraction) = decimal_parts(b)?;
    let magnitude = a_whole
        .len()
        .cmp(&b_whole.len())
        .then_with(|| a_whole.cmp(b_whole))
        .then_with(|| a_fraction.cmp(b_fraction));
    Some(match (a_negative, b_negative) {
        (false, false) => magnitude,
        (true, true) => magnitude.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    })
}

fn decimal_parts(text: &str) -> Option<(bool, &str, &str)> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() + fraction.len() == 0 {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let zero = whole.is_empty() && fraction.is_empty();
    Some((negative && !zero, whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_compare_by_value() {
        let check = |a, b, expected| assert_eq!(compare_decimals(a, b), Some(expected), "{a} {b}");
        check("1.0", "1.00", Ordering::Equal);
        check("-1", "1", Ordering::Less);
        check("10", "9.99", Ordering::Greater);
        check("-10", "-9", Ordering::Less);
        check("0.1", "0.09", Ordering::Greater);
        check("-0", "0", Ordering::Equal);
        check("99999999999999999999", "99999999999999999998", Ordering::Greater);
        assert_eq!(compare_decimals("1e3", "1"), None);
    }
}
