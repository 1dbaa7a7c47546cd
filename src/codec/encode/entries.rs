//! Ordered arrays: repeating groups, and what wildcards let in.

use super::super::graph::{Child, Node, Object};
use super::super::json::Json;
use super::content::{NOT_LET_IN, Values, is_spent};
use super::{Encoder, Step};

impl<'g> Encoder<'g> {
    /// An ordered array of one-key objects: a repeating group, or what a wildcard takes.
    pub(super) fn entries(
        &mut self,
        object: &'g Object,
        at: u16,
        children: &[u16],
        values: &mut Values<'_>,
    ) {
        let member = &object.members[usize::from(at)];
        let Some(value) = values.get(at).filter(|_| !is_spent(values, at)) else { return };
        values.written[usize::from(at)] = u32::MAX;
        let unwrapped = values.unwrapped;
        let Json::Array(items) = value else {
            let detail =
                format!("must be an array of objects with one member, is {}", value.kind());
            self.member(member, unwrapped, |e| e.problem(detail));
            return;
        };
        let is_wild = object.any == Some(at);
        self.member(member, unwrapped, |e| {
            let (least, most) = member.occurs;
            if items.len() < least as usize {
                e.problem(format!("needs at least {least} items"));
            } else if let Some(most) = most.filter(|most| items.len() > *most as usize) {
                e.problem(format!("has too many items; at most {most}"));
            }
            for (index, item) in items.iter().enumerate() {
                e.at(Step::Index(index), |e| e.entry(object, children, is_wild, item));
            }
        });
    }

    fn entry(&mut self, object: &'g Object, children: &[u16], is_wild: bool, item: &Json<'_>) {
        let of_wild = object.any.map(|any| &object.members[usize::from(any)]);
        let is_tree =
            is_wild && of_wild.is_some_and(|m| matches!(self.graph.node(m.node), Node::Tree));
        if is_tree && children.is_empty() {
            self.wild_tree(object, item);
            return;
        }
        let entry = match item {
            Json::Object(entries) if entries.len() == 1 => entries.first(),
            _ => None,
        };
        let Some((key, value)) = entry else {
            self.problem("must be an object with one member");
            return;
        };
        let known = children
            .iter()
            .map(|at| &object.children[usize::from(*at)])
            .find(|c| c.label.as_deref() == Some(&**key) && !c.is_abstract);
        let graph = self.graph;
        let wild = || graph.globals.values().find(|c| c.label.as_deref() == Some(&**key));
        let child: Option<&'g Child> =
            known.or_else(|| if is_wild && !is_tree { wild() } else { None });
        if known.is_none() && child.is_some_and(|child| !object.lets_in(child.namespace)) {
            self.at(Step::Key(key.to_string()), |e| e.problem(NOT_LET_IN));
            return;
        }
        match (child, value) {
            (None, value) if is_tree => {
                self.at(Step::Key(key.to_string()), |e| e.wild_tree(object, value));
            }
            (Some(child), _) => {
                self.at(Step::Key(key.to_string()), |e| e.element(child, value, None));
            }
            (None, Json::String(xml)) if is_wild => {
                self.at(Step::Key(key.to_string()), |e| e.wild_element(object, key, xml));
            }
            (None, _) => {
                let labels: Vec<&str> = children
                    .iter()
                    .map(|at| &object.children[usize::from(*at)])
                    .filter(|child| !child.is_abstract)
                    .filter_map(|child| child.label.as_deref())
                    .collect();
                self.at(Step::Key(key.to_string()), |e| {
                    e.problem(format!("is none of {}", labels.join(", ")));
                });
            }
        }
    }
}
