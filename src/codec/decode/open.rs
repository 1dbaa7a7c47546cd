//! A value opens: by its declared type, by `xsi:type` and `xsi:nil`, with its attributes.

use std::sync::Arc;

use super::super::graph::{Child, Graph, Node, NodeId, Object, Text, TextKind};
use super::super::lexical::Lexical;
use super::super::rules::{ArrayRule, Rules, Shape};
use super::array::looks_like_array;
use super::decoder::State;
use super::frame::FrameKind;
use super::value::{self, write_string};
use super::{DecodeError, Violation};
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
        if !tag.is_bare() && is_nil(tag)? {
            if !child.nillable {
                self.violation(graph, Code::ViolationNil, || tag.local.to_owned())?;
            }
            self.out.extend_from_slice(b"null");
            self.push(child.node, FrameKind::Nil, closers);
            return Ok(());
        }
        let (node, type_label) = self.actual_type(graph, child, tag, scope)?;
        // An element's label is beside the value, whatever type its value says it has.
        let mut element = label;
        if let Some(label) = label
            && graph.is_beside_label(child.node)
        {
            self.open_labelled(&child.discriminator, label);
            closers += 1;
            element = None;
        }
        let label = element.or(type_label.as_deref());
        match graph.node(node) {
            Node::Text(_) => self.push(node, FrameKind::Text, closers),
            Node::Any(_) => self.push(node, FrameKind::Any, closers),
            Node::Object(object) => {
                if object.is_abstract && !object.alternatives.is_empty() && label.is_none() {
                    self.violation(graph, Code::ViolationType, || tag.local.to_owned())?;
                }
                self.open_object(node, object, closers);
                if object.unwrap.is_none() {
                    if let Some(label) = label {
                        let name = match graph.node(child.node) {
                            _ if element.is_some() => &*child.discriminator,
                            Node::Object(declared) => &*declared.discriminator,
                            _ => "type",
                        };
                        write_string(&mut self.out, name);
                        self.out.push(b':');
                        write_string(&mut self.out, label);
                        self.wrote();
                    }
                    self.attributes(graph, object, tag, scope)?;
                } else if object.shape == Shape::Array {
                    self.array_attributes(graph, object, tag, scope)?;
                }
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.default.clone_from(&child.default);
        }
        Ok(())
    }

    fn open_labelled(&mut self, key: &str, label: &str) {
        self.out.push(b'{');
        write_string(&mut self.out, key);
        self.out.push(b':');
        write_string(&mut self.out, label);
        self.out.extend_from_slice(b",\"value\":");
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
            self.violation(graph, Code::ViolationType, || named.to_string())?;
            return Ok((declared, own()));
        };
        let found = alternatives.iter().find(|a| a.namespace == namespace && *a.local == *local);
        if let Some(found) = found {
            return Ok((found.node, Some(Arc::clone(&found.label))));
        }
        let mut of_that_local = alternatives.iter().filter(|a| *a.local == *local);
        if let (Some(near), None) = (of_that_local.next(), of_that_local.next()) {
            // The right name in a wrong namespace: servers do that, and which is meant is plain.
            self.violation(graph, Code::ViolationType, || named.to_string())?;
            return Ok((near.node, Some(Arc::clone(&near.label))));
        }
        match graph.node(declared) {
            Node::Any(rules) => match graph.labelled(*rules, namespace, local) {
                Some((node, label)) if matches!(graph.node(node), Node::Object(_)) => {
                    Ok((node, Some(label)))
                }
                Some((node, _)) => Ok((node, None)),
                None => Ok((declared, None)),
            },
            Node::Object(object) if !is_named(object.name.as_ref(), namespace, local) => {
                let is_array = |rule: &ArrayRule| rule.encoding == namespace && local == "Array";
                if !object.array.as_deref().is_some_and(is_array) {
                    self.violation(graph, Code::ViolationType, || named.to_string())?;
                }
                Ok((declared, own()))
            }
            Node::Text(text) if child.typed && !may_be(graph, text, namespace, local) => {
                self.violation(graph, Code::ViolationType, || named.to_string())?;
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
        Ok(())
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
        if rule.dropped || !self.place(object, member)? {
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
            _ => {
                write_string(&mut self.out, text);
                true
            }
        };
        if !written {
            self.out.extend_from_slice(b"null");
            self.violation(graph, Code::ViolationValue, || text.chars().take(80).collect())?;
        }
        Ok(())
    }

    #[cold]
    pub(super) fn violation(
        &mut self,
        graph: &Graph,
        code: Code,
        what: impl FnOnce() -> String,
    ) -> Result<(), DecodeError> {
        let path = self.path(graph);
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
