//! Two operations compared.

use serde_json::Value;

use super::compare::Comparison;
use super::date::Day;
use super::routes::Route;
use super::rules;
use super::schema::{Direction, Reader};
use super::text::{canonical, shown};

/// The day an operation ends, as its answers announce it.
pub(super) fn sunset(reader: Reader<'_>, operation: &Value) -> Option<Day> {
    if let Some(day) = operation["x-sunset"].as_str().and_then(Day::parse) {
        return Some(day);
    }
    let mut responses = operation["responses"].as_object()?.values();
    responses.find_map(|response| {
        let header = reader.resolved(reader.resolved(response).get("headers")?.get("Sunset")?);
        Day::of_header(header["example"].as_str()?)
    })
}

impl<'d> Comparison<'d> {
    pub(super) fn operation(&mut self, before: &Route<'d>, after: &Route<'d>) {
        let (b, a) = (before.operation, after.operation);
        self.names(before, after);
        self.retirement(b, a);
        self.auth(b, a);
        self.source(b, a);
        self.words("", b, a, &["summary", "description", "tags"]);
        self.parameters(before, after);
        self.body(b, a);
        self.responses(b, a);
    }

    fn names(&mut self, before: &Route<'d>, after: &Route<'d>) {
        for (old, new) in before.names().iter().zip(after.names()) {
            if *old != new {
                let text = format!("the path parameter `{old}` is called `{new}`");
                let place = format!("parameter path {new}");
                self.push(&rules::PATH_PARAMETER_RENAMED, &place, text, (old, new));
            }
        }
        let id =
            |route: &Route<'d>| route.operation["operationId"].as_str().unwrap_or("").to_owned();
        let (old, new) = (id(before), id(after));
        if old != new {
            let text = format!("its operationId was {}, and is {}", shown(&old), shown(&new));
            self.push(&rules::OPERATION_ID_CHANGED, "", text, (&old, &new));
        }
    }

    fn retirement(&mut self, b: &Value, a: &Value) {
        let is_deprecated = |operation: &Value| operation["deprecated"] == true;
        let (old, new) = (sunset(self.before, b), sunset(self.after, a));
        match (is_deprecated(b), is_deprecated(a), new) {
            (false, true, Some(day)) => {
                let text = format!("it is deprecated, and ends on {day}");
                self.push(&rules::DEPRECATED_WITH_SUNSET, "", text, ("", &day.to_string()));
                return;
            }
            (false, true, None) => {
                let text = "it is deprecated, and does not say when it ends";
                self.push(&rules::DEPRECATED_WITHOUT_SUNSET, "", text, ("", "deprecated"));
            }
            (true, false, _) => {
                let text = "it is no longer deprecated";
                self.push(&rules::DEPRECATION_REMOVED, "", text, ("deprecated", ""));
            }
            _ => {}
        }
        let content = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
        let contents = (content(old), content(new));
        let content = (&*contents.0, &*contents.1);
        match (old, new) {
            (Some(old), Some(new)) if new < old => {
                let text = format!("its sunset was {old}, and is {new}");
                self.push(&rules::SUNSET_EARLIER, "", text, content);
            }
            (Some(old), Some(new)) if new > old => {
                let text = format!("its sunset was {old}, and is {new}");
                self.push(&rules::SUNSET_LATER, "", text, content);
            }
            (Some(old), None) => {
                let text = format!("its sunset, {old}, is no longer announced");
                self.push(&rules::SUNSET_REMOVED, "", text, content);
            }
            (None, Some(new)) => {
                let text = format!("it ends on {new}");
                self.push(&rules::DEPRECATED_WITH_SUNSET, "", text, content);
            }
            _ => {}
        }
    }

    fn auth(&mut self, b: &'d Value, a: &'d Value) {
        let schemes = |reader: Reader<'d>, operation: &'d Value| {
            let security = operation.get("security").unwrap_or_else(|| reader.at("/security"));
            let named = security.as_array().into_iter().flatten().filter_map(Value::as_object);
            let each = named.flat_map(|schemes| schemes.iter()).map(|(name, scopes)| {
                let scheme = reader.at(&format!("/components/securitySchemes/{name}"));
                // What it is counts, and not what it is called or how it is described.
                let mut scheme = scheme.clone();
                if let Some(members) = scheme.as_object_mut() {
                    members.shift_remove("description");
                }
                format!("{} {}", canonical(&scheme), canonical(scopes))
            });
            each.collect::<Vec<_>>().join(" or ")
        };
        let (old, new) = (schemes(self.before, b), schemes(self.after, a));
        let (rule, text) = match (&*old, &*new) {
            (old, new) if old == new => return,
            ("", _) => (&rules::AUTH_ADDED, "callers have to say who they are"),
            (_, "") => (&rules::AUTH_REMOVED, "callers no longer have to say who they are"),
            _ => (&rules::AUTH_CHANGED, "callers have to say in another way who they are"),
        };
        self.push(rule, "", text, (&old, &new));
    }

    fn source(&mut self, b: &Value, a: &Value) {
        let source = |operation: &Value| {
            let soap = operation["x-figleaf-operation"]["operation"].as_str();
            let backend = operation["x-figleaf-backend"].as_str();
            let parts = operation.get("x-figleaf-parts").map(canonical);
            let words = [
                soap.map(|name| format!("the operation {}", shown(name))),
                backend.map(|name| format!("the backend {}", shown(name))),
                parts.map(|names| format!("the parts {}", shown(&names))),
            ];
            words.into_iter().flatten().collect::<Vec<_>>().join(", ")
        };
        let (old, new) = (source(b), source(a));
        // Documents that figleaf did not write say nothing of it.
        if !old.is_empty() && !new.is_empty() && old != new {
            let text = format!("{old} answered, and {new} does");
            self.push(&rules::SOURCE_CHANGED, "", text, (&old, &new));
            return;
        }
        let port = |operation: &Value| {
            let of = &operation["x-figleaf-operation"];
            let names = [&of["service"], &of["port"]];
            names.into_iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".")
        };
        let (old, new) = (port(b), port(a));
        if !old.is_empty() && !new.is_empty() && old != new {
            let text = format!("the port {} answered, and {} does", shown(&old), shown(&new));
            self.push(&rules::PORT_CHANGED, "", text, (&old, &new));
        }
    }

    fn body(&mut self, b: &'d Value, a: &'d Value) {
        let body = |reader: Reader<'d>, operation: &'d Value| {
            operation.get("requestBody").map(|body| reader.resolved(body))
        };
        let (old, new) = (body(self.before, b), body(self.after, a));
        let is_required = |body: &Value| body["required"] == true;
        match (old, new) {
            (None, None) => {}
            (None, Some(body)) if is_required(body) => {
                let text = "a body is new, and required";
                self.push(&rules::BODY_ADDED_REQUIRED, "request", text, ("", "required"));
            }
            (None, Some(_)) => {
                self.push(&rules::BODY_ADDED, "request", "a body is new", ("", "optional"));
            }
            (Some(_), None) => {
                self.push(&rules::BODY_REMOVED, "request", "the body is gone", ("body", ""));
            }
            (Some(old), Some(new)) => {
                match (is_required(old), is_required(new)) {
                    (false, true) => {
                        let text = "the body was optional, and is required";
                        let content = ("optional", "required");
                        self.push(&rules::BODY_BECAME_REQUIRED, "request", text, content);
                    }
                    (true, false) => {
                        let text = "the body was required, and is optional";
                        let content = ("required", "optional");
                        self.push(&rules::BODY_BECAME_OPTIONAL, "request", text, content);
                    }
                    _ => {}
                }
                self.words("request", old, new, &["description"]);
                self.content("request", old, new, Direction::Request);
            }
        }
    }
}
