//! Trees of XML.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::{self, Sort};
use super::place::{At, Holds, Step};
use super::{Kind, Redaction, Unsure};
use crate::canonical::{Attribute, Element, Item};
use crate::xml::QName;
use crate::xml::ns;

/// Namespaces whose `Assertion` says who somebody is, all of it.
const SAML: &[&str] =
    &["urn:oasis:names:tc:SAML:1.0:assertion", "urn:oasis:names:tc:SAML:2.0:assertion"];
/// Elements of WS-SecureConversation, WS-Trust and XML Signature that are secrets, or tell them, by
/// how their namespace ends.
const SECURITY: &[(&str, &str)] = &[
    ("/sc", "Identifier"),
    ("/sc/dk", "Identifier"),
    ("/ws-secureconversation/200512", "Identifier"),
    ("/trust", "BinarySecret"),
    ("/ws-trust/200512", "BinarySecret"),
    ("/xmldsig#", "SignatureValue"),
    ("/xmldsig#", "DigestValue"),
    ("/xmlenc#", "CipherValue"),
];
/// Members of a secret that are none.
const SPARED: &[&str] = &["user", "username", "login", "realm", "audience", "id", "key", "xmlns"];
/// Attributes of an assertion that are more than its grammar.
const ASSERTED: &[&str] =
    &["ID", "AssertionID", "InResponseTo", "SessionIndex", "Address", "DNSName"];

impl Redaction<'_> {
    /// A SOAP envelope, or any XML.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn element(&mut self, element: &mut Element) -> Result<(), Unsure> {
        self.message("", |this, _: Option<()>| {
            this.walk(element, &mut Vec::new(), 1, Holds::Anything);
        })
    }

    /// The request to a backend. It has to come out the same when only it is known, as when it is
    /// looked up: where it holds a secret of another message under a name that does not say so,
    /// that is an error, and not replaced.
    ///
    /// # Errors
    /// There, and where something may be a secret.
    pub fn request(&mut self, element: &mut Element) -> Result<(), Unsure> {
        self.set_request();
        self.element(element)
    }

    fn walk(
        &mut self,
        element: &mut Element,
        trail: &mut Vec<(QName, usize)>,
        index: usize,
        around: Holds,
    ) {
        trail.push((element.name.clone(), index));
        let is_root = trail.len() == 1;
        if !is_root {
            self.place.push(Step::Element(Arc::clone(&element.name.local)));
        }
        let (holds, around) = self.judge(element, trail, around);
        self.bindings(element);
        for attribute in &mut element.attributes {
            self.attribute(attribute, trail, holds, around);
        }
        let local = element.name.local.clone();
        let mut counts: HashMap<Arc<str>, usize> = HashMap::new();
        for item in &mut element.content {
            match item {
                Item::Text(text) => {
                    if let Some(redacted) = self.value(text, At::new(&local, holds)) {
                        *text = redacted;
                    }
                }
                Item::Element(child) => {
                    let mut index = 1;
                    if self.redactor.has_indices {
                        let count = counts.entry(Arc::clone(&child.name.local)).or_default();
                        *count += 1;
                        index = *count;
                    }
                    self.walk(child, trail, index, around);
                }
            }
        }
        if !is_root {
            self.place.pop();
        }
        trail.pop();
    }

    /// What an element holds, and what it says about everything in it.
    fn judge(&self, element: &Element, trail: &[(QName, usize)], around: Holds) -> (Holds, Holds) {
        let name = &element.name;
        if around == Holds::Kept || SAML.contains(&&*name.namespace) && &*name.local == "Assertion"
        {
            let holds = if around == Holds::Kept { around } else { Holds::Whole(Kind::Secret) };
            return (holds, holds);
        }
        let is_security =
            |(end, local): &(&str, &str)| *local == &*name.local && name.namespace.ends_with(end);
        if SECURITY.iter().any(is_security) {
            return (Holds::Whole(Kind::Secret), Holds::Anything);
        }
        let (own, is_whole) = self.redactor.holds_at(trail, None);
        match (own, around) {
            (Holds::Kept | Holds::Whole(Kind::Named), _) => (own, own),
            (_, Holds::Whole(Kind::Named)) => (around, around),
            (Holds::Anything | Holds::Named(Sort::Digest), Holds::Whole(_)) => {
                let is_spared = is_spared(&name.local) && !SAML.contains(&&*name.namespace);
                (if is_spared { own } else { around }, around)
            }
            (Holds::Whole(_), _) if is_whole => (own, own),
            _ => (own, around),
        }
    }

    fn attribute(
        &mut self,
        attribute: &mut Attribute,
        trail: &[(QName, usize)],
        holds: Holds,
        around: Holds,
    ) {
        let name = &attribute.name;
        if holds == Holds::Kept || [ns::XSI, ns::XML].contains(&&*name.namespace) {
            return;
        }
        let is_in_assertion =
            trail.last().is_some_and(|(element, _)| SAML.contains(&&*element.namespace));
        let own = match self.redactor.holds_at(trail, Some(name)).0 {
            Holds::Anything if around == Holds::Whole(Kind::Named) => around,
            Holds::Anything if is_in_assertion && ASSERTED.contains(&&*name.local) => {
                Holds::Whole(Kind::Secret)
            }
            own => own,
        };
        self.place.push(Step::Attribute(Arc::clone(&name.local)));
        if let Some(redacted) = self.value(&attribute.value, At::new(&name.local, own)) {
            attribute.value = redacted;
        }
        self.place.pop();
    }

    /// A namespace cannot be redacted: everything with it would be something else.
    fn bindings(&mut self, element: &Element) {
        for (_, uri) in &element.bindings {
            let is_long = uri.len() > NAMESPACE_PLAIN_MAX || uri.contains(['@', '=']);
            if is_long && self.holds_secret(uri) {
                self.doubt("a secret in the name of a namespace");
            }
        }
    }
}

/// Whether a member of a secret is none by its name.
pub(super) fn is_spared(name: &str) -> bool {
    let last = names::words(name).pop().unwrap_or_default();
    SPARED.contains(&&*last) || names::is_about(&last)
}

/// Bytes of a namespace's name that is not looked into.
const NAMESPACE_PLAIN_MAX: usize = 256;
