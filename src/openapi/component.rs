//! Components: which types get one, which share one, and what it is called.
//!
//! Two passes over the same pure walk. The first collects what is referred to and compares
//! the schemas, references and all; equal ones become one class with one name. The second
//! writes them with their names.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use utoipa::openapi::{RefOr, Schema};

use super::edges::promoted;
use super::names::{Class, Form, Key, Side, assign, wishes};
use super::schema::Shaper;
use crate::codec::{Graph, Node, NodeId};

/// Where the components' schemas are.
const SCHEMAS: &str = "#/components/schemas/";

/// A type a route mentions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'p> {
    pub(super) graph: &'p Arc<Graph>,
    pub(super) node: NodeId,
    pub(super) side: Side,
    /// Index of the version in the document.
    pub(super) version: usize,
}

/// The components of one document.
pub(super) struct Components<'p> {
    graphs: Vec<&'p Arc<Graph>>,
    promoted: Vec<HashMap<NodeId, Arc<str>>>,
    /// What the walk referred to since it was last asked.
    met: RefCell<Vec<Key>>,
    /// Keys in the order they were met, with the index of their first version.
    keys: Vec<(Key, usize)>,
    names: HashMap<Key, String>,
    /// By name: the key it is written from, and whether requests have it.
    written: BTreeMap<String, (Key, bool)>,
}

impl<'p> Components<'p> {
    /// Everything the roots refer to, named.
    pub(super) fn survey(roots: &[Root<'p>], versions: &[String]) -> Self {
        let mut graphs: Vec<&Arc<Graph>> = Vec::new();
        for root in roots {
            if !graphs.iter().any(|g| Arc::ptr_eq(g, root.graph)) {
                graphs.push(root.graph);
            }
        }
        let promoted = graphs
            .iter()
            .map(|graph| {
                let own = roots.iter().filter(|r| Arc::ptr_eq(r.graph, graph)).map(|r| r.node);
                let mut nodes: Vec<NodeId> = own.collect();
                nodes.sort_unstable();
                nodes.dedup();
                promoted(graph, &nodes)
            })
            .collect();
        let mut components = Self {
            graphs,
            promoted,
            met: RefCell::default(),
            keys: Vec::new(),
            names: HashMap::new(),
            written: BTreeMap::new(),
        };
        let shapes = components.collect(roots);
        components.name(&shapes, versions);
        components
    }

    /// The schemas by name.
    pub(super) fn schemas(&self) -> Vec<(String, RefOr<Schema>)> {
        let write = |(name, (key, close)): (&String, &(Key, bool))| {
            (name.clone(), self.shaper(key.graph, key.side, *close).component(key))
        };
        self.written.iter().map(write).collect()
    }

    /// Schemas of values that go one way.
    pub(super) fn of(&self, graph: &Arc<Graph>, side: Side) -> Shaper<'_> {
        let at = self.graphs.iter().position(|g| Arc::ptr_eq(g, graph)).unwrap_or_default();
        self.shaper(at, side, side == Side::Input)
    }

    fn shaper(&self, graph: usize, side: Side, close: bool) -> Shaper<'_> {
        Shaper { graph: self.graphs[graph], at: graph, side, close, components: self }
    }

    /// Whether a type has a schema of its own.
    pub(super) fn is_component(&self, graph: usize, node: NodeId) -> bool {
        self.promoted[graph].contains_key(&node)
            || match self.graphs[graph].node(node) {
                Node::Object(object) => !object.component.is_empty() && object.unwrap.is_none(),
                Node::Text(text) => !text.component.is_empty(),
                Node::Any(_) | Node::Tree | Node::Opened(_) => false,
            }
    }

    /// The reference to a component.
    pub(super) fn reference(&self, key: Key) -> String {
        let name = match self.names.get(&key) {
            Some(name) => name.clone(),
            None => self.wishes(&key).swap_remove(0),
        };
        self.met.borrow_mut().push(key);
        format!("{SCHEMAS}{name}")
    }

    fn wishes(&self, key: &Key) -> Vec<String> {
        let fallback = self.promoted[key.graph].get(&key.node).filter(|name| !name.is_empty());
        wishes(self.graphs[key.graph], key, fallback.map(|name| &**name))
    }

    /// First pass: every key with its schema as text, and the keys it refers to.
    fn collect(&mut self, roots: &[Root<'p>]) -> Vec<(String, Vec<usize>)> {
        let mut at_of: HashMap<Key, usize> = HashMap::new();
        let mut shapes: Vec<(String, Vec<usize>)> = Vec::new();
        for root in roots {
            let _ = self.of(root.graph, root.side).value(root.node);
            self.take_met(&mut at_of, root.version);
            while shapes.len() < self.keys.len() {
                let key = self.keys[shapes.len()].0.clone();
                // Whether objects are closed is decided by who uses them, not by their shape.
                let schema = self.shaper(key.graph, key.side, false).component(&key);
                let text = serde_json::to_string(&schema).unwrap_or_default();
                let refers = self.take_met(&mut at_of, root.version);
                let own = self.wishes(&key).swap_remove(0);
                shapes.push((format!("{own}\n{text}"), refers));
            }
        }
        shapes
    }

    fn take_met(&mut self, at_of: &mut HashMap<Key, usize>, version: usize) -> Vec<usize> {
        let met = std::mem::take(&mut *self.met.borrow_mut());
        met.into_iter()
            .map(|key| {
                *at_of.entry(key.clone()).or_insert_with(|| {
                    self.keys.push((key, version));
                    self.keys.len() - 1
                })
            })
            .collect()
    }

    fn name(&mut self, shapes: &[(String, Vec<usize>)], versions: &[String]) {
        let class_of = classes(shapes);
        let count = class_of.iter().max().map_or(0, |max| max + 1);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (at, class) in class_of.iter().enumerate() {
            members[*class].push(at);
        }
        let classes: Vec<Class> = members
            .iter()
            .map(|members| {
                let (first, version) = &self.keys[members[0]];
                let on = |side| members.iter().any(|at| self.keys[*at].0.side == side);
                Class {
                    wishes: self.wishes(first),
                    is_declared: first.form == Form::Declared,
                    in_output: on(Side::Output),
                    version: (*version, versions.get(*version).cloned().unwrap_or_default()),
                }
            })
            .collect();
        let names = assign(&classes, &["Problem"]);
        for (members, name) in members.iter().zip(names) {
            let input = members.iter().find(|at| self.keys[**at].0.side == Side::Input);
            let from = self.keys[*input.unwrap_or(&members[0])].0.clone();
            for at in members {
                self.names.insert(self.keys[*at].0.clone(), name.clone());
            }
            self.written.insert(name, (from, input.is_some()));
        }
    }
}

/// Classes of equal schemas, numbered as they first come: equal texts first, then split
/// until what they refer to is equal as well.
fn classes(shapes: &[(String, Vec<usize>)]) -> Vec<usize> {
    fn number<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> (Vec<usize>, usize) {
        let mut known: HashMap<K, usize> = HashMap::new();
        let numbered = keys
            .map(|key| {
                let next = known.len();
                *known.entry(key).or_insert(next)
            })
            .collect();
        (numbered, known.len())
    }
    let (mut class_of, mut count) = number(shapes.iter().map(|(text, _)| text));
    loop {
        let split = shapes.iter().enumerate().map(|(at, (_, refers))| {
            (class_of[at], refers.iter().map(|to| class_of[*to]).collect::<Vec<_>>())
        });
        let (next, next_count) = number(split);
        if next_count == count {
            return class_of;
        }
        (class_of, count) = (next, next_count);
    }
}
