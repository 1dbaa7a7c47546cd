//! Which type of the contract an element has.

use super::plumbing::has_builtins;
use crate::codec::{Child, Graph, Lexical, Node, NodeId, Object, Rules, Text};
use crate::xml::{NsId, QName};
use crate::xsd::Builtin;

/// What is known of the type of an element.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known {
    /// A type of the contract.
    Node(NodeId),
    /// A built-in type that only the message names.
    Builtin(Lexical),
    /// None.
    Nothing,
}

/// The type of an element by its declared one and by what `xsi:type` names, and whether that
/// only repeats what is known without.
pub(super) fn actual(
    graph: &Graph,
    declared: Option<NodeId>,
    rules: Rules,
    said: Option<(&str, &str)>,
) -> (Known, bool) {
    let plain = declared.map_or(Known::Nothing, Known::Node);
    let Some((uri, local)) = said else { return (plain, false) };
    let namespace = graph.namespaces.id(uri);
    match declared.map(|id| graph.node(id)) {
        Some(Node::Object(object)) => {
            let is_it = |name: NsId, own: &str| name == namespace && own == local;
            let found = object.alternatives.iter().find(|a| is_it(a.namespace, &a.local));
            if let Some(found) = found {
                return (Known::Node(found.node), declared == Some(found.node));
            }
            let repeats = is_named(graph, object.name.as_ref(), namespace, uri, local)
                || object.array.is_some() && local == "Array" && has_builtins(uri);
            (plain, repeats)
        }
        Some(Node::Text(text)) => (plain, is_of_name(graph, text, namespace, uri, local)),
        Some(Node::Opened(_)) => (plain, false),
        Some(Node::Any(own)) => (named(graph, *own, namespace, uri, local), false),
        Some(Node::Tree) | None => (named(graph, rules, namespace, uri, local), false),
    }
}

fn named(graph: &Graph, rules: Rules, id: NsId, uri: &str, local: &str) -> Known {
    if let Some(node) = graph.named(rules, id, local) {
        return Known::Node(node);
    }
    let is_it = |b: &&Builtin| {
        let is_list = matches!(b, Builtin::NmTokens | Builtin::IdRefs | Builtin::Entities);
        has_builtins(uri) && b.name() == local && !is_list
    };
    match Builtin::ALL.iter().find(is_it) {
        Some(builtin) => Known::Builtin(Lexical::of(*builtin)),
        None => Known::Nothing,
    }
}

fn is_of_name(graph: &Graph, text: &Text, id: NsId, uri: &str, local: &str) -> bool {
    is_named(graph, text.name.as_ref(), id, uri, local)
}

/// Built-in types have two names, that of XML Schema and that of SOAP encoding.
fn is_named(
    graph: &Graph,
    name: Option<&(NsId, Box<str>)>,
    id: NsId,
    uri: &str,
    local: &str,
) -> bool {
    name.is_some_and(|(own, own_local)| {
        **own_local == *local
            && (*own == id && id != NsId::UNKNOWN
                || has_builtins(uri) && has_builtins(graph.namespaces.uri(*own)))
    })
}

/// The child that an element is, and whether it has another name than the contract gives it:
/// with SOAP encoding local names alone count.
pub(super) fn child<'g>(
    graph: &Graph,
    object: &'g Object,
    name: &QName,
    cursor: &mut usize,
) -> Option<(&'g Child, bool)> {
    let namespace = graph.namespaces.id(&name.namespace);
    if let Some(at) = object.child(namespace, &name.local, *cursor) {
        *cursor = at;
        return Some((&object.children[at], false));
    }
    if object.rules != Rules::Literal {
        let by_local = object.child_by_local(&name.local).map(|at| &object.children[at]);
        let first = || object.children.first().filter(|_| object.positional && *cursor == 0);
        return by_local.or_else(first).map(|child| (child, true));
    }
    None
}

/// The global element of a name, where a wildcard of the object lets it in.
pub(super) fn let_in<'g>(graph: &'g Graph, object: &Object, name: &QName) -> Option<&'g Child> {
    global(graph, name).filter(|_| object.lets_in(graph.namespaces.id(&name.namespace)))
}

/// The global element of a name.
pub(super) fn global<'g>(graph: &'g Graph, name: &QName) -> Option<&'g Child> {
    if graph.globals.is_empty() {
        return None;
    }
    graph.globals.get(&(graph.namespaces.id(&name.namespace), (&*name.local).into()))
}

/// The name the contract gives a child.
pub(super) fn name_of(graph: &Graph, child: &Child) -> QName {
    QName::new(graph.namespaces.uri(child.namespace), &*child.local)
}
