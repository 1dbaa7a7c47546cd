use std::time::Duration;

use super::Verdict::{Fail, Insufficient, Pass};
use super::*;
use crate::strangler::{Evidence, Latencies, Stage, Traffic};

/// Evidence of a candidate that is as good as the legacy system.
fn good() -> Evidence {
    let took =
        Latencies { count: 1_000, p95: Duration::from_millis(40), p99: Duration::from_millis(80) };
    let traffic = Traffic { requests: 1_000, failed: 0 };
    Evidence {
        compared: 1_000,
        shapes: 12,
        status_classes: (2, 2),
        leaves: (20_000, 1_000),
        span: Duration::from_secs(3 * 24 * 3_600),
        stood: Duration::from_secs(15 * 24 * 3_600),
        legacy: traffic,
        candidate: traffic,
        legacy_took: took,
        candidate_took: took,
        ..Evidence::default()
    }
}

/// The step of a read.
fn step(to: &str) -> Step {
    let to = Stage::parse(to).unwrap();
    let asks_legacy = to <= Stage::Standby;
    Step { to, compared: Compared::Both, asks_candidate: true, asks_legacy }
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
        let judged = Gate::default().judge(step("canary 5%"), &evidence);
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
    // Three of ten thousand are few, and all that were answered with 200.
    check("classes of status", Fail, &|e| {
        (e.compared, e.mismatched, e.worst_class) = (10_000, 3, (2, 3, 3));
    });
    check("classes of status", Pass, &|e| e.worst_class = (4, 1_000, 3));
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
    assert_eq!(
        Gate::default().judge(step("canary 5%"), &Evidence::default()).verdict,
        Verdict::Insufficient
    );
}

#[test]
fn each_step_asks_for_its_own() {
    let check = |step: Step, verdict: Verdict, what: &str, change: &dyn Fn(&mut Evidence)| {
        let mut evidence = good();
        change(&mut evidence);
        let judged = Gate::default().judge(step, &evidence);
        let said: Vec<_> =
            judged.reasons.iter().filter(|r| r.verdict != Pass).map(|r| r.what).collect();
        assert_eq!((judged.verdict, said.join(", ").as_str()), (verdict, what), "{step:?}");
    };
    // 1,000 matches show 99.5 %, and not yet 99.9 %.
    check(step("canary 50%"), Pass, "", &|_| {});
    check(step("primary"), Insufficient, "match rate", &|_| {});
    check(step("primary"), Pass, "", &|e| e.compared = 2_703);
    check(step("standby"), Fail, "match rate", &|e| (e.compared, e.mismatched) = (20_000, 60));
    // Retiring asks whether anybody still needs the legacy system, not how its answers were.
    let retired = Step { compared: Compared::Nothing, asks_legacy: false, ..step("retired") };
    let day = Duration::from_secs(24 * 3_600);
    check(retired, Pass, "", &|e| (e.compared, e.quiet) = (0, None));
    check(retired, Pass, "", &|e| e.candidate.requests = 0);
    check(retired, Insufficient, "last call of the legacy system", &|e| e.quiet = Some(day));
    check(retired, Insufficient, "time in this stage", &|e| e.stood = 13 * day);
    check(retired, Fail, "failed calls", &|e| e.candidate.failed = 300);
}

#[test]
fn writes_are_judged_by_what_can_be_known_of_them() {
    let check = |step: Step, gate: Gate, verdict: Verdict, what: &str| {
        let none = Evidence { compared: 0, shapes: 0, leaves: (0, 0), ..good() };
        let judged = gate.judge(step, &none);
        let said: Vec<_> =
            judged.reasons.iter().filter(|r| r.verdict != Pass).map(|r| r.what).collect();
        assert_eq!((judged.verdict, said.join(", ").as_str()), (verdict, what), "{step:?}");
    };
    let canary = Step { compared: Compared::Once, ..step("canary 25%") };
    check(canary, Gate::default(), Pass, "");
    let primary = Step { asks_legacy: false, to: Stage::Standby, ..canary };
    check(primary, Gate::default(), Pass, "");
    let effects = Step { compared: Compared::Effects, asks_candidate: false, ..canary };
    let judged = Gate::default().judge(effects, &Evidence { status_classes: (2, 1), ..good() });
    assert_eq!(judged.verdict, Pass, "{:?}", judged.reasons);
    let shadow = Step { compared: Compared::Nothing, asks_candidate: false, ..canary };
    check(shadow, Gate::default(), Insufficient, "match rate");
    let waived = Gate { match_rate: 0.0, ..Gate::default() };
    check(shadow, waived, Pass, "");
    let month = Duration::from_secs(30 * 24 * 3_600);
    check(shadow, Gate { span_min: month, ..waived }, Insufficient, "time in this stage");
}
