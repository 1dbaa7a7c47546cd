//! Documents inside messages, read as they come: a reader and a decoder of their own, within
//! the limits of the message.
//!
//! What a document says is held back until it is whole. One that is not well-formed or not
//! the one declared becomes null; a limit or a DTD ends the message as it does outside.

use super::super::graph::{Graph, Node, NodeId, Object};
use super::super::opened::{OPENED_DEPTH_MAX, Opened};
use super::super::rules::Shape;
use super::decoder::State;
use super::frame::FrameKind;
use super::path::Where;
use super::{DecodeError, Violation};
use crate::diagnostic::Code;
use crate::xml::{Scope, StartTag, StreamHandler, StreamReader, XmlError, ns};

/// Bytes of text gathered before they are read as XML.
const GATHERED_BYTES: usize = 16 << 10;
/// What [`OPENED_DEPTH_MAX`] limits.
const INSIDE: &str = "documents inside one another";

/// A document that is being read out of a text.
#[derive(Debug)]
pub(super) struct OpenDocument {
    stream: StreamReader,
    state: State,
    /// What stopped the reading.
    failure: Option<DecodeError>,
}

/// Hands a document's events to its own decoder.
struct Inside<'a> {
    graph: &'a Graph,
    state: &'a mut State,
}

impl StreamHandler for Inside<'_> {
    type Error = DecodeError;

    fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), DecodeError> {
        self.state.start(self.graph, tag, scope)
    }

    fn text(&mut self, text: &str) -> Result<(), DecodeError> {
        self.state.text(self.graph, text);
        Ok(())
    }

    fn end(&mut self, scope: &Scope) -> Result<(), DecodeError> {
        self.state.end(self.graph, scope)
    }
}

impl OpenDocument {
    fn new(graph: &Graph, document: NodeId, around: &State) -> Self {
        let mut state = State::new(around.strict, around.limits);
        state.opened = around.opened + 1;
        state.begin(graph, document);
        let stream = StreamReader::new(graph.namespaces.clone(), around.limits);
        Self { stream, state, failure: None }
    }

    fn feed(&mut self, graph: &Graph, text: &str) {
        if self.failure.is_some() {
            return;
        }
        let Self { stream, state, .. } = self;
        self.failure = stream.feed(text.as_bytes(), &mut Inside { graph, state }).err();
    }

    fn finish(mut self, graph: &Graph) -> Result<State, DecodeError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let Self { stream, state, .. } = &mut self;
        stream.finish(&mut Inside { graph, state })?;
        state.end(graph, stream.scope())?;
        Ok(self.state)
    }
}

impl State {
    /// Text of an element that holds a document.
    #[cold]
    pub(super) fn document_text(&mut self, graph: &Graph, text: &str) {
        self.text.push_str(text);
        if self.text.len() >= GATHERED_BYTES
            && let Some(Node::Opened(opened)) = self.frames.last().map(|f| graph.node(f.node))
        {
            let gathered = std::mem::take(&mut self.text);
            self.gather(graph, opened.document, &gathered);
        }
    }

    fn gather(&mut self, graph: &Graph, document: NodeId, text: &str) {
        if let Some(open) = &mut self.document {
            open.feed(graph, text);
            return;
        }
        // A byte order mark and white space go before many declarations.
        let text = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
        if text.is_empty() {
            return;
        }
        let mut open = Box::new(OpenDocument::new(graph, document, self));
        if self.opened >= OPENED_DEPTH_MAX {
            let limit = XmlError::limit(INSIDE, OPENED_DEPTH_MAX.into(), 0);
            open.failure = Some(limit.into());
        }
        open.feed(graph, text);
        self.document = Some(open);
    }

    /// An element starts where a document stands as text by rights: the document itself, not
    /// as text.
    #[cold]
    pub(super) fn document_element(
        &mut self,
        graph: &Graph,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let found = self.frames.last().map(|frame| graph.node(frame.node));
        let Some(Node::Opened(opened)) = found else { return Ok(()) };
        let is_blank = self.document.is_none() && self.text.trim().is_empty();
        let Node::Object(document) = graph.node(opened.document) else { return Ok(()) };
        if !is_blank {
            self.violation(graph, Code::ViolationOpened, Where::Value, || tag.local.to_owned())?;
            self.skip = 1;
            return Ok(());
        }
        self.text.clear();
        if let Some(frame) = self.frames.last_mut() {
            frame.node = opened.document;
            frame.kind = FrameKind::Object;
        }
        self.seen.resize(self.seen.len() + document.required_bits.len(), 0);
        self.start_child(graph, tag, scope)
    }

    /// The element that held a document as text ends.
    #[cold]
    pub(super) fn close_document(
        &mut self,
        graph: &Graph,
        opened: &Opened,
    ) -> Result<(), DecodeError> {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            self.gather(graph, opened.document, &text);
        }
        self.text = text;
        let Some(open) = self.document.take() else {
            // Nothing but white space is no document, and no deviation either.
            self.out.extend_from_slice(b"null");
            return Ok(());
        };
        match open.finish(graph) {
            Ok(state) => {
                self.out.extend_from_slice(&state.out);
                self.adopt(graph, state);
                Ok(())
            }
            Err(DecodeError::Violation(inner)) => Err(DecodeError::Violation(Violation {
                path: joined(&self.path(graph, Where::Value), &inner.path),
                ..inner
            })),
            Err(DecodeError::Xml(XmlError::Limit { limit, value, offset })) => {
                Err(XmlError::Limit { limit, value, offset }.into())
            }
            Err(DecodeError::Xml(XmlError::Doctype { offset })) => {
                Err(XmlError::Doctype { offset }.into())
            }
            Err(error @ (DecodeError::Reference(..) | DecodeError::Apart(_))) => Err(error),
            Err(other) => {
                self.out.extend_from_slice(b"null");
                self.violation(graph, Code::ViolationOpened, Where::Value, || other.to_string())
            }
        }
    }

    /// A document in an attribute, or in text beside attributes.
    #[cold]
    pub(super) fn whole_document(
        &mut self,
        graph: &Graph,
        opened: &Opened,
        text: &str,
    ) -> Result<(), DecodeError> {
        let before = std::mem::replace(&mut self.text, text.to_owned());
        let result = self.close_document(graph, opened);
        self.text = before;
        result
    }

    /// Takes over what deviated in a document.
    fn adopt(&mut self, graph: &Graph, inner: State) {
        let path = self.path(graph, Where::Value);
        let kept = inner.violations.first.len() as u64;
        for violation in inner.violations.first {
            let path = joined(&path, &violation.path);
            self.violations.push(|| Violation { path, ..violation });
        }
        self.violations.count += inner.violations.count.saturating_sub(kept);
    }

    /// A child that is not the document's root.
    #[cold]
    pub(super) fn other_root(
        &mut self,
        graph: &Graph,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let is_state = scope.uri(tag.prefix) == Some(ns::DIFFGRAM);
        let code = if is_state { Code::ViolationDiffgram } else { Code::ViolationOpened };
        self.wrote();
        self.skip = 1;
        self.violation(graph, code, Where::Element, || tag.local.to_owned())
    }

    /// The value of a document, or of a diffgram, that has no root.
    #[cold]
    pub(super) fn no_root(&mut self, graph: &Graph, object: &Object) -> Result<(), DecodeError> {
        let root = object.members.first().map(|member| member.node);
        match (object.shape, root.map(|root| (root, graph.node(root)))) {
            // A data set without rows is left out of its diffgram.
            (Shape::Diffgram, Some((root, Node::Object(data_set)))) => {
                self.open_object(root, data_set, 0);
                self.absent_members(data_set);
                self.out.push(b'}');
                if let Some(frame) = self.frames.pop() {
                    self.seen.truncate(frame.seen_at as usize);
                }
                Ok(())
            }
            _ => {
                self.out.extend_from_slice(b"null");
                if self.frames.last().is_some_and(|frame| frame.written) {
                    // Another root came, and was named.
                    return Ok(());
                }
                self.violation(graph, Code::ViolationOpened, Where::Element, || {
                    "no root element".to_owned()
                })
            }
        }
    }
}

fn joined(outer: &str, inner: &str) -> String {
    match (outer, inner) {
        ("/", inner) => inner.to_owned(),
        (outer, "/") => outer.to_owned(),
        (outer, inner) => format!("{outer}{inner}"),
    }
}
