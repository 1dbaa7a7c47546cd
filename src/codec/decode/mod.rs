//! XML events → JSON text, as they come.
//!
//! One frame per open element, one output buffer. Arrays are opened and closed as their
//! items come; nothing is kept but the output not yet taken away, so an answer of any
//! length needs the memory of its deepest object. The shape comes from the graph alone.

mod capture;
mod frame;
mod place;
mod value;
mod violation;

use std::sync::Arc;

pub(crate) use value::write_string;
pub use violation::{Violation, Violations};

use self::capture::Capture;
use self::frame::{Frame, FrameKind};
use self::place::ClosedArray;
use super::graph::{Child, Graph, MemberSource, Node, NodeId, Object};
use crate::diagnostic::Code;
use crate::xml::{NsId, Scope, StartTag, XmlError};

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
    /// Items of one array stand apart, and too much has been sent to put them together.
    #[error("items of `{0}` stand too far apart")]
    Apart(String),
}

/// Decodes elements of one graph.
#[derive(Debug)]
pub struct Decoder {
    graph: Arc<Graph>,
    strict: bool,
    out: Vec<u8>,
    /// Bytes already taken away; places in the output count from the very start.
    taken: u64,
    frames: Vec<Frame>,
    seen: Vec<u64>,
    closed: Vec<ClosedArray>,
    splices: u32,
    /// Set between placing an item and opening its value.
    pending_splice: Option<(u64, u32)>,
    text: String,
    capture: Capture,
    skip: u32,
    violations: Violations,
}

impl Decoder {
    /// A decoder over a graph; `strict` turns violations into errors.
    #[must_use]
    pub fn new(graph: Arc<Graph>, strict: bool) -> Self {
        Self {
            graph,
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
            violations: Violations::default(),
        }
    }

    /// Opens the outermost value: the children of some element are of this type.
    pub fn begin(&mut self, node: NodeId) {
        let graph = Arc::clone(&self.graph);
        match graph.node(node) {
            Node::Object(object) => {
                self.open_object(node, object, 0);
            }
            Node::Text(_) => self.push(node, FrameKind::Text, 0),
            Node::Any => self.push(node, FrameKind::Any, 0),
        }
    }

    /// Opens the outermost value from an element's own start tag.
    pub fn start_root(
        &mut self,
        child: &Child,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        self.open_value(child, None, 0, tag, scope)
    }

    /// Output so far that has not been taken away.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        &self.out
    }

    /// Takes the output away.
    pub fn take(&mut self) -> Vec<u8> {
        self.taken += self.out.len() as u64;
        std::mem::replace(&mut self.out, Vec::with_capacity(16 << 10))
    }

    /// What deviated from the contract.
    #[must_use]
    pub fn violations(&self) -> &Violations {
        &self.violations
    }

    /// Whether the outermost value is closed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.frames.is_empty()
    }

    /// An element starts.
    #[inline]
    pub fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), DecodeError> {
        if self.skip > 0 {
            self.skip += 1;
            return Ok(());
        }
        let Some(frame) = self.frames.last() else {
            return Err(DecodeError::OtherAnswer(tag.local.to_owned()));
        };
        match frame.kind {
            FrameKind::Object => self.start_child(tag, scope),
            FrameKind::Text | FrameKind::Nil => {
                self.violation(Code::ViolationUnknown, || tag.local.to_owned())?;
                self.skip = 1;
                Ok(())
            }
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

    /// A piece of text.
    #[inline]
    pub fn text(&mut self, text: &str) {
        if self.skip > 0 {
            return;
        }
        match self.frames.last().map(|f| f.kind) {
            Some(FrameKind::Text | FrameKind::Any) => self.text.push_str(text),
            Some(FrameKind::Object) => {
                if self.frames.last().is_some_and(|f| f.has_text) {
                    self.text.push_str(text);
                }
            }
            Some(FrameKind::Mixed | FrameKind::Capture | FrameKind::Outer) => {
                self.capture.text(text);
            }
            Some(FrameKind::Nil) | None => {}
        }
    }

    /// An element ends.
    #[inline]
    pub fn end(&mut self, scope: &Scope) -> Result<(), DecodeError> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        let Some(kind) = self.frames.last().map(|f| f.kind) else { return Ok(()) };
        if matches!(kind, FrameKind::Mixed | FrameKind::Capture | FrameKind::Outer)
            && self.capture.depth() > 0
        {
            self.capture.end();
            if kind != FrameKind::Outer || self.capture.depth() > 0 {
                return Ok(());
            }
        }
        self.close_value(scope)
    }

    fn start_child(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), DecodeError> {
        let graph = Arc::clone(&self.graph);
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let Node::Object(object) = graph.node(frame.node) else { return Ok(()) };
        let hint = usize::from(frame.cursor);
        let Some(at) = object.child(tag.namespace, tag.local, hint) else {
            return self.start_stranger(object, tag, scope);
        };
        if at < hint {
            self.went_back(object, at, tag)?;
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.cursor = u16::try_from(at).unwrap_or(u16::MAX);
        }
        self.start_known(object, &object.children[at], tag, scope)
    }

    /// A child that is not in the schema under its name.
    #[cold]
    fn start_stranger(
        &mut self,
        object: &Object,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        if let Some(member) = object.any {
            return self.start_wild(object, member, tag, scope);
        }
        if let Some(at) = object.child_by_local(tag.local) {
            let child = &object.children[at];
            self.violation(Code::ViolationNamespace, || tag.local.to_owned())?;
            return self.start_known(object, child, tag, scope);
        }
        if object.closed {
            return Err(DecodeError::OtherAnswer(tag.local.to_owned()));
        }
        self.violation(Code::ViolationUnknown, || tag.local.to_owned())?;
        self.skip = 1;
        Ok(())
    }

    fn start_known(
        &mut self,
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
        if !self.place(object, child.member)? {
            self.violation(Code::ViolationOccurs, || tag.local.to_owned())?;
            self.skip = 1;
            return Ok(());
        }
        let in_group = member.source == MemberSource::Group;
        if in_group {
            self.out.push(b'{');
            self.out.extend_from_slice(&child.key);
        }
        let label = child.label.as_deref().filter(|_| !in_group);
        self.open_value(child, label, u8::from(in_group), tag, scope)
    }

    /// What a wildcard lets in: typed where a global element of that name is known.
    fn start_wild(
        &mut self,
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
        self.place(object, member)?;
        self.out.push(b'{');
        let graph = Arc::clone(&self.graph);
        if let Some(child) = graph.globals.get(&(tag.namespace, tag.local.into())) {
            self.out.extend_from_slice(&child.key);
            return self.open_value(child, None, 1, tag, scope);
        }
        write_string(&mut self.out, tag.local);
        self.out.push(b':');
        let node = self.frames.last().map_or(NodeId(0), |f| f.node);
        self.push(node, FrameKind::Outer, 1);
        Ok(self.capture.start(tag, scope)?)
    }

    /// Opens the value of an element by its declared type and its `xsi:` attributes.
    fn open_value(
        &mut self,
        child: &Child,
        label: Option<&str>,
        mut closers: u8,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        if !tag.is_bare() && is_nil(tag)? {
            if !child.nillable {
                self.violation(Code::ViolationNil, || tag.local.to_owned())?;
            }
            self.out.extend_from_slice(b"null");
            self.push(child.node, FrameKind::Nil, closers);
            return Ok(());
        }
        let graph = Arc::clone(&self.graph);
        let (node, type_label) = self.actual_type(&graph, child.node, tag, scope)?;
        let label = label.or(type_label.as_deref());
        match graph.node(node) {
            Node::Text(_) => {
                if let Some(label) = label {
                    self.open_labelled(label);
                    closers += 1;
                }
                self.push(node, FrameKind::Text, closers);
            }
            Node::Any => self.push(node, FrameKind::Any, closers),
            Node::Object(object) => {
                self.open_object(node, object, closers);
                if object.unwrap.is_none() {
                    if let Some(label) = label {
                        let name = match graph.node(child.node) {
                            Node::Object(declared) => Arc::clone(&declared.discriminator),
                            _ => "type".into(),
                        };
                        write_string(&mut self.out, &name);
                        self.out.push(b':');
                        write_string(&mut self.out, label);
                        self.wrote();
                    }
                    self.attributes(object, tag, scope)?;
                }
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.default.clone_from(&child.default);
        }
        Ok(())
    }

    fn open_labelled(&mut self, label: &str) {
        self.out.extend_from_slice(b"{\"type\":");
        write_string(&mut self.out, label);
        self.out.extend_from_slice(b",\"value\":");
    }

    /// The type of an element: the one `xsi:type` names if it may stand in, with its label.
    fn actual_type(
        &mut self,
        graph: &Graph,
        declared: NodeId,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(NodeId, Option<Arc<str>>), DecodeError> {
        let alternatives = match graph.node(declared) {
            Node::Object(object) if !object.alternatives.is_empty() => &object.alternatives[..],
            Node::Object(_) | Node::Text(_) if tag.is_bare() => return Ok((declared, None)),
            _ => &[],
        };
        let own = || alternatives.iter().find(|a| a.node == declared).map(|a| Arc::clone(&a.label));
        let Some(named) = tag.attribute(NsId::XSI, "type")? else { return Ok((declared, own())) };
        let Some((namespace, local)) = scope.resolve_qname(&named) else {
            self.violation(Code::ViolationType, || named.to_string())?;
            return Ok((declared, own()));
        };
        let found = alternatives.iter().find(|a| a.namespace == namespace && *a.local == *local);
        if let Some(found) = found {
            return Ok((found.node, Some(Arc::clone(&found.label))));
        }
        let mut of_that_local = alternatives.iter().filter(|a| *a.local == *local);
        if let (Some(near), None) = (of_that_local.next(), of_that_local.next()) {
            // The right name in a wrong namespace: servers do that, and which is meant is plain.
            self.violation(Code::ViolationType, || named.to_string())?;
            return Ok((near.node, Some(Arc::clone(&near.label))));
        }
        match graph.node(declared) {
            Node::Any => match graph.named.get(&(namespace, local.into())) {
                Some(node) if matches!(graph.node(*node), Node::Object(_)) => {
                    Ok((*node, Some(local.into())))
                }
                Some(node) => Ok((*node, None)),
                None => Ok((declared, None)),
            },
            Node::Object(object) if !is_named(object.name.as_ref(), namespace, local) => {
                self.violation(Code::ViolationType, || named.to_string())?;
                Ok((declared, own()))
            }
            _ => Ok((declared, own())),
        }
    }

    fn attributes(
        &mut self,
        object: &Object,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        for attribute in tag.attributes().filter(|a| a.namespace != NsId::XSI) {
            let rule = object
                .attributes
                .iter()
                .find(|r| r.namespace == attribute.namespace && *r.local == *attribute.local);
            if let Some(rule) = rule {
                let value = attribute.value()?;
                self.attribute(object, rule.member, &value, scope)?;
            }
        }
        for rule in &object.attributes {
            let member = &object.members[usize::from(rule.member)];
            if let Some(default) = member.default.as_ref().or(member.fixed.as_ref())
                && !self.is_seen(rule.member)
            {
                self.attribute(object, rule.member, default, scope)?;
            }
        }
        Ok(())
    }

    fn attribute(
        &mut self,
        object: &Object,
        member: u16,
        value: &str,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let rule = &object.members[usize::from(member)];
        if rule.dropped || !self.place(object, member)? {
            return Ok(());
        }
        self.scalar(rule.node, value, scope)
    }

    /// Writes a text by its type; what is no value of it becomes null.
    fn scalar(&mut self, node: NodeId, text: &str, scope: &Scope) -> Result<(), DecodeError> {
        let graph = Arc::clone(&self.graph);
        let written = if let Node::Text(ty) = graph.node(node) {
            value::write_text(&mut self.out, &graph, ty, text, Some(scope))
        } else {
            write_string(&mut self.out, text);
            true
        };
        if !written {
            self.out.extend_from_slice(b"null");
            self.violation(Code::ViolationValue, || text.chars().take(80).collect())?;
        }
        Ok(())
    }

    #[cold]
    fn violation(&mut self, code: Code, what: impl FnOnce() -> String) -> Result<(), DecodeError> {
        let path = self.path();
        let violation = Violation { code, path, what: what() };
        if self.strict {
            return Err(DecodeError::Violation(violation));
        }
        self.violations.push(|| violation);
        Ok(())
    }
}

fn is_named(name: Option<&(NsId, Box<str>)>, namespace: NsId, local: &str) -> bool {
    name.is_some_and(|(ns, own)| *ns == namespace && **own == *local)
}

fn is_nil(tag: &StartTag<'_>) -> Result<bool, XmlError> {
    let nil = tag.attribute(NsId::XSI, "nil")?;
    Ok(nil.is_some_and(|value| matches!(value.trim(), "true" | "1")))
}
