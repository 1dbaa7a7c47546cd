//! Documents inside messages, written: each whole, with its own namespace declarations, and
//! then as text of the element that holds it. Nothing in a document can end that text.

use super::super::graph::Child;
use super::super::json::Json;
use super::super::opened::{Markup, OPENED_DEPTH_MAX, Opened};
use super::Encoder;
use crate::xml::{NsId, ns, write_attribute_value};

const DECLARATION: &[u8] = b"<?xml version=\"1.0\"?>";

/// Rows of a diffgram on their way out.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Whether the element of the data set itself is written.
    inside: bool,
    /// Rows of each table so far.
    counts: Vec<(Box<str>, u32)>,
}

impl<'g> Encoder<'g> {
    /// Writes the rest of the start tag of an element that holds a document, and the document.
    #[cold]
    pub(super) fn opened_element(&mut self, opened: &'g Opened, value: &Json<'_>) {
        self.out.push(b'>');
        self.opened_text(opened, value);
    }

    /// Writes the document in an element whose start tag is written.
    #[cold]
    pub(super) fn opened_text(&mut self, opened: &'g Opened, value: &Json<'_>) {
        // As the answers have it: no text, no document.
        if matches!(value, Json::Null) {
            return;
        }
        match opened.markup {
            Markup::Elements => {
                if let Some(prologue) = &opened.prologue {
                    self.out.extend_from_slice(prologue.as_bytes());
                }
                self.content(opened.document, value);
            }
            Markup::Text => {
                if let Some(text) = self.document(opened, value) {
                    self.write(&text);
                }
            }
            Markup::Cdata => {
                if let Some(text) = self.document(opened, value) {
                    self.out.extend_from_slice(b"<![CDATA[");
                    // A section cannot hold its own end, so it ends in the middle of it.
                    let text = text.replace("]]>", "]]]]><![CDATA[>");
                    self.out.extend_from_slice(text.as_bytes());
                    self.out.extend_from_slice(b"]]>");
                }
            }
        }
    }

    /// A document that stands alone, as text.
    pub(super) fn document(&mut self, opened: &'g Opened, value: &Json<'_>) -> Option<String> {
        if self.opened >= OPENED_DEPTH_MAX {
            self.problem(format!("is inside more than {OPENED_DEPTH_MAX} documents"));
            return None;
        }
        let mut inner = Encoder::new(self.graph);
        inner.opened = self.opened + 1;
        inner.pointer = std::mem::take(&mut self.pointer);
        inner.content(opened.document, value);
        self.pointer = std::mem::take(&mut inner.pointer);
        let (xml, used, problems) = inner.finish();
        if !problems.is_empty() {
            let room = super::encoder::PROBLEMS_MAX.saturating_sub(self.problems.len());
            self.problems.extend(problems.into_iter().take(room));
            return None;
        }
        let mut text = Vec::with_capacity(xml.len() + 128);
        if opened.declaration {
            text.extend_from_slice(DECLARATION);
        }
        // Names have neither white space nor these, so the first of them ends the root's.
        let is_end = |byte: &u8| matches!(byte, b' ' | b'>' | b'/');
        let end = xml.iter().position(is_end).unwrap_or(xml.len());
        text.extend_from_slice(&xml[..end]);
        for id in used.into_iter().filter(|id| *id != NsId::NONE && *id != NsId::XML) {
            text.extend_from_slice(b" xmlns:");
            text.extend_from_slice(self.graph.namespaces.prefix(id).as_bytes());
            text.extend_from_slice(b"=\"");
            // Namespace names came out of XML, so they can go into it.
            let _ = write_attribute_value(&mut text, self.graph.namespaces.uri(id));
            text.push(b'"');
        }
        text.extend_from_slice(&xml[end..]);
        let text = String::from_utf8(text).ok();
        if text.is_none() {
            self.problem("cannot be written as XML");
        }
        text
    }

    /// Writes what is inside a diffgram: its rows say that they are rows, and new.
    pub(super) fn diffgram(&mut self, write: impl FnOnce(&mut Self)) {
        let around = self.rows.replace(Rows::default());
        write(self);
        self.rows = around;
    }

    /// Says of an element of a diffgram which row it is. Those of .NET are numbered through
    /// each table; one that has no `hasChanges` would be read as stored already.
    #[cold]
    pub(super) fn row(&mut self, child: &Child) {
        let Some(rows) = &mut self.rows else { return };
        if !std::mem::replace(&mut rows.inside, true) {
            return;
        }
        let known = rows.counts.iter().position(|(table, _)| *table == child.local);
        let at = known.unwrap_or_else(|| {
            rows.counts.push((child.local.clone(), 0));
            rows.counts.len() - 1
        });
        let order = rows.counts[at].1;
        rows.counts[at].1 += 1;
        let namespaces = &self.graph.namespaces;
        let (diffgram, msdata) = (namespaces.id(ns::DIFFGRAM), namespaces.id(ns::MSDATA));
        let (diffgr, ms) = (namespaces.prefix(diffgram), namespaces.prefix(msdata));
        let (table, id) = (&child.local, order + 1);
        // Names and numbers only: nothing in it is the caller's.
        let attributes = format!(
            " {diffgr}:id=\"{table}{id}\" {ms}:rowOrder=\"{order}\" {diffgr}:hasChanges=\"inserted\""
        );
        self.out.extend_from_slice(attributes.as_bytes());
        self.uses(diffgram);
        self.uses(msdata);
    }
}
