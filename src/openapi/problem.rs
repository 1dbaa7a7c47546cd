//! Problems (RFC 9457): the shared schema, and which codes a route can answer with.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder};
use utoipa::openapi::{Object, RefOr, Schema, Type};

use super::describe::{anything, of_type};
use crate::diagnostic::{Code, Group};
use crate::plan::{OnFailure, PartPlan, RoutePlan, Translator};

/// The media type of every problem.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";
/// Its component.
pub(super) const PROBLEM_REF: &str = "#/components/schemas/Problem";

/// The schema of every problem.
pub(super) fn problem_schema() -> RefOr<Schema> {
    let text = |words: &str| {
        let mut schema = of_type(Type::String);
        schema.description = Some(words.to_owned());
        schema
    };
    let mut status = of_type(Type::Integer);
    status.minimum = Some(utoipa::Number::Int(400));
    status.maximum = Some(utoipa::Number::Int(599));
    status.description = Some("The HTTP status.".to_owned());
    let mut link = text("A link to the description of the code.");
    link.format = Some(utoipa::openapi::SchemaFormat::Custom("uri-reference".to_owned()));
    let mut outcome = text(
        "What is known of a call that failed: the backend never saw it, refused it, or may have \
         done it.",
    );
    outcome.enum_values = Some(vec![json!("not_sent"), json!("rejected"), json!("unknown")]);
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("A problem (RFC 9457)."))
        .property("type", link)
        .property("title", text("What happened, in a line that is always the same for a code."))
        .property("status", status)
        .property("detail", text("What happened this time."))
        .property("instance", text("The path of the request."))
        .property("code", text("A stable code for programs to act on."))
        .property("correlationId", text("The name of this request in the logs."))
        .property("outcome", outcome)
        .property("errors", errors())
        .property("fault", anything("The typed detail of a fault the contract declares."))
        .property("faultName", text("The name of that fault in the contract."))
        .required("type")
        .required("title")
        .required("status")
        .required("instance")
        .required("code")
        .required("correlationId")
        .examples([example()])
        .into()
}

fn errors() -> ArrayBuilder {
    let place = |words: &str| {
        let mut schema = of_type(Type::String);
        schema.description = Some(words.to_owned());
        schema
    };
    let error: Object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("pointer", place("JSON pointer (RFC 6901) into the request's body."))
        .property("parameter", place("The parameter, where it is one."))
        .property("in", place("Where that parameter is: `path`, `query` or `header`."))
        .property("detail", place("What is wrong."))
        .required("detail")
        .build();
    ArrayBuilder::new()
        .items(RefOr::T(Schema::Object(error)))
        .description(Some("Each place of the request that is wrong."))
}

fn example() -> Value {
    let code = Code::RequestInvalid;
    json!({
        "type": format!("/problems/{code}"),
        "title": code.title(),
        "status": code.status(),
        "detail": code.fix(),
        "instance": "/api/v1/orders",
        "code": code.as_str(),
        "correlationId": "0197f0c4-3d5e-7c1a-9f57-2b8e61d0a4c3",
        "errors": [{ "pointer": "/quantity", "detail": "must be at least 1" }],
    })
}

/// The codes a route can answer with, by status.
pub(super) fn codes(route: &RoutePlan) -> BTreeMap<u16, Vec<Code>> {
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in Code::ALL {
        let is_sent = matches!(code.group(), Group::Request | Group::Backend);
        if is_sent && can_answer(route, *code) {
            by_status.entry(code.status()).or_default().push(*code);
        }
    }
    by_status
}

fn can_answer(route: &RoutePlan, code: Code) -> bool {
    let has_body = match &route.translator {
        Translator::Http(_) => !matches!(&*route.method, "GET" | "HEAD"),
        translator => takes_body(translator),
    };
    let general = match code {
        // Another route, or none, would have to be asked; or fixtures would have to answer.
        Code::RequestNotFound | Code::RequestMethod | Code::ReplayMiss => false,
        Code::RequestUnauthenticated => route.auth.is_some(),
        Code::RequestTooLarge | Code::RequestTimeout => has_body,
        _ => true,
    };
    general && call_can_answer(route, &route.translator, code)
}

fn takes_body(translator: &Translator) -> bool {
    match translator {
        Translator::Soap(call) => call.bind.body.is_some(),
        Translator::Http(_) => true,
        Translator::Sql(call) => call.body.is_some(),
        Translator::Compose(call) => call.parts.iter().any(|part| takes_body(&part.translator)),
    }
}

fn call_can_answer(route: &RoutePlan, translator: &Translator, code: Code) -> bool {
    match translator {
        Translator::Soap(call) => match code {
            Code::RequestMalformed | Code::RequestMediaType => call.bind.body.is_some(),
            Code::RequestInvalid => call.bind.body.is_some() || !call.bind.parameters.is_empty(),
            Code::FaultDeclared => !call.faults.is_empty(),
            Code::BackendOtherAnswer => call.response.is_some(),
            Code::BackendInvalid => call.response.is_some() && call.strict,
            _ => !of_databases(code),
        },
        Translator::Http(_) => passes_through(code),
        Translator::Sql(call) => super::sql::can_answer(route, call, code),
        Translator::Compose(call) => {
            // A part the others can do without still says what is wrong with the request.
            let is_told = |part: &PartPlan| {
                part.on_failure == OnFailure::Fail
                    || matches!(
                        code,
                        Code::RequestInvalid | Code::RequestMalformed | Code::PreconditionRequired
                    )
            };
            let told = call.parts.iter().filter(|part| is_told(part));
            code == Code::BackendTooLarge
                || told.into_iter().any(|part| call_can_answer(route, &part.translator, code))
        }
    }
}

/// What only a SQL database has to say.
fn of_databases(code: Code) -> bool {
    matches!(
        code,
        Code::PreconditionRequired | Code::RowNotFound | Code::RowChanged | Code::ClaimMissing
    ) || code.as_str().starts_with("database-")
}

/// What can go wrong where a modern service is asked and its answer passed on as it is.
fn passes_through(code: Code) -> bool {
    matches!(
        code,
        Code::RequestTimeout
            | Code::RequestTooLarge
            | Code::RequestUriTooLong
            | Code::RequestOverload
            | Code::RequestInternal
            | Code::BackendRefused
            | Code::BackendDns
            | Code::BackendTls
            | Code::BackendOpen
            | Code::BackendBusy
            | Code::BackendTimeout
            | Code::BackendReset
            | Code::BackendTruncated
            | Code::BackendTooLarge
    )
}

/// The codes as a list for people.
pub(super) fn list(codes: &[Code]) -> String {
    let line = |code: &Code| match code.group() {
        Group::Request => format!("- `{code}`: {}. {}", code.title(), code.fix()),
        // What to do about the others is for those who run the facade.
        _ => format!("- `{code}`: {}.", code.title()),
    };
    codes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The reason phrase of a status (RFC 9110, section 15).
pub(super) fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        423 => "Locked",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ if status < 300 => "Success",
        _ if status < 500 => "Client Error",
        _ => "Server Error",
    }
}
