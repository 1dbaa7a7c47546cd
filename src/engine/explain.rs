//! What a call would do, without doing it.

use std::collections::HashSet;

use crate::codec::{Graph, Markup, Node, NodeId, Shape};
use crate::plan::{
    ParameterPlace, RoutePlan, SoapCall, SourcePlan, SqlBinding, SqlCall, SqlSource,
};

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
    /// Members that hold a document, and which.
    pub documents: Vec<Origin>,
}

/// Members that are looked at for documents.
const MEMBERS_MAX: usize = 10_000;

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
    let mut documents = documents(&call.graph, call.request, "");
    if let Some(response) = call.response {
        documents.extend(self::documents(&call.graph, response, "answer."));
    }
    Explanation { route: route.id.clone(), origins, documents }
}

/// Members under a type that hold a document, each the first time its type is met.
fn documents(graph: &Graph, root: NodeId, prefix: &str) -> Vec<Origin> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut pending = vec![(root, String::new())];
    while let Some((node, path)) = pending.pop() {
        if seen.len() >= MEMBERS_MAX || !seen.insert(node) {
            continue;
        }
        match graph.node(node) {
            Node::Opened(opened) => {
                let name = root_name(graph, opened.document);
                let how = match opened.markup {
                    Markup::Elements => "as elements",
                    Markup::Text => "as text",
                    Markup::Cdata => "in CDATA",
                };
                let member = format!("{prefix}{path}").trim_end_matches('.').to_owned();
                found.push(Origin { member, source: format!("a document `{name}`, {how}") });
                pending.push((opened.document, path));
            }
            Node::Object(object) => {
                for member in object.members.iter().rev().filter(|member| !member.dropped) {
                    let is_shown = object.unwrap.is_none();
                    let name = if is_shown { format!("{}.", member.name) } else { String::new() };
                    pending.push((member.node, format!("{path}{name}")));
                }
            }
            Node::Text(_) | Node::Any(_) | Node::Tree => {}
        }
    }
    found
}

/// The root of a document; of one in a diffgram, that of the data set.
fn root_name(graph: &Graph, document: NodeId) -> &str {
    let root = |node| match graph.node(node) {
        Node::Object(object) => object.children.first(),
        _ => None,
    };
    let Some(child) = root(document) else { return "" };
    match graph.node(child.node) {
        Node::Object(inner) if inner.shape == Shape::Diffgram => {
            inner.children.first().map_or("", |child| &child.local)
        }
        _ => &child.local,
    }
}

/// Explains where the values of a statement come from: an origin for each of its parameters.
#[must_use]
pub fn explain_sql(call: &SqlCall, names: &[String], bindings: &[SqlBinding]) -> Vec<Origin> {
    let origin = |(name, binding): (&String, &SqlBinding)| Origin {
        member: name.clone(),
        source: sql_source(call, &binding.source),
    };
    names.iter().zip(bindings).map(origin).collect()
}

fn sql_source(call: &SqlCall, source: &SqlSource) -> String {
    match source {
        SqlSource::Parameter(at) => call.parameters.get(*at).map_or(String::new(), |p| {
            let place = match p.place {
                ParameterPlace::Path => "path",
                ParameterPlace::Query => "query",
                ParameterPlace::Header => "header",
            };
            let absent = match (&p.default, p.required) {
                (Some(default), _) => format!(" (default {default})"),
                (None, true) => String::new(),
                (None, false) => " (optional)".to_owned(),
            };
            format!("{place}.{}{absent}", p.name)
        }),
        SqlSource::Body(path) => format!("body.{}", path.join(".")),
        SqlSource::Text(text) => format!("constant {text:?}"),
        SqlSource::Json(text) => format!("constant {text}"),
        SqlSource::RequestId => "the correlation id".to_owned(),
        SqlSource::RequestTime => "the time of the request".to_owned(),
        SqlSource::Claim(name) => format!("claim.{name}"),
        SqlSource::Step(at, path) => {
            let name = call.steps.get(*at).map_or("", |step| step.name.as_str());
            [&["steps", name][..], &path.iter().map(|n| &**n).collect::<Vec<_>>()]
                .concat()
                .join(".")
        }
        SqlSource::Part(_, path) => format!("{} of another part", path.join(".")),
        SqlSource::IfMatch => "the If-Match header".to_owned(),
        SqlSource::Keys => "the keys of the rows it belongs to".to_owned(),
    }
}
