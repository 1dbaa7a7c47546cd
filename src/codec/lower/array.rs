//! Arrays of SOAP encoding (WSDL 1.1, section 2.2; SOAP 1.1, section 5.4.2).
//!
//! Their types restrict `soapenc:Array`: by `wsdl:arrayType`, or by a sequence of one
//! repeating element. To JSON they are arrays like any other; several dimensions are
//! arrays of arrays.

use super::super::graph::{Child, Member, Node, NodeId, Object};
use super::super::particle::{Particle, ParticleTerm};
use super::super::rules::{ArrayRule, Rules, Shape};
use super::Builder;
use crate::xml::{NsId, ns};
use crate::xsd::{self, ComplexType, Content, ElementId, SchemaSet, Term, TypeDefinition, TypeId};

/// The name items get where the schema gives none.
const ITEM: &str = "item";
/// Derivation steps looked through.
const BASES_MAX: u32 = 128;
/// Particles looked through for the one element of a sequence.
const PARTICLES_MAX: u32 = 64;
/// Dimensions of one array; items of arrays of arrays count as well.
const RANKS_MAX: usize = 8;

/// What an array type says.
#[derive(Debug, Clone)]
pub(super) struct ArrayShape {
    encoding: NsId,
    item: Option<TypeId>,
    element: Option<ElementId>,
    /// Dimensions of the array and, before them, of the arrays that are its items.
    ranks: Vec<u32>,
}

impl Builder<'_> {
    /// What a type says, if it is an array type.
    pub(super) fn array_shape(&mut self, complex: &ComplexType) -> Option<ArrayShape> {
        let own = array_base(self.schema, complex)?;
        let encoding = match self.rules {
            Rules::Encoded(encoding) => encoding,
            Rules::Literal => self.namespace(own),
        };
        let element = only_element(&complex.content);
        let declared = element.map(|id| self.schema.element(id).ty);
        let (item, ranks) = match &complex.array_type {
            Some((name, dimensions)) => {
                let item = self.schema.type_by_name.get(name).copied();
                (item.or(declared), ranks(dimensions))
            }
            None => (declared, vec![1]),
        };
        Some(ArrayShape { encoding, item, element, ranks })
    }

    /// Makes an array of an object that has its name.
    pub(super) fn array(&mut self, mut object: Object, shape: &ArrayShape) -> Object {
        let (rank, inner) = match shape.ranks.split_last() {
            Some((rank, inner)) => (*rank, inner),
            None => (1, &[][..]),
        };
        let item = if inner.is_empty() {
            match shape.item {
                Some(item) => self.node(item),
                None => self.any_item(),
            }
        } else {
            self.array_of(shape, inner)
        };
        let mut child = match shape.element {
            Some(id) => {
                let declaration = self.schema.element(id);
                let namespace = self.element_namespace(declaration);
                self.named_child(namespace, &declaration.name.local, item)
            }
            None => self.named_child(NsId::NONE, ITEM, item),
        };
        child.nillable = true;
        for _ in 1..rank {
            // A row of several dimensions: an array in JSON, nothing in XML.
            let mut row = Object::empty("");
            row.rules = self.rules;
            fill(&mut row, child.clone());
            child = Child { node: self.push(Node::Object(row)), nillable: false, ..child };
        }
        let (item_type, item_rank) = self.item_type(shape, inner);
        fill(&mut object, child);
        object.shape = Shape::Array;
        object.rules = self.rules;
        object.array = Some(Box::new(ArrayRule {
            encoding: shape.encoding,
            rank,
            item_type,
            item_rank: item_rank.into(),
        }));
        object
    }

    fn any_item(&mut self) -> NodeId {
        let any = self.any();
        self.push(any)
    }

    /// The array that is an item of an array of arrays.
    fn array_of(&mut self, shape: &ArrayShape, ranks: &[u32]) -> NodeId {
        let key = (shape.item, ranks.to_vec(), self.rules);
        if let Some(id) = self.by_array.get(&key) {
            return *id;
        }
        let id = self.push(Node::Any(self.rules));
        self.by_array.insert(key, id);
        let inner = ArrayShape { ranks: ranks.to_vec(), element: None, ..shape.clone() };
        let array = self.array(Object::empty(""), &inner);
        self.types[id.0 as usize] = Node::Object(array);
        id
    }

    /// How `arrayType` names the items: a type, and `[]` behind it for arrays.
    fn item_type(
        &mut self,
        shape: &ArrayShape,
        inner: &[u32],
    ) -> (Option<(NsId, Box<str>)>, String) {
        let name = shape.item.and_then(|item| match self.schema.ty(item) {
            TypeDefinition::Simple(simple) => self.nearest_name(simple),
            TypeDefinition::Complex(complex) => complex.name.clone(),
            TypeDefinition::Missing { .. } => None,
        });
        let name = name.map(|name| (self.namespace(&name.namespace), (&*name.local).into()));
        let commas = |rank: &u32| ",".repeat(*rank as usize - 1);
        (name, inner.iter().map(|rank| format!("[{}]", commas(rank))).collect())
    }
}

/// One member that repeats, which is the whole value.
fn fill(object: &mut Object, child: Child) {
    object.members = vec![Member {
        repeats: true,
        occurs: (0, None),
        required: false,
        nillable: child.nillable,
        ..Member::element(&child.local, child.node)
    }];
    object.children = vec![child];
    object.unwrap = Some(0);
    let term = ParticleTerm::Element { member: 0, children: vec![0] };
    object.content = Some(Particle { min: 0, max: None, members: vec![0], term });
    object.index();
}

/// The namespace of the `Array` a type is or derives from.
pub(crate) fn array_base(schema: &SchemaSet, complex: &ComplexType) -> Option<&'static str> {
    let mut at = complex;
    for _ in 0..BASES_MAX {
        if let Some(name) = at.name.as_ref().filter(|name| *name.local == *"Array") {
            let own = [ns::SOAPENC11, ns::SOAPENC12].into_iter().find(|ns| **ns == *name.namespace);
            if own.is_some() {
                return own;
            }
        }
        match schema.ty(at.base?.0) {
            TypeDefinition::Complex(base) => at = base,
            _ => return None,
        }
    }
    None
}

/// The one element of a content model, if there is no other.
fn only_element(content: &Content) -> Option<ElementId> {
    let Content::Particles(root) = content else { return None };
    let mut pending = vec![root];
    let mut found = None;
    let mut seen = 0;
    while let Some(particle) = pending.pop() {
        seen += 1;
        match &particle.term {
            Term::Element(id) if found.is_none() => found = Some(*id),
            Term::Element(_) => return None,
            Term::Any(_) => {}
            Term::Sequence(inner) | Term::Choice(inner) | Term::All(inner) => pending.extend(inner),
        }
        if seen > PARTICLES_MAX {
            return None;
        }
    }
    found
}

/// `[][,]` → 1, 2: of the items first, of the array itself last.
fn ranks(dimensions: &str) -> Vec<u32> {
    let groups = dimensions.split(']').filter(|group| group.contains('['));
    let rank = |group: &str| {
        let commas = group.bytes().filter(|b| *b == b',').count();
        u32::try_from(commas.min(RANKS_MAX - 1) + 1).unwrap_or(1)
    };
    let all: Vec<u32> = groups.take(RANKS_MAX).map(rank).collect();
    if all.is_empty() { vec![1] } else { all }
}

/// What a type of [`xsd`] holds, for judging: the items of an array.
#[must_use]
pub fn array_item(schema: &SchemaSet, complex: &ComplexType) -> Option<ArrayItem> {
    array_base(schema, complex)?;
    let element = only_element(&complex.content).map(|id| schema.element(id).ty);
    let named = complex.array_type.as_ref().map(|(name, _)| {
        let found = schema.type_by_name.get(name).copied();
        found.ok_or_else(|| name.clone())
    });
    Some(match (named, element) {
        (Some(Ok(ty)), _) | (_, Some(ty)) => ArrayItem::Type(ty),
        (Some(Err(name)), None) => ArrayItem::Missing(name),
        (None, None) => ArrayItem::Any,
    })
}

/// What an array of SOAP encoding holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArrayItem {
    /// Values of this type.
    Type(xsd::TypeId),
    /// Values of a type that is defined nowhere.
    Missing(crate::xml::QName),
    /// Anything.
    Any,
}
