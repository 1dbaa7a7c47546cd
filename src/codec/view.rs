//! A route's own view of a message: one member as the body, members renamed or dropped.
//!
//! A view is a copy of the types along a path; the shared types stay as they are. So the
//! decoder needs to know nothing of views, and a view costs nothing while decoding.

use super::graph::{Graph, Member, MemberSource, Node, NodeId, Object};
use super::opened::Opened;

/// Wrappers looked through at one place.
const WRAPPERS_MAX: u32 = 16;

/// What to do with the object or the member a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The member is the whole value.
    Unwrap,
    /// The member gets another name.
    Rename(String),
    /// The member is not shown, nor taken from a caller.
    Drop,
}

/// A path that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoMember {
    /// Which name of the path, from 0.
    pub step: usize,
    /// The members there are.
    pub candidates: Vec<String>,
}

/// Where a path leads.
#[derive(Debug, Clone)]
pub struct Found<'g> {
    /// The member at its end.
    pub member: &'g Member,
    /// Whether an array lies on the way.
    pub in_array: bool,
    /// The members' names as the graph has them.
    pub names: Vec<Box<str>>,
}

impl Graph {
    /// The object a value of this type is in JSON, wrappers looked through; `None` for
    /// scalars and arrays.
    #[must_use]
    pub fn object(&self, mut node: NodeId) -> Option<(&Object, NodeId)> {
        for _ in 0..WRAPPERS_MAX {
            node = self.inside(node);
            let Node::Object(object) = self.node(node) else { return None };
            let Some(only) = object.unwrap else { return Some((object, node)) };
            let member = &object.members[usize::from(only)];
            if member.repeats || member.source == MemberSource::Text {
                return None;
            }
            node = member.node;
        }
        None
    }

    /// The type of the items or of the value itself, wrappers and arrays looked through.
    #[must_use]
    pub fn item(&self, mut node: NodeId) -> (NodeId, bool) {
        let mut in_array = false;
        for _ in 0..WRAPPERS_MAX {
            node = self.inside(node);
            let Node::Object(object) = self.node(node) else { break };
            let Some(only) = object.unwrap else { break };
            let member = &object.members[usize::from(only)];
            if member.source == MemberSource::Text {
                break;
            }
            in_array |= member.repeats;
            node = member.node;
        }
        (node, in_array)
    }

    /// Follows member names; they may differ in case and style.
    pub fn find(&self, node: NodeId, path: &[&str]) -> Result<Found<'_>, NoMember> {
        let (mut node, mut in_array) = self.item(node);
        let mut found: Option<&Member> = None;
        let mut names = Vec::new();
        for (step, name) in path.iter().enumerate() {
            let Node::Object(object) = self.node(node) else {
                return Err(NoMember { step, candidates: Vec::new() });
            };
            let Some(member) = self.member_named(object, name) else {
                let candidates = self.members(object).map(|m| m.name.to_string()).collect();
                return Err(NoMember { step, candidates });
            };
            names.push((&*member.name).into());
            let (item, array_inside) = self.item(member.node);
            node = item;
            if step + 1 < path.len() {
                in_array |= member.repeats || array_inside;
            }
            found = Some(member);
        }
        let member = found.ok_or(NoMember { step: 0, candidates: Vec::new() })?;
        Ok(Found { member, in_array, names })
    }

    /// The members of an object, and of the types that may stand in for it.
    fn members<'g>(&'g self, object: &'g Object) -> impl Iterator<Item = &'g Member> {
        let alternatives = object.alternatives.iter().filter_map(|a| match self.node(a.node) {
            Node::Object(other) if !std::ptr::eq(other, object) => Some(other),
            _ => None,
        });
        std::iter::once(object).chain(alternatives).flat_map(|o| &o.members).filter(|m| !m.dropped)
    }

    fn member_named<'g>(&'g self, object: &'g Object, name: &str) -> Option<&'g Member> {
        self.members(object)
            .find(|m| &*m.name == name)
            .or_else(|| self.members(object).find(|m| same_name(&m.name, name)))
    }

    /// A copy of a type with an edit at the end of a path.
    pub fn edited(&mut self, node: NodeId, path: &[&str], edit: &Edit) -> Result<NodeId, NoMember> {
        self.find(node, path)?;
        Ok(self.edit(node, path, edit, WRAPPERS_MAX).unwrap_or(node))
    }

    fn edit(&mut self, node: NodeId, path: &[&str], edit: &Edit, fuel: u32) -> Option<NodeId> {
        if let Node::Opened(opened) = self.node(node) {
            let opened = opened.clone();
            let document = self.edit(opened.document, path, edit, fuel.checked_sub(1)?)?;
            return Some(self.push(Node::Opened(Opened { document, ..opened })));
        }
        let Node::Object(object) = self.node(node) else { return None };
        let mut object = object.clone();
        let fuel = fuel.checked_sub(1)?;
        let is_wrapper = object
            .unwrap
            .filter(|only| object.members[usize::from(*only)].source != MemberSource::Text);
        if let Some(only) = is_wrapper {
            let inner = self.edit(object.members[usize::from(only)].node, path, edit, fuel)?;
            retarget(&mut object, only, inner);
            return Some(self.push(Node::Object(object)));
        }
        let (name, rest) = path.split_first()?;
        let own =
            object.members.iter().position(|m| &*m.name == *name && !m.dropped).or_else(|| {
                object.members.iter().position(|m| same_name(&m.name, name) && !m.dropped)
            });
        if let Some(at) = own.and_then(|at| u16::try_from(at).ok()) {
            if rest.is_empty() {
                apply(&mut object, at, edit);
            } else {
                let inner =
                    self.edit(object.members[usize::from(at)].node, rest, edit, WRAPPERS_MAX)?;
                retarget(&mut object, at, inner);
            }
            object.index();
        }
        let copy = self.push(Node::Any(object.rules));
        for at in 0..object.alternatives.len() {
            let alternative = object.alternatives[at].node;
            object.alternatives[at].node = if alternative == node {
                copy
            } else {
                self.edit(alternative, path, edit, fuel).unwrap_or(alternative)
            };
        }
        self.types[copy.0 as usize] = Node::Object(object);
        Some(copy)
    }

    /// A copy of a type with members that its XML does not feed, for describing a value that
    /// gets them from elsewhere; `None` where the value is no object.
    pub fn with_members(&mut self, node: NodeId, members: &[Member]) -> Option<NodeId> {
        self.object(node)?;
        self.extended(node, members, WRAPPERS_MAX)
    }

    fn extended(&mut self, node: NodeId, members: &[Member], fuel: u32) -> Option<NodeId> {
        let Node::Object(object) = self.node(node) else { return None };
        let mut object = object.clone();
        let fuel = fuel.checked_sub(1)?;
        if let Some(only) = object.unwrap {
            let inner = self.extended(object.members[usize::from(only)].node, members, fuel)?;
            retarget(&mut object, only, inner);
            return Some(self.push(Node::Object(object)));
        }
        object.members.extend_from_slice(members);
        object.index();
        let copy = self.push(Node::Any(object.rules));
        for at in 0..object.alternatives.len() {
            let other = object.alternatives[at].node;
            object.alternatives[at].node = if other == node {
                copy
            } else {
                self.extended(other, members, fuel).unwrap_or(other)
            };
        }
        self.types[copy.0 as usize] = Node::Object(object);
        Some(copy)
    }
}

fn retarget(object: &mut Object, member: u16, node: NodeId) {
    let old = object.members[usize::from(member)].node;
    object.members[usize::from(member)].node = node;
    for child in object.children.iter_mut().filter(|c| c.member == member && c.node == old) {
        child.node = node;
    }
}

fn apply(object: &mut Object, member: u16, edit: &Edit) {
    match edit {
        Edit::Unwrap => object.unwrap = Some(member),
        Edit::Rename(name) => object.members[usize::from(member)].rename(name),
        Edit::Drop => object.members[usize::from(member)].dropped = true,
    }
}

/// Whether two names are the same but for case and separators.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    let fold = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let folded = fold(one);
    !folded.is_empty() && folded == fold(other)
}
