use proptest::prelude::*;

use super::*;
use crate::diagnostic::Code;
use crate::xml::limits::{CONTRACT_ENTITIES_MAX, CONTRACT_EXPANSION_BYTES_MAX};

fn parse(text: &str) -> Result<Document, Box<Diagnostic>> {
    Document::parse(FileId(0), text.into())
}

fn check_refused(text: &str, code: Code, part: &str) {
    let diagnostic = parse(text).err().unwrap_or_else(|| panic!("{text} was taken"));
    assert_eq!(diagnostic.code, code, "{text}: {diagnostic:?}");
    assert!(diagnostic.message.contains(part), "{text}: {}", diagnostic.message);
    assert!(diagnostic.help.is_some() && diagnostic.span.is_some(), "{text}");
}

#[test]
fn names_attributes_text_and_places_are_kept() {
    let text = "<?xml version='1.0'?>\n<a:r xmlns:a='urn:a' k=\"x &amp; y\"><b>one <![CDATA[<two>]]></b></a:r>";
    let document = parse(text).unwrap();
    let root = document.root();
    assert!(root.is("urn:a", "r"));
    let k = root.attribute("k").unwrap();
    assert_eq!(&*k.value, "x & y");
    assert_eq!(&text[k.value_span.start as usize..k.value_span.end as usize], "x &amp; y");
    assert_eq!(&text[k.span.start as usize..k.span.end as usize], "k=\"x &amp; y\"");
    let b = root.child("", "b").unwrap();
    assert_eq!(b.text(), "one <two>");
    assert_eq!(b.resolve_qname("a:t"), Ok(QName::new("urn:a", "t")));
    assert_eq!(b.resolve_qname("z:t"), Err(PrefixUnknown("z".to_owned())));
    assert_eq!(b.parent().unwrap().index(), 0);
}

#[test]
fn what_is_not_one_whole_document_is_refused() {
    let check = |text, part| check_refused(text, Code::ContractNotXml, part);
    check("", "no root");
    check("   \n", "no root");
    check("hello", "text outside");
    check("{\"a\":1}", "text outside");
    check("<a>", "never closed");
    check("<a><b></a>", "");
    check("<a/><b/>", "second root");
    check("<a/>x", "text outside");
    check("\n<?xml version='1.0'?><a/>", "not at the start");
    check("<a b='<'/>", "`<`");
    check("<a b='1' b='2'/>", "twice");
    check("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "twice");
    check("<p:a/>", "`p`");
    check("<a>&nope;</a>", "nope");
    check("<a>\u{1}</a>", "U+0001");
    check("<a>&#1;</a>", "#1");
    check("<1a/>", "not a name");
    check("<a b=1/>", "");
}

#[test]
fn an_html_page_is_called_one() {
    for text in ["<!DOCTYPE html><html><body><br></body></html>", "<html><p>no</html>"] {
        let diagnostic = parse(text).err().unwrap();
        assert_eq!(diagnostic.code, Code::ContractNotXml);
        assert!(diagnostic.help.unwrap().contains("HTML page"), "{text}");
    }
}

#[test]
fn a_doctype_is_passed_over_only_where_it_is_harmless() {
    let check = |text: &str| assert!(parse(text).is_ok(), "{text}: {:?}", parse(text).err());
    check("<!DOCTYPE a><a/>");
    check("<!DOCTYPE a PUBLIC '-//W3C//DTD' 'XMLSchema.dtd' [<!ATTLIST a id ID #IMPLIED>]><a/>");
    check("<!DOCTYPE a [<!-- ]> --> <!ENTITY % p ''>]><a/>");
    let document = parse("<!DOCTYPE a [<!ENTITY u 'urn:u'>]><a b='&u;#1'/>").unwrap();
    assert_eq!(document.root().value("b"), Some("urn:u#1"));

    let refused = |text| check_refused(text, Code::ContractDtd, "");
    refused("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>");
    refused("<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://x'> %x;]><a/>");
    refused("<!DOCTYPE a [<!ENTITY l 'lol'><!ENTITY m '&l;&l;'>]><a>&m;</a>");
    let long = "x".repeat(9000);
    refused(&format!("<!DOCTYPE a [<!ENTITY l '{long}'>]><a>{}</a>", "&l;".repeat(8)));
}

#[test]
fn entities_are_few_and_short() {
    let declared = |count: usize| {
        (0..count).fold(String::new(), |all, n| all + &format!("<!ENTITY e{n} 'x'>"))
    };
    let with = |count| format!("<!DOCTYPE a [{}]><a>&e0;</a>", declared(count));
    assert!(parse(&with(CONTRACT_ENTITIES_MAX)).is_ok());
    check_refused(&with(CONTRACT_ENTITIES_MAX + 1), Code::ContractDtd, "entities");
    let long = "x".repeat(CONTRACT_EXPANSION_BYTES_MAX);
    let expanded = |more| format!("<!DOCTYPE a [<!ENTITY l '{long}'>]><a>&l;{more}</a>");
    assert!(parse(&expanded("")).is_ok());
    check_refused(&expanded("&l;"), Code::ContractDtd, "");
}

#[test]
fn depth_is_limited_without_a_deep_stack() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    check_refused(&deep, Code::ContractLimit, "inside each other");
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn no_mutation_panics(
        at in 0usize..400,
        with in prop::sample::select(vec!["<", ">", "&", "\"", "'", "<!--", "]]>", "<![CDATA[", "<!DOCTYPE a [", "xmlns:", "é", "/", "&#x0;"]),
        cut in 0usize..40,
    ) {
        const TEXT: &str = "<?xml version=\"1.0\"?><!-- é --><d:definitions xmlns:d='http://schemas.xmlsoap.org/wsdl/' name=\"a\"><d:types><s:schema xmlns:s=\"http://www.w3.org/2001/XMLSchema\"><s:element name=\"x&amp;\" type='s:string'/></s:schema></d:types><![CDATA[ x ]]></d:definitions>";
        let chars: Vec<char> = TEXT.chars().collect();
        let at = at % chars.len();
        let mutated: String = chars[..at].iter().copied().chain(with.chars())
            .chain(chars[(at + cut).min(chars.len())..].iter().copied()).collect();
        if let Ok(document) = parse(&mutated) {
            let _ = document.root().children().map(|c| c.text().len() + c.source().len()).sum::<usize>();
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = crate::xml::encoding::decode(&bytes, None) {
            let _ = parse(&text);
        }
    }
}
