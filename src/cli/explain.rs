//! `figleaf explain`: what a request would become, without sending anything.

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use percent_encoding::percent_decode_str;

use super::check;
use super::output::{self, Failure, Format};
use crate::engine::{self, Input, Problem, RequestFacts};
use crate::plan::{HttpCall, HttpPiece, ParameterPlace, Plan, RoutePlan, SoapCall, Translator};
use crate::reload::Types;
use crate::server::table::{Match, Table};

/// Show what a request would become, and send nothing.
///
/// Prints the route with its place in the mapping, where each value of the request comes from,
/// and the exact envelope or request a backend would get.
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
    body: Option<PathBuf>,
    /// A request header, e.g. 'Accept-Language: de'; may be repeated.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
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
            let ids: Vec<&str> = plan.routes.iter().map(|r| r.id.as_str()).collect();
            return Err(Failure::usage(format!("no route has the path {path}"))
                .help(format!("the routes are:\n      {}", ids.join("\n      "))));
        }
    };
    match &route.translator {
        Translator::Http(call) => Ok(explain_http(plan, route, call, &parameters, query)),
        Translator::Soap(call) => explain_soap(arguments, plan, route, call, &parameters, query),
        Translator::Sql(_) | Translator::Compose(_) => Err(Failure::new("not explained yet")),
    }
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
        "route      {}\n           {}:{}\nbackend    {} ({}), passed through\nsends      {} {}{path}{question}{query}\n",
        route.id,
        route.place.file,
        route.place.line,
        backend.name,
        backend.url,
        route.method,
        backend.url.trim_end_matches('/'),
    ));
    ExitCode::SUCCESS
}

fn explain_soap(
    arguments: &Arguments,
    plan: &Plan,
    route: &RoutePlan,
    call: &SoapCall,
    parameters: &[&str],
    query: &str,
) -> Result<ExitCode, Failure> {
    let backend = plan.backend(call.backend);
    output::print(&format!(
        "route      {}\n           {}:{}\nbackend    {} ({})\noperation  {} of {}.{}, {}\n",
        route.id,
        route.place.file,
        route.place.line,
        backend.name,
        backend.url,
        call.operation,
        call.service,
        call.port,
        match call.envelope.version {
            crate::wsdl::SoapVersion::V11 => "SOAP 1.1",
            crate::wsdl::SoapVersion::V12 => "SOAP 1.2",
        },
    ));
    let explanation = engine::explain(route, call);
    let width = explanation.origins.iter().map(|o| o.member.len()).max().unwrap_or(0);
    for (at, origin) in explanation.origins.iter().enumerate() {
        let title = if at == 0 { "values   " } else { "         " };
        output::print(&format!("{title}  {:width$}  ← {}\n", origin.member, origin.source));
    }
    let body = read_body(arguments)?;
    let envelope = translate(arguments, route, call, parameters, query, body.as_deref());
    match envelope {
        Ok(envelope) => {
            output::print(&format!(
                "sends      POST {}\n           Content-Type: {}\n",
                backend.url, call.content_type
            ));
            if let Some(action) = &call.soap_action {
                output::print(&format!("           SOAPAction: {action}\n"));
            }
            output::print(&format!("\n{}\n", String::from_utf8_lossy(&envelope)));
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => {
            output::note(&format!(
                "error[{}]: {} {}",
                problem.code,
                problem.code.title(),
                problem.detail
            ));
            for error in &problem.errors {
                let place = match (&error.parameter, &error.pointer) {
                    (Some(parameter), _) => parameter.as_str(),
                    (None, Some(pointer)) if !pointer.is_empty() => pointer.as_str(),
                    _ => "body",
                };
                output::note(&format!("  {place} {}", error.detail));
            }
            Ok(ExitCode::from(1))
        }
    }
}

fn read_body(arguments: &Arguments) -> Result<Option<String>, Failure> {
    let Some(path) = &arguments.body else { return Ok(None) };
    let read = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    read.map(Some)
        .map_err(|error| Failure::new(format!("`{}` cannot be read: {error}", path.display())))
}

fn translate(
    arguments: &Arguments,
    route: &RoutePlan,
    call: &SoapCall,
    parameters: &[&str],
    query: &str,
    body: Option<&str>,
) -> Result<Vec<u8>, Box<Problem>> {
    let decode = |text: &str| -> Cow<'static, str> {
        let spaced = text.replace('+', " ");
        Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
    };
    let mut input = Input { body, ..Input::default() };
    let names = route.path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
    for (name, value) in names.zip(parameters) {
        input.path.push((name, percent_decode_str(value).decode_utf8_lossy()));
    }
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        input.query.push((decode(name), decode(value)));
    }
    for parameter in call.bind.parameters.iter().filter(|p| p.place == ParameterPlace::Header) {
        let given = arguments.headers.iter().filter_map(|h| h.split_once(':'));
        for (_, value) in
            given.filter(|(name, _)| name.trim().eq_ignore_ascii_case(&parameter.name))
        {
            input.headers.push((parameter.name.as_str(), Cow::Borrowed(value.trim())));
        }
    }
    let time = jiff::Timestamp::now().to_string();
    let facts = RequestFacts { id: "the-correlation-id", time: &time, ..RequestFacts::default() };
    let bound = engine::bind(call, &input, facts)?;
    engine::envelope(call, &bound)
}
