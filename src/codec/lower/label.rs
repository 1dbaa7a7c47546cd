//! Labels: how JSON says which of several elements or types a value is.
//!
//! A label is that of one element or one type where it stands, else nobody could tell what a
//! caller means: where a local name is there twice, both go by their prefix as well.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::graph::{Child, MemberSource, Node, NodeId, Object, json_key};
use super::super::naming::Naming;
use super::super::rules::NamedTypes;
use super::Builder;
use super::object::{push_member, text_member};
use crate::xml::{Namespaces, NsId};

impl Builder<'_> {
    /// Labels the types that `anyType` may turn out to be.
    pub(super) fn label_types(&self, named: &mut NamedTypes) {
        let is_object = |node: NodeId| matches!(self.types[node.0 as usize], Node::Object(_));
        let mut counts: HashMap<Box<str>, u32> = HashMap::new();
        for ((_, local), (node, _)) in &named.by_name {
            *counts.entry(local.clone()).or_default() += u32::from(is_object(*node));
        }
        for ((namespace, local), (node, label)) in &mut named.by_name {
            if !is_object(*node) {
                continue;
            }
            if counts.get(local).is_some_and(|count| *count > 1) {
                *label = qualified(&self.namespaces, *namespace, local);
            }
            named.by_label.insert(Arc::clone(label), (*namespace, local.clone()));
        }
    }

    /// Labels the elements that a wildcard lets in.
    pub(super) fn label_globals(&mut self) -> HashMap<Arc<str>, (NsId, Box<str>)> {
        let namespaces = &self.namespaces;
        distinguish(namespaces, self.globals.values_mut());
        let labelled = self.globals.iter().filter_map(|(name, child)| {
            child.label.as_ref().map(|label| (Arc::clone(label), name.clone()))
        });
        labelled.collect()
    }

    /// Names the keys of one-key objects, and what stands beside `type`.
    pub(super) fn label_children(&self, object: &mut Object) {
        let naming: Naming = self.options.naming;
        for child in &mut object.children {
            if child.label.is_some() {
                relabel(child, naming.apply(&child.local).into());
            }
        }
        for member in 0..object.members.len() {
            let of_member = object.children.iter_mut();
            let of_member = of_member.filter(|c| usize::from(c.member) == member);
            distinguish(&self.namespaces, of_member.filter(|c| c.label.is_some()));
        }
    }

    /// A type whose values are no objects (an array, a text) is one all the same where it stands
    /// in for another: its value has to say which type it is.
    pub(super) fn open_alternatives(&mut self) {
        let mut opened: HashMap<NodeId, NodeId> = HashMap::new();
        for at in 0..self.types.len() {
            let Node::Object(object) = &self.types[at] else { continue };
            let nodes: Vec<NodeId> = object.alternatives.iter().map(|a| a.node).collect();
            for (alternative, node) in nodes.into_iter().enumerate() {
                let known = opened.get(&node).copied();
                let Some(open) = known.or_else(|| self.opened(node)) else { continue };
                opened.insert(node, open);
                if let Node::Object(object) = &mut self.types[at] {
                    object.alternatives[alternative].node = open;
                }
            }
        }
    }

    fn opened(&mut self, node: NodeId) -> Option<NodeId> {
        let object = match &self.types[node.0 as usize] {
            Node::Object(object) if object.unwrap.is_some() && object.array.is_none() => {
                Object { unwrap: None, ..object.clone() }
            }
            Node::Text(text) => {
                let mut object = Object::empty(&text.component);
                object.name.clone_from(&text.name);
                let at = push_member(&mut object, text_member("value", node));
                object.text = Some((node, at));
                object.index();
                object
            }
            _ => return None,
        };
        Some(self.push(Node::Object(object)))
    }

    /// `type` names the alternative, unless one of them has a member of that name.
    pub(super) fn name_discriminators(&mut self) {
        for at in 0..self.types.len() {
            let Node::Object(object) = &self.types[at] else { continue };
            let clash = object.alternatives.iter().any(|alternative| {
                matches!(&self.types[alternative.node.0 as usize],
                    Node::Object(o) if o.member("type").is_some())
            });
            let nodes: Vec<NodeId> = object.alternatives.iter().map(|a| a.node).collect();
            let own = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
            for node in nodes.into_iter().chain([own]) {
                if let Node::Object(object) = &mut self.types[node.0 as usize] {
                    object.is_derived |= node != own;
                    if clash {
                        object.discriminator = "@type".into();
                    }
                }
            }
        }
        for at in 0..self.types.len() {
            self.name_substitutes(at);
        }
    }

    /// The key that names the element where several may stand: one that no member of theirs has.
    fn name_substitutes(&mut self, at: usize) {
        let Node::Object(object) = &self.types[at] else { return };
        let is_substituted = |child: &Child| {
            let member = object.members.get(usize::from(child.member));
            child.label.is_some() && member.is_some_and(|m| m.source == MemberSource::Element)
        };
        let mut keys: HashMap<u16, Arc<str>> = HashMap::new();
        for child in object.children.iter().filter(|child| is_substituted(child)) {
            keys.entry(child.member).or_insert_with(|| {
                let member = child.member;
                let together = object.children.iter().filter(|c| c.member == member);
                let objects: Vec<&Object> = together
                    .filter_map(|c| match &self.types[c.node.0 as usize] {
                        Node::Object(object) => Some(object),
                        _ => None,
                    })
                    .collect();
                let is_free = |key: &&str| objects.iter().all(|o| o.member(key).is_none());
                DISCRIMINATORS.into_iter().find(is_free).unwrap_or("type").into()
            });
        }
        let Node::Object(object) = &mut self.types[at] else { return };
        for child in &mut object.children {
            if let Some(key) = keys.get(&child.member) {
                child.discriminator = Arc::clone(key);
            }
        }
    }
}

/// Keys that may name an element, the first of them that is free.
const DISCRIMINATORS: [&str; 3] = ["type", "@type", "$type"];

/// Gives those of one label their prefixes.
fn distinguish<'c>(namespaces: &Namespaces, children: impl Iterator<Item = &'c mut Child>) {
    let mut by_label: HashMap<Arc<str>, Vec<&mut Child>> = HashMap::new();
    for child in children {
        if let Some(label) = &child.label {
            by_label.entry(Arc::clone(label)).or_default().push(child);
        }
    }
    for child in by_label.into_values().filter(|same| same.len() > 1).flatten() {
        relabel(child, qualified(namespaces, child.namespace, &child.local));
    }
}

fn qualified(namespaces: &Namespaces, namespace: NsId, local: &str) -> Arc<str> {
    format!("{}.{local}", namespaces.prefix(namespace)).into()
}

fn relabel(child: &mut Child, label: Arc<str>) {
    child.key = json_key(&label);
    child.label = Some(label);
}
