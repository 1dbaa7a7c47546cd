//! Port types (WSDL 1.1, section 2.4) with their WS-Addressing actions.

use std::sync::Arc;

use super::{documentation, name, reference};
use crate::wsdl::authored::{AuthoredFault, AuthoredOperation, AuthoredPortType, AuthoredTransfer};
use crate::xml::{Node, ns};

/// Namespaces an `Action` attribute has been in.
const ADDRESSING: [&str; 4] = [
    "http://www.w3.org/2007/05/addressing/metadata",
    "http://www.w3.org/2006/05/addressing/wsdl",
    "http://www.w3.org/2005/08/addressing",
    "http://schemas.xmlsoap.org/ws/2004/08/addressing",
];

pub(super) fn port_type(node: Node<'_>, target: &Arc<str>) -> AuthoredPortType {
    let operations = node
        .children()
        .filter(|child| child.is(ns::WSDL, "operation"))
        .map(|child| operation(child, target))
        .collect();
    AuthoredPortType { operations, fingerprint: node.fingerprint(), span: node.span() }
}

fn operation(node: Node<'_>, target: &Arc<str>) -> AuthoredOperation {
    let child = |local| node.child(ns::WSDL, local);
    let (input, output) = (child("input"), child("output"));
    let faults = node
        .children()
        .filter(|child| child.is(ns::WSDL, "fault"))
        .map(|fault| AuthoredFault {
            name: name(fault).unwrap_or_else(|| "fault".into()),
            message: reference(fault, "message", target),
            documentation: documentation(fault),
            span: fault.span(),
        })
        .collect();
    AuthoredOperation {
        name: node.value("name").unwrap_or_default().into(),
        documentation: documentation(node),
        output_first: matches!((input, output), (Some(i), Some(o)) if o.index() < i.index()),
        input: input.map(|input| transfer(input, target)),
        output: output.map(|output| transfer(output, target)),
        faults,
        span: node.span(),
    }
}

fn transfer(node: Node<'_>, target: &Arc<str>) -> AuthoredTransfer {
    let action = ADDRESSING.iter().find_map(|namespace| node.attribute_ns(namespace, "Action"));
    AuthoredTransfer {
        name: name(node),
        message: reference(node, "message", target),
        addressing_action: action.map(|action| action.value.trim().into()),
        span: node.span(),
    }
}
