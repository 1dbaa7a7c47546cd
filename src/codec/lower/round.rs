//! What one round of a repeating group holds, and what must stand in mixed content: JSON has
//! neither, an example of it needs both.

use std::collections::HashMap;

use super::super::graph::{Node, NodeId, Object};
use super::super::particle::{Particle, ParticleTerm};
use super::Builder;
use super::content::Contents;
use crate::xml::NsId;
use crate::xsd::{self, ComplexType, Term};

/// Groups inside each other; deeper ones are passed over.
const GROUP_DEPTH_MAX: u32 = 64;

/// One round: the children of the group's member by name.
pub(super) struct Round<'r> {
    pub(super) member: u16,
    pub(super) by_name: &'r HashMap<(NsId, Box<str>), u16>,
}

impl Contents<'_, '_, '_> {
    /// The particles of one round.
    pub(super) fn round(
        &mut self,
        round: &Round<'_>,
        particles: &[xsd::Particle],
        depth: u32,
    ) -> Vec<Particle> {
        let mut lowered = Vec::new();
        for particle in particles.iter().filter(|p| p.occurs.max != Some(0)) {
            let term = match &particle.term {
                Term::Element(id) => {
                    let all = self.stand_ins(*id).into_iter();
                    let at = |(child, _): (super::super::graph::Child, String)| {
                        round.by_name.get(&(child.namespace, child.local)).copied()
                    };
                    let children = all.filter_map(at).collect();
                    ParticleTerm::Element { member: round.member, children }
                }
                Term::Any(wildcard) => ParticleTerm::Any(round.member, wildcard.namespaces.clone()),
                _ if depth > GROUP_DEPTH_MAX => continue,
                Term::Sequence(inner) => {
                    ParticleTerm::Sequence(self.round(round, inner, depth + 1))
                }
                Term::Choice(inner) => ParticleTerm::Choice(self.round(round, inner, depth + 1)),
                Term::All(inner) => ParticleTerm::All(self.round(round, inner, depth + 1)),
            };
            let (min, max) = (particle.occurs.min, particle.occurs.max);
            lowered.push(Particle { min, max, members: vec![round.member], term });
        }
        lowered
    }
}

impl Builder<'_> {
    /// The elements of mixed content, where some must be there.
    pub(super) fn inner(
        &mut self,
        particle: &xsd::Particle,
        complex: &ComplexType,
    ) -> Option<NodeId> {
        if may_be_empty(particle, 0) {
            return None;
        }
        let mut object = Object::empty("");
        object.content = Contents::new(self, &mut object).root(particle);
        self.name_members(&mut object, complex);
        object.index();
        Some(self.push(Node::Object(object)))
    }
}

/// Whether nothing at all satisfies a particle.
fn may_be_empty(particle: &xsd::Particle, depth: u32) -> bool {
    if particle.occurs.min == 0 || depth > GROUP_DEPTH_MAX {
        return true;
    }
    match &particle.term {
        Term::Element(_) | Term::Any(_) => false,
        Term::Sequence(inner) | Term::All(inner) => {
            inner.iter().all(|inner| may_be_empty(inner, depth + 1))
        }
        Term::Choice(inner) => {
            inner.is_empty() || inner.iter().any(|inner| may_be_empty(inner, depth + 1))
        }
    }
}
