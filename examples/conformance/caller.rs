//! A caller who knows the OpenAPI document and nothing else.

use serde_json::{Map, Value, json};

/// A request made of a document's examples.
#[derive(Default)]
pub struct Request {
    pub path: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: Option<Value>,
}

impl Request {
    /// The example of an operation.
    ///
    /// # Errors
    /// Something that must be sent has no example.
    pub fn of(operation: &Value) -> Result<Self, String> {
        let mut request = Self::default();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            request.parameter(parameter)?;
        }
        if let Some(body) = operation.get("requestBody") {
            let example = body["content"]["application/json"].get("example");
            request.body = Some(example.cloned().ok_or("the body has no example")?);
        }
        Ok(request)
    }

    fn parameter(&mut self, parameter: &Value) -> Result<(), String> {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let Some(example) = parameter.get("example") else {
            if parameter["required"] == true {
                return Err(format!("the parameter `{name}` has no example"));
            }
            return Ok(());
        };
        match parameter["in"].as_str() {
            Some("path") => self.path.push((name, text(example))),
            Some("header") => self.headers.push((name.to_ascii_lowercase(), text(example))),
            _ => match example {
                // `explode` of a form is one pair an item, else the items are one text.
                Value::Array(items) if parameter["style"] != "spaceDelimited" => {
                    self.query.extend(items.iter().map(|item| (name.clone(), text(item))));
                }
                other => self.query.push((name, text(other))),
            },
        }
        Ok(())
    }

    /// As a line of the run has it.
    pub fn shown(&self) -> Value {
        let map = |pairs: &[(String, String)]| -> Map<String, Value> {
            let mut map: Map<String, Value> = Map::new();
            for (name, value) in pairs {
                let value = Value::from(value.as_str());
                match map.get_mut(name) {
                    Some(Value::Array(values)) => values.push(value),
                    Some(first) => *first = json!([first.clone(), value]),
                    None => drop(map.insert(name.clone(), value)),
                }
            }
            map
        };
        json!({
            "path": map(&self.path),
            "query": map(&self.query),
            "headers": map(&self.headers),
            "body": self.body,
        })
    }
}

/// A value as it stands in an address or a header.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
