//! Counts of all instances → evidence.

use std::collections::BTreeMap;
use std::time::Duration;

use super::live::{Live, lock};
use super::{MigrationError, Migrations, clock, count};
use crate::strangler::{Evidence, Latencies, Traffic, wilson};

/// Minutes by which the clocks of instances may differ, and minutes that were added up into
/// hours.
const SKEW_MINUTES_MAX: u64 = 120;
/// The time in which every class of status that the legacy system gave is wanted: 7 days.
const CLASSES_MINUTES: u64 = 7 * 24 * 60;

/// The name of a count under the epoch of the change it is known since.
pub(super) fn name(epoch: u64, name: &str) -> String {
    format!("{epoch}:{name}")
}

/// Sums of counts by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums(BTreeMap<String, u64>);

impl Sums {
    /// Of all counts, those of an epoch, by their names alone.
    pub fn of(all: BTreeMap<String, u64>, epoch: u64) -> Self {
        let prefix = name(epoch, "");
        let own =
            |(name, value): (String, u64)| Some((name.strip_prefix(&prefix)?.to_owned(), value));
        Self(all.into_iter().filter_map(own).collect())
    }

    pub fn get(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// Names that begin so, what follows, and the counts.
    pub fn under<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = (&'s str, u64)> {
        let all = self.0.range(prefix.to_owned()..);
        all.map_while(move |(name, value)| Some((name.strip_prefix(prefix)?, *value)))
    }

    /// The class of status that matches least, by the most that its rate can be.
    fn worst_class(&self) -> (u16, u64, u64) {
        let classes = self.under("compared.class.").filter_map(|(class, pairs)| {
            let wrong = self.get(&format!("mismatched.class.{class}"));
            Some((class.parse().ok()?, pairs, wrong))
        });
        let most =
            |(_, pairs, wrong): &(u16, u64, u64)| wilson(pairs.saturating_sub(*wrong), *pairs).1;
        classes.min_by(|a, b| most(a).total_cmp(&most(b))).unwrap_or_default()
    }

    pub fn traffic(&self, side: &str, whom: &str) -> Traffic {
        let requests = self.get(&format!("{side}.{whom}"));
        let failed = if whom == "requests" {
            format!("{side}.failed")
        } else {
            format!("{side}.{whom}.failed")
        };
        Traffic { requests, failed: self.get(&failed) }
    }

    pub fn latencies(&self, side: &str) -> Latencies {
        let prefix = format!("{side}.took.");
        let mut buckets: Vec<(u32, u64)> =
            self.under(&prefix).filter_map(|(at, n)| Some((at.parse().ok()?, n))).collect();
        buckets.sort_unstable();
        let all: u64 = buckets.iter().map(|(_, n)| n).sum();
        let quantile = |percent: u64| {
            let (rank, mut before) = ((all * percent).div_ceil(100), 0);
            let found = buckets.iter().find(|(_, n)| {
                before += n;
                before >= rank
            });
            found.map_or(Duration::ZERO, |(at, _)| count::upper(*at))
        };
        Latencies { count: all, p95: quantile(95), p99: quantile(99) }
    }
}

impl Live {
    /// Sums of what this instance has counted, of minutes from one on.
    pub(super) fn own_sums(&self, from: u64) -> Sums {
        Sums::of(lock(&self.counts).since(from), self.standing.load().stay())
    }
}

impl Migrations {
    /// Sums of a route since it is where it is, of minutes from one on.
    pub(super) async fn sums(&self, live: &Live, from: u64) -> Result<Sums, MigrationError> {
        let all = self.store.counts(&live.name, from).await?;
        Ok(Sums::of(all, live.standing.load().stay()))
    }

    /// What is known of a route's candidate since the route is where it is.
    pub(super) async fn evidence(&self, live: &Live) -> Result<(Evidence, Sums), MigrationError> {
        let standing = live.standing.load_full();
        let (epoch, since) = (standing.stay(), standing.since());
        // No instance's clock is so wrong that it has counted earlier than this.
        let sums = self.sums(live, (since / 60).saturating_sub(SKEW_MINUTES_MAX)).await?;
        let now = clock::minute();
        let called = self.store.extent(&live.name, "legacy.calls").await?;
        let seen = self.store.counts(&live.name, now.saturating_sub(CLASSES_MINUTES)).await?;
        let seen = Sums(seen);
        let span = self.store.extent(&live.name, &name(epoch, "compared")).await?;
        let shapes = self.store.shapes(&name(epoch, &live.name)).await?;
        let compared: Vec<_> =
            sums.under("compared.class.").map(|(class, _)| class.to_owned()).collect();
        // What the legacy system failed to answer is nothing to be compared.
        let usable =
            |(class, _): (&str, u64)| (class != "0" && class != "5").then(|| class.to_owned());
        let seen: Vec<_> = seen.under("legacy.class.").filter_map(usable).collect();
        let covered = seen.iter().filter(|class| compared.contains(class)).count();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let evidence = Evidence {
            compared: sums.get("compared"),
            mismatched: sums.get("mismatched"),
            critical: sums.get("critical"),
            from_recordings: sums.get("recorded"),
            dropped: sums.get("dropped"),
            shapes,
            status_classes: (number(seen.len()), number(covered)),
            worst_class: sums.worst_class(),
            leaves: (sums.get("leaves"), sums.get("hidden")),
            span: span
                .map_or(Duration::ZERO, |(first, last)| Duration::from_secs((last - first) * 60)),
            stood: clock::since(since),
            quiet: called.map(|(_, last)| clock::since(last * 60)),
            legacy: sums.traffic("legacy", "requests"),
            candidate: sums.traffic("candidate", "requests"),
            legacy_took: sums.latencies("legacy"),
            candidate_took: sums.latencies("candidate"),
        };
        Ok((evidence, sums))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(all: &[(&str, u64)]) -> Sums {
        Sums::of(all.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect(), 7)
    }

    #[test]
    fn only_counts_of_the_epoch_are_evidence() {
        let sums = sums(&[
            ("7:compared", 3),
            ("6:compared", 100),
            ("77:compared", 50),
            ("legacy.calls", 9),
        ]);
        assert_eq!((sums.get("compared"), sums.get("legacy.calls")), (3, 0));
    }

    #[test]
    fn the_class_that_matches_least_is_told() {
        let some = sums(&[
            ("7:compared.class.2", 3),
            ("7:mismatched.class.2", 3),
            ("7:compared.class.4", 10_000),
            ("7:mismatched.class.4", 5),
            ("7:compared.class.3", 1),
        ]);
        assert_eq!(some.worst_class(), (2, 3, 3));
        assert_eq!(sums(&[]).worst_class(), (0, 0, 0));
    }

    #[test]
    fn quantiles_come_from_buckets_of_all() {
        let sums =
            sums(&[("7:legacy.took.0", 94), ("7:legacy.took.10", 5), ("7:legacy.took.20", 1)]);
        let took = sums.latencies("legacy");
        assert_eq!((took.count, took.p95, took.p99), (100, count::upper(10), count::upper(10)));
        assert_eq!(sums.latencies("candidate"), Latencies::default());
    }
}
