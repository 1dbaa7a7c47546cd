//! Content models with their groups expanded.

use super::Resolving;
use crate::xsd::authored::{AuthoredParticle, AuthoredTerm, GroupId};
use crate::xsd::limits::{PARTICLE_DEPTH_MAX, PARTICLES_MAX};
use crate::xsd::model::{Occurs, Particle, Term};

impl Resolving<'_> {
    /// The effective particle, without what may never occur; `None` where nothing is left.
    pub(super) fn expand(&mut self, particle: &AuthoredParticle) -> Option<Particle> {
        self.expand_in(particle, 0, &mut Vec::new())
    }

    /// Counts a particle that is copied from a base.
    pub(super) fn spend(&mut self, particle: &Particle) {
        let mut stack = vec![particle];
        while let Some(next) = stack.pop() {
            self.particles_left = self.particles_left.saturating_sub(1);
            if let Term::Sequence(items) | Term::Choice(items) | Term::All(items) = &next.term {
                stack.extend(items);
            }
        }
    }

    fn expand_in(
        &mut self,
        particle: &AuthoredParticle,
        depth: usize,
        groups: &mut Vec<GroupId>,
    ) -> Option<Particle> {
        if particle.occurs.max == Some(0) {
            return None;
        }
        if depth >= PARTICLE_DEPTH_MAX {
            self.limit("model groups inside each other", PARTICLE_DEPTH_MAX, particle.span);
            return None;
        }
        if self.particles_left == 0 {
            self.limit("particles", PARTICLES_MAX, particle.span);
            return None;
        }
        self.particles_left -= 1;
        let mut inside = |items: &[AuthoredParticle]| -> Vec<Particle> {
            items.iter().filter_map(|item| self.expand_in(item, depth + 1, groups)).collect()
        };
        let term = match &particle.term {
            AuthoredTerm::Element(id) => Term::Element(*id),
            AuthoredTerm::ElementRef(reference) => Term::Element(self.element_id(reference)),
            AuthoredTerm::Any(wildcard) => Term::Any(wildcard.clone()),
            AuthoredTerm::Sequence(items) => Term::Sequence(inside(items)),
            AuthoredTerm::Choice(items) => Term::Choice(inside(items)),
            AuthoredTerm::All(items) => Term::All(inside(items)),
            AuthoredTerm::Group(id) => {
                return self.expand_group(*id, particle, depth, groups);
            }
            AuthoredTerm::GroupRef(reference) => match self.group(reference) {
                Some(id) => return self.expand_group(id, particle, depth, groups),
                None => Term::Element(self.missing_group(reference)),
            },
        };
        if matches!(&term, Term::Sequence(i) | Term::Choice(i) | Term::All(i) if i.is_empty()) {
            return None;
        }
        Some(Particle { occurs: particle.occurs, term, span: particle.span })
    }

    fn expand_group(
        &mut self,
        id: GroupId,
        reference: &AuthoredParticle,
        depth: usize,
        groups: &mut Vec<GroupId>,
    ) -> Option<Particle> {
        if groups.contains(&id) {
            let help = "break the circle; the inner reference is left out";
            self.invalid(reference.span, "a group contains itself", help);
            return None;
        }
        let authored = self.authored;
        let model = authored.groups[id.0 as usize].particle.as_ref()?;
        groups.push(id);
        let inner = self.expand_in(model, depth + 1, groups);
        groups.pop();
        let inner = inner?;
        Some(if reference.occurs == Occurs::ONCE {
            inner
        } else if inner.occurs == Occurs::ONCE {
            Particle { occurs: reference.occurs, ..inner }
        } else {
            let term = Term::Sequence(vec![inner]);
            Particle { occurs: reference.occurs, term, span: reference.span }
        })
    }
}
