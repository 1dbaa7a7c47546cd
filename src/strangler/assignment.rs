//! Who is in a canary: a pure hash, the same on every instance and after every restart.

use std::fmt;

use sha2::{Digest, Sha256};

/// Buckets keys fall into.
const BUCKETS: u32 = 10_000;

/// A share of callers, in hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Share(u32);

impl Share {
    /// Nobody.
    pub const NONE: Self = Self(0);
    /// Everybody.
    pub const ALL: Self = Self(BUCKETS);

    /// A share from hundredths of a percent; `None` above 100 %.
    #[must_use]
    pub fn of_basis_points(points: u32) -> Option<Self> {
        (points <= BUCKETS).then_some(Self(points))
    }

    /// Reads `5`, `5%`, `0.25 %`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.trim().trim_end_matches('%').trim_end();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > 3
            || fraction.len() > 2
            || !digits(whole)
            || !digits(fraction)
        {
            return None;
        }
        let points: u32 = format!("{whole}{fraction:0<2}").parse().ok()?;
        Self::of_basis_points(points)
    }

    /// In hundredths of a percent.
    #[must_use]
    pub fn basis_points(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}%"),
            rest if rest % 10 == 0 => write!(f, "{whole}.{}%", rest / 10),
            rest => write!(f, "{whole}.{rest:02}%"),
        }
    }
}

/// The bucket of a key, from 0 to 9,999. `salt` is the route's or its group's: routes that move
/// together have one, all others spread their callers independently.
#[must_use]
pub fn bucket(salt: &str, key: &str) -> u32 {
    let mut hash = Sha256::new();
    hash.update((salt.len() as u64).to_be_bytes());
    hash.update(salt);
    hash.update(key);
    let bytes: [u8; 32] = hash.finalize().into();
    let mut first = [0; 8];
    first.copy_from_slice(&bytes[..8]);
    // 2^64 is no multiple of 10,000; the difference is 10^-16 of a bucket.
    u32::try_from(u64::from_be_bytes(first) % u64::from(BUCKETS)).unwrap_or(0)
}

/// Whether a key is in a share. One that is stays so in every larger share; without a key
/// nobody is.
#[must_use]
pub fn in_cohort(salt: &str, key: Option<&str>, share: Share) -> bool {
    key.is_some_and(|key| bucket(salt, key) < share.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_read_and_write() {
        let check = |text: &str, points: Option<u32>, written: &str| {
            let share = Share::parse(text);
            assert_eq!(share.map(Share::basis_points), points, "{text}");
            assert_eq!(share.map(|share| share.to_string()).unwrap_or_default(), written);
        };
        check("5", Some(500), "5%");
        check("0.25 %", Some(25), "0.25%");
        check("12.5%", Some(1_250), "12.5%");
        check("100", Some(10_000), "100%");
        check("100.01", None, "");
        check("-1", None, "");
        check("0.001", None, "");
        check("", None, "");
    }

    #[test]
    fn a_bucket_never_changes() {
        // Written down once: another number would move every caller of every canary.
        assert_eq!(bucket("GET /api/v1/orders/{orderId}", "tenant-1"), 2_485);
        assert_ne!(bucket("a", "bc"), bucket("ab", "c"));
    }

    #[test]
    fn a_share_of_keys_is_that_share_to_a_percent_of_all() {
        for points in [100, 500, 2_500, 5_000, 9_900] {
            let share = Share::of_basis_points(points).unwrap();
            let keys = (0..100_000).map(|n| format!("customer-{n:05}"));
            let within = keys.filter(|key| in_cohort("route", Some(key), share)).count();
            let expected = points as usize * 10;
            assert!(within.abs_diff(expected) < 1_000, "{within} of {expected}");
        }
    }

    #[test]
    fn without_a_key_it_is_legacy() {
        assert!(!in_cohort("route", None, Share::ALL));
        assert!(in_cohort("route", Some(""), Share::ALL));
        assert!(!in_cohort("route", Some("x"), Share::NONE));
    }

    proptest::proptest! {
        #[test]
        fn who_is_in_stays_in(salt in ".{0,20}", key in ".{0,40}", a in 0_u32..=10_000, b in 0_u32..=10_000) {
            let inside = |points| in_cohort(&salt, Some(&key), Share::of_basis_points(points).unwrap());
            // More are in at most: nobody leaves as the share rises, nobody comes as it falls.
            proptest::prop_assert!(!inside(a.min(b)) || inside(a.max(b)));
            proptest::prop_assert!(inside(10_000) && !inside(0));
            proptest::prop_assert_eq!(inside(a), bucket(&salt, &key) < a);
        }
    }
}
