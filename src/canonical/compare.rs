//! Two messages, walked at once.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::align::{Aligned, Hashed, align};
use super::difference::{Cause, DIFFERENCES_MAX, Difference};
use super::meaning::TEXT;
use super::volatile::is_volatile;
use super::{Meaning, NodePath, PathStep};
use crate::xml::{QName, ns};

/// Elements of two messages that are compared; behind that many, what is left counts as it is.
const COMPARED_NODES_MAX: usize = 500_000;
/// Characters of an element shown in a difference.
const SHOWN_CHARS_MAX: usize = 400;

/// What came of comparing.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) differences: Vec<Difference>,
    /// Nodes that are not the same.
    pub(super) distance: usize,
    compared: usize,
    way: Vec<PathStep>,
}

impl Comparison {
    pub(super) fn of(left: &Meaning, right: &Meaning) -> Self {
        let mut comparison = Self::default();
        let (left, right) = (Hashed::of(left), Hashed::of(right));
        if left.meaning.name != right.meaning.name {
            comparison.renamed(&left, &right);
        }
        comparison.element(&left, &right);
        comparison
    }

    fn add(&mut self, cause: Cause, left: Option<String>, right: Option<String>, nodes: usize) {
        self.distance += nodes;
        if self.differences.len() < DIFFERENCES_MAX {
            let path = NodePath { anywhere: false, steps: self.way.clone() };
            self.differences.push(Difference { path, cause, left, right });
        }
    }

    fn value(&mut self, local: &str, left: &str, right: &str) {
        let cause = if is_volatile(local, left, right) { Cause::Volatile } else { Cause::Value };
        self.add(cause, Some(left.to_owned()), Some(right.to_owned()), 1);
    }

    /// Two elements at one place. Depth is bounded by that of the messages.
    fn element(&mut self, left: &Hashed<'_>, right: &Hashed<'_>) {
        self.compared += 1;
        if left.hash == right.hash {
            return;
        }
        let (l, r) = (left.meaning, right.meaning);
        if self.compared > COMPARED_NODES_MAX {
            let nodes = left.nodes.max(right.nodes);
            return self.add(Cause::Value, Some(shown(l)), Some(shown(r)), nodes);
        }
        if is_nil(l) != is_nil(r) {
            let nodes = left.nodes.max(right.nodes);
            return self.add(Cause::Nil, Some(shown(l)), Some(shown(r)), nodes);
        }
        self.attributes(&l.attributes, &r.attributes);
        if l.text != r.text {
            let text = |m: &Meaning| m.text.clone().unwrap_or_default();
            self.value(&l.name.local, &text(l), &text(r));
        }
        self.children(left, right);
    }

    fn attributes(&mut self, left: &BTreeMap<QName, String>, right: &BTreeMap<QName, String>) {
        for (name, value) in left {
            self.way.push(step(name, true, None));
            match right.get(name) {
                Some(other) if other == value => {}
                Some(other) => self.value(&name.local, value, other),
                None => self.add(Cause::Missing, Some(value.clone()), None, 1),
            }
            self.way.pop();
        }
        for (name, value) in right.iter().filter(|(name, _)| !left.contains_key(*name)) {
            self.way.push(step(name, true, None));
            self.add(Cause::Extra, None, Some(value.clone()), 1);
            self.way.pop();
        }
    }

    fn children(&mut self, left: &Hashed<'_>, right: &Hashed<'_>) {
        if left.children.is_empty() && right.children.is_empty() {
            return;
        }
        let (lefts, rights) = (&left.children[..], &right.children[..]);
        let (left_places, right_places) = (indexes(lefts, rights), indexes(rights, lefts));
        for aligned in align(lefts, rights) {
            let at = match aligned {
                Aligned::Right(r) => step(&rights[r].meaning.name, false, right_places[r]),
                Aligned::Both(l, _)
                | Aligned::Moved(l, _)
                | Aligned::Renamed(l, _)
                | Aligned::Left(l) => step(&lefts[l].meaning.name, false, left_places[l]),
            };
            self.way.push(at);
            match aligned {
                Aligned::Both(l, r) => self.element(&lefts[l], &rights[r]),
                Aligned::Moved(l, r) => {
                    let place = |at: usize| Some(format!("place {}", at + 1));
                    self.add(Cause::Order, place(l), place(r), 1);
                    self.element(&lefts[l], &rights[r]);
                }
                Aligned::Renamed(l, r) => {
                    self.renamed(&lefts[l], &rights[r]);
                    self.element_content(&lefts[l], &rights[r]);
                }
                Aligned::Left(l) => {
                    let (meaning, nodes) = (lefts[l].meaning, lefts[l].nodes);
                    let cause = if is_nil(meaning) { Cause::Nil } else { Cause::Missing };
                    self.add(cause, Some(shown(meaning)), None, nodes);
                }
                Aligned::Right(r) => {
                    let (meaning, nodes) = (rights[r].meaning, rights[r].nodes);
                    let cause = if is_nil(meaning) { Cause::Nil } else { Cause::Extra };
                    self.add(cause, None, Some(shown(meaning)), nodes);
                }
            }
            self.way.pop();
        }
    }

    fn renamed(&mut self, left: &Hashed<'_>, right: &Hashed<'_>) {
        let name = |hashed: &Hashed<'_>| Some(hashed.meaning.name.to_string());
        self.add(Cause::Namespace, name(left), name(right), 1);
    }

    /// What is in two elements whose names have been told of. Those in it are in the other
    /// namespace as well, more often than not.
    fn element_content(&mut self, left: &Hashed<'_>, right: &Hashed<'_>) {
        self.element(left, right);
    }
}

fn is_nil(meaning: &Meaning) -> bool {
    meaning.attributes.keys().any(|name| name.is(ns::XSI, "nil"))
}

fn step(name: &QName, is_attribute: bool, index: Option<usize>) -> PathStep {
    let namespace = Some(&name.namespace).filter(|uri| !uri.is_empty()).cloned();
    PathStep { namespace, local: name.local.clone(), is_attribute, index }
}

/// The index of each child among those of its local name, where either side has several.
fn indexes(own: &[Hashed<'_>], others: &[Hashed<'_>]) -> Vec<Option<usize>> {
    let count = |all: &[Hashed<'_>]| {
        let mut counts = std::collections::HashMap::new();
        for hashed in all {
            *counts.entry(hashed.meaning.name.local.clone()).or_insert(0_usize) += 1;
        }
        counts
    };
    let (total, other) = (count(own), count(others));
    let mut seen = std::collections::HashMap::new();
    let index = |hashed: &Hashed<'_>| {
        let local = &hashed.meaning.name.local;
        let at = seen.entry(local.clone()).or_insert(0_usize);
        *at += 1;
        let several = |counts: &std::collections::HashMap<_, usize>| {
            counts.get(local).is_some_and(|count| *count > 1)
        };
        (several(&total) || several(&other)).then_some(*at)
    };
    own.iter().map(index).collect()
}

/// An element for people: its text, or its XML with local names; cut where it is long.
fn shown(meaning: &Meaning) -> String {
    if is_nil(meaning) {
        return "nil".to_owned();
    }
    if meaning.children.is_empty() && meaning.attributes.is_empty() {
        return cut(meaning.text.clone().unwrap_or_default());
    }
    let mut out = String::new();
    show(meaning, &mut out);
    cut(out)
}

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(SHOWN_CHARS_MAX) {
        text.truncate(at);
        text.push('…');
    }
    text
}

fn show(meaning: &Meaning, out: &mut String) {
    if out.len() > SHOWN_CHARS_MAX * 4 {
        return;
    }
    let text = meaning.text.as_deref().unwrap_or_default();
    if &*meaning.name.local == TEXT {
        out.push_str(text);
        return;
    }
    let local = &meaning.name.local;
    // A text takes whatever is written into it.
    let _ = write!(out, "<{local}");
    for (name, value) in &meaning.attributes {
        let _ = write!(out, " {}=\"{value}\"", name.local);
    }
    if text.is_empty() && meaning.children.is_empty() {
        out.push_str("/>");
        return;
    }
    let _ = write!(out, ">{text}");
    meaning.children.iter().for_each(|child| show(child, out));
    let _ = write!(out, "</{local}>");
}
