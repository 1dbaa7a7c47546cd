//! Bindings and their SOAP extensions (WSDL 1.1, sections 2.5, 3 and 5).

use std::sync::Arc;

use super::{name, reference};
use crate::wsdl::authored::{
    AuthoredBinding, BoundMessage, BoundOperation, Encoding, MimeContent, SoapBinding, SoapBody,
    SoapHeader,
};
use crate::wsdl::model::{BindingStyle, SoapVersion};
use crate::xml::{Node, ns};

pub(super) fn binding(node: Node<'_>, target: &Arc<str>) -> AuthoredBinding {
    let soap = soap_children(node, "binding").next().map(|soap| SoapBinding {
        version: match &*soap.name().namespace {
            ns::WSDL_SOAP12 => SoapVersion::V12,
            _ => SoapVersion::V11,
        },
        style: style(soap),
        transport: soap.value("transport").map(Into::into),
        span: soap.span(),
    });
    let operations = node
        .children()
        .filter(|child| child.is(ns::WSDL, "operation"))
        .map(|child| operation(child, target))
        .collect();
    let port_type = reference(node, "type", target);
    let fingerprint = node.fingerprint();
    AuthoredBinding { port_type, soap, operations, fingerprint, span: node.span() }
}

fn operation(node: Node<'_>, target: &Arc<str>) -> BoundOperation {
    let soap = soap_children(node, "operation").next();
    let message = |local| node.child(ns::WSDL, local).map(|child| bound_message(child, target));
    BoundOperation {
        name: node.value("name").unwrap_or_default().into(),
        soap_action: soap.and_then(|soap| soap.value("soapAction")).map(Into::into),
        style: soap.and_then(style),
        input: message("input"),
        output: message("output"),
        span: node.span(),
    }
}

fn bound_message(node: Node<'_>, target: &Arc<str>) -> BoundMessage {
    let mut message = BoundMessage {
        name: name(node),
        body: soap_children(node, "body").next().map(body),
        headers: soap_children(node, "header").map(|node| header(node, target)).collect(),
        mime: None,
        mime_parts: Vec::new(),
        span: node.span(),
    };
    let Some(related) = node.child(ns::WSDL_MIME, "multipartRelated") else { return message };
    message.mime = Some(related.span());
    for part in related.children().filter(|child| child.is(ns::WSDL_MIME, "part")) {
        if let Some(found) = soap_children(part, "body").next() {
            message.body.get_or_insert_with(|| body(found));
        }
        message.headers.extend(soap_children(part, "header").map(|node| header(node, target)));
        let contents = part.children().filter(|child| child.is(ns::WSDL_MIME, "content"));
        // Several of one part are its possible types, the first of which is sent.
        message.mime_parts.extend(contents.take(1).map(|content| MimeContent {
            part: content.value("part").map(Into::into),
            content_type: content.value("type").unwrap_or_default().into(),
            span: content.span(),
        }));
    }
    message
}

fn body(node: Node<'_>) -> SoapBody {
    let names = |value: &str| value.split_ascii_whitespace().map(Into::into).collect();
    SoapBody {
        parts: node.value("parts").map(names),
        encoding: encoding(node),
        namespace: namespace(node),
        span: node.span(),
    }
}

fn header(node: Node<'_>, target: &Arc<str>) -> SoapHeader {
    let faults = soap_children(node, "headerfault");
    let faults = faults.map(|fault| header_block(fault, target)).collect();
    SoapHeader { faults, ..header_block(node, target) }
}

/// A header or the fault of one; both name a message and its part in the same way.
fn header_block(node: Node<'_>, target: &Arc<str>) -> SoapHeader {
    SoapHeader {
        message: reference(node, "message", target),
        part: node.value("part").or(node.value("parts")).unwrap_or_default().into(),
        encoding: encoding(node),
        namespace: namespace(node),
        faults: Vec::new(),
        span: node.span(),
    }
}

fn soap_children<'d>(node: Node<'d>, local: &str) -> impl Iterator<Item = Node<'d>> {
    node.children().filter(move |child| {
        child.local() == local
            && [ns::WSDL_SOAP11, ns::WSDL_SOAP12].contains(&&*child.name().namespace)
    })
}

fn style(node: Node<'_>) -> Option<BindingStyle> {
    match node.value("style")? {
        "rpc" => Some(BindingStyle::Rpc),
        "document" => Some(BindingStyle::Document),
        _ => None,
    }
}

fn namespace(node: Node<'_>) -> Option<Arc<str>> {
    node.value("namespace").filter(|value| !value.is_empty()).map(Into::into)
}

fn encoding(node: Node<'_>) -> Option<Encoding> {
    (node.value("use") == Some("encoded"))
        .then(|| Encoding { style: node.value("encodingStyle").map(Into::into), span: node.span() })
}
