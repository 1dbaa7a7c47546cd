//! Reading: a request as a small tree, and a strict walk along its members.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::fault::Fault;

/// How deep a request may nest, in elements.
const REQUEST_DEPTH_MAX: usize = 32;
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// An element: its name, its attributes, its text and its children.
#[derive(Debug, Default)]
pub struct Node {
    pub namespace: String,
    pub local: String,
    attributes: Vec<(String, String, String)>,
    text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The whole text of a request; `Err` for anything but one closed root without a DTD.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut reader = NsReader::from_str(text);
        let mut open: Vec<Self> = Vec::new();
        let mut root: Option<Self> = None;
        loop {
            let event = reader.read_event().map_err(|e| malformed(&e.to_string()))?;
            match event {
                Event::Start(start) if open.len() < REQUEST_DEPTH_MAX && root.is_none() => {
                    open.push(Self::start(&reader, &start)?);
                }
                Event::Empty(start) if root.is_none() => {
                    let node = Self::start(&reader, &start)?;
                    close(node, &mut open, &mut root);
                }
                Event::End(_) => {
                    let node = open.pop().ok_or_else(|| malformed("an end without a start"))?;
                    close(node, &mut open, &mut root);
                }
                Event::Text(text) => append(&mut open, &text.xml10_content())?,
                Event::CData(text) => append(&mut open, &text.xml10_content())?,
                Event::GeneralRef(reference) => append(&mut open, &character(&reference)?)?,
                Event::Start(_) | Event::Empty(_) => {
                    return Err(malformed("too deep, or two roots"));
                }
                Event::DocType(_) => return Err(malformed("a DOCTYPE is not spoken here")),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof if open.is_empty() => return root.ok_or_else(|| malformed("nothing")),
                Event::Eof => return Err(malformed("the end is missing")),
            }
        }
    }

    fn start(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Self, Fault> {
        let resolver = reader.resolver();
        let (namespace, local) = resolver.resolve_element(start.name());
        let mut node = Self {
            namespace: bound(&namespace)?,
            local: local.into_inner().to_owned(),
            ..Self::default()
        };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|e| malformed(&e.to_string()))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|e| malformed(&e.to_string()))?;
            let (namespace, local) = resolver.resolve_attribute(attribute.key);
            let local = local.into_inner().to_owned();
            node.attributes.push((bound(&namespace)?, local, value.into_owned()));
        }
        Ok(node)
    }

    /// Whether it has this name.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.local == local && self.namespace == namespace
    }

    /// The value of an attribute.
    pub fn attribute(&self, namespace: &str, local: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        all.find(|(ns, name, _)| ns == namespace && name == local).map(|(_, _, v)| v.as_str())
    }

    /// The text of a leaf, as it stands.
    pub fn text(&self) -> Result<String, Fault> {
        match self.children.first() {
            Some(child) => {
                Err(malformed(&format!("no {} expected in {}", child.local, self.local)))
            }
            None => Ok(self.text.clone()),
        }
    }

    /// Whether it says it is nil.
    pub fn nil(&self) -> bool {
        matches!(self.attribute(XSI, "nil"), Some("true" | "1"))
    }

    /// Its children, to be taken in the order of the schema.
    pub fn members<'a>(&'a self, namespace: &'a str) -> Members<'a> {
        Members { of: self, namespace, at: 0 }
    }
}

/// A walk along children in the order of the schema: nothing skipped, nothing swapped.
#[derive(Debug)]
pub struct Members<'a> {
    of: &'a Node,
    namespace: &'a str,
    at: usize,
}

impl<'a> Members<'a> {
    /// The next member, which must be this one.
    pub fn take(&mut self, local: &str) -> Result<&'a Node, Fault> {
        self.maybe(local).ok_or_else(|| {
            let found = self.of.children.get(self.at).map_or("the end", |n| n.local.as_str());
            malformed(&format!("{local} expected in {}, but found {found}", self.of.local))
        })
    }

    /// The text of the next member, which must be this one.
    pub fn text(&mut self, local: &str) -> Result<String, Fault> {
        self.take(local)?.text()
    }

    /// The next member, if it is this one.
    pub fn maybe(&mut self, local: &str) -> Option<&'a Node> {
        let node = self.of.children.get(self.at).filter(|n| n.is(self.namespace, local))?;
        self.at += 1;
        Some(node)
    }

    /// The text of the next member, if it is this one.
    pub fn maybe_text(&mut self, local: &str) -> Result<Option<String>, Fault> {
        self.maybe(local).map(Node::text).transpose()
    }

    /// The texts of all next members of this name.
    pub fn texts(&mut self, local: &str) -> Result<Vec<String>, Fault> {
        std::iter::from_fn(|| self.maybe(local)).map(Node::text).collect()
    }

    /// Nothing may follow.
    pub fn end(self) -> Result<(), Fault> {
        match self.of.children.get(self.at) {
            Some(more) => Err(malformed(&format!(
                "{{{}}}{} is not expected here in {}",
                more.namespace, more.local, self.of.local
            ))),
            None => Ok(()),
        }
    }
}

/// The fault for a request that is not what the contract says.
pub fn malformed(why: &str) -> Fault {
    Fault::client(format!("SHOP-0400: request not understood: {why}"))
}

fn bound(namespace: &ResolveResult<'_>) -> Result<String, Fault> {
    match namespace {
        ResolveResult::Bound(namespace) => Ok(namespace.0.to_owned()),
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Unknown(prefix) => Err(malformed(&format!("prefix {prefix} is not bound"))),
    }
}

fn close(node: Node, open: &mut [Node], root: &mut Option<Node>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(node),
        None => *root = Some(node),
    }
}

fn append(open: &mut [Node], text: &str) -> Result<(), Fault> {
    match open.last_mut() {
        Some(node) => node.text.push_str(text),
        None if text.trim().trim_start_matches('\u{feff}').is_empty() => {}
        None => return Err(malformed("text outside of the root")),
    }
    Ok(())
}

fn character(reference: &BytesRef<'_>) -> Result<String, Fault> {
    let resolved = reference.resolve_char_ref().map_err(|e| malformed(&e.to_string()))?;
    if let Some(character) = resolved {
        return Ok(character.to_string());
    }
    let name = reference.xml10_content();
    let known = quick_xml::escape::resolve_predefined_entity(&name);
    known.map(str::to_owned).ok_or_else(|| malformed(&format!("entity {name} is unknown")))
}

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn a_request_is_read_by_namespace_not_by_prefix() {
        let node =
            Node::parse("<x:A xmlns:x='u' n='1'><B xmlns='v'>a&amp;<![CDATA[<]]>&#65;</B></x:A>");
        let node = node.unwrap();
        assert!(node.is("u", "A"));
        assert_eq!(node.attribute("", "n"), Some("1"));
        let mut members = node.members("v");
        assert_eq!(members.text("B").unwrap(), "a&<A");
        members.end().unwrap();
    }

    #[test]
    fn what_is_not_one_whole_document_is_refused() {
        let deep = "<a>".repeat(100_000);
        for text in
            ["", "x", "<a>", "<a/><b/>", "<a/>x", "<!DOCTYPE a><a/>", "<p:a/>", "<a>&x;</a>", &deep]
        {
            assert!(Node::parse(text).is_err(), "{}", &text[..text.len().min(40)]);
        }
    }

    #[test]
    fn members_out_of_order_or_left_over_are_refused() {
        let node = Node::parse("<a><c/><b/></a>").unwrap();
        assert!(node.members("").take("b").is_err());
        let mut members = node.members("");
        assert!(members.take("c").is_ok());
        assert!(members.end().is_err());
    }
}
