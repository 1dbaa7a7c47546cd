//! Rates, what is known of them, and how they are shown.

use std::time::Duration;

/// The quantile of the normal distribution for one-sided 95 %.
const Z: f64 = 1.644_853_626_951_472_2;

/// The bounds between which a rate lies, each with a confidence of 95 % (Wilson's score
/// interval). Without trials, nothing is known.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn wilson(good: u64, all: u64) -> (f64, f64) {
    if all == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (all as f64, good as f64 / all as f64);
    let square = Z * Z;
    let middle = p + square / (2.0 * n);
    let margin = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
    let scale = 1.0 + square / n;
    (((middle - margin) / scale).max(0.0), ((middle + margin) / scale).min(1.0))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A bound, never rounded up: one that is shown at what is wanted has reached it.
pub(super) fn bound(share: f64) -> String {
    format!("{:.2} %", (share * 1e4 + 1e-6).floor() / 100.0)
}

pub(super) fn hours(time: Duration) -> String {
    format!("{:.1} h", time.as_secs_f64() / 3_600.0)
}

pub(super) fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_not_shown_as_what_it_has_not_reached() {
        let check = |given: f64, expected: &str| assert_eq!(bound(given), expected, "{given}");
        check(0.994_999, "99.49 %");
        check(0.995, "99.50 %");
        check(0.999, "99.90 %");
        check(1.0, "100.00 %");
        check(0.0, "0.00 %");
    }
}
