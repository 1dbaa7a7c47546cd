//! Schemas of documents: each has names the contract may have as well, so each is lowered
//! apart from the others, into the same graph.

use std::collections::{HashMap, HashSet};
use std::mem::swap;
use std::sync::Arc;

use super::super::graph::{Child, Graph, NodeId};
use super::super::rules::{NamedTypes, Rules};
use super::Builder;
use super::labels::substitutes;
use super::open::Openings;
use crate::xml::NsId;
use crate::xsd::{SchemaSet, TypeId};

/// What is lowered of a schema that is not being lowered now.
#[derive(Debug)]
pub(super) struct Separate<'s> {
    schema: &'s SchemaSet,
    by_type: HashMap<(TypeId, Rules), NodeId>,
    by_array: HashMap<(Option<TypeId>, Vec<u32>, Rules), NodeId>,
    globals: HashMap<(NsId, Box<str>), Child>,
    any: HashSet<Rules>,
    named: HashSet<Rules>,
    nillable: Option<HashSet<TypeId>>,
    substitutes: HashSet<TypeId>,
}

impl Builder<'_> {
    /// Lowers everything reachable and hands the graph over, with what became of the rules.
    #[must_use]
    pub fn finish_opened(mut self) -> (Graph, Openings) {
        let mut named = HashMap::new();
        let mut done = HashSet::new();
        self.name_types(&mut named, &mut done);
        while let Some(waiting) = self.opening.waiting.pop() {
            let at = self.separate(waiting.rule);
            self.turn_to(at, &mut done);
            self.document(waiting);
            self.name_types(&mut named, &mut done);
            self.turn_to(at, &mut done);
        }
        for separate in std::mem::take(&mut self.opening.schemas) {
            self.add_globals(separate.globals);
        }
        self.name_discriminators();
        let type_labels = self.type_labels(&named);
        let graph = Graph {
            namespaces: Arc::new(self.namespaces),
            types: self.types,
            globals: self.globals,
            named,
            type_labels,
            numbers: self.options.numbers,
        };
        (graph, self.opening.outcome)
    }

    /// Lowers the queue, and every named type where `anyType` occurs.
    fn name_types(&mut self, named: &mut HashMap<Rules, NamedTypes>, done: &mut HashSet<Rules>) {
        self.drain();
        // Naming types under one of the rules may meet `anyType` under the other.
        while let Some(rules) = self.any.iter().copied().find(|rules| !done.contains(rules)) {
            done.insert(rules);
            let of_schema = self.named_types(rules);
            let types = named.entry(rules).or_default();
            for (name, node) in of_schema {
                types.entry(name).or_insert(node);
            }
            self.drain();
        }
    }

    /// Exchanges what is lowered of one schema with what is lowered of another.
    fn turn_to(&mut self, at: usize, done: &mut HashSet<Rules>) {
        let Some(separate) = self.opening.schemas.get_mut(at) else { return };
        swap(&mut self.schema, &mut separate.schema);
        swap(&mut self.by_type, &mut separate.by_type);
        swap(&mut self.by_array, &mut separate.by_array);
        swap(&mut self.globals, &mut separate.globals);
        swap(&mut self.any, &mut separate.any);
        swap(&mut self.nillable, &mut separate.nillable);
        swap(&mut self.substitutes, &mut separate.substitutes);
        swap(done, &mut separate.named);
    }

    /// The place of a rule's schema among those that are not the contract's; past the end
    /// for the contract's own.
    fn separate(&mut self, rule: usize) -> usize {
        let Some(schema) = self.opening.rules.get(rule).and_then(|r| r.schema) else {
            return usize::MAX;
        };
        let schemas = &mut self.opening.schemas;
        let known = schemas.iter().position(|s| std::ptr::eq(s.schema, schema));
        known.unwrap_or_else(|| {
            schemas.push(Separate {
                schema,
                by_type: HashMap::new(),
                by_array: HashMap::new(),
                globals: HashMap::new(),
                any: HashSet::new(),
                named: HashSet::new(),
                nillable: None,
                substitutes: substitutes(schema),
            });
            schemas.len() - 1
        })
    }
}
