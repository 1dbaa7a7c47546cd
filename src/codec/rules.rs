//! By which rules a type is written, and what SOAP encoding adds to the graph.

use std::collections::HashMap;
use std::sync::Arc;

use super::graph::{Child, Graph, Node, NodeId, Object};
use crate::xml::NsId;

/// What names the type of a value: the first that is no member of any it may be.
pub(super) const TYPE_MARKS: &[&str] = &["type", "@type", "$type"];

/// Types by expanded name.
pub type NamedTypes = HashMap<(NsId, Box<str>), NodeId>;

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
    /// One root element: a document of its own.
    Document,
    /// One `DataSet`: what stands in a `diffgr:diffgram`.
    Diffgram,
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
        self.named.get(&rules)?.get(&(namespace, local.into())).copied()
    }

    /// The type that a label names where any may stand.
    #[must_use]
    pub fn labelled(&self, rules: Rules, label: &str) -> Option<(&(NsId, Box<str>), NodeId)> {
        let is_it = |name: &(NsId, Box<str>)| match self.type_labels.get(name) {
            Some(own) => **own == *label,
            None => *name.1 == *label,
        };
        let is_object = |id: NodeId| matches!(self.node(id), Node::Object(_));
        let named = self.named.get(&rules)?.iter();
        named.map(|(name, id)| (name, *id)).find(|(name, id)| is_it(name) && is_object(*id))
    }

    /// The label of a type that may stand where any may.
    #[must_use]
    pub fn type_label(&self, namespace: NsId, local: &str) -> Arc<str> {
        if self.type_labels.is_empty() {
            return local.into();
        }
        let label = self.type_labels.get(&(namespace, local.into()));
        label.map_or_else(|| local.into(), Arc::clone)
    }

    /// By which rules the values of a type are written.
    #[must_use]
    pub fn rules(&self, id: NodeId) -> Rules {
        match self.node(id) {
            Node::Object(object) => object.rules,
            Node::Any(rules) => *rules,
            Node::Text(_) | Node::Tree | Node::Opened(_) => Rules::Literal,
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
