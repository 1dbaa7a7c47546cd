//! From a request's parts to the operation's arguments, and on to the envelope.

use std::borrow::Cow;

use crate::codec::{EncodeProblem, Encoder, Json, JsonLimits, parse_json};
use crate::diagnostic::Code;
use crate::plan::{Binding, ParameterPlace, SoapCall, SourcePlan};
use crate::soap::write_envelope;

use super::Problem;
use super::attach::enveloped;
use super::input::{Input, InputProblem, RequestFacts, at_path, pluck, unknown_query, value_of};

/// The operation's arguments: what stands in the body, and header blocks by index.
#[derive(Debug)]
pub struct Arguments<'r> {
    /// The request's value.
    pub body: Json<'r>,
    /// Values of header blocks.
    pub headers: Vec<(usize, Json<'r>)>,
}

/// Puts every value where the operation wants it. All problems are found at once.
pub fn bind<'r>(
    call: &'r SoapCall,
    input: &'r Input<'r>,
    facts: RequestFacts<'r>,
) -> Result<Arguments<'r>, Box<Problem>> {
    let mut problems = unknown_query(&query_names(call), input);
    let (mut root, sent) = body(call, input, &mut problems)?;
    let mut headers: Vec<(usize, Json<'r>)> = Vec::new();
    for binding in &call.bind.bindings {
        let value = match &binding.source {
            SourcePlan::Parameter(at) => match call.bind.parameters.get(*at) {
                Some(parameter) => value_of(parameter.into(), input, &mut problems),
                None => None,
            },
            SourcePlan::Body(path) => sent.as_ref().and_then(|sent| at_path(sent, path)).cloned(),
            SourcePlan::Text(text) => Some(Json::Lexical(text.as_str().into())),
            SourcePlan::Json(text) => parse_json(text, JsonLimits::default()).ok(),
            SourcePlan::RequestId => Some(Json::Lexical(facts.id.into())),
            SourcePlan::RequestTime => Some(Json::Lexical(facts.time.into())),
            SourcePlan::Part(part, path) => facts
                .parts
                .get(*part)
                .and_then(|part| pluck(part, path))
                .filter(|v| *v != Json::Null),
        };
        let Some(value) = value else { continue };
        match binding.header {
            None => place(&mut root, binding, value, call, &mut problems),
            Some(header) => {
                if !headers.iter().any(|h| h.0 == header) {
                    headers.push((header, Json::Null));
                }
                if let Some((_, root)) = headers.iter_mut().find(|h| h.0 == header) {
                    place(root, binding, value, call, &mut problems);
                }
            }
        }
    }
    if problems.is_empty() {
        return Ok(Arguments { body: root, headers });
    }
    // What the schema says about the rest belongs into the same answer.
    if let Err(more) = encode(call, &Arguments { body: root, headers }) {
        problems.extend(
            more.into_iter().filter(|m| !problems.iter().any(|p| p.is_at(m))).collect::<Vec<_>>(),
        );
    }
    Err(Box::new(Problem::invalid(problems)))
}

/// Names of the query parameters a SOAP call takes.
pub fn query_names(call: &SoapCall) -> impl Iterator<Item = &str> + Clone {
    let parameters = call.bind.parameters.iter();
    parameters.filter(|p| p.place == ParameterPlace::Query).map(|p| p.name.as_str())
}

/// Writes the envelope of a request, without attachments; see [`message`](super::message).
pub fn envelope(call: &SoapCall, arguments: &Arguments<'_>) -> Result<Vec<u8>, Box<Problem>> {
    encode(call, arguments).map_err(|problems| Box::new(Problem::invalid(problems)))
}

/// The envelope alone.
pub(super) fn encode(
    call: &SoapCall,
    arguments: &Arguments<'_>,
) -> Result<Vec<u8>, Vec<InputProblem>> {
    let mut encoder = Encoder::new(&call.graph);
    let enveloped = enveloped(call, &arguments.body);
    encoder.content(call.request, enveloped.as_ref().unwrap_or(&arguments.body));
    let (body, mut used, wrong) = encoder.finish();
    let located = wrong.into_iter().map(|problem| locate(call, problem));
    let mut problems: Vec<InputProblem> = located.collect();
    let mut header = Vec::new();
    for (at, value) in &arguments.headers {
        let Some(block) = call.headers.get(*at) else { continue };
        let mut encoder = Encoder::new(&call.graph);
        encoder.block(&block.child, value);
        let (xml, more, wrong) = encoder.finish();
        header.extend_from_slice(&xml);
        used.extend(more.into_iter().filter(|id| !used.contains(id)).collect::<Vec<_>>());
        problems.extend(wrong.into_iter().map(|problem| locate_header(call, *at, problem)));
    }
    if problems.is_empty() {
        return Ok(write_envelope(&call.graph, call.envelope.version, &used, &header, &body));
    }
    Err(problems)
}

/// The caller's body, put under the member it becomes; and as it was, for `body.x` sources.
fn body<'r>(
    call: &'r SoapCall,
    input: &'r Input<'r>,
    problems: &mut Vec<InputProblem>,
) -> Result<(Json<'r>, Option<Json<'r>>), Box<Problem>> {
    let uses_body = || call.bind.bindings.iter().any(|b| matches!(b.source, SourcePlan::Body(_)));
    let Some(text) = input.body else {
        if call.bind.body.as_ref().is_some_and(|plan| plan.required) {
            problems.push(InputProblem::body(String::new(), "a JSON body is required"));
        }
        return Ok((Json::Object(Vec::new()), None));
    };
    let sent = parse_json(text, JsonLimits::default()).map_err(|error| {
        let mut problem = Problem::new(Code::RequestMalformed, error.to_string());
        if let Some(key) = &error.pointer {
            problem.errors.push(InputProblem::body(format!("/{key}"), "stands twice"));
        }
        Box::new(problem)
    })?;
    let copy = uses_body().then(|| sent.clone());
    let Some(plan) = &call.bind.body else {
        if copy.is_none() {
            problems.push(InputProblem::body(String::new(), "this route takes no body"));
        }
        return Ok((Json::Object(Vec::new()), copy));
    };
    let root = plan
        .target
        .iter()
        .rev()
        .fold(sent, |value, name| Json::Object(vec![(Cow::Borrowed(&**name), value)]));
    Ok((root, copy))
}

/// Sets a member; one the caller has set already is a problem, never overwritten.
fn place<'r>(
    root: &mut Json<'r>,
    binding: &'r Binding,
    value: Json<'r>,
    call: &SoapCall,
    problems: &mut Vec<InputProblem>,
) {
    let Some((last, parents)) = binding.target.split_last() else {
        *root = value;
        return;
    };
    let mut at = root;
    for name in parents {
        let Some(entries) = entries(at) else { return };
        let found = entries.iter().position(|e| *e.0 == **name).unwrap_or_else(|| {
            entries.push((Cow::Borrowed(&**name), Json::Object(Vec::new())));
            entries.len() - 1
        });
        at = &mut entries[found].1;
    }
    let Some(entries) = entries(at) else { return };
    if entries.iter().any(|e| *e.0 == **last) {
        let skip = call.bind.body.as_ref().map_or(0, |b| b.target.len());
        let pointer: String = binding.target.iter().skip(skip).map(|n| format!("/{n}")).collect();
        problems.push(InputProblem::body(pointer, "is not a member here: it comes from elsewhere"));
        return;
    }
    entries.push((Cow::Borrowed(&**last), value));
}

/// The entries of an object; a null becomes one. `None`: a scalar, which the encoder will
/// refuse by itself.
fn entries<'a, 'r>(json: &'a mut Json<'r>) -> Option<&'a mut Vec<(Cow<'r, str>, Json<'r>)>> {
    if matches!(json, Json::Null) {
        *json = Json::Object(Vec::new());
    }
    match json {
        Json::Object(entries) => Some(entries),
        _ => None,
    }
}

/// A problem of a header part as the caller knows it: the parameter or the member of the body
/// that feeds it, else the part by its name.
fn locate_header(call: &SoapCall, header: usize, problem: EncodeProblem) -> InputProblem {
    let names: Vec<&str> = problem.pointer.split('/').skip(1).collect();
    let feeds = |b: &&Binding| {
        b.header == Some(header)
            && names.len() >= b.target.len()
            && b.target.iter().zip(&names).all(|(a, b)| **a == **b)
    };
    match call.bind.bindings.iter().find(feeds).map(|binding| &binding.source) {
        Some(SourcePlan::Parameter(at)) => {
            if let Some(parameter) = call.bind.parameters.get(*at) {
                let place = parameter.place.into();
                return InputProblem::parameter(&parameter.name, place, problem.detail);
            }
        }
        Some(SourcePlan::Body(path)) => {
            let pointer = path.iter().map(|name| format!("/{name}")).collect();
            return InputProblem::body(pointer, problem.detail);
        }
        _ => {}
    }
    let part = call.headers.get(header).map_or("", |header| &*header.name);
    let member = names.join(".");
    let dot = if member.is_empty() { "" } else { "." };
    let detail = format!("header part `{part}{dot}{member}` {}", problem.detail);
    InputProblem::body(String::new(), detail)
}

/// A problem of the request as the caller knows it: a parameter, or a place in the body.
pub(super) fn locate(call: &SoapCall, problem: EncodeProblem) -> InputProblem {
    let names: Vec<&str> = problem.pointer.split('/').skip(1).collect();
    for binding in &call.bind.bindings {
        let is_it = binding.header.is_none()
            && !binding.target.is_empty()
            && names.len() >= binding.target.len()
            && binding.target.iter().zip(&names).all(|(a, b)| **a == **b);
        if let (true, SourcePlan::Parameter(at)) = (is_it, &binding.source)
            && let Some(parameter) = call.bind.parameters.get(*at)
        {
            return InputProblem::parameter(
                &parameter.name,
                parameter.place.into(),
                problem.detail,
            );
        }
    }
    let target = call.bind.body.as_ref().map_or(0, |b| b.target.len());
    let pointer: String = names.iter().skip(target).map(|n| format!("/{n}")).collect();
    InputProblem::body(pointer, problem.detail)
}
