//! How a value says which element or type it is: always one, always carried, nothing beside it.

use super::{decode, encode};

/// Both ways, without a violation.
#[track_caller]
fn check(schema: &str, json: &str, xml: &str) {
    assert_eq!(encode(schema, json).as_deref(), Ok(xml));
    assert_eq!(decode(schema, xml), (json.to_owned(), 0));
}

#[track_caller]
fn check_problem(schema: &str, json: &str, expected: &str) {
    assert_eq!(encode(schema, json), Err(expected.to_owned()), "{json}");
}

const HEADS: &str = r#"<x:element name="h" type="x:string"/><x:element name="i" type="x:int" substitutionGroup="o:h"/><x:element name="R"><x:complexType><x:sequence><x:element ref="o:h"/></x:sequence></x:complexType></x:element>"#;

#[test]
fn beside_a_substitute_and_its_value_nothing_may_stand() {
    check(HEADS, r#"{"h":{"type":"i","value":1}}"#, "<o:R><o:i>1</o:i></o:R>");
    check_problem(
        HEADS,
        r#"{"h":{"type":"i","value":1,"evil":2}}"#,
        "/h/evil is not a member here",
    );
    check_problem(HEADS, r#"{"h":{"type":"i"}}"#, "/h/value is required");
    assert!(encode(HEADS, r#"{"h":{"value":"a","evil":"b"}}"#).is_err());
}

#[test]
fn a_substitute_with_a_member_type_is_named_by_another_key() {
    let schema = r#"<x:element name="h" type="x:anyType" abstract="true"/><x:element name="i" substitutionGroup="o:h"><x:complexType><x:attribute name="type" type="x:string"/></x:complexType></x:element><x:element name="j" type="x:int" substitutionGroup="o:h"/><x:element name="R"><x:complexType><x:sequence><x:element ref="o:h" maxOccurs="2"/></x:sequence><x:attribute name="a" type="x:int"/></x:complexType></x:element>"#;
    check(
        schema,
        r#"{"h":[{"@type":"i","type":"simple"},{"@type":"j","value":7}]}"#,
        r#"<o:R><o:i type="simple"></o:i><o:j>7</o:j></o:R>"#,
    );
}

#[test]
fn a_substitute_of_any_type_and_one_that_is_an_array_stand_beside_their_label() {
    let schema = r#"<x:element name="h" type="x:anyType"/><x:element name="l" substitutionGroup="o:h"><x:complexType><x:sequence><x:element name="v" type="x:int" maxOccurs="unbounded"/></x:sequence></x:complexType></x:element><x:element name="R"><x:complexType><x:sequence><x:element ref="o:h"/><x:element name="z" type="x:int"/></x:sequence></x:complexType></x:element>"#;
    check(
        schema,
        r#"{"h":{"type":"l","value":[1,2]},"z":1}"#,
        "<o:R><o:l><o:v>1</o:v><o:v>2</o:v></o:l><o:z>1</o:z></o:R>",
    );
    let json = r#"{"h":{"type":"h","value":"a"},"z":1}"#;
    assert_eq!(decode(schema, "<o:R><o:h>a</o:h><o:z>1</o:z></o:R>"), (json.to_owned(), 0));
    let xml = encode(schema, json).unwrap();
    assert!(xml.contains(":string\">a</o:h>"), "{xml}");
}

#[test]
fn a_derived_type_that_is_an_array_or_a_text_says_its_name_where_it_stands_in() {
    let schema = r#"<x:complexType name="B" abstract="true"/><x:complexType name="L"><x:complexContent><x:extension base="o:B"><x:sequence><x:element name="v" type="x:int" maxOccurs="unbounded"/></x:sequence></x:extension></x:complexContent></x:complexType><x:complexType name="T" abstract="true"><x:simpleContent><x:extension base="x:string"/></x:simpleContent></x:complexType><x:complexType name="U"><x:simpleContent><x:restriction base="o:T"><x:enumeration value="u"/></x:restriction></x:simpleContent></x:complexType><x:element name="R"><x:complexType><x:sequence><x:element name="b" type="o:B"/><x:element name="l" type="o:L"/><x:element name="t" type="o:T"/></x:sequence></x:complexType></x:element>"#;
    check(
        schema,
        r#"{"b":{"type":"L","v":[1,2]},"l":[3],"t":{"type":"U","value":"u"}}"#,
        "<o:R><o:b xsi:type=\"o:L\"><o:v>1</o:v><o:v>2</o:v></o:b><o:l><o:v>3</o:v></o:l><o:t xsi:type=\"o:U\">u</o:t></o:R>",
    );
}

#[test]
fn a_type_that_nothing_stands_in_for_may_say_its_own_name_alone() {
    let schema = r#"<x:complexType name="A"><x:sequence><x:element name="a" type="x:int"/></x:sequence></x:complexType><x:complexType name="B"><x:complexContent><x:extension base="o:A"/></x:complexContent></x:complexType><x:element name="R"><x:complexType><x:sequence><x:element name="b" type="o:B"/><x:element name="a" type="o:A" minOccurs="0"/></x:sequence></x:complexType></x:element>"#;
    let xml = "<o:R><o:b><o:a>1</o:a></o:b></o:R>";
    assert_eq!(encode(schema, r#"{"b":{"type":"B","a":1}}"#).as_deref(), Ok(xml));
    check_problem(schema, r#"{"b":{"type":"A","a":1}}"#, "/b/type must be B");
}

#[test]
fn elements_of_one_local_name_in_a_repeating_choice_have_keys_of_their_own() {
    let schema = r#"<x:element name="e" type="x:int"/><x:element name="E" type="x:string"/><x:element name="R"><x:complexType><x:choice maxOccurs="unbounded"><x:element ref="o:e"/><x:element ref="o:E"/></x:choice></x:complexType></x:element>"#;
    check(schema, r#"{"choice":[{"o.E":"a"},{"o.e":1}]}"#, "<o:R><o:E>a</o:E><o:e>1</o:e></o:R>");
}

#[test]
fn the_length_of_a_list_is_that_of_its_items() {
    let schema = r#"<x:simpleType name="L"><x:restriction><x:simpleType><x:list itemType="x:string"/></x:simpleType><x:length value="2"/></x:restriction></x:simpleType><x:element name="R" type="o:L"/>"#;
    assert_eq!(encode(schema, r#"["long","words"]"#).as_deref(), Ok("<o:R>long words</o:R>"));
    check_problem(schema, r#"["ab"]"#, " must have 2 items, has 1");
}
