//! Attributes that only a wildcard lets in.

use super::super::graph::{AttributeRule, Object};
use super::DecodeError;
use super::decoder::State;
use super::value::write_string;
use crate::xml::{NsId, Scope, StartTag, TagAttribute};
use crate::xsd::NamespaceConstraint;

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
        let mut wild = wild(tag, scope, &object.attributes, namespaces).peekable();
        let is_dropped = object.members[usize::from(*member)].dropped;
        if wild.peek().is_none() || is_dropped || !self.place(object, *member)? {
            return Ok(());
        }
        self.by_name(wild)
    }

    /// Opens a value of `anyType` that has attributes: they stand beside it. `false` where it
    /// has none.
    pub(super) fn open_any(
        &mut self,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<bool, DecodeError> {
        let mut wild = wild(tag, scope, &[], &NamespaceConstraint::Any).peekable();
        if wild.peek().is_none() {
            return Ok(false);
        }
        self.out.extend_from_slice(b"{\"anyAttribute\":");
        self.by_name(wild)?;
        self.out.extend_from_slice(b",\"value\":");
        Ok(true)
    }

    fn by_name<'t>(
        &mut self,
        attributes: impl Iterator<Item = (TagAttribute<'t>, &'t str)>,
    ) -> Result<(), DecodeError> {
        let mut before = b'{';
        for (attribute, uri) in attributes {
            self.out.push(before);
            before = b',';
            match uri {
                "" => write_string(&mut self.out, attribute.local),
                uri => write_string(&mut self.out, &format!("{{{uri}}}{}", attribute.local)),
            }
            self.out.push(b':');
            write_string(&mut self.out, &attribute.value()?);
        }
        self.out.push(b'}');
        Ok(())
    }
}

/// The attributes that are none of a type's own and are let in, with their namespaces.
fn wild<'t>(
    tag: &StartTag<'t>,
    scope: &'t Scope,
    own: &'t [AttributeRule],
    namespaces: &'t NamespaceConstraint,
) -> impl Iterator<Item = (TagAttribute<'t>, &'t str)> {
    let strange = tag.attributes().filter(move |attribute| {
        let is_it = |rule: &AttributeRule| {
            rule.namespace == attribute.namespace && *rule.local == *attribute.local
        };
        !ENVELOPES.contains(&attribute.namespace) && !own.iter().any(is_it)
    });
    let named = strange.map(|attribute| {
        let uri = match attribute.prefix {
            "" => "",
            prefix => scope.uri(prefix).unwrap_or(""),
        };
        (attribute, uri)
    });
    named.filter(|(_, uri)| namespaces.lets_in(uri))
}
