//! What is known of a candidate.

use std::collections::BTreeMap;
use std::time::Duration;

use maud::{Markup, html};
use serde_json::Value;

use super::chart::{self, Shown};
use super::words;
use crate::migration::{History, RouteStatus};
use crate::store::Exemplar;
use crate::strangler::{Latencies, Traffic};

/// Examples shown of one kind.
const EXAMPLES_MAX: usize = 5;
/// Kinds of mismatches shown.
const KINDS_MAX: usize = 100;

/// Everything the gate looked at.
pub(super) fn gate(status: &RouteStatus) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-label="What the gate says" { table class="gate" {
            thead { tr { th scope="col" { "What" } th scope="col" { "Says" } th scope="col" { "Measured" } th scope="col" { "Wanted" } } }
            tbody {
                @for reason in &status.judged.reasons {
                    tr {
                        th scope="row" { (reason.what) }
                        td { (words::verdict(reason.verdict)) }
                        td { (reason.measured) }
                        td { (reason.wanted) }
                    }
                }
            }
        } }
    }
}

/// Calls of both sides since the route is where it is.
pub(super) fn sides(status: &RouteStatus) -> Markup {
    let evidence = &status.evidence;
    let rows: [(&str, Traffic, Traffic, Latencies); 2] = [
        ("legacy system", status.callers.0, evidence.legacy, evidence.legacy_took),
        ("candidate", status.callers.1, evidence.candidate, evidence.candidate_took),
    ];
    html! {
        div class="wide" tabindex="0" role="region" aria-label="Calls" { table {
            thead { tr {
                th scope="col" { "Side" }
                th scope="col" class="n" { "Callers" }
                th scope="col" class="n" { "All calls" }
                th scope="col" class="n" { "Failed" }
                th scope="col" class="n" { "p95" }
                th scope="col" class="n" { "p99" }
            } }
            tbody {
                @for (name, callers, calls, took) in rows {
                    tr {
                        th scope="row" { (name) }
                        td class="n" { (words::number(callers.requests)) }
                        td class="n" { (words::number(calls.requests)) }
                        td class="n" { (words::number(calls.failed)) " " span class="dim" { (words::percent(calls.failed, calls.requests)) } }
                        td class="n" { (ms(took, took.p95)) }
                        td class="n" { (ms(took, took.p99)) }
                    }
                }
            }
        } }
    }
}

fn ms(took: Latencies, time: Duration) -> String {
    if took.count == 0 { "–".to_owned() } else { format!("{:.1} ms", time.as_secs_f64() * 1e3) }
}

/// Comparisons over time, and mismatches by class and place with their examples.
pub(super) fn comparisons(
    status: &RouteStatus,
    history: &History,
    exemplars: &[Exemplar],
) -> Markup {
    let shown = Shown {
        names: ("compared", "differ"),
        of: |moment| (moment.compared, moment.mismatched),
        class: "differs",
        shares: false,
    };
    let mut examples: BTreeMap<(&str, &str), Vec<&Exemplar>> = BTreeMap::new();
    for exemplar in exemplars {
        examples.entry((&exemplar.class, &exemplar.path)).or_default().push(exemplar);
    }
    // What is only left of an earlier stage is shown as well, without a count.
    let mut kinds: Vec<(&str, &str, u64)> = status
        .mismatches
        .iter()
        .map(|(class, place, n)| (class.as_str(), place.as_str(), *n))
        .collect();
    let counted = |class: &str, place: &str| {
        status.mismatches.iter().any(|(c, p, _)| c == class && p == place)
    };
    kinds.extend(examples.keys().filter(|(c, p)| !counted(c, p)).map(|(c, p)| (*c, *p, 0)));
    html! {
        @if history.moments.iter().any(|moment| moment.compared > 0) {
            (chart::bars(history, shown, "Answers compared and those that differ, over time"))
            p class="legend" { span { i class="key whole" {} "compared" } span { i class="key differs" {} "differ" } }
        }
        @if kinds.is_empty() {
            p class="empty" {
                @if status.evidence.compared == 0 { "Nothing was compared in this stage yet." }
                @else { "No answer differed since the route is where it is." }
            }
        }
        @for (at, (class, place, n)) in kinds.iter().take(KINDS_MAX).enumerate() {
            details class="kind" open[at < 3] {
                summary {
                    code { (place) } " " span class="mark class" { (class_words(class)) } " "
                    @if *n > 0 { b { (words::number(*n)) } span class="dim" { " times" } }
                    @else { span class="dim" { "in an earlier stage" } }
                }
                @match examples.get(&(*class, *place)) {
                    Some(examples) => (side_by_side(examples)),
                    None => p class="empty" { "No example is kept of it." },
                }
            }
        }
        @if kinds.len() > KINDS_MAX { p class="dim" { "and " (kinds.len() - KINDS_MAX) " more" } }
        @if !examples.is_empty() {
            p class="dim" { "Values are masked: the kind, the length, and a mark that equal values share." }
        }
    }
}

/// The rules as they are written, and what is to be said of them.
pub(super) fn rules(status: &RouteStatus, written: &[String]) -> Markup {
    html! {
        @if written.is_empty() { p class="empty" { "Nothing may differ: this route has no rules." } }
        @else {
            ul class="rules" { @for rule in written { li { code { (rule) } } } }
            @if status.rules.is_empty() {
                p class="empty" { "None of them is known to match nothing, or to hide what never varies." }
            }
        }
        @if !status.rules.is_empty() {
            ul class="notice wait" { @for said in &status.rules { li { (said) } } }
        }
    }
}

fn side_by_side(examples: &[&Exemplar]) -> Markup {
    // The newest of those that are alike, and how many there are.
    let mut kinds: Vec<(&Exemplar, usize)> = Vec::new();
    for example in examples {
        match kinds.iter_mut().find(|(first, _)| first.body == example.body) {
            Some((_, n)) => *n += 1,
            None => kinds.push((example, 1)),
        }
    }
    html! {
        div class="wide" tabindex="0" role="region" aria-label="Examples" { table class="sides" {
            thead { tr { th scope="col" { "Where" } th scope="col" { "Legacy system" } th scope="col" { "Candidate" } th scope="col" { "When" } } }
            tbody {
                @for (example, n) in kinds.iter().take(EXAMPLES_MAX) {
                    @let body: Value = serde_json::from_str(&example.body).unwrap_or_default();
                    @let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("–").to_owned();
                    tr {
                        td { code { (text("at")) } @if body.get("critical") == Some(&Value::Bool(true)) { " " span class="mark verdict fail" { "critical" } } }
                        td class="old" { code { (text("legacy")) } }
                        td class="new" { code { (text("candidate")) } }
                        td { (words::time(&example.at)) @if *n > 1 { span class="dim" { " and " (n - 1) " alike" } } }
                    }
                }
            }
        } }
    }
}

/// `ErrorAndOk` as words.
fn class_words(class: &str) -> String {
    let mut words = String::new();
    for (at, letter) in class.char_indices() {
        if at > 0 && letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
