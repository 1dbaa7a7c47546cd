//! From a request's parts to the operation's arguments, and on to the envelope.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::codec::{EncodeProblem, Encoder, Json, JsonLimits, parse_json};
use crate::diagnostic::{Code, did_you_mean};
use crate::plan::{Binding, Parameter, ParameterPlace, SoapCall, SourcePlan};
use crate::soap::write_envelope;

use super::Problem;

/// What a caller sent, taken apart but not interpreted.
#[derive(Debug, Default)]
pub struct Input<'r> {
    /// Path parameters, decoded.
    pub path: Vec<(&'r str, Cow<'r, str>)>,
    /// Query pairs, decoded, in order.
    pub query: Vec<(Cow<'r, str>, Cow<'r, str>)>,
    /// Headers the route asks for, lower-case name and value.
    pub headers: Vec<(&'r str, Cow<'r, str>)>,
    /// The body, if there is one.
    pub body: Option<&'r str>,
}

/// Facts about the request that a mapping may send on.
#[derive(Debug, Clone, Copy)]
pub struct RequestFacts<'r> {
    /// The correlation id.
    pub id: &'r str,
    /// Now, RFC 3339 in UTC.
    pub time: &'r str,
}

/// Where in a request a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProblemPlace {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
}

impl From<ParameterPlace> for ProblemPlace {
    fn from(place: ParameterPlace) -> Self {
        match place {
            ParameterPlace::Path => Self::Path,
            ParameterPlace::Query => Self::Query,
            ParameterPlace::Header => Self::Header,
        }
    }
}

/// One thing wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InputProblem {
    /// JSON pointer into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The parameter, where it is not in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Where the parameter is.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub place: Option<ProblemPlace>,
    /// What is wrong.
    pub detail: String,
}

impl InputProblem {
    fn parameter(name: &str, place: ProblemPlace, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.to_owned()),
            place: Some(place),
            detail: detail.into(),
        }
    }

    fn body(pointer: String, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer), parameter: None, place: None, detail: detail.into() }
    }
}

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
    let mut problems = Vec::new();
    unknown_query(call, input, &mut problems);
    let (mut root, sent) = body(call, input, &mut problems)?;
    let mut headers: Vec<(usize, Json<'r>)> = Vec::new();
    for binding in &call.bind.bindings {
        let value = match &binding.source {
            SourcePlan::Parameter(at) => match call.bind.parameters.get(*at) {
                Some(parameter) => value_of(parameter, input, &mut problems),
                None => None,
            },
            SourcePlan::Body(path) => sent.as_ref().and_then(|sent| at_path(sent, path)).cloned(),
            SourcePlan::Text(text) => Some(Json::Lexical(text.as_str().into())),
            SourcePlan::Json(text) => parse_json(text, JsonLimits::default()).ok(),
            SourcePlan::RequestId => Some(Json::Lexical(facts.id.into())),
            SourcePlan::RequestTime => Some(Json::Lexical(facts.time.into())),
            SourcePlan::Part(..) => None,
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
            more.into_iter()
                .filter(|m| !problems.iter().any(|p| same_place(p, m)))
                .collect::<Vec<_>>(),
        );
    }
    Err(Box::new(invalid(problems)))
}

/// Writes the envelope of a request.
pub fn envelope(call: &SoapCall, arguments: &Arguments<'_>) -> Result<Vec<u8>, Box<Problem>> {
    encode(call, arguments).map_err(|problems| Box::new(invalid(problems)))
}

fn encode(call: &SoapCall, arguments: &Arguments<'_>) -> Result<Vec<u8>, Vec<InputProblem>> {
    let mut encoder = Encoder::new(&call.graph);
    encoder.content(call.request, &arguments.body);
    let (body, mut used, mut problems) = encoder.finish();
    let mut header = Vec::new();
    for (at, value) in &arguments.headers {
        let Some(block) = call.headers.get(*at) else { continue };
        let mut encoder = Encoder::new(&call.graph);
        encoder.block(&block.child, value);
        let (xml, more, wrong) = encoder.finish();
        header.extend_from_slice(&xml);
        used.extend(more.into_iter().filter(|id| !used.contains(id)).collect::<Vec<_>>());
        problems.extend(wrong);
    }
    if problems.is_empty() {
        return Ok(write_envelope(&call.graph, call.envelope.version, &used, &header, &body));
    }
    Err(problems.into_iter().map(|problem| locate(call, problem)).collect())
}

fn invalid(errors: Vec<InputProblem>) -> Problem {
    let count = errors.len();
    let detail = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
    Problem { errors, ..Problem::new(Code::RequestInvalid, detail) }
}

fn same_place(a: &InputProblem, b: &InputProblem) -> bool {
    a.pointer == b.pointer && a.parameter == b.parameter
}

fn unknown_query(call: &SoapCall, input: &Input<'_>, problems: &mut Vec<InputProblem>) {
    let known = || call.bind.parameters.iter().filter(|p| p.place == ParameterPlace::Query);
    for (name, _) in &input.query {
        if known().any(|p| p.name == **name) {
            continue;
        }
        let detail = match did_you_mean(name, known().map(|p| p.name.as_str())) {
            Some(near) => format!("is not a parameter here; did you mean `{near}`?"),
            None => "is not a parameter here".to_owned(),
        };
        problems.push(InputProblem::parameter(name, ProblemPlace::Query, detail));
    }
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

fn value_of<'r>(
    parameter: &'r Parameter,
    input: &'r Input<'r>,
    problems: &mut Vec<InputProblem>,
) -> Option<Json<'r>> {
    let name = parameter.name.as_str();
    let mut found: Vec<&'r str> = match parameter.place {
        ParameterPlace::Path => input.path.iter().filter(|p| p.0 == name).map(|p| &*p.1).collect(),
        ParameterPlace::Query => {
            input.query.iter().filter(|p| *p.0 == *name).map(|p| &*p.1).collect()
        }
        ParameterPlace::Header => {
            input.headers.iter().filter(|p| p.0 == name).map(|p| &*p.1).collect()
        }
    };
    if found.is_empty() {
        found.extend(parameter.default.as_deref());
    }
    let place = parameter.place.into();
    if found.is_empty() {
        if parameter.required {
            problems.push(InputProblem::parameter(name, place, "is required"));
        }
        return None;
    }
    if parameter.repeats {
        return Some(Json::Array(found.into_iter().map(|v| Json::Lexical(v.into())).collect()));
    }
    let [value] = found[..] else {
        problems.push(InputProblem::parameter(name, place, "may stand only once"));
        return None;
    };
    if let Some(detail) = out_of_bounds(value, parameter.bounds) {
        problems.push(InputProblem::parameter(name, place, detail));
        return None;
    }
    Some(Json::Lexical(value.into()))
}

/// What is wrong with a number outside the mapping's bounds. Text that is no number is left
/// to the schema.
fn out_of_bounds(text: &str, (min, max): (Option<i64>, Option<i64>)) -> Option<String> {
    if min.is_none() && max.is_none() {
        return None;
    }
    let text = text.trim();
    // The long way round where an i128 does not hold it: only which side it is on matters.
    #[expect(clippy::cast_precision_loss, reason = "bounds that large are approximate anyway")]
    let below = |bound: i64| match text.parse::<i128>() {
        Ok(number) => Some(number.cmp(&i128::from(bound))),
        Err(_) => text.parse::<f64>().ok()?.partial_cmp(&(bound as f64)),
    };
    let outside =
        |bound: Option<i64>, side| bound.filter(|bound| below(*bound).is_some_and(|s| s == side));
    if let Some(min) = outside(min, Ordering::Less) {
        return Some(format!("must be at least {min}"));
    }
    outside(max, Ordering::Greater).map(|max| format!("must be at most {max}"))
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

fn at_path<'a, 'r>(json: &'a Json<'r>, path: &[Box<str>]) -> Option<&'a Json<'r>> {
    path.iter().try_fold(json, |json, name| match json {
        Json::Object(entries) => entries.iter().find(|e| *e.0 == **name).map(|e| &e.1),
        _ => None,
    })
}

/// A problem of the request as the caller knows it: a parameter, or a place in the body.
fn locate(call: &SoapCall, problem: EncodeProblem) -> InputProblem {
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
