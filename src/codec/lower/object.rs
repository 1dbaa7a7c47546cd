//! Complex types.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::graph::{
    Alternative, AttributeRule, Member, MemberSource, Node, NodeId, Object, Particle, ParticleTerm,
    Text,
};
use super::super::naming::Naming;
use super::super::rules::{Rules, Shape};
use super::Builder;
use super::content::Contents;
use crate::xsd::{AttributeUse, ComplexType, Content, TypeDefinition, TypeId};

impl Builder<'_> {
    /// Lowers a complex type. Simple content without attributes is just its text.
    pub(super) fn complex(&mut self, ty: TypeId, complex: &ComplexType) -> Node {
        let mut object = Object::empty(complex.name.as_ref().map_or("", |n| &n.local));
        object.name =
            complex.name.as_ref().map(|n| (self.namespace(&n.namespace), (&*n.local).into()));
        object.documentation.clone_from(&complex.documentation);
        object.rules = self.rules;
        if let Some(array) = self.array_shape(complex) {
            return Node::Object(self.array(object, &array));
        }
        object.is_abstract = complex.is_abstract;
        object.alternatives = self.alternatives(ty, complex);
        if let (Content::Simple(text), true, true) =
            (&complex.content, complex.attributes.is_empty(), object.alternatives.is_empty())
            && let Some(text) = self.plain_text(*text)
        {
            return Node::Text(text);
        }
        for attribute in &complex.attributes {
            self.attribute(&mut object, attribute);
        }
        match &complex.content {
            Content::Simple(text) => {
                let node = self.node(*text);
                let at = push_member(&mut object, text_member("value", node));
                object.text = Some((node, at));
            }
            Content::Particles(_) | Content::Empty if complex.mixed => {
                let node = self.string_node();
                let member = text_member("value", node);
                let at = push_member(&mut object, Member { required: false, ..member });
                object.mixed = Some(at);
                object.shape = Shape::Mixed;
                if complex.attributes.is_empty() && object.alternatives.is_empty() {
                    object.unwrap = Some(at);
                }
            }
            Content::Empty => {}
            Content::Particles(particle) => {
                let mut contents = Contents::new(self, &mut object);
                object.content = contents.root(particle);
                if self.rules != Rules::Literal {
                    object.content = object.content.map(in_any_order);
                }
            }
        }
        self.name_members(&mut object, complex);
        collapse(&mut object, complex);
        object.index();
        Node::Object(object)
    }

    fn plain_text(&mut self, ty: TypeId) -> Option<Text> {
        match self.schema.ty(ty) {
            TypeDefinition::Simple(simple) => Some(self.text(simple)),
            _ => None,
        }
    }

    /// A node for plain strings.
    pub(super) fn string_node(&mut self) -> NodeId {
        let lexical = super::super::lexical::Lexical::of(crate::xsd::Builtin::String);
        self.push(Node::Text(Text {
            component: "".into(),
            name: None,
            kind: super::super::graph::TextKind::Atomic(lexical),
            check: super::super::facet::FacetCheck::default(),
            documentation: None,
        }))
    }

    fn attribute(&mut self, object: &mut Object, attribute: &AttributeUse) {
        let node = self.node(attribute.ty);
        let member = Member {
            source: MemberSource::Attribute,
            required: attribute.required
                && attribute.default.is_none()
                && attribute.fixed.is_none(),
            default: attribute.default.clone(),
            fixed: attribute.fixed.clone(),
            documentation: attribute.documentation.clone(),
            ..Member::element(&attribute.name.local, node)
        };
        let member = push_member(object, member);
        let namespace = self.namespace(&attribute.name.namespace);
        let local = (&*attribute.name.local).into();
        object.attributes.push(AttributeRule { namespace, local, member });
    }

    /// The types that may stand in by `xsi:type`.
    fn alternatives(&mut self, ty: TypeId, complex: &ComplexType) -> Vec<Alternative> {
        let Some(derived) = self.schema.derived.get(&ty) else { return Vec::new() };
        let mut labels = HashSet::new();
        let own = (!complex.is_abstract).then_some(ty);
        let mut alternatives = Vec::new();
        for ty in own.into_iter().chain(derived.iter().copied()) {
            let TypeDefinition::Complex(complex) = self.schema.ty(ty) else { continue };
            let Some(name) = complex.name.as_ref().filter(|_| !complex.is_abstract) else {
                continue;
            };
            let namespace = self.namespace(&name.namespace);
            let mut label: Arc<str> = Arc::clone(&name.local);
            if !labels.insert(Arc::clone(&label)) {
                label = format!("{}.{label}", self.namespaces.prefix(namespace)).into();
            }
            let node = self.node(ty);
            alternatives.push(Alternative { label, namespace, local: (&*name.local).into(), node });
        }
        let only_itself = alternatives.len() == 1 && own.is_some();
        if only_itself { Vec::new() } else { alternatives }
    }

    /// Gives every member its JSON name: elements first, then what would clash with them.
    fn name_members(&mut self, object: &mut Object, complex: &ComplexType) {
        let type_name = complex.name.as_ref().map_or("", |n| &n.local);
        let mut taken: HashSet<String> = HashSet::new();
        let rank = |source: MemberSource| match source {
            MemberSource::Element => 0,
            MemberSource::Attribute => 1,
            _ => 2,
        };
        let mut order: Vec<usize> = (0..object.members.len()).collect();
        order.sort_by_key(|at| rank(object.members[*at].source));
        for at in order {
            let raw = object.members[at].name.to_string();
            let source = object.members[at].source;
            let mark = if source == MemberSource::Attribute { "@" } else { "" };
            let explicit =
                [format!("{type_name}.{mark}{raw}"), format!("{type_name}.{raw}"), raw.clone()]
                    .into_iter()
                    .find_map(|key| self.options.names.get(&key).cloned());
            let name = match explicit {
                Some(name) => name,
                None => free_name(self.options.naming, &raw, source, &taken),
            };
            taken.insert(name.clone());
            object.members[at].rename(&name);
        }
        self.label_children(object);
    }
}

/// The first name nobody has.
fn free_name(naming: Naming, raw: &str, source: MemberSource, taken: &HashSet<String>) -> String {
    let plain = if matches!(source, MemberSource::Element | MemberSource::Attribute) {
        naming.apply(raw)
    } else {
        raw.to_owned()
    };
    let marked = match source {
        MemberSource::Attribute => format!("@{plain}"),
        MemberSource::Element => raw.to_owned(),
        _ => format!("${plain}"),
    };
    [plain.clone(), marked]
        .into_iter()
        .find(|name| !taken.contains(name))
        .or_else(|| {
            (2..=u32::from(u16::MAX))
                .map(|n| format!("{plain}{n}"))
                .find(|name| !taken.contains(name))
        })
        .unwrap_or(plain)
}

/// `ArrayOfX`, or any wrapper whose only content is one repeating child, is its array.
fn collapse(object: &mut Object, complex: &ComplexType) {
    let only = object.members.len() == 1
        && object.members[0].repeats
        && object.members[0].source == MemberSource::Element
        && object.alternatives.is_empty()
        && complex.any_attribute.is_none();
    if only && !complex.is_abstract {
        object.unwrap = Some(0);
    }
}

/// The accessors of a struct are told apart by name alone (SOAP 1.1, section 5.1, rule 9).
fn in_any_order(content: Particle) -> Particle {
    match content.term {
        ParticleTerm::Sequence(inner) => Particle { term: ParticleTerm::All(inner), ..content },
        _ => content,
    }
}

pub(super) fn text_member(name: &str, node: NodeId) -> Member {
    Member { source: MemberSource::Text, ..Member::element(name, node) }
}

/// Adds a member; its index.
pub(super) fn push_member(object: &mut Object, member: Member) -> u16 {
    object.members.push(member);
    u16::try_from(object.members.len() - 1).unwrap_or(u16::MAX)
}
