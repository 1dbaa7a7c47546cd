//! Elements of one message that have to mean the same in another.

use crate::canonical::Element;

/// Namespaces in scope on both sides, outermost first.
#[derive(Clone, Default)]
pub(super) struct Scope<'e> {
    pub ours: Vec<&'e (Box<str>, Box<str>)>,
    pub theirs: Vec<&'e (Box<str>, Box<str>)>,
}

fn bound<'e>(scope: &[&'e (Box<str>, Box<str>)], prefix: &str) -> Option<&'e str> {
    scope.iter().rev().find(|(known, _)| **known == *prefix).map(|(_, uri)| &**uri)
}

/// Makes an element of theirs mean the same where ours stands: prefixes that are bound otherwise
/// there are bound on it.
pub(super) fn transplant(element: &mut Element, scope: &Scope<'_>) {
    for (prefix, uri) in &scope.theirs {
        let here = bound(&scope.theirs, prefix) == Some(uri);
        let differs = bound(&scope.ours, prefix) != Some(&**uri);
        let own = element.bindings.iter().any(|(known, _)| known == prefix);
        if here && differs && !own {
            element.bindings.push((prefix.clone(), uri.clone()));
        }
    }
}

/// Binds a prefix of theirs where ours does not have it, or has it otherwise.
pub(super) fn bind_prefix(element: &mut Element, prefix: &str, scope: &Scope<'_>) {
    let Some(uri) = bound(&scope.theirs, prefix) else { return };
    let own = element.bindings.iter().any(|(known, _)| **known == *prefix);
    if bound(&scope.ours, prefix) != Some(uri) && !own {
        element.bindings.push((prefix.into(), uri.into()));
    }
}

/// The same for a value that may be a `QName`.
pub(super) fn bind_value(element: &mut Element, value: &str, scope: &Scope<'_>) {
    let Some((prefix, local)) = value.trim().split_once(':') else { return };
    let is_name = |text: &str| !text.is_empty() && !text.contains([':', '/', ' ']);
    if is_name(prefix) && is_name(local) && prefix != &*element.prefix {
        bind_prefix(element, prefix, scope);
    }
}
