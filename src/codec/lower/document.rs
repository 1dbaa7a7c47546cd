//! The documents themselves: a root element, or a `DataSet` with what .NET sends around it.

use super::super::graph::{Child, Member, MemberSource, Node, NodeId, Object};
use super::super::particle::{Particle, ParticleTerm};
use super::super::rules::{Rules, Shape};
use super::Builder;
use super::open::Waiting;
use crate::xml::{NsId, ns};
use crate::xsd::{ElementId, TypeDefinition};

impl Builder<'_> {
    /// Lowers a document: in the schema of its rule.
    pub(super) fn document(&mut self, waiting: Waiting) {
        let Some(rule) = self.opening.rules.get(waiting.rule) else { return };
        let (root, is_data_set) = (rule.root, rule.is_data_set);
        let (mut child, mut member) = self.under(Rules::Literal, |builder| builder.element(root));
        if is_data_set && let Some(node) = self.data_set(root) {
            child.node = node;
            member.node = node;
        }
        let document = if is_data_set {
            self.data_set_document(child, member, waiting.diffgram)
        } else {
            one_root(Shape::Document, child, member)
        };
        self.types[waiting.document.0 as usize] = Node::Object(document);
    }

    /// The root of a `DataSet`: an array for each table, whatever the order of their rows.
    fn data_set(&mut self, root: ElementId) -> Option<NodeId> {
        let ty = self.schema.element(root).ty;
        let TypeDefinition::Complex(complex) = self.schema.ty(ty) else { return None };
        self.opening.is_data_set = true;
        let node = self.under(Rules::Literal, |builder| builder.complex(ty, complex));
        self.opening.is_data_set = false;
        let Node::Object(mut object) = node else { return None };
        object.unwrap = None;
        for member in object.members.iter_mut().filter(|m| m.source == MemberSource::Element) {
            (member.required, member.conditional) = (false, false);
            member.excludes = Box::default();
        }
        object.content = object.content.map(tables_apart);
        object.index();
        Some(self.push(Node::Object(object)))
    }

    /// A `DataSet` as it is sent: its schema, which is passed over, and a diffgram; or the
    /// root alone, as `GetXml` and `WriteXml` give it.
    fn data_set_document(&mut self, child: Child, member: Member, diffgram: bool) -> Object {
        let namespace = self.namespaces.add(ns::DIFFGRAM, "diffgr");
        self.namespaces.add(ns::MSDATA, "msdata");
        let inside = one_root(Shape::Diffgram, child.clone(), member.clone());
        let inside = self.push(Node::Object(inside));
        let around = self.named_child(namespace, "diffgram", inside);
        let schema = self.any();
        let schema = self.push(schema);
        let schema = Child { member: 1, ..self.named_child(NsId::XSD, "schema", schema) };
        let (first, second) = if diffgram { (around, child) } else { (child, around) };
        let node = first.node;
        let mut object = one_root(Shape::Document, first, Member { node, ..member });
        object.children.extend([Child { member: 0, ..second }, schema]);
        object.members.push(Member {
            dropped: true,
            required: false,
            ..Member::element("schema", object.children[2].node)
        });
        object.index();
        object
    }
}

/// An object that is the value of one element.
fn one_root(shape: Shape, child: Child, member: Member) -> Object {
    let mut object = Object::empty("");
    object.shape = shape;
    object.unwrap = Some(0);
    object.children.push(Child { member: 0, label: None, ..child });
    object.members.push(Member { required: true, repeats: false, ..member });
    object.content = Some(Particle {
        min: 1,
        max: Some(1),
        members: vec![0],
        term: ParticleTerm::Element { member: 0, children: vec![0] },
    });
    object.index();
    object
}

/// Tables come in any number, also none, one table's rows after another's.
fn tables_apart(particle: Particle) -> Particle {
    let apart = |inner: Vec<Particle>| inner.into_iter().map(tables_apart).collect();
    let term = match particle.term {
        ParticleTerm::Choice(inner) | ParticleTerm::Sequence(inner) => {
            ParticleTerm::All(apart(inner))
        }
        other => other,
    };
    Particle { min: 0, term, ..particle }
}
