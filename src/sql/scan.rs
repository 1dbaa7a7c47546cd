//! Texts of a fixed form, byte by byte.

/// Digits behind the point of a second.
const FRACTION_DIGITS: usize = 6;

/// What is left of a text.
pub(super) struct Scan<'t>(&'t [u8]);

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self(text.as_bytes())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Whether the next byte is this; then it is taken.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        self.eat_any(&[byte])
    }

    /// Whether the next byte is one of these; then it is taken.
    pub(super) fn eat_any(&mut self, bytes: &[u8]) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if bytes.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// A sign, as 1 or -1.
    pub(super) fn sign(&mut self) -> Option<i64> {
        if self.eat(b'-') {
            return Some(-1);
        }
        self.eat(b'+').then_some(1)
    }

    /// A number of exactly so many digits.
    pub(super) fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = value(digits)?;
        self.0 = rest;
        Some(number)
    }

    /// A number of any length; one that does not fit is the greatest that does.
    pub(super) fn number(&mut self) -> Option<i64> {
        let digits = self.run();
        let add =
            |sum: i64, digit: &u8| sum.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
        (!digits.is_empty()).then(|| digits.iter().fold(0, add))
    }

    /// The fraction of a second behind its point, in microseconds.
    pub(super) fn micros(&mut self) -> Result<i64, &'static str> {
        let digits = self.run();
        if digits.is_empty() {
            return Err("must have digits behind its point");
        }
        let (kept, rest) = digits.split_at(digits.len().min(FRACTION_DIGITS));
        if rest.iter().any(|digit| *digit != b'0') {
            return Err("must have at most 6 digits behind the point of its seconds");
        }
        let missing = (kept.len()..FRACTION_DIGITS).fold(1, |factor, _| factor * 10);
        Ok(value(kept).unwrap_or(0) * missing)
    }

    /// The digits that come next.
    fn run(&mut self) -> &'t [u8] {
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        digits
    }
}

/// At most 18 digits as a number.
fn value(digits: &[u8]) -> Option<i64> {
    let all = digits.iter().all(u8::is_ascii_digit);
    all.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}
