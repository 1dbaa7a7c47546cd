//! Components every schema has without defining them: the built-in types of XSD, the
//! `xml:` attributes, and what SOAP encoding and `xmlmime` schemas would declare.

use crate::diagnostic::{FileId, Span};
use crate::xml::{QName, ns};

use super::authored::{
    AttributeItem, Authored, AuthoredAttribute, AuthoredAttributes, AuthoredComplex,
    AuthoredContent, AuthoredElement, AuthoredParticle, AuthoredSimple, AuthoredTerm, AuthoredType,
    Named, Presence, SimpleDerivation, TypeRef,
};
use super::model::{
    Builtin, Derivation, ElementId, Facets, NamespaceConstraint, Occurs, SimpleType, TypeId,
    Variety, Wildcard,
};

/// Where built-in components are: no file.
pub(super) const NOWHERE: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };
/// The id of `anyType`, which comes first.
pub(super) const ANY_TYPE: TypeId = TypeId(0);

const XMLMIME: [&str; 2] =
    ["http://www.w3.org/2005/05/xmlmime", "http://www.w3.org/2004/11/xmlmime"];

/// The namespace of the types that Apache's SOAP servers brought along.
const APACHE: &str = "http://xml.apache.org/xml-soap";

/// The id of a built-in simple type.
pub(super) fn builtin_id(builtin: Builtin) -> TypeId {
    let at = Builtin::ALL.iter().position(|b| *b == builtin).unwrap_or(0);
    TypeId(u32::try_from(at + 1).unwrap_or(0))
}

/// Whether a missing document of this namespace is no loss.
pub(super) fn is_builtin_namespace(namespace: &str) -> bool {
    [ns::XSD, ns::XML, ns::SOAPENC11, ns::SOAPENC12, ns::WSDL, ns::XSI, APACHE].contains(&namespace)
        || XMLMIME.contains(&namespace)
}

/// Whether what is built in of a namespace is only there for want of its schema.
pub(super) fn is_stand_in(namespace: &str) -> bool {
    namespace == APACHE
}

/// A fresh set that holds them all.
pub(super) fn authored() -> Authored {
    let mut set = Authored::default();
    name_type(&mut set, ns::XSD, "anyType", AuthoredType::AnyType);
    for builtin in Builtin::ALL {
        let name = QName::new(ns::XSD, builtin.name());
        let ty = AuthoredType::Builtin(Box::new(simple(*builtin, name)));
        name_type(&mut set, ns::XSD, builtin.name(), ty);
    }
    for (old, builtin) in OLD_NAMES {
        set.names.types.insert(QName::new(ns::XSD, *old), builtin_name(builtin_id(*builtin)));
    }
    set.names.types.insert(QName::new(ns::XSD, "ur-type"), builtin_name(ANY_TYPE));
    // .NET describes a DataSet by a reference to the schema of schemas.
    element(&mut set, ns::XSD, "schema", ANY_TYPE);
    add_attributes(&mut set);
    add_soap_encoding(&mut set, ns::SOAPENC11);
    add_soap_encoding(&mut set, ns::SOAPENC12);
    add_apache(&mut set);
    set.builtin_types = u32::try_from(set.types.len()).unwrap_or(u32::MAX);
    set
}

/// Names of the 1999 and 2000/10 drafts that have no type of their own any more.
const OLD_NAMES: &[(&str, Builtin)] = &[
    ("timeInstant", Builtin::DateTime),
    ("timeDuration", Builtin::Duration),
    ("uriReference", Builtin::AnyUri),
    ("uri", Builtin::AnyUri),
    ("binary", Builtin::Base64Binary),
    ("CDATA", Builtin::NormalizedString),
    ("number", Builtin::Decimal),
    ("recurringDate", Builtin::GMonthDay),
    ("recurringDay", Builtin::GDay),
    ("month", Builtin::GYearMonth),
    ("year", Builtin::GYear),
    ("dayTimeDuration", Builtin::Duration),
    ("yearMonthDuration", Builtin::Duration),
    ("dateTimeStamp", Builtin::DateTime),
    ("anyAtomicType", Builtin::AnySimpleType),
];

fn simple(builtin: Builtin, name: QName) -> SimpleType {
    let item = match builtin {
        Builtin::NmTokens => Some(Builtin::NmToken),
        Builtin::IdRefs => Some(Builtin::IdRef),
        Builtin::Entities => Some(Builtin::Entity),
        _ => None,
    };
    let facets = Facets { min_length: item.map(|_| 1), ..Facets::default() };
    let variety = item.map_or(Variety::Atomic(builtin), |item| Variety::List(builtin_id(item)));
    let base = base_of(builtin).map(builtin_id);
    SimpleType { name: Some(name), span: None, base, variety, facets, documentation: None }
}

fn base_of(builtin: Builtin) -> Option<Builtin> {
    use Builtin as B;
    Some(match builtin {
        B::AnySimpleType => return None,
        B::NormalizedString => B::String,
        B::Token => B::NormalizedString,
        B::Language | B::Name | B::NmToken => B::Token,
        B::NcName => B::Name,
        B::Id | B::IdRef | B::Entity => B::NcName,
        B::Integer => B::Decimal,
        B::NonPositiveInteger | B::Long | B::NonNegativeInteger => B::Integer,
        B::NegativeInteger => B::NonPositiveInteger,
        B::Int => B::Long,
        B::Short => B::Int,
        B::Byte => B::Short,
        B::PositiveInteger | B::UnsignedLong => B::NonNegativeInteger,
        B::UnsignedInt => B::UnsignedLong,
        B::UnsignedShort => B::UnsignedInt,
        B::UnsignedByte => B::UnsignedShort,
        _ => B::AnySimpleType,
    })
}

fn add_attributes(set: &mut Authored) {
    let mut special = AuthoredAttributes::default();
    for (local, ty) in [
        ("lang", language(set)),
        ("space", builtin_id(Builtin::NcName)),
        ("base", builtin_id(Builtin::AnyUri)),
        ("id", builtin_id(Builtin::Id)),
    ] {
        let attribute = attribute_of(set, ns::XML, local, ty);
        special.items.push(AttributeItem::Own(attribute));
    }
    let id = set.add_attribute_group(special);
    set.names.attribute_groups.insert(QName::new(ns::XML, "specialAttrs"), builtin_name(id));
    for namespace in XMLMIME {
        attribute(set, namespace, "contentType", Builtin::String);
        attribute(set, namespace, "expectedContentTypes", Builtin::String);
    }
    attribute(set, ns::WSDL, "arrayType", Builtin::String);
    attribute(set, ns::WSDL, "required", Builtin::Boolean);
}

/// A type without a name that restricts a built-in one.
fn restriction(builtin: Builtin, facets: Facets) -> AuthoredSimple {
    let base = TypeRef::Inline(builtin_id(builtin));
    let derivation = SimpleDerivation::Restriction { base, facets: Box::new(facets) };
    AuthoredSimple { name: None, span: NOWHERE, derivation, documentation: None }
}

/// A language, or nothing: "no language" inside something that has one (XML 1.0, section 2.12).
fn language(set: &mut Authored) -> TypeId {
    let facets = Facets { enumeration: vec!["".into()], ..Facets::default() };
    let nothing = restriction(Builtin::String, facets);
    let nothing = set.add_type(AuthoredType::Simple(nothing));
    let either = [builtin_id(Builtin::Language), nothing].map(TypeRef::Inline);
    set.add_type(AuthoredType::Simple(AuthoredSimple {
        name: None,
        span: NOWHERE,
        derivation: SimpleDerivation::Union(either.into()),
        documentation: None,
    }))
}

fn add_soap_encoding(set: &mut Authored, namespace: &str) {
    for builtin in Builtin::ALL {
        let name = QName::new(namespace, builtin.name());
        let alias = AuthoredSimple { name: Some(name), ..restriction(*builtin, Facets::default()) };
        let id = name_type(set, namespace, builtin.name(), AuthoredType::Simple(alias));
        element(set, namespace, builtin.name(), id);
    }
    let base64 = AuthoredSimple {
        name: Some(QName::new(namespace, "base64")),
        ..restriction(Builtin::Base64Binary, Facets::default())
    };
    name_type(set, namespace, "base64", AuthoredType::Simple(base64));
    for local in ["arrayType", "offset", "position", "itemType", "arraySize", "nodeType"] {
        attribute(set, namespace, local, Builtin::String);
    }
    attribute(set, namespace, "root", Builtin::Boolean);
    for group in ["commonAttributes", "arrayAttributes", "arrayMemberAttributes"] {
        let id = set.add_attribute_group(AuthoredAttributes {
            any: Some(anything()),
            ..AuthoredAttributes::default()
        });
        set.names.attribute_groups.insert(QName::new(namespace, group), builtin_name(id));
    }
    for local in ["Array", "Struct"] {
        let id = name_type(set, namespace, local, soap_compound(namespace, local));
        element(set, namespace, local, id);
        let id = set.add_group(super::authored::AuthoredGroup { particle: Some(any_particle()) });
        set.names.groups.insert(QName::new(namespace, local), builtin_name(id));
    }
}

/// What Axis and PHP send by themselves: their contracts use it and leave its schema out.
fn add_apache(set: &mut Authored) {
    let (key, value) = (local(set, "key", ANY_TYPE), local(set, "value", ANY_TYPE));
    let entry =
        name_type(set, APACHE, "mapItem", sequence("mapItem", vec![once(key), once(value)]));
    for (list, item) in [("Map", entry), ("Vector", ANY_TYPE)] {
        let item = once(local(set, "item", item));
        let items = AuthoredParticle { occurs: Occurs { min: 0, max: None }, ..item };
        name_type(set, APACHE, list, sequence(list, vec![items]));
    }
    for document in ["Element", "Document"] {
        let one = AuthoredParticle { occurs: Occurs::ONCE, ..any_particle() };
        name_type(set, APACHE, document, sequence(document, vec![one]));
    }
}

fn local(set: &mut Authored, name: &str, ty: TypeId) -> ElementId {
    let element = authored_element(QName::new("", name), ty);
    set.add_element(AuthoredElement { global: false, ..element })
}

fn once(element: ElementId) -> AuthoredParticle {
    AuthoredParticle { occurs: Occurs::ONCE, span: NOWHERE, term: AuthoredTerm::Element(element) }
}

fn sequence(local: &str, items: Vec<AuthoredParticle>) -> AuthoredType {
    let term = AuthoredTerm::Sequence(items);
    let particle = AuthoredParticle { occurs: Occurs::ONCE, span: NOWHERE, term };
    AuthoredType::Complex(Box::new(AuthoredComplex {
        name: Some(QName::new(APACHE, local)),
        span: NOWHERE,
        is_abstract: false,
        mixed: false,
        base: Some((TypeRef::Inline(ANY_TYPE), Derivation::Restriction)),
        content: AuthoredContent::Particles(Some(particle)),
        attributes: AuthoredAttributes::default(),
        documentation: None,
    }))
}

fn soap_compound(namespace: &str, local: &str) -> AuthoredType {
    AuthoredType::Complex(Box::new(AuthoredComplex {
        name: Some(QName::new(namespace, local)),
        span: NOWHERE,
        is_abstract: false,
        mixed: false,
        base: Some((TypeRef::Inline(ANY_TYPE), Derivation::Restriction)),
        content: AuthoredContent::Particles(Some(any_particle())),
        attributes: AuthoredAttributes { any: Some(anything()), ..AuthoredAttributes::default() },
        documentation: None,
    }))
}

fn anything() -> Wildcard {
    Wildcard { namespaces: NamespaceConstraint::Any, span: NOWHERE }
}

fn any_particle() -> AuthoredParticle {
    AuthoredParticle {
        occurs: Occurs { min: 0, max: None },
        span: NOWHERE,
        term: AuthoredTerm::Any(anything()),
    }
}

fn name_type(set: &mut Authored, namespace: &str, local: &str, ty: AuthoredType) -> TypeId {
    let id = set.add_type(ty);
    set.names.types.insert(QName::new(namespace, local), builtin_name(id));
    id
}

fn element(set: &mut Authored, namespace: &str, local: &str, ty: TypeId) {
    let name = QName::new(namespace, local);
    let id = set.add_element(authored_element(name.clone(), ty));
    set.names.elements.insert(name, builtin_name(id));
}

fn authored_element(name: QName, ty: TypeId) -> AuthoredElement {
    AuthoredElement {
        name,
        global: true,
        ty: Some(TypeRef::Inline(ty)),
        nillable: true,
        is_abstract: false,
        default: None,
        fixed: None,
        head: None,
        documentation: None,
        span: NOWHERE,
    }
}

fn attribute(
    set: &mut Authored,
    namespace: &str,
    local: &str,
    builtin: Builtin,
) -> AuthoredAttribute {
    attribute_of(set, namespace, local, builtin_id(builtin))
}

fn attribute_of(set: &mut Authored, namespace: &str, local: &str, ty: TypeId) -> AuthoredAttribute {
    let attribute = AuthoredAttribute {
        name: QName::new(namespace, local),
        ty: Some(TypeRef::Inline(ty)),
        presence: Presence::Optional,
        default: None,
        fixed: None,
        documentation: None,
        span: NOWHERE,
    };
    let named = builtin_name(attribute.clone());
    set.names.attributes.insert(attribute.name.clone(), named);
    attribute
}

fn builtin_name<T>(item: T) -> Named<T> {
    Named { item, span: None, fingerprint: 0 }
}
