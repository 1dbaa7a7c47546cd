//! The compiled type graph: plain data, every lookup done.
//!
//! An [`Object`] describes one complex type twice over. `children`, `attributes` and
//! `text` are what the XML has; `members` are what the JSON has; each of the former knows
//! its member. `content` is the content model that gives the order on the wire.

use std::collections::HashMap;
use std::sync::Arc;

use super::facet::FacetCheck;
use super::lexical::Lexical;
use super::opened::Opened;
use super::particle::{LetIn, Particle};
use super::rules::{ArrayRule, NamedTypes, Rules, Shape};
use crate::xml::{Namespaces, NsId};
use crate::xsd::NamespaceConstraint;

/// The member that names a type by `xsi:type` where another member names the element. No
/// element or attribute can be called so.
pub const XSI_TYPE: &str = "xsi:type";

/// Index into [`Graph::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// Everything one contract's messages can reach.
#[derive(Debug, Clone)]
pub struct Graph {
    /// Namespaces, with the prefixes we write.
    pub namespaces: Arc<Namespaces>,
    /// Types by id.
    pub types: Vec<Node>,
    /// Global elements by name, for wildcards and header blocks: compiled on demand.
    pub globals: HashMap<(NsId, Box<str>), Child>,
    /// Types an `xsi:type` may name where no declared type says more (`anyType`), for
    /// literal use and for SOAP encoding.
    pub named: HashMap<Rules, NamedTypes>,
    /// Labels of named types whose local name alone would name another.
    pub type_labels: HashMap<(NsId, Box<str>), Arc<str>>,
    /// How numbers are written.
    pub numbers: Numbers,
}

impl Graph {
    /// A graph of nothing, to be replaced.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            namespaces: Arc::default(),
            types: Vec::new(),
            globals: HashMap::new(),
            named: HashMap::new(),
            type_labels: HashMap::new(),
            numbers: Numbers::Exact,
        }
    }

    /// A type by id. Ids come from this graph, so the index is always there.
    #[inline]
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.types[id.0 as usize]
    }

    /// Adds a type, e.g. one changed for a route.
    pub fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.types.len()).unwrap_or(u32::MAX));
        self.types.push(node);
        id
    }
}

/// How numbers beyond a double's digits are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// As JSON numbers with the backend's digits.
    #[default]
    Exact,
    /// As strings, for callers that parse with doubles.
    String,
}

/// One type.
#[derive(Debug, Clone)]
pub enum Node {
    /// Text of a simple type.
    Text(Text),
    /// A complex type.
    Object(Object),
    /// `anyType`: what `xsi:type` says, else text, else XML.
    Any(Rules),
    /// `anyType` as a tree of elements.
    Tree,
    /// A document of its own, opened by the mapping.
    Opened(Opened),
}

/// A simple type.
#[derive(Debug, Clone)]
pub struct Text {
    /// The name for documents; empty for an anonymous type.
    pub component: Arc<str>,
    /// The expanded name of the type or of the nearest named base, for `xsi:type`.
    pub name: Option<(NsId, Box<str>)>,
    /// How its text reads and writes.
    pub kind: TextKind,
    /// Facets.
    pub check: FacetCheck,
    /// Documentation.
    pub documentation: Option<Arc<str>>,
}

/// What the values of a simple type are made of.
#[derive(Debug, Clone)]
pub enum TextKind {
    /// One value.
    Atomic(Lexical),
    /// Values separated by white space: a JSON array.
    List(NodeId),
    /// The first of these that accepts the text.
    Union(Vec<NodeId>),
}

/// A complex type.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, any mix of them occurs"
)]
pub struct Object {
    /// The name for documents; empty for an anonymous type.
    pub component: Arc<str>,
    /// The expanded name, for `xsi:type`.
    pub name: Option<(NsId, Box<str>)>,
    /// What its content is.
    pub shape: Shape,
    /// How it is written.
    pub rules: Rules,
    /// Members of the JSON object, in the order they are documented.
    pub members: Vec<Member>,
    /// Attributes of the XML element.
    pub attributes: Vec<AttributeRule>,
    /// Children of the XML element, each name once.
    pub children: Vec<Child>,
    /// Child by name, for objects with many.
    pub child_index: HashMap<Box<str>, Vec<u16>>,
    /// The content model.
    pub content: Option<Particle>,
    /// Text content (simpleContent): its type and member.
    pub text: Option<(NodeId, u16)>,
    /// Mixed content: the member that holds the inner XML.
    pub mixed: Option<u16>,
    /// A wildcard: the member that holds what came through it.
    pub any: Option<u16>,
    /// What stands in mixed content where it may not be text alone: a type that no JSON has.
    pub inner: Option<NodeId>,
    /// What one round of each repeating group holds, by the group's member; its least number
    /// is that of rounds.
    pub rounds: Vec<(u16, Particle)>,
    /// Attributes that only a wildcard lets in: the member that holds them, and from which
    /// namespaces they may be.
    pub any_attribute: Option<(u16, NamespaceConstraint)>,
    /// What its wildcards let in.
    pub lets_in: Vec<LetIn>,
    /// Only this member is the JSON value: wrappers with one child collapse.
    pub unwrap: Option<u16>,
    /// Whether an unknown child is a wrong answer rather than a violation (body, wrapper).
    pub closed: bool,
    /// Whether its first child may have any name (SOAP 1.1, section 7.1: those of the answer
    /// and of its result mean nothing).
    pub positional: bool,
    /// For an array of SOAP encoding: what it holds.
    pub array: Option<Box<ArrayRule>>,
    /// Types that may stand in by `xsi:type`, this one included unless abstract. Empty
    /// where the type is not polymorphic.
    pub alternatives: Vec<Alternative>,
    /// The member that names the alternative.
    pub discriminator: Arc<str>,
    /// Whether only alternatives may appear.
    pub is_abstract: bool,
    /// Whether it is itself an alternative of another type.
    pub is_derived: bool,
    /// Member by name, for objects with many.
    pub member_index: HashMap<Arc<str>, u16>,
    /// Members that must be there, one bit each.
    pub required_bits: Vec<u64>,
    /// Members written as `[]`, or `null` where they do not repeat, when nothing came, one bit
    /// each.
    pub array_bits: Vec<u64>,
    /// Documentation.
    pub documentation: Option<Arc<str>>,
}

/// A type that may stand in for another.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// Its name in JSON.
    pub label: Arc<str>,
    /// Its expanded name.
    pub namespace: NsId,
    /// Its local name.
    pub local: Box<str>,
    /// The type.
    pub node: NodeId,
}

/// One member of a JSON object.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, any mix of them occurs"
)]
pub struct Member {
    /// Its name.
    pub name: Arc<str>,
    /// `"name":`, escaped, ready to be written.
    pub key: Box<[u8]>,
    /// What stands behind it.
    pub source: MemberSource,
    /// The type of its value (of an item where it repeats).
    pub node: NodeId,
    /// Whether it is always an array.
    pub repeats: bool,
    /// Least and greatest number of items of an array; greatest `None` is unbounded.
    pub occurs: (u32, Option<u32>),
    /// Whether `null` is a value.
    pub nillable: bool,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it stands under a choice or an optional group.
    pub conditional: bool,
    /// Not shown to the caller.
    pub dropped: bool,
    /// The value of an absent attribute or an empty element.
    pub default: Option<Arc<str>>,
    /// The only value.
    pub fixed: Option<Arc<str>>,
    /// Members of the other sides of a choice, one bit each; empty where there is none.
    pub excludes: Box<[u64]>,
    /// Documentation.
    pub documentation: Option<Arc<str>>,
}

/// What a member is in XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberSource {
    /// An attribute.
    Attribute,
    /// An element.
    Element,
    /// The text beside attributes, or the inner XML of mixed content.
    Text,
    /// What came through a wildcard.
    Any,
    /// Nothing in the XML: bytes that come beside the envelope.
    Attachment,
    /// A repeating group whose order matters: an array of one-key objects.
    Group,
    /// Attributes that only a wildcard lets in: an object of texts by name.
    AnyAttribute,
}

/// An attribute of an XML element.
#[derive(Debug, Clone)]
pub struct AttributeRule {
    /// Its namespace.
    pub namespace: NsId,
    /// Its local name.
    pub local: Box<str>,
    /// Its member.
    pub member: u16,
}

/// A child element.
#[derive(Debug, Clone)]
pub struct Child {
    /// Its namespace.
    pub namespace: NsId,
    /// Its local name.
    pub local: Box<str>,
    /// The type of its content.
    pub node: NodeId,
    /// Its member in the parent.
    pub member: u16,
    /// Whether `xsi:nil` is allowed.
    pub nillable: bool,
    /// The label in the member's value where several elements feed one member
    /// (substitution group), or its key in a group's one-key object.
    pub label: Option<Arc<str>>,
    /// The member that holds the label, where several elements feed one member.
    pub discriminator: Arc<str>,
    /// `"label":` ready to be written.
    pub key: Box<[u8]>,
    /// The value of an empty element.
    pub default: Option<Arc<str>>,
    /// Whether the declaration is abstract: never written.
    pub is_abstract: bool,
    /// Whether it is written with its `xsi:type`, always (SOAP encoding).
    pub typed: bool,
    /// `<prefix:local`, ready to be written.
    pub open: Box<[u8]>,
    /// `</prefix:local>`, ready to be written.
    pub close: Box<[u8]>,
}

impl Child {
    /// Whether both are elements of one name.
    #[must_use]
    pub fn is_named_as(&self, other: &Self) -> bool {
        self.namespace == other.namespace && self.local == other.local
    }
}

/// The `"key":` form of a name.
#[must_use]
pub fn json_key(name: &str) -> Box<[u8]> {
    let mut key = serde_json::to_vec(name).unwrap_or_default();
    key.push(b':');
    key.into_boxed_slice()
}
