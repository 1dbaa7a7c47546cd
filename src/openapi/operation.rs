//! Routes → operations.

use serde_json::{Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, OperationBuilder, Parameter};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Deprecated, HttpMethod, RefOr, Required, ResponsesBuilder};

use super::component::{Components, Root};
use super::example::example;
use super::names::Side;
use super::parameter::{parameter, path_segment};
use super::response::{SharedResponses, problems, success};
use super::{compose, sql};
use crate::plan::{Plan, RoutePlan, SoapCall, Translator};

/// The name of the one security scheme.
pub(super) const BEARER: &str = "bearer";

/// A JSON Web Token in `Authorization: Bearer`.
pub(super) fn bearer_scheme() -> SecurityScheme {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    SecurityScheme::Http(bearer.build())
}

/// The types a route mentions.
pub(super) fn roots(route: &RoutePlan, version: usize) -> Vec<Root<'_>> {
    roots_of(&route.translator, version)
}

fn roots_of(translator: &Translator, version: usize) -> Vec<Root<'_>> {
    let call = match translator {
        Translator::Soap(call) => call,
        Translator::Compose(call) => {
            let parts = call.parts.iter();
            return parts.flat_map(|part| roots_of(&part.translator, version)).collect();
        }
        Translator::Http(_) | Translator::Sql(_) => return Vec::new(),
    };
    let graph = &call.graph;
    let root = |node, side| Root { graph, node, side, version };
    let parameters = call.bind.parameters.iter().map(|p| root(p.node, Side::Input));
    let body = call.bind.body.iter().map(|body| root(body.node, Side::Input));
    let response = call.response.iter().map(|node| root(*node, Side::Output));
    let faults = call.faults.iter().map(|child| root(child.node, Side::Output));
    parameters.chain(body).chain(response).chain(faults).collect()
}

/// One operation.
pub(super) fn operation(
    plan: &Plan,
    components: &Components<'_>,
    route: &RoutePlan,
    id: String,
    shared: &mut SharedResponses,
) -> Operation {
    let responses = ResponsesBuilder::new()
        .responses_from_iter(problems(components, route, shared))
        .responses_from_iter(success(plan, components, route))
        .build();
    let deprecated = route.retirement.as_ref().is_some_and(|r| r.deprecation.is_some());
    let tags = (!route.tags.is_empty()).then_some(route.tags.clone());
    let mut operation = OperationBuilder::new()
        .tags(tags)
        .summary(route.summary.clone())
        .description(route.description.clone())
        .operation_id(Some(id))
        .responses(responses)
        .deprecated(deprecated.then_some(Deprecated::True))
        .extensions(Some(origin(plan, route)))
        .build();
    if route.auth.is_some() {
        operation.security = Some(vec![SecurityRequirement::new(BEARER, [] as [&str; 0])]);
    }
    let parameters = parameters_of(components, &route.translator);
    let parameters: Vec<_> = parameters.into_iter().map(RefOr::T).collect();
    operation.parameters = (!parameters.is_empty()).then_some(parameters);
    operation.request_body = body(components, route).map(RefOr::T);
    operation
}

/// Where the answer really comes from.
fn origin(plan: &Plan, route: &RoutePlan) -> Extensions {
    let (name, value) = match &route.translator {
        Translator::Soap(call) => (
            "x-figleaf-operation",
            json!({ "service": call.service, "port": call.port, "operation": call.operation }),
        ),
        Translator::Http(call) => {
            ("x-figleaf-backend", Value::from(plan.backend(call.backend).name.as_str()))
        }
        Translator::Sql(call) => {
            ("x-figleaf-backend", Value::from(plan.backend(call.backend).name.as_str()))
        }
        Translator::Compose(call) => {
            let names: Vec<&str> = call.parts.iter().map(|p| p.name.as_str()).collect();
            ("x-figleaf-parts", json!(names))
        }
    };
    [(name, value)].into_iter().collect()
}

/// The parameters of a call.
pub(super) fn parameters_of(
    components: &Components<'_>,
    translator: &Translator,
) -> Vec<Parameter> {
    match translator {
        Translator::Soap(call) => {
            let shaper = || components.of(&call.graph, Side::Input);
            call.bind.parameters.iter().map(|p| parameter(&shaper(), p)).collect()
        }
        Translator::Http(call) => call.parameters.iter().map(|name| path_segment(name)).collect(),
        Translator::Sql(call) => sql::parameters(call),
        Translator::Compose(call) => compose::parameters(components, call),
    }
}

fn body(components: &Components<'_>, route: &RoutePlan) -> Option<RequestBody> {
    match &route.translator {
        Translator::Http(_) if matches!(&*route.method, "POST" | "PUT" | "PATCH") => Some(
            RequestBodyBuilder::new()
                .description(Some("Passed on as it is."))
                .content("*/*", ContentBuilder::new().build())
                .build(),
        ),
        translator => body_of(components, translator),
    }
}

/// The JSON body of a call.
pub(super) fn body_of(components: &Components<'_>, translator: &Translator) -> Option<RequestBody> {
    match translator {
        Translator::Soap(call) => json_body(components, call),
        Translator::Http(_) => None,
        Translator::Sql(call) => call.body.as_ref().map(sql::body),
        Translator::Compose(call) => compose::body(components, call),
    }
}

fn json_body(components: &Components<'_>, call: &SoapCall) -> Option<RequestBody> {
    let body = call.bind.body.as_ref()?;
    let content = ContentBuilder::new()
        .schema(Some(components.of(&call.graph, Side::Input).value(body.node)))
        .example(example(&call.graph, body.node, Side::Input))
        .build();
    let required = if body.required { Required::True } else { Required::False };
    Some(
        RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(required))
            .build(),
    )
}

/// A method as utoipa knows it.
pub(super) fn method(name: &str) -> Option<HttpMethod> {
    Some(match name {
        "GET" => HttpMethod::Get,
        "HEAD" => HttpMethod::Head,
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        "OPTIONS" => HttpMethod::Options,
        "TRACE" => HttpMethod::Trace,
        _ => return None,
    })
}
