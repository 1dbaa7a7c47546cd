//! Places that hold an XML document of their own: XML in a string, a `DataSet`.

use std::sync::Arc;

use super::graph::{Graph, Node, NodeId};
use crate::xml::NsId;

/// Documents inside one another, the message not counted. A deeper one is not opened.
pub const OPENED_DEPTH_MAX: u32 = 8;

/// A text or an element that holds a whole document, as a mapping declares it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What stands inside the document: an object whose only member is the root element.
    pub document: NodeId,
    /// How the document is written.
    pub markup: Markup,
    /// Whether an XML declaration goes before it.
    pub declaration: bool,
    /// XML written before a document that is written as elements: the schema of a `DataSet`.
    pub prologue: Option<Arc<str>>,
    /// The expanded name of the declared type, for `xsi:type`; `None` where it is anonymous.
    pub name: Option<(NsId, Box<str>)>,
}

/// How a document is written into the element that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// As elements.
    Elements,
    /// As text, with everything escaped that is markup.
    Text,
    /// As CDATA sections.
    Cdata,
}

impl Graph {
    /// What a type holds, documents looked through.
    #[must_use]
    pub fn inside(&self, mut node: NodeId) -> NodeId {
        for _ in 0..OPENED_DEPTH_MAX {
            let Node::Opened(opened) = self.node(node) else { break };
            node = opened.document;
        }
        node
    }
}
