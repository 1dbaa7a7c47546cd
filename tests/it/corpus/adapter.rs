//! A peer's JSON → ours, by walking our graph.
//!
//! Peers keep attributes in an object of their own, write one item without its array,
//! numbers as strings, and keep wrappers we drop. All of that is habit; what is left when
//! the habits are gone is compared.

use figleaf::codec::{Graph, Lexical, Member, MemberSource, Node, NodeId, Object, TextKind};
use serde_json::{Map, Value};

/// Keys under which peers keep attributes.
const ATTRIBUTES: &[&str] = &["attributes", "$attributes", "$", "$thisIsAttributesKey"];
/// Keys under which peers keep text.
const TEXTS: &[&str] = &["$value", "_", "theValue", "value"];

/// Stands before the digits of a number that is kept as a string for now.
const DIGITS: &str = "digits of a number:";

/// JSON text with every number that was kept as a string a number again.
pub fn exact(value: &Value) -> String {
    let marked = regex::Regex::new(&format!("\"{DIGITS}([^\"]*)\"")).unwrap();
    marked.replace_all(&value.to_string(), "$1").into_owned()
}

#[derive(Debug, Clone, Copy)]
pub struct Adapter<'g> {
    pub graph: &'g Graph,
    /// Fill in what our answers always have: `[]` for arrays nothing came for.
    pub fill: bool,
    /// Make whole numbers of those that are not, as PHP does.
    pub cuts: bool,
}

impl Adapter<'_> {
    pub fn value(&self, node: NodeId, given: &Value) -> Value {
        match self.graph.node(node) {
            Node::Text(text) => self.text(&text.kind, given),
            Node::Any(_) | Node::Tree | Node::Opened(_) => any(given),
            Node::Object(object) => self.object(object, given),
        }
    }

    fn text(&self, kind: &TextKind, given: &Value) -> Value {
        if let Value::Object(entries) = given {
            let text = entries.iter().find(|(key, _)| TEXTS.contains(&key.as_str()));
            return match text {
                Some((_, text)) => self.text(kind, text),
                // `{}` and attributes alone are how peers read an empty element.
                None => self.text(kind, &Value::String(String::new())),
            };
        }
        match kind {
            TextKind::Atomic(lexical @ Lexical::Integer { .. }) if self.cuts => {
                let cut = match given {
                    Value::Number(number) => number.to_string(),
                    _ => String::new(),
                };
                let whole = cut.split('.').next().unwrap_or_default();
                serde_json::from_str(whole).unwrap_or_else(|_| scalar(*lexical, given))
            }
            TextKind::Atomic(lexical) => scalar(*lexical, given),
            TextKind::List(item) => match given {
                Value::Array(items) => items.iter().map(|i| self.value(*item, i)).collect(),
                Value::String(text) => text
                    .split_ascii_whitespace()
                    .map(|word| self.value(*item, &Value::String(word.to_owned())))
                    .collect(),
                one => Value::Array(vec![self.value(*item, one)]),
            },
            TextKind::Union(_) => given.clone(),
        }
    }

    fn object(&self, object: &Object, given: &Value) -> Value {
        if let Some(only) = object.unwrap {
            return self.unwrapped(object, only, given);
        }
        let entries = match given {
            Value::Object(entries) => flat(entries),
            Value::Null => return Value::Null,
            Value::Array(items) if items.is_empty() => Vec::new(),
            // A type with text and attributes, given as the text alone; or a type without
            // anything, read as an empty string.
            other if object.text.is_some() => vec![("$value".to_owned(), other.clone())],
            Value::String(text) if text.trim().is_empty() => Vec::new(),
            other => return other.clone(),
        };
        if let Some((actual, label, key)) = self.alternative(object, &entries) {
            let rest: Map<String, Value> =
                entries.into_iter().filter(|(name, _)| !is_xsi_type(name)).collect();
            let mut inner = match self.members(actual, rest.into_iter().collect()) {
                Value::Object(inner) => inner,
                other => return other,
            };
            inner.insert(key, Value::String(label));
            return Value::Object(inner);
        }
        self.members(object, entries)
    }

    /// The type that an `xsi:type` of the peer's names.
    fn alternative<'o>(
        &'o self,
        object: &'o Object,
        entries: &[(String, Value)],
    ) -> Option<(&'o Object, String, String)> {
        if object.alternatives.is_empty() {
            return None;
        }
        let named = entries.iter().find(|(name, _)| is_xsi_type(name)).map(|(_, value)| value);
        let local = match named {
            Some(Value::String(qname)) => qname.rsplit(':').next().map(str::to_owned),
            Some(Value::Object(parts)) => {
                parts.get("type").and_then(Value::as_str).map(str::to_owned)
            }
            _ => None,
        };
        let own = object.name.as_ref().map(|(_, local)| local.to_string());
        let local = local.or_else(|| own.filter(|_| self.fill))?;
        let found = object.alternatives.iter().find(|a| *a.local == *local)?;
        let Node::Object(actual) = self.graph.node(found.node) else { return None };
        Some((actual, found.label.to_string(), object.discriminator.to_string()))
    }

    /// The value of the only member, with or without the wrapper the peer keeps.
    fn unwrapped(&self, object: &Object, only: u16, given: &Value) -> Value {
        let member = &object.members[usize::from(only)];
        if member.source == MemberSource::Text {
            return match given {
                Value::Object(entries) => entries
                    .iter()
                    .find(|(key, _)| *key == "$xml" || TEXTS.contains(&key.as_str()))
                    .map_or_else(|| given.clone(), |(_, text)| text.clone()),
                other => other.clone(),
            };
        }
        let is_own = |name: &str| {
            object.children.iter().any(|c| c.member == only && *c.local == *bare(name))
        };
        let inner = match given {
            Value::Object(entries) => {
                let own = flat(entries).into_iter().find(|(name, _)| is_own(name));
                match own {
                    Some((_, value)) => value,
                    None if member.repeats => Value::Null,
                    None => given.clone(),
                }
            }
            other => other.clone(),
        };
        self.placed(member, &inner)
    }

    fn members(&self, object: &Object, entries: Vec<(String, Value)>) -> Value {
        let mut out = Map::new();
        for (name, value) in entries {
            let local = bare(&name);
            let child = object.children.iter().find(|c| *c.local == *local);
            let attribute = object.attributes.iter().find(|a| *a.local == *local);
            if let Some(child) = child {
                let member = &object.members[usize::from(child.member)];
                match (member.source, &child.label) {
                    (MemberSource::Group, Some(label)) => {
                        self.grouped(&mut out, member, label, child.node, &value);
                    }
                    (_, Some(label)) => {
                        let labelled = self.labelled(child.node, label, &value);
                        push(&mut out, member, labelled);
                    }
                    _ if value.is_null() && !member.nillable && !member.repeats => {}
                    _ => {
                        out.insert(member.name.to_string(), self.placed(member, &value));
                    }
                }
            } else if let Some(rule) = attribute {
                let member = &object.members[usize::from(rule.member)];
                out.insert(member.name.to_string(), self.value(member.node, &value));
            } else if let Some((node, at)) = object.text
                && TEXTS.contains(&name.as_str())
            {
                let member = &object.members[usize::from(at)];
                out.insert(member.name.to_string(), self.value(node, &value));
            } else if !is_xsi_type(&name) && name != "xsi:nil" && !name.starts_with("xmlns") {
                out.insert(name, value);
            }
        }
        if self.fill {
            self.fill(object, &mut out);
        }
        Value::Object(out)
    }

    fn fill(&self, object: &Object, out: &mut Map<String, Value>) {
        for member in &object.members {
            if out.contains_key(&*member.name) || member.dropped {
                continue;
            }
            if member.repeats && !member.conditional {
                out.insert(member.name.to_string(), Value::Array(Vec::new()));
            }
            if member.source == MemberSource::Attribute
                && let Some(text) = member.default.as_ref().or(member.fixed.as_ref())
            {
                let value = self.value(member.node, &Value::String(text.to_string()));
                out.insert(member.name.to_string(), value);
            }
        }
        if let Some((node, at)) = object.text {
            let name = object.members[usize::from(at)].name.to_string();
            out.entry(name).or_insert_with(|| self.value(node, &Value::String(String::new())));
        }
    }

    fn placed(&self, member: &Member, given: &Value) -> Value {
        if !member.repeats {
            return if member.nillable && is_nil(given) {
                Value::Null
            } else {
                self.value(member.node, given)
            };
        }
        match given {
            Value::Array(items) => items.iter().map(|item| self.value(member.node, item)).collect(),
            Value::Null => Value::Array(Vec::new()),
            one => Value::Array(vec![self.value(member.node, one)]),
        }
    }

    fn grouped(
        &self,
        out: &mut Map<String, Value>,
        member: &Member,
        label: &str,
        node: NodeId,
        given: &Value,
    ) {
        let entry = out.entry(member.name.to_string()).or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(items) = entry else { return };
        let one = |value: &Value| {
            let mut item = Map::new();
            item.insert(label.to_owned(), self.value(node, value));
            Value::Object(item)
        };
        match given {
            Value::Array(values) => items.extend(values.iter().map(one)),
            value => items.push(one(value)),
        }
    }

    fn labelled(&self, node: NodeId, label: &str, given: &Value) -> Value {
        let mut inner = match self.value(node, given) {
            Value::Object(inner) => inner,
            scalar => Map::from_iter([("value".to_owned(), scalar)]),
        };
        inner.insert("type".to_owned(), Value::String(label.to_owned()));
        Value::Object(inner)
    }
}

fn push(out: &mut Map<String, Value>, member: &Member, value: Value) {
    if !member.repeats {
        out.insert(member.name.to_string(), value);
        return;
    }
    let entry = out.entry(member.name.to_string()).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(items) = entry {
        items.push(value);
    }
}

/// Entries with the attributes among them, as ours are.
fn flat(entries: &Map<String, Value>) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, value) in entries {
        match value {
            Value::Object(inner) if ATTRIBUTES.contains(&name.as_str()) => {
                all.extend(inner.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            _ => all.push((name.clone(), value.clone())),
        }
    }
    all
}

fn bare(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_xsi_type(name: &str) -> bool {
    matches!(name, "xsi_type" | "xsi:type" | "$xsiType")
}

fn is_nil(given: &Value) -> bool {
    match given {
        Value::Null => true,
        Value::Object(entries) => flat(entries)
            .iter()
            .any(|(name, value)| name == "xsi:nil" && matches!(value.as_str(), Some("true" | "1"))),
        _ => false,
    }
}

/// `anyType`: a scalar stays; what a peer reads as `{attributes, $value}` is its text.
fn any(given: &Value) -> Value {
    match given {
        Value::Object(entries) => {
            let text = entries.iter().find(|(key, _)| TEXTS.contains(&key.as_str()));
            text.map_or_else(|| given.clone(), |(_, text)| text.clone())
        }
        other => other.clone(),
    }
}

/// A scalar as its type has it: strings that are numbers become numbers, and back.
fn scalar(lexical: Lexical, given: &Value) -> Value {
    match (lexical, given) {
        (Lexical::Boolean, Value::String(text)) => match text.trim() {
            "true" | "1" => Value::Bool(true),
            "false" | "0" => Value::Bool(false),
            _ => given.clone(),
        },
        (Lexical::Boolean, Value::Number(number)) => match number.as_i64() {
            Some(1) => Value::Bool(true),
            Some(0) => Value::Bool(false),
            _ => given.clone(),
        },
        // Digits that a double would lose: `exact` takes the mark off again.
        (Lexical::Decimal, Value::String(text)) if loses_digits(text.trim()) => {
            Value::String(format!("{DIGITS}{}", text.trim()))
        }
        (Lexical::Integer { .. } | Lexical::Decimal | Lexical::Float, Value::String(text)) => {
            serde_json::from_str(text.trim())
                .ok()
                .filter(Value::is_number)
                .unwrap_or_else(|| given.clone())
        }
        (Lexical::String(_) | Lexical::Form(_) | Lexical::QName, Value::Number(number)) => {
            Value::String(number.to_string())
        }
        (Lexical::String(_) | Lexical::Form(_), Value::Bool(truth)) => {
            Value::String(truth.to_string())
        }
        _ => given.clone(),
    }
}

/// Whether a number comes out of a double with other digits.
fn loses_digits(text: &str) -> bool {
    let Ok(number @ Value::Number(_)) = serde_json::from_str::<Value>(text) else { return false };
    let kept = number.to_string();
    kept != text
}
