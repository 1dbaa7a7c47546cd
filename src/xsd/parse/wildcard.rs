//! `any` and `anyAttribute` (Part 1, section 3.10.2).

use std::sync::Arc;

use super::Parsing;
use crate::xml::Node;
use crate::xsd::model::{NamespaceConstraint, Wildcard};

impl Parsing<'_> {
    pub(super) fn wildcard(&self, node: Node<'_>) -> Wildcard {
        let namespaces = match node.value("namespace") {
            None | Some("##any") => NamespaceConstraint::Any,
            Some("##other") => NamespaceConstraint::Other(Arc::clone(&self.target)),
            Some(list) => NamespaceConstraint::List(
                list.split_ascii_whitespace()
                    .map(|item| match item {
                        "##targetNamespace" => Arc::clone(&self.target),
                        "##local" => "".into(),
                        item => item.into(),
                    })
                    .collect(),
            ),
        };
        Wildcard { namespaces, span: node.span() }
    }
}
