//! Which operation a request asks for.

use super::{Element, Vocabulary};
use crate::xml::ns;

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

impl Vocabulary {
    /// Finds the operation of a request by what stands in its body, and by its action where
    /// that is not enough. `action` is the `SOAPAction` header or the action parameter of the
    /// media type, quotes or none.
    ///
    /// # Errors
    /// Where none is found, or more than one; it is never guessed.
    pub fn identify(
        &self,
        envelope: &Element,
        action: Option<&str>,
    ) -> Result<Identified, NotIdentified> {
        let _ = action;
        let soap = [ns::SOAP11, ns::SOAP12];
        let Some(soap) = soap.into_iter().find(|ns| envelope.name.is(ns, "Envelope")) else {
            return Err(NotIdentified::NotSoap(envelope.name.to_string()));
        };
        let payload = envelope.child(soap, "Body").and_then(|body| body.elements().next());
        let name = payload.map(|element| &element.name);
        let has = |at: &usize| match name {
            Some(name) => self.operations[*at].request.contains(name),
            None => self.operations[*at].request.is_empty(),
        };
        let found = (0..self.operations.len()).find(has);
        found.map(|operation| Identified { operation, found: Found::Body }).ok_or_else(|| {
            NotIdentified::Unknown(name.map_or("nothing".to_owned(), ToString::to_string))
        })
    }
}
