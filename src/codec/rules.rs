//! By which rules a type is written, and what SOAP encoding adds to the graph.

use std::collections::HashMap;
use std::sync::Arc;

use super::graph::{Child, Graph, Node, NodeId, Object};
use crate::xml::NsId;

/// Types that an `xsi:type` may name.
#[derive(Debug, Clone, Default)]
pub struct NamedTypes {
    /// Each with its label in JSON, by expanded name.
    pub by_name: HashMap<(NsId, Box<str>), (NodeId, Arc<str>)>,
    /// Names of those that are objects, by label: each is that of one type.
    pub by_label: HashMap<Arc<str>, (NsId, Box<str>)>,
}

/// By which rules values of a type are written (WSDL 1.1, section 3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rules {
    /// By the schema.
    #[default]
    Literal,
    /// By SOAP encoding, whose namespace this is: each element says its type, references
    /// stand for what they refer to, any element may be nil.
    Encoded(NsId),
}

impl Rules {
    /// The namespace of the encoding, where there is one.
    #[must_use]
    pub fn encoding(self) -> Option<NsId> {
        match self {
            Self::Literal => None,
            Self::Encoded(namespace) => Some(namespace),
        }
    }
}

/// What the content of a complex type is to the decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Elements, or the text of a simple type.
    #[default]
    Members,
    /// Text and elements: XML as text.
    Mixed,
    /// Items of an array of SOAP encoding, whatever their elements are called.
    Array,
}

/// An array of SOAP encoding (SOAP 1.1, section 5.4.2; SOAP 1.2 part 2, section 3.1.6).
#[derive(Debug, Clone)]
pub struct ArrayRule {
    /// The namespace of the encoding.
    pub encoding: NsId,
    /// Dimensions.
    pub rank: u32,
    /// The name of the items' type, `None` where it has none.
    pub item_type: Option<(NsId, Box<str>)>,
    /// What follows that name where the items are arrays themselves: `[]`, `[,]`.
    pub item_rank: Box<str>,
}

impl Graph {
    /// The type that an `xsi:type` names under some rules.
    #[must_use]
    pub fn named(&self, rules: Rules, namespace: NsId, local: &str) -> Option<NodeId> {
        self.named.get(&rules)?.by_name.get(&(namespace, local.into())).map(|(node, _)| *node)
    }

    /// Such a type with its label in JSON.
    #[must_use]
    pub fn labelled(
        &self,
        rules: Rules,
        namespace: NsId,
        local: &str,
    ) -> Option<(NodeId, Arc<str>)> {
        self.named.get(&rules)?.by_name.get(&(namespace, local.into())).cloned()
    }

    /// The type of a label: its name and the type.
    #[must_use]
    pub fn of_label(&self, rules: Rules, label: &str) -> Option<(&(NsId, Box<str>), NodeId)> {
        let named = self.named.get(&rules)?;
        let name = named.by_label.get(label)?;
        named.by_name.get(name).map(|(node, _)| (name, *node))
    }

    /// The global element of a label.
    #[must_use]
    pub fn global(&self, label: &str) -> Option<&Child> {
        self.globals.get(self.global_labels.get(label)?)
    }

    /// Whether the values of a type stand beside their label as `value`, because they are no
    /// objects that could hold it.
    #[must_use]
    pub fn is_beside_label(&self, id: NodeId) -> bool {
        match self.node(id) {
            Node::Text(_) | Node::Any(_) => true,
            Node::Object(object) => object.unwrap.is_some() || object.array.is_some(),
        }
    }

    /// By which rules the values of a type are written.
    #[must_use]
    pub fn rules(&self, id: NodeId) -> Rules {
        match self.node(id) {
            Node::Text(_) => Rules::Literal,
            Node::Object(object) => object.rules,
            Node::Any(rules) => *rules,
        }
    }

    /// The items of an array of SOAP encoding; with several dimensions, of its rows.
    #[must_use]
    pub fn array_item<'g>(&'g self, array: &'g Object, rule: &ArrayRule) -> Option<&'g Child> {
        let mut at = array;
        for _ in 1..rule.rank {
            match self.node(at.members.first()?.node) {
                Node::Object(row) => at = row,
                _ => return None,
            }
        }
        at.children.first()
    }
}
