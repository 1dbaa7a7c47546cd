//! What there is to see of routes, as JSON: one shape, wherever it is shown.

use serde_json::{Value, json};

use super::RouteStatus;
use crate::strangler::{Latencies, Stage, Traffic, wilson};

/// The version of the shape: it grows by members, and changes by a new number.
const FORMAT: u32 = 1;
/// Stages in their order, without the share of a canary.
pub const STAGES: [&str; 6] = ["legacy", "shadow", "canary", "primary", "standby", "retired"];

/// The stage without its share: `canary 5%` is `canary`.
#[must_use]
pub fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Legacy => STAGES[0],
        Stage::Shadow => STAGES[1],
        Stage::Canary(_) => STAGES[2],
        Stage::Primary => STAGES[3],
        Stage::Standby => STAGES[4],
        Stage::Retired => STAGES[5],
    }
}

/// All routes: `{format, stages, callers, routes}`. `stages` counts routes, `callers` the
/// answers callers got since their route is where it is. Rates are shares of 1, times
/// milliseconds.
#[must_use]
pub fn status_json(routes: &[RouteStatus]) -> Value {
    let count = |word: &str| routes.iter().filter(|r| stage_word(r.position.stage) == word).count();
    let stages = STAGES.iter().map(|word| ((*word).to_owned(), json!(count(word))));
    let sum = |of: fn(&RouteStatus) -> u64| routes.iter().map(of).sum::<u64>();
    let (legacy, candidate) = (sum(|r| r.callers.0.requests), sum(|r| r.callers.1.requests));
    json!({
        "format": FORMAT,
        "stages": stages.collect::<serde_json::Map<_, _>>(),
        "callers": {
            "legacy": legacy,
            "candidate": candidate,
            "candidate_share": share(candidate, legacy + candidate),
        },
        "routes": routes.iter().map(route_json).collect::<Vec<_>>(),
    })
}

/// One route.
#[must_use]
pub fn route_json(status: &RouteStatus) -> Value {
    let evidence = &status.evidence;
    let good = evidence.compared.saturating_sub(evidence.mismatched);
    let (lower, upper) = wilson(good, evidence.compared);
    let reasons = status.judged.reasons.iter().map(|reason| {
        json!({
            "what": reason.what,
            "verdict": reason.verdict.to_string(),
            "measured": reason.measured,
            "wanted": reason.wanted,
        })
    });
    let mismatches = status
        .mismatches
        .iter()
        .map(|(class, place, n)| json!({ "class": class, "place": place, "count": n }));
    json!({
        "route": status.route,
        "stage": status.position.stage.to_string(),
        "held": status.position.held,
        "rolled_back": status.position.rolled_back,
        "declared": status.declared.to_string(),
        "ceiling": status.ceiling.to_string(),
        "next": status.next.map(|stage| stage.to_string()),
        "changed": status.changed.as_ref().map(|(actor, reason, at)| {
            json!({ "actor": actor, "reason": reason, "at": at })
        }),
        "until": status.until,
        "stage_since": status.stage_since,
        "callers": {
            "legacy": traffic(status.callers.0),
            "candidate": traffic(status.callers.1),
        },
        "match_rate": {
            "compared": evidence.compared,
            "mismatched": evidence.mismatched,
            "critical": evidence.critical,
            "dropped": evidence.dropped,
            "rate": share(good, evidence.compared),
            "lower": lower,
            "upper": upper,
        },
        "legacy": side(evidence.legacy, evidence.legacy_took),
        "candidate": side(evidence.candidate, evidence.candidate_took),
        "verdict": status.judged.verdict.to_string(),
        "reasons": reasons.collect::<Vec<_>>(),
        "blocked": status.blocked,
        "last_legacy_call": status.last_legacy_call,
        "safe_to_retire": status.safe_to_retire,
        "mismatches": mismatches.collect::<Vec<_>>(),
        "rules": status.rules,
    })
}

fn traffic(traffic: Traffic) -> Value {
    json!({ "requests": traffic.requests, "failed": traffic.failed })
}

fn side(calls: Traffic, took: Latencies) -> Value {
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    json!({
        "requests": calls.requests,
        "failed": calls.failed,
        "took": { "count": took.count, "p95_ms": ms(took.p95), "p99_ms": ms(took.p99) },
    })
}

/// A share of 1; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
