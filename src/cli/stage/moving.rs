//! Moving one route, and its latches.

use std::process::ExitCode;

use clap::Args;

use super::super::output::{self, Failure};
use super::super::state::{Access, LiveArguments, Opened, failure};
use super::super::status::reasons;
use super::in_force;
use super::until::until;
use crate::migration::{ChangeAsked, MigrationError};
use crate::store::StoreError;
use crate::strangler::Stage;

/// By what the audit knows these changes.
const ORIGIN: &str = "cli";
/// Nothing was changed.
const REFUSED: u8 = 1;
/// The change is made, and an instance has not taken it over.
const NOT_EVERYWHERE: u8 = 3;

pub(super) const LATCH_HELP: &str = "Examples:\n  figleaf stage hold 'GET /orders/{orderId}' --reason 'until the audit is over'\n  figleaf stage ack 'GET /orders/{orderId}' --reason 'the candidate was mended'\n\nExit codes: 0 done, and in force on every instance; 1 refused: there is nothing to do; 2 unusable\narguments or mappings, or no such store; 3 done, but not every instance has taken it over yet.";

/// Where a route shall go.
#[derive(Debug, Args)]
pub struct MoveArguments {
    /// The route: `GET /api/v1/orders/{orderId}`, or without the version where that is unique.
    #[arg(value_name = "ROUTE", required = true)]
    route: Option<String>,
    /// legacy, shadow, canary 5%, primary, standby or retired.
    #[arg(value_name = "STAGE", required = true, num_args = 1..=2)]
    stage: Vec<String>,
    /// When the change ends, e.g. 2026-12-01T08:00:00Z: from then on the route is where the
    /// mapping says, but no further than this change let it.
    #[arg(long, value_name = "TIME", conflicts_with = "for")]
    until: Option<String>,
    /// The same, so long from now: 90s, 30m, 2h, 14d.
    #[arg(long = "for", id = "for", value_name = "TIME")]
    after: Option<String>,
    /// Why; the audit keeps it.
    #[arg(long, value_name = "TEXT", required = true)]
    reason: Option<String>,
    #[command(flatten)]
    by: ByArguments,
}

/// Which route's latch, and why.
#[derive(Debug, Args)]
pub struct LatchArguments {
    /// The route: `GET /api/v1/orders/{orderId}`, or without the version where that is unique.
    #[arg(value_name = "ROUTE")]
    route: String,
    /// Why; the audit keeps it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    by: ByArguments,
}

/// Who changes it, and where.
#[derive(Debug, Args)]
pub struct ByArguments {
    /// Who wants it; the audit keeps it. Your user's name, or number, where it is left out.
    #[arg(long, value_name = "NAME", env = "FIGLEAF_ACTOR", hide_env_values = true)]
    actor: Option<String>,
    #[command(flatten)]
    live: LiveArguments,
}

impl ByArguments {
    fn actor(&self) -> String {
        let user = || std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).ok();
        let given = self.actor.clone().or_else(user).filter(|name| !name.trim().is_empty());
        // Where nothing names the user, as in a container, the number is known all the same.
        let number = || {
            let status = std::fs::read_to_string("/proc/self/status").ok()?;
            let uid = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
            Some(format!("uid {}", uid.split_whitespace().next()?))
        };
        given.or_else(number).unwrap_or_else(|| "unknown".to_owned())
    }
}

/// What is done with a latch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latch {
    Hold,
    Release,
    Acknowledge,
}

pub(super) fn run(arguments: &MoveArguments) -> Result<ExitCode, Failure> {
    let words = arguments.stage.join(" ");
    let to = Stage::parse(&words).ok_or_else(|| {
        let help = if words.starts_with("canary") {
            "a canary has a share above 0% and below 100%, with two digits after the point at most: canary 5%"
        } else {
            "the stages are legacy, shadow, canary 5%, primary, standby and retired"
        };
        Failure::usage(format!("`{words}` is no stage")).help(help)
    })?;
    let until = until(arguments.until.as_deref(), arguments.after.as_deref())?;
    let (route, reason) = (arguments.route.as_deref(), arguments.reason.as_deref());
    let asked = |route, actor| ChangeAsked {
        route,
        to: Some(to),
        held: None,
        acknowledge: false,
        actor,
        origin: ORIGIN,
        reason: reason.unwrap_or_default().to_owned(),
        until,
    };
    change(&arguments.by, route.unwrap_or_default(), asked)
}

pub(super) fn latch(arguments: &LatchArguments, latch: Latch) -> Result<ExitCode, Failure> {
    let held = match latch {
        Latch::Hold => Some(true),
        Latch::Release => Some(false),
        Latch::Acknowledge => None,
    };
    let asked = |route, actor| ChangeAsked {
        route,
        to: None,
        held,
        acknowledge: latch == Latch::Acknowledge,
        actor,
        origin: ORIGIN,
        reason: arguments.reason.clone(),
        until: None,
    };
    change(&arguments.by, &arguments.route, asked)
}

fn change(
    by: &ByArguments,
    route: &str,
    asked: impl FnOnce(String, String) -> ChangeAsked,
) -> Result<ExitCode, Failure> {
    actix_web::rt::System::new().block_on(async {
        let opened = by.live.open(Access::Change).await?;
        let asked = asked(opened.route(route)?, by.actor());
        if asked.reason.trim().is_empty() {
            return Err(Failure::usage("--reason is empty: the audit keeps why"));
        }
        let before = opened.migrations.position(&asked.route).stage;
        let (route, nothing) = (asked.route.clone(), nothing(&asked));
        match opened.migrations.change(asked).await {
            Ok(epoch) => {
                said(&opened, &route, before);
                let everywhere = in_force::wait(&opened.migrations, epoch).await?;
                Ok(if everywhere { ExitCode::SUCCESS } else { ExitCode::from(NOT_EVERYWHERE) })
            }
            Err(MigrationError::Nothing) => {
                output::note(&format!("{route} stays in {before}: {nothing}"));
                Ok(ExitCode::from(REFUSED))
            }
            Err(error) => refused(&route, before, &error),
        }
    })
}

/// Why there is nothing to do with a latch.
fn nothing(asked: &ChangeAsked) -> &'static str {
    match asked.held {
        Some(true) => "it is held already",
        Some(false) => "it is not held",
        None => "no rollback of it waits to be acknowledged",
    }
}

fn said(opened: &Opened, route: &str, before: Stage) {
    let after = opened.migrations.position(route);
    let stage = if after.stage == before {
        before.to_string()
    } else {
        format!("{before} → {}", after.stage)
    };
    let latches = [("held", after.held), ("rolled back", after.rolled_back)];
    let set: String =
        latches.iter().filter(|(_, set)| *set).map(|(name, _)| format!(", {name}")).collect();
    output::print(&format!("{route}: {stage}{set}\n"));
}

/// Why nothing was changed: for people, with all a gate looked at.
fn refused(route: &str, stage: Stage, error: &MigrationError) -> Result<ExitCode, Failure> {
    match error {
        MigrationError::Gate(judged) => {
            output::note(&format!("{route} stays in {stage}: the gate says {}", judged.verdict));
            output::print(&reasons(judged, output::page()));
        }
        MigrationError::NoMove(_) | MigrationError::CoolDown(_) | MigrationError::Nothing => {
            output::note(&format!("{route} stays in {stage}: {error}"));
        }
        MigrationError::Store(StoreError::Conflict { .. }) => {
            output::note(&format!("{route} is not changed: {error}; look at it again"));
        }
        MigrationError::Until(_) => {
            return Err(Failure::usage(format!("--until: {error}"))
                .help("give a time in the future, or so long from now with --for 2h"));
        }
        MigrationError::NoRoute(_) => return Err(Failure::usage(error.to_string())),
        MigrationError::Store(_) => return Err(failure(error)),
    }
    Ok(ExitCode::from(REFUSED))
}
