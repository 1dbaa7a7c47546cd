//! Model groups and their particles (Part 1, sections 3.8 and 3.9).

use super::{Parsing, Redefined, is_xsd};
use crate::xml::Node;
use crate::xsd::authored::{AuthoredParticle, AuthoredTerm};
use crate::xsd::model::Occurs;

impl Parsing<'_> {
    /// The content model written directly in a type, a derivation step or a group.
    pub(super) fn model(&mut self, parent: Node<'_>) -> Option<AuthoredParticle> {
        let mut particles = self.particles(parent);
        let is_group = particles.first().is_some_and(|p| {
            !matches!(
                p.term,
                AuthoredTerm::Element(_) | AuthoredTerm::ElementRef(_) | AuthoredTerm::Any(_)
            )
        });
        match particles.len() {
            0 => None,
            1 if is_group => particles.pop(),
            _ => {
                // Drafts of XSD had elements directly in the type, meaning a sequence.
                self.invalid(
                    parent,
                    format!("the content of `{}` is not one model group", parent.local()),
                    "put them into one `xs:sequence`, as they are read here",
                );
                Some(AuthoredParticle {
                    occurs: Occurs::ONCE,
                    span: parent.span(),
                    term: AuthoredTerm::Sequence(particles),
                })
            }
        }
    }

    fn particles(&mut self, parent: Node<'_>) -> Vec<AuthoredParticle> {
        parent.children().filter_map(|child| self.particle(child)).collect()
    }

    fn particle(&mut self, node: Node<'_>) -> Option<AuthoredParticle> {
        if !is_xsd(node, node.local()) {
            return None;
        }
        let term = match node.local() {
            "element" => self.element_term(node)?,
            "group" => self.group_term(node)?,
            "sequence" => AuthoredTerm::Sequence(self.particles(node)),
            "choice" => AuthoredTerm::Choice(self.particles(node)),
            "all" => AuthoredTerm::All(self.particles(node)),
            "any" => AuthoredTerm::Any(self.wildcard(node)),
            _ => return None,
        };
        Some(AuthoredParticle { occurs: self.occurs(node), span: node.span(), term })
    }

    fn element_term(&mut self, node: Node<'_>) -> Option<AuthoredTerm> {
        if let Some(reference) = node.attribute("ref") {
            return Some(AuthoredTerm::ElementRef(self.reference(node, reference)));
        }
        let name = self.local_name(node, self.elements_qualified)?;
        Some(AuthoredTerm::Element(self.element_declaration(node, name, false)))
    }

    fn group_term(&mut self, node: Node<'_>) -> Option<AuthoredTerm> {
        let Some(reference) = node.attribute("ref") else {
            self.invalid(node, "a group inside a model has no `ref`", "name the group with `ref`");
            return None;
        };
        let reference = self.reference(node, reference);
        Some(match &self.redefined {
            Some(Redefined::Group(name, old)) if *name == reference.name => {
                AuthoredTerm::Group(*old)
            }
            _ => AuthoredTerm::GroupRef(reference),
        })
    }

    fn occurs(&mut self, node: Node<'_>) -> Occurs {
        let min = match self.bound(node, "minOccurs") {
            Bound::Absent => 1,
            Bound::Times(times) => times,
            Bound::Unbounded => u32::MAX,
        };
        let max = match self.bound(node, "maxOccurs") {
            Bound::Absent => Some(min.max(1)),
            Bound::Times(times) => Some(times),
            Bound::Unbounded => None,
        };
        if max.is_some_and(|max| max < min) && node.value("minOccurs").is_some() {
            let message = format!("maxOccurs of `{}` is less than minOccurs", node.local());
            self.invalid(node, message, "raise maxOccurs; minOccurs is taken for both");
            return Occurs { min, max: Some(min) };
        }
        Occurs { min: max.map_or(min, |max| min.min(max)), max }
    }

    fn bound(&mut self, node: Node<'_>, name: &str) -> Bound {
        let Some(value) = node.value(name) else { return Bound::Absent };
        if value == "unbounded" || value == "*" {
            return Bound::Unbounded;
        }
        if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
            // Digits that do not fit are as good as unbounded.
            return value.parse().map_or(Bound::Unbounded, Bound::Times);
        }
        self.invalid(node, format!("{name} is `{value}`"), "write a number or `unbounded`");
        Bound::Absent
    }
}

/// What minOccurs or maxOccurs says.
enum Bound {
    Absent,
    Times(u32),
    Unbounded,
}
