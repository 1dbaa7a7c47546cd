//! A child element starts: which member it is, and whether it may be.

use super::super::graph::{Child, Graph, MemberSource, Node, NodeId, Object};
use super::super::rules::{Rules, Shape};
use super::DecodeError;
use super::decoder::State;
use super::frame::FrameKind;
use super::path::Where;
use super::value::write_string;
use crate::diagnostic::Code;
use crate::xml::{Scope, StartTag};

/// The body and the wrapper: elements around an answer whose names servers make up.
const ANSWER_DEPTH: usize = 2;

impl State {
    pub(super) fn start_child(
        &mut self,
        graph: &Graph,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let Node::Object(object) = graph.node(frame.node) else { return Ok(()) };
        let hint = usize::from(frame.cursor);
        let Some(at) = object.child(tag.namespace, tag.local, hint) else {
            return self.start_stranger(graph, object, tag, scope);
        };
        if at < hint {
            self.went_back(graph, object, at, tag)?;
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.cursor = u16::try_from(at).unwrap_or(u16::MAX);
        }
        self.start_known(graph, object, &object.children[at], tag, scope)
    }

    /// A child that is not in the schema under its name.
    #[cold]
    pub(super) fn start_stranger(
        &mut self,
        graph: &Graph,
        object: &Object,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let known = object.child_by_local(tag.local);
        let is_document = matches!(object.shape, Shape::Document | Shape::Diffgram);
        if let Some(member) = object.any
            && (known.is_none() || object.lets_in(tag.namespace))
        {
            return self.start_wild(graph, object, member, tag, scope);
        }
        if let Some(at) = known {
            let child = &object.children[at];
            let member = &object.members[usize::from(child.member)];
            // Servers with SOAP encoding qualify what a schema says is qualified; SOAP does not.
            if object.rules != Rules::Literal {
                return self.start_known(graph, object, child, tag, scope);
            }
            // Beside the one that is due, another namespace's element is another one.
            if member.repeats || !self.is_seen(child.member) {
                let place = Where::of(object, child.member);
                self.violation(graph, Code::ViolationNamespace, place, || tag.local.to_owned())?;
                return self.start_known(graph, object, child, tag, scope);
            }
        } else if !is_document && !self.is_seen(0) && !object.children.is_empty() {
            let child = &object.children[0];
            if object.positional {
                return self.start_known(graph, object, child, tag, scope);
            }
            if self.frames.len() <= ANSWER_DEPTH
                && object.children.len() == 1
                && is_named_like(&child.local, tag.local)
            {
                let place = Where::of(object, child.member);
                self.violation(graph, Code::ViolationName, place, || tag.local.to_owned())?;
                return self.start_known(graph, object, child, tag, scope);
            }
        }
        if is_document {
            return self.other_root(graph, tag, scope);
        }
        if object.closed {
            return Err(DecodeError::OtherAnswer(tag.local.to_owned()));
        }
        if self.is_named_as_its_array(graph, object, tag.local) {
            self.violation(graph, Code::ViolationItemName, Where::Element, || {
                tag.local.to_owned()
            })?;
            return self.start_known(graph, object, &object.children[0], tag, scope);
        }
        self.violation(graph, Code::ViolationUnknown, Where::Element, || tag.local.to_owned())?;
        self.skip = 1;
        Ok(())
    }

    /// Whether the open element is nothing but an array and has the name of this child: Axis writes
    /// `<tags><tags/></tags>` where its own contract says `<tags><item/></tags>`.
    fn is_named_as_its_array(&self, graph: &Graph, object: &Object, local: &str) -> bool {
        let [.., outer, _] = &self.frames[..] else { return false };
        let Node::Object(around) = graph.node(outer.node) else { return false };
        let [item] = &object.children[..] else { return false };
        object.unwrap == Some(item.member)
            && object.members[usize::from(item.member)].repeats
            && around.children.get(usize::from(outer.cursor)).is_some_and(|c| *c.local == *local)
    }

    pub(super) fn start_known(
        &mut self,
        graph: &Graph,
        object: &Object,
        child: &Child,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let member = &object.members[usize::from(child.member)];
        if member.dropped || object.unwrap.is_some_and(|only| only != child.member) {
            self.skip = 1;
            return Ok(());
        }
        let excluded = !member.excludes.is_empty() && self.is_any_seen(&member.excludes);
        if excluded || !self.place(object, child.member)? {
            // The name may stand once by itself, and again in a group that repeats.
            let again = object.children.iter().find(|other| {
                (other.namespace, &other.local) == (child.namespace, &child.local)
                    && other.member != child.member
                    && object.members[usize::from(other.member)].source == MemberSource::Group
            });
            if let Some(again) = again.filter(|_| member.source != MemberSource::Group) {
                return self.start_known(graph, object, again, tag, scope);
            }
            self.violation(graph, Code::ViolationOccurs, Where::of(object, child.member), || {
                tag.local.to_owned()
            })?;
            self.skip = 1;
            return Ok(());
        }
        let in_group = member.source == MemberSource::Group;
        if in_group {
            self.out.push(b'{');
            self.out.extend_from_slice(&child.key);
        }
        let label = child.label.as_deref().filter(|_| !in_group);
        self.open_value(graph, child, label, u8::from(in_group), tag, scope)
    }

    /// What a wildcard lets in: typed where a global element of that name is known.
    pub(super) fn start_wild(
        &mut self,
        graph: &Graph,
        object: &Object,
        member: u16,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let only_other = object.unwrap.is_some_and(|only| only != member);
        if only_other || object.members[usize::from(member)].dropped {
            self.skip = 1;
            return Ok(());
        }
        if !object.lets_in(tag.namespace) {
            let place = Where::of(object, member);
            self.violation(graph, Code::ViolationNamespace, place, || tag.local.to_owned())?;
        }
        self.place(object, member)?;
        let node = object.members[usize::from(member)].node;
        if matches!(graph.node(node), Node::Tree) {
            let in_group = object.members[usize::from(member)].source == MemberSource::Group;
            if in_group {
                self.out.push(b'{');
                write_string(&mut self.out, tag.local);
                self.out.push(b':');
            }
            return self.open_named_tree(node, u8::from(in_group), tag, scope);
        }
        self.out.push(b'{');
        if let Some(child) = graph.globals.get(&(tag.namespace, tag.local.into())) {
            self.out.extend_from_slice(&child.key);
            return self.open_value(graph, child, None, 1, tag, scope);
        }
        write_string(&mut self.out, tag.local);
        self.out.push(b':');
        let node = self.frames.last().map_or(NodeId(0), |f| f.node);
        self.push(node, FrameKind::Outer, 1);
        Ok(self.capture.start(tag, scope)?)
    }
}

/// Whether two names are one but for case and the word for an answer at the end: what
/// frameworks call the answer of `GetOrder` and its result.
fn is_named_like(due: &str, met: &str) -> bool {
    stem(due) == stem(met) || stem(met).is_empty()
}

fn stem(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    // SOAP::Lite's name for what has none.
    if name.starts_with("s-gensym") {
        return String::new();
    }
    let words = ["response", "result", "return", "reply", "out"];
    words.iter().find_map(|word| name.strip_suffix(word)).unwrap_or(&name).to_owned()
}
