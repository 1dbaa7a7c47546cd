//! Parameters of two operations compared.

use serde_json::Value;

use super::compare::Comparison;
use super::routes::Route;
use super::rules::{self, Rule};
use super::schema::{Direction, Reader, kind};

/// One parameter.
struct Parameter<'d> {
    name: String,
    place: &'d str,
    /// Where it is in the path: its name there does not matter.
    position: Option<usize>,
    value: &'d Value,
}

impl Parameter<'_> {
    fn is_same(&self, other: &Parameter<'_>) -> bool {
        self.place == other.place
            && match (self.position, other.position) {
                (Some(own), Some(others)) => own == others,
                _ => self.name == other.name,
            }
    }

    fn is_required(&self) -> bool {
        self.value["required"] == true || self.place == "path"
    }
}

fn parameters<'d>(reader: Reader<'d>, route: &Route<'d>) -> Vec<Parameter<'d>> {
    let list = |value: &'d Value| value.as_array().into_iter().flatten();
    let own = route.operation.get("parameters").map(list);
    let mut found: Vec<Parameter<'d>> = Vec::new();
    for value in own.into_iter().flatten().chain(list(route.shared)) {
        let value = reader.resolved(value);
        let place = value["in"].as_str().unwrap_or("");
        let mut name = value["name"].as_str().unwrap_or("").to_owned();
        if place == "header" {
            name.make_ascii_lowercase();
        }
        let at = || route.names().iter().position(|known| *known == name);
        let position = if place == "path" { at() } else { None };
        let parameter = Parameter { name, place, position, value };
        if !found.iter().any(|known| known.is_same(&parameter)) {
            found.push(parameter);
        }
    }
    found
}

impl<'d> Comparison<'d> {
    pub(super) fn parameters(&mut self, before: &Route<'d>, after: &Route<'d>) {
        let (old, new) = (parameters(self.before, before), parameters(self.after, after));
        for parameter in &new {
            match old.iter().find(|other| other.is_same(parameter)) {
                Some(other) => self.parameter(other, parameter),
                None => self.parameter_added(parameter),
            }
        }
        for parameter in old.iter().filter(|p| !new.iter().any(|other| other.is_same(p))) {
            let rule = match parameter.place {
                "header" | "cookie" => &rules::HEADER_PARAMETER_REMOVED,
                _ => &rules::PARAMETER_REMOVED,
            };
            let text = format!("the parameter `{}` is gone", parameter.name);
            self.push(rule, &place(parameter), text, ("parameter", ""));
        }
    }

    fn parameter_added(&mut self, parameter: &Parameter<'_>) {
        let (rule, more, content): (&'static Rule, _, _) = if parameter.is_required() {
            (&rules::PARAMETER_ADDED_REQUIRED, ", and required", "required")
        } else {
            (&rules::PARAMETER_ADDED, "", "optional")
        };
        let text = format!("the parameter `{}` is new{more}", parameter.name);
        self.push(rule, &place(parameter), text, ("", content));
    }

    fn parameter(&mut self, before: &Parameter<'d>, after: &Parameter<'d>) {
        let at = place(after);
        let name = &after.name;
        match (before.is_required(), after.is_required()) {
            (false, true) => {
                let text = format!("the parameter `{name}` was optional, and is required");
                let content = ("optional", "required");
                self.push(&rules::PARAMETER_BECAME_REQUIRED, &at, text, content);
            }
            (true, false) => {
                let text = format!("the parameter `{name}` was required, and is optional");
                let content = ("required", "optional");
                self.push(&rules::PARAMETER_BECAME_OPTIONAL, &at, text, content);
            }
            _ => {}
        }
        if after.value["deprecated"] == true && before.value["deprecated"] != true {
            let text = "it is deprecated now".to_owned();
            self.push(&rules::MEMBER_DEPRECATED, &at, text, ("", "deprecated"));
        }
        self.words(&at, before.value, after.value, &["description", "example", "examples"]);
        self.parameter_schema(&at, before, after);
    }

    fn parameter_schema(&mut self, at: &str, before: &Parameter<'d>, after: &Parameter<'d>) {
        let schema =
            |parameter: &Parameter<'d>| parameter.value.get("schema").into_iter().collect();
        let (mut old, mut new): (Vec<&Value>, Vec<&Value>) = (schema(before), schema(after));
        let ((mut was, items), (mut is, new_items)) =
            (kind(self.before, &old), kind(self.after, &new));
        let exploded = after.place == "query" && style(after) == ("form", true);
        if was.is_array && is.is_array {
            let (written, now) = (style(before), style(after));
            if written != now {
                let word = |(style, explode)| {
                    format!("{style}{}", if explode { ", repeated" } else { "" })
                };
                let (written, now) = (word(written), word(now));
                let text = format!("its values were written as `{written}`, and are as `{now}`");
                self.push(&rules::PARAMETER_STYLE_CHANGED, at, text, (&written, &now));
            }
        } else if is.is_array && exploded {
            // Once is as good as several times.
            let text = "it may come several times now".to_owned();
            self.push(&rules::PARAMETER_REPEATS, at, text, ("single", "array"));
            new = new_items;
            is = kind(self.after, &new).0;
        } else if was.is_array && !is.is_array && style(before) == ("form", true) {
            let text = "it may no longer come several times".to_owned();
            self.push(&rules::REQUEST_BECAME_SINGLE, at, text, ("array", "single"));
            old = items;
            was = kind(self.before, &old).0;
        }
        if !was.is_any_text && !is.is_array && is.is_any_text {
            // Everything in an address is text: what was taken still is.
            let text = "any text is taken now".to_owned();
            self.push(&rules::REQUEST_TYPE_WIDENED, at, text, ("narrower", "text"));
            return;
        }
        if before.is_required() {
            return self.required(at.to_owned(), old, new);
        }
        self.schemas(at.to_owned(), old, new, Direction::Request);
    }
}

/// How several values are written, with the defaults of OpenAPI 3.1, section 4.8.12.
fn style<'p>(parameter: &Parameter<'p>) -> (&'p str, bool) {
    let default = if matches!(parameter.place, "query" | "cookie") { "form" } else { "simple" };
    let style = parameter.value["style"].as_str().unwrap_or(default);
    (style, parameter.value["explode"].as_bool().unwrap_or(style == "form"))
}

fn place(parameter: &Parameter<'_>) -> String {
    format!("parameter {} {}", parameter.place, parameter.name)
}
