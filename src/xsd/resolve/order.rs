//! Visiting types so that a base is resolved before what derives from it.

use super::Resolving;
use crate::xsd::authored::{AuthoredContent, AuthoredType, SimpleDerivation};
use crate::xsd::model::TypeId;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Not,
    Open,
    Done,
}

impl Resolving<'_> {
    /// Resolves every type, reporting derivation cycles.
    pub(super) fn all_types(&mut self) {
        let mut visits = vec![Visit::Not; self.types.len()];
        for index in 0..self.types.len() {
            if visits[index] == Visit::Not {
                self.visit_from(index, &mut visits);
            }
        }
    }

    fn visit_from(&mut self, index: usize, visits: &mut [Visit]) {
        let mut stack = vec![index];
        while let Some(&at) = stack.last() {
            if visits[at] == Visit::Done {
                stack.pop();
                continue;
            }
            let id = type_id(at);
            let first_time = visits[at] == Visit::Not;
            visits[at] = Visit::Open;
            if first_time {
                let mut waits = false;
                for dependency in self.dependencies(id) {
                    let dependency = dependency.0 as usize;
                    match visits.get(dependency) {
                        Some(Visit::Not) => {
                            stack.push(dependency);
                            waits = true;
                        }
                        Some(Visit::Open) => self.cycle(id),
                        Some(Visit::Done) | None => {}
                    }
                }
                if waits {
                    continue;
                }
            }
            let resolved = self.resolve_type(id);
            self.types[at] = Some(resolved);
            visits[at] = Visit::Done;
            stack.pop();
        }
    }

    /// The types that must be resolved before this one.
    pub(super) fn dependencies(&mut self, id: TypeId) -> Vec<TypeId> {
        let authored = self.authored;
        match authored.types.get(id.0 as usize) {
            Some(AuthoredType::Simple(simple)) => match &simple.derivation {
                SimpleDerivation::Restriction { base, .. } => vec![self.type_id(base)],
                SimpleDerivation::List(_) | SimpleDerivation::Union(_) => Vec::new(),
            },
            Some(AuthoredType::Complex(complex)) => {
                let base = complex.base.as_ref().map(|(base, _)| self.type_id(base));
                let inner = match complex.content {
                    AuthoredContent::Simple(inner) => inner,
                    AuthoredContent::Particles(_) => None,
                };
                base.into_iter().chain(inner).collect()
            }
            Some(AuthoredType::Builtin(_) | AuthoredType::AnyType) | None => Vec::new(),
        }
    }

    fn cycle(&mut self, id: TypeId) {
        if let Some((name, span)) = super::identity(&self.authored.types[id.0 as usize]) {
            let message = format!("type `{}` derives from itself", name.local);
            self.invalid(span, message, "break the circle of bases; anyType is taken as its base");
        }
    }
}

fn type_id(at: usize) -> TypeId {
    TypeId(u32::try_from(at).unwrap_or(u32::MAX))
}
