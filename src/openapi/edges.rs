//! Which types are reached, and which anonymous ones are reached from several places or
//! from themselves and therefore need a component.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::codec::{Graph, MemberSource, Node, NodeId, Object, TextKind};

/// Wrappers inside each other that still collapse.
const WRAPPERS_MAX: usize = 32;

/// Types of one graph that get a component though the contract gave them no name, with the
/// name of the member they were first met under.
pub(super) fn promoted(graph: &Graph, roots: &[NodeId]) -> HashMap<NodeId, Arc<str>> {
    let mut walk = Walk::default();
    for root in roots {
        walk.meet(graph, *root, "");
    }
    while let Some(node) = walk.queue.pop() {
        match graph.node(node) {
            Node::Object(object) => {
                for (name, target) in edges(object) {
                    walk.meet(graph, target, name);
                }
            }
            Node::Text(text) => {
                let inner = match &text.kind {
                    TextKind::Atomic(_) => continue,
                    TextKind::List(item) => std::slice::from_ref(item),
                    TextKind::Union(members) => members,
                };
                for target in inner {
                    walk.meet(graph, *target, "");
                }
            }
            Node::Any(_) | Node::Tree | Node::Opened(_) => {}
        }
    }
    walk.promoted
}

#[derive(Default)]
struct Walk {
    queue: Vec<NodeId>,
    seen: HashSet<NodeId>,
    promoted: HashMap<NodeId, Arc<str>>,
}

impl Walk {
    fn meet(&mut self, graph: &Graph, node: NodeId, name: &str) {
        let (target, is_endless) = unwrapped(graph, node);
        let again = !self.seen.insert(target);
        if is_endless || (again && is_anonymous(graph, target)) {
            self.promoted.entry(target).or_insert_with(|| name.into());
        }
        if !again {
            self.queue.push(target);
        }
    }
}

/// What is left of a type when wrappers have collapsed, and whether they never end.
fn unwrapped(graph: &Graph, mut node: NodeId) -> (NodeId, bool) {
    for _ in 0..WRAPPERS_MAX {
        node = graph.inside(node);
        let Node::Object(object) = graph.node(node) else { return (node, false) };
        let Some(only) = only_element(object) else { return (node, false) };
        node = only;
    }
    (node, true)
}

/// The type a wrapper stands for, where it is one element and nothing more.
fn only_element(object: &Object) -> Option<NodeId> {
    let only = object.unwrap.filter(|_| object.alternatives.is_empty())?;
    let member = &object.members[usize::from(only)];
    let labelled = object.children.iter().any(|c| c.member == only && c.label.is_some());
    (member.source == MemberSource::Element && !labelled).then_some(member.node)
}

fn is_anonymous(graph: &Graph, node: NodeId) -> bool {
    matches!(graph.node(node), Node::Object(object) if object.component.is_empty())
}

/// The types an object's schema mentions, with the member each is met under.
fn edges(object: &Object) -> impl Iterator<Item = (&str, NodeId)> {
    let shown = |at: usize| {
        !object.members[at].dropped && object.unwrap.is_none_or(|only| usize::from(only) == at)
    };
    let members = object.members.iter().enumerate().filter(move |(at, _)| shown(*at));
    let children = object.children.iter().filter(move |c| shown(usize::from(c.member)));
    members
        .map(|(_, member)| (&*member.name, member.node))
        .chain(children.filter(|c| c.label.is_some()).map(|c| (&*c.local, c.node)))
        .chain(object.alternatives.iter().map(|a| (&*a.local, a.node)))
}
