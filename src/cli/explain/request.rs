//! The request to explain, taken apart like one that came over HTTP.

use std::borrow::Cow;
use std::process::ExitCode;

use percent_encoding::percent_decode_str;

use super::super::output::{self, Failure};
use super::run::Arguments;
use crate::engine::{Input, Problem, RequestFacts};
use crate::plan::RoutePlan;

/// What the arguments stand for.
pub(super) struct Request<'a> {
    path: Vec<(&'a str, &'a str)>,
    query: &'a str,
    headers: &'a [String],
    body: Option<String>,
    time: String,
}

impl<'a> Request<'a> {
    pub(super) fn new(
        arguments: &'a Arguments,
        route: &'a RoutePlan,
        parameters: &[&'a str],
        query: &'a str,
    ) -> Result<Self, Failure> {
        let names = route.path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
        Ok(Self {
            path: names.zip(parameters.iter().copied()).collect(),
            query,
            headers: &arguments.headers,
            body: read_body(arguments)?,
            time: jiff::Timestamp::now().to_string(),
        })
    }

    /// The request with the headers named, in lower case.
    pub(super) fn input<'r>(&'r self, headers: impl Iterator<Item = &'r str>) -> Input<'r> {
        let decode = |text: &str| -> Cow<'static, str> {
            let spaced = text.replace('+', " ");
            Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
        };
        let mut input = Input { body: self.body.as_deref(), ..Input::default() };
        for (name, value) in &self.path {
            input.path.push((name, percent_decode_str(value).decode_utf8_lossy()));
        }
        for pair in self.query.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            input.query.push((decode(name), decode(value)));
        }
        for wanted in headers {
            let given = self.headers.iter().filter_map(|header| header.split_once(':'));
            for (_, value) in given.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)) {
                input.headers.push((wanted, Cow::Borrowed(value.trim())));
            }
        }
        input
    }

    pub(super) fn facts(&self) -> RequestFacts<'_> {
        RequestFacts { id: "the-correlation-id", time: &self.time, ..RequestFacts::default() }
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

/// Prints why a request is not valid.
pub(super) fn refuse(problem: &Problem) -> ExitCode {
    let title = problem.code.title();
    output::note(&format!("error[{}]: {title} {}", problem.code, problem.detail));
    for error in &problem.errors {
        let place = match (&error.parameter, &error.pointer) {
            (Some(parameter), _) => parameter.as_str(),
            (None, Some(pointer)) if !pointer.is_empty() => pointer.as_str(),
            _ => "body",
        };
        output::note(&format!("  {place} {}", error.detail));
    }
    ExitCode::from(1)
}
