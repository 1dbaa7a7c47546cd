//! Whether the evidence is enough for the next step: pass, fail, or not enough of it.

use std::fmt;
use std::time::Duration;

use super::{Evidence, Traffic};

/// The quantile of the normal distribution for one-sided 95 %.
const Z: f64 = 1.644_853_626_951_472_2;

/// What a gate says. Too little evidence is neither a pass nor a fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It may move.
    Pass,
    /// More evidence is needed.
    Insufficient,
    /// It must not move.
    Fail,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Insufficient => "insufficient",
            Self::Fail => "fail",
        })
    }
}

/// What evidence has to show. Rates are shares of 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// The least match rate: its lower bound has to reach it.
    pub match_rate: f64,
    /// The least number of different requests.
    pub shapes_min: u64,
    /// The least time from the first comparison to the last.
    pub span_min: Duration,
    /// The largest share of an answer that rules may hide.
    pub hidden_max: f64,
    /// The largest share of pairs that may be dropped.
    pub dropped_max: f64,
    /// How much longer than the legacy system the candidate may take: a factor, and a time of
    /// which the larger holds.
    pub slower_max: (f64, Duration),
    /// The least number of answers before times are judged.
    pub times_min: u64,
    /// The largest share of failed calls of the candidate.
    pub failed_max: f64,
    /// How much more often than the legacy system it may fail.
    pub fails_more_max: f64,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            match_rate: 0.995,
            shapes_min: 5,
            span_min: Duration::from_secs(24 * 60 * 60),
            hidden_max: 0.30,
            dropped_max: 0.01,
            slower_max: (1.2, Duration::from_millis(50)),
            times_min: 50,
            failed_max: 0.01,
            fails_more_max: 0.001,
        }
    }
}

/// One thing a gate looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What: `match rate`.
    pub what: &'static str,
    /// What it says.
    pub verdict: Verdict,
    /// What was measured, for people.
    pub measured: String,
    /// What is wanted.
    pub wanted: String,
}

/// A verdict and all its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The worst of the reasons.
    pub verdict: Verdict,
    /// Everything that was looked at.
    pub reasons: Vec<Reason>,
}

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

impl Gate {
    /// Judges.
    #[must_use]
    pub fn judge(&self, evidence: &Evidence) -> Judged {
        let reasons = vec![
            self.match_rate(evidence),
            Self::critical(evidence),
            self.variety(evidence),
            Self::statuses(evidence),
            self.span(evidence),
            Self::recordings(evidence),
            self.hidden(evidence),
            self.dropped(evidence),
            self.failures(evidence),
            self.times(evidence),
        ];
        let verdict =
            reasons.iter().map(|reason| reason.verdict).max().unwrap_or(Verdict::Insufficient);
        Judged { verdict, reasons }
    }

    fn match_rate(&self, evidence: &Evidence) -> Reason {
        let good = evidence.compared.saturating_sub(evidence.mismatched);
        let (lower, upper) = wilson(good, evidence.compared);
        let verdict = match () {
            () if lower >= self.match_rate => Verdict::Pass,
            () if upper < self.match_rate => Verdict::Fail,
            () => Verdict::Insufficient,
        };
        Reason {
            what: "match rate",
            verdict,
            measured: format!(
                "{good} of {}: between {} and {}",
                evidence.compared,
                percent(lower),
                percent(upper)
            ),
            wanted: format!("at least {}, with 95 % confidence", percent(self.match_rate)),
        }
    }

    fn critical(evidence: &Evidence) -> Reason {
        let verdict = if evidence.critical == 0 { Verdict::Pass } else { Verdict::Fail };
        let measured = evidence.critical.to_string();
        Reason { what: "critical mismatches", verdict, measured, wanted: "none".to_owned() }
    }

    fn variety(&self, evidence: &Evidence) -> Reason {
        Reason {
            what: "different requests",
            verdict: enough(evidence.shapes >= self.shapes_min),
            measured: evidence.shapes.to_string(),
            wanted: format!("at least {}", self.shapes_min),
        }
    }

    fn statuses(evidence: &Evidence) -> Reason {
        let (seen, compared) = evidence.status_classes;
        Reason {
            what: "classes of status",
            verdict: enough(compared >= seen),
            measured: compared.to_string(),
            wanted: format!("all {seen} the legacy system answers with"),
        }
    }

    fn span(&self, evidence: &Evidence) -> Reason {
        Reason {
            what: "time observed",
            verdict: enough(evidence.span >= self.span_min),
            measured: hours(evidence.span),
            wanted: format!("at least {}", hours(self.span_min)),
        }
    }

    fn recordings(evidence: &Evidence) -> Reason {
        Reason {
            what: "comparisons from recordings",
            verdict: enough(evidence.from_recordings * 2 <= evidence.compared),
            measured: format!("{} of {}", evidence.from_recordings, evidence.compared),
            wanted: "at most half".to_owned(),
        }
    }

    fn hidden(&self, evidence: &Evidence) -> Reason {
        let (leaves, hidden) = evidence.leaves;
        let share = share(hidden, leaves);
        Reason {
            what: "hidden by rules",
            verdict: enough(leaves > 0 && share <= self.hidden_max),
            measured: percent(share),
            wanted: format!("at most {}", percent(self.hidden_max)),
        }
    }

    fn dropped(&self, evidence: &Evidence) -> Reason {
        let share = share(evidence.dropped, evidence.dropped + evidence.compared);
        Reason {
            what: "pairs dropped",
            verdict: enough(share <= self.dropped_max),
            measured: percent(share),
            wanted: format!("at most {}", percent(self.dropped_max)),
        }
    }

    fn failures(&self, evidence: &Evidence) -> Reason {
        let Traffic { requests, failed } = evidence.candidate;
        let (lower, _) = wilson(failed, requests);
        let legacy = share(evidence.legacy.failed, evidence.legacy.requests);
        let allowed = self.failed_max.min(legacy + self.fails_more_max);
        let verdict = match () {
            () if requests == 0 => Verdict::Insufficient,
            () if share(failed, requests) <= allowed => Verdict::Pass,
            // Few calls and one failure prove nothing yet.
            () if lower <= allowed => Verdict::Insufficient,
            () => Verdict::Fail,
        };
        Reason {
            what: "failed calls",
            verdict,
            measured: format!("{failed} of {requests}: {}", percent(share(failed, requests))),
            wanted: format!("at most {}", percent(allowed)),
        }
    }

    fn times(&self, evidence: &Evidence) -> Reason {
        let (legacy, candidate) = (evidence.legacy_took, evidence.candidate_took);
        let allowed =
            |legacy: Duration| legacy.mul_f64(self.slower_max.0).max(legacy + self.slower_max.1);
        let few = legacy.count.min(candidate.count) < self.times_min;
        let slow = candidate.p95 > allowed(legacy.p95) || candidate.p99 > allowed(legacy.p99);
        let verdict = match (few, slow) {
            (true, _) => Verdict::Insufficient,
            (false, true) => Verdict::Fail,
            (false, false) => Verdict::Pass,
        };
        let both = |p95: Duration, p99: Duration| format!("p95 {}, p99 {}", ms(p95), ms(p99));
        Reason {
            what: "time of answers",
            verdict,
            measured: format!(
                "{} of {} answers",
                both(candidate.p95, candidate.p99),
                candidate.count
            ),
            wanted: format!(
                "at most {} of {} answers",
                both(allowed(legacy.p95), allowed(legacy.p99)),
                self.times_min
            ),
        }
    }
}

fn enough(is_enough: bool) -> Verdict {
    if is_enough { Verdict::Pass } else { Verdict::Insufficient }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

fn hours(time: Duration) -> String {
    format!("{:.1} h", time.as_secs_f64() / 3_600.0)
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Fail, Insufficient, Pass};
    use super::*;
    use crate::strangler::Latencies;

    /// Evidence of a candidate that is as good as the legacy system.
    fn good() -> Evidence {
        let took = Latencies {
            count: 1_000,
            p95: Duration::from_millis(40),
            p99: Duration::from_millis(80),
        };
        let traffic = Traffic { requests: 1_000, failed: 0 };
        Evidence {
            compared: 1_000,
            shapes: 12,
            status_classes: (2, 2),
            leaves: (20_000, 1_000),
            span: Duration::from_secs(3 * 24 * 3_600),
            legacy: traffic,
            candidate: traffic,
            legacy_took: took,
            candidate_took: took,
            ..Evidence::default()
        }
    }

    #[test]
    fn so_many_comparisons_are_needed() {
        let check = |rate: f64, mismatched: u64, needed: u64| {
            let passes = |compared: u64| wilson(compared - mismatched, compared).0 >= rate;
            assert!(passes(needed) && !passes(needed - 1), "{rate} {mismatched}");
        };
        check(0.99, 0, 268);
        check(0.99, 1, 446);
        check(0.995, 0, 539);
        check(0.995, 3, 1_499);
        check(0.995, 10, 3_342);
        check(0.999, 0, 2_703);
        check(0.999, 10, 16_724);
    }

    #[test]
    fn each_reason_alone_decides() {
        let check = |what: &str, verdict: Verdict, change: &dyn Fn(&mut Evidence)| {
            let mut evidence = good();
            change(&mut evidence);
            let judged = Gate::default().judge(&evidence);
            let reason = judged.reasons.iter().find(|r| r.what == what).unwrap();
            assert_eq!(
                (judged.verdict, reason.verdict),
                (verdict, verdict),
                "{what}: {}",
                reason.measured
            );
        };
        check("match rate", Pass, &|_| {});
        check("match rate", Insufficient, &|e| e.compared = 100);
        check("match rate", Insufficient, &|e| e.mismatched = 4);
        check("match rate", Fail, &|e| e.mismatched = 50);
        check("critical mismatches", Fail, &|e| e.critical = 1);
        check("different requests", Insufficient, &|e| e.shapes = 4);
        check("classes of status", Insufficient, &|e| e.status_classes = (3, 2));
        check("time observed", Insufficient, &|e| e.span = Duration::from_secs(60));
        check("comparisons from recordings", Insufficient, &|e| e.from_recordings = 501);
        check("hidden by rules", Insufficient, &|e| e.leaves = (100, 100));
        check("hidden by rules", Insufficient, &|e| e.leaves = (0, 0));
        check("pairs dropped", Insufficient, &|e| e.dropped = 11);
        check("failed calls", Fail, &|e| e.candidate.failed = 50);
        check("failed calls", Insufficient, &|e| e.candidate.failed = 2);
        check("failed calls", Insufficient, &|e| e.candidate.requests = 0);
        check("failed calls", Pass, &|e| (e.candidate.failed, e.legacy.failed) = (9, 9));
        check("time of answers", Fail, &|e| e.candidate_took.p99 = Duration::from_millis(131));
        check("time of answers", Pass, &|e| e.candidate_took.p99 = Duration::from_millis(130));
        check("time of answers", Insufficient, &|e| e.candidate_took.count = 49);
    }

    #[test]
    fn no_evidence_is_no_verdict() {
        assert_eq!(Gate::default().judge(&Evidence::default()).verdict, Verdict::Insufficient);
    }
}
