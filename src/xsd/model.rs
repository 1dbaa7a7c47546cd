//! Resolved schema components (XML Schema Part 1, section 2.2), in arenas by id.
//!
//! Everything here is *effective*: group references are expanded, attribute groups are
//! flattened, a type derived by extension holds its base's content before its own, and
//! facets hold what is left after every derivation step. What could not be resolved is
//! [`TypeDefinition::Missing`], so that only operations that reach it are refused.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::Span;
use crate::xml::QName;

/// Index into [`SchemaSet::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

/// Index into [`SchemaSet::elements`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ElementId(pub u32);

/// All components of all schemas of one contract.
#[derive(Debug, Default)]
pub struct SchemaSet {
    /// Every type: built-in, named and anonymous.
    pub types: Vec<TypeDefinition>,
    /// Every element declaration, global and local.
    pub elements: Vec<ElementDeclaration>,
    /// Named types by expanded name, built-in types included.
    pub type_by_name: HashMap<QName, TypeId>,
    /// Global elements by expanded name.
    pub element_by_name: HashMap<QName, ElementId>,
    /// Global attributes by expanded name (for `anyAttribute` and `wsdl:arrayType`).
    pub attribute_by_name: HashMap<QName, AttributeUse>,
    /// Head element → every element that may stand in for it, transitively, the head not
    /// included (section 2.2.2.2). Members that are abstract are not included.
    pub substitutes: HashMap<ElementId, Vec<ElementId>>,
    /// Type → every named type derived from it, transitively, in document order.
    pub derived: HashMap<TypeId, Vec<TypeId>>,
}

impl SchemaSet {
    /// A type by id. Ids come from this set, so the index is always there.
    #[must_use]
    pub fn ty(&self, id: TypeId) -> &TypeDefinition {
        &self.types[id.0 as usize]
    }

    /// An element declaration by id.
    #[must_use]
    pub fn element(&self, id: ElementId) -> &ElementDeclaration {
        &self.elements[id.0 as usize]
    }
}

/// A type definition component.
#[derive(Debug, Clone)]
pub enum TypeDefinition {
    /// A simple type.
    Simple(SimpleType),
    /// A complex type.
    Complex(ComplexType),
    /// A type that is named and nowhere defined; the diagnostic was reported.
    Missing {
        /// The name that was looked for.
        name: QName,
        /// Where it is used.
        span: Span,
    },
}

impl TypeDefinition {
    /// Whether a schema defines it, rather than XSD itself.
    #[must_use]
    pub fn is_authored(&self) -> bool {
        match self {
            Self::Simple(simple) => simple.span.is_some(),
            Self::Complex(complex) => complex.span.is_some(),
            Self::Missing { .. } => false,
        }
    }
}

/// A simple type definition (Part 2, section 4.1).
#[derive(Debug, Clone)]
pub struct SimpleType {
    /// The expanded name; `None` for an anonymous type.
    pub name: Option<QName>,
    /// Where it is defined; `None` for built-in types.
    pub span: Option<Span>,
    /// The base type; `None` for `anySimpleType`.
    pub base: Option<TypeId>,
    /// Atomic, list or union.
    pub variety: Variety,
    /// The facets in force after all restriction steps.
    pub facets: Facets,
    /// The text of its `xs:documentation`, trimmed.
    pub documentation: Option<Arc<str>>,
}

/// What a simple type's values are made of.
#[derive(Debug, Clone)]
pub enum Variety {
    /// One value of a built-in type.
    Atomic(Builtin),
    /// Values separated by white space.
    List(TypeId),
    /// The first of these that accepts the text.
    Union(Vec<TypeId>),
}

/// Constraining facets in force (Part 2, section 4.3).
#[derive(Debug, Clone, Default)]
pub struct Facets {
    /// Allowed values, as written. Empty: any.
    pub enumeration: Vec<Arc<str>>,
    /// Patterns as written; the inner list are alternatives of one step, all steps must match.
    pub patterns: Vec<Vec<Arc<str>>>,
    /// Exact length in the type's unit.
    pub length: Option<u64>,
    /// Least length.
    pub min_length: Option<u64>,
    /// Greatest length.
    pub max_length: Option<u64>,
    /// Lower bound, as written.
    pub min_inclusive: Option<Arc<str>>,
    /// Lower bound, excluded, as written.
    pub min_exclusive: Option<Arc<str>>,
    /// Upper bound, as written.
    pub max_inclusive: Option<Arc<str>>,
    /// Upper bound, excluded, as written.
    pub max_exclusive: Option<Arc<str>>,
    /// Greatest number of digits.
    pub total_digits: Option<u64>,
    /// Greatest number of digits after the point.
    pub fraction_digits: Option<u64>,
    /// An explicit whiteSpace facet.
    pub white_space: Option<WhiteSpace>,
}

/// The whiteSpace facet (Part 2, section 4.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhiteSpace {
    /// Text is kept as it is.
    Preserve,
    /// Tabs and line ends become spaces.
    Replace,
    /// Runs of white space become one space, ends are trimmed.
    Collapse,
}

macro_rules! builtins {
    ($($variant:ident = $name:literal,)*) => {
        /// The built-in simple types (Part 2, section 3), and `anyType`'s simple half.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Builtin { $(#[doc = concat!("`xs:", $name, "`")] $variant,)* }

        impl Builtin {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The local name in the XSD namespace.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

builtins! {
    AnySimpleType = "anySimpleType",
    String = "string", NormalizedString = "normalizedString", Token = "token",
    Language = "language", Name = "Name", NcName = "NCName", NmToken = "NMTOKEN",
    NmTokens = "NMTOKENS", Id = "ID", IdRef = "IDREF", IdRefs = "IDREFS",
    Entity = "ENTITY", Entities = "ENTITIES",
    Boolean = "boolean", Decimal = "decimal", Float = "float", Double = "double",
    Integer = "integer", NonPositiveInteger = "nonPositiveInteger",
    NegativeInteger = "negativeInteger", NonNegativeInteger = "nonNegativeInteger",
    PositiveInteger = "positiveInteger", Long = "long", Int = "int", Short = "short",
    Byte = "byte", UnsignedLong = "unsignedLong", UnsignedInt = "unsignedInt",
    UnsignedShort = "unsignedShort", UnsignedByte = "unsignedByte",
    Duration = "duration", DateTime = "dateTime", Time = "time", Date = "date",
    GYearMonth = "gYearMonth", GYear = "gYear", GMonthDay = "gMonthDay", GDay = "gDay",
    GMonth = "gMonth",
    HexBinary = "hexBinary", Base64Binary = "base64Binary", AnyUri = "anyURI",
    QName = "QName", Notation = "NOTATION",
}

/// A complex type definition (Part 1, section 3.4).
#[derive(Debug, Clone)]
pub struct ComplexType {
    /// The expanded name; `None` for an anonymous type.
    pub name: Option<QName>,
    /// Where it is defined; `None` for `anyType`.
    pub span: Option<Span>,
    /// The base type and how it was derived; `None` for `anyType` itself. A complex type
    /// with no explicit derivation restricts `anyType`.
    pub base: Option<(TypeId, Derivation)>,
    /// Whether only derived types may appear.
    pub is_abstract: bool,
    /// Whether text may stand between the children.
    pub mixed: bool,
    /// What is inside, base content included.
    pub content: Content,
    /// Attributes in force, base attributes first; prohibited ones are gone.
    pub attributes: Vec<AttributeUse>,
    /// The attribute wildcard in force.
    pub any_attribute: Option<Wildcard>,
    /// For a restriction of `soapenc:Array`: the `wsdl:arrayType`, as expanded item type
    /// name and dimensions as written (`[,]`, `[3]`).
    pub array_type: Option<(QName, Arc<str>)>,
    /// The text of its `xs:documentation`, trimmed.
    pub documentation: Option<Arc<str>>,
}

/// How a type came from its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// Base content, then more.
    Extension,
    /// Less than the base.
    Restriction,
}

/// The content of a complex type.
#[derive(Debug, Clone)]
pub enum Content {
    /// No children and no text.
    Empty,
    /// Text of a simple type.
    Simple(TypeId),
    /// Children.
    Particles(Particle),
}

/// A particle: a term and how often (Part 1, section 3.9).
#[derive(Debug, Clone)]
pub struct Particle {
    /// How often the term may come.
    pub occurs: Occurs,
    /// What may come.
    pub term: Term,
    /// Where it is written.
    pub span: Span,
}

/// minOccurs and maxOccurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurs {
    /// Least number of times.
    pub min: u32,
    /// Greatest number of times; `None` is unbounded.
    pub max: Option<u32>,
}

impl Occurs {
    /// Exactly once.
    pub const ONCE: Self = Self { min: 1, max: Some(1) };

    /// Whether it may come more than once.
    #[must_use]
    pub fn repeats(self) -> bool {
        self.max.is_none_or(|max| max > 1)
    }
}

/// The term of a particle.
#[derive(Debug, Clone)]
pub enum Term {
    /// An element, by declaration (a `ref` has the id of the global declaration).
    Element(ElementId),
    /// All of these, in order.
    Sequence(Vec<Particle>),
    /// One of these.
    Choice(Vec<Particle>),
    /// All of these, in any order.
    All(Vec<Particle>),
    /// Any element the wildcard lets in.
    Any(Wildcard),
}

/// A wildcard (Part 1, section 3.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wildcard {
    /// Which namespaces are let in.
    pub namespaces: NamespaceConstraint,
    /// Where it is written.
    pub span: Span,
}

/// The namespace constraint of a wildcard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamespaceConstraint {
    /// `##any`
    Any,
    /// `##other`: any but this one, and not none.
    Other(Arc<str>),
    /// One of these; `""` is no namespace.
    List(Vec<Arc<str>>),
}

impl NamespaceConstraint {
    /// Whether a name in this namespace is let in; `""` is no namespace (Part 1, section 3.10.4).
    #[must_use]
    pub fn lets_in(&self, uri: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Other(own) => !uri.is_empty() && *uri != **own,
            Self::List(all) => all.iter().any(|one| **one == *uri),
        }
    }
}

/// An element declaration (Part 1, section 3.3).
#[derive(Debug, Clone)]
pub struct ElementDeclaration {
    /// The name as it appears in messages: an unqualified local element has no namespace.
    pub name: QName,
    /// Whether it was declared at the top of a schema.
    pub global: bool,
    /// Its type.
    pub ty: TypeId,
    /// Whether `xsi:nil` is allowed.
    pub nillable: bool,
    /// Whether only a substitute may appear.
    pub is_abstract: bool,
    /// The value of an empty element.
    pub default: Option<Arc<str>>,
    /// The only value.
    pub fixed: Option<Arc<str>>,
    /// The head of its substitution group.
    pub substitution_head: Option<ElementId>,
    /// The text of its `xs:documentation`, trimmed.
    pub documentation: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// An attribute as a type uses it (Part 1, section 3.5).
#[derive(Debug, Clone)]
pub struct AttributeUse {
    /// The name as it appears in messages.
    pub name: QName,
    /// Its simple type (or a [`TypeDefinition::Missing`]).
    pub ty: TypeId,
    /// Whether it must be there.
    pub required: bool,
    /// The value where it is absent.
    pub default: Option<Arc<str>>,
    /// The only value.
    pub fixed: Option<Arc<str>>,
    /// The text of its `xs:documentation`, trimmed.
    pub documentation: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}
