//! Exact decimals for totals and limits: digits and a scale, nothing rounded.

use std::cmp::Ordering;

/// The longest text taken, in characters, so that no product overflows.
const DECIMAL_CHARS_MAX: usize = 16;

/// `units` divided by ten to the `scale`.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    units: i128,
    scale: u32,
}

impl Decimal {
    pub const ZERO: Self = Self { units: 0, scale: 0 };

    /// From `-12.340`; `None` for anything that is no decimal or too long.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > DECIMAL_CHARS_MAX {
            return None;
        }
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{part}");
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Self {
            units: sign * all.parse::<i128>().ok()?,
            scale: u32::try_from(part.len()).ok()?,
        })
    }

    /// The product; `None` where it is too large to be an amount.
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self { units: self.units.checked_mul(other.units)?, scale: self.scale + other.scale })
    }

    /// The sum; `None` where it is too large to be an amount.
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Some(Self { units: self.at(scale)?.checked_add(other.at(scale)?)?, scale })
    }

    /// Which is more; equal where one of them is out of all proportion.
    pub fn compare(self, other: Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.at(scale), other.at(scale)) {
            (Some(one), Some(two)) => one.cmp(&two),
            _ => Ordering::Equal,
        }
    }

    fn at(self, scale: u32) -> Option<i128> {
        self.units.checked_mul(10_i128.checked_pow(scale - self.scale)?)
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let scale = self.scale as usize;
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        if part.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{part}") }
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    fn check(one: &str, two: &str, product: &str, sum: &str) {
        let (one, two) = (Decimal::parse(one).unwrap(), Decimal::parse(two).unwrap());
        assert_eq!(one.times(two).unwrap().to_string(), product);
        assert_eq!(one.plus(two).unwrap().to_string(), sum);
    }

    #[test]
    fn digits_are_kept_and_never_rounded() {
        check("12.340", "2", "24.680", "14.340");
        check("0.05", "0.1", "0.005", "0.15");
        check("-3", "1.5", "-4.5", "-1.5");
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in ["", ".", "1e3", "NaN", "1,5", "12345678901234567"] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
    }
}
