//! Which nodes of a message a path means.

use std::collections::HashMap;

use super::plumbing::is_soap;
use super::{Meaning, NodePath, PathStep};
use crate::xml::QName;

/// A node on the way to another: its name, and which of the elements of its local name beside
/// it, from 1.
#[derive(Debug, Clone, Copy)]
struct Met<'m> {
    name: &'m QName,
    index: usize,
}

/// A node a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundNode<'m> {
    /// An element.
    Element(&'m Meaning),
    /// The value of an attribute.
    Attribute(&'m str),
}

impl FoundNode<'_> {
    /// Its text; empty where it has none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Element(element) => element.text.as_deref().unwrap_or_default(),
            Self::Attribute(value) => value,
        }
    }
}

impl Meaning {
    /// Every node of a message that a path leads to, in document order. Paths begin below the
    /// envelope.
    #[must_use]
    pub fn find(&self, path: &NodePath) -> Vec<FoundNode<'_>> {
        let mut found = Vec::new();
        find(self, path, &mut Vec::new(), &mut found);
        found
    }

    /// Leaves out what paths lead to, and a Header of which nothing is left.
    pub fn leave_out(&mut self, paths: &[NodePath]) {
        if !paths.is_empty() {
            leave_out(self, paths, &mut Vec::new());
            self.children.retain(|c| &*c.name.local != "Header" || !c.children.is_empty());
        }
    }
}

/// Depth is bounded by that of the message, here and below.
fn find<'m>(
    at: &'m Meaning,
    path: &NodePath,
    way: &mut Vec<Met<'m>>,
    found: &mut Vec<FoundNode<'m>>,
) {
    if path.steps.last().is_some_and(|step| step.is_attribute) {
        let named = at.attributes.iter().filter(|(name, _)| fits(path, way, Some(name)));
        found.extend(named.map(|(_, value)| FoundNode::Attribute(value)));
    }
    for (child, met) in at.children.iter().zip(indexed(&at.children)) {
        way.push(met);
        if fits(path, way, None) {
            found.push(FoundNode::Element(child));
        }
        find(child, path, way, found);
        way.pop();
    }
}

fn leave_out(at: &mut Meaning, paths: &[NodePath], way: &mut Vec<(QName, usize)>) {
    let met: Vec<Met<'_>> = way.iter().map(|(name, index)| Met { name, index: *index }).collect();
    at.attributes.retain(|name, _| !paths.iter().any(|path| fits(path, &met, Some(name))));
    let indexes: Vec<usize> = indexed(&at.children).iter().map(|met| met.index).collect();
    let mut kept = Vec::with_capacity(at.children.len());
    for (mut child, index) in std::mem::take(&mut at.children).into_iter().zip(indexes) {
        way.push((child.name.clone(), index));
        let met: Vec<Met<'_>> =
            way.iter().map(|(name, index)| Met { name, index: *index }).collect();
        if !paths.iter().any(|path| fits(path, &met, None)) {
            leave_out(&mut child, paths, way);
            kept.push(child);
        }
        way.pop();
    }
    at.children = kept;
}

fn indexed(children: &[Meaning]) -> Vec<Met<'_>> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut met = Vec::with_capacity(children.len());
    for child in children {
        let index = seen.entry(&child.name.local).or_default();
        *index += 1;
        met.push(Met { name: &child.name, index: *index });
    }
    met
}

/// Whether a path means the node at the end of a way, or an attribute of it.
fn fits(path: &NodePath, way: &[Met<'_>], attribute: Option<&QName>) -> bool {
    let Some((last, steps)) = path.steps.split_last() else { return false };
    let (elements, fits_attribute) = match attribute {
        Some(name) => (steps, last.is_attribute && is_named(last, name)),
        None => (&path.steps[..], !last.is_attribute),
    };
    // Paths begin below the envelope, and some people begin with it.
    let elements = match elements {
        [first, rest @ ..] if !path.anywhere && &*first.local == "Envelope" => rest,
        elements => elements,
    };
    if !fits_attribute || elements.len() > way.len() {
        return false;
    }
    let first = way.len() - elements.len();
    (path.anywhere || first == 0)
        && (attribute.is_some() || !elements.is_empty())
        && elements.iter().zip(&way[first..]).all(|(step, met)| {
            is_named(step, met.name) && step.index.is_none_or(|index| index == met.index)
        })
}

fn is_named(step: &PathStep, name: &QName) -> bool {
    let namespace = step.namespace.as_deref();
    let in_it = namespace.is_none_or(|namespace| {
        // The parts of an envelope have lost their namespace.
        *namespace == *name.namespace || name.namespace.is_empty() && is_soap(namespace)
    });
    in_it && (&*step.local == "*" || step.local == name.local)
}
