//! Example values: the same in every run, and valid against their schemas.
//!
//! `None` means that no value could be made (a pattern beyond the generator, a recursion
//! that never ends, a size beyond reason); a document then has no example there.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::names::{Label, Side};
use super::object::{entries_of, is_required, stand_ins};
use super::scalar_example::scalar;
use super::schema::{alternative_labels, inner_labels, substitute_labels};
use super::wild_example::tree;
use crate::codec::{
    Form, Graph, Lexical, MemberSource, Node, NodeId, Object, Particle, ParticleTerm, Text,
    TextKind,
};

/// Objects inside each other; a deeper one has no example.
const OBJECT_DEPTH_MAX: u32 = 24;
/// Objects inside each other that show members which may be left out.
const GENEROUS_DEPTH_MAX: u32 = 7;
/// Groups inside each other.
const GROUP_DEPTH_MAX: u32 = 16;
/// Values of one example.
const VALUES_MAX: u32 = 2_000;
/// Values after which members that may be left out are.
pub(super) const GENEROUS_VALUES_MAX: u32 = 300;
/// Elements of a group that are shown where none need be.
const SHOWN_MAX: u32 = 4;
/// Items made because a schema wants at least so many.
const ITEMS_MAX: u32 = 20;

/// An example of a type, one way.
pub(super) fn example(graph: &Graph, node: NodeId, side: Side) -> Option<Value> {
    Example { graph, side, made: 0, identified: 0, open: Vec::new() }.value(node)
}

/// An example of a type that the codec can write, whichever way its messages go.
#[must_use]
pub fn written_example(graph: &Graph, node: NodeId) -> Option<Value> {
    example(graph, node, Side::Input)
}

/// Something that must be there cannot be made.
struct NoExample;

pub(super) struct Example<'g> {
    pub(super) graph: &'g Graph,
    side: Side,
    /// Values made so far.
    pub(super) made: u32,
    /// Values that identify something, made so far.
    identified: u32,
    /// Objects that are being made.
    open: Vec<NodeId>,
}

impl Example<'_> {
    pub(super) fn value(&mut self, node: NodeId) -> Option<Value> {
        self.made += 1;
        if self.made > VALUES_MAX {
            return None;
        }
        let graph = self.graph;
        match graph.node(node) {
            Node::Text(text) => self.text(text),
            Node::Any(_) => Some(Value::from("text")),
            Node::Tree => Some(tree()),
            Node::Opened(opened) => self.value(opened.document),
            // Nothing may be sent for it: nothing stands in.
            Node::Object(object) if object.is_abstract && object.alternatives.is_empty() => None,
            Node::Object(object) if !object.alternatives.is_empty() => {
                let labels = alternative_labels(node, object, self.side);
                labels.iter().find_map(|(node, label)| self.labelled(*node, label))
            }
            Node::Object(object) => self.nested(node, |e| e.object(object, None)),
        }
    }

    /// A simple value. An `ID` is another one each time (XML Schema part 1, section 3.15.4).
    fn text(&mut self, text: &Text) -> Option<Value> {
        if let TextKind::Atomic(Lexical::Form(Form::Id)) = text.kind {
            self.identified += 1;
            let id = format!("{}{}", Form::Id.example(), self.identified);
            if text.check.problem(&id).is_none() {
                return Some(id.into());
            }
        }
        scalar(self.graph, text)
    }

    fn labelled(&mut self, node: NodeId, label: &Label) -> Option<Value> {
        let graph = self.graph;
        match graph.node(node) {
            Node::Text(text) => Some(beside(label, self.text(text)?)),
            Node::Any(_) => Some(beside(label, "text".into())),
            Node::Object(object) if label.is_element && !object.alternatives.is_empty() => {
                let labels = inner_labels(node, object, self.side, label);
                labels.iter().find_map(|(node, label)| self.labelled(*node, label))
            }
            Node::Object(object) if object.unwrap.is_some() => {
                Some(beside(label, self.nested(node, |e| e.object(object, None))?))
            }
            Node::Tree => Some(beside(label, tree())),
            Node::Opened(opened) => Some(beside(label, self.value(opened.document)?)),
            Node::Object(object) => self.nested(node, |e| e.object(object, Some(label))),
        }
    }

    pub(super) fn nested(
        &mut self,
        node: NodeId,
        make: impl FnOnce(&mut Self) -> Option<Value>,
    ) -> Option<Value> {
        if self.open.contains(&node) || self.open.len() >= OBJECT_DEPTH_MAX as usize {
            return None;
        }
        self.open.push(node);
        let value = make(self);
        self.open.pop();
        value
    }

    pub(super) fn object(&mut self, object: &Object, label: Option<&Label>) -> Option<Value> {
        if let Some(only) = object.unwrap {
            let least = least(object, only);
            return self.member(object, only, true, least).ok().flatten();
        }
        let mut values = BTreeMap::new();
        for (at, member) in (0_u16..).zip(&object.members) {
            if matches!(member.source, MemberSource::Attribute | MemberSource::Text) {
                let has_inner = member.source == MemberSource::Text && object.inner.is_some();
                let is_required = has_inner || is_required(member, self.side);
                self.take(object, at, is_required, 0, &mut values)?;
            }
        }
        if let Some(content) = &object.content {
            self.particle(object, content, true, &mut values, 0)?;
        }
        let mut entries = label.map(named).unwrap_or_default();
        for (at, value) in values {
            let name = &object.members[usize::from(at)].name;
            if !entries.contains_key(&**name) {
                entries.insert(name.to_string(), value);
            }
        }
        Some(entries.into())
    }

    /// Takes what a particle wants; `None` where something required has no example.
    fn particle(
        &mut self,
        object: &Object,
        particle: &Particle,
        is_certain: bool,
        values: &mut BTreeMap<u16, Value>,
        depth: u32,
    ) -> Option<()> {
        if depth > GROUP_DEPTH_MAX {
            return None;
        }
        let is_certain = is_certain && particle.min > 0;
        match &particle.term {
            ParticleTerm::Any(member, namespaces) => {
                if is_certain && !values.contains_key(member) {
                    let items = self.wild(object, *member, namespaces, particle.min)?;
                    values.insert(*member, items);
                }
                Some(())
            }
            ParticleTerm::Element { member, .. } | ParticleTerm::Group(member, _) => {
                let rule = object.members.get(usize::from(*member))?;
                // Under a choice nothing is required for itself, but the chosen one is.
                let is_group = matches!(particle.term, ParticleTerm::Group(..));
                let is_chosen = (rule.conditional || is_group) && is_certain;
                let least = match (is_chosen, is_group) {
                    (true, true) => rule.occurs.0,
                    (true, false) => particle.min,
                    (false, _) => least(object, *member),
                };
                let is_required = is_required(rule, self.side) || is_chosen;
                self.take(object, *member, is_required, least, values)
            }
            ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) => {
                let before = values.clone();
                let done = inner
                    .iter()
                    .try_for_each(|p| self.particle(object, p, is_certain, values, depth + 1));
                if done.is_none() && particle.min == 0 {
                    *values = before;
                    return self.always(object, particle, values);
                }
                done
            }
            ParticleTerm::Choice(inner) => {
                for alternative in inner {
                    let before = values.clone();
                    if self.particle(object, alternative, true, values, depth + 1).is_some() {
                        return Some(());
                    }
                    *values = before;
                }
                (particle.min == 0).then_some(())
            }
        }
    }

    /// Of an optional group left out, only arrays that are always there.
    fn always(
        &mut self,
        object: &Object,
        particle: &Particle,
        values: &mut BTreeMap<u16, Value>,
    ) -> Option<()> {
        for at in &particle.members {
            let member = object.members.get(usize::from(*at))?;
            if is_required(member, self.side) && !member.dropped {
                if !member.repeats {
                    return None;
                }
                values.entry(*at).or_insert_with(|| Value::Array(Vec::new()));
            }
        }
        Some(())
    }

    fn take(
        &mut self,
        object: &Object,
        at: u16,
        is_required: bool,
        least: u32,
        values: &mut BTreeMap<u16, Value>,
    ) -> Option<()> {
        let dropped = object.members.get(usize::from(at)).is_none_or(|m| m.dropped);
        if dropped || values.contains_key(&at) {
            return Some(());
        }
        match self.member(object, at, is_required, least) {
            Ok(Some(value)) => {
                values.insert(at, value);
                Some(())
            }
            Ok(None) if is_required => None,
            Ok(None) => Some(()),
            Err(NoExample) => None,
        }
    }

    /// A member's value, of `least` items where it repeats; `None` leaves it out.
    fn member(
        &mut self,
        object: &Object,
        at: u16,
        is_required: bool,
        least: u32,
    ) -> Result<Option<Value>, NoExample> {
        let generous =
            self.made < GENEROUS_VALUES_MAX && self.open.len() <= GENEROUS_DEPTH_MAX as usize;
        let member = object.members.get(usize::from(at)).ok_or(NoExample)?;
        if !generous && !is_required {
            return Ok(None);
        }
        if !member.repeats {
            let value = self.item(object, usize::from(at), 0);
            let absent = value.is_none() && is_required && member.nillable;
            return Ok(if absent { Some(Value::Null) } else { value });
        }
        if least > ITEMS_MAX {
            return Err(NoExample);
        }
        if member.source == MemberSource::Group
            && (generous || least > 0)
            && let Some(items) = self.rounds(object, at)
        {
            return Ok(Some(items));
        }
        let shown = if member.source == MemberSource::Group { shown(object, at) } else { 1 };
        let count = if generous && least == 0 { shown } else { least };
        // One by one: what identifies an item differs.
        let items: Option<Vec<Value>> =
            (0..count).map(|nth| self.item(object, usize::from(at), nth)).collect();
        match items.filter(|items| !items.is_empty()) {
            Some(items) => Ok(Some(Value::Array(items))),
            None if least > 0 => Err(NoExample),
            None if is_required => Ok(Some(Value::Array(Vec::new()))),
            None => Ok(None),
        }
    }

    /// One value of a member, or the nth item of its array.
    fn item(&mut self, object: &Object, at: usize, nth: u32) -> Option<Value> {
        let graph = self.graph;
        let member = &object.members[at];
        if let (Some(fixed), Node::Text(text)) = (&member.fixed, graph.node(member.node))
            && let Some(value) = super::literal::literal(graph, text, fixed)
        {
            return Some(value);
        }
        match member.source {
            MemberSource::Any | MemberSource::AnyAttribute => None,
            // One after the other, as a sequence has them.
            MemberSource::Group => {
                let all: Vec<_> = entries_of(object, at).collect();
                let start = nth as usize % all.len().max(1);
                all[start..].iter().chain(&all[..start]).find_map(|child| {
                    let value = self.value(child.node)?;
                    let label = child.label.as_ref()?.to_string();
                    Some(Value::Object(std::iter::once((label, value)).collect()))
                })
            }
            MemberSource::Text if object.mixed.is_some() => self.mixed(object),
            _ => {
                let stand_ins = stand_ins(object, at);
                if stand_ins.is_empty() {
                    return self.value(member.node);
                }
                let labels = substitute_labels(&stand_ins, self.side);
                labels.iter().find_map(|(node, label)| self.labelled(*node, label))
            }
        }
    }
}

/// Items that show what a group that repeats may have: each of a few elements once.
fn shown(object: &Object, at: u16) -> u32 {
    let count = u32::try_from(entries_of(object, at.into()).count()).unwrap_or(u32::MAX);
    if count > SHOWN_MAX { 1 } else { count.max(1) }
}

/// Items that must be there whatever is chosen.
fn least(object: &Object, at: u16) -> u32 {
    let required = object.members.get(usize::from(at)).filter(|member| member.required);
    required.map_or(0, |member| member.occurs.0)
}

/// What is no object, beside the member that names it.
fn beside(label: &Label, value: Value) -> Value {
    let mut entries = named(label);
    entries.insert("value".to_owned(), value);
    entries.into()
}

fn named(label: &Label) -> Map<String, Value> {
    let labels = label.outer.as_deref().into_iter().chain([label]);
    labels.map(|l| (l.property.to_string(), Value::from(&*l.value))).collect()
}
