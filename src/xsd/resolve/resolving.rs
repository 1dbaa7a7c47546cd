//! The order of resolution, and what every step has at hand.

use std::collections::{HashMap, HashSet};

use super::super::authored::{Authored, AuthoredType};
use super::super::builtin::{ANY_TYPE, NOWHERE};
use super::super::limits::DERIVATION_DEPTH_MAX;
use super::super::model::{
    ComplexType, Content, Derivation, ElementDeclaration, NamespaceConstraint, Occurs, Particle,
    SchemaSet, Term, TypeDefinition, TypeId, Wildcard,
};
use crate::diagnostic::{Code, Diagnostic, Report, Span};
use crate::xml::QName;

/// Everything resolving needs; `types` fills up base first.
pub(super) struct Resolving<'a> {
    pub(super) authored: &'a Authored,
    pub(super) report: Report,
    pub(super) types: Vec<Option<TypeDefinition>>,
    pub(super) depths: Vec<u32>,
    /// Types and elements that are used and nowhere defined, after the authored ones.
    pub(super) missing_types: Vec<TypeDefinition>,
    pub(super) missing_elements: Vec<ElementDeclaration>,
    pub(super) missing_ids: HashMap<(super::lookup::Kind, QName), u32>,
    pub(super) particles_left: usize,
    pub(super) attributes_left: usize,
    pub(super) limits_told: HashSet<&'static str>,
}

/// Resolves everything.
pub fn resolve(authored: &Authored) -> (SchemaSet, Report) {
    let mut resolving = Resolving {
        authored,
        report: Report::default(),
        types: authored.types.iter().map(|_| None).collect(),
        depths: vec![0; authored.types.len()],
        missing_types: Vec::new(),
        missing_elements: Vec::new(),
        missing_ids: HashMap::new(),
        particles_left: super::super::limits::PARTICLES_MAX,
        attributes_left: super::super::limits::ATTRIBUTE_USES_MAX,
        limits_told: HashSet::new(),
    };
    resolving.all_types();
    let mut elements = resolving.all_elements();
    let attribute_by_name = resolving.global_attributes();
    let substitutes = super::kinship::substitutes(&elements);
    elements.append(&mut resolving.missing_elements);
    let mut types: Vec<TypeDefinition> =
        resolving.types.into_iter().map(|ty| ty.unwrap_or_else(any_type)).collect();
    let derived = super::kinship::derived(&types, authored.builtin_types);
    types.append(&mut resolving.missing_types);
    let ids = |names: &HashMap<QName, super::super::authored::Named<TypeId>>| {
        names.iter().map(|(name, named)| (name.clone(), named.item)).collect()
    };
    let element_by_name =
        authored.names.elements.iter().map(|(name, named)| (name.clone(), named.item)).collect();
    let set = SchemaSet {
        types,
        elements,
        type_by_name: ids(&authored.names.types),
        element_by_name,
        attribute_by_name,
        substitutes,
        derived,
    };
    (set, resolving.report)
}

impl Resolving<'_> {
    /// A resolved type; `None` where it is being resolved (a cycle).
    pub(super) fn resolved(&self, id: TypeId) -> Option<&TypeDefinition> {
        let at = id.0 as usize;
        match self.types.get(at) {
            Some(ty) => ty.as_ref(),
            None => self.missing_types.get(at - self.types.len()),
        }
    }

    pub(super) fn resolve_type(&mut self, id: TypeId) -> TypeDefinition {
        let authored = self.authored;
        let depth = 1 + self.dependencies(id).iter().map(|dep| self.depth(*dep)).max().unwrap_or(0);
        self.depths[id.0 as usize] = depth;
        let ty = &authored.types[id.0 as usize];
        if depth > DERIVATION_DEPTH_MAX
            && let Some((name, span)) = identity(ty)
        {
            self.limit("derivation steps", DERIVATION_DEPTH_MAX as usize, span);
            return TypeDefinition::Missing { name, span };
        }
        match ty {
            AuthoredType::Builtin(simple) => TypeDefinition::Simple((**simple).clone()),
            AuthoredType::AnyType => any_type(),
            AuthoredType::Simple(simple) => self.simple(simple),
            AuthoredType::Complex(complex) => self.complex(complex),
        }
    }

    pub(super) fn depth(&self, id: TypeId) -> u32 {
        self.depths.get(id.0 as usize).copied().unwrap_or(0)
    }

    /// Reports a limit once, where it was first crossed.
    pub(super) fn limit(&mut self, what: &'static str, max: usize, span: Span) {
        if self.limits_told.insert(what) {
            let message = format!("there are more than {max} {what}");
            self.report.push(
                Diagnostic::warning(Code::ContractLimit, span, message)
                    .label("over the limit here")
                    .help(
                        "what is beyond the limit is left out; operations that need it are refused",
                    ),
            );
        }
    }

    pub(super) fn invalid(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.report.push(
            Diagnostic::warning(Code::ContractSchemaInvalid, span, message)
                .label("not XSD 1.0")
                .help(help),
        );
    }
}

pub(super) fn identity(ty: &AuthoredType) -> Option<(QName, Span)> {
    let (name, span) = match ty {
        AuthoredType::Simple(simple) => (&simple.name, simple.span),
        AuthoredType::Complex(complex) => (&complex.name, complex.span),
        AuthoredType::Builtin(_) | AuthoredType::AnyType => return None,
    };
    Some((name.clone().unwrap_or_else(|| QName::new("", "anonymous")), span))
}

/// `anyType`: mixed, any elements, any attributes (Part 1, section 3.4.7).
pub(super) fn any_type() -> TypeDefinition {
    let anything = Wildcard { namespaces: NamespaceConstraint::Any, span: NOWHERE };
    let any = Particle {
        occurs: Occurs { min: 0, max: None },
        term: Term::Any(anything.clone()),
        span: NOWHERE,
    };
    let content = Particle { occurs: Occurs::ONCE, term: Term::Sequence(vec![any]), span: NOWHERE };
    TypeDefinition::Complex(ComplexType {
        name: Some(QName::new(crate::xml::ns::XSD, "anyType")),
        span: None,
        base: None,
        is_abstract: false,
        mixed: true,
        content: Content::Particles(content),
        attributes: Vec::new(),
        any_attribute: Some(anything),
        array_type: None,
        documentation: None,
    })
}

/// The base of a type without an explicit one.
pub(super) fn implied_base() -> (TypeId, Derivation) {
    (ANY_TYPE, Derivation::Restriction)
}
