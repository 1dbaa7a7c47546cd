//! A value opens: by its declared type, by `xsi:type` and `xsi:nil`, with its attributes.

use std::sync::Arc;

use super::super::graph::{Child, Graph, MemberSource, Node, NodeId, Object, Text, TextKind};
use super::super::lexical::{Lexical, trim};
use super::super::rules::{ArrayRule, Rules, Shape};
use super::DecodeError;
use super::array::looks_like_array;
use super::decoder::State;
use super::frame::FrameKind;
use super::meant::write_meant;
use super::names::Names;
use super::path::Where;
use super::value::{self, write_string};
use crate::diagnostic::Code;
use crate::xml::{NsId, Scope, StartTag, XmlError, ns};
use crate::xsd::Builtin;

impl State {
    /// Opens the value of an element by its declared type and its `xsi:` attributes.
    #[expect(clippy::too_many_arguments, reason = "what is known of one start tag")]
    pub(super) fn open_value(
        &mut self,
        graph: &Graph,
        child: &Child,
        label: Option<&str>,
        mut closers: u8,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let nil = !tag.is_bare() && is_nil(tag)?;
        if nil && !child.nillable {
            self.violation(graph, Code::ViolationNil, Where::Value, || tag.local.to_owned())?;
        }
        if nil && !has_attributes(graph.node(child.node), tag) {
            if matches!(graph.node(child.node), Node::Any(Rules::Literal))
                && self.open_any(tag, scope)?
            {
                closers += 1;
            }
            // An array that is nil against its contract is an array still.
            let is_array = !child.nillable && is_collapsed(graph.node(child.node));
            self.out.extend_from_slice(if is_array { b"[]" } else { b"null" });
            self.push(child.node, FrameKind::Nil, closers);
            return Ok(());
        }
        let (node, type_label) = self.actual_type(graph, child, tag, scope)?;
        let names = Names::of(graph, child, node, label, type_label.as_deref());
        if names.wrap(graph, node) {
            closers += 1;
            self.open_named(&names);
        }
        match graph.node(node) {
            Node::Text(_) => self.push(node, FrameKind::Text, closers),
            Node::Any(rules) => {
                if *rules == Rules::Literal && !tag.is_bare() && self.open_any(tag, scope)? {
                    closers += 1;
                }
                self.push(node, FrameKind::Any, closers);
            }
            Node::Tree => self.open_tree(node, closers, Some((tag, scope)))?,
            Node::Opened(_) => self.push(node, FrameKind::Opened, closers),
            Node::Object(object) => {
                if object.is_abstract && !object.alternatives.is_empty() && type_label.is_none() {
                    self.violation(graph, Code::ViolationType, Where::Value, || {
                        tag.local.to_owned()
                    })?;
                }
                self.open_object(node, object, closers);
                if let Some(frame) = self.frames.last_mut() {
                    frame.is_nil = nil;
                }
                if object.unwrap.is_none() {
                    if names.are_members(graph, node) {
                        self.write_names(&names);
                    }
                    self.attributes(graph, object, tag, scope)?;
                } else if object.shape == Shape::Array {
                    self.array_attributes(graph, object, tag, scope)?;
                } else if is_attribute_alone(object) {
                    self.attributes(graph, object, tag, scope)?;
                }
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.default.clone_from(&child.default);
        }
        Ok(())
    }

    /// The type of an element: the one `xsi:type` names if it may stand in, with its label.
    pub(super) fn actual_type(
        &mut self,
        graph: &Graph,
        child: &Child,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(NodeId, Option<Arc<str>>), DecodeError> {
        let declared = child.node;
        let alternatives = match graph.node(declared) {
            Node::Object(object) if !object.alternatives.is_empty() => &object.alternatives[..],
            Node::Object(_) | Node::Text(_) if tag.is_bare() => return Ok((declared, None)),
            // Whatever it says it is, what counts is the document in it.
            Node::Opened(_) | Node::Tree => return Ok((declared, None)),
            Node::Any(rules @ Rules::Encoded(encoding))
                if tag.attributes().all(|a| a.namespace != NsId::XSI) =>
            {
                return Ok((untyped(graph, *rules, *encoding, tag).unwrap_or(declared), None));
            }
            _ => &[],
        };
        let own = || alternatives.iter().find(|a| a.node == declared).map(|a| Arc::clone(&a.label));
        let Some(named) = tag.attribute(NsId::XSI, "type")? else { return Ok((declared, own())) };
        let Some((namespace, local)) = scope.resolve_qname(&named) else {
            self.violation(graph, Code::ViolationType, Where::Value, || named.to_string())?;
            return Ok((declared, own()));
        };
        let found = alternatives.iter().find(|a| a.namespace == namespace && *a.local == *local);
        if let Some(found) = found {
            return Ok((found.node, Some(Arc::clone(&found.label))));
        }
        let mut of_that_local = alternatives.iter().filter(|a| *a.local == *local);
        if let (Some(near), None) = (of_that_local.next(), of_that_local.next()) {
            // The right name in a wrong namespace: servers do that, and which is meant is plain.
            self.violation(graph, Code::ViolationType, Where::Value, || named.to_string())?;
            return Ok((near.node, Some(Arc::clone(&near.label))));
        }
        match graph.node(declared) {
            Node::Any(rules) => match graph.named(*rules, namespace, local) {
                Some(node) if matches!(graph.node(node), Node::Object(_)) => {
                    Ok((node, Some(graph.type_label(namespace, local))))
                }
                Some(node) => Ok((node, None)),
                None => Ok((declared, None)),
            },
            Node::Object(object) if !is_named(object.name.as_ref(), namespace, local) => {
                let is_array = |rule: &ArrayRule| rule.encoding == namespace && local == "Array";
                if !object.array.as_deref().is_some_and(is_array) {
                    self.violation(graph, Code::ViolationType, Where::Value, || named.to_string())?;
                }
                Ok((declared, own()))
            }
            Node::Text(text) if child.typed && !may_be(graph, text, namespace, local) => {
                self.violation(graph, Code::ViolationType, Where::Value, || named.to_string())?;
                Ok((declared, None))
            }
            _ => Ok((declared, own())),
        }
    }

    pub(super) fn attributes(
        &mut self,
        graph: &Graph,
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
                self.attribute(graph, object, rule.member, &value, scope)?;
            }
        }
        for rule in &object.attributes {
            let member = &object.members[usize::from(rule.member)];
            if let Some(default) = member.default.as_ref().or(member.fixed.as_ref())
                && !self.is_seen(rule.member)
            {
                self.attribute(graph, object, rule.member, default, scope)?;
            }
        }
        self.wild_attributes(object, tag, scope)
    }

    pub(super) fn attribute(
        &mut self,
        graph: &Graph,
        object: &Object,
        member: u16,
        value: &str,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let rule = &object.members[usize::from(member)];
        let is_hidden = rule.dropped || object.unwrap.is_some_and(|only| only != member);
        if is_hidden || !self.place(object, member)? {
            return Ok(());
        }
        self.scalar(graph, rule.node, value, scope)
    }

    /// Writes a text by its type; what is no value of it becomes null.
    pub(super) fn scalar(
        &mut self,
        graph: &Graph,
        node: NodeId,
        text: &str,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let written = match graph.node(node) {
            Node::Text(ty) => value::write_text(&mut self.out, graph, ty, text, Some(scope)),
            Node::Opened(opened) => return self.whole_document(graph, opened, text),
            _ => {
                write_string(&mut self.out, text);
                true
            }
        };
        if written { Ok(()) } else { self.no_value(graph, node, text) }
    }

    /// A text that is no value of its type: what it plainly says, or null.
    #[cold]
    fn no_value(&mut self, graph: &Graph, node: NodeId, text: &str) -> Result<(), DecodeError> {
        let code = match graph.node(node) {
            _ if trim(text).is_empty() => Code::ViolationEmpty,
            Node::Text(Text { kind: TextKind::Atomic(lexical), .. })
                if write_meant(&mut self.out, *lexical, lexical.is_string(graph.numbers), text) =>
            {
                return self
                    .violation(graph, Code::ViolationForm, Where::Value, || text.to_owned());
            }
            _ => Code::ViolationValue,
        };
        self.out.extend_from_slice(b"null");
        self.violation(graph, code, Where::Value, || text.to_owned())
    }
}

/// Whether an element says an attribute that stands beside its text.
fn has_attributes(node: &Node, tag: &StartTag<'_>) -> bool {
    let Node::Object(object) = node else { return false };
    let is_known = |namespace, local: &str| {
        object.attributes.iter().any(|r| r.namespace == namespace && *r.local == *local)
    };
    object.text.is_some() && tag.attributes().any(|a| is_known(a.namespace, a.local))
}

/// Whether all there is of a type is one array.
fn is_collapsed(node: &Node) -> bool {
    let Node::Object(object) = node else { return false };
    object.unwrap.is_some_and(|only| object.members[usize::from(only)].repeats)
}

/// Whether the whole value is one of its attributes.
fn is_attribute_alone(object: &Object) -> bool {
    let only = object.unwrap.map(|only| object.members[usize::from(only)].source);
    only == Some(MemberSource::Attribute)
}

fn is_named(name: Option<&(NsId, Box<str>)>, namespace: NsId, local: &str) -> bool {
    name.is_some_and(|(ns, own)| *ns == namespace && **own == *local)
}

/// The type of an element of SOAP encoding that the contract knows no type of, and that
/// says none.
fn untyped(graph: &Graph, rules: Rules, encoding: NsId, tag: &StartTag<'_>) -> Option<NodeId> {
    if looks_like_array(tag, encoding) {
        return graph.named(rules, encoding, "Array");
    }
    // `<soapenc:int>` says its type by its name (SOAP 1.1, section 5.2).
    (tag.namespace == encoding).then(|| graph.named(rules, encoding, tag.local)).flatten()
}

/// Whether a value of a simple type may call itself by this name: that of its type, or of
/// one built in whose values have the same form in JSON.
fn may_be(graph: &Graph, text: &Text, namespace: NsId, local: &str) -> bool {
    let is_builtin = namespace == NsId::XSD
        || [ns::SOAPENC11, ns::SOAPENC12].contains(&graph.namespaces.uri(namespace));
    let named = Builtin::ALL.iter().find(|builtin| is_builtin && builtin.name() == local);
    match (named, &text.kind) {
        (Some(named), TextKind::Atomic(own)) => {
            Lexical::of(*named).is_like(*own) || matches!(named, Builtin::AnySimpleType)
        }
        (Some(_), _) => true,
        (None, _) => {
            is_named(text.name.as_ref(), namespace, local)
                || is_builtin && OLD_NAMES.contains(&local)
        }
    }
}

/// Names that the drafts of XML Schema and SOAP 1.1 have beside those of today.
const OLD_NAMES: &[&str] =
    &["base64", "timeInstant", "timeDuration", "uriReference", "binary", "ur-type", "anyType"];

/// `xsi:nil`, which the draft of 1999 called `xsi:null`.
fn is_nil(tag: &StartTag<'_>) -> Result<bool, XmlError> {
    let is_it = |local: &str| local == "nil" || local == "null";
    let nil = tag.attributes().find(|a| a.namespace == NsId::XSI && is_it(a.local));
    let Some(nil) = nil else { return Ok(false) };
    Ok(matches!(nil.value()?.trim(), "true" | "1"))
}
