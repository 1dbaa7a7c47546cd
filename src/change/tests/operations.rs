//! Routes, parameters, bodies and statuses.

use serde_json::{Value, json};

use super::{Case, document, operations};

fn route(path: &str, operation: &Value) -> Value {
    json!({ "paths": { path: { "get": operation } } })
}

fn sunset(day: &str) -> Value {
    json!({ "deprecated": true, "responses": { "200": { "headers": { "Sunset": { "example": day } } } } })
}

fn parameter(changes: &Value) -> Value {
    let mut parameter = json!({ "name": "q", "in": "query", "schema": { "type": "string" } });
    for (name, value) in changes.as_object().unwrap() {
        parameter[name] = value.clone();
    }
    json!({ "parameters": [parameter] })
}

pub(super) fn cases() -> Vec<Case> {
    let case = |before, after, expected| Case { before, after, expected };
    let none = json!({ "paths": {} });
    let plain = route("/a", &json!({}));
    let mut cases = vec![
        case(plain.clone(), none.clone(), "breaking route-removed : the route is gone"),
        case(none.clone(), plain, "safe route-added : the route is new"),
        case(
            route("/a", &sunset("Wed, 01 Jul 2026 00:00:00 GMT")),
            none.clone(),
            "breaking route-removed : the route is gone before its sunset, 2026-07-01",
        ),
        case(
            route("/a", &sunset("Tue, 30 Jun 2026 00:00:00 GMT")),
            none,
            "safe route-removed-after-sunset : the route is gone; its sunset was 2026-06-30",
        ),
        case(
            route("/a/{id}", &json!({ "parameters": [{ "name": "id", "in": "path" }] })),
            route("/a/{key}", &json!({ "parameters": [{ "name": "key", "in": "path" }] })),
            "risky path-parameter-renamed parameter path key: the path parameter `id` is called `key`",
        ),
        operations(
            &json!({ "operationId": "getA" }),
            &json!({ "operationId": "readA" }),
            "risky operation-id-changed : its operationId was `getA`, and is `readA`",
        ),
        operations(
            &json!({}),
            &json!({ "deprecated": true }),
            "risky deprecated-without-sunset : it is deprecated, and does not say when it ends",
        ),
        operations(
            &json!({ "deprecated": true }),
            &json!({}),
            "safe deprecation-removed : it is no longer deprecated",
        ),
        operations(
            &json!({ "responses": { "200": {} } }),
            &sunset("Thu, 01 Jul 2027 00:00:00 GMT"),
            "safe deprecated-with-sunset : it is deprecated, and ends on 2027-07-01",
        ),
        operations(
            &sunset("Thu, 01 Jul 2027 00:00:00 GMT"),
            &sunset("Fri, 01 Jan 2027 00:00:00 GMT"),
            "risky sunset-earlier : its sunset was 2027-07-01, and is 2027-01-01",
        ),
        operations(
            &sunset("Fri, 01 Jan 2027 00:00:00 GMT"),
            &sunset("Thu, 01 Jul 2027 00:00:00 GMT"),
            "safe sunset-later : its sunset was 2027-01-01, and is 2027-07-01",
        ),
        operations(
            &sunset("Fri, 01 Jan 2027 00:00:00 GMT"),
            &json!({ "deprecated": true, "responses": { "200": {} } }),
            "safe sunset-removed : its sunset, 2027-01-01, is no longer announced",
        ),
        operations(
            &json!({ "summary": "a" }),
            &json!({ "summary": "b" }),
            "safe documentation-changed : words for people or examples",
        ),
    ];
    cases.extend(callers());
    cases.extend(parameters());
    cases.extend(values_of_parameters());
    cases.extend(bodies());
    cases.extend(statuses());
    cases
}

fn callers() -> Vec<Case> {
    let scheme = |kind: &str| json!({ "securitySchemes": { "s": { "type": kind } } });
    let closed = json!({ "security": [{ "s": [] }] });
    let open = json!({});
    let case = |before, after, expected| Case { before, after, expected };
    let (http, key) = (scheme("http"), scheme("apiKey"));
    let source = |operation: &str, port: &str| json!({ "x-figleaf-operation": { "service": "S", "port": port, "operation": operation } });
    vec![
        case(
            document(&open, &http),
            document(&closed, &http),
            "breaking auth-added : callers have to say who they are",
        ),
        case(
            document(&closed, &http),
            document(&open, &http),
            "risky auth-removed : callers no longer have to say who they are",
        ),
        case(
            document(&closed, &http),
            document(&closed, &key),
            "breaking auth-changed : callers have to say in another way who they are",
        ),
        operations(
            &source("GetA", "P"),
            &source("ReadA", "P"),
            "risky source-changed : the operation `GetA` answered, and the operation `ReadA` does",
        ),
        operations(
            &source("GetA", "P11"),
            &source("GetA", "P12"),
            "safe port-changed : the port `S.P11` answered, and `S.P12` does",
        ),
    ]
}

fn parameters() -> Vec<Case> {
    let none = json!({});
    let optional = parameter(&json!({}));
    let required = parameter(&json!({ "required": true }));
    let header = json!({ "parameters": [{ "name": "X-A", "in": "header" }] });
    vec![
        operations(
            &none,
            &optional,
            "safe parameter-added parameter query q: the parameter `q` is new",
        ),
        operations(
            &none,
            &required,
            "breaking parameter-added-required parameter query q: the parameter `q` is new, and required",
        ),
        operations(
            &optional,
            &none,
            "breaking parameter-removed parameter query q: the parameter `q` is gone",
        ),
        operations(
            &header,
            &none,
            "risky header-parameter-removed parameter header x-a: the parameter `x-a` is gone",
        ),
        operations(
            &optional,
            &required,
            "breaking parameter-became-required parameter query q: the parameter `q` was optional, and is required",
        ),
        operations(
            &required,
            &optional,
            "safe parameter-became-optional parameter query q: the parameter `q` was required, and is optional",
        ),
    ]
}

fn values_of_parameters() -> Vec<Case> {
    let optional = parameter(&json!({}));
    let required = parameter(&json!({ "required": true }));
    let typed = |schema: Value| parameter(&json!({ "schema": schema }));
    let number = typed(json!({ "type": "integer" }));
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let spaced = parameter(&json!({ "schema": list, "style": "spaceDelimited", "explode": false }));
    vec![
        operations(
            &typed(list.clone()),
            &spaced,
            "breaking parameter-style-changed parameter query q: its values were written as `form, repeated`, and are as `spaceDelimited`",
        ),
        operations(
            &optional,
            &typed(list.clone()),
            "safe parameter-repeats parameter query q: it may come several times now",
        ),
        operations(
            &typed(list),
            &optional,
            "breaking request-became-single parameter query q: it may no longer come several times",
        ),
        operations(
            &number,
            &optional,
            "safe request-type-widened parameter query q: any text is taken now",
        ),
        operations(
            &optional,
            &number,
            "breaking request-type-changed parameter query q: it was string, and is integer",
        ),
        operations(
            &typed(json!({ "type": "integer", "default": 50 })),
            &typed(json!({ "type": "integer", "default": 20 })),
            "risky default-changed parameter query q: its default was `50`, and is `20`",
        ),
        // Nobody left it out before.
        operations(
            &required,
            &parameter(&json!({ "schema": { "type": "string", "default": "a" } })),
            "safe parameter-became-optional parameter query q: the parameter `q` was required, and is optional",
        ),
        operations(
            &optional,
            &parameter(&json!({ "deprecated": true })),
            "safe member-deprecated parameter query q: it is deprecated now",
        ),
    ]
}

fn bodies() -> Vec<Case> {
    let body = |changes: Value| {
        let mut body = json!({ "content": { "application/json": {} } });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        json!({ "requestBody": body })
    };
    let none = json!({});
    let optional = body(json!({}));
    let required = body(json!({ "required": true }));
    let more = body(json!({ "content": { "application/json": {}, "text/csv": {} } }));
    vec![
        operations(
            &none,
            &required,
            "breaking body-added-required request: a body is new, and required",
        ),
        operations(&none, &optional, "safe body-added request: a body is new"),
        operations(&optional, &none, "risky body-removed request: the body is gone"),
        operations(
            &optional,
            &required,
            "breaking body-became-required request: the body was optional, and is required",
        ),
        operations(
            &required,
            &optional,
            "safe body-became-optional request: the body was required, and is optional",
        ),
        operations(
            &more,
            &optional,
            "breaking request-media-type-removed request: the media type `text/csv` is gone",
        ),
        operations(
            &optional,
            &more,
            "safe request-media-type-added request: the media type `text/csv` is new",
        ),
    ]
}

fn statuses() -> Vec<Case> {
    let answers = |statuses: &[&str]| {
        let each = statuses.iter().map(|status| ((*status).to_owned(), json!({})));
        json!({ "responses": Value::Object(each.collect()) })
    };
    let answer = |response: Value| json!({ "responses": { "200": response } });
    let typed = |name: &str| answer(json!({ "content": { name: {} } }));
    let empty = answer(json!({}));
    let located = answer(json!({ "headers": { "Location": {} } }));
    vec![
        operations(
            &answers(&["200"]),
            &answers(&["201"]),
            "breaking response-status-removed response 200: the status 200 is gone
             risky response-status-added response 201: the status 201 is new",
        ),
        operations(
            &answers(&["200", "404"]),
            &answers(&["200", "409"]),
            "risky error-status-removed response 404: the status 404 is gone
             risky error-status-added response 409: the status 409 is new",
        ),
        operations(
            &typed("text/csv"),
            &typed("application/json"),
            "breaking response-media-type-removed response 200: the media type `text/csv` is gone
             safe response-media-type-added response 200: the media type `application/json` is new",
        ),
        operations(
            &located,
            &empty,
            "breaking response-header-removed response 200 header Location: the header `Location` is gone",
        ),
        operations(
            &empty,
            &located,
            "safe response-header-added response 200 header Location: the header `Location` is new",
        ),
    ]
}
