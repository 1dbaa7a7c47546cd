//! Good answers of a SQL route.

use serde_json::json;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{Content, ContentBuilder, ResponseBuilder};

use super::super::response::{location_header, text_header};
use super::answer::{Shape, answer, item, total};
use crate::diagnostic::Code;
use crate::plan::{ResultKind, RoutePlan, SqlCall, Total};

/// Every answer that is no problem, with its status.
pub(in super::super) fn responses(
    route: &RoutePlan,
    call: &SqlCall,
) -> Vec<(String, ResponseBuilder)> {
    let result = call.steps.get(call.answer).map_or(ResultKind::None, |step| step.result);
    let nothing = || {
        let status = if call.status == 200 { 204 } else { call.status };
        (status.to_string(), ResponseBuilder::new())
    };
    let Some(shape) = answer(call) else {
        let (status, builder) = nothing();
        return vec![(status, builder.description("It is done."))];
    };
    let words = match (result, &call.page) {
        (_, Some(_)) => "A page of the list.",
        (ResultKind::Many, None) => "The list.",
        (ResultKind::Affected, None) => "How many rows were changed.",
        _ => "The answer.",
    };
    let mut builder = headers(call, ResponseBuilder::new().description(words));
    if route.method != "HEAD" {
        builder = builder.content("application/json", content(shape));
        let is_enveloped = call.page.as_ref().is_some_and(|page| page.envelope);
        if let Some(line) = item(call).filter(|_| result == ResultKind::Many && !is_enveloped) {
            builder = builder.content("application/x-ndjson", content(line));
        }
    }
    let mut all = vec![(call.status.to_string(), builder)];
    if result == ResultKind::Optional {
        let (status, builder) = nothing();
        if status != all[0].0 {
            all.push((status, builder.description("There is none.")));
        }
    }
    all
}

fn content(shape: Shape) -> Content {
    ContentBuilder::new().schema(Some(shape.schema)).example(shape.example).build()
}

fn headers(call: &SqlCall, mut builder: ResponseBuilder) -> ResponseBuilder {
    if let Some(location) = &call.location {
        let name = |at: usize| call.parameters.get(at).map_or("", |p| p.name.as_str());
        builder = builder.header("Location", location_header(location, name));
    }
    if call.etag.is_some() {
        let words = "The version of what was read: for `If-Match`.".to_owned();
        builder = builder.header("ETag", text_header(words, Some(json!("\"7\""))));
    }
    let Some(page) = &call.page else { return builder };
    let words = "Other pages: `next`, `prev` and `first` (RFC 8288).".to_owned();
    builder = builder.header("Link", text_header(words, None));
    if page.total == Total::None || page.envelope {
        return builder;
    }
    let count = HeaderBuilder::new().schema(Some(total(page))).build();
    builder.header("X-Total-Count", count)
}

/// Statuses of the mapping's rules for errors of the database, with what is said of each. A
/// pattern may be the name of a constraint, which is nobody's business.
pub(in super::super) fn rule_statuses(call: &SqlCall) -> Vec<(u16, &str)> {
    call.error_rules
        .iter()
        .map(|rule| (rule.status, rule.title.as_deref().unwrap_or(Code::DatabaseRefused.title())))
        .collect()
}
