//! What is read as XML, and what is not.

use super::*;

/// Names and texts of what was read.
#[derive(Debug, Default)]
struct Told(String);

impl StreamHandler for Told {
    type Error = XmlError;

    fn start(&mut self, tag: &StartTag<'_>, _: &Scope) -> Result<(), XmlError> {
        self.0.push('<');
        self.0.push_str(tag.local);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        self.0.push_str(text);
        Ok(())
    }

    fn end(&mut self, _: &Scope) -> Result<(), XmlError> {
        self.0.push('>');
        Ok(())
    }
}

fn read(xml: &str) -> Result<String, XmlError> {
    let mut told = Told::default();
    let mut reader = StreamReader::new(Arc::default(), XmlLimits::default());
    reader.feed(xml.as_bytes(), &mut told)?;
    reader.finish(&mut told)?;
    Ok(told.0)
}

#[test]
fn line_ends_are_one_but_a_return_by_reference_stays() {
    assert_eq!(read("<a>x\r\ny\rz&#13;\n</a>").as_deref(), Ok("<ax\ny\nz\r\n>"));
}

#[test]
fn what_is_no_xml_is_refused_even_where_nobody_looks() {
    let check = |xml: &str| assert!(read(xml).is_err(), "{xml}: {:?}", read(xml));
    check("<a b='1'c='2'/>");
    check("<a b='&nope;'/>");
    check("<a b='\u{1}'/>");
    check("<a xmlns:p='u' xmlns:p='v'/>");
    check("<a xmlns:xmlns='u'/>");
    check("<a xmlns:xml='u'/>");
    check("<a xmlns:p=''/>");
    check("<a><p:b/></a>");
    check("<a\"b/>");
    check("<a:b:c xmlns:a='u'/>");
    check("<a 1b='x'/>");
    check("<!-- a -- b --><a/>");
    check("<!-- a ---><a/>");
    check("<?XML a?><a/>");
    check("<a><?xml version='1.0'?></a>");
    check("<?xml encoding='utf-8'?><a/>");
    check("<?xml version='2.0'?><a/>");
    check("<?xml version='1.0' nonsense?><a/>");
    check("<!DOCTYPE a><a/>");
    check("<a>]]></a>");
    check("<a><![CDATA[x]]>]]>\n</a>");
}

#[test]
fn what_is_xml_is_read() {
    let check = |xml: &str| assert_eq!(read(xml).as_deref(), Ok("<a>"), "{xml}");
    check("<?xml version='1.0'?><a/>");
    check("<?xml version = \"1.1\" encoding='UTF-8' standalone='no' ?>\n<a></a>");
    check("<?xml-stylesheet href='x'?><!-- - --><a xmlns='' xmlns:p='u' p:b='&#x41;'\tc='>'/> ");
    check("<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='de'/>");
    check("<a b=']]>'/>");
}

#[test]
fn the_end_of_a_cdata_section_is_text_where_it_is_written_so() {
    assert_eq!(read("<a>]]&gt;<![CDATA[]]]]><![CDATA[>]]></a>").as_deref(), Ok("<a]]>]]>>"));
}
