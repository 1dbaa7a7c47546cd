//! What a call would do, without doing it.

use crate::plan::{ParameterPlace, RoutePlan, SoapCall, SourcePlan};

/// Where one value of the request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The member of the request, dotted.
    pub member: String,
    /// Where its value comes from, in words.
    pub source: String,
}

/// A route explained.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The route's id.
    pub route: String,
    /// Where each value comes from.
    pub origins: Vec<Origin>,
}

/// Explains where a SOAP route's values come from.
#[must_use]
pub fn explain(route: &RoutePlan, call: &SoapCall) -> Explanation {
    let mut origins: Vec<Origin> = call
        .bind
        .bindings
        .iter()
        .map(|binding| {
            let mut member = binding.target.join(".");
            if let Some(block) = binding.header.and_then(|at| call.headers.get(at)) {
                member = format!(
                    "header.{}{}{member}",
                    block.name,
                    if member.is_empty() { "" } else { "." }
                );
            }
            let source = match &binding.source {
                SourcePlan::Parameter(at) => {
                    call.bind.parameters.get(*at).map_or(String::new(), |p| {
                        let place = match p.place {
                            ParameterPlace::Path => "path",
                            ParameterPlace::Query => "query",
                            ParameterPlace::Header => "header",
                        };
                        match &p.default {
                            Some(default) => format!("{place}.{} (default {default})", p.name),
                            None => format!("{place}.{}", p.name),
                        }
                    })
                }
                SourcePlan::Body(path) => format!("body.{}", path.join(".")),
                SourcePlan::Text(text) => format!("constant {text:?}"),
                SourcePlan::Json(text) => format!("constant {text}"),
                SourcePlan::RequestId => "the correlation id".to_owned(),
                SourcePlan::RequestTime => "the time of the request".to_owned(),
                SourcePlan::Part(part, path) => format!("part {part}: {}", path.join(".")),
            };
            Origin { member, source }
        })
        .collect();
    if let Some(body) = &call.bind.body {
        let member = if body.target.is_empty() { "*".to_owned() } else { body.target.join(".") };
        origins.push(Origin { member, source: "the request body".to_owned() });
    }
    Explanation { route: route.id.clone(), origins }
}
