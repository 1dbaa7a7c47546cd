//! Attributes that only a wildcard lets in.

use super::super::graph::Object;
use super::DecodeError;
use super::decoder::State;
use super::value::write_string;
use crate::xml::{NsId, Scope, StartTag};

/// What is SOAP's own and no part of a value.
pub(super) const ENVELOPES: &[NsId] = &[NsId::XSI, NsId::SOAP11, NsId::SOAP12];

impl State {
    /// Writes them as one object, by name.
    pub(super) fn wild_attributes(
        &mut self,
        object: &Object,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let Some((member, namespaces)) = &object.any_attribute else { return Ok(()) };
        if object.members[usize::from(*member)].dropped {
            return Ok(());
        }
        let mut is_first = true;
        for attribute in tag.attributes().filter(|a| !ENVELOPES.contains(&a.namespace)) {
            let is_it = |namespace: NsId, local: &str| {
                namespace == attribute.namespace && *local == *attribute.local
            };
            let uri = match attribute.prefix {
                "" => "",
                prefix => scope.uri(prefix).unwrap_or(""),
            };
            let is_known = object.attributes.iter().any(|rule| is_it(rule.namespace, &rule.local));
            if is_known || !namespaces.lets_in(uri) {
                continue;
            }
            if !is_first {
                self.out.push(b',');
            } else if self.place(object, *member)? {
                self.out.push(b'{');
            } else {
                return Ok(());
            }
            is_first = false;
            match uri {
                "" => write_string(&mut self.out, attribute.local),
                uri => write_string(&mut self.out, &format!("{{{uri}}}{}", attribute.local)),
            }
            self.out.push(b':');
            write_string(&mut self.out, &attribute.value()?);
        }
        if !is_first {
            self.out.push(b'}');
        }
        Ok(())
    }
}
