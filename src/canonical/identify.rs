//! Which operation a request asks for.

use super::plumbing::{is_encoding, is_soap};
use super::{Element, Vocabulary};
use crate::codec::Node;
use crate::mime::MediaType;

/// A request whose operation is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identified {
    /// The operation's place in [`Vocabulary::operations`].
    pub operation: usize,
    /// By what it was found.
    pub found: Found,
}

/// By what an operation was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The element in the body is that of this operation alone.
    Body,
    /// Several operations have that element; the action said which.
    Action,
}

/// Why no operation is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotIdentified {
    /// It is no envelope.
    #[error("the root element is {0}, which is no SOAP envelope")]
    NotSoap(String),
    /// No operation has this in its body.
    #[error("no operation of the port has {0} in its body")]
    Unknown(String),
    /// Several have, and the action does not say which.
    #[error("{0} all have this body, and the action does not say which is meant")]
    Ambiguous(String),
    /// The action names another operation than the body does.
    #[error("the action is that of {action}, the body that of {body}")]
    Conflict {
        /// The operation of the action.
        action: String,
        /// The operation of the body.
        body: String,
    },
}

/// Operations named in a message; of more it says how many there are.
const NAMED_MAX: usize = 5;
/// Namespaces of `wsa:Action`.
const ADDRESSING: [&str; 2] =
    ["http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing"];

/// The action of a request: its `SOAPAction` header (SOAP 1.1, section 6.1.1), else the parameter
/// of its media type (SOAP 1.2 part 2, section 6.5.3); without quotes, `None` where it is empty.
#[must_use]
pub fn action(header: Option<&str>, content_type: Option<&str>) -> Option<String> {
    let own = header.map(unquoted).filter(|action| !action.is_empty()).map(str::to_owned);
    own.or_else(|| {
        let media = MediaType::parse(content_type?);
        media.parameter("action").map(str::to_owned)
    })
}

fn unquoted(action: &str) -> &str {
    let action = action.trim();
    let inner = ['"', '\''].iter().find_map(|q| action.strip_prefix(*q)?.strip_suffix(*q));
    inner.unwrap_or(action).trim()
}

impl Vocabulary {
    /// Finds the operation of a request by what stands in its body, and by its action where
    /// that is not enough. `action` is the `SOAPAction` header or the action parameter of the
    /// media type, quotes or none; without one, that of a WS-Addressing header counts.
    ///
    /// # Errors
    /// Where none is found, or more than one; it is never guessed.
    pub fn identify(
        &self,
        envelope: &Element,
        action: Option<&str>,
    ) -> Result<Identified, NotIdentified> {
        let soap = &*envelope.name.namespace;
        let body = envelope.child(soap, "Body");
        let (true, Some(body)) = (is_soap(soap) && &*envelope.name.local == "Envelope", body)
        else {
            return Err(NotIdentified::NotSoap(envelope.name.to_string()));
        };
        let is_known = |e: &Element| self.operations.iter().any(|o| o.request.contains(&e.name));
        let is_payload = |e: &&Element| is_known(e) || !is_independent(body, e);
        let payload: Vec<&Element> = body.elements().filter(is_payload).collect();
        let candidates = self.by_body(&payload);
        let addressed = envelope.child(soap, "Header").and_then(wsa_action);
        let action = action.map(unquoted).filter(|action| !action.is_empty());
        let action = action.or(addressed.as_deref());
        let by_action: Vec<usize> = match action {
            Some(action) => {
                let all = 0..self.operations.len();
                all.filter(|at| &*self.operations[*at].action == action).collect()
            }
            None => Vec::new(),
        };
        let both: Vec<usize> =
            candidates.iter().copied().filter(|at| by_action.contains(at)).collect();
        match (&candidates[..], &both[..]) {
            ([], _) => {
                let what = payload.first().map_or("nothing".to_owned(), |e| e.name.to_string());
                Err(NotIdentified::Unknown(what))
            }
            (_, []) if !by_action.is_empty() => Err(NotIdentified::Conflict {
                action: self.named(&by_action),
                body: self.named(&candidates),
            }),
            ([operation], _) => Ok(Identified { operation: *operation, found: Found::Body }),
            (_, [operation]) => Ok(Identified { operation: *operation, found: Found::Action }),
            _ => Err(NotIdentified::Ambiguous(self.named(&candidates))),
        }
    }

    /// Operations that may have this in their body: those that have all of it, else those that
    /// have its first element.
    fn by_body(&self, payload: &[&Element]) -> Vec<usize> {
        let all = 0..self.operations.len();
        let Some((first, rest)) = payload.split_first() else {
            return all.filter(|at| self.may_be_empty(*at)).collect();
        };
        let named: Vec<usize> =
            all.clone().filter(|at| self.operations[*at].request.contains(&first.name)).collect();
        match named.len() {
            0 => return all.filter(|at| self.takes_anything(*at)).collect(),
            1 => return named,
            _ => {}
        }
        // Overloaded operations have one wrapper, and tell themselves apart by what is in it.
        let all_of =
            |at: &usize| rest.iter().all(|e| self.operations[*at].request.contains(&e.name));
        let whole: Vec<usize> = named.iter().copied().filter(all_of).collect();
        let whole = if whole.is_empty() { named } else { whole };
        let missing: Vec<Option<usize>> =
            whole.iter().map(|at| self.unlike_wrapper(*at, first)).collect();
        let Some(best) = missing.iter().flatten().min() else { return whole };
        let is_best = |(at, missing): (&usize, &Option<usize>)| {
            (missing.as_ref() == Some(best)).then_some(*at)
        };
        whole.iter().zip(&missing).filter_map(is_best).collect()
    }

    /// Whether a body with nothing in it may be that of an operation: it has no parts, or its part
    /// is a type that wants nothing.
    fn may_be_empty(&self, operation: usize) -> bool {
        match self.graph.node(self.operations[operation].nodes.request) {
            Node::Object(object) if object.closed => object.children.is_empty(),
            Node::Object(object) => object.required_bits.iter().all(|bits| *bits == 0),
            Node::Any(_) | Node::Tree => true,
            Node::Text(_) | Node::Opened(_) => false,
        }
    }

    /// Whether the part of an operation is a type that any element may be in.
    fn takes_anything(&self, operation: usize) -> bool {
        match self.graph.node(self.operations[operation].nodes.request) {
            Node::Object(object) => object.any.is_some() && !object.closed,
            Node::Any(_) | Node::Tree => true,
            Node::Text(_) | Node::Opened(_) => false,
        }
    }

    /// How many members a wrapper wants that are not there; `None` where something is there that
    /// it does not know.
    fn unlike_wrapper(&self, operation: usize, wrapper: &Element) -> Option<usize> {
        let node = self.operations[operation].nodes.request;
        let Node::Object(object) = self.graph.node(node) else { return Some(0) };
        let is_it = |child: &&crate::codec::Child| *child.local == *wrapper.name.local;
        let child = object.children.iter().find(is_it)?;
        let Node::Object(inner) = self.graph.node(child.node) else { return Some(0) };
        if inner.any.is_some() || inner.mixed.is_some() {
            return Some(0);
        }
        let known = |e: &Element| inner.child_by_local(&e.name.local).is_some();
        if !wrapper.elements().all(known) {
            return None;
        }
        let is_there = |local: &str| wrapper.elements().any(|e| &*e.name.local == local);
        Some(inner.children.iter().filter(|child| !is_there(&child.local)).count())
    }

    fn named(&self, operations: &[usize]) -> String {
        let names: Vec<&str> =
            operations.iter().take(NAMED_MAX).map(|at| &*self.operations[*at].name).collect();
        match operations.len().checked_sub(NAMED_MAX) {
            Some(more @ 1..) => format!("{} and {more} more", names.join(", ")),
            _ => names.join(", "),
        }
    }
}

fn wsa_action(header: &Element) -> Option<String> {
    let is_it = |e: &&Element| ADDRESSING.iter().any(|ns| e.name.is(ns, "Action"));
    let text = header.elements().find(is_it)?.text();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Whether a child of the body is only there to be referred to (SOAP 1.1, section 5.6): it says
/// so, or it has an id behind an element that has none.
fn is_independent(body: &Element, element: &Element) -> bool {
    let root = element
        .attributes
        .iter()
        .find(|a| &*a.name.local == "root" && is_encoding(&a.name.namespace));
    if let Some(root) = root {
        return matches!(root.value.trim(), "0" | "false");
    }
    let has_id = |e: &Element| {
        e.attributes.iter().any(|a| {
            &*a.name.local == "id"
                && (a.name.namespace.is_empty() || is_encoding(&a.name.namespace))
        })
    };
    has_id(element) && body.elements().any(|other| !has_id(other))
}
