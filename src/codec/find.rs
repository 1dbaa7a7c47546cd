//! Looking up children and members of a complex type by name.

use super::graph::Object;
use super::particle::LetIn;
use crate::xml::NsId;

impl Object {
    /// Whether a wildcard of it lets a namespace in.
    #[must_use]
    pub fn lets_in(&self, namespace: NsId) -> bool {
        self.lets_in.iter().any(|rule| match rule {
            LetIn::Any => true,
            LetIn::Other(own) => namespace != *own && namespace != NsId::NONE,
            LetIn::OneOf(list) => list.contains(&namespace),
        })
    }

    /// The child a name stands for, not before `hint` where there are two of that name.
    #[inline]
    #[must_use]
    pub fn child(&self, namespace: NsId, local: &str, hint: usize) -> Option<usize> {
        for at in [hint, hint + 1] {
            if let Some(child) = self.children.get(at)
                && child.namespace == namespace
                && *child.local == *local
            {
                return Some(at);
            }
        }
        let is_it = |at: &usize| {
            let child = &self.children[*at];
            child.namespace == namespace && *child.local == *local
        };
        if self.child_index.is_empty() {
            let len = self.children.len();
            return (hint.min(len)..len).chain(0..hint.min(len)).find(is_it);
        }
        let candidates = || self.child_index.get(local).into_iter().flatten();
        let all = || candidates().map(|at| usize::from(*at)).filter(is_it);
        all().find(|at| *at >= hint).or_else(|| all().next())
    }

    /// A child of this local name in whatever namespace, for servers that get it wrong.
    #[must_use]
    pub fn child_by_local(&self, local: &str) -> Option<usize> {
        self.children.iter().position(|c| *c.local == *local)
    }

    /// The member of a name, by the index where there are many.
    #[inline]
    #[must_use]
    pub fn member_at(&self, name: &str) -> Option<usize> {
        if self.member_index.is_empty() {
            return self.member(name);
        }
        self.member_index.get(name).map(|at| usize::from(*at))
    }

    /// The member of a name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|m| &*m.name == name)
    }
}
