//! The one form that all spellings of a message share.

use std::collections::BTreeMap;

use super::plumbing::{is_carrier, is_soap, part};
use super::references::References;
use super::scope::Prefixes;
use super::typing;
use super::value::{Place, Values};
use super::{Element, NodePath, Vocabulary};
use crate::codec::{Child, Rules};
use crate::soap::OperationNodes;
use crate::xml::QName;

/// The name of a piece of text between elements: no element can be called so.
pub(super) const TEXT: &str = "#text";

/// Which message of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The request.
    Request,
    /// The answer, or a fault.
    Response,
}

/// An element in its canonical form: names expanded, also in content; lexical forms those of
/// its type; what may stand in any order sorted; what says nothing gone. `Envelope`, `Header`,
/// `Body` and `Fault` are in no namespace: the version of SOAP is no part of a meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Meaning {
    /// Its expanded name; `#text` is text between elements.
    pub name: QName,
    /// Its attributes.
    pub attributes: BTreeMap<QName, String>,
    /// Its text, in the canonical form of its type; never empty.
    pub text: Option<String>,
    /// The elements in it.
    pub children: Vec<Meaning>,
}

impl Meaning {
    /// An element without anything.
    pub(super) fn empty(name: QName) -> Self {
        Self { name, attributes: BTreeMap::new(), text: None, children: Vec::new() }
    }

    /// Elements in it, itself included.
    #[must_use]
    pub fn nodes(&self) -> usize {
        1 + self.children.iter().map(Self::nodes).sum::<usize>()
    }
}

impl Vocabulary {
    /// The canonical form of a message of an operation. What `ignore` names is left out. Of an
    /// operation that is not known there are no types: texts are compared without the white
    /// space around them.
    #[must_use]
    pub fn meaning(
        &self,
        operation: Option<usize>,
        side: Side,
        envelope: &Element,
        ignore: &[NodePath],
    ) -> Meaning {
        let nodes = operation.and_then(|at| self.operations.get(at)).map(|words| &words.nodes);
        let node = nodes.and_then(|nodes| match side {
            Side::Request => Some(nodes.request),
            Side::Response => nodes.response,
        });
        let rules = node.map_or(Rules::Literal, |node| self.graph.rules(node));
        let mut values = Values { graph: &self.graph, rules, references: None };
        let around = Prefixes::default().inside(envelope);
        let mut meaning = Meaning::empty(part("Envelope"));
        for child in envelope.elements() {
            if !is_soap(&child.name.namespace) {
                continue;
            }
            match &*child.name.local {
                "Header" => {
                    let declared = nodes.map(|nodes| blocks(nodes, side)).unwrap_or_default();
                    meaning.children.extend(header(&mut values, &declared, child, &around));
                }
                "Body" => {
                    if rules != Rules::Literal {
                        values.references = Some(References::of(child, &around));
                    }
                    let fault = child.elements().find(|c| is_fault(c, side));
                    let place = Place { node, ..Place::unknown(part("Body"), false) };
                    meaning.children.push(match fault {
                        Some(fault) => {
                            let faults = nodes.map_or(&[][..], |nodes| &nodes.faults);
                            let faults: Vec<&Child> = faults.iter().map(|f| &f.child).collect();
                            let around = around.inside(child);
                            let mut body = Meaning::empty(part("Body"));
                            body.children.push(values.fault(fault, &around, &faults));
                            body
                        }
                        None => Meaning {
                            attributes: BTreeMap::new(),
                            ..values.value(child, &around, place, 2)
                        },
                    });
                }
                _ => {}
            }
        }
        meaning.leave_out(ignore);
        meaning
    }
}

fn is_fault(element: &Element, side: Side) -> bool {
    side == Side::Response && &*element.name.local == "Fault" && is_soap(&element.name.namespace)
}

/// The header blocks a contract declares for a message.
fn blocks(nodes: &OperationNodes, side: Side) -> Vec<&Child> {
    match side {
        Side::Request => nodes.headers.iter().map(|header| &header.child).collect(),
        Side::Response => {
            let faults = nodes.faults.iter().filter(|f| f.in_header).map(|f| &f.child);
            nodes.answer_headers.iter().map(|header| &header.child).chain(faults).collect()
        }
    }
}

/// The header blocks that the contract declares, by name: nothing says that their order counts.
fn header<'m>(
    values: &mut Values<'m>,
    declared: &[&'m Child],
    header: &'m Element,
    around: &Prefixes<'m>,
) -> Option<Meaning> {
    let around = around.inside(header);
    let mut meaning = Meaning::empty(part("Header"));
    for block in header.elements().filter(|block| !is_carrier(&block.name)) {
        let name = |child: &&&Child| typing::name_of(values.graph, child) == block.name;
        let Some(child) = declared.iter().find(name) else { continue };
        let mut block = values.value(block, &around, Place::of(block.name.clone(), child), 3);
        without_carriers(&mut block);
        meaning.children.push(block);
    }
    meaning.children.sort_by(|a, b| a.name.cmp(&b.name));
    Some(meaning).filter(|meaning| !meaning.children.is_empty())
}

fn without_carriers(meaning: &mut Meaning) {
    meaning.attributes.retain(|name, _| !is_carrier(name));
    meaning.children.retain(|child| !is_carrier(&child.name));
    meaning.children.iter_mut().for_each(without_carriers);
}

impl<'m> Values<'m> {
    /// A fault of either version; its code and subcodes are `QName`s.
    fn fault(
        &mut self,
        fault: &'m Element,
        around: &Prefixes<'m>,
        faults: &[&'m Child],
    ) -> Meaning {
        let around = around.inside(fault);
        let mut meaning = Meaning::empty(part("Fault"));
        for child in fault.elements() {
            let local = &*child.name.local;
            meaning.children.push(match local {
                "faultcode" | "Code" => code(child, &around),
                "detail" | "Detail" => self.detail(child, &around, faults),
                _ => {
                    let name = QName::new("", local);
                    self.value(child, &around, Place::unknown(name, false), 4)
                }
            });
        }
        meaning
    }

    fn detail(
        &mut self,
        detail: &'m Element,
        around: &Prefixes<'m>,
        faults: &[&'m Child],
    ) -> Meaning {
        let around = around.inside(detail);
        let mut meaning = Meaning::empty(part("detail"));
        for child in detail.elements() {
            let known = faults.iter().find(|f| typing::name_of(self.graph, f) == child.name);
            let known = known.copied().or_else(|| typing::global(self.graph, &child.name));
            let place = match known {
                Some(known) => Place::of(child.name.clone(), known),
                None => Place::unknown(child.name.clone(), false),
            };
            meaning.children.push(self.value(child, &around, place, 5));
        }
        let text = detail.text();
        meaning.text = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        meaning
    }
}

/// `faultcode`, or `Code` with its `Value` and `Subcode`s. Depth is bounded by that of the tree.
fn code(element: &Element, around: &Prefixes<'_>) -> Meaning {
    let inside = around.inside(element);
    let mut meaning = Meaning::empty(QName::new("", &*element.name.local));
    let text = inside.expanded(&element.text());
    let is_leaf = element.elements().next().is_none();
    meaning.text = Some(text).filter(|text| is_leaf && !text.is_empty());
    meaning.children = element.elements().map(|child| code(child, &inside)).collect();
    meaning
}
