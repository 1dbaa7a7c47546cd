//! The walk: elements, objects, alternatives, attributes.

use std::borrow::Cow;

use super::super::graph::{Child, Graph, Member, Node, NodeId, Object};
use super::super::json::Json;
use super::content::Values;
use super::opened::Rows;
use crate::diagnostic::did_you_mean;
use crate::xml::{NsId, write_attribute_value, write_text};

/// Problems named in one answer.
pub(super) const PROBLEMS_MAX: usize = 100;

/// Something about a request that does not follow the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodeProblem {
    /// JSON pointer (RFC 6901) of the value; empty for the whole.
    pub pointer: String,
    /// What is wrong, in words.
    pub detail: String,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Writes values of one graph as XML.
#[derive(Debug)]
pub struct Encoder<'g> {
    pub(super) graph: &'g Graph,
    pub(super) out: Vec<u8>,
    pub(super) used: Vec<bool>,
    pub(super) pointer: Vec<Step>,
    pub(super) problems: Vec<EncodeProblem>,
    /// How many documents this one is inside.
    pub(super) opened: u32,
    /// Set inside a diffgram.
    pub(super) rows: Option<Rows>,
}

impl<'g> Encoder<'g> {
    /// An encoder over a graph.
    #[must_use]
    pub fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            out: Vec::with_capacity(1024),
            used: Vec::new(),
            pointer: Vec::new(),
            problems: Vec::new(),
            opened: 0,
            rows: None,
        }
    }

    /// Writes what stands inside an element of a type (a body, a header): its children.
    pub fn content(&mut self, node: NodeId, value: &Json<'_>) {
        match self.graph.node(node) {
            Node::Object(object) => self.object_content(object, value),
            Node::Text(text) => {
                if let Some(text) = self.text_value(text, value) {
                    self.write(&text);
                }
            }
            Node::Any(_) => self.any_content(value),
            Node::Opened(opened) => self.content(opened.document, value),
            Node::Tree => self.tree_inside(value),
        }
    }

    /// Writes one element with its content, e.g. a header block.
    pub fn block(&mut self, child: &Child, value: &Json<'_>) {
        self.element(child, value, None);
    }

    /// The problems found; none means the XML is good.
    #[must_use]
    pub fn problems(&self) -> &[EncodeProblem] {
        &self.problems
    }

    /// The XML, the namespaces it uses, and the problems.
    #[must_use]
    pub fn finish(self) -> (Vec<u8>, Vec<NsId>, Vec<EncodeProblem>) {
        let used = (0_u32..).zip(&self.used).filter(|(_, used)| **used).map(|(id, _)| NsId(id));
        (self.out, used.collect(), self.problems)
    }

    pub(super) fn problem(&mut self, detail: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            let pointer = self.pointer_text();
            self.problems.push(EncodeProblem { pointer, detail: detail.into() });
        }
    }

    pub(super) fn pointer_text(&self) -> String {
        let mut text = String::new();
        for step in &self.pointer {
            text.push('/');
            match step {
                Step::Key(key) => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => text.push_str(&index.to_string()),
            }
        }
        text
    }

    pub(super) fn at<T>(&mut self, step: Step, run: impl FnOnce(&mut Self) -> T) -> T {
        self.pointer.push(step);
        let result = run(self);
        self.pointer.pop();
        result
    }

    pub(super) fn uses(&mut self, namespace: NsId) {
        let at = namespace.0 as usize;
        if self.used.len() <= at {
            self.used.resize(at + 1, false);
        }
        self.used[at] = true;
    }

    pub(super) fn write(&mut self, text: &str) {
        if let Err(bad) = write_text(&mut self.out, text) {
            self.problem(format!("has the character U+{:04X}, which XML cannot carry", bad as u32));
        }
    }

    /// Writes one element with a value. `label`: the member that names the element, one of
    /// several that may stand there.
    pub(super) fn element(&mut self, child: &Child, value: &Json<'_>, label: Option<&str>) {
        self.uses(child.namespace);
        self.out.extend_from_slice(&child.open);
        match value {
            Json::Null if child.nillable => {
                if child.typed {
                    self.own_type(child.node);
                }
                self.uses(NsId::XSI);
                self.out.extend_from_slice(b" xsi:nil=\"true\"/>");
                return;
            }
            Json::Null if matches!(self.graph.node(child.node), Node::Opened(_)) => {}
            Json::Null => {
                self.problem("must not be null here");
                self.out.extend_from_slice(b"/>");
                return;
            }
            _ => {}
        }
        match self.graph.node(child.node) {
            Node::Text(text) => {
                let value = if label.is_some() { self.labelled_value(value, false) } else { value };
                if child.typed {
                    self.own_type(child.node);
                }
                self.out.push(b'>');
                if let Some(text) = self.text_value(text, value) {
                    self.write(&text);
                }
            }
            Node::Object(object) => {
                if self.rows.is_some() {
                    self.row(child);
                }
                self.object_element(child, object, value, label);
            }
            Node::Any(rules) => {
                let value = if label.is_some() { self.labelled_value(value, false) } else { value };
                self.any_element(*rules, value);
            }
            Node::Tree => {
                let value = if label.is_some() { self.labelled_value(value, false) } else { value };
                self.tree(value);
            }
            Node::Opened(opened) => {
                if child.typed {
                    self.own_type(child.node);
                }
                let value = if label.is_some() { self.labelled_value(value, false) } else { value };
                self.opened_element(opened, value);
            }
        }
        self.out.extend_from_slice(&child.close);
    }

    fn object_element(
        &mut self,
        child: &Child,
        declared: &'g Object,
        value: &Json<'_>,
        label: Option<&str>,
    ) {
        if let Some(rule) = &declared.array {
            let value = if label.is_some() { self.labelled_value(value, false) } else { value };
            self.array(child.typed, declared, rule, value);
            return;
        }
        let object = match self.alternative(child.node, value, label) {
            Node::Object(object) => object,
            Node::Text(text) => {
                self.out.push(b'>');
                let value = self.labelled_value(value, true);
                if let Some(text) = self.text_value(text, value) {
                    self.write(&text);
                }
                return;
            }
            Node::Any(_) | Node::Tree | Node::Opened(_) => declared,
        };
        if child.typed && std::ptr::eq(object, declared) {
            self.object_type(object);
        }
        if let Some(only) = object.unwrap {
            let is_named = label.is_some() || !std::ptr::eq(object, declared);
            let value = if is_named { self.labelled_value(value, true) } else { value };
            let member = &object.members[usize::from(only)];
            if member.source == super::super::graph::MemberSource::Text {
                self.out.push(b'>');
                self.mixed(value);
                return;
            }
            let mut values = Values::only(object, only, value);
            self.attributes(object, &values);
            self.out.push(b'>');
            self.body(object, &mut values);
            return;
        }
        let Json::Object(entries) = value else {
            self.out.push(b'>');
            if !matches!(value, Json::Null) {
                self.problem(format!("must be an object, is {}", value.kind()));
            }
            return;
        };
        let mut values = self.values(object, entries, label);
        self.attributes(object, &values);
        let is_null = |at| matches!(values.get(at), Some(Json::Null));
        if child.nillable && object.text.is_some_and(|(_, at)| is_null(at)) {
            self.uses(NsId::XSI);
            self.out.extend_from_slice(b" xsi:nil=\"true\">");
            return;
        }
        self.out.push(b'>');
        self.body(object, &mut values);
    }

    /// The children of a type that has no element of its own here.
    pub(super) fn object_content(&mut self, object: &'g Object, value: &Json<'_>) {
        let mut values = match (object.unwrap, value) {
            (Some(only), _) => Values::only(object, only, value),
            (None, Json::Object(entries)) => self.values(object, entries, None),
            (None, Json::Null) => Values::none(object),
            (None, other) => {
                self.problem(format!("must be an object, is {}", other.kind()));
                return;
            }
        };
        self.body(object, &mut values);
    }

    /// Sorts the entries of a JSON object to its members; unknown keys are problems.
    pub(super) fn values<'j>(
        &mut self,
        object: &Object,
        entries: &'j [(Cow<'j, str>, Json<'j>)],
        label: Option<&str>,
    ) -> Values<'j> {
        let mut values = Values::none(object);
        for (key, value) in entries {
            if let Some(at) = object.member_at(key).filter(|at| !object.members[*at].dropped) {
                values.set(at, value);
                continue;
            }
            if Self::names_itself(object, key, label) {
                continue;
            }
            let names = object.members.iter().filter(|m| !m.dropped).map(|m| &*m.name);
            let hint = match did_you_mean(key, names) {
                Some(name) => format!("is not a member here; did you mean `{name}`?"),
                None => "is not a member here".to_owned(),
            };
            self.at(Step::Key(key.to_string()), |e| e.problem(hint));
        }
        values
    }

    pub(super) fn attributes(&mut self, object: &'g Object, values: &Values<'_>) {
        for rule in &object.attributes {
            let member = &object.members[usize::from(rule.member)];
            let value = match (values.get(rule.member), &member.fixed) {
                (Some(value), _) => value,
                (None, Some(fixed)) if member.required || member.fixed.is_some() => {
                    &Json::Lexical(Cow::Borrowed(&**fixed))
                }
                (None, _) => {
                    if member.required {
                        self.missing(member);
                    }
                    continue;
                }
            };
            let name = member.name.to_string();
            let graph = self.graph;
            let text = self.at(Step::Key(name), |e| match graph.node(member.node) {
                Node::Text(text) => {
                    e.only_fixed(member, value);
                    e.text_value(text, value)
                }
                Node::Opened(_) if matches!(value, Json::Null) => Some(Cow::Borrowed("")),
                Node::Opened(opened) => e.document(opened, value).map(Cow::Owned),
                Node::Any(_) | Node::Object(_) | Node::Tree => None,
            });
            let Some(text) = text else { continue };
            self.uses(rule.namespace);
            self.out.push(b' ');
            let prefix = self.graph.namespaces.prefix(rule.namespace);
            if !prefix.is_empty() {
                self.out.extend_from_slice(prefix.as_bytes());
                self.out.push(b':');
            }
            self.out.extend_from_slice(rule.local.as_bytes());
            self.out.extend_from_slice(b"=\"");
            if let Err(bad) = write_attribute_value(&mut self.out, &text) {
                self.problem(format!(
                    "has the character U+{:04X}, which XML cannot carry",
                    bad as u32
                ));
            }
            self.out.push(b'"');
        }
        self.wild_attributes(object, values);
    }

    pub(super) fn missing(&mut self, member: &Member) {
        self.at(Step::Key(member.name.to_string()), |e| e.problem("is required"));
    }
}
