//! Counts in memory, by minute, until they are written.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::observe::Answered;
use super::tally::Tally;
use super::totals::Totals;
use crate::store::Count;

/// Names that come from answers: places of mismatches. Above it they are counted together.
const PLACES_MAX: usize = 200;
/// Bytes of such a name.
pub(super) const PLACE_BYTES_MAX: usize = 200;
/// What the rest of them is called.
pub(super) const REST: &str = "(others)";
/// Minutes that are held; all but the newest are written by then.
const MINUTES_MAX: usize = 5;
/// The upper end of the first bucket of times, in microseconds; each next one is a quarter wider.
const BUCKET_FIRST_MICROS: f64 = 100.0;
const BUCKET_FACTOR: f64 = 1.25;
/// Buckets: up to ten minutes.
pub(super) const BUCKETS: usize = 71;

/// Counts of one route.
#[derive(Debug, Default)]
pub(super) struct Counts {
    minutes: BTreeMap<u64, BTreeMap<String, u64>>,
    /// Minutes of which something is not written yet.
    changed: BTreeSet<u64>,
    places: BTreeSet<String>,
    /// Answers that are not among `minutes` yet.
    tally: Option<Tally>,
    pub totals: Totals,
}

impl Counts {
    pub(super) fn add(&mut self, minute: u64, name: String, more: u64) {
        if more == 0 {
            return;
        }
        self.changed.insert(minute);
        *self.minutes.entry(minute).or_default().entry(name).or_default() += more;
        while self.minutes.len() > MINUTES_MAX {
            self.minutes.pop_first();
        }
        if let Some((first, _)) = self.minutes.first_key_value() {
            self.changed = self.changed.split_off(first);
        }
    }

    /// Adds an answer: on the way of requests, so nothing is named yet.
    pub(super) fn answered(&mut self, minute: u64, epoch: u64, answered: Answered, failed: bool) {
        if self.tally.as_ref().is_some_and(|tally| !tally.is_of(minute, epoch)) {
            self.name();
        }
        self.tally.get_or_insert_with(|| Tally::new(minute, epoch)).add(answered, failed);
    }

    /// Puts the answers among what has a name.
    fn name(&mut self) {
        let Some(tally) = self.tally.take() else { return };
        for (name, n) in tally.named() {
            self.add(tally.minute(), name, n);
        }
    }

    /// The name under which a place is counted.
    pub(super) fn place(&mut self, place: &str) -> String {
        let end =
            (0..=place.len().min(PLACE_BYTES_MAX)).rev().find(|at| place.is_char_boundary(*at));
        let place = &place[..end.unwrap_or(0)];
        if self.places.contains(place) || self.places.len() < PLACES_MAX {
            self.places.insert(place.to_owned());
            return place.to_owned();
        }
        REST.to_owned()
    }

    /// What is to be written: all of each minute in which anything changed. What is older than
    /// `oldest` may have been added up with other minutes already, and would count twice.
    pub(super) fn take(&mut self, route: &str, oldest: u64) -> Vec<Count> {
        self.name();
        let changed = std::mem::take(&mut self.changed);
        let row = |minute: u64, (name, value): (&String, &u64)| Count {
            route: route.to_owned(),
            minute,
            name: name.clone(),
            value: *value,
        };
        self.minutes
            .iter()
            .filter(|(minute, _)| **minute >= oldest && changed.contains(minute))
            .flat_map(|(minute, names)| names.iter().map(move |n| row(*minute, n)))
            .collect()
    }

    /// They could not be written: they are tried again.
    pub(super) fn keep(&mut self) {
        self.changed.extend(self.minutes.keys());
    }

    /// Sums of what this instance counted, of minutes from one on.
    pub(super) fn since(&mut self, minute: u64) -> BTreeMap<String, u64> {
        self.name();
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for (name, value) in self.minutes.range(minute..).flat_map(|(_, names)| names) {
            *sums.entry(name.clone()).or_default() += value;
        }
        sums
    }
}

/// The bucket of all that took longer.
#[expect(clippy::cast_possible_truncation, reason = "a small constant")]
const LAST: u32 = BUCKETS as u32 - 1;

/// The bucket of a time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the buckets"
)]
pub(super) fn bucket(took: Duration) -> u32 {
    let micros = took.as_secs_f64() * 1e6;
    let at = (micros / BUCKET_FIRST_MICROS).max(1.0).log(BUCKET_FACTOR).ceil();
    (at as u32).min(LAST)
}

/// The upper end of a bucket.
pub(super) fn upper(bucket: u32) -> Duration {
    let exponent = i32::try_from(bucket).unwrap_or(i32::MAX);
    Duration::from_secs_f64(BUCKET_FIRST_MICROS * BUCKET_FACTOR.powi(exponent) / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strangler::Side;

    #[test]
    fn a_time_lies_in_its_bucket() {
        for micros in [1, 99, 100, 101, 5_000, 1_000_000, 29_999_999, 3_600_000_000] {
            let took = Duration::from_micros(micros);
            let at = bucket(took);
            assert!(at == LAST || took <= upper(at) + Duration::from_nanos(1), "{took:?} {at}");
            assert!(at == 0 || took > upper(at - 1) - Duration::from_nanos(1), "{took:?} {at}");
        }
        assert!(upper(LAST) > Duration::from_secs(500));
    }

    #[test]
    fn counts_are_taken_whole_and_only_when_they_changed() {
        let mut counts = Counts::default();
        for minute in 1..=9 {
            counts.add(minute, "compared".to_owned(), 2);
            counts.add(minute, "compared".to_owned(), 1);
        }
        let taken = |counts: &mut Counts, oldest| {
            let taken = counts.take("r", oldest);
            taken.iter().map(|c| (c.minute, c.value)).collect::<Vec<_>>()
        };
        assert_eq!(taken(&mut counts, 0), [(5, 3), (6, 3), (7, 3), (8, 3), (9, 3)]);
        assert_eq!(taken(&mut counts, 0), []);
        counts.add(8, "compared".to_owned(), 1);
        assert_eq!(taken(&mut counts, 0), [(8, 4)]);
        counts.keep();
        assert_eq!(taken(&mut counts, 7), [(7, 3), (8, 4), (9, 3)]);
        assert_eq!(counts.since(8)["compared"], 7);
    }

    #[test]
    fn answers_have_names_when_they_are_written() {
        let mut counts = Counts::default();
        let took = Duration::from_millis(1);
        let answered = |side, status| Answered { side, to_caller: true, status, took };
        counts.answered(7, 3, answered(Side::Legacy, 200), false);
        counts.answered(7, 3, answered(Side::Legacy, 404), false);
        counts.answered(7, 3, answered(Side::Candidate, 503), true);
        // Another minute, another stay.
        counts.answered(8, 3, answered(Side::Legacy, 200), false);
        counts.answered(8, 4, answered(Side::Legacy, 200), false);
        let taken = counts.take("r", 0);
        let said: Vec<_> =
            taken.iter().map(|c| format!("{} {} {}", c.minute, c.name, c.value)).collect();
        let wanted = "7 3:candidate.callers 1, 7 3:candidate.callers.failed 1, 7 3:candidate.failed 1, \
                      7 3:candidate.requests 1, 7 3:candidate.took.11 1, 7 3:legacy.callers 2, \
                      7 3:legacy.requests 2, 7 3:legacy.took.11 2, 7 candidate.calls 1, 7 legacy.calls 2, \
                      7 legacy.class.2 1, 7 legacy.class.4 1, 8 3:legacy.callers 1, \
                      8 3:legacy.requests 1, 8 3:legacy.took.11 1, 8 4:legacy.callers 1, \
                      8 4:legacy.requests 1, 8 4:legacy.took.11 1, 8 legacy.calls 2, 8 legacy.class.2 2";
        assert_eq!(said.join(", "), wanted);
        assert_eq!(counts.take("r", 0), []);
    }

    #[test]
    fn places_are_few() {
        let mut counts = Counts::default();
        let names: std::collections::BTreeSet<_> =
            (0..1_000).map(|n| counts.place(&format!("a{n}"))).collect();
        assert_eq!(names.len(), PLACES_MAX + 1);
        assert!(names.contains(REST));
    }
}
