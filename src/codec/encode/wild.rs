//! Attributes that only a wildcard lets in.

use super::super::form::Form;
use super::super::graph::Object;
use super::super::json::Json;
use super::content::Values;
use super::{Encoder, Step};
use crate::xml::{NsId, ns, write_attribute_value};
use crate::xsd::NamespaceConstraint;

/// Namespaces in which nothing is an attribute of the caller's.
const RESERVED: &[&str] = &[ns::XMLNS, ns::SOAP11, ns::SOAP12];

impl<'g> Encoder<'g> {
    /// Writes the attributes that a caller gives by name.
    pub(super) fn wild_attributes(&mut self, object: &'g Object, values: &Values<'_>) {
        let Some((member, wild)) = &object.any_attribute else { return };
        let Some(value) = values.get(*member) else { return };
        let name = object.members[usize::from(*member)].name.to_string();
        self.at(Step::Key(name), |e| e.attributes_by_name(object, wild, value));
    }

    /// Writes attributes given by name, each let in by a wildcard and none a member of its own.
    pub(super) fn attributes_by_name(
        &mut self,
        object: &Object,
        wild: &NamespaceConstraint,
        value: &Json<'_>,
    ) {
        let Json::Object(entries) = value else {
            self.problem(format!("must be an object of attributes, is {}", value.kind()));
            return;
        };
        for (nth, (key, value)) in (1_u32..).zip(entries) {
            self.at(Step::Key(key.to_string()), |e| {
                e.wild_attribute(object, wild, nth, key, value);
            });
        }
    }

    fn wild_attribute(
        &mut self,
        object: &Object,
        wild: &NamespaceConstraint,
        nth: u32,
        key: &str,
        value: &Json<'_>,
    ) {
        let (uri, local) = match key.strip_prefix('{').and_then(|key| key.split_once('}')) {
            Some((uri, local)) if !uri.is_empty() => (uri, local),
            _ => ("", key),
        };
        let id = self.graph.namespaces.id(uri);
        let is_it = |ns: NsId, own: &str| ns == id && *own == *local;
        let problem = if !Form::NcName.accepts(local) || (uri.is_empty() && local == "xmlns") {
            Some("is no name of an attribute".to_owned())
        } else if object.attributes.iter().any(|rule| is_it(rule.namespace, &rule.local)) {
            Some("is a member of its own".to_owned())
        } else if id == NsId::XSI || RESERVED.contains(&uri) || !wild.lets_in(uri) {
            Some("is in a namespace that is not let in here".to_owned())
        } else {
            None
        };
        if let Some(problem) = problem {
            self.problem(problem);
            return;
        }
        let text = match value {
            Json::String(text) | Json::Lexical(text) => text,
            other => {
                self.problem(format!("must be a string, is {}", other.kind()));
                return;
            }
        };
        self.out.push(b' ');
        let names = &self.graph.namespaces;
        if !uri.is_empty() && *names.uri(id) == *uri {
            self.uses(id);
            self.out.extend_from_slice(names.prefix(id).as_bytes());
            self.out.push(b':');
        } else if !uri.is_empty() {
            // No name inside may have the prefix: it would be in this namespace then.
            let mut prefix = format!("wild{nth}");
            while names.has_prefix(&prefix) {
                prefix.push('_');
            }
            self.out.extend_from_slice(format!("xmlns:{prefix}=\"").as_bytes());
            self.attribute_text(uri);
            self.out.extend_from_slice(format!("\" {prefix}:").as_bytes());
        }
        self.out.extend_from_slice(local.as_bytes());
        self.out.extend_from_slice(b"=\"");
        self.attribute_text(text);
        self.out.push(b'"');
    }

    pub(super) fn attribute_text(&mut self, text: &str) {
        if let Err(bad) = write_attribute_value(&mut self.out, text) {
            let detail = format!("has the character U+{:04X}, which XML cannot carry", bad as u32);
            self.problem(detail);
        }
    }
}
