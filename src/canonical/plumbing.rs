//! What messages carry for those who carry them, and what says nothing of what is meant.

use super::tree::{Attribute, Element};
use crate::xml::{QName, ns};

/// Namespaces of WS-Security, its signatures and timestamps, and of WS-Addressing, in each of
/// their versions: header blocks in them do not count, nor what is in them inside of others.
const CARRIERS: &[&str] = &[
    WSU,
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd",
    "http://schemas.xmlsoap.org/ws/2002/04/secext",
    "http://schemas.xmlsoap.org/ws/2002/07/secext",
    "http://schemas.xmlsoap.org/ws/2002/07/utility",
    "http://schemas.xmlsoap.org/ws/2003/06/secext",
    "http://schemas.xmlsoap.org/ws/2003/06/utility",
    "http://www.w3.org/2000/09/xmldsig#",
    "http://www.w3.org/2001/04/xmlenc#",
    "http://www.w3.org/2005/08/addressing",
    "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "http://schemas.xmlsoap.org/ws/2004/03/addressing",
    "http://schemas.xmlsoap.org/ws/2003/03/addressing",
];

/// WS-Security utility: `wsu:Id`, `wsu:Timestamp`.
const WSU: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

/// Whether a name in a Header is one of those.
pub(super) fn is_carrier(name: &QName) -> bool {
    CARRIERS.contains(&&*name.namespace)
}

/// The name of a part of an envelope, for either version.
pub(super) fn part(local: &'static str) -> QName {
    QName::new("", local)
}

/// Whether it is the namespace of either envelope.
pub(super) fn is_soap(namespace: &str) -> bool {
    [ns::SOAP11, ns::SOAP12].contains(&namespace)
}

/// Whether it is the namespace of either SOAP encoding.
pub(super) fn is_encoding(namespace: &str) -> bool {
    [ns::SOAPENC11, ns::SOAPENC12].contains(&namespace)
}

/// Whether it is `xsi`, of today or of the drafts.
pub(super) fn is_xsi(namespace: &str) -> bool {
    namespace == ns::XSI || ns::OLD_XSI.contains(&namespace)
}

/// Whether the built-in types are in it: XML Schema of today or of the drafts, or SOAP encoding,
/// which has them all again.
pub(super) fn has_builtins(namespace: &str) -> bool {
    namespace == ns::XSD || ns::OLD_XSD.contains(&namespace) || is_encoding(namespace)
}

/// Whether an attribute says nothing of what is meant.
pub(super) fn is_plumbing(attribute: &Attribute) -> bool {
    let (namespace, local) = (&*attribute.name.namespace, &*attribute.name.local);
    is_soap(namespace)
        || (namespace == WSU && local == "Id")
        || (is_xsi(namespace)
            && matches!(local, "schemaLocation" | "noNamespaceSchemaLocation" | "nil" | "null"))
}

/// Whether an element is nil (`xsi:nil`, which the draft of 1999 called `xsi:null`).
pub(super) fn is_nil(element: &Element) -> bool {
    let says =
        |a: &&Attribute| is_xsi(&a.name.namespace) && matches!(&*a.name.local, "nil" | "null");
    let nil = element.attributes.iter().find(says);
    nil.is_some_and(|attribute| matches!(attribute.value.trim(), "true" | "1"))
}

/// What `xsi:type` says.
pub(super) fn said_type(element: &Element) -> Option<&str> {
    let says = |a: &&Attribute| is_xsi(&a.name.namespace) && &*a.name.local == "type";
    element.attributes.iter().find(says).map(|attribute| attribute.value.as_str())
}
