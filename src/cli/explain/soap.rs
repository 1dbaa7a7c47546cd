//! The envelope an operation would get.

use std::process::ExitCode;

use super::super::output;
use super::request::{Request, refuse};
use crate::engine::{self, Problem};
use crate::plan::{ParameterPlace, Plan, RoutePlan, SoapCall};
use crate::wsdl::SoapVersion;

pub(super) fn explain(
    plan: &Plan,
    route: &RoutePlan,
    call: &SoapCall,
    request: &Request<'_>,
) -> ExitCode {
    values(plan, route, call);
    match envelope(call, request) {
        Ok(envelope) => {
            let url = &plan.backend(call.backend).url;
            output::print(&format!(
                "sends      POST {url}\n           Content-Type: {}\n",
                call.content_type
            ));
            if let Some(action) = &call.soap_action {
                output::print(&format!("           SOAPAction: {action}\n"));
            }
            for attachment in &call.attachments {
                let (member, kind) = (&attachment.member, &attachment.content_type);
                output::print(&format!("           with `{member}` as an attachment, {kind}\n"));
            }
            output::print(&format!("\n{}\n", String::from_utf8_lossy(&envelope)));
            ExitCode::SUCCESS
        }
        Err(problem) => refuse(&problem),
    }
}

/// Whom a call goes to, where each of its values comes from, and what holds a document.
pub(super) fn values(plan: &Plan, route: &RoutePlan, call: &SoapCall) {
    let backend = plan.backend(call.backend);
    output::print(&format!(
        "backend    {} ({})\noperation  {} of {}.{}, {}\n",
        backend.name,
        backend.url,
        call.operation,
        call.service,
        call.port,
        match call.envelope.version {
            SoapVersion::V11 => "SOAP 1.1",
            SoapVersion::V12 => "SOAP 1.2",
        },
    ));
    let explanation = engine::explain(route, call);
    let width = explanation.origins.iter().map(|o| o.member.len()).max().unwrap_or(0);
    for (at, origin) in explanation.origins.iter().enumerate() {
        let title = if at == 0 { "values   " } else { "         " };
        output::print(&format!("{title}  {:width$}  ← {}\n", origin.member, origin.source));
    }
    let width = explanation.documents.iter().map(|d| d.member.len()).max().unwrap_or(0);
    for (at, document) in explanation.documents.iter().enumerate() {
        let title = if at == 0 { "documents" } else { "         " };
        output::print(&format!("{title}  {:width$}  {}\n", document.member, document.source));
    }
}

fn envelope(call: &SoapCall, request: &Request<'_>) -> Result<Vec<u8>, Box<Problem>> {
    let headers = call.bind.parameters.iter().filter(|p| p.place == ParameterPlace::Header);
    let input = request.input(headers.map(|p| p.name.as_str()));
    let bound = engine::bind(call, &input, request.facts())?;
    engine::envelope(call, &bound)
}
