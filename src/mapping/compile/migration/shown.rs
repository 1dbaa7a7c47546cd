//! What an answer looks like to callers, as far as it is known: one place at a time.

use super::super::ports::Ports;
use crate::codec::{Graph, Member, MemberSource, Node, NodeId, Object, TextKind};
use crate::mapping::MappingSet;
use crate::plan::{
    IncludePlan, PartPlan, ResultKind, RowMember, RowPlan, RowValue, SqlCall, Total, Translator,
};
use crate::sql::Type;

/// Wrappers inside one another that are looked through.
const WRAPPERS_MAX: u32 = 64;

/// The value at a place of an answer: `arrays` times an array of something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'p> {
    pub(super) kind: Kind<'p>,
    pub(super) arrays: u8,
}

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind<'p> {
    /// Any JSON: nothing is known of it.
    Anything,
    /// Neither object nor array.
    Scalar,
    /// A complex type; one for which others may stand in has other members besides.
    Object(&'p Graph, NodeId),
    /// A row and what belongs to it.
    Row(&'p RowPlan, &'p [IncludePlan]),
    /// Columns under one name.
    Columns(&'p [RowMember], &'p [IncludePlan]),
    /// A page around its items.
    Page(&'p SqlCall),
    /// A composed answer.
    Parts(&'p [PartPlan]),
}

/// Where types of SOAP answers are, until routes have their graph.
#[derive(Clone, Copy)]
pub(super) struct Graphs<'p> {
    pub(super) set: &'p MappingSet,
    pub(super) ports: &'p Ports,
}

/// The body of an answer; `None` where it has none.
pub(super) fn body<'p>(translator: &'p Translator, graphs: Graphs<'p>) -> Option<Shown<'p>> {
    let of_kind = |kind| Shown { kind, arrays: 0 };
    Some(match translator {
        Translator::Http(_) => of_kind(Kind::Anything),
        Translator::Compose(call) => of_kind(Kind::Parts(&call.parts)),
        Translator::Soap(call) => {
            let backend = graphs.set.backends.get(call.backend.0 as usize);
            let port = backend.and_then(|backend| graphs.ports.get(&backend.name.value));
            match port {
                Some(port) => value(&port.graph, call.shown?),
                None => of_kind(Kind::Anything),
            }
        }
        Translator::Sql(call) => rows(call)?,
    })
}

fn rows(call: &SqlCall) -> Option<Shown<'_>> {
    let step = call.steps.get(call.answer)?;
    let row = Kind::Row(&step.row, &step.includes);
    let (kind, arrays) = match step.result {
        ResultKind::None => return None,
        // A statement whose types are not known has no members yet.
        _ if step.row.members.is_empty() => (Kind::Anything, 0),
        ResultKind::One | ResultKind::Optional => (row, 0),
        ResultKind::Many if call.page.as_ref().is_some_and(|page| page.envelope) => {
            (Kind::Page(call), 0)
        }
        ResultKind::Many => (row, 1),
        ResultKind::Scalar | ResultKind::Affected | ResultKind::Cursors => (Kind::Anything, 0),
    };
    Some(Shown { kind, arrays })
}

/// A value of the graph, wrappers looked through.
fn value(graph: &Graph, mut node: NodeId) -> Shown<'_> {
    let mut arrays = 0;
    for _ in 0..WRAPPERS_MAX {
        let kind = match graph.node(node) {
            Node::Any(_) | Node::Tree => Kind::Anything,
            Node::Opened(opened) => {
                node = opened.document;
                continue;
            }
            Node::Text(text) => {
                arrays += u8::from(matches!(text.kind, TextKind::List(_)));
                Kind::Scalar
            }
            Node::Object(object) if object.array.as_ref().is_some_and(|array| array.rank > 1) => {
                Kind::Anything
            }
            Node::Object(object) => match object.unwrap.map(usize::from) {
                Some(only) if object.alternatives.is_empty() => {
                    let member = &object.members[only];
                    arrays += u8::from(member.repeats);
                    if is_open(object, only, member) {
                        Kind::Anything
                    } else {
                        node = member.node;
                        continue;
                    }
                }
                _ => Kind::Object(graph, node),
            },
        };
        return Shown { kind, arrays };
    }
    Shown { kind: Kind::Anything, arrays }
}

/// Whether a member holds more than its type says.
fn is_open(object: &Object, at: usize, member: &Member) -> bool {
    let is_it = |index: u16| usize::from(index) == at;
    match member.source {
        MemberSource::Any | MemberSource::Group | MemberSource::AnyAttribute => true,
        MemberSource::Attribute | MemberSource::Text | MemberSource::Attachment => false,
        // Elements that stand in for another bring their label.
        MemberSource::Element => {
            object.children.iter().any(|child| is_it(child.member) && child.label.is_some())
        }
    }
}

impl<'p> Shown<'p> {
    /// The members of an object, and whether there may be others; `None` for what is none.
    pub(super) fn members(self) -> Option<(Vec<(&'p str, Self)>, bool)> {
        if self.arrays > 0 {
            return None;
        }
        Some(match self.kind {
            Kind::Anything => (Vec::new(), true),
            Kind::Scalar => return None,
            Kind::Object(graph, node) => of_type(graph, node),
            Kind::Row(row, includes) => {
                let mut members = columns(&row.members, includes);
                if let Some(fold) = &row.fold {
                    let kind = Kind::Row(&fold.row, includes);
                    members.push((&*fold.name, Self { kind, arrays: 1 }));
                }
                (members, false)
            }
            Kind::Columns(row, includes) => (columns(row, includes), false),
            Kind::Page(call) => (page(call), false),
            // A part whose answer is nothing known may be anything.
            Kind::Parts(parts) => {
                let named = parts.iter().map(|part| {
                    let kind = match &part.translator {
                        Translator::Sql(call) => rows(call),
                        _ => None,
                    };
                    (&*part.name, kind.unwrap_or(Self { kind: Kind::Anything, arrays: 0 }))
                });
                (named.collect(), false)
            }
        })
    }

    /// What tells a place from others, so that none is looked at twice.
    pub(super) fn identity(self) -> (usize, u32, u8) {
        let (address, id) = match self.kind {
            Kind::Anything => (0, 0),
            Kind::Scalar => (0, 1),
            Kind::Object(graph, node) => (std::ptr::from_ref(graph).addr(), node.0),
            Kind::Row(row, _) => (std::ptr::from_ref(row).addr(), 0),
            Kind::Columns(members, _) => (members.as_ptr().addr(), 1),
            Kind::Page(call) => (std::ptr::from_ref(call).addr(), 2),
            Kind::Parts(parts) => (parts.as_ptr().addr(), 3),
        };
        (address, id, self.arrays)
    }

    pub(super) fn item(self) -> Self {
        Self { arrays: self.arrays - 1, ..self }
    }
}

fn of_type(graph: &Graph, node: NodeId) -> (Vec<(&str, Shown<'_>)>, bool) {
    let Node::Object(own) = graph.node(node) else { return (Vec::new(), true) };
    let stand_ins = own.alternatives.iter().filter(|other| other.node != node);
    let others = stand_ins.filter_map(|other| match graph.node(other.node) {
        Node::Object(object) => Some(object),
        _ => None,
    });
    let mut members = Vec::new();
    for object in std::iter::once(own).chain(others) {
        for (at, member) in object.members.iter().enumerate().filter(|(_, m)| !m.dropped) {
            let inner = if is_open(object, at, member) {
                Shown { kind: Kind::Anything, arrays: 0 }
            } else {
                value(graph, member.node)
            };
            let arrays = inner.arrays + u8::from(member.repeats);
            members.push((&*member.name, Shown { arrays, ..inner }));
        }
    }
    (members, !own.alternatives.is_empty())
}

fn columns<'p>(row: &'p [RowMember], includes: &'p [IncludePlan]) -> Vec<(&'p str, Shown<'p>)> {
    let member = |member: &'p RowMember| {
        let (kind, arrays) = match &member.value {
            RowValue::Column(column) => match &column.ty {
                Type::Json
                | Type::Jsonb
                | Type::Array(_)
                | Type::Range(_)
                | Type::Multirange(_)
                | Type::Composite(_)
                | Type::Dynamic => (Kind::Anything, 0),
                _ => (Kind::Scalar, 0),
            },
            RowValue::Object(inner) => (Kind::Columns(inner, includes), 0),
            RowValue::Include(at) => {
                let include = includes.get(*at)?;
                (Kind::Row(&include.row, &[]), u8::from(!include.single))
            }
        };
        Some((&*member.name, Shown { kind, arrays }))
    };
    row.iter().filter_map(member).collect()
}

fn page(call: &SqlCall) -> Vec<(&str, Shown<'_>)> {
    let scalar = Shown { kind: Kind::Scalar, arrays: 0 };
    let mut members = vec![("next", scalar), ("prev", scalar)];
    if let Some(step) = call.steps.get(call.answer) {
        let kind = Kind::Row(&step.row, &step.includes);
        members.push(("items", Shown { kind, arrays: 1 }));
    }
    if call.page.as_ref().is_some_and(|page| page.total != Total::None) {
        members.push(("total", scalar));
    }
    members
}
