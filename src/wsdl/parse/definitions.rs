//! `wsdl:definitions`: messages and services; port types and bindings have their own files.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::super::authored::{
    AuthoredMessage, AuthoredPart, AuthoredPort, AuthoredService, Components, Reference,
};
use crate::diagnostic::{Code, Diagnostic, Report, Span};
use crate::xml::{Node, QName, ns};

/// Reads all components of a `wsdl:definitions` but its schemas.
pub fn definitions(root: Node<'_>, components: &mut Components, report: &mut Report) {
    let target = target_namespace(root);
    for child in root.children().filter(|child| *child.name().namespace == *ns::WSDL) {
        let name = QName::new(Arc::clone(&target), child.value("name").unwrap_or_default());
        match child.local() {
            "message" => {
                let message = message(child, &target);
                enter(&mut components.messages, report, "message", name, message, |m| {
                    (m.span, m.fingerprint)
                });
            }
            "portType" => {
                let port_type = super::port_type::port_type(child, &target);
                enter(&mut components.port_types, report, "port type", name, port_type, |p| {
                    (p.span, p.fingerprint)
                });
            }
            "binding" => {
                let binding = super::binding::binding(child, &target);
                let bindings = &mut components.bindings;
                if enter(bindings, report, "binding", name.clone(), binding, |b| {
                    (b.span, b.fingerprint)
                }) {
                    components.binding_order.push(name);
                }
            }
            "service" => components.services.push(service(child, name, &target)),
            _ => {}
        }
    }
}

/// The `targetNamespace` of a definitions; empty where there is none.
pub fn target_namespace(root: Node<'_>) -> Arc<str> {
    root.attribute("targetNamespace").map_or_else(|| "".into(), |a| a.value.trim().into())
}

pub(super) fn message(node: Node<'_>, target: &Arc<str>) -> AuthoredMessage {
    let part = |part: Node<'_>| AuthoredPart {
        name: part.value("name").unwrap_or_default().into(),
        element: reference(part, "element", target),
        ty: reference(part, "type", target),
        span: part.span(),
    };
    let parts = node.children().filter(|child| child.is(ns::WSDL, "part")).map(part).collect();
    AuthoredMessage { parts, fingerprint: node.fingerprint(), span: node.span() }
}

pub(super) fn service(node: Node<'_>, name: QName, target: &Arc<str>) -> AuthoredService {
    let port = |port: Node<'_>| AuthoredPort {
        name: port.value("name").unwrap_or_default().into(),
        binding: reference(port, "binding", target),
        address: address(port),
        span: port.span(),
    };
    let ports = node.children().filter(|child| child.is(ns::WSDL, "port")).map(port).collect();
    AuthoredService { name, ports, documentation: documentation(node), span: node.span() }
}

pub(super) fn address(port: Node<'_>) -> Option<Arc<str>> {
    let is_soap =
        |node: Node<'_>| [ns::WSDL_SOAP11, ns::WSDL_SOAP12].contains(&&*node.name().namespace);
    let addresses = || port.children().filter(|child| child.local() == "address");
    addresses()
        .find(|node| is_soap(*node))
        .or_else(|| addresses().next())
        .and_then(|node| node.value("location"))
        .filter(|location| !location.is_empty())
        .map(Into::into)
}

/// The name in an attribute, where it has one.
pub(super) fn reference(node: Node<'_>, attribute: &str, target: &Arc<str>) -> Option<Reference> {
    let attribute = node.attribute(attribute)?;
    let lexical = attribute.value.trim();
    let in_target = |local: &str| QName::new(Arc::clone(target), local);
    let name = node.resolve_qname(lexical).unwrap_or_else(|unknown| {
        let local = lexical.split_once(':').map_or(lexical, |(_, local)| local);
        QName::new(format!("?{}", unknown.0), local)
    });
    let fallback = (!lexical.contains(':')).then(|| in_target(lexical));
    Some(Reference { name, fallback, span: attribute.value_span })
}

/// The text of the `wsdl:documentation` of an element, trimmed.
pub(super) fn documentation(node: Node<'_>) -> Option<Arc<str>> {
    let text = node.child(ns::WSDL, "documentation")?.text();
    (!text.is_empty()).then(|| text.into())
}

pub(super) fn name(node: Node<'_>) -> Option<Arc<str>> {
    node.value("name").filter(|name| !name.is_empty()).map(Into::into)
}

/// Keeps the first definition of a name and reports any other; true for the first.
pub(super) fn enter<T>(
    names: &mut HashMap<QName, T>,
    report: &mut Report,
    kind: &str,
    name: QName,
    item: T,
    mark: impl Fn(&T) -> (Span, u64),
) -> bool {
    match names.entry(name) {
        Entry::Vacant(vacant) => {
            vacant.insert(item);
            true
        }
        Entry::Occupied(first) => {
            let ((first_span, first_print), (span, print)) = (mark(first.get()), mark(&item));
            if first_print == print {
                return false;
            }
            let message = format!("{kind} `{}` is defined twice", first.key().local);
            report.push(
                Diagnostic::warning(Code::ContractDuplicate, span, message)
                    .label("defined again")
                    .help("keep one of the two; the first is used")
                    .note(first_span, "first defined here"),
            );
            false
        }
    }
}
