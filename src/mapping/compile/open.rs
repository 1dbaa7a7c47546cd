//! `open:`: the documents that members hold, checked against the contract and their schemas.

use std::collections::HashMap;
use std::sync::Arc;

use super::Compiler;
use crate::codec::{OpenRule, Openings};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::mapping::{Backend, Open, Spanned};
use crate::wsdl::{Contract, Schema, standalone_schema};
use crate::xml::{QName, ns};
use crate::xsd::{ElementId, SchemaSet};

/// Schemas of documents, by backend and by path as it is written. One that could not be
/// read is absent; the reason is in the report already.
pub type Schemas = HashMap<(String, String), Arc<Schema>>;

/// Namespaces whose elements no schema of a person declares.
const BUILT_IN: [&str; 3] = [ns::XSD, ns::SOAPENC11, ns::SOAPENC12];
/// Names listed in one help.
const LISTED_MAX: usize = 20;

impl<'c> Compiler<'c> {
    /// The rules of a backend's `open:`, each with the line it comes from.
    pub(super) fn open_rules(
        &mut self,
        backend: &'c Backend,
        contract: &Contract,
    ) -> Vec<(OpenRule<'c>, &'c Open)> {
        backend
            .open
            .iter()
            .filter_map(|open| Some((self.rule(backend, open, contract)?, open)))
            .collect()
    }

    fn rule(
        &mut self,
        backend: &Backend,
        open: &Open,
        contract: &Contract,
    ) -> Option<OpenRule<'c>> {
        let separate = match &open.schema {
            Some(path) => {
                let key = (backend.name.value.clone(), path.value.clone());
                Some(self.known.schemas.get(&key)?.as_ref())
            }
            None => None,
        };
        let set = separate.map_or(&contract.schema, |schema| &schema.set);
        let root = self.root(open, set)?;
        let schema_text = if open.is_data_set {
            let sources = separate.map_or(&contract.sources, |schema| &schema.sources);
            let text = standalone_schema(sources, set.element(root).span);
            if text.is_none() {
                let message = "the schema of a data set is sent with it, and this one cannot be";
                self.report.push(
                    Diagnostic::error(Code::MappingOpen, open.element.span, message)
                        .help("save the schema without a document type declaration"),
                );
            }
            Some(text?)
        } else {
            None
        };
        Some(OpenRule {
            key: open.member.value.clone(),
            schema: separate.map(|schema| &schema.set),
            prefixes: separate.map_or(&[], |schema| &schema.prefixes),
            root,
            is_data_set: open.is_data_set,
            schema_text,
            markup: open.write.as_ref().map(|write| write.value),
            declaration: open.declaration.as_ref().is_some_and(|d| d.value),
        })
    }

    /// The root element, by its expanded name, or by its local one where there is only one.
    fn root(&mut self, open: &Open, set: &SchemaSet) -> Option<ElementId> {
        let written = &open.element.value;
        let expanded = written.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let found: Vec<(&QName, ElementId)> = set
            .element_by_name
            .iter()
            .filter(|(name, _)| match expanded {
                Some((namespace, local)) => name.is(namespace, local),
                None => *name.local == **written,
            })
            .map(|(name, id)| (name, *id))
            .collect();
        let (message, help) = match &found[..] {
            [(name, id)] if set.element(*id).is_abstract => (
                format!("`{}` is abstract: no document has it as its root", name.local),
                "name an element that may stand in for it".to_owned(),
            ),
            [(_, id)] => return Some(*id),
            [] => {
                let mut names: Vec<String> = set
                    .element_by_name
                    .keys()
                    .filter(|name| !BUILT_IN.contains(&&*name.namespace))
                    .map(shown)
                    .collect();
                names.sort();
                let near = did_you_mean(
                    written,
                    names.iter().map(|name| near_part(name, expanded.is_some())),
                );
                let near = near.map(str::to_owned);
                names.truncate(LISTED_MAX);
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "it declares none".to_owned(),
                    None => format!("it declares {}", names.join(", ")),
                };
                (format!("the schema declares no element `{written}` at its top"), help)
            }
            several => {
                let mut names: Vec<String> = several.iter().map(|(name, _)| shown(name)).collect();
                names.sort();
                let help = format!("write one of {}", names.join(", "));
                (format!("`{written}` is several elements of the schema"), help)
            }
        };
        self.report
            .push(Diagnostic::error(Code::MappingOpen, open.element.span, message).help(help));
        None
    }

    /// Says which lines opened nothing, and why.
    pub(super) fn openings(&mut self, lines: &[&Open], contract: &Contract, openings: &Openings) {
        // A plain name may stand for several members; one that holds a document is enough.
        let none_opened = |at: usize| openings.members.get(at) == Some(&0);
        for (at, holds) in openings.unfit.iter().filter(|(at, _)| none_opened(*at)) {
            let Some(open) = lines.get(*at) else { continue };
            let message = format!("`{}` holds {holds}", open.member.value);
            self.report.push(Diagnostic::error(Code::MappingOpen, open.member.span, message).help(
                "a document can be in a string, in anyType, or in an element that holds \
                     nothing but what a wildcard lets in",
            ));
        }
        for (at, open) in lines.iter().enumerate() {
            let is_unfit = openings.unfit.iter().any(|(rule, _)| *rule == at);
            if !is_unfit && none_opened(at) {
                self.no_member(&open.member, contract);
            }
        }
    }

    /// Says which members under `any:` are none that anything may stand in.
    pub(super) fn any_forms(&mut self, backend: &Backend, contract: &Contract, found: &Openings) {
        for (member, _) in &backend.any.members {
            let mut fits = found.any.iter().filter(|(key, _)| *key == member.value).peekable();
            if fits.peek().is_none() {
                self.no_member(member, contract);
            } else if !fits.any(|(_, fits)| *fits) {
                let message = format!("`{}` is not one that anything may stand in", member.value);
                self.report.push(Diagnostic::error(Code::MappingValue, member.span, message).help(
                    "name an element of anyType, or the `any` of a type with a wildcard; SOAP \
                         encoding says itself what a value is",
                ));
            }
        }
    }

    /// A line that opened nothing is wrong unless the member is one of a message that no
    /// route uses.
    fn no_member(&mut self, member: &Spanned<String>, contract: &Contract) {
        let written = &member.value;
        let (owner, name) = match written.rsplit_once('.') {
            Some((owner, name)) => (Some(owner), name),
            None => (None, written.as_str()),
        };
        let name = name.strip_prefix('@').unwrap_or(name);
        let operations = || {
            let ports = contract.services.iter().flat_map(|s| &s.ports);
            ports.flat_map(|port| &port.operations)
        };
        let parts = operations()
            .flat_map(|o| std::iter::once(&o.input).chain(&o.output))
            .flat_map(|message| &message.parts)
            .map(|part| &*part.name);
        let known = self.known.schemas;
        let schemas =
            || std::iter::once(&contract.schema).chain(known.values().map(|schema| &schema.set));
        let elements = schemas().flat_map(|set| &set.elements).map(|e| &*e.name.local);
        let mut names: Vec<&str> = elements.chain(parts).collect();
        names.sort_unstable();
        names.dedup();
        let has_owner = owner.is_none_or(|owner| {
            let types = schemas().flat_map(|set| set.type_by_name.keys());
            let elements = schemas().flat_map(|set| &set.elements);
            types.map(|name| &*name.local).any(|name| name == owner)
                || elements.map(|e| &*e.name.local).any(|name| name == owner)
                || operations()
                    .any(|o| owner.strip_suffix("Response").unwrap_or(owner) == &*o.wire_name)
        });
        if has_owner && (names.binary_search(&name).is_ok() || ["value", "any"].contains(&name)) {
            return;
        }
        let message = format!("the contract has no member `{written}`");
        let help = match (has_owner, did_you_mean(name, names.iter().copied())) {
            (false, _) => {
                "write `Type.name` with a type of the contract, or `name` alone".to_owned()
            }
            (true, Some(near)) => format!("did you mean `{near}`?"),
            (true, None) => "write it as in the schema, `Type.name` or `name`".to_owned(),
        };
        self.report
            .push(Diagnostic::error(Code::MappingMemberUnknown, member.span, message).help(help));
    }
}

/// What of a shown name is compared with what was written.
fn near_part(name: &str, is_expanded: bool) -> &str {
    match name.rsplit_once('}') {
        Some((_, local)) if !is_expanded => local,
        _ => name,
    }
}

fn shown(name: &QName) -> String {
    if name.namespace.is_empty() {
        name.local.to_string()
    } else {
        format!("{{{}}}{}", name.namespace, name.local)
    }
}
