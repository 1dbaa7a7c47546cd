use std::fmt::Write as _;
use std::sync::Arc;

use super::*;
use crate::diagnostic::{Code, FileId, Report};
use crate::xml::{Document, QName};

/// Resolves schemas written inside `<x:schema xmlns:x xmlns:t="urn:t">`.
fn schema(inside: &str) -> (SchemaSet, Report) {
    schemas(&[(r#"targetNamespace="urn:t" elementFormDefault="qualified""#, inside, "urn:t")])
}

fn schemas(parts: &[(&str, &str, &str)]) -> (SchemaSet, Report) {
    let mut builder = SchemaBuilder::default();
    let mut redefines = Vec::new();
    let documents: Vec<Document> = parts
        .iter()
        .map(|(attributes, inside, _)| {
            let text = format!(
                "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' \
                 xmlns:e='http://schemas.xmlsoap.org/soap/encoding/' \
                 xmlns:w='http://schemas.xmlsoap.org/wsdl/' {attributes}>{inside}</x:schema>"
            );
            Document::parse(FileId(0), text.into()).unwrap()
        })
        .collect();
    for (document, (_, _, target)) in documents.iter().zip(parts) {
        let target: Arc<str> = (*target).into();
        builder.add(document.root(), &target);
        for link in links(document.root()) {
            if link.kind == LinkKind::Redefine {
                redefines.push((link.node, Arc::clone(&target)));
            }
        }
    }
    for (node, target) in redefines {
        builder.redefine(node, &target);
    }
    builder.finish()
}

fn named<'s>(set: &'s SchemaSet, local: &str) -> &'s TypeDefinition {
    set.ty(set.type_by_name[&QName::new("urn:t", local)])
}

/// A type in a line: content, then attributes.
fn line(set: &SchemaSet, ty: &TypeDefinition) -> String {
    let mut out = String::new();
    match ty {
        TypeDefinition::Missing { name, .. } => write!(out, "missing {}", name.local).unwrap(),
        TypeDefinition::Simple(simple) => out.push_str(&simple_line(set, simple)),
        TypeDefinition::Complex(complex) => {
            if complex.mixed {
                out.push_str("mixed ");
            }
            match &complex.content {
                Content::Empty => out.push_str("empty"),
                Content::Simple(id) => out.push_str(&line(set, set.ty(*id))),
                Content::Particles(particle) => particle_line(set, particle, &mut out),
            }
            for attribute in &complex.attributes {
                let mark = if attribute.required { "!" } else { "" };
                write!(out, " @{}{mark}", attribute.name.local).unwrap();
            }
            if complex.any_attribute.is_some() {
                out.push_str(" @*");
            }
        }
    }
    out
}

fn simple_line(set: &SchemaSet, simple: &SimpleType) -> String {
    match &simple.variety {
        Variety::Atomic(builtin) => builtin.name().to_owned(),
        Variety::List(item) => format!("list({})", line(set, set.ty(*item))),
        Variety::Union(members) => {
            let members: Vec<String> = members.iter().map(|m| line(set, set.ty(*m))).collect();
            format!("union({})", members.join("|"))
        }
    }
}

fn particle_line(set: &SchemaSet, particle: &Particle, out: &mut String) {
    let list = |items: &[Particle], between: &str, out: &mut String| {
        out.push('(');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push_str(between);
            }
            particle_line(set, item, out);
        }
        out.push(')');
    };
    match &particle.term {
        Term::Element(id) => out.push_str(&set.element(*id).name.local),
        Term::Any(_) => out.push('*'),
        Term::Sequence(items) => list(items, ",", out),
        Term::Choice(items) => list(items, "|", out),
        Term::All(items) => list(items, "&", out),
    }
    if particle.occurs != Occurs::ONCE {
        let max = particle.occurs.max.map_or("n".to_owned(), |max| max.to_string());
        write!(out, "{{{},{max}}}", particle.occurs.min).unwrap();
    }
}

fn check(inside: &str, ty: &str, expected: &str) {
    let (set, report) = schema(inside);
    assert!(report.is_empty(), "{inside}: {report:?}");
    assert_eq!(line(&set, named(&set, ty)), expected, "{inside}");
}

fn check_told(inside: &str, code: Code, part: &str) -> SchemaSet {
    let (set, report) = schema(inside);
    let told = report.sorted();
    assert!(
        told.iter().any(|d| d.code == code && d.message.contains(part) && d.help.is_some()),
        "{inside}: {told:?}"
    );
    set
}

#[test]
fn an_extension_has_its_bases_content_and_attributes_first() {
    let types = "<x:complexType name='A'><x:sequence><x:element name='a'/></x:sequence><x:attribute name='k' use='required'/></x:complexType>
        <x:complexType name='B'><x:complexContent><x:extension base='t:A'><x:choice><x:element name='b'/><x:element name='c'/></x:choice><x:attribute name='l'/></x:extension></x:complexContent></x:complexType>
        <x:complexType name='C'><x:complexContent><x:extension base='t:B'/></x:complexContent></x:complexType>
        <x:complexType name='D'><x:complexContent><x:restriction base='t:B'><x:sequence><x:element name='a'/></x:sequence><x:attribute name='k' use='prohibited'/></x:restriction></x:complexContent></x:complexType>";
    check(types, "B", "(a,(b|c)) @k! @l");
    check(types, "C", "(a,(b|c)) @k! @l");
    check(types, "D", "(a) @l");
    let (set, _) = schema(types);
    let id = |local: &str| set.type_by_name[&QName::new("urn:t", local)];
    assert_eq!(set.derived[&id("A")], [id("B"), id("C"), id("D")]);
}

#[test]
fn groups_are_expanded_with_their_occurrence() {
    check(
        "<x:group name='G'><x:sequence><x:element name='a'/><x:group ref='t:H' minOccurs='0'/></x:sequence></x:group>
         <x:group name='H'><x:choice maxOccurs='2'><x:element name='b'/><x:any/></x:choice></x:group>
         <x:attributeGroup name='M'><x:attribute name='k'/><x:anyAttribute/></x:attributeGroup>
         <x:complexType name='T'><x:group ref='t:G' maxOccurs='unbounded'/><x:attributeGroup ref='t:M'/></x:complexType>",
        "T",
        "(a,((b|*){1,2}){0,1}){1,n} @k @*",
    );
    check(
        "<x:complexType name='T' mixed='1'><x:all><x:element name='a' minOccurs='0'/><x:element name='b' maxOccurs='0' minOccurs='0'/></x:all></x:complexType>",
        "T",
        "mixed (a{0,1})",
    );
}

#[test]
fn simple_types_keep_the_facets_in_force() {
    let types = "<x:simpleType name='A'><x:restriction base='x:string'><x:pattern value='a'/><x:pattern value='b'/><x:maxLength value='9'/></x:restriction></x:simpleType>
        <x:simpleType name='B'><x:restriction base='t:A'><x:pattern value='c'/><x:maxLength value='3'/><x:enumeration value=' x '/></x:restriction></x:simpleType>
        <x:simpleType name='L'><x:list itemType='t:B'/></x:simpleType>
        <x:simpleType name='U'><x:union memberTypes='t:L x:int'><x:simpleType><x:restriction base='x:date'/></x:simpleType></x:union></x:simpleType>
        <x:complexType name='S'><x:simpleContent><x:extension base='t:U'><x:attribute name='k'/></x:extension></x:simpleContent></x:complexType>
        <x:complexType name='R'><x:simpleContent><x:restriction base='t:Q'><x:maxInclusive value='5'/></x:restriction></x:simpleContent></x:complexType>
        <x:complexType name='Q'><x:simpleContent><x:extension base='x:int'><x:attribute name='q'/></x:extension></x:simpleContent></x:complexType>";
    check(types, "U", "union(list(string)|int|date)");
    check(types, "S", "union(list(string)|int|date) @k");
    check(types, "R", "int @q");
    let (set, _) = schema(types);
    let TypeDefinition::Simple(b) = named(&set, "B") else { panic!() };
    assert_eq!(b.facets.patterns.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((b.facets.max_length, &*b.facets.enumeration[0]), (Some(3), " x "));
    let TypeDefinition::Complex(r) = named(&set, "R") else { panic!() };
    let Content::Simple(id) = r.content else { panic!() };
    let TypeDefinition::Simple(r) = set.ty(id) else { panic!() };
    assert_eq!(r.facets.max_inclusive.as_deref(), Some("5"));
}

#[test]
fn elements_have_their_forms_types_and_stand_ins() {
    let (set, report) = schema(
        "<x:element name='h' type='x:int' abstract='true'/>
         <x:element name='m' substitutionGroup='t:h' nillable='true'/>
         <x:element name='n' substitutionGroup='t:m' type='x:short'/>
         <x:complexType name='T'><x:sequence><x:element ref='t:h'/><x:element name='q'/><x:element name='u' form='unqualified' default='1'/></x:sequence>
           <x:attribute name='a'/><x:attribute name='b' form='qualified'/><x:attribute ref='xml:lang'/></x:complexType>",
    );
    assert!(report.is_empty(), "{report:?}");
    let id = |local: &str| set.element_by_name[&QName::new("urn:t", local)];
    assert_eq!(set.substitutes[&id("h")], [id("m"), id("n")]);
    assert_eq!(set.substitutes[&id("m")], [id("n")]);
    assert_eq!(line(&set, set.ty(set.element(id("m")).ty)), "int");
    let names: Vec<String> = set.elements.iter().map(|e| e.name.to_string()).collect();
    assert!(names.contains(&"{urn:t}q".to_owned()) && names.contains(&"u".to_owned()));
    let TypeDefinition::Complex(t) = named(&set, "T") else { panic!() };
    let names: Vec<String> = t.attributes.iter().map(|a| a.name.to_string()).collect();
    assert_eq!(names, ["a", "{urn:t}b", "{http://www.w3.org/XML/1998/namespace}lang"]);
}

#[test]
fn a_soap_array_keeps_its_item_type() {
    let (set, report) = schema(
        "<x:complexType name='T'><x:complexContent><x:restriction base='e:Array'><x:attribute ref='e:arrayType' w:arrayType='x:int[,]'/></x:restriction></x:complexContent></x:complexType>
         <x:element name='s' type='e:string'/>",
    );
    assert!(report.is_empty(), "{report:?}");
    let TypeDefinition::Complex(t) = named(&set, "T") else { panic!() };
    let (name, dimensions) = t.array_type.as_ref().unwrap();
    assert_eq!((&*name.local, &**dimensions), ("int", "[,]"));
}

#[test]
fn a_chameleon_takes_its_includers_namespace() {
    let inside = "<x:complexType name='T'><x:sequence><x:element name='a' type='U'/></x:sequence></x:complexType><x:simpleType name='U'><x:restriction base='x:int'/></x:simpleType>";
    let (set, report) = schemas(&[("", inside, "urn:t"), ("", inside, "urn:other")]);
    assert!(report.is_empty(), "{report:?}");
    assert_eq!(line(&set, named(&set, "T")), "(a)");
    assert!(set.type_by_name.contains_key(&QName::new("urn:other", "U")));
}

#[test]
fn a_redefinition_builds_on_what_it_redefines() {
    let base = "<x:complexType name='A'><x:sequence><x:element name='a'/></x:sequence></x:complexType>
        <x:complexType name='B'><x:complexContent><x:extension base='t:A'><x:sequence><x:element name='b'/></x:sequence></x:extension></x:complexContent></x:complexType>
        <x:group name='G'><x:sequence><x:element name='g'/></x:sequence></x:group>
        <x:complexType name='H'><x:group ref='t:G'/></x:complexType>";
    let redefine = "<x:redefine schemaLocation='b.xsd'><x:complexType name='A'><x:complexContent><x:extension base='t:A'><x:sequence><x:element name='more'/></x:sequence></x:extension></x:complexContent></x:complexType>
        <x:group name='G'><x:choice><x:group ref='t:G'/><x:element name='other'/></x:choice></x:group></x:redefine>";
    let target = "targetNamespace='urn:t'";
    let (set, report) = schemas(&[(target, base, "urn:t"), (target, redefine, "urn:t")]);
    assert!(report.is_empty(), "{report:?}");
    assert_eq!(line(&set, named(&set, "A")), "(a,more)");
    assert_eq!(line(&set, named(&set, "B")), "(a,more,b)");
    assert_eq!(line(&set, named(&set, "H")), "((g)|other)");
}

#[test]
fn missing_names_are_told_once_with_a_hint() {
    let set = check_told(
        "<x:complexType name='Order'><x:sequence><x:element name='a' type='t:Ordr'/><x:element name='b' type='t:Ordr'/><x:element ref='t:gone'/></x:sequence></x:complexType>",
        Code::ContractReferenceMissing,
        "`Ordr`",
    );
    assert_eq!(line(&set, named(&set, "Order")), "(a,b,gone)");
    let part = |text: &str| check_told(text, Code::ContractReferenceMissing, "");
    part("<x:complexType name='T'><x:group ref='t:G'/></x:complexType>");
    part("<x:complexType name='T'><x:attribute ref='t:G'/></x:complexType>");
    part("<x:complexType name='T'><x:attributeGroup ref='t:G'/></x:complexType>");
    part("<x:element name='T' type='z:T'/>");
    let extends = "<x:complexType name='T'><x:complexContent><x:extension base='t:Gone'/></x:complexContent></x:complexType>";
    let set = part(extends);
    assert_eq!(line(&set, named(&set, "T")), "missing Gone");
}

#[test]
fn circles_are_told_and_cut() {
    let told = |text: &str| check_told(text, Code::ContractSchemaInvalid, "itself");
    told("<x:complexType name='A'><x:complexContent><x:extension base='t:B'/></x:complexContent></x:complexType>
          <x:complexType name='B'><x:complexContent><x:extension base='t:A'/></x:complexContent></x:complexType>");
    told("<x:simpleType name='A'><x:restriction base='t:A'/></x:simpleType>");
    told(
        "<x:group name='G'><x:sequence><x:group ref='t:G'/></x:sequence></x:group><x:complexType name='T'><x:group ref='t:G'/></x:complexType>",
    );
    told(
        "<x:attributeGroup name='G'><x:attributeGroup ref='t:G'/></x:attributeGroup><x:complexType name='T'><x:attributeGroup ref='t:G'/></x:complexType>",
    );
    let (_, report) = schema(
        "<x:element name='a' substitutionGroup='t:b'/><x:element name='b' substitutionGroup='t:a'/>",
    );
    assert!(report.is_empty());
}

#[test]
fn a_forgotten_prefix_is_forgiven_and_told() {
    let text = "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:t'><x:element name='e' type='T'/><x:simpleType name='T'><x:restriction base='int'/></x:simpleType></x:schema>";
    let document = Document::parse(FileId(0), text.into()).unwrap();
    let mut builder = SchemaBuilder::default();
    builder.add(document.root(), &"urn:t".into());
    let (set, report) = builder.finish();
    assert_eq!(report.sorted().len(), 1, "{report:?}");
    let element = set.element(set.element_by_name[&QName::new("urn:t", "e")]);
    assert_eq!(line(&set, set.ty(element.ty)), "int");
}

#[test]
fn ten_thousand_types_in_a_chain_end_in_a_diagnostic() {
    let mut references = String::new();
    let mut extensions = String::new();
    for at in 0..10_000 {
        write!(references, "<x:complexType name='T{at}'><x:sequence><x:element name='e' type='t:T{}'/></x:sequence></x:complexType>", (at + 1) % 10_000).unwrap();
        write!(extensions, "<x:complexType name='T{at}'><x:complexContent><x:extension base='t:T{}'><x:sequence><x:element name='e{at}'/></x:sequence></x:extension></x:complexContent></x:complexType>", at + 1).unwrap();
    }
    check(&references, "T7", "(e)");
    extensions.push_str("<x:complexType name='T10000'/>");
    check_told(&extensions, Code::ContractLimit, "derivation");
}

#[test]
fn groups_that_multiply_end_in_a_diagnostic() {
    let mut groups =
        "<x:group name='G0'><x:sequence><x:element name='e'/></x:sequence></x:group>".to_owned();
    for at in 1..40 {
        let inner = format!("<x:group ref='t:G{}'/>", at - 1).repeat(4);
        write!(groups, "<x:group name='G{at}'><x:sequence>{inner}</x:sequence></x:group>").unwrap();
    }
    groups.push_str("<x:complexType name='T'><x:group ref='t:G39'/></x:complexType>");
    check_told(&groups, Code::ContractLimit, "particles");
}

#[test]
fn deep_models_stay_within_the_stack() {
    let nested =
        |open: &str, close: &str, times| format!("{}{}", open.repeat(times), close.repeat(times));
    let sequences = nested("<x:sequence><x:element name='e'/>", "</x:sequence>", 250);
    check_told(
        &format!("<x:complexType name='T'>{sequences}</x:complexType>"),
        Code::ContractLimit,
        "groups",
    );
    let types = nested(
        "<x:element name='e'><x:complexType><x:sequence>",
        "</x:sequence></x:complexType></x:element>",
        84,
    );
    let (set, report) = schema(&types);
    assert!(report.is_empty() && set.elements.len() >= 84, "{report:?}");
}
