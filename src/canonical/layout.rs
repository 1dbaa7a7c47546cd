//! Where white space between elements is no content.

use std::collections::HashMap;

use super::Vocabulary;
use super::plumbing::{is_carrier, is_soap, said_type};
use super::scope::Prefixes;
use super::tree::Element;
use super::typing::{self, Known};
use super::value::is_blank;
use crate::codec::{Child, Graph, Node, NodeId, Object, Rules, Shape};
use crate::xml::{QName, ns};

/// What is known of an element's content.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lay {
    /// The envelope.
    Envelope,
    /// Its Header.
    Header,
    /// Its Body.
    Body,
    /// A fault, its code and its reason.
    Fault,
    /// The detail of a fault.
    Detail,
    /// A value of a type.
    Typed(NodeId),
    /// A header block that no contract knows: nothing of it becomes JSON.
    Loose,
    /// Nothing is known: every character may be content.
    Exact,
}

/// What a vocabulary says about white space.
#[derive(Debug)]
pub(super) struct Layout<'v> {
    graph: &'v Graph,
    /// What may stand directly in a Body, by name; `None` where several operations mean
    /// different types by it.
    bodies: HashMap<QName, Option<&'v Child>>,
    details: HashMap<QName, Option<&'v Child>>,
    headers: HashMap<QName, Option<&'v Child>>,
    rules: Rules,
    /// Whether the part of some operation is a type: then a Body may hold text.
    has_open_body: bool,
}

impl<'v> Layout<'v> {
    pub(super) fn of(vocabulary: &'v Vocabulary) -> Self {
        let graph = &*vocabulary.graph;
        let mut layout = Self {
            graph,
            bodies: HashMap::new(),
            details: HashMap::new(),
            headers: HashMap::new(),
            rules: Rules::Literal,
            has_open_body: false,
        };
        for words in &vocabulary.operations {
            let nodes = &words.nodes;
            for body in std::iter::once(nodes.request).chain(nodes.response) {
                let Node::Object(object) = graph.node(body) else {
                    layout.has_open_body = true;
                    continue;
                };
                layout.has_open_body |= !object.closed;
                if object.rules != Rules::Literal {
                    layout.rules = object.rules;
                }
                note(graph, &mut layout.bodies, object.children.iter());
            }
            let faults = || nodes.faults.iter().map(|fault| &fault.child);
            let headers = nodes.headers.iter().chain(&nodes.answer_headers).map(|h| &h.child);
            note(graph, &mut layout.details, faults());
            note(graph, &mut layout.headers, headers.chain(faults()));
        }
        layout
    }

    /// Whether white space may be put between the children of an element, and that which is
    /// there taken away.
    pub(super) fn may_break(&self, element: &Element, lay: Lay) -> bool {
        let is_preserved = element.attribute(ns::XML, "space") == Some("preserve");
        if is_preserved || !is_blank(element) {
            return false;
        }
        let has_children = element.elements().next().is_some();
        match lay {
            Lay::Envelope | Lay::Header => true,
            Lay::Fault | Lay::Loose => has_children,
            // The text of what is not declared is kept as it is.
            Lay::Detail => {
                let is_known = |e: &Element| self.details.get(&e.name).is_some_and(Option::is_some);
                has_children && element.elements().all(is_known)
            }
            Lay::Body => {
                let is_known = |e: &Element| {
                    let is_fault = &*e.name.local == "Fault" && is_soap(&e.name.namespace);
                    is_fault || self.bodies.contains_key(&e.name)
                };
                !self.has_open_body || has_children && element.elements().all(is_known)
            }
            Lay::Typed(node) => match self.graph.node(node) {
                Node::Object(object) => is_element_only(object),
                Node::Text(_) | Node::Any(_) | Node::Tree | Node::Opened(_) => false,
            },
            Lay::Exact => false,
        }
    }

    /// What is known of a child.
    pub(super) fn child<'e>(
        &self,
        (parent, lay): (&Element, Lay),
        child: &'e Element,
        around: &Prefixes<'e>,
        cursor: &mut usize,
    ) -> Lay {
        let prefixes = around.inside(child);
        let name = &child.name;
        let in_soap = name.namespace == parent.name.namespace;
        let known = |all: &HashMap<QName, Option<&'v Child>>| all.get(name).copied().flatten();
        match lay {
            Lay::Envelope if in_soap && &*name.local == "Header" => Lay::Header,
            Lay::Envelope if in_soap && &*name.local == "Body" => Lay::Body,
            Lay::Header => match known(&self.headers) {
                Some(block) if !is_carrier(name) => self.typed(block, child, &prefixes),
                _ => Lay::Loose,
            },
            Lay::Loose => Lay::Loose,
            Lay::Body if is_soap(&name.namespace) && &*name.local == "Fault" => Lay::Fault,
            Lay::Body => match known(&self.bodies) {
                Some(payload) => self.typed(payload, child, &prefixes),
                None => Lay::Exact,
            },
            Lay::Fault => match &*name.local {
                "detail" | "Detail" => Lay::Detail,
                _ => Lay::Fault,
            },
            Lay::Detail => match known(&self.details) {
                Some(detail) => self.typed(detail, child, &prefixes),
                None => Lay::Exact,
            },
            Lay::Typed(node) => self.inside(node, child, &prefixes, cursor),
            Lay::Envelope | Lay::Exact => Lay::Exact,
        }
    }

    fn inside<'e>(
        &self,
        parent: NodeId,
        child: &'e Element,
        prefixes: &Prefixes<'e>,
        cursor: &mut usize,
    ) -> Lay {
        let Node::Object(object) = self.graph.node(parent) else { return Lay::Exact };
        if object.shape == Shape::Mixed {
            return Lay::Exact;
        }
        if object.shape == Shape::Array {
            let rule = object.array.as_deref();
            let item = rule.and_then(|rule| self.graph.array_item(object, rule));
            return item.map_or(Lay::Exact, |item| self.typed(item, child, prefixes));
        }
        let own = typing::child(self.graph, object, &child.name, cursor).map(|(child, _)| child);
        let known = own.or_else(|| typing::let_in(self.graph, object, &child.name));
        known.map_or(Lay::Exact, |known| self.typed(known, child, prefixes))
    }

    fn typed<'e>(&self, known: &'v Child, element: &'e Element, prefixes: &Prefixes<'e>) -> Lay {
        let said = said_type(element).and_then(|said| prefixes.resolve(said));
        match typing::actual(self.graph, Some(known.node), self.rules, said).0 {
            Known::Node(node) => Lay::Typed(node),
            Known::Builtin(_) | Known::Nothing => Lay::Exact,
        }
    }
}

/// Whether no text in a value of a type is content.
fn is_element_only(object: &Object) -> bool {
    object.text.is_none() && object.mixed.is_none() && object.shape != Shape::Mixed
}

fn note<'v>(
    graph: &Graph,
    into: &mut HashMap<QName, Option<&'v Child>>,
    children: impl Iterator<Item = &'v Child>,
) {
    for child in children {
        let name = typing::name_of(graph, child);
        into.entry(name)
            .and_modify(|known| *known = known.filter(|known| known.node == child.node))
            .or_insert(Some(child));
    }
}
