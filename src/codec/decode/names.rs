//! What a value says of itself: the element it stands in, where several may stand there, and
//! its type, where several may be there.

use super::super::graph::{Child, Graph, Node, NodeId, XSI_TYPE};
use super::decoder::State;
use super::value::write_string;

/// Names of one value, each with the member that holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'n> {
    element: Option<(&'n str, &'n str)>,
    ty: Option<(&'n str, &'n str)>,
    /// Whether the contract says nothing of its type.
    is_any: bool,
}

impl<'n> Names<'n> {
    pub(super) fn of(
        graph: &'n Graph,
        child: &'n Child,
        node: NodeId,
        element: Option<&'n str>,
        ty: Option<&'n str>,
    ) -> Self {
        let own = graph.node(child.node);
        let key = match (own, graph.node(node)) {
            (Node::Object(_), _) if element.is_some() => XSI_TYPE,
            (Node::Object(object), _) | (_, Node::Object(object)) => &*object.discriminator,
            _ => "type",
        };
        Self {
            element: element.map(|label| (&*child.discriminator, label)),
            ty: ty.map(|label| (key, label)),
            is_any: matches!(own, Node::Any(_)),
        }
    }

    /// Whether the value is no object that could hold its names, and has to stand beside them.
    pub(super) fn wrap(&self, graph: &Graph, node: NodeId) -> bool {
        let is_object = matches!(graph.node(node), Node::Object(o) if o.unwrap.is_none());
        // The names of a value of any type are inside it.
        (self.element.is_some() && self.is_any)
            || (!is_object && (self.element.is_some() || self.ty.is_some() && !self.is_any))
    }

    /// Whether the names are members of the value.
    pub(super) fn are_members(&self, graph: &Graph, node: NodeId) -> bool {
        self.is_any || !self.wrap(graph, node)
    }
}

impl State {
    /// Opens an object of the names and the value.
    #[cold]
    pub(super) fn open_named(&mut self, names: &Names<'_>) {
        self.out.push(b'{');
        let ty = names.ty.filter(|_| !names.is_any);
        for (key, label) in names.element.into_iter().chain(ty) {
            self.write_name(key, label);
            self.out.push(b',');
        }
        self.out.extend_from_slice(b"\"value\":");
    }

    /// Writes the names as the first members of the object that is open.
    pub(super) fn write_names(&mut self, names: &Names<'_>) {
        let element = names.element.filter(|_| !names.is_any);
        for (at, (key, label)) in element.into_iter().chain(names.ty).enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.write_name(key, label);
            self.wrote();
        }
    }

    fn write_name(&mut self, key: &str, label: &str) {
        write_string(&mut self.out, key);
        self.out.push(b':');
        write_string(&mut self.out, label);
    }
}
