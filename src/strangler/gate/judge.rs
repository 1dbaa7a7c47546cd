//! What evidence has to show, and whether it does.

use std::time::Duration;

use super::rate::{bound, hours, ms, percent, share, wilson};
use super::step::{Compared, Step};
use super::verdict::{Judged, Reason, Verdict};
use crate::strangler::{Evidence, Stage, Traffic};

/// What evidence has to show. Rates are shares of 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// The least match rate before a canary and between its steps: its lower bound has to
    /// reach it. 0 asks for no comparisons at all.
    pub match_rate: f64,
    /// The same before the candidate answers everybody, and before the legacy system is asked
    /// no more; never less than `match_rate`.
    pub match_rate_all: f64,
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
    /// How long a route stands by, and nothing calls the legacy system, before it is retired.
    pub hold_min: Duration,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            match_rate: 0.995,
            match_rate_all: 0.999,
            shapes_min: 5,
            span_min: Duration::from_secs(24 * 60 * 60),
            hidden_max: 0.30,
            dropped_max: 0.01,
            slower_max: (1.2, Duration::from_millis(50)),
            times_min: 50,
            failed_max: 0.01,
            fails_more_max: 0.001,
            hold_min: Duration::from_secs(14 * 24 * 60 * 60),
        }
    }
}

impl Gate {
    /// Judges the evidence before a step.
    #[must_use]
    pub fn judge(&self, step: Step, evidence: &Evidence) -> Judged {
        let mut reasons = match step {
            Step { to: Stage::Retired, .. } => {
                vec![self.quiet(evidence), Self::stood(evidence, self.hold_min)]
            }
            _ if self.match_rate <= 0.0 => {
                vec![not_wanted(evidence), Self::stood(evidence, self.span_min)]
            }
            Step { compared: Compared::Once, .. } => vec![Self::stood(evidence, self.span_min)],
            Step { compared: Compared::Nothing, .. } => vec![nothing_compared()],
            Step { compared: Compared::Both | Compared::Effects, .. } => vec![
                self.matches(step, evidence),
                self.variety(evidence),
                self.span(evidence),
                Self::recordings(evidence),
                self.hidden(evidence),
                self.dropped(evidence),
            ],
        };
        reasons.insert(1, Self::critical(evidence));
        let answers = step.compared == Compared::Both && step.to != Stage::Retired;
        if answers && self.match_rate > 0.0 {
            reasons.insert(2, self.statuses(step, evidence));
        }
        if step.asks_candidate {
            reasons.push(self.failures(step, evidence));
        }
        if step.asks_candidate && step.asks_legacy {
            reasons.push(self.times(evidence));
        }
        let verdict =
            reasons.iter().map(|reason| reason.verdict).max().unwrap_or(Verdict::Insufficient);
        Judged { verdict, reasons }
    }

    /// The match rate that a step needs.
    #[must_use]
    pub fn match_rate_before(&self, to: Stage) -> f64 {
        match to {
            Stage::Primary | Stage::Standby | Stage::Retired => {
                self.match_rate_all.max(self.match_rate)
            }
            Stage::Legacy | Stage::Shadow | Stage::Canary(_) => self.match_rate,
        }
    }

    fn quiet(&self, evidence: &Evidence) -> Reason {
        let quiet = evidence.quiet.is_none_or(|quiet| quiet >= self.hold_min);
        Reason {
            what: "last call of the legacy system",
            verdict: enough(quiet),
            measured: evidence
                .quiet
                .map_or("none known".to_owned(), |q| format!("{} ago", hours(q))),
            wanted: format!("none for {}", hours(self.hold_min)),
        }
    }

    fn stood(evidence: &Evidence, least: Duration) -> Reason {
        Reason {
            what: "time in this stage",
            verdict: enough(evidence.stood >= least),
            measured: hours(evidence.stood),
            wanted: format!("at least {}", hours(least)),
        }
    }

    fn matches(&self, step: Step, evidence: &Evidence) -> Reason {
        let rate = self.match_rate_before(step.to);
        let good = evidence.compared.saturating_sub(evidence.mismatched);
        let (lower, upper) = wilson(good, evidence.compared);
        let verdict = match () {
            () if lower >= rate => Verdict::Pass,
            () if upper < rate => Verdict::Fail,
            () => Verdict::Insufficient,
        };
        Reason {
            what: "match rate",
            verdict,
            measured: format!(
                "{good} of {}: between {} and {}",
                evidence.compared,
                bound(lower),
                bound(upper)
            ),
            wanted: format!("at least {}, with 95 % confidence", percent(rate)),
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

    /// Many equal failures must not outweigh a few successes that differ: each class has to be
    /// there, and none may be sure to match too little. A rare one need not prove more.
    fn statuses(&self, step: Step, evidence: &Evidence) -> Reason {
        let (seen, compared) = evidence.status_classes;
        let (class, pairs, wrong) = evidence.worst_class;
        let good = pairs.saturating_sub(wrong);
        let fails = wilson(good, pairs).1 < self.match_rate_before(step.to);
        let (verdict, measured) = if fails {
            (Verdict::Fail, format!("{compared}; of {class}xx {good} of {pairs} match"))
        } else {
            (enough(compared >= seen), compared.to_string())
        };
        Reason {
            what: "classes of status",
            verdict,
            measured,
            wanted: format!("all {seen} the legacy system answers with, each by itself"),
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
            measured: match leaves {
                0 => "no value of a body was compared".to_owned(),
                _ => percent(share),
            },
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

    fn failures(&self, step: Step, evidence: &Evidence) -> Reason {
        let Traffic { requests, failed } = evidence.candidate;
        let (lower, _) = wilson(failed, requests);
        let legacy = share(evidence.legacy.failed, evidence.legacy.requests);
        let allowed = self.failed_max.min(legacy + self.fails_more_max);
        let verdict = match () {
            // A route that nobody calls is no reason to keep the legacy system.
            () if requests == 0 => enough(step.to == Stage::Retired),
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

fn not_wanted(evidence: &Evidence) -> Reason {
    Reason {
        what: "match rate",
        verdict: Verdict::Pass,
        measured: format!("{} of {} differ", evidence.mismatched, evidence.compared),
        wanted: "nothing: the mapping asks for no comparisons".to_owned(),
    }
}

fn nothing_compared() -> Reason {
    Reason {
        what: "match rate",
        verdict: Verdict::Insufficient,
        measured: "nothing is compared".to_owned(),
        wanted: "a way to compare this write: `shadow: { writes: … }`".to_owned(),
    }
}

fn enough(is_enough: bool) -> Verdict {
    if is_enough { Verdict::Pass } else { Verdict::Insufficient }
}
