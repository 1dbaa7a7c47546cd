//! Attributes that only a wildcard lets in.

use super::super::graph::{AttributeRule, Object};
use super::super::json::Json;
use super::super::rules::{Rules, TYPE_MARKS};
use super::content::Values;
use super::{Encoder, Step};
use crate::xml::{NsId, is_nc_name, ns, write_attribute_value};
use crate::xsd::NamespaceConstraint;

/// Namespaces in which nothing is an attribute of the caller's.
const RESERVED: &[&str] = &[ns::XMLNS, ns::SOAP11, ns::SOAP12];

impl<'g> Encoder<'g> {
    /// Writes the attributes that a caller gives by name.
    pub(super) fn wild_attributes(&mut self, object: &'g Object, values: &Values<'_>) {
        let Some((member, namespaces)) = &object.any_attribute else { return };
        let Some(value) = values.get(*member) else { return };
        let name = object.members[usize::from(*member)].name.to_string();
        self.at(Step::Key(name), |e| e.by_name(&object.attributes, namespaces, value));
    }

    /// Writes a value of `anyType` that has attributes beside it; `false` where it has none.
    pub(super) fn any_with_attributes(&mut self, rules: Rules, value: &Json<'_>) -> bool {
        let Json::Object(entries) = value else { return false };
        let entry = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, v)| v);
        let is_it = entries.iter().all(|(key, _)| key == "anyAttribute" || key == "value");
        let Some(attributes) = entry("anyAttribute").filter(|_| is_it) else { return false };
        self.at(Step::Key("anyAttribute".to_owned()), |e| {
            e.by_name(&[], &NamespaceConstraint::Any, attributes);
        });
        let nothing = Json::String("".into());
        let value = entry("value").unwrap_or(&nothing);
        // One start tag has room for one list of attributes: a typed value brings its own.
        let has_attributes = matches!(value, Json::Object(entries)
            if entries.iter().any(|(key, _)| key == "anyAttribute" || TYPE_MARKS.contains(&&**key)));
        self.at(Step::Key("value".to_owned()), |e| {
            if has_attributes {
                e.problem("must not have attributes or a type beside `anyAttribute`");
            } else {
                e.any_element(rules, value);
            }
        });
        true
    }

    fn by_name(
        &mut self,
        own: &[AttributeRule],
        namespaces: &NamespaceConstraint,
        value: &Json<'_>,
    ) {
        let Json::Object(entries) = value else {
            self.problem(format!("must be an object of attributes, is {}", value.kind()));
            return;
        };
        for (nth, (key, value)) in (1_u32..).zip(entries) {
            self.at(Step::Key(key.to_string()), |e| {
                e.wild_attribute((own, namespaces), nth, key, value);
            });
        }
    }

    fn wild_attribute(
        &mut self,
        (own, namespaces): (&[AttributeRule], &NamespaceConstraint),
        nth: u32,
        key: &str,
        value: &Json<'_>,
    ) {
        let (uri, local) = match key.strip_prefix('{').and_then(|key| key.split_once('}')) {
            Some((uri, local)) if !uri.is_empty() => (uri, local),
            _ => ("", key),
        };
        let id = self.graph.namespaces.id(uri);
        let is_it = |rule: &AttributeRule| rule.namespace == id && *rule.local == *local;
        let problem = if !is_nc_name(local) || (uri.is_empty() && local == "xmlns") {
            Some("is no name of an attribute".to_owned())
        } else if own.iter().any(is_it) {
            Some("is a member of its own".to_owned())
        } else if id == NsId::XSI || RESERVED.contains(&uri) || !namespaces.lets_in(uri) {
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
