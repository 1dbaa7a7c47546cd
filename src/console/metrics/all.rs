//! Every family there is.

use super::exposition::{Exposition, Kind};
use crate::backend::CircuitState;
use crate::console::listener::Console;
use crate::migration::{BOUNDS, Migrations, RouteStatus, SideTotals, Totals, stage_word};
use crate::strangler::{Stage, Verdict, wilson};

/// The name of a family, its help, and its values of something.
type Family<T, V> = (&'static str, &'static str, fn(&T) -> V);

/// The text. Counters are this process's own, since it started: several instances add up.
/// Gauges of the evidence are what all instances know together.
pub(in crate::console) async fn metrics(console: &Console) -> String {
    let mut text = Exposition::default();
    text.family("figleaf_build_info", Kind::Gauge, "The version that runs.");
    text.sample("figleaf_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    let help = "Requests of callers being answered.";
    text.family("figleaf_requests_in_flight", Kind::Gauge, help);
    text.sample("figleaf_requests_in_flight", &[], console.in_flight());
    backends(&mut text, console);
    if let Some(migrations) = console.migrations() {
        let totals = migrations.totals();
        requests(&mut text, &totals);
        times(&mut text, &totals);
        comparisons(&mut text, &totals);
        positions(&mut text, &migrations, &totals);
        let status = migrations.status().await;
        let help = "Whether the store of stages and evidence answers.";
        text.family("figleaf_state_store_up", Kind::Gauge, help);
        text.sample("figleaf_state_store_up", &[], u8::from(status.is_ok()));
        evidence(&mut text, &status.unwrap_or_default());
    }
    text.finish()
}

fn backends(text: &mut Exposition, console: &Console) {
    let running = console.running();
    let states = [
        ("closed", CircuitState::Closed),
        ("half_open", CircuitState::HalfOpen),
        ("open", CircuitState::Open),
    ];
    let name = "figleaf_backend_circuit_state";
    text.family(name, Kind::Gauge, "1 for the state a backend's circuit breaker is in.");
    for backend in &running.backends {
        for (word, state) in states {
            let is = u8::from(backend.guard().state() == state);
            text.sample(name, &[("backend", backend.name()), ("state", word)], is);
        }
    }
    let name = "figleaf_backend_refused_total";
    text.family(name, Kind::Counter, "Calls that a backend's circuit breaker refused.");
    for backend in &running.backends {
        text.sample(name, &[("backend", backend.name())], backend.guard().rejected());
    }
    let name = "figleaf_backend_calls_in_flight";
    text.family(name, Kind::Gauge, "Calls of a backend that are running.");
    for backend in &running.backends {
        text.sample(name, &[("backend", backend.name())], backend.guard().in_flight());
    }
}

fn sides(totals: &Totals) -> [(&'static str, &SideTotals); 2] {
    [("legacy", &totals.legacy), ("candidate", &totals.candidate)]
}

fn requests(text: &mut Exposition, totals: &[(String, Totals)]) {
    let families: [Family<SideTotals, [u64; 2]>; 2] = [
        (
            "figleaf_route_requests_total",
            "Answers of one side of a route, for callers or asked for besides.",
            |side| [side.to_callers, side.besides],
        ),
        (
            "figleaf_route_failures_total",
            "Of these, those that failed by the side's own fault: none in time, or 5xx.",
            |side| [side.to_callers_failed, side.besides_failed],
        ),
    ];
    for (name, help, of) in families {
        text.family(name, Kind::Counter, help);
        for (route, totals) in totals {
            for (side, counts) in sides(totals) {
                for (whom, count) in ["callers", "shadow"].into_iter().zip(of(counts)) {
                    let labels = [("route", route.as_str()), ("side", side), ("for", whom)];
                    text.sample(name, &labels, count);
                }
            }
        }
    }
}

fn times(text: &mut Exposition, totals: &[(String, Totals)]) {
    let name = "figleaf_route_duration_seconds";
    text.family(name, Kind::Histogram, "How long answers of one side of a route took.");
    for (route, totals) in totals {
        for (side, counts) in sides(totals) {
            let mut below = 0;
            let bounds = BOUNDS.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
            for (bound, count) in bounds.zip(counts.took) {
                below += count;
                let labels = [("route", route.as_str()), ("side", side), ("le", bound.as_str())];
                text.sample(&format!("{name}_bucket"), &labels, below);
            }
            let labels = [("route", route.as_str()), ("side", side)];
            text.sample(&format!("{name}_sum"), &labels, counts.took_sum.as_secs_f64());
            text.sample(&format!("{name}_count"), &labels, below);
        }
    }
}

fn comparisons(text: &mut Exposition, totals: &[(String, Totals)]) {
    let families: [Family<Totals, u64>; 7] = [
        ("figleaf_comparisons_total", "Pairs of answers compared.", |t| t.compared),
        ("figleaf_comparison_mismatches_total", "Of these, those that differ.", |t| t.mismatched),
        (
            "figleaf_comparison_critical_mismatches_total",
            "Of these, those that differ where it is critical.",
            |t| t.critical,
        ),
        ("figleaf_comparisons_dropped_total", "Pairs that found no place in the queue.", |t| {
            t.dropped
        }),
        (
            "figleaf_comparisons_over_budget_total",
            "Pairs that would have asked too much of the legacy system.",
            |t| t.over_budget,
        ),
        ("figleaf_noise_comparisons_total", "Pairs of the legacy system with itself.", |t| t.noise),
        ("figleaf_noise_mismatches_total", "Of these, those that differ.", |t| t.noise_mismatched),
    ];
    for (name, help, of) in families {
        text.family(name, Kind::Counter, help);
        for (route, totals) in totals {
            text.sample(name, &[("route", route)], of(totals));
        }
    }
}

fn positions(text: &mut Exposition, migrations: &Migrations, totals: &[(String, Totals)]) {
    let routes: Vec<_> =
        totals.iter().map(|(route, _)| (route.as_str(), migrations.position(route))).collect();
    let name = "figleaf_route_stage";
    text.family(name, Kind::Gauge, "1 for the stage a route is in.");
    for (route, position) in &routes {
        for word in crate::migration::STAGES {
            let is = u8::from(stage_word(position.stage) == word);
            text.sample(name, &[("route", route), ("stage", word)], is);
        }
    }
    let name = "figleaf_route_candidate_share_ratio";
    text.family(name, Kind::Gauge, "The share of callers that the candidate answers by stage.");
    for (route, position) in &routes {
        let share = match position.stage {
            Stage::Legacy | Stage::Shadow => 0.0,
            Stage::Canary(share) => f64::from(share.basis_points()) / 10_000.0,
            Stage::Primary | Stage::Standby | Stage::Retired => 1.0,
        };
        text.sample(name, &[("route", route)], share);
    }
    let name = "figleaf_route_held";
    text.family(name, Kind::Gauge, "Whether a route is held.");
    for (route, position) in &routes {
        text.sample(name, &[("route", route)], u8::from(position.held));
    }
    let name = "figleaf_route_rolled_back";
    text.family(name, Kind::Gauge, "Whether a route was rolled back and nobody has acknowledged.");
    for (route, position) in &routes {
        text.sample(name, &[("route", route)], u8::from(position.rolled_back));
    }
}

fn evidence(text: &mut Exposition, routes: &[RouteStatus]) {
    let name = "figleaf_route_gate_verdict";
    text.family(name, Kind::Gauge, "1 for what the gate says to the next step.");
    for status in routes {
        for verdict in [Verdict::Pass, Verdict::Insufficient, Verdict::Fail] {
            let is = u8::from(status.judged.verdict == verdict);
            let labels = [("route", status.route.as_str()), ("verdict", &verdict.to_string())];
            text.sample(name, &labels, is);
        }
    }
    let name = "figleaf_route_match_rate_lower_bound_ratio";
    let help = "The lower bound of the match rate since the route is where it is (Wilson, 95 %).";
    text.family(name, Kind::Gauge, help);
    for status in routes {
        let good = status.evidence.compared.saturating_sub(status.evidence.mismatched);
        let (lower, _) = wilson(good, status.evidence.compared);
        text.sample(name, &[("route", &status.route)], lower);
    }
    let name = "figleaf_route_last_legacy_call_timestamp_seconds";
    text.family(name, Kind::Gauge, "When the legacy system was last asked, to the minute.");
    for status in routes {
        let at = status.last_legacy_call.as_deref().and_then(|at| at.parse().ok());
        if let Some(at) = at.map(|at: jiff::Timestamp| at.as_second()) {
            text.sample(name, &[("route", &status.route)], at);
        }
    }
    let name = "figleaf_route_safe_to_retire";
    text.family(name, Kind::Gauge, "Whether the legacy system could be switched off for a route.");
    for status in routes {
        text.sample(name, &[("route", &status.route)], u8::from(status.safe_to_retire));
    }
}
