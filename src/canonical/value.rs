//! An element with its type → its canonical form.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::lexical;
use super::meaning::{Meaning, TEXT};
use super::plumbing::{has_builtins, is_encoding, is_nil, is_plumbing, is_xsi, said_type};
use super::references::{Leads, References};
use super::scope::Prefixes;
use super::tree::{Attribute, Element, Item};
use super::typing::{self, Known};
use crate::codec::{Child, Graph, Node, NodeId, Object, Rules, Shape};
use crate::xml::{QName, ns};

/// Reads the values of one message.
#[derive(Debug)]
pub(super) struct Values<'m> {
    pub(super) graph: &'m Graph,
    /// By which rules the body is written.
    pub(super) rules: Rules,
    pub(super) references: Option<References<'m>>,
}

/// Where an element stands: what the contract says of it.
#[derive(Debug, Clone)]
pub(super) struct Place<'m> {
    /// The name it has there.
    pub(super) name: QName,
    /// Its declaration.
    pub(super) child: Option<&'m Child>,
    /// Its declared type.
    pub(super) node: Option<NodeId>,
    /// Whether white space is content: in mixed content.
    pub(super) is_exact: bool,
}

impl<'m> Place<'m> {
    /// A place that the contract declares.
    pub(super) fn of(name: QName, child: &'m Child) -> Self {
        Self { name, child: Some(child), node: Some(child.node), is_exact: false }
    }

    /// A place of which it says nothing.
    pub(super) fn unknown(name: QName, is_exact: bool) -> Self {
        Self { name, child: None, node: None, is_exact }
    }
}

impl<'m> Values<'m> {
    /// The meaning of an element, references followed.
    pub(super) fn value(
        &mut self,
        element: &'m Element,
        around: &Prefixes<'m>,
        place: Place<'m>,
        depth: u32,
    ) -> Meaning {
        let leads = self.references.as_mut().and_then(|all| all.follow(element, depth));
        let mut meaning = match leads {
            Some(Leads::To(target, around)) => {
                let meaning = self.value(target, &around, place, depth + 1);
                if let Some(references) = &mut self.references {
                    references.leave();
                }
                meaning
            }
            Some(Leads::Back(steps)) => {
                let mut meaning = Meaning::empty(place.name);
                meaning.attributes.insert(QName::new("", "href"), format!("^{steps}"));
                meaning
            }
            Some(Leads::Nowhere) | None => return self.plain(element, around, place, depth),
        };
        // The place in an array is that of what refers, not of what is referred to.
        let position = element
            .attributes
            .iter()
            .find(|a| &*a.name.local == "position" && is_encoding(&a.name.namespace));
        if let Some(position) = position {
            meaning.attributes.insert(position.name.clone(), position.value.trim().to_owned());
        }
        meaning
    }

    fn plain(
        &mut self,
        element: &'m Element,
        around: &Prefixes<'m>,
        place: Place<'m>,
        depth: u32,
    ) -> Meaning {
        if let Some(references) = &mut self.references {
            references.count();
        }
        let prefixes = around.inside(element);
        let said = said_type(element).map(|said| (said, prefixes.resolve(said)));
        let resolved = said.and_then(|(_, resolved)| resolved);
        let (known, repeats) = typing::actual(self.graph, place.node, self.rules, resolved);
        let mut meaning = Meaning::empty(place.name.clone());
        if let Some((said, _)) = said.filter(|_| !repeats) {
            meaning.attributes.insert(QName::new(ns::XSI, "type"), prefixes.expanded(said));
        }
        let graph = self.graph;
        let object = match known {
            Known::Node(id) => match graph.node(id) {
                Node::Object(object) => Some(object),
                _ => None,
            },
            Known::Builtin(_) | Known::Nothing => None,
        };
        self.attributes(&mut meaning.attributes, element, &prefixes, object);
        if is_nil(element) {
            meaning.attributes.insert(QName::new(ns::XSI, "nil"), "true".to_owned());
            return meaning;
        }
        let default = place.child.and_then(|child| child.default.as_deref());
        match (object, known) {
            (Some(object), _) => {
                self.object(&mut meaning, element, &prefixes, object, (default, depth));
            }
            (None, Known::Node(id)) if matches!(graph.node(id), Node::Text(_)) => {
                let text = self.text(id, &text_of(element), default, &prefixes);
                meaning.text = text;
                self.children(&mut meaning, element, &prefixes, place.is_exact, depth);
            }
            (None, Known::Builtin(builtin)) => {
                let text = lexical::atomic(builtin, &text_of(element), &prefixes);
                meaning.text = Some(text).filter(|text| !text.is_empty());
                self.children(&mut meaning, element, &prefixes, place.is_exact, depth);
            }
            (None, _) => self.open(&mut meaning, element, &prefixes, place.is_exact, depth),
        }
        meaning
    }

    /// A text by its type; `None` where it is empty and stays so.
    fn text(
        &self,
        node: NodeId,
        text: &str,
        default: Option<&str>,
        prefixes: &Prefixes<'m>,
    ) -> Option<String> {
        let text = default.filter(|_| text.is_empty()).unwrap_or(text);
        let Node::Text(ty) = self.graph.node(node) else { return Some(text.to_owned()) };
        Some(lexical::canonical(self.graph, ty, text, prefixes)).filter(|text| !text.is_empty())
    }

    fn object(
        &mut self,
        meaning: &mut Meaning,
        element: &'m Element,
        prefixes: &Prefixes<'m>,
        object: &'m Object,
        (default, depth): (Option<&str>, u32),
    ) {
        match object.shape {
            Shape::Mixed => return self.open(meaning, element, prefixes, true, depth),
            Shape::Array => {
                let item = object.array.as_deref();
                let item = item.and_then(|rule| self.graph.array_item(object, rule));
                for child in element.elements() {
                    let place = match item {
                        Some(item) => Place::of(typing::name_of(self.graph, item), item),
                        None => Place::unknown(child.name.clone(), false),
                    };
                    meaning.children.push(self.value(child, prefixes, place, depth + 1));
                }
                return;
            }
            Shape::Members | Shape::Document | Shape::Diffgram => {}
        }
        let text = text_of(element);
        match object.text {
            Some((node, _)) => meaning.text = self.text(node, &text, default, prefixes),
            None => meaning.text = Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        }
        let mut cursor = 0;
        for child in element.elements() {
            if self.references.as_ref().is_some_and(|all| all.is_independent(child)) {
                continue;
            }
            let place = match typing::child(self.graph, object, &child.name, &mut cursor) {
                Some((known, true)) => Place::of(typing::name_of(self.graph, known), known),
                Some((known, false)) => Place::of(child.name.clone(), known),
                None => match typing::let_in(self.graph, object, &child.name) {
                    Some(global) => Place::of(child.name.clone(), global),
                    None => Place::unknown(child.name.clone(), false),
                },
            };
            meaning.children.push(self.value(child, prefixes, place, depth + 1));
        }
        super::order::sort(object, self.graph, &mut meaning.children);
    }

    /// An element of no known type.
    fn open(
        &mut self,
        meaning: &mut Meaning,
        element: &'m Element,
        prefixes: &Prefixes<'m>,
        is_exact: bool,
        depth: u32,
    ) {
        if element.elements().next().is_none() {
            let text = text_of(element);
            let text = if is_exact { &*text } else { text.trim() };
            meaning.text = Some(text.to_owned()).filter(|text| !text.is_empty());
            return;
        }
        self.children(meaning, element, prefixes, is_exact, depth);
    }

    /// Children of which the contract says nothing, and text that stands between them.
    fn children(
        &mut self,
        meaning: &mut Meaning,
        element: &'m Element,
        prefixes: &Prefixes<'m>,
        is_exact: bool,
        depth: u32,
    ) {
        if element.elements().next().is_none() {
            return;
        }
        let is_text_taken = meaning.text.is_some();
        for item in &element.content {
            match item {
                Item::Element(child) => {
                    let place = match typing::global(self.graph, &child.name) {
                        Some(global) if !is_exact => Place::of(child.name.clone(), global),
                        _ => Place::unknown(child.name.clone(), is_exact),
                    };
                    meaning.children.push(self.value(child, prefixes, place, depth + 1));
                }
                Item::Text(text) if !is_text_taken => {
                    let text = if is_exact { text } else { text.trim() };
                    if !text.is_empty() {
                        let piece = Meaning::empty(QName::new("", TEXT));
                        meaning.children.push(Meaning { text: Some(text.to_owned()), ..piece });
                    }
                }
                Item::Text(_) => {}
            }
        }
    }

    fn attributes(
        &self,
        into: &mut BTreeMap<QName, String>,
        element: &'m Element,
        prefixes: &Prefixes<'m>,
        object: Option<&'m Object>,
    ) {
        let is_array = object.is_some_and(|object| object.array.is_some());
        for attribute in &element.attributes {
            let name = &attribute.name;
            let is_type = is_xsi(&name.namespace) && &*name.local == "type";
            if is_plumbing(attribute) || is_type || self.is_reference(attribute) {
                continue;
            }
            if is_encoding(&name.namespace)
                && matches!(&*name.local, "arrayType" | "itemType" | "arraySize")
            {
                let own = object.filter(|_| is_array);
                let said = super::order::array_says(self.graph, own, element, attribute, prefixes);
                into.extend(said.map(|said| (name.clone(), said)));
                continue;
            }
            let namespace = self.graph.namespaces.id(&name.namespace);
            let rule = object.and_then(|object| {
                let is_it =
                    |namespace_of, local: &str| namespace_of == namespace && *local == *name.local;
                let rule = object.attributes.iter().find(|r| is_it(r.namespace, &r.local))?;
                object.members.get(usize::from(rule.member))
            });
            let value = match rule {
                Some(member) => self.text(member.node, &attribute.value, None, prefixes),
                None => Some(attribute.value.clone()),
            };
            into.insert(name.clone(), value.unwrap_or_default());
        }
        let Some(object) = object else { return };
        for rule in &object.attributes {
            let Some(member) = object.members.get(usize::from(rule.member)) else { continue };
            let Some(value) = member.default.as_deref().or(member.fixed.as_deref()) else {
                continue;
            };
            let name = QName::new(self.graph.namespaces.uri(rule.namespace), &*rule.local);
            into.entry(name).or_insert_with(|| {
                self.text(member.node, value, None, prefixes).unwrap_or_default()
            });
        }
    }

    /// Whether an attribute is there for references alone.
    fn is_reference(&self, attribute: &Attribute) -> bool {
        let name = &attribute.name;
        let is_own = name.namespace.is_empty() || is_encoding(&name.namespace);
        self.references.is_some()
            && is_own
            && (&*name.local == "id" || (&*name.local == "root" && has_builtins(&name.namespace)))
    }
}

/// All text that stands directly in an element.
pub(super) fn text_of(element: &Element) -> Cow<'_, str> {
    match &element.content[..] {
        [] => Cow::Borrowed(""),
        [Item::Text(text)] => Cow::Borrowed(text),
        _ => Cow::Owned(element.text()),
    }
}

/// Whether an element has no text but white space directly in it.
pub(super) fn is_blank(element: &Element) -> bool {
    element.content.iter().all(|item| match item {
        Item::Text(text) => text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')),
        Item::Element(_) => true,
    })
}
