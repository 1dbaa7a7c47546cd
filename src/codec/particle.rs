//! The content model of a complex type: what gives its elements their order on the wire.

use crate::xml::NsId;
use crate::xsd::NamespaceConstraint;

/// Which namespaces a wildcard lets in (Part 1, section 3.10.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetIn {
    /// Any, or none.
    Any,
    /// Any but this one, and not none.
    Other(NsId),
    /// One of these.
    OneOf(Vec<NsId>),
}

/// A particle of the content model, for writing in order.
#[derive(Debug, Clone)]
pub struct Particle {
    /// Least number of times.
    pub min: u32,
    /// Greatest number of times.
    pub max: Option<u32>,
    /// Every member below, sorted.
    pub members: Vec<u16>,
    /// What may come.
    pub term: ParticleTerm,
}

/// The term of a [`Particle`].
#[derive(Debug, Clone)]
pub enum ParticleTerm {
    /// One element: indexes of the child that is the declaration, and of its substitutes.
    Element {
        /// The member it feeds.
        member: u16,
        /// The children that may stand here, the declared one first.
        children: Vec<u16>,
    },
    /// In order.
    Sequence(Vec<Particle>),
    /// One of.
    Choice(Vec<Particle>),
    /// In any order; written in this one.
    All(Vec<Particle>),
    /// What a wildcard lets in: the member, and from which namespaces.
    Any(u16, NamespaceConstraint),
    /// An ordered array of one-key objects: the member, and the children allowed.
    Group(u16, Vec<u16>),
}
