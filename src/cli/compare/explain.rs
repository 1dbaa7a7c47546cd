//! The command: which answers, and by which rules.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::super::output::{self, Failure, Format};
use super::super::{check, route_name};
use super::show;
use crate::plan::MigrationPlan;
use crate::reload::Types;
use crate::strangler::{Answer, Comparer, Comparison};

/// Bytes of a file that is compared.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Show every path where two answers differ, the rule that decides there, and the verdict.
///
/// The first file is the legacy system's answer, the second the candidate's: JSON, or empty for
/// no body. They are compared as shadow does, by the rules of --route; without a route by none,
/// and then no mapping is read. Nothing is sent, and nothing is counted.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf compare explain legacy.json candidate.json --route 'GET /orders/{orderId}'\n  figleaf compare explain a.json b.json --status 200,404\n  figleaf compare explain a.json b.json --route 'GET /stock/{articleNumber}' --format json\n\nA path is written as in a mapping, with its index: lines[0].unitPrice.\n\nExit codes: 0 they match; 1 they do not; 2 unusable arguments, mappings or files."
)]
pub struct Arguments {
    /// The legacy system's answer.
    #[arg(value_name = "LEGACY")]
    legacy: PathBuf,
    /// The candidate's answer.
    #[arg(value_name = "CANDIDATE")]
    candidate: PathBuf,
    /// The route whose rules decide: `GET /api/v1/orders/{orderId}`, or without the version where
    /// that is unique.
    #[arg(long, value_name = "ROUTE")]
    route: Option<String>,
    /// The statuses of both answers.
    #[arg(long, value_name = "LEGACY,CANDIDATE", default_value = "200,200")]
    status: String,
    /// The folder of mapping files, or one file.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "mappings",
        env = "FIGLEAF_MAPPINGS",
        hide_env_values = true
    )]
    mappings: PathBuf,
    /// Whether people or programs read it.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// What was compared, and what came of it.
pub(super) struct Explained {
    /// The route whose rules decided.
    pub route: Option<String>,
    /// Its rules as they are written.
    pub rules: Vec<String>,
    /// The largest share its gate lets rules hide.
    pub hidden_max: f64,
    pub statuses: (u16, u16),
    pub comparison: Comparison,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let statuses = statuses(&arguments.status)?;
    let (legacy, candidate) = (read(&arguments.legacy)?, read(&arguments.candidate)?);
    let found = arguments.route.as_deref().map(|route| found(route, &arguments.mappings));
    let (route, plan) = found.transpose()?.unzip();
    let answer = |status, body| Answer { status, headers: &[], body };
    let comparer = plan.as_ref().map_or_else(Comparer::default, |plan| plan.comparer.clone());
    let comparison =
        comparer.explain(answer(statuses.0, &legacy), Some(answer(statuses.1, &candidate)));
    let is_match = comparison.is_match();
    let hidden_max = plan
        .as_ref()
        .map_or_else(|| crate::strangler::Gate::default().hidden_max, |p| p.gate.hidden_max);
    let rules = plan.map(|plan| plan.rules).unwrap_or_default();
    let explained = Explained { route, rules, hidden_max, statuses, comparison };
    output::print(&match arguments.format {
        Format::Human => show::human(&explained, output::page()),
        Format::Json => format!("{:#}\n", show::machine(&explained)),
    });
    Ok(ExitCode::from(u8::from(!is_match)))
}

/// The migration of a route.
fn found(given: &str, mappings: &Path) -> Result<(String, MigrationPlan), Failure> {
    let loaded = check::load(mappings, Types::Lock)?;
    let Some(plan) = &loaded.plan else {
        check::show(&loaded, Format::Human);
        return Err(Failure::new("the mappings have problems")
            .help("mend them first; `figleaf check` shows them"));
    };
    let on_their_way = || plan.routes.iter().filter_map(|r| Some((r, r.migration.as_deref()?)));
    let names: Vec<&str> = on_their_way().map(|(route, _)| route.id.as_str()).collect();
    let name = route_name::find(given, &names)?;
    let migration = on_their_way().find(|(route, _)| route.id == name);
    let (_, migration) =
        migration.ok_or_else(|| Failure::usage(format!("there is no `{name}`")))?;
    Ok((name, migration.clone()))
}

fn statuses(text: &str) -> Result<(u16, u16), Failure> {
    let one = |text: &str| text.trim().parse().ok().filter(|status| (100..600).contains(status));
    let both = text.split_once(',').and_then(|(a, b)| Some((one(a)?, one(b)?)));
    both.ok_or_else(|| {
        Failure::usage(format!("--status: `{text}` is not two statuses"))
            .help("write the legacy system's and the candidate's: 200,404")
    })
}

fn read(path: &Path) -> Result<String, Failure> {
    let cannot = |why: String| Failure::new(format!("`{}` cannot be read: {why}", path.display()));
    let length = std::fs::metadata(path).map_err(|error| cannot(error.to_string()))?.len();
    if length > FILE_BYTES_MAX {
        return Err(cannot(format!("it has {length} bytes, more than {FILE_BYTES_MAX}")));
    }
    std::fs::read_to_string(path).map_err(|error| cannot(error.to_string()))
}
