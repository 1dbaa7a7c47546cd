//! When a failed call is tried again, and after which pause.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::{BackendError, Effect, Outcome};
use crate::diagnostic::Code;

/// The pause before the second attempt is drawn from zero to this; it doubles.
const PAUSE_FIRST: Duration = Duration::from_millis(50);
/// The pause is drawn from zero to this at most.
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// A Retry-After above this is not waited for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(10);
/// No attempt begins with less time than this.
const ATTEMPT_MIN: Duration = Duration::from_millis(10);
/// Thousandths of a retry each call pays in: 20 %.
const DEPOSIT_MILLIS: i64 = 200;
/// Thousandths of a retry each second pays in.
const SECOND_MILLIS: f64 = 1000.0;
/// Thousandths of a retry that are kept at most.
const BALANCE_MILLIS_MAX: i64 = 10_000;

/// The retries a backend may still cost. Each call pays in a fifth of one and each second
/// one, so that a backend that fails is not asked more than 1.2 times as often.
pub(super) struct Budget {
    millis: AtomicI64,
    refilled: Mutex<Instant>,
}

impl Budget {
    pub(super) fn new(now: Instant) -> Self {
        Self { millis: AtomicI64::new(BALANCE_MILLIS_MAX), refilled: Mutex::new(now) }
    }

    pub(super) fn deposit(&self) {
        if self.millis.load(Ordering::Relaxed) < BALANCE_MILLIS_MAX {
            self.millis.fetch_add(DEPOSIT_MILLIS, Ordering::Relaxed);
        }
    }

    /// Takes one retry, if there is one.
    pub(super) fn withdraw(&self, now: Instant) -> bool {
        let mut refilled = self.refilled.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = now.saturating_duration_since(*refilled).as_secs_f64();
        #[expect(clippy::cast_possible_truncation, reason = "at most the balance's maximum")]
        let earned = (seconds * SECOND_MILLIS).min(SECOND_MILLIS * 10.0) as i64;
        if earned > 0 {
            *refilled = now;
        }
        let balance = (self.millis.load(Ordering::Relaxed) + earned).min(BALANCE_MILLIS_MAX);
        let enough = balance >= 1000;
        self.millis.store(if enough { balance - 1000 } else { balance }, Ordering::Relaxed);
        enough
    }
}

/// Whether a call that failed so may be tried again at all.
///
/// A read: whenever the connection was refused or broke before an answer, or the name did
/// not resolve. A write: only where the connection could not be made, so that certainly
/// nothing arrived. Nobody: after a deadline, a refusal of our own guard, a TLS failure, or
/// anything wrong with an answer that did come.
pub(super) fn may_retry(error: &BackendError, effect: Effect) -> bool {
    match error.code {
        Code::BackendRefused | Code::BackendDns => error.outcome == Outcome::NotSent,
        Code::BackendReset => effect == Effect::Read,
        _ => false,
    }
}

/// How long an answer asks to wait before the same question: 429 or 503 with a Retry-After
/// in seconds. A date is not understood.
pub(super) fn asks_to_wait(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let asks = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let seconds = headers.get(RETRY_AFTER).filter(|_| asks)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The pause before the attempt after `made` attempts, or `None` where there is no use in
/// one: the backend wants too long a pause, or the deadline comes first.
pub(super) fn pause(
    made: u32,
    asked: Option<Duration>,
    deadline: Instant,
    now: Instant,
) -> Option<Duration> {
    if asked.is_some_and(|asked| asked > RETRY_AFTER_MAX) {
        return None;
    }
    let ceiling = PAUSE_FIRST.saturating_mul(1 << made.saturating_sub(1).min(10)).min(PAUSE_MAX);
    let pause = ceiling.mul_f64(random()).max(asked.unwrap_or_default());
    let left = deadline.saturating_duration_since(now);
    (pause + ATTEMPT_MIN < left).then_some(pause)
}

/// A number from 0 up to 1; each `RandomState` has its own keys.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 32;
    #[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
    let random = bits as f64 / (1u64 << 32) as f64;
    random
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_allows_a_fifth_and_one_a_second() {
        let start = Instant::now();
        let budget = Budget::new(start);
        let free = (0..100).filter(|_| budget.withdraw(start)).count();
        assert_eq!(free, 10, "the reserve");
        (0..20).for_each(|_| budget.deposit());
        assert_eq!((0..100).filter(|_| budget.withdraw(start)).count(), 4);
        let later = start + Duration::from_secs(3);
        assert_eq!((0..100).filter(|_| budget.withdraw(later)).count(), 3);
    }

    #[test]
    fn a_pause_doubles_jitters_and_fits_before_the_deadline() {
        let now = Instant::now();
        let far = now + Duration::from_secs(60);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..100 {
            let first = pause(1, None, far, now).unwrap();
            assert!(first < PAUSE_FIRST);
            assert!(pause(20, None, far, now).unwrap() < PAUSE_MAX);
            seen.insert(first);
        }
        assert!(seen.len() > 50, "jitter");
        assert_eq!(pause(1, Some(Duration::from_secs(11)), far, now), None);
        let asked = Duration::from_secs(2);
        assert!(pause(1, Some(asked), far, now).unwrap() >= asked);
        assert_eq!(pause(1, Some(asked), now + Duration::from_secs(1), now), None);
    }

    #[test]
    fn a_write_is_tried_again_only_when_nothing_can_have_arrived() {
        let check = |error: BackendError, read, write| {
            assert_eq!(may_retry(&error, Effect::Read), read, "{error}");
            assert_eq!(may_retry(&error, Effect::Write), write, "{error}");
        };
        check(BackendError::not_sent(Code::BackendRefused, ""), true, true);
        check(BackendError::not_sent(Code::BackendDns, ""), true, true);
        check(BackendError::not_sent(Code::BackendReset, ""), true, false);
        check(BackendError::unknown(Code::BackendReset, ""), true, false);
        check(BackendError::unknown(Code::BackendTimeout, ""), false, false);
        check(BackendError::not_sent(Code::BackendOpen, ""), false, false);
        check(BackendError::not_sent(Code::BackendTls, ""), false, false);
        check(BackendError::unknown(Code::BackendTruncated, ""), false, false);
    }
}
