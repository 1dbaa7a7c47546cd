//! The elements in an element, each told apart from its neighbours of the same name.

use std::collections::HashMap;

use crate::canonical::{Element, NodePath};
use crate::xml::QName;

/// An element in another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'e> {
    /// The element.
    pub element: &'e Element,
    /// Which of those of its name, from 1.
    pub index: usize,
}

impl Placed<'_> {
    /// What tells it apart: its name, and its index where it is not the first.
    pub(super) fn key(&self, path: &str) -> String {
        let index = if self.index > 1 { format!("[{}]", self.index) } else { String::new() };
        join(path, &format!("{}{index}", self.element.name.local))
    }
}

impl Placed<'_> {
    /// Whether it stands where another does, in another message.
    pub(super) fn is(&self, other: &Placed<'_>) -> bool {
        self.element.name == other.element.name && self.index == other.index
    }
}

/// The elements in one.
pub(super) fn placed(element: &Element) -> Vec<Placed<'_>> {
    let mut seen: HashMap<&QName, usize> = HashMap::new();
    let mut all = Vec::new();
    for element in element.elements() {
        let index = seen.entry(&element.name).or_default();
        *index += 1;
        all.push(Placed { element, index: *index });
    }
    all
}

/// A place in a place; that of the envelope is empty.
pub(super) fn join(path: &str, step: &str) -> String {
    let slash = if path.is_empty() { "" } else { "/" };
    format!("{path}{slash}{step}")
}

/// Whether a path names a place, or one the place is in.
pub(super) fn fits(path: &NodePath, place: &str) -> bool {
    let steps: Vec<&str> = place.split('/').filter(|step| !step.is_empty()).collect();
    let last = if path.anywhere { steps.len() } else { 1 };
    (0..last).any(|start| {
        steps.len() >= start + path.steps.len()
            && path.steps.iter().zip(&steps[start..]).all(|(wanted, step)| {
                let (name, index) = match step.strip_suffix(']').and_then(|s| s.split_once('[')) {
                    Some((name, index)) => (name, index.parse().ok()),
                    None => (*step, Some(1)),
                };
                let (is_attribute, name) = match name.strip_prefix('@') {
                    Some(name) => (true, name),
                    None => (false, name),
                };
                wanted.is_attribute == is_attribute
                    && (&*wanted.local == "*" || &*wanted.local == name)
                    && wanted.index.is_none_or(|wanted| Some(wanted) == index)
            })
    })
}

/// Whether a path names a place and nothing else.
pub(super) fn is_just(path: &NodePath, place: &str) -> bool {
    let steps = place.split('/').filter(|step| !step.is_empty()).count();
    let is_plain = path.steps.iter().all(|step| &*step.local != "*");
    !path.anywhere && is_plain && path.steps.len() == steps && fits(path, place)
}
