//! Content models: the particles of a complex type, and the members they feed.

use std::collections::{BTreeSet, HashMap};

use super::super::graph::{
    Child, LetIn, Member, MemberSource, NodeId, Object, Particle, ParticleTerm,
};
use super::Builder;
use super::object::push_member;
use super::round::Round;
use crate::xml::NsId;
use crate::xsd::{self, ElementId, NamespaceConstraint, Occurs, Term};

/// Groups inside each other; deeper ones are passed over.
const GROUP_DEPTH_MAX: u32 = 256;

/// What surrounds a particle.
#[derive(Debug, Clone, Copy)]
struct Context {
    /// Under something that may come more than once.
    repeats: bool,
    /// Under something that may be absent.
    optional: bool,
    /// Under a choice.
    in_choice: bool,
    depth: u32,
}

/// Walks one content model.
pub(super) struct Contents<'b, 's, 'o> {
    builder: &'b mut Builder<'s>,
    object: &'o mut Object,
    by_name: HashMap<(NsId, Box<str>), u16>,
}

impl<'b, 's, 'o> Contents<'b, 's, 'o> {
    pub(super) fn new(builder: &'b mut Builder<'s>, object: &'o mut Object) -> Self {
        Self { builder, object, by_name: HashMap::new() }
    }

    /// Lowers the outermost particle.
    pub(super) fn root(&mut self, particle: &xsd::Particle) -> Option<Particle> {
        let context = Context { repeats: false, optional: false, in_choice: false, depth: 0 };
        self.particle(particle, context)
    }

    fn particle(&mut self, particle: &xsd::Particle, context: Context) -> Option<Particle> {
        let occurs = particle.occurs;
        if occurs.max == Some(0) || context.depth > GROUP_DEPTH_MAX {
            return None;
        }
        let inside = Context {
            repeats: context.repeats || occurs.repeats(),
            optional: context.optional || occurs.min == 0,
            depth: context.depth + 1,
            ..context
        };
        match &particle.term {
            Term::Element(id) => Some(self.element(*id, occurs, context)),
            Term::Any(wildcard) => Some(self.wildcard(wildcard, occurs, context)),
            Term::Sequence(inner) | Term::All(inner) | Term::Choice(inner) => {
                if occurs.repeats()
                    && let Some(group) = self.repeating(particle, inner, context)
                {
                    return Some(group);
                }
                let inside = Context {
                    in_choice: context.in_choice || matches!(particle.term, Term::Choice(_)),
                    ..inside
                };
                let lowered: Vec<Particle> =
                    inner.iter().filter_map(|p| self.particle(p, inside)).collect();
                Some(group_of(&particle.term, occurs, lowered))
            }
        }
    }

    /// A repeating group of several elements is an ordered array; one of a single element
    /// only makes that element repeat, and `None` is returned.
    fn repeating(
        &mut self,
        particle: &xsd::Particle,
        inner: &[xsd::Particle],
        context: Context,
    ) -> Option<Particle> {
        let mut elements = Vec::new();
        let mut wild = Vec::new();
        collect(inner, &mut elements, &mut wild, 0);
        let names: BTreeSet<_> =
            elements.iter().map(|id| self.builder.schema.element(*id).name.clone()).collect();
        if names.len() + usize::from(!wild.is_empty()) < 2 {
            return None;
        }
        let name = if matches!(particle.term, Term::Choice(_)) { "choice" } else { "sequence" };
        let occurs = entries(particle, 0);
        let is_certain = !(context.optional || context.in_choice);
        let any = self.any_node();
        let member = push_member(
            self.object,
            Member {
                source: MemberSource::Group,
                repeats: true,
                occurs,
                required: occurs.0 > 0 && is_certain,
                conditional: context.in_choice,
                ..Member::element(name, any)
            },
        );
        // A name may stand outside of the group as well, and then has a member there.
        let mut by_name: HashMap<(NsId, Box<str>), u16> = HashMap::new();
        let mut children = Vec::new();
        for id in elements {
            for (child, _) in self.stand_ins(id) {
                let key = (child.namespace, child.local.clone());
                let at = *by_name.entry(key).or_insert_with(|| {
                    self.object.children.push(Child {
                        member,
                        label: Some(child.local.as_ref().into()),
                        ..child
                    });
                    index(self.object.children.len() - 1)
                });
                children.push(at);
            }
        }
        if !wild.is_empty() {
            self.builder.open_globals();
            self.object.any = Some(member);
            for namespaces in wild {
                self.let_in(namespaces);
            }
        }
        let round = self.round(&Round { member, by_name: &by_name }, inner, 0);
        self.object.rounds.push((member, group_of(&particle.term, Occurs::ONCE, round)));
        let term = ParticleTerm::Group(member, children);
        Some(Particle { min: occurs.0.min(1), max: occurs.1, members: vec![member], term })
    }

    fn element(&mut self, id: ElementId, occurs: Occurs, context: Context) -> Particle {
        let declaration = self.builder.schema.element(id);
        let stand_ins = self.stand_ins(id);
        let substituted = stand_ins.len() > 1 || declaration.is_abstract && !stand_ins.is_empty();
        let repeats = context.repeats || occurs.repeats();
        let max = if context.repeats { None } else { occurs.max };
        let min = if context.optional || context.in_choice { 0 } else { occurs.min };
        let namespace = self.builder.element_namespace(declaration);
        let key = (namespace, declaration.name.local.as_ref().into());
        let member = if let Some(at) = self.by_name.get(&key) {
            let member = self.object.children[usize::from(*at)].member;
            self.again(member, repeats, context.in_choice, min, max);
            member
        } else {
            let (child, member) = self.builder.element(id);
            let name = &*declaration.name.local;
            push_member(
                self.object,
                Member {
                    name: name.into(),
                    repeats,
                    occurs: (occurs.min, max),
                    required: min > 0,
                    conditional: context.in_choice,
                    node: child.node,
                    ..member
                },
            )
        };
        let mut children = Vec::new();
        for (child, local) in stand_ins {
            let key = (child.namespace, child.local.clone());
            let at = *self.by_name.entry(key).or_insert_with(|| {
                let label = substituted.then(|| local.as_str().into());
                self.object.children.push(Child { member, label, ..child });
                index(self.object.children.len() - 1)
            });
            children.push(at);
        }
        let term = ParticleTerm::Element { member, children };
        Particle { min: occurs.min, max, members: vec![member], term }
    }

    /// A name that stands in the content model a second time.
    fn again(&mut self, member: u16, repeats: bool, in_choice: bool, min: u32, max: Option<u32>) {
        let member = &mut self.object.members[usize::from(member)];
        if in_choice && member.conditional {
            // Alternatives exclude each other: the name still comes once.
            member.repeats |= repeats;
            member.occurs = (member.occurs.0.min(min), widest(member.occurs.1, max));
        } else {
            member.repeats = true;
            member.occurs.0 = member.occurs.0.saturating_add(min);
            member.occurs.1 = member.occurs.1.zip(max).map(|(a, b)| a.saturating_add(b));
        }
        member.required |= min > 0;
    }

    /// The declaration itself and every element that may stand in for it.
    pub(super) fn stand_ins(&mut self, id: ElementId) -> Vec<(Child, String)> {
        let substitutes = self.builder.schema.substitutes.get(&id).cloned().unwrap_or_default();
        let mut all = Vec::with_capacity(1 + substitutes.len());
        for id in std::iter::once(id).chain(substitutes) {
            let declaration = self.builder.schema.element(id);
            if declaration.is_abstract && !all.is_empty() {
                continue;
            }
            let child = self.builder.child(declaration);
            all.push((child, declaration.name.local.to_string()));
        }
        all
    }

    fn let_in(&mut self, namespaces: &NamespaceConstraint) {
        let rule = match namespaces {
            NamespaceConstraint::Any => LetIn::Any,
            NamespaceConstraint::Other(own) => LetIn::Other(self.builder.namespace(own)),
            NamespaceConstraint::List(list) => {
                LetIn::OneOf(list.iter().map(|uri| self.builder.namespace(uri)).collect())
            }
        };
        if !self.object.lets_in.contains(&rule) {
            self.object.lets_in.push(rule);
        }
    }

    fn wildcard(&mut self, wildcard: &xsd::Wildcard, occurs: Occurs, context: Context) -> Particle {
        self.builder.open_globals();
        self.let_in(&wildcard.namespaces);
        let node = self.any_node();
        let member = match self.object.any {
            Some(member) => member,
            None => push_member(
                self.object,
                Member {
                    source: MemberSource::Any,
                    repeats: true,
                    occurs: (0, None),
                    required: false,
                    conditional: true,
                    ..Member::element("any", node)
                },
            ),
        };
        self.object.any = Some(member);
        let max = if context.repeats { None } else { occurs.max };
        let term = ParticleTerm::Any(member, wildcard.namespaces.clone());
        Particle { min: occurs.min, max, members: vec![member], term }
    }

    fn any_node(&mut self) -> NodeId {
        let any = self.builder.any();
        self.builder.push(any)
    }
}

fn group_of(term: &Term, occurs: Occurs, inner: Vec<Particle>) -> Particle {
    let mut members: Vec<u16> = inner.iter().flat_map(|p| p.members.iter().copied()).collect();
    members.sort_unstable();
    members.dedup();
    let term = match term {
        Term::Choice(_) => ParticleTerm::Choice(inner),
        Term::All(_) => ParticleTerm::All(inner),
        _ => ParticleTerm::Sequence(inner),
    };
    Particle { min: occurs.min.min(1), max: Some(1), members, term }
}

/// The element declarations below, and what wildcards among them let in.
fn collect<'p>(
    particles: &'p [xsd::Particle],
    into: &mut Vec<ElementId>,
    wild: &mut Vec<&'p NamespaceConstraint>,
    depth: u32,
) {
    for particle in particles.iter().filter(|p| p.occurs.max != Some(0)) {
        match &particle.term {
            Term::Element(id) => into.push(*id),
            Term::Any(wildcard) => wild.push(&wildcard.namespaces),
            Term::Sequence(inner) | Term::Choice(inner) | Term::All(inner) => {
                if depth < GROUP_DEPTH_MAX {
                    collect(inner, into, wild, depth + 1);
                }
            }
        }
    }
}

/// Least and greatest number of elements that a particle takes; greatest `None` is unbounded.
fn entries(particle: &xsd::Particle, depth: u32) -> (u32, Option<u32>) {
    let inner = match &particle.term {
        Term::Element(_) | Term::Any(_) => (1, Some(1)),
        _ if depth > GROUP_DEPTH_MAX => (0, None),
        Term::Sequence(inner) | Term::All(inner) => {
            inner.iter().map(|p| entries(p, depth + 1)).fold((0, Some(0)), |all, one| {
                let most = all.1.zip(one.1).map(|(a, b): (u32, u32)| a.saturating_add(b));
                (u32::saturating_add(all.0, one.0), most)
            })
        }
        Term::Choice(inner) => {
            let all = inner.iter().map(|p| entries(p, depth + 1));
            all.reduce(|a, b| (a.0.min(b.0), widest(a.1, b.1))).unwrap_or((0, Some(0)))
        }
    };
    let most = inner.1.zip(particle.occurs.max).map(|(a, b)| a.saturating_mul(b));
    (inner.0.saturating_mul(particle.occurs.min), most)
}

fn widest(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.zip(b).map(|(a, b)| a.max(b))
}

fn index(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}
