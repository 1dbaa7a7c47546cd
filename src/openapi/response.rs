//! Answers of a route: the good one, and every problem.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{AllOf, AnyOf, ObjectBuilder, SchemaType};
use utoipa::openapi::{
    ContentBuilder, Header, Ref, RefOr, Response, ResponseBuilder, Schema, Type,
};

use super::component::Components;
use super::describe::{described, of_type};
use super::example::example;
use super::fault::{FaultAnswer, declared, undeclared};
use super::names::Side;
use super::problem::{PROBLEM_JSON, PROBLEM_REF, codes, list, phrase};
use super::{compose, sql};
use crate::diagnostic::Code;
use crate::plan::{HttpCall, LocationPiece, LocationPlan, Plan, RoutePlan, SoapCall, Translator};

/// Answers that many routes share.
#[derive(Default)]
pub(super) struct SharedResponses {
    pub(super) by_name: BTreeMap<String, Response>,
    names: HashMap<String, String>,
}

impl SharedResponses {
    /// A reference to an answer, told apart by all it says.
    fn share(&mut self, status: u16, response: Response) -> RefOr<Response> {
        let text = serde_json::to_string(&response).unwrap_or_default();
        let taken = &self.by_name;
        let name = self.names.entry(text).or_insert_with(|| {
            let base = phrase(status).replace(' ', "");
            let free = |name: &String| !taken.contains_key(name);
            let mut numbered = (2..).map(|n| format!("{base}{n}"));
            if free(&base) { base } else { numbered.find(free).unwrap_or_default() }
        });
        self.by_name.entry(name.clone()).or_insert(response);
        RefOr::Ref(Ref::new(format!("#/components/responses/{name}")))
    }
}

/// The answers that are no problem, with their statuses.
pub(super) fn success(
    plan: &Plan,
    components: &Components<'_>,
    route: &RoutePlan,
) -> Vec<(String, Response)> {
    let builders = match &route.translator {
        Translator::Soap(call) => vec![(call.status.to_string(), soap(components, route, call))],
        Translator::Http(call) => vec![("default".to_owned(), passed_through(plan, call))],
        Translator::Sql(call) => sql::responses(route, call),
        Translator::Compose(call) => {
            vec![("200".to_owned(), compose::response(components, route, call))]
        }
    };
    let retired = |(status, builder)| (status, retired(route, builder).build());
    builders.into_iter().map(retired).collect()
}

fn soap(components: &Components<'_>, route: &RoutePlan, call: &SoapCall) -> ResponseBuilder {
    let mut builder = ResponseBuilder::new();
    if let Some(location) = &call.location {
        let name = |at: usize| call.bind.parameters.get(at).map_or("", |p| p.name.as_str());
        builder = builder.header("Location", location_header(location, name));
    }
    let Some(node) = call.response.filter(|_| call.status != 204) else {
        let words = if call.response.is_none() {
            format!("`{}` was handed over; the backend does not answer it.", call.operation)
        } else {
            format!("`{}` is done.", call.operation)
        };
        return builder.description(words);
    };
    let builder = builder.description(format!("The answer of `{}`.", call.operation));
    if route.method == "HEAD" {
        return builder;
    }
    let content = ContentBuilder::new()
        .schema(Some(components.of(&call.graph, Side::Output).value(node)))
        .example(example(&call.graph, node, Side::Output))
        .build();
    builder.content("application/json", content)
}

fn passed_through(plan: &Plan, call: &HttpCall) -> ResponseBuilder {
    let name = &plan.backend(call.backend).name;
    ResponseBuilder::new()
        .description(format!("The answer of the service `{name}`, passed on as it is."))
}

/// A header that is a text.
pub(super) fn text_header(description: String, example: Option<Value>) -> Header {
    HeaderBuilder::new()
        .schema(Some(of_type(Type::String)))
        .description(Some(description))
        .example(example)
        .build()
}

fn retired(route: &RoutePlan, mut builder: ResponseBuilder) -> ResponseBuilder {
    let Some(retirement) = &route.retirement else { return builder };
    if let Some(date) = &retirement.deprecation {
        let words = "Since when this route is deprecated (RFC 9745).".to_owned();
        builder = builder.header("Deprecation", text_header(words, Some(json!(date))));
    }
    if let Some(date) = &retirement.sunset {
        let words = "When this route will be gone (RFC 8594).".to_owned();
        builder = builder.header("Sunset", text_header(words, Some(json!(date))));
    }
    builder
}

/// The address of what was created; `name` is that of a parameter.
pub(super) fn location_header<'n>(
    location: &LocationPlan,
    name: impl Fn(usize) -> &'n str,
) -> Header {
    let piece = |piece: &LocationPiece| match piece {
        LocationPiece::Literal(text) => text.clone(),
        LocationPiece::Answer(path) => format!("{{{}}}", path.join(".")),
        LocationPiece::Parameter(at) => format!("{{{}}}", name(*at)),
    };
    let template: String = location.pieces.iter().map(piece).collect();
    let mut header = text_header(format!("Where the new resource is: `{template}`."), None);
    let mut schema = of_type(Type::String);
    schema.format = Some(utoipa::openapi::SchemaFormat::Custom("uri-reference".to_owned()));
    header.schema = Some(schema.into());
    header
}

/// Every problem a route can answer with, by status.
pub(super) fn problems(
    components: &Components<'_>,
    route: &RoutePlan,
    shared: &mut SharedResponses,
) -> Vec<(String, RefOr<Response>)> {
    let mut by_status = codes(route);
    let (faults, rules) = match &route.translator {
        Translator::Soap(call) => (declared(call), undeclared(call)),
        _ => (Vec::new(), Vec::new()),
    };
    let refusals = match &route.translator {
        Translator::Sql(call) => sql::rule_statuses(call),
        _ => Vec::new(),
    };
    let is_declared = |code: &Code| *code == Code::FaultDeclared;
    for codes in by_status.values_mut() {
        codes.retain(|code| !is_declared(code));
    }
    by_status.retain(|_, codes| !codes.is_empty());
    let by_rule = rules.iter().map(|r| r.status).chain(refusals.iter().map(|r| r.0));
    for status in faults.iter().map(|f| f.status).chain(by_rule) {
        by_status.entry(status).or_default();
    }
    by_status
        .into_iter()
        .map(|(status, codes)| {
            let faults: Vec<&FaultAnswer<'_>> =
                faults.iter().filter(|f| f.status == status).collect();
            let mut words = vec![format!("{}.", phrase(status))];
            for rule in rules.iter().filter(|r| r.status == status) {
                let title = rule.title.as_deref().map_or(String::new(), |t| format!(": {t}"));
                words.push(format!("- a fault that fits `{}`{title}", rule.pattern));
            }
            let titles = refusals.iter().filter(|r| r.0 == status);
            words.extend(titles.map(|(_, title)| format!("- {title}")));
            words.extend(faults.iter().map(|fault| fault_line(fault)));
            if !codes.is_empty() {
                words.push(list(&codes));
            }
            let schema = problem_with_fault(components, route, &faults);
            let mut builder = ResponseBuilder::new()
                .description(words.join("\n"))
                .content(PROBLEM_JSON, ContentBuilder::new().schema(Some(schema)).build());
            if status == 503 {
                let words = "Seconds after which it is worth trying again.".to_owned();
                builder = builder.header("Retry-After", text_header(words, Some(json!("1"))));
            }
            let response = builder.build();
            let response =
                if faults.is_empty() { shared.share(status, response) } else { RefOr::T(response) };
            (status.to_string(), response)
        })
        .collect()
}

fn fault_line(fault: &FaultAnswer<'_>) -> String {
    let code = Code::FaultDeclared;
    let title = fault.title.unwrap_or(code.title());
    let more = fault.documentation.map_or(String::new(), |text| format!(" ({text})"));
    format!("- `{code}`: {title}: the fault `{}`{more}", fault.name)
}

/// The problem schema, with the types its `fault` may have.
fn problem_with_fault(
    components: &Components<'_>,
    route: &RoutePlan,
    faults: &[&FaultAnswer<'_>],
) -> RefOr<Schema> {
    let problem = RefOr::Ref(Ref::new(PROBLEM_REF));
    let Translator::Soap(call) = &route.translator else { return problem };
    let mut details: Vec<RefOr<Schema>> = faults
        .iter()
        .filter_map(|fault| {
            let child = call.faults.get(fault.at)?;
            // A route without any typed value has no graph among the components.
            let shaper = components.of(&call.graph, Side::Output);
            Some(described(shaper.value(child.node), fault.documentation))
        })
        .collect();
    let detail = match details.len() {
        0 => return problem,
        1 => details.swap_remove(0),
        _ => {
            let mut any_of = AnyOf::new();
            any_of.schema_type = SchemaType::AnyValue;
            any_of.items = details;
            RefOr::T(Schema::AnyOf(any_of))
        }
    };
    let typed = ObjectBuilder::new().schema_type(Type::Object).property("fault", detail);
    let mut all_of = AllOf::new();
    all_of.schema_type = SchemaType::AnyValue;
    all_of.items = vec![problem, typed.into()];
    RefOr::T(Schema::AllOf(all_of))
}
