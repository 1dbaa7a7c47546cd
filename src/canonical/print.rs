//! A message as a file that people read and git compares.

use super::Vocabulary;
use super::layout::{Lay, Layout};
use super::scope::Prefixes;
use super::tree::{Element, Item};
use crate::xml::{write_attribute_value, write_text};

/// Writes a message: an XML declaration, two spaces a level, one line an element, LF, the
/// prefixes and namespace declarations as they were written. White space is added only where the
/// contract says that none is content; without a vocabulary nowhere.
#[must_use]
pub fn print(envelope: &Element, vocabulary: Option<&Vocabulary>) -> String {
    let mut printer = Printer { out: Vec::new(), layout: vocabulary.map(Layout::of) };
    printer.out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let lay = if vocabulary.is_some() { Lay::Envelope } else { Lay::Exact };
    printer.element(envelope, &Prefixes::default(), lay, 0);
    printer.out.push(b'\n');
    String::from_utf8(printer.out).unwrap_or_default()
}

struct Printer<'v> {
    out: Vec<u8>,
    layout: Option<Layout<'v>>,
}

impl Printer<'_> {
    /// Depth is bounded by that of the tree.
    fn element<'e>(&mut self, element: &'e Element, around: &Prefixes<'e>, lay: Lay, level: usize) {
        let prefixes = around.inside(element);
        self.open(element);
        let layout = self.layout.as_ref();
        let may_break = layout.is_some_and(|layout| layout.may_break(element, lay));
        let is_empty = match &element.content[..] {
            [] => true,
            content => may_break && !content.iter().any(|item| matches!(item, Item::Element(_))),
        };
        if is_empty {
            self.out.extend_from_slice(b"/>");
            return;
        }
        self.out.push(b'>');
        let mut cursor = 0;
        for item in &element.content {
            match item {
                Item::Text(_) if may_break => {}
                Item::Text(text) => self.text(text),
                Item::Element(child) => {
                    let inside = match &self.layout {
                        Some(layout) => layout.child((element, lay), child, &prefixes, &mut cursor),
                        None => Lay::Exact,
                    };
                    if may_break {
                        self.line(level + 1);
                    }
                    self.element(child, &prefixes, inside, level + 1);
                }
            }
        }
        if may_break {
            self.line(level);
        }
        self.out.extend_from_slice(b"</");
        self.name(&element.prefix, &element.name.local);
        self.out.push(b'>');
    }

    fn open(&mut self, element: &Element) {
        self.out.push(b'<');
        self.name(&element.prefix, &element.name.local);
        for (prefix, uri) in &element.bindings {
            self.out.extend_from_slice(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
            self.out.extend_from_slice(prefix.as_bytes());
            self.value(uri);
        }
        for attribute in &element.attributes {
            self.out.push(b' ');
            self.name(&attribute.prefix, &attribute.name.local);
            self.value(&attribute.value);
        }
    }

    fn name(&mut self, prefix: &str, local: &str) {
        self.out.extend_from_slice(prefix.as_bytes());
        if !prefix.is_empty() {
            self.out.push(b':');
        }
        self.out.extend_from_slice(local.as_bytes());
    }

    fn value(&mut self, text: &str) {
        self.out.extend_from_slice(b"=\"");
        // It was read from XML, so every character of it can be written.
        let _ = write_attribute_value(&mut self.out, text);
        self.out.push(b'"');
    }

    fn text(&mut self, text: &str) {
        let _ = write_text(&mut self.out, text);
    }

    fn line(&mut self, level: usize) {
        self.out.push(b'\n');
        self.out.extend(std::iter::repeat_n(b' ', level * 2));
    }
}
