//! What differs between two readings of a contract: operations and types, by name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::judged::Judged;
use crate::soap::Judge;
use crate::wsdl::{Contract, Message, Operation, Part, PartContent};
use crate::xsd::{Content, ElementId, Particle, Term, TypeDefinition, TypeId, Variety};

/// Anonymous types inside each other that are looked into.
const DEPTH_MAX: u32 = 64;

/// Names that came, went, or mean something else.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    pub changed: Vec<String>,
}

impl Changes {
    /// Compares two sets of definitions.
    pub fn between(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Self {
        let only = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
            one.keys().filter(|name| !other.contains_key(*name)).cloned().collect()
        };
        let differs = |(name, text): &(&String, &String)| {
            old.get(*name).is_some_and(|before| before != *text)
        };
        Self {
            added: only(new, old),
            removed: only(old, new),
            changed: new.iter().filter(differs).map(|(name, _)| name.clone()).collect(),
        }
    }

    /// `  + operation GetOrder`, one line each.
    pub fn lines(&self, kind: &str) -> String {
        let mut out = String::new();
        let marked = [("+", &self.added), ("-", &self.removed), ("~", &self.changed)];
        for (mark, names) in marked {
            for name in names {
                let _ = writeln!(out, "  {mark} {kind} {name}");
            }
        }
        out
    }
}

/// Every named type and global element with what it says, without documentation.
pub fn types(contract: &Contract) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let schema = &contract.schema;
    for (name, id) in &schema.type_by_name {
        if schema.ty(*id).is_authored() {
            let mut text = String::new();
            definition(contract, *id, 0, &mut text);
            found.insert(format!("{} ({})", name.local, name.namespace), text);
        }
    }
    for (name, id) in &schema.element_by_name {
        let mut text = String::new();
        declaration(contract, *id, 0, &mut text);
        found.insert(format!("{} ({}, element)", name.local, name.namespace), text);
    }
    found
}

/// Every operation with its messages and the types of `changed` that it reaches.
pub fn operations(judged: &Judged, changed: &BTreeSet<String>) -> BTreeMap<String, String> {
    let contract = &judged.contract;
    let mut judge = Judge::new(contract);
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for row in &judged.rows {
        let operation = judged.operation(row);
        let mut text = signature(contract, operation);
        let mut reached = BTreeSet::new();
        for id in judge.types_of(operation) {
            if let Some(name) = name_of(contract, id) {
                let name = format!("{} ({})", name.local, name.namespace);
                if changed.contains(&name) {
                    reached.insert(name);
                }
            }
        }
        let _ = write!(text, " {reached:?}");
        let port = judged.port(row);
        found.entry(format!("{}/{}", port.name, operation.name)).or_insert(text);
    }
    found
}

fn signature(contract: &Contract, operation: &Operation) -> String {
    let mut text = format!("{:?} {:?}", operation.style, operation.soap_action);
    message(contract, &operation.input, &mut text);
    match &operation.output {
        Some(output) => message(contract, output, &mut text),
        None => text.push_str(" one-way"),
    }
    for fault in &operation.faults {
        let _ = write!(text, " fault {}", fault.name);
        part(contract, &fault.part, &mut text);
    }
    text
}

fn message(contract: &Contract, message: &Message, text: &mut String) {
    let _ = write!(text, " | {:?} {:?}", message.use_, message.namespace);
    for one in &message.parts {
        part(contract, one, text);
    }
    for header in &message.headers {
        text.push_str(" header");
        part(contract, header, text);
    }
}

fn part(contract: &Contract, part: &Part, text: &mut String) {
    let _ = write!(text, " {}:", part.name);
    match part.content {
        // The element's own type may be anonymous: what it says belongs to the message.
        PartContent::Element(id) => declaration(contract, id, 0, text),
        PartContent::Type(id) => reference(contract, id, 0, text),
    }
}

fn declaration(contract: &Contract, id: ElementId, depth: u32, text: &mut String) {
    let element = contract.schema.element(id);
    let _ = write!(
        text,
        "{:?} nil={} abstract={} {:?} {:?} ",
        element.name, element.nillable, element.is_abstract, element.default, element.fixed
    );
    reference(contract, element.ty, depth, text);
}

fn reference(contract: &Contract, id: TypeId, depth: u32, text: &mut String) {
    match name_of(contract, id) {
        Some(name) => {
            let _ = write!(text, "{name:?}");
        }
        None if depth < DEPTH_MAX => definition(contract, id, depth + 1, text),
        None => {}
    }
}

fn name_of(contract: &Contract, id: TypeId) -> Option<&crate::xml::QName> {
    match contract.schema.ty(id) {
        TypeDefinition::Simple(simple) => simple.name.as_ref(),
        TypeDefinition::Complex(complex) => complex.name.as_ref(),
        TypeDefinition::Missing { name, .. } => Some(name),
    }
}

fn definition(contract: &Contract, id: TypeId, depth: u32, text: &mut String) {
    match contract.schema.ty(id) {
        TypeDefinition::Missing { .. } => text.push_str("missing"),
        TypeDefinition::Simple(simple) => {
            let _ = write!(text, "{:?}", simple.facets);
            match &simple.variety {
                Variety::Atomic(builtin) => {
                    let _ = write!(text, "{builtin:?}");
                }
                Variety::List(item) => {
                    text.push_str("list ");
                    reference(contract, *item, depth, text);
                }
                Variety::Union(members) => {
                    text.push_str("union ");
                    for member in members {
                        reference(contract, *member, depth, text);
                    }
                }
            }
        }
        TypeDefinition::Complex(complex) => {
            let _ = write!(text, "abstract={} mixed={} ", complex.is_abstract, complex.mixed);
            if let Some((base, how)) = complex.base {
                let _ = write!(text, "{how:?} ");
                reference(contract, base, depth, text);
            }
            for attribute in &complex.attributes {
                let _ = write!(
                    text,
                    " @{:?} {} {:?} {:?} ",
                    attribute.name, attribute.required, attribute.default, attribute.fixed
                );
                reference(contract, attribute.ty, depth, text);
            }
            let any = complex.any_attribute.as_ref().map(|any| &any.namespaces);
            let _ = write!(text, " {any:?} {:?} ", complex.array_type);
            match &complex.content {
                Content::Empty => {}
                Content::Simple(ty) => reference(contract, *ty, depth, text),
                Content::Particles(content) => particle(contract, content, depth, text),
            }
        }
    }
}

fn particle(contract: &Contract, of: &Particle, depth: u32, text: &mut String) {
    let _ = write!(text, "[{}..{:?} ", of.occurs.min, of.occurs.max);
    match &of.term {
        Term::Element(id) => {
            let element = contract.schema.element(*id);
            if element.global {
                let _ = write!(text, "ref {:?}", element.name);
            } else {
                declaration(contract, *id, depth, text);
            }
        }
        Term::Any(wildcard) => {
            let _ = write!(text, "any {:?}", wildcard.namespaces);
        }
        Term::Sequence(inner) | Term::Choice(inner) | Term::All(inner) => {
            let word = match &of.term {
                Term::Choice(_) => "choice",
                Term::All(_) => "all",
                _ => "sequence",
            };
            text.push_str(word);
            // Nesting of particles is bounded where they are read.
            for one in inner {
                particle(contract, one, depth, text);
            }
        }
    }
    text.push(']');
}
