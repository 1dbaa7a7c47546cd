//! The command: which route, which recordings, and how much may be asked.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::super::check::counted;
use super::super::output::{self, Failure};
use super::super::sourced;
use super::super::state::{Access, LiveArguments, Opened, failure};
use super::super::verify::bar;
use crate::fixture::{Store, TopUp, TopUpOptions, ToppedUp, top_up};
use crate::mapping::parse_rate;
use crate::migration::RouteStatus;
use crate::plan::{Effect, RoutePlan};
use crate::server::Compared;
use crate::strangler::{Asked, Gate, wilson};

/// Ask both sides of a route what was recorded, and count how they compare: for routes that few
/// call.
///
/// The reads among the fixtures that are the route's are sent to the real legacy system and to
/// the candidate, each different request once, and compared by the route's rules. They are
/// counted apart: at most half of what the gate asks for may come from recordings, and the rest
/// has to come from callers. Writes, and requests with redacted values, are not sent.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf evidence top-up --route 'GET /orders/{orderId}' --fixtures fixtures/\n  figleaf evidence top-up --route 'GET /stock/{articleNumber}' --budget 20 --rate 1/s\n  figleaf evidence top-up --route 'GET /orders/{orderId}' --header \"Authorization: Bearer $TOKEN\"\n\nExit codes: 0 compared, whatever came of it; 1 nothing could be compared; 2 unusable arguments or\nmappings, or no such store."
)]
pub struct Arguments {
    /// The route: `GET /api/v1/orders/{orderId}`, or without the version where that is unique.
    #[arg(long, value_name = "ROUTE")]
    route: String,
    /// The folder of fixtures.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "fixtures",
        env = "FIGLEAF_FIXTURES",
        hide_env_values = true
    )]
    fixtures: PathBuf,
    /// Calls of the legacy system, at most.
    #[arg(long, value_name = "N", default_value_t = 50)]
    budget: u64,
    /// Calls in a time: `5/s`, `100/min`, `1000/h`.
    #[arg(long, value_name = "RATE", default_value = "5/s")]
    rate: String,
    /// A header of every request, such as a token for the backends; may be repeated.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    #[command(flatten)]
    live: LiveArguments,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    sourced::folder(&arguments.fixtures)?;
    let rate = parse_rate(&arguments.rate).filter(|rate| rate.count > 0);
    let rate = rate.ok_or_else(|| {
        Failure::usage(format!("--rate: `{}` is no rate", arguments.rate))
            .help("write `5/s` or `100/min`")
    })?;
    let headers = arguments.headers.iter().map(|text| header(text)).collect::<Result<_, _>>()?;
    actix_web::rt::System::new().block_on(async {
        let opened = arguments.live.open(Access::Change).await?;
        let route = opened.route(&arguments.route)?;
        let before = status(&opened, &route).await?;
        if let Some(why) = why_not(&opened, &before) {
            output::note(&format!("{route}: {why}"));
            return Ok(ExitCode::from(1));
        }
        let gate = gate(&opened, &route);
        let room = room(&gate, &before);
        if room == 0 {
            let from = before.evidence.from_recordings;
            output::note(&format!(
                "{route}: {from} comparisons are from recordings, half of what the gate asks for: the rest has to come from callers"
            ));
            return Ok(ExitCode::from(1));
        }
        let (budget, every) = (arguments.budget.min(room), rate.per / rate.count);
        let options = TopUpOptions { route: route.clone(), budget, every, headers };
        let all = asked(&opened, &Store::new(&arguments.fixtures), &options).await?;
        if !opened.migrations.flush().await {
            return Err(Failure::new("what was found could not be written to the store"));
        }
        let after = status(&opened, &route).await?;
        output::print(&text(&route, &all, &after));
        let compared = all.iter().any(|one| {
            matches!(one.verdict, ToppedUp::Asked(Compared::Same | Compared::Differs(_)))
        });
        Ok(ExitCode::from(u8::from(!compared)))
    })
}

async fn asked(
    opened: &Opened,
    fixtures: &Store,
    options: &TopUpOptions,
) -> Result<Vec<TopUp>, Failure> {
    let bar = bar();
    let heard = &mut |one: &TopUp, count: usize| {
        bar.set_length(count as u64);
        bar.set_message(one.request.clone());
        bar.inc(1);
    };
    let both = (&opened.plan, &opened.loaded);
    let found = top_up(both, fixtures, &opened.migrations, options, heard).await;
    bar.finish_and_clear();
    let (all, problems) = found.map_err(Failure::new)?;
    for problem in &problems {
        output::note(&problem.to_string());
    }
    Ok(all)
}

fn header(text: &str) -> Result<(String, String), Failure> {
    let pair = text.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
    let pair = pair.filter(|(name, _)| http::HeaderName::try_from(*name).is_ok());
    pair.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).ok_or_else(|| {
        // Its value may be a secret, and is not repeated.
        Failure::usage("--header: that is no header").help("write 'Name: value'")
    })
}

async fn status(opened: &Opened, route: &str) -> Result<RouteStatus, Failure> {
    let all = opened.migrations.status().await.map_err(|error| failure(&error))?;
    all.into_iter()
        .find(|status| status.route == route)
        .ok_or_else(|| Failure::usage(format!("there is no route `{route}`")))
}

fn plan_of<'o>(opened: &'o Opened, route: &str) -> Option<&'o RoutePlan> {
    opened.plan.routes.iter().find(|plan| plan.id == route)
}

fn gate(opened: &Opened, route: &str) -> Gate {
    let plan = plan_of(opened, route).and_then(|plan| plan.migration.as_deref());
    plan.map(|migration| migration.gate).unwrap_or_default()
}

/// Why a route is not to be topped up at all.
fn why_not(opened: &Opened, status: &RouteStatus) -> Option<String> {
    if plan_of(opened, &status.route)?.effect == Effect::Write {
        return Some("it writes, and nothing is written for a comparison".to_owned());
    }
    let stage = status.position.stage;
    (stage.asks_besides() == Asked::Nobody)
        .then(|| format!("in {stage} nothing is compared; move it to shadow first"))
}

/// Comparisons that may still come from recordings: half of what the gate asks for, if all match.
fn room(gate: &Gate, status: &RouteStatus) -> u64 {
    (needed(gate.match_rate) / 2).saturating_sub(status.evidence.from_recordings)
}

/// Comparisons without a mismatch whose lower bound reaches a rate.
fn needed(rate: f64) -> u64 {
    const MOST: u64 = 1 << 24;
    let (mut low, mut high) = (0, MOST);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if wilson(middle, middle).0 >= rate {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

fn text(route: &str, all: &[TopUp], after: &RouteStatus) -> String {
    let mut text = String::new();
    for one in all {
        let said = match &one.verdict {
            ToppedUp::Asked(Compared::Same) => "same".to_owned(),
            ToppedUp::Asked(Compared::Differs(n)) => {
                let places = counted(usize::try_from(*n).unwrap_or(usize::MAX), "place");
                format!("DIFFERS in {places}")
            }
            ToppedUp::Asked(Compared::NoLegacy(0)) => "- no answer of the legacy system".to_owned(),
            ToppedUp::Asked(Compared::NoLegacy(status)) => {
                format!("- the legacy system failed: {status}")
            }
            ToppedUp::NotAsked(why) => format!("- not asked: {why}"),
        };
        text.push_str(&format!("{}  {said}\n", one.request));
    }
    let evidence = &after.evidence;
    text.push_str(&format!(
        "\n{route}: {} compared, {} of them from recordings, {} mismatched; the gate says {}\n",
        evidence.compared, evidence.from_recordings, evidence.mismatched, after.judged.verdict
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_gate_asks_for_is_what_wilson_says() {
        let check = |rate: f64, expected: u64| assert_eq!(needed(rate), expected, "{rate}");
        check(0.99, 268);
        check(0.995, 539);
        check(0.999, 2_703);
    }
}
