//! What schemas that hold together say of a value, in one place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::text::{canonical, unordered};
use super::limits::{Bound, Limit};
use super::read::{Conjunction, Reader};
use super::types::Types;

/// Schemas inside one another without a member between them.
const NESTED_MAX: usize = 48;

/// Schemas looked into for one value; what combines more is taken for anything.
const SCHEMAS_MAX: u32 = 20_000;

/// Keywords that say nothing a program acts on.
const FOR_PEOPLE: [&str; 6] =
    ["title", "description", "example", "examples", "externalDocs", "xml"];

/// What is said of members that are not named.
#[derive(Debug, Clone, Default)]
pub(super) enum Others<'d> {
    #[default]
    Open,
    Closed,
    Typed(Conjunction<'d>),
}

/// Several kinds of value.
#[derive(Debug, Clone)]
pub(super) struct Union<'d> {
    /// The member that tells them apart.
    pub(super) discriminator: Option<&'d str>,
    pub(super) alternatives: Vec<Alternative<'d>>,
}

/// One kind of value.
#[derive(Debug, Clone)]
pub(super) struct Alternative<'d> {
    /// The value of the discriminator that means it.
    pub(super) label: Option<&'d str>,
    pub(super) schema: &'d Value,
}

/// What is said of a value.
#[derive(Debug, Clone)]
pub(super) struct View<'d> {
    pub(super) types: Types,
    /// The values it may have, `null` aside, in one form.
    pub(super) values: Option<BTreeSet<String>>,
    pub(super) formats: BTreeSet<&'d str>,
    pub(super) patterns: BTreeSet<&'d str>,
    pub(super) limits: BTreeMap<Bound, Limit>,
    pub(super) members: Vec<(&'d str, Conjunction<'d>)>,
    pub(super) required: BTreeSet<&'d str>,
    pub(super) others: Others<'d>,
    pub(super) items: Conjunction<'d>,
    /// Unions that hold all at once; one in nearly every schema that has any.
    pub(super) unions: Vec<Union<'d>>,
    /// Rules about which members come together: a keyword and what it combines.
    pub(super) choices: BTreeSet<(&'static str, BTreeSet<String>)>,
    /// Keywords no rule knows.
    pub(super) keywords: BTreeMap<&'d str, BTreeSet<String>>,
    pub(super) default: Option<String>,
    pub(super) deprecated: bool,
    /// What is for people.
    pub(super) words: BTreeSet<String>,
}

impl<'d> View<'d> {
    fn anything() -> Self {
        Self {
            types: Types::ANY,
            values: None,
            formats: BTreeSet::new(),
            patterns: BTreeSet::new(),
            limits: BTreeMap::new(),
            members: Vec::new(),
            required: BTreeSet::new(),
            others: Others::Open,
            items: Vec::new(),
            unions: Vec::new(),
            choices: BTreeSet::new(),
            keywords: BTreeMap::new(),
            default: None,
            deprecated: false,
            words: BTreeSet::new(),
        }
    }

    /// What is said of a member.
    pub(super) fn member(&self, name: &str) -> Option<&Conjunction<'d>> {
        self.members.iter().find(|(known, _)| *known == name).map(|(_, schema)| schema)
    }

    /// Both at once.
    fn and(&mut self, other: Self) {
        self.types = self.types.and(other.types);
        self.values = match (self.values.take(), other.values) {
            (Some(own), Some(more)) => Some(own.intersection(&more).cloned().collect()),
            (own, more) => own.or(more),
        };
        self.formats.extend(other.formats);
        self.patterns.extend(other.patterns);
        for (bound, limit) in other.limits {
            self.limit(bound, limit);
        }
        for (name, schema) in other.members {
            self.put(name, schema);
        }
        self.required.extend(other.required);
        self.others = match (std::mem::take(&mut self.others), other.others) {
            (Others::Closed, _) | (_, Others::Closed) => Others::Closed,
            (Others::Typed(mut own), Others::Typed(more)) => {
                own.extend(more);
                Others::Typed(own)
            }
            (Others::Open, kind) | (kind, Others::Open) => kind,
        };
        self.items.extend(other.items);
        self.choices.extend(other.choices);
        for (name, values) in other.keywords {
            self.keywords.entry(name).or_default().extend(values);
        }
        self.default = self.default.take().or(other.default);
        self.deprecated |= other.deprecated;
        self.words.extend(other.words);
        // Said twice, it is one all the same.
        let is_known = |new: &Union<'d>| {
            self.unions.iter().any(|known| {
                let pairs = known.alternatives.iter().zip(&new.alternatives);
                known.alternatives.len() == new.alternatives.len()
                    && pairs.into_iter().all(|(one, other)| one.schema == other.schema)
            })
        };
        let new: Vec<Union<'d>> = other.unions.into_iter().filter(|u| !is_known(u)).collect();
        self.unions.extend(new);
    }

    fn limit(&mut self, bound: Bound, limit: Limit) {
        let known = self.limits.entry(bound).or_insert(limit);
        if limit.is_tighter(*known, bound) {
            *known = limit;
        }
    }

    fn put(&mut self, name: &'d str, schema: Conjunction<'d>) {
        match self.members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.extend(schema),
            None => self.members.push((name, schema)),
        }
    }
}

impl<'d> Reader<'d> {
    /// What schemas that hold together say.
    pub(super) fn view(self, schemas: &[&'d Value]) -> View<'d> {
        let mut reading = Reading { reader: self, open: Vec::new(), left: SCHEMAS_MAX };
        let mut view = View::anything();
        for schema in schemas {
            view.and(reading.schema(schema));
        }
        settle(&mut view);
        view
    }
}

/// Types and values agree: what the values rule out is no type any more.
fn settle(view: &mut View<'_>) {
    if let Some(values) = &mut view.values {
        let has_null = values.remove("null");
        let of =
            |text: &String| serde_json::from_str(text).map_or(Types::ANY, |v| Types::of_value(&v));
        let types = values.iter().map(of).fold(Types::NONE, Types::or);
        let null = if has_null { Types::NULL } else { Types::NONE };
        view.types = view.types.and(types.or(null));
    }
}

struct Reading<'d> {
    reader: Reader<'d>,
    /// References that are being followed: `allOf` must not lead back into itself.
    open: Vec<&'d str>,
    /// Schemas that may still be looked into.
    left: u32,
}

impl<'d> Reading<'d> {
    fn schema(&mut self, schema: &'d Value) -> View<'d> {
        let mut view = View::anything();
        let Value::Object(keywords) = schema else {
            if *schema == Value::Bool(false) {
                view.types = Types::NONE;
            }
            return view;
        };
        let Some(left) = self.left.checked_sub(1) else { return view };
        self.left = left;
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let is_open = self.open.contains(&reference) || self.open.len() >= NESTED_MAX;
            if let Some(target) = self.reader.target(reference).filter(|_| !is_open) {
                self.open.push(reference);
                view.and(self.schema(target));
                self.open.pop();
            }
            // Words beside a reference are said of this place, in the stead of its own.
            if keywords.keys().any(|name| FOR_PEOPLE.contains(&&**name)) {
                view.words.clear();
            }
        }
        for (name, value) in keywords {
            self.keyword(&mut view, keywords, name, value);
        }
        view
    }

    fn keyword(
        &mut self,
        view: &mut View<'d>,
        all: &'d Map<String, Value>,
        name: &'d str,
        value: &'d Value,
    ) {
        if let Some((bound, exclusive)) = Bound::of_keyword(name) {
            if let Some(limit) = Limit::of(bound, exclusive, value) {
                view.limit(bound, limit);
            }
            return;
        }
        let list = || value.as_array().into_iter().flatten();
        match name {
            "type" => view.types = view.types.and(Types::of_keyword(value)),
            "enum" => allow(view, list().map(canonical).collect()),
            "const" => allow(view, [canonical(value)].into()),
            "format" | "contentEncoding" => view.formats.extend(value.as_str()),
            "pattern" => view.patterns.extend(value.as_str()),
            "required" => view.required.extend(list().filter_map(Value::as_str)),
            "properties" => {
                for (name, schema) in value.as_object().into_iter().flatten() {
                    view.put(name, vec![schema]);
                }
            }
            "additionalProperties" => {
                view.others = match value {
                    Value::Bool(true) => Others::Open,
                    Value::Bool(false) => Others::Closed,
                    schema => Others::Typed(vec![schema]),
                }
            }
            "items" => view.items.push(value),
            "allOf" => {
                for schema in list() {
                    let inner = self.schema(schema);
                    view.and(inner);
                }
            }
            "oneOf" | "anyOf" if list().all(is_choice) => {
                let word = if name == "oneOf" { "oneOf" } else { "anyOf" };
                view.choices.insert((word, list().map(unordered).collect()));
            }
            "oneOf" | "anyOf" => self.union(view, all, value),
            "not" => {
                view.choices.insert(("not", [unordered(value)].into()));
            }
            "default" => view.default = Some(canonical(value)),
            "deprecated" => view.deprecated |= value == true,
            "$ref" | "discriminator" => {}
            _ if FOR_PEOPLE.contains(&name) || name.starts_with("x-") => {
                view.words.insert(format!("{name}:{}", canonical(value)));
            }
            _ => {
                view.keywords.entry(name).or_default().insert(canonical(value));
            }
        }
    }

    /// `null` beside one kind of value is that kind, which may be `null`.
    fn union(&mut self, view: &mut View<'d>, all: &'d Map<String, Value>, value: &'d Value) {
        let discriminator = all.get("discriminator");
        let mapping = discriminator.and_then(|d| d["mapping"].as_object());
        let label = |schema: &Value| {
            let own = schema["$ref"].as_str()?;
            let named = |(_, target): &(&String, &Value)| target.as_str() == Some(own);
            mapping?.iter().find(named).map(|(label, _)| &**label)
        };
        let mut types = Types::NONE;
        let mut alternatives = Vec::new();
        let mut only = None;
        for schema in value.as_array().into_iter().flatten() {
            let inner = if self.open.len() < NESTED_MAX {
                self.open.push("");
                let mut inner = self.schema(schema);
                self.open.pop();
                settle(&mut inner);
                inner
            } else {
                View::anything()
            };
            types = types.or(inner.types);
            if inner.types != Types::NULL {
                alternatives.push(Alternative { label: label(schema), schema });
                only = Some(inner);
            }
        }
        match (only, alternatives.len()) {
            (Some(mut inner), 1) if discriminator.is_none() => {
                inner.types = types;
                if let Some(values) = inner.values.as_mut().filter(|_| types.has(Types::NULL)) {
                    values.insert("null".to_owned());
                }
                view.and(inner);
            }
            (None, _) => view.types = view.types.and(types),
            _ => {
                let discriminator = discriminator.and_then(|d| d["propertyName"].as_str());
                let mut union = View::anything();
                union.types = types;
                union.unions.push(Union { discriminator, alternatives });
                view.and(union);
            }
        }
    }
}

fn allow(view: &mut View<'_>, values: BTreeSet<String>) {
    view.values = Some(match view.values.take() {
        Some(known) => known.intersection(&values).cloned().collect(),
        None => values,
    });
}

/// Whether a schema says only which members come together.
fn is_choice(schema: &Value) -> bool {
    let only = |keywords: &Map<String, Value>| {
        !keywords.is_empty() && keywords.keys().all(|name| matches!(&**name, "required" | "not"))
    };
    schema.as_object().is_some_and(only)
}
