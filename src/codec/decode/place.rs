//! Where in the output the next value goes.

use super::super::graph::{Graph, Object};
use super::DecodeError;
use super::decoder::State;
use super::frame::{Frame, NO_ARRAY};
use super::path::Where;
use crate::diagnostic::Code;
use crate::xml::StartTag;

/// Items put into arrays that were closed before, in one message.
const SPLICES_MAX: u32 = 10_000;

/// An array of an open object that was closed because another member came.
#[derive(Debug)]
pub(super) struct ClosedArray {
    frame: u32,
    member: u16,
    /// Where its `]` stands, counted from the start of the output.
    bracket: u64,
    items: u32,
}

impl State {
    /// Writes what stands before a value of a member: comma, key, bracket. Answers `false`
    /// where the member cannot take another value.
    #[inline]
    pub(super) fn place(&mut self, object: &Object, at: u16) -> Result<bool, DecodeError> {
        let member = &object.members[usize::from(at)];
        let Some(frame) = self.frames.last_mut() else { return Ok(false) };
        if frame.open_array == at {
            frame.items += 1;
            self.out.push(b',');
            return Ok(true);
        }
        let seen = self.is_seen(at);
        if seen && !member.repeats {
            return Ok(false);
        }
        if seen {
            self.reopen(at, &member.name)?;
            return Ok(true);
        }
        self.close_array();
        self.set_seen(at);
        let Some(frame) = self.frames.last_mut() else { return Ok(false) };
        (frame.member, frame.items) = (at, 1);
        if object.unwrap.is_none() {
            if frame.written {
                self.out.push(b',');
            }
            frame.written = true;
            self.out.extend_from_slice(&member.key);
        }
        if member.repeats {
            self.out.push(b'[');
            frame.open_array = at;
        }
        Ok(true)
    }

    pub(super) fn close_array(&mut self) {
        let depth = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.open_array == NO_ARRAY {
            return;
        }
        let bracket = self.taken + self.out.len() as u64;
        let (member, items) = (frame.open_array, frame.items);
        self.closed.push(ClosedArray { frame: depth, member, bracket, items });
        frame.open_array = NO_ARRAY;
        self.out.push(b']');
    }

    /// The next item belongs into an array closed before: it is written at the end and
    /// moved into its place when it is whole.
    #[cold]
    fn reopen(&mut self, member: u16, name: &str) -> Result<(), DecodeError> {
        self.close_array();
        let depth = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        let found = self.closed.iter().rposition(|c| c.frame == depth && c.member == member);
        let Some(at) = found.filter(|at| self.closed[*at].bracket >= self.taken) else {
            return Err(DecodeError::Apart(name.to_owned()));
        };
        self.splices += 1;
        if self.splices > SPLICES_MAX {
            return Err(DecodeError::Apart(name.to_owned()));
        }
        let start = self.taken + self.out.len() as u64;
        self.pending_splice = Some((start, u32::try_from(at).unwrap_or(u32::MAX)));
        self.closed[at].items += 1;
        let items = self.closed[at].items;
        if let Some(frame) = self.frames.last_mut() {
            (frame.member, frame.items) = (member, items);
        }
        self.out.push(b',');
        Ok(())
    }

    /// After an element's value is whole: moves it if it belongs elsewhere, and forgets the
    /// arrays of the element that ended.
    #[cold]
    pub(super) fn after_close(&mut self, frame: &Frame) {
        let depth = u32::try_from(self.frames.len()).unwrap_or(u32::MAX) + 1;
        self.closed.retain(|c| c.frame < depth);
        let Some((start, at)) = frame.splice else { return };
        let Some(bracket) = self.closed.get(at as usize).map(|c| c.bracket) else { return };
        let local =
            |place: u64| usize::try_from(place.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        let (from, to) = (local(bracket), local(start));
        let len = self.out.len().saturating_sub(to);
        if let Some(tail) = self.out.get_mut(from..) {
            tail.rotate_right(len);
        }
        for closed in &mut self.closed {
            if closed.bracket >= bracket {
                closed.bracket += len as u64;
            }
        }
    }

    /// A child that stands before one that came earlier. In a sequence that is a deviation.
    pub(super) fn went_back(
        &mut self,
        graph: &Graph,
        object: &Object,
        at: usize,
        tag: &StartTag<'_>,
    ) -> Result<(), DecodeError> {
        use super::super::particle::ParticleTerm;
        let member = object.children[at].member;
        let in_sequence = matches!(
            object.content.as_ref().map(|c| &c.term),
            Some(ParticleTerm::Sequence(inner))
                if inner.iter().all(|p| matches!(p.term, ParticleTerm::Element { .. }))
                    // A name the sequence has twice may come after what stands between.
                    && inner.iter().filter(|p| p.members.contains(&member)).count() == 1
        );
        let grouped =
            object.members[usize::from(member)].source == super::super::graph::MemberSource::Group;
        if in_sequence && !grouped && self.open_array() != member {
            let at = Where::of(object, member);
            self.violation(graph, Code::ViolationOrder, at, || tag.local.to_owned())?;
        }
        Ok(())
    }

    fn open_array(&self) -> u16 {
        self.frames.last().map_or(NO_ARRAY, |f| f.open_array)
    }

    #[inline]
    pub(super) fn is_seen(&self, member: u16) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        let word = frame.seen_at as usize + usize::from(member) / 64;
        self.seen.get(word).is_some_and(|bits| bits & (1 << (member % 64)) != 0)
    }

    /// Whether any of these members was met.
    #[cold]
    pub(super) fn is_any_seen(&self, members: &[u64]) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        let seen = self.seen.get(frame.seen_at as usize..).unwrap_or_default();
        members.iter().zip(seen).any(|(wanted, met)| wanted & met != 0)
    }

    #[inline]
    fn set_seen(&mut self, member: u16) {
        let Some(frame) = self.frames.last() else { return };
        let word = frame.seen_at as usize + usize::from(member) / 64;
        if let Some(bits) = self.seen.get_mut(word) {
            *bits |= 1 << (member % 64);
        }
    }
}
