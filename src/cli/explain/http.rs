//! The request a modern service would get.

use std::process::ExitCode;

use super::super::output;
use crate::plan::{HttpCall, HttpPiece, Plan, RoutePlan};
use crate::server::query_there;

pub(super) fn explain(
    plan: &Plan,
    route: &RoutePlan,
    call: &HttpCall,
    (parameters, query): (&[&str], &str),
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
    let query = query_there(query, call);
    output::print(&format!(
        "backend    {} ({}), passed through\nsends      {} {}{path}{question}{query}\n",
        backend.name,
        backend.url,
        route.method,
        backend.url.trim_end_matches('/'),
    ));
    ExitCode::SUCCESS
}
