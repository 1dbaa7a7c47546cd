//! XML kept as XML: mixed content and what no schema describes.

use crate::xml::{Scope, StartTag, TagAttribute, XmlError, write_attribute_value, write_text};

/// Re-serialises a fragment so that it stands alone: prefixes it uses are declared in it.
#[derive(Debug, Default)]
pub(super) struct Capture {
    xml: Vec<u8>,
    /// Names of the open elements, and how many declarations were in force before each.
    open: Vec<(String, usize)>,
    declared: Vec<(String, String)>,
    start_is_open: bool,
    pub(super) has_elements: bool,
}

impl Capture {
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), XmlError> {
        self.close_start();
        self.has_elements = true;
        let name = qualified(tag.prefix, tag.local);
        self.open.push((name.clone(), self.declared.len()));
        self.xml.push(b'<');
        self.xml.extend_from_slice(name.as_bytes());
        self.declare(tag.prefix, scope, true);
        for attribute in tag.attributes() {
            self.attribute(&attribute, scope)?;
        }
        self.start_is_open = true;
        Ok(())
    }

    fn attribute(&mut self, attribute: &TagAttribute<'_>, scope: &Scope) -> Result<(), XmlError> {
        if !attribute.prefix.is_empty() {
            self.declare(attribute.prefix, scope, false);
        }
        self.xml.push(b' ');
        self.xml.extend_from_slice(qualified(attribute.prefix, attribute.local).as_bytes());
        self.xml.extend_from_slice(b"=\"");
        let value = attribute.value()?;
        // The value was read from XML, so every character of it can be written.
        let _ = write_attribute_value(&mut self.xml, &value);
        self.xml.push(b'"');
        // A QName in an attribute value (xsi:type) needs its prefix as well.
        if let Some((prefix, _)) = value.split_once(':').filter(|(p, _)| scope.uri(p).is_some()) {
            self.declare(prefix, scope, false);
        }
        Ok(())
    }

    fn declare(&mut self, prefix: &str, scope: &Scope, is_element: bool) {
        if prefix == "xml" || (prefix.is_empty() && !is_element) {
            return;
        }
        let uri = scope.uri(prefix).unwrap_or("");
        let known = self.declared.iter().rev().find(|(p, _)| p == prefix);
        if known.map_or(prefix.is_empty() && uri.is_empty(), |(_, u)| u == uri) {
            return;
        }
        self.xml.extend_from_slice(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
        self.xml.extend_from_slice(prefix.as_bytes());
        self.xml.extend_from_slice(b"=\"");
        let _ = write_attribute_value(&mut self.xml, uri);
        self.xml.push(b'"');
        self.declared.push((prefix.to_owned(), uri.to_owned()));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.close_start();
        let _ = write_text(&mut self.xml, text);
    }

    pub(super) fn end(&mut self) {
        let Some((name, declared)) = self.open.pop() else { return };
        self.declared.truncate(declared);
        if std::mem::take(&mut self.start_is_open) {
            self.xml.extend_from_slice(b"/>");
            return;
        }
        self.xml.extend_from_slice(b"</");
        self.xml.extend_from_slice(name.as_bytes());
        self.xml.push(b'>');
    }

    fn close_start(&mut self) {
        if std::mem::take(&mut self.start_is_open) {
            self.xml.push(b'>');
        }
    }

    /// The fragment so far, and a fresh start.
    pub(super) fn take(&mut self) -> String {
        self.close_start();
        let xml = std::mem::take(&mut self.xml);
        self.open.clear();
        self.declared.clear();
        self.has_elements = false;
        String::from_utf8(xml).unwrap_or_default()
    }
}

fn qualified(prefix: &str, local: &str) -> String {
    if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") }
}
