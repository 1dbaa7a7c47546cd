//! The decoder's face, and where each event goes.

use std::sync::Arc;

use super::super::graph::{Child, Graph, Node, NodeId};
use super::super::lexical::trim;
use super::array::OpenArray;
use super::capture::Capture;
use super::frame::{Frame, FrameKind};
use super::opened::OpenDocument;
use super::path::Where;
use super::place::ClosedArray;
use super::violation::{Violation, Violations};
use crate::diagnostic::Code;
use crate::xml::{Scope, StartTag, XmlError, XmlLimits};

/// Why an answer cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It is not well-formed, or beyond a limit.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// The payload is not the operation's.
    #[error("`{0}` is not what the operation answers")]
    OtherAnswer(String),
    /// It violates the contract, and `strict` is set.
    #[error("{}: {} at `{}`", .0.code, .0.what, .0.path)]
    Violation(Violation),
    /// It refers to its own parts in a way that has no end, or no JSON.
    #[error("the reference `{0}` cannot be followed: {1}")]
    Reference(String, &'static str),
    /// Items of one array stand apart, and too much has been sent to put them together.
    #[error("items of `{0}` stand too far apart")]
    Apart(String),
}

/// Decodes elements of one graph.
#[derive(Debug)]
pub struct Decoder {
    graph: Arc<Graph>,
    state: State,
}

/// What changes while decoding; apart from the graph, so that both can be used at once.
#[derive(Debug)]
pub(super) struct State {
    pub(super) strict: bool,
    pub(super) out: Vec<u8>,
    /// Bytes already taken away; places in the output count from the very start.
    pub(super) taken: u64,
    pub(super) frames: Vec<Frame>,
    pub(super) seen: Vec<u64>,
    pub(super) closed: Vec<ClosedArray>,
    pub(super) splices: u32,
    /// Set between placing an item and opening its value.
    pub(super) pending_splice: Option<(u64, u32)>,
    pub(super) text: String,
    pub(super) capture: Capture,
    pub(super) skip: u32,
    /// For each open element of a tree, whether it has content.
    pub(super) tree: Vec<bool>,
    /// Arrays of SOAP encoding that are open.
    pub(super) arrays: Vec<OpenArray>,
    /// Items left out of such arrays.
    pub(super) holes: u64,
    pub(super) violations: Violations,
    pub(super) limits: XmlLimits,
    /// The document that is being read out of a text.
    pub(super) document: Option<Box<OpenDocument>>,
    /// How many documents this one is inside.
    pub(super) opened: u32,
}

impl Decoder {
    /// A decoder over a graph; `strict` turns violations into errors.
    #[must_use]
    pub fn new(graph: Arc<Graph>, strict: bool) -> Self {
        let state = State::new(strict, XmlLimits::default());
        Self { graph, state }
    }

    /// Sets the limits of documents inside the message.
    #[must_use]
    pub fn within(mut self, limits: XmlLimits) -> Self {
        self.state.limits = limits;
        self
    }

    /// Opens the outermost value: the children of some element are of this type.
    pub fn begin(&mut self, node: NodeId) {
        self.state.begin(&self.graph, node);
    }

    /// Opens the outermost value from an element's own start tag.
    pub fn start_root(
        &mut self,
        child: &Child,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        self.state.open_value(&self.graph, child, None, 0, tag, scope)
    }

    /// Output so far that has not been taken away.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        &self.state.out
    }

    /// Takes the output away.
    pub fn take(&mut self) -> Vec<u8> {
        self.state.taken += self.state.out.len() as u64;
        std::mem::take(&mut self.state.out)
    }

    /// What deviated from the contract.
    #[must_use]
    pub fn violations(&self) -> &Violations {
        &self.state.violations
    }

    /// Takes what deviated from the contract away.
    pub fn take_violations(&mut self) -> Violations {
        std::mem::take(&mut self.state.violations)
    }

    /// Counts a deviation that whoever feeds the decoder met; an error where it is strict.
    pub fn deviates(&mut self, code: Code, what: &str) -> Result<(), DecodeError> {
        self.state.violation(&self.graph, code, Where::Value, || what.to_owned())
    }

    /// Counts deviations that were met while another part of the message was decoded; an
    /// error where it is strict.
    pub fn absorb(&mut self, violations: Violations) -> Result<(), DecodeError> {
        if self.state.strict
            && let Some(first) = violations.first.first()
        {
            return Err(DecodeError::Violation(first.clone()));
        }
        self.state.violations.absorb(violations);
        Ok(())
    }

    /// Whether the outermost value is closed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state.frames.is_empty()
    }

    /// An element starts.
    #[inline]
    pub fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), DecodeError> {
        self.state.start(&self.graph, tag, scope)
    }

    /// A piece of text.
    #[inline]
    pub fn text(&mut self, text: &str) {
        self.state.text(&self.graph, text);
    }

    /// An element ends.
    #[inline]
    pub fn end(&mut self, scope: &Scope) -> Result<(), DecodeError> {
        self.state.end(&self.graph, scope)
    }
}

impl State {
    pub(super) fn new(strict: bool, limits: XmlLimits) -> Self {
        Self {
            strict,
            out: Vec::with_capacity(2048),
            taken: 0,
            frames: Vec::with_capacity(16),
            seen: Vec::with_capacity(16),
            closed: Vec::new(),
            splices: 0,
            pending_splice: None,
            text: String::new(),
            capture: Capture::default(),
            skip: 0,
            tree: Vec::new(),
            arrays: Vec::new(),
            holes: 0,
            violations: Violations::default(),
            limits,
            document: None,
            opened: 0,
        }
    }

    pub(super) fn begin(&mut self, graph: &Graph, node: NodeId) {
        match graph.node(node) {
            Node::Object(object) => self.open_object(node, object, 0),
            Node::Text(_) => self.push(node, FrameKind::Text, 0),
            Node::Any(_) => self.push(node, FrameKind::Any, 0),
            Node::Opened(_) => self.push(node, FrameKind::Opened, 0),
            // It has no attributes, so nothing can be wrong with them.
            Node::Tree => drop(self.open_tree(node, 0, None)),
        }
    }

    #[inline]
    pub(super) fn start(
        &mut self,
        graph: &Graph,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        if self.skip > 0 {
            self.skip += 1;
            return Ok(());
        }
        let Some(frame) = self.frames.last() else {
            return Err(DecodeError::OtherAnswer(tag.local.to_owned()));
        };
        match frame.kind {
            FrameKind::Object => self.start_child(graph, tag, scope),
            FrameKind::Text | FrameKind::Nil => {
                self.violation(graph, Code::ViolationUnknown, Where::Value, || {
                    tag.local.to_owned()
                })?;
                self.skip = 1;
                Ok(())
            }
            FrameKind::Array => self.start_item(graph, tag, scope),
            FrameKind::Tree => self.start_branch(tag, scope),
            FrameKind::Opened => self.document_element(graph, tag, scope),
            FrameKind::Any => {
                let text = std::mem::take(&mut self.text);
                if !text.is_empty() {
                    self.capture.text(&text);
                }
                self.set_kind(FrameKind::Capture);
                Ok(self.capture.start(tag, scope)?)
            }
            FrameKind::Mixed | FrameKind::Capture | FrameKind::Outer => {
                Ok(self.capture.start(tag, scope)?)
            }
        }
    }

    #[inline]
    pub(super) fn text(&mut self, graph: &Graph, text: &str) {
        if self.skip > 0 {
            return;
        }
        let Some(frame) = self.frames.last_mut() else { return };
        match frame.kind {
            FrameKind::Text | FrameKind::Any | FrameKind::Tree => self.text.push_str(text),
            FrameKind::Object if frame.has_text => self.text.push_str(text),
            FrameKind::Object => frame.stray |= !trim(text).is_empty(),
            FrameKind::Nil | FrameKind::Array => {}
            FrameKind::Opened => self.document_text(graph, text),
            FrameKind::Mixed | FrameKind::Capture | FrameKind::Outer => self.capture.text(text),
        }
    }

    #[inline]
    pub(super) fn end(&mut self, graph: &Graph, scope: &Scope) -> Result<(), DecodeError> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        let Some(kind) = self.frames.last().map(|f| f.kind) else { return Ok(()) };
        let captures = matches!(kind, FrameKind::Mixed | FrameKind::Capture | FrameKind::Outer);
        if captures && self.capture.depth() > 0 {
            self.capture.end();
            if kind != FrameKind::Outer || self.capture.depth() > 0 {
                return Ok(());
            }
        }
        if kind == FrameKind::Tree && self.end_branch() {
            return Ok(());
        }
        self.close_value(graph, scope)
    }
}
