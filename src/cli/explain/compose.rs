//! The calls of a composed answer.

use std::process::ExitCode;

use super::super::output;
use super::request::Request;
use super::{soap, sql};
use crate::plan::{ComposeCall, OnFailure, Plan, RoutePlan, Translator};

/// Prints every part; the values one takes of another are not known before it has answered.
pub(super) fn explain(
    plan: &Plan,
    route: &RoutePlan,
    call: &ComposeCall,
    request: &Request<'_>,
) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for part in &call.parts {
        let needs: Vec<&str> =
            part.needs.iter().filter_map(|at| call.parts.get(*at)).map(|p| &*p.name).collect();
        let after = match &needs[..] {
            [] => String::new(),
            needs => format!(", after {}", needs.join(", ")),
        };
        let failure = match part.on_failure {
            OnFailure::Fail => "",
            OnFailure::Null => "; `null` where it fails",
            OnFailure::Omit => "; left out where it fails",
        };
        let millis = part.timeout.as_millis();
        output::print(&format!("\npart       {}{after}, in {millis} ms{failure}\n", part.name));
        match &part.translator {
            Translator::Soap(soap) if needs.is_empty() => {
                code = soap::explain(plan, route, soap, request);
            }
            Translator::Soap(soap) => soap::values(plan, route, soap),
            Translator::Sql(sql) if needs.is_empty() => {
                code = sql::explain(plan, route, sql, request);
            }
            Translator::Sql(sql) => sql::show(plan, route, sql),
            Translator::Http(_) | Translator::Compose(_) => {}
        }
    }
    code
}
