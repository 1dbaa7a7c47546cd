//! Example values: the same in every run, and valid against their schemas.
//!
//! `None` means that no value could be made (a pattern beyond the generator, a recursion
//! that never ends, a size beyond reason); a document then has no example there.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::names::{Label, Side};
use super::object::{children_of, is_required, stand_ins};
use super::scalar_example::scalar;
use super::schema::{alternative_labels, substitute_labels};
use crate::codec::{Graph, MemberSource, Node, NodeId, Object, Particle, ParticleTerm};

/// Objects inside each other; a deeper one has no example.
const OBJECT_DEPTH_MAX: u32 = 24;
/// Objects inside each other that show members which may be left out.
const GENEROUS_DEPTH_MAX: u32 = 7;
/// Groups inside each other.
const GROUP_DEPTH_MAX: u32 = 16;
/// Values of one example.
const VALUES_MAX: u32 = 2_000;
/// Values after which members that may be left out are.
const GENEROUS_VALUES_MAX: u32 = 300;
/// Items made because a schema wants at least so many.
const ITEMS_MAX: u32 = 20;

/// An example of a type, one way.
pub(super) fn example(graph: &Graph, node: NodeId, side: Side) -> Option<Value> {
    Example { graph, side, made: 0, open: Vec::new() }.value(node)
}

/// Something that must be there cannot be made.
struct NoExample;

struct Example<'g> {
    graph: &'g Graph,
    side: Side,
    /// Values made so far.
    made: u32,
    /// Objects that are being made.
    open: Vec<NodeId>,
}

impl Example<'_> {
    fn value(&mut self, node: NodeId) -> Option<Value> {
        self.made += 1;
        if self.made > VALUES_MAX {
            return None;
        }
        let graph = self.graph;
        match graph.node(node) {
            Node::Text(text) => scalar(graph, text),
            Node::Any(_) => Some(Value::from("text")),
            Node::Object(object) if !object.alternatives.is_empty() => {
                let labels = alternative_labels(node, object, self.side);
                labels.iter().find_map(|(node, label)| self.labelled(*node, label))
            }
            Node::Object(object) => self.nested(node, |e| e.object(object, None)),
        }
    }

    fn labelled(&mut self, node: NodeId, label: &Label) -> Option<Value> {
        let graph = self.graph;
        if label.is_element && graph.is_beside_label(node) {
            let value = match graph.node(node) {
                Node::Text(text) => scalar(graph, text)?,
                Node::Any(_) => Value::from("text"),
                Node::Object(object) => self.nested(node, |e| e.object(object, None))?,
            };
            let mut entries = named(label);
            entries.insert("value".to_owned(), value);
            return Some(entries.into());
        }
        match graph.node(node) {
            Node::Text(text) => scalar(graph, text),
            Node::Any(_) => Some(Value::from("text")),
            Node::Object(object) => self.nested(node, |e| e.object(object, Some(label))),
        }
    }

    fn nested(
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

    fn object(&mut self, object: &Object, label: Option<&Label>) -> Option<Value> {
        if let Some(only) = object.unwrap {
            return self.member(object, only, true).ok().flatten();
        }
        let mut values = BTreeMap::new();
        for (at, member) in (0_u16..).zip(&object.members) {
            if matches!(member.source, MemberSource::Attribute | MemberSource::Text) {
                self.take(object, at, is_required(member, self.side), &mut values)?;
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
            ParticleTerm::Element { member, .. }
            | ParticleTerm::Group(member, _)
            | ParticleTerm::Any(member) => {
                let rule = object.members.get(usize::from(*member))?;
                // Under a choice nothing is required for itself, but the chosen one is.
                let wanted = is_required(rule, self.side) || (rule.conditional && is_certain);
                self.take(object, *member, wanted, values)
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
        values: &mut BTreeMap<u16, Value>,
    ) -> Option<()> {
        let dropped = object.members.get(usize::from(at)).is_none_or(|m| m.dropped);
        if dropped || values.contains_key(&at) {
            return Some(());
        }
        match self.member(object, at, is_required) {
            Ok(Some(value)) => {
                values.insert(at, value);
                Some(())
            }
            Ok(None) if is_required => None,
            Ok(None) => Some(()),
            Err(NoExample) => None,
        }
    }

    /// A member's value; `None` leaves it out.
    fn member(
        &mut self,
        object: &Object,
        at: u16,
        is_required: bool,
    ) -> Result<Option<Value>, NoExample> {
        let generous =
            self.made < GENEROUS_VALUES_MAX && self.open.len() <= GENEROUS_DEPTH_MAX as usize;
        let member = object.members.get(usize::from(at)).ok_or(NoExample)?;
        let least = if member.required { member.occurs.0 } else { 0 };
        if !generous && !is_required {
            return Ok(None);
        }
        if !member.repeats {
            let value = self.item(object, usize::from(at));
            let absent = value.is_none() && is_required && member.nillable;
            return Ok(if absent { Some(Value::Null) } else { value });
        }
        if least > ITEMS_MAX {
            return Err(NoExample);
        }
        let item = if generous || least > 0 { self.item(object, usize::from(at)) } else { None };
        match item {
            Some(item) => {
                let count = usize::try_from(least.max(1)).unwrap_or(1);
                Ok(Some(Value::Array(vec![item; count])))
            }
            None if least > 0 => Err(NoExample),
            None if is_required => Ok(Some(Value::Array(Vec::new()))),
            None => Ok(None),
        }
    }

    /// One value of a member, or one item of its array.
    fn item(&mut self, object: &Object, at: usize) -> Option<Value> {
        let graph = self.graph;
        let member = &object.members[at];
        if let (Some(fixed), Node::Text(text)) = (&member.fixed, graph.node(member.node))
            && let Some(value) = super::literal::literal(graph, text, fixed)
        {
            return Some(value);
        }
        match member.source {
            MemberSource::Any => None,
            MemberSource::Group => children_of(object, at).find_map(|child| {
                let value = self.value(child.node)?;
                let label = child.label.as_ref()?.to_string();
                Some(Value::Object(std::iter::once((label, value)).collect()))
            }),
            MemberSource::Text if object.mixed.is_some() => Some(Value::from("text")),
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

fn named(label: &Label) -> Map<String, Value> {
    std::iter::once((label.property.to_string(), Value::from(&*label.value))).collect()
}
