//! The route a request finds, and whom it would go to.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::super::check;
use super::super::output::{self, Failure, Format};
use super::request::Request;
use super::{compose, soap, sql};
use crate::plan::{HttpCall, HttpPiece, Plan, RoutePlan, Translator};
use crate::reload::Types;
use crate::server::table::{Match, Table};

/// Show what a request would become, and send nothing.
///
/// Prints the route with its place in the mapping, where each value of the request comes from,
/// and the exact envelope, request or statement a backend would get.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf explain GET /api/v1/orders/42\n  figleaf explain POST /api/v1/orders --body order.json\n\nExit codes: 0 explained; 1 the request is not valid; 2 unusable arguments or mappings."
)]
pub struct Arguments {
    /// The method, e.g. GET.
    method: String,
    /// Path and query, as a caller would write them.
    path: String,
    /// The request body; - reads stdin.
    #[arg(long, value_name = "FILE")]
    pub(super) body: Option<PathBuf>,
    /// A request header, e.g. 'Accept-Language: de'; may be repeated.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(super) headers: Vec<String>,
    /// The folder of mapping files, or one file.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "mappings",
        env = "FIGLEAF_MAPPINGS",
        hide_env_values = true
    )]
    mappings: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let loaded = check::load(&arguments.mappings, Types::Lock)?;
    let Some(plan) = &loaded.plan else {
        check::show(&loaded, Format::Human);
        return Err(Failure::new("the mappings have problems")
            .help("mend them first; `figleaf check` shows them"));
    };
    let table = Table::new(plan).map_err(Failure::new)?;
    let (path, query) = arguments.path.split_once('?').unwrap_or((&arguments.path, ""));
    let method = arguments.method.to_ascii_uppercase();
    let (route, parameters) = match table.find(&method, path) {
        Match::Route(id, parameters) => (plan.route(id), parameters),
        Match::Method(allow) => {
            return Err(Failure::usage(format!("{path} does not answer {method}"))
                .help(format!("it answers {allow}")));
        }
        Match::None => {
            let ids: Vec<&str> =
                plan.routes.iter().filter(|r| !r.is_candidate).map(|r| r.id.as_str()).collect();
            return Err(Failure::usage(format!("no route has the path {path}"))
                .help(format!("the routes are:\n      {}", ids.join("\n      "))));
        }
    };
    let request = Request::new(arguments, route, &parameters, query)?;
    head(route);
    match &route.translator {
        Translator::Http(call) => Ok(explain_http(plan, route, call, &parameters, query)),
        Translator::Soap(call) => Ok(soap::explain(plan, route, call, &request)),
        Translator::Sql(call) => Ok(sql::explain(plan, route, call, &request)),
        Translator::Compose(call) => Ok(compose::explain(plan, route, call, &request)),
    }
}

fn head(route: &RoutePlan) {
    let place = &route.place;
    output::print(&format!("route      {}\n           {}:{}\n", route.id, place.file, place.line));
}

fn explain_http(
    plan: &Plan,
    route: &RoutePlan,
    call: &HttpCall,
    parameters: &[&str],
    query: &str,
) -> ExitCode {
    let path: String = call
        .path
        .iter()
        .map(|piece| match piece {
            HttpPiece::Literal(text) => text.as_str(),
            HttpPiece::Parameter(name) => {
                let at = call.parameters.iter().position(|p| p == name);
                at.and_then(|at| parameters.get(at)).copied().unwrap_or("")
            }
        })
        .collect();
    let backend = plan.backend(call.backend);
    let question = if query.is_empty() { "" } else { "?" };
    output::print(&format!(
        "backend    {} ({}), passed through\nsends      {} {}{path}{question}{query}\n",
        backend.name,
        backend.url,
        route.method,
        backend.url.trim_end_matches('/'),
    ));
    ExitCode::SUCCESS
}
