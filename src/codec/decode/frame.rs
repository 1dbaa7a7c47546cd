//! Open elements: how their values begin and end.

use std::sync::Arc;

use super::super::graph::{Graph, Member, Node, NodeId, Object};
use super::super::rules::{Rules, Shape};
use super::decoder::State;
use super::path::Where;
use super::{DecodeError, write_string};
use crate::diagnostic::Code;
use crate::xml::Scope;

/// No member's array is open.
pub(super) const NO_ARRAY: u16 = u16::MAX;

/// What an open element's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// Members.
    Object,
    /// A text.
    Text,
    /// Items of an array of SOAP encoding.
    Array,
    /// `anyType`, and no child so far.
    Any,
    /// A tree of elements.
    Tree,
    /// A document of its own, as text so far.
    Opened,
    /// Nothing: `null` is written.
    Nil,
    /// The inner XML of mixed content.
    Mixed,
    /// The inner XML of an `anyType` with children.
    Capture,
    /// The XML of the element itself, under a wildcard.
    Outer,
}

/// One open element.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, any mix of them occurs"
)]
pub(super) struct Frame {
    pub(super) node: NodeId,
    pub(super) kind: FrameKind,
    /// The child met last.
    pub(super) cursor: u16,
    /// The member whose array is open.
    pub(super) open_array: u16,
    /// The member met last, for the places of deviations.
    pub(super) member: u16,
    /// Items of its array so far.
    pub(super) items: u32,
    /// Braces to write after the value.
    pub(super) closers: u8,
    /// Whether a member is written.
    pub(super) written: bool,
    /// Whether text came that is no content.
    pub(super) stray: bool,
    /// Whether its text is content.
    pub(super) has_text: bool,
    /// Where its bits start in `seen`.
    pub(super) seen_at: u32,
    /// Whether it is nil, and only its attributes are there.
    pub(super) is_nil: bool,
    /// The value of an empty element.
    pub(super) default: Option<Arc<str>>,
    /// An item that belongs into an array closed before: where it starts, and which.
    pub(super) splice: Option<(u64, u32)>,
}

impl State {
    pub(super) fn push(&mut self, node: NodeId, kind: FrameKind, closers: u8) {
        if !matches!(kind, FrameKind::Object) {
            self.text.clear();
        }
        let seen_at = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        self.frames.push(Frame {
            node,
            kind,
            cursor: 0,
            open_array: NO_ARRAY,
            member: NO_ARRAY,
            items: 0,
            closers,
            written: false,
            stray: false,
            has_text: false,
            is_nil: false,
            seen_at,
            default: None,
            splice: self.pending_splice.take(),
        });
    }

    pub(super) fn open_object(&mut self, node: NodeId, object: &Object, closers: u8) {
        let kind = match object.shape {
            Shape::Members | Shape::Document | Shape::Diffgram => FrameKind::Object,
            Shape::Mixed => FrameKind::Mixed,
            Shape::Array => {
                self.push(node, FrameKind::Array, closers);
                self.begin_array(object);
                return;
            }
        };
        if object.unwrap.is_none() {
            self.out.push(b'{');
        }
        self.push(node, kind, closers);
        self.seen.resize(self.seen.len() + object.required_bits.len(), 0);
        if object.text.is_some() {
            self.text.clear();
            if let Some(frame) = self.frames.last_mut() {
                frame.has_text = true;
            }
        }
    }

    pub(super) fn set_kind(&mut self, kind: FrameKind) {
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = kind;
        }
    }

    /// Says that a member was written, so the next one needs a comma.
    pub(super) fn wrote(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.written = true;
        }
    }

    /// Ends the value of the innermost element.
    pub(super) fn close_value(&mut self, graph: &Graph, scope: &Scope) -> Result<(), DecodeError> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let node = frame.node;
        match frame.kind {
            FrameKind::Text => self.close_text(graph, node, scope)?,
            FrameKind::Object | FrameKind::Mixed => {
                if let Node::Object(object) = graph.node(node) {
                    self.close_object(graph, object, scope)?;
                }
            }
            FrameKind::Array => self.close_items()?,
            FrameKind::Any => {
                let text = std::mem::take(&mut self.text);
                write_string(&mut self.out, &text);
                self.text = text;
            }
            FrameKind::Capture => {
                let xml = self.capture.take();
                self.out.extend_from_slice(b"{\"$xml\":");
                write_string(&mut self.out, &xml);
                self.out.push(b'}');
            }
            FrameKind::Outer => {
                let xml = self.capture.take();
                write_string(&mut self.out, &xml);
            }
            FrameKind::Opened => {
                if let Node::Opened(opened) = graph.node(node) {
                    self.close_document(graph, opened)?;
                }
            }
            FrameKind::Nil | FrameKind::Tree => {}
        }
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        self.seen.truncate(frame.seen_at as usize);
        for _ in 0..frame.closers {
            self.out.push(b'}');
        }
        if frame.splice.is_some() || !self.closed.is_empty() {
            self.after_close(&frame);
        }
        Ok(())
    }

    #[inline]
    fn close_text(
        &mut self,
        graph: &Graph,
        node: NodeId,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let text = std::mem::take(&mut self.text);
        let default = self.frames.last_mut().and_then(|f| f.default.take());
        let result = match default.filter(|_| text.is_empty()) {
            Some(default) => self.scalar(graph, node, &default, scope),
            None => self.scalar(graph, node, &text, scope),
        };
        self.text = text;
        result
    }

    fn close_object(
        &mut self,
        graph: &Graph,
        object: &Object,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let is_shown = |member: u16| object.unwrap.is_none_or(|only| only == member);
        if let Some((node, member)) = object.text
            && !object.members[usize::from(member)].dropped
            && is_shown(member)
        {
            self.place(object, member)?;
            if self.frames.last().is_some_and(|frame| frame.is_nil) {
                self.out.extend_from_slice(b"null");
            } else {
                self.close_text(graph, node, scope)?;
            }
        }
        if let Some(member) = object.mixed.filter(|member| is_shown(*member)) {
            let xml = self.capture.take();
            self.place(object, member)?;
            write_string(&mut self.out, &xml);
        }
        self.close_array();
        if self.frames.last().is_some_and(|frame| frame.stray) {
            self.violation(graph, Code::ViolationText, Where::Element, String::new)?;
        }
        if let Some(only) = object.unwrap {
            if !self.is_seen(only) {
                if matches!(object.shape, Shape::Document | Shape::Diffgram) {
                    return self.no_root(graph, object);
                }
                let member = &object.members[usize::from(only)];
                if object.closed && !is_void(graph, member) {
                    return Err(DecodeError::OtherAnswer("nothing".to_owned()));
                }
                let nothing: &[u8] = match member.repeats {
                    true => b"[]",
                    false if object.closed => b"{}",
                    false => b"null",
                };
                self.out.extend_from_slice(nothing);
            }
        } else {
            self.absent_members(object);
            self.out.push(b'}');
        }
        self.missing(graph, object)
    }

    /// Members that are there all the same where nothing came for them.
    pub(super) fn absent_members(&mut self, object: &Object) {
        let Some(frame) = self.frames.last() else { return };
        let seen_at = frame.seen_at as usize;
        let mut written = frame.written;
        for (word, bits) in object.array_bits.iter().enumerate() {
            let mut absent = bits & !self.seen.get(seen_at + word).copied().unwrap_or(0);
            while absent != 0 {
                let at = word * 64 + absent.trailing_zeros() as usize;
                absent &= absent - 1;
                if written {
                    self.out.push(b',');
                }
                written = true;
                let member = &object.members[at];
                self.out.extend_from_slice(&member.key);
                self.out.extend_from_slice(if member.repeats { b"[]" } else { b"null" });
            }
        }
    }

    fn missing(&mut self, graph: &Graph, object: &Object) -> Result<(), DecodeError> {
        let Some(seen_at) = self.frames.last().map(|f| f.seen_at as usize) else { return Ok(()) };
        let arrays = object.array_bits.iter().copied().chain(std::iter::repeat(0));
        for (word, (bits, arrays)) in object.required_bits.iter().zip(arrays).enumerate() {
            let mut absent = (bits | arrays) & !self.seen.get(seen_at + word).copied().unwrap_or(0);
            while absent != 0 {
                let at = word * 64 + absent.trailing_zeros() as usize;
                absent &= absent - 1;
                let member = &object.members[at];
                let hidden = member.dropped
                    || !member.required
                    || object.rules != Rules::Literal && bits & (1 << (at % 64)) == 0
                    || object.unwrap.is_some_and(|only| usize::from(only) != at);
                if !hidden {
                    let at = Where::of(object, u16::try_from(at).unwrap_or(u16::MAX));
                    self.violation(graph, Code::ViolationMissing, at, || member.name.to_string())?;
                }
            }
        }
        Ok(())
    }
}

/// Whether an answer has nothing to say: its wrapper holds no element.
fn is_void(graph: &Graph, answer: &Member) -> bool {
    match graph.node(answer.node) {
        Node::Object(wrapper) => wrapper.members.is_empty() && wrapper.shape == Shape::Members,
        _ => false,
    }
}
