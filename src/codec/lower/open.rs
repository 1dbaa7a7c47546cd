//! Documents inside messages: which members hold one, and how.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::graph::{Child, Member, MemberSource, Node, NodeId, Object};
use super::super::naming::words;
use super::super::opened::{Markup, Opened};
use super::super::rules::Rules;
use super::Builder;
use super::separate::Separate;
use crate::xml::{NsId, ns};
use crate::xsd::{
    Builtin, ComplexType, Content, ElementId, NamespaceConstraint, SchemaSet, Term, TypeDefinition,
    TypeId, Variety,
};

/// Members noted that may hold a document.
const CANDIDATES_MAX: usize = 20;

/// A member that holds a document, as a mapping declares it.
#[derive(Debug, Clone)]
pub struct OpenRule<'s> {
    /// The member: `Type.name` or `name`, as in the schema.
    pub key: String,
    /// The schema of the document, where it is not the contract's own.
    pub schema: Option<&'s SchemaSet>,
    /// Prefixes of that schema, with their namespaces.
    pub prefixes: &'s [(Arc<str>, Arc<str>)],
    /// The root element.
    pub root: ElementId,
    /// The root is a .NET `DataSet`: an array for each of its tables.
    pub is_data_set: bool,
    /// The schema as XML, for data sets that are sent with one.
    pub schema_text: Option<Arc<str>>,
    /// How it is written; `None` as the contract has it.
    pub markup: Option<Markup>,
    /// Whether an XML declaration goes before it.
    pub declaration: bool,
}

/// What became of the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Openings {
    /// For each rule, how many members it opened.
    pub members: Vec<u32>,
    /// Members that hold no document: the rule's index, and what they hold.
    pub unfit: Vec<(usize, String)>,
    /// Keys of [`Options::any_of`](super::Options::any_of) that members have, and whether
    /// anything may stand in those.
    pub any: Vec<(String, bool)>,
    /// Members that may hold a document, by their names and types alone: each by its key, and
    /// whether it looks like a .NET `DataSet`. Only where they were asked for.
    pub candidates: Vec<(String, bool)>,
}

/// How a member can hold a document.
struct Holds {
    elements: bool,
    text: bool,
    schema: bool,
    name: Option<(NsId, Box<str>)>,
}

/// A document to be lowered: its rule, whether it is in a diffgram, and its node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    pub(super) rule: usize,
    pub(super) diffgram: bool,
    pub(super) document: NodeId,
}

/// The rules, and what is known of their schemas.
#[derive(Debug, Default)]
pub(super) struct Opening<'s> {
    pub(super) rules: Vec<OpenRule<'s>>,
    by_key: HashMap<String, usize>,
    documents: HashMap<(usize, bool), NodeId>,
    pub(super) waiting: Vec<Waiting>,
    pub(super) schemas: Vec<Separate<'s>>,
    pub(super) outcome: Openings,
    /// Types by node, of whatever schema.
    pub(super) type_of: HashMap<NodeId, TypeId>,
    /// Elements that declare types without a name, by schema and type: whose members go by
    /// the element's name.
    anonymous: HashMap<(usize, TypeId), Arc<str>>,
    /// Whether members that may hold a document are wanted.
    seeks: bool,
    /// Set while the root of a `DataSet` is lowered.
    pub(super) is_data_set: bool,
}

impl<'s> Builder<'s> {
    /// Declares members that hold documents. Call before anything is lowered.
    pub fn open(&mut self, rules: Vec<OpenRule<'s>>) {
        self.opening.outcome.members = vec![0; rules.len()];
        self.opening.by_key =
            rules.iter().enumerate().map(|(at, rule)| (rule.key.clone(), at)).collect();
        for rule in &rules {
            for (prefix, uri) in rule.prefixes {
                self.prefixes.entry(Arc::clone(uri)).or_insert_with(|| Arc::clone(prefix));
            }
        }
        self.opening.rules = rules;
    }

    /// Asks for members that may hold a document. Call before anything is lowered.
    pub fn seek_documents(&mut self) {
        self.opening.seeks = true;
    }

    /// What the members of a type go by: its name, else that of the element that declares it.
    pub(super) fn owner(&mut self, ty: TypeId, complex: &ComplexType) -> Arc<str> {
        if let Some(name) = &complex.name {
            return Arc::clone(&name.local);
        }
        let opening = &mut self.opening;
        if opening.rules.is_empty() && self.options.any_of.is_empty() && !opening.seeks {
            return "".into();
        }
        let schema = self.schema;
        let at = std::ptr::from_ref(schema).addr();
        if !opening.anonymous.contains_key(&(at, ty)) {
            let all = schema.elements.iter().map(|e| ((at, e.ty), Arc::clone(&e.name.local)));
            opening.anonymous.extend(all);
        }
        opening.anonymous.get(&(at, ty)).cloned().unwrap_or_else(|| "".into())
    }

    /// Notes members that may hold a document.
    fn seek(&mut self, object: &Object, type_name: &str) {
        let elements: Vec<(String, NodeId)> = object
            .members
            .iter()
            .filter(|member| member.source == MemberSource::Element)
            .map(|member| (member.name.to_string(), member.node))
            .collect();
        for (raw, node) in elements {
            let key = match type_name {
                "" => raw.clone(),
                owner => format!("{owner}.{raw}"),
            };
            self.seek_one(key, &raw, node);
        }
    }

    fn seek_one(&mut self, key: String, raw: &str, node: NodeId) {
        let Some(ty) = self.opening.type_of.get(&node).copied() else { return };
        let Ok(holds) = self.holds(ty) else { return };
        let is_data_set = holds.schema && !holds.text;
        let says_xml = words(raw).iter().any(|word| word.eq_ignore_ascii_case("xml"));
        let is_new = !self.opening.outcome.candidates.iter().any(|(known, _)| *known == key);
        let has_room = self.opening.outcome.candidates.len() < CANDIDATES_MAX;
        if is_new && has_room && (is_data_set || (says_xml && holds.text)) {
            self.opening.outcome.candidates.push((key, is_data_set));
        }
    }

    /// Members that carry what no schema describes in another form than the rest.
    pub(super) fn any_members(&mut self, object: &mut Object, type_name: &str) {
        if self.options.any_of.is_empty() {
            return;
        }
        for at in 0..object.members.len() {
            let member = &object.members[at];
            let is_wild = object.any.is_some_and(|any| usize::from(any) == at);
            let raw = if is_wild { "any".to_owned() } else { member.name.to_string() };
            let keys = [format!("{type_name}.{raw}"), raw];
            let found = keys.iter().find_map(|key| self.options.any_of.get_key_value(key));
            let Some((key, form)) = found.map(|(key, form)| (key.clone(), *form)) else { continue };
            let node = member.node;
            let of_node = self.opening.type_of.get(&node);
            let is_any = of_node.is_some_and(
                |ty| matches!(self.schema.ty(*ty), TypeDefinition::Complex(c) if c.base.is_none()),
            );
            let is_literal = self.rules == Rules::Literal;
            let fits = is_literal && (is_wild || is_any);
            self.opening.outcome.any.push((key, fits));
            if !fits {
                continue;
            }
            let node = self.any_as(form);
            let node = self.push(node);
            object.members[at].node = node;
            let member = u16::try_from(at).unwrap_or(u16::MAX);
            for child in object.children.iter_mut().filter(|c| is_any && c.member == member) {
                child.node = node;
            }
        }
    }

    /// Opens the members of a type that the rules name. Members have their schema names still.
    pub(super) fn open_members(&mut self, object: &mut Object, type_name: &str) {
        if self.opening.seeks {
            self.seek(object, type_name);
        }
        if self.opening.rules.is_empty() {
            return;
        }
        for at in 0..object.members.len() {
            let member = &object.members[at];
            let mark = if member.source == MemberSource::Attribute { "@" } else { "" };
            let (raw, node) = (member.name.to_string(), member.node);
            let may_hold = matches!(
                member.source,
                MemberSource::Element | MemberSource::Attribute | MemberSource::Text
            );
            let is_mixed = object.mixed.is_some_and(|mixed| usize::from(mixed) == at);
            if !may_hold || is_mixed {
                continue;
            }
            let Some(opened) = self.opened(type_name, mark, &raw, node) else { continue };
            object.members[at].node = opened;
            if let Some((text, _)) =
                object.text.as_mut().filter(|(_, member)| usize::from(*member) == at)
            {
                *text = opened;
            }
        }
        for at in 0..object.children.len() {
            let child = &object.children[at];
            let member = &object.members[usize::from(child.member)];
            let node = match member.source {
                MemberSource::Element if child.label.is_none() => Some(member.node),
                MemberSource::Group => {
                    let (raw, node) = (child.local.to_string(), child.node);
                    self.opened(type_name, "", &raw, node)
                }
                _ => None,
            };
            if let Some(node) = node {
                object.children[at].node = node;
            }
        }
    }

    /// Opens an rpc part, if a rule names it: by its own name, or by its wrapper's and its own.
    pub fn open_part(&mut self, wrapper: &str, child: &mut Child, member: &mut Member) {
        let local = child.local.to_string();
        if self.opening.seeks {
            self.seek_one(local.clone(), &local, child.node);
        }
        if let Some(opened) = self.opened(wrapper, "", &local, child.node) {
            child.node = opened;
            member.node = opened;
        }
    }

    /// The node of the document in a member, where a rule names the member.
    fn opened(&mut self, owner: &str, mark: &str, raw: &str, node: NodeId) -> Option<NodeId> {
        let keys = [format!("{owner}.{mark}{raw}"), format!("{owner}.{raw}"), raw.to_owned()];
        let rule = keys.iter().find_map(|key| self.opening.by_key.get(key).copied())?;
        let ty = self.opening.type_of.get(&node).copied()?;
        let holds = match self.holds(ty) {
            Ok(holds) => holds,
            Err(what) => {
                self.opening.outcome.unfit.push((rule, what));
                return None;
            }
        };
        let wanted = self.opening.rules.get(rule)?;
        let markup = match wanted.markup {
            Some(markup) if holds.text => markup,
            Some(_) => {
                let what = "elements, which are neither text nor CDATA".to_owned();
                self.opening.outcome.unfit.push((rule, what));
                return None;
            }
            None if holds.elements => Markup::Elements,
            None => Markup::Text,
        };
        let declaration = wanted.declaration && markup != Markup::Elements;
        let diffgram = wanted.is_data_set && markup == Markup::Elements;
        let prologue = wanted.schema_text.clone().filter(|_| diffgram && holds.schema);
        if let Some(count) = self.opening.outcome.members.get_mut(rule) {
            *count += 1;
        }
        let document = self.document_of(rule, diffgram);
        let opened = Opened { document, markup, declaration, prologue, name: holds.name };
        Some(self.push(Node::Opened(opened)))
    }

    /// What a type can hold of a document, or what it holds instead.
    fn holds(&mut self, ty: TypeId) -> Result<Holds, String> {
        match self.schema.ty(ty) {
            TypeDefinition::Simple(simple) => {
                let is_text = matches!(
                    simple.variety,
                    Variety::Atomic(
                        Builtin::String | Builtin::NormalizedString | Builtin::AnySimpleType
                    )
                );
                if !is_text {
                    let name = self.nearest_name(simple).map_or("".into(), |n| n.local);
                    return Err(format!("values of `{name}`"));
                }
                let name = self.nearest_name(simple);
                let name = name.map(|n| (self.namespace(&n.namespace), (&*n.local).into()));
                Ok(Holds { elements: false, text: true, schema: false, name })
            }
            TypeDefinition::Complex(complex) if complex.base.is_none() => {
                Ok(Holds { elements: true, text: true, schema: true, name: None })
            }
            TypeDefinition::Complex(complex) => only_wildcards(self.schema, complex)
                .map(|schema| Holds { elements: true, text: complex.mixed, schema, name: None })
                .ok_or_else(|| "elements of its own".to_owned()),
            TypeDefinition::Missing { name, .. } => {
                Err(format!("the type `{}`, which is missing", name.local))
            }
        }
    }

    /// The node of a rule's document, lowered later, once for each way it is written.
    fn document_of(&mut self, rule: usize, diffgram: bool) -> NodeId {
        if let Some(known) = self.opening.documents.get(&(rule, diffgram)) {
            return *known;
        }
        let document = self.push(Node::Any(Rules::Literal));
        self.opening.documents.insert((rule, diffgram), document);
        self.opening.waiting.push(Waiting { rule, diffgram, document });
        document
    }
}

/// Whether a type holds what wildcards let in and nothing else, an `xs:schema` aside, and
/// if so whether a schema may be among it.
fn only_wildcards(set: &SchemaSet, complex: &ComplexType) -> Option<bool> {
    let Content::Particles(content) = &complex.content else { return None };
    if !complex.attributes.is_empty() {
        return None;
    }
    let (mut pending, mut wild, mut schema) = (vec![content], false, false);
    while let Some(particle) = pending.pop() {
        match &particle.term {
            Term::Any(wildcard) => {
                wild = true;
                schema |= matches!(&wildcard.namespaces,
                    NamespaceConstraint::List(list) if list.iter().any(|uri| &**uri == ns::XSD));
            }
            Term::Element(id) if set.element(*id).name.is(ns::XSD, "schema") => schema = true,
            Term::Element(_) => return None,
            Term::Sequence(inner) | Term::Choice(inner) | Term::All(inner) => pending.extend(inner),
        }
    }
    wild.then_some(schema)
}
