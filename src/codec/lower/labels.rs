//! What tells elements and types of one place apart in JSON: their labels, and the members
//! that hold them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::super::graph::{Child, MemberSource, Node, NodeId, Object, json_key};
use super::super::rules::{NamedTypes, Rules, TYPE_MARKS};
use super::Builder;
use super::builder::NAMED_TYPES_MAX;
use crate::xml::{NsId, QName};
use crate::xsd::{ElementId, SchemaSet, TypeId};

impl Builder<'_> {
    /// Labels the children that share a member.
    pub(super) fn label_children(&self, object: &mut Object) {
        let mut taken: HashSet<(u16, String)> = HashSet::new();
        for child in object.children.iter_mut().filter(|child| child.label.is_some()) {
            let plain = self.options.naming.apply(&child.local);
            let prefix = self.namespaces.prefix(child.namespace);
            let label = free(&plain, prefix, |l| taken.contains(&(child.member, l.to_owned())));
            taken.insert((child.member, label.clone()));
            child.key = json_key(&label);
            child.label = Some(label.into());
        }
    }

    /// Global elements a wildcard lets in are typed; they are lowered when one is met.
    pub(super) fn open_globals(&mut self) {
        if !self.globals.is_empty() {
            return;
        }
        let mut ids: Vec<ElementId> = self.schema.element_by_name.values().copied().collect();
        // The one that is declared first has its plain name.
        ids.sort_unstable();
        let mut taken = HashSet::new();
        self.under(Rules::Literal, |builder| {
            for id in ids {
                let (mut child, member) = builder.element(id);
                let prefix = builder.namespaces.prefix(child.namespace);
                let label = free(&member.name, prefix, |label| taken.contains(label));
                taken.insert(label.clone());
                child.key = json_key(&label);
                child.label = Some(label.into());
                builder.globals.insert((child.namespace, child.local.clone()), child);
            }
        });
    }

    /// Adds the global elements of another schema. What the contract has under a name goes
    /// before what that schema has.
    pub(super) fn add_globals(&mut self, others: HashMap<(NsId, Box<str>), Child>) {
        let mut others: Vec<_> = others.into_iter().collect();
        others.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let labels = self.globals.values().filter_map(|child| child.label.as_deref());
        let mut taken: HashSet<String> = labels.map(str::to_owned).collect();
        for (name, mut child) in others {
            if self.globals.contains_key(&name) {
                continue;
            }
            let plain = child.label.as_deref().unwrap_or_default();
            let label = free(plain, self.namespaces.prefix(name.0), |l| taken.contains(l));
            taken.insert(label.clone());
            child.key = json_key(&label);
            child.label = Some(label.into());
            self.globals.insert(name, child);
        }
    }

    /// The types that `xsi:type` may name, under some rules.
    pub(super) fn named_types(&mut self, rules: Rules) -> NamedTypes {
        let mut types: Vec<(&QName, TypeId)> =
            self.schema.type_by_name.iter().map(|(name, ty)| (name, *ty)).collect();
        types.sort_unstable_by_key(|(_, ty)| *ty);
        let mut named = HashMap::with_capacity(types.len().min(NAMED_TYPES_MAX));
        for (name, ty) in types.into_iter().take(NAMED_TYPES_MAX) {
            let namespace = self.namespace(&name.namespace);
            let node = self.under(rules, |builder| builder.node(ty));
            named.insert((namespace, (&*name.local).into()), node);
        }
        named
    }

    /// Labels of named types whose local name another has that was defined before.
    pub(super) fn type_labels(
        &self,
        named: &HashMap<Rules, NamedTypes>,
    ) -> HashMap<(NsId, Box<str>), Arc<str>> {
        let mut labels = HashMap::new();
        let mut objects: Vec<_> = named
            .values()
            .flatten()
            .filter(|(_, id)| matches!(self.types[id.0 as usize], Node::Object(_)))
            .collect();
        objects.sort_unstable_by_key(|(_, id)| **id);
        let mut owner: HashMap<String, &(NsId, Box<str>)> = HashMap::new();
        for (name, _) in objects {
            let prefix = self.namespaces.prefix(name.0);
            let label = free(&name.1, prefix, |l| owner.get(l).is_some_and(|o| *o != name));
            if *label != *name.1 {
                labels.insert(name.clone(), label.as_str().into());
            }
            owner.insert(label, name);
        }
        labels
    }

    /// `type` names the alternative, unless one of them has a member of that name.
    pub(super) fn name_discriminators(&mut self) {
        for at in 0..self.types.len() {
            let Node::Object(object) = &self.types[at] else { continue };
            let own = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
            let mut family: Vec<NodeId> = object.alternatives.iter().map(|a| a.node).collect();
            family.push(own);
            let is_free = |name: &&&str| !family.iter().any(|node| self.has_member(*node, name));
            let rank =
                TYPE_MARKS.iter().position(|name| is_free(&name)).unwrap_or(TYPE_MARKS.len() - 1);
            for node in family {
                if let Node::Object(object) = &mut self.types[node.0 as usize] {
                    object.is_derived |= node != own;
                    // A type is of several families: what is free in all of them.
                    if TYPE_MARKS[..rank].contains(&&*object.discriminator) {
                        object.discriminator = TYPE_MARKS[rank].into();
                    }
                }
            }
        }
        for at in 0..self.types.len() {
            self.name_element_discriminators(at);
        }
    }

    /// The same for elements of a substitution group, and all types they may be of.
    fn name_element_discriminators(&mut self, at: usize) {
        let Node::Object(object) = &self.types[at] else { return };
        let is_element = |member: u16| {
            object.members.get(usize::from(member)).map(|m| m.source) == Some(MemberSource::Element)
        };
        let labelled = object.children.iter().filter(|c| c.label.is_some());
        let clashing: HashSet<u16> = labelled
            .filter(|child| is_element(child.member) && self.has_type_member_below(child.node))
            .map(|child| child.member)
            .collect();
        if let (false, Node::Object(object)) = (clashing.is_empty(), &mut self.types[at]) {
            for child in object.children.iter_mut().filter(|c| clashing.contains(&c.member)) {
                child.discriminator = "@type".into();
            }
        }
    }

    fn has_type_member_below(&self, node: NodeId) -> bool {
        let Node::Object(object) = &self.types[node.0 as usize] else { return false };
        self.has_type_member(node)
            || object.alternatives.iter().any(|a| self.has_type_member(a.node))
    }

    fn has_type_member(&self, node: NodeId) -> bool {
        self.has_member(node, TYPE_MARKS[0])
    }

    fn has_member(&self, node: NodeId, name: &str) -> bool {
        matches!(&self.types[node.0 as usize], Node::Object(o) if o.member(name).is_some())
    }
}

/// The types of elements that stand in for one another.
pub(super) fn substitutes(schema: &SchemaSet) -> HashSet<TypeId> {
    let groups = schema.substitutes.iter().filter(|(_, others)| !others.is_empty());
    let elements = groups.flat_map(|(head, others)| std::iter::once(head).chain(others));
    elements.map(|id| schema.element(*id).ty).collect()
}

/// The first label nobody has: the plain name, with the prefix of its namespace, numbered.
fn free(plain: &str, prefix: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(plain) {
        return plain.to_owned();
    }
    let prefixed = format!("{prefix}.{plain}");
    if !prefix.is_empty() && !is_taken(&prefixed) {
        return prefixed;
    }
    (2..=u32::from(u16::MAX))
        .map(|n| format!("{plain}{n}"))
        .find(|label| !is_taken(label))
        .unwrap_or(prefixed)
}
