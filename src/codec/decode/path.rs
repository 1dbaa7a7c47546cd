//! Where in the JSON something is: `/lines[3]/quantity`, items from 0.

use std::fmt::Write as _;

use super::super::graph::{Graph, Node, Object};
use super::DecodeError;
use super::array::OpenArray;
use super::decoder::State;
use super::frame::{Frame, FrameKind};
use super::violation::{TEXT_CHARS_MAX, Violation, shortened};
use crate::diagnostic::Code;

/// What of the innermost open element a deviation is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Where<'m> {
    /// The value at hand: of its member that was placed last, or its own text.
    Value,
    /// The element itself.
    Element,
    /// A member of this name, no item of which is at hand.
    Member(&'m str),
}

impl<'m> Where<'m> {
    /// A member of the innermost element; where it is all there is, the element itself.
    pub(super) fn of(object: &'m Object, member: u16) -> Self {
        match object.members.get(usize::from(member)) {
            Some(member) if object.unwrap.is_none() => Self::Member(&member.name),
            _ => Self::Element,
        }
    }
}

impl State {
    /// Counts a deviation; an error where it is strict. Nothing is worked out of one that
    /// is only counted.
    #[cold]
    pub(super) fn violation(
        &mut self,
        graph: &Graph,
        code: Code,
        at: Where<'_>,
        what: impl FnOnce() -> String,
    ) -> Result<(), DecodeError> {
        if !self.strict && self.violations.is_full() {
            self.violations.count += 1;
            return Ok(());
        }
        let path = self.path(graph, at);
        let violation = Violation { code, path, what: shortened(what(), TEXT_CHARS_MAX) };
        if self.strict {
            return Err(DecodeError::Violation(violation));
        }
        self.violations.push(|| violation);
        Ok(())
    }

    pub(super) fn path(&self, graph: &Graph, at: Where<'_>) -> String {
        let mut path = String::new();
        let mut arrays = self.arrays.iter();
        let whole = matches!(at, Where::Value);
        let outer = if whole { self.frames.len() } else { self.frames.len().saturating_sub(1) };
        for frame in &self.frames[..outer] {
            match frame.kind {
                FrameKind::Object => step(&mut path, graph, frame),
                FrameKind::Array => arrays.next().into_iter().for_each(|a| item(&mut path, a)),
                _ => {}
            }
        }
        if let Where::Member(name) = at {
            path.push('/');
            path.push_str(name);
        }
        if path.is_empty() { "/".to_owned() } else { path }
    }
}

/// The member that is being read, with its item.
fn step(path: &mut String, graph: &Graph, frame: &Frame) {
    let Node::Object(object) = graph.node(frame.node) else { return };
    let Some(member) = object.members.get(usize::from(frame.member)) else { return };
    if object.unwrap.is_none() {
        path.push('/');
        path.push_str(&member.name);
    }
    if member.repeats {
        let _ = write!(path, "[{}]", frame.items.saturating_sub(1));
    }
}

/// The item of an array of SOAP encoding that is being read.
fn item(path: &mut String, array: &OpenArray) {
    for index in array.indexes() {
        let _ = write!(path, "[{index}]");
    }
}
