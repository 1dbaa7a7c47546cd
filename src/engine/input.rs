//! What a caller sent, and what may be wrong with it, whatever the route becomes.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::codec::Json;
use crate::diagnostic::did_you_mean;
use crate::plan::{Parameter, ParameterPlace, SqlParameter};

/// What a caller sent, taken apart but not interpreted.
#[derive(Debug, Clone, Default)]
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
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestFacts<'r> {
    /// The correlation id.
    pub id: &'r str,
    /// Now, RFC 3339 in UTC.
    pub time: &'r str,
    /// Claims of the caller's token.
    pub claims: Option<&'r HashMap<Box<str>, Box<RawValue>>>,
    /// Answers of the other parts of a composed route, by their index; `null` where there
    /// is none yet.
    pub parts: &'r [Json<'r>],
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
    pub(super) fn parameter(name: &str, place: ProblemPlace, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.to_owned()),
            place: Some(place),
            detail: detail.into(),
        }
    }

    pub(super) fn body(pointer: String, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer), parameter: None, place: None, detail: detail.into() }
    }

    /// Whether both are about one place.
    pub(super) fn is_at(&self, other: &Self) -> bool {
        self.pointer == other.pointer && self.parameter == other.parameter
    }
}

/// A parameter of a route as far as it is looked for and checked without its type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'p> {
    pub name: &'p str,
    pub place: ParameterPlace,
    pub repeats: bool,
    pub required: bool,
    pub default: Option<&'p str>,
    pub bounds: (Option<i64>, Option<i64>),
}

impl<'p> From<&'p Parameter> for Wanted<'p> {
    fn from(parameter: &'p Parameter) -> Self {
        Self {
            name: &parameter.name,
            place: parameter.place,
            repeats: parameter.repeats,
            required: parameter.required,
            default: parameter.default.as_deref(),
            bounds: parameter.bounds,
        }
    }
}

impl<'p> From<&'p SqlParameter> for Wanted<'p> {
    fn from(parameter: &'p SqlParameter) -> Self {
        Self {
            name: &parameter.name,
            place: parameter.place,
            repeats: parameter.repeats,
            required: parameter.required,
            default: parameter.default.as_deref(),
            bounds: parameter.bounds,
        }
    }
}

/// Query parameters the route does not have.
pub fn unknown_query<'p>(
    known: &(impl Iterator<Item = &'p str> + Clone),
    input: &Input<'_>,
) -> Vec<InputProblem> {
    let mut problems = Vec::new();
    for (name, _) in &input.query {
        if known.clone().any(|known| known == &**name) {
            continue;
        }
        let detail = match did_you_mean(name, known.clone()) {
            Some(near) => format!("is not a parameter here; did you mean `{near}`?"),
            None => "is not a parameter here".to_owned(),
        };
        problems.push(InputProblem::parameter(name, ProblemPlace::Query, detail));
    }
    problems
}

/// The value of a parameter, or its default; `None` where there is neither, or where it is
/// refused.
pub(super) fn value_of<'r>(
    wanted: Wanted<'r>,
    input: &'r Input<'r>,
    problems: &mut Vec<InputProblem>,
) -> Option<Json<'r>> {
    let name = wanted.name;
    let mut found: Vec<&'r str> = match wanted.place {
        ParameterPlace::Path => input.path.iter().filter(|p| p.0 == name).map(|p| &*p.1).collect(),
        ParameterPlace::Query => {
            input.query.iter().filter(|p| *p.0 == *name).map(|p| &*p.1).collect()
        }
        ParameterPlace::Header => {
            input.headers.iter().filter(|p| p.0 == name).map(|p| &*p.1).collect()
        }
    };
    if found.is_empty() {
        found.extend(wanted.default);
    }
    let place = wanted.place.into();
    if found.is_empty() {
        if wanted.required {
            problems.push(InputProblem::parameter(name, place, "is required"));
        }
        return None;
    }
    if wanted.repeats {
        return Some(Json::Array(found.into_iter().map(|v| Json::Lexical(v.into())).collect()));
    }
    let [value] = found[..] else {
        problems.push(InputProblem::parameter(name, place, "may stand only once"));
        return None;
    };
    if let Some(detail) = out_of_bounds(value, wanted.bounds) {
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

/// A member inside a member.
pub(super) fn at_path<'a, 'r>(json: &'a Json<'r>, path: &[Box<str>]) -> Option<&'a Json<'r>> {
    path.iter().try_fold(json, |json, name| match json {
        Json::Object(entries) => entries.iter().find(|e| *e.0 == **name).map(|e| &e.1),
        _ => None,
    })
}

/// A member of a result: inside an array, that member of each of its items.
pub(super) fn pluck<'r>(json: &Json<'r>, path: &[Box<str>]) -> Option<Json<'r>> {
    let Some((name, rest)) = path.split_first() else { return Some(json.clone()) };
    match json {
        Json::Object(entries) => {
            entries.iter().find(|e| *e.0 == **name).and_then(|e| pluck(&e.1, rest))
        }
        Json::Array(items) => {
            Some(Json::Array(items.iter().filter_map(|item| pluck(item, path)).collect()))
        }
        _ => None,
    }
}
