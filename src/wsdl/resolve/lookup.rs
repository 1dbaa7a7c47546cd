//! Looking WSDL components up, and saying what is missing.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::wsdl::authored::Reference;
use crate::xml::QName;

/// The component meant.
pub(super) fn find<'c, T>(names: &'c HashMap<QName, T>, reference: &Reference) -> Option<&'c T> {
    names.get(&reference.name).or_else(|| names.get(reference.fallback.as_ref()?))
}

/// Says that a name is defined nowhere, with the nearest that is.
pub(super) fn missing<'n>(
    kind: &str,
    reference: &Reference,
    names: &(impl Iterator<Item = &'n QName> + Clone),
) -> Diagnostic {
    let name = &reference.name;
    let local = &*name.local;
    if let Some(prefix) = name.namespace.strip_prefix('?') {
        let message = format!("prefix `{prefix}` of {kind} `{local}` is not declared");
        return Diagnostic::error(Code::ContractReferenceMissing, reference.span, message)
            .label("not declared")
            .help(format!("declare it with `xmlns:{prefix}=\"…\"`"));
    }
    let near = || {
        let same = names.clone().filter(|known| known.namespace == name.namespace);
        did_you_mean(local, same.map(|known| &*known.local))
    };
    let help = if let Some(other) = names.clone().filter(|known| *known.local == *local).min() {
        format!(
            "it is looked for in namespace `{}`, one of that name is in `{}`: check the prefix",
            name.namespace, other.namespace
        )
    } else if let Some(near) = near() {
        format!("did you mean `{near}`?")
    } else {
        format!("add the import that defines it in namespace `{}`", name.namespace)
    };
    let message = format!("{kind} `{local}` is defined nowhere");
    Diagnostic::error(Code::ContractReferenceMissing, reference.span, message)
        .label("not defined")
        .help(help)
}
