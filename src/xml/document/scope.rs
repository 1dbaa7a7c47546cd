//! In-scope namespaces (Namespaces in XML 1.0, section 6), shared between elements.

use std::sync::Arc;

use crate::xml::ns;

/// Points at the innermost binding in scope of an element.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ScopeId(Option<u32>);

#[derive(Debug)]
struct Binding {
    prefix: Arc<str>,
    namespace: Arc<str>,
    outer: ScopeId,
    count: usize,
}

/// Every binding of a document, each pointing at the one before it in scope.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    bindings: Vec<Binding>,
    xml: Option<Arc<str>>,
    none: Option<Arc<str>>,
}

impl Scopes {
    pub fn bind(&mut self, outer: ScopeId, prefix: Arc<str>, namespace: Arc<str>) -> ScopeId {
        let id = u32::try_from(self.bindings.len()).unwrap_or(u32::MAX);
        let count = self.count(outer) + 1;
        self.bindings.push(Binding { prefix, namespace, outer, count });
        ScopeId(Some(id))
    }

    pub fn count(&self, scope: ScopeId) -> usize {
        self.get(scope).map_or(0, |b| b.count)
    }

    /// The namespace of a prefix; of `""` the default namespace, which is none by default.
    pub fn resolve(&mut self, scope: ScopeId, prefix: &str) -> Option<Arc<str>> {
        if let Some(found) = self.find(scope, prefix) {
            return Some(Arc::clone(found));
        }
        match prefix {
            "" => Some(Arc::clone(self.none.get_or_insert_with(|| "".into()))),
            "xml" => Some(Arc::clone(self.xml.get_or_insert_with(|| ns::XML.into()))),
            _ => None,
        }
    }

    pub fn find(&self, scope: ScopeId, prefix: &str) -> Option<&Arc<str>> {
        self.iter(scope).find(|(p, _)| &***p == prefix).map(|(_, namespace)| namespace)
    }

    /// Bindings from the innermost out; an outer one of the same prefix is not hidden.
    pub fn iter(&self, scope: ScopeId) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        let mut at = scope;
        std::iter::from_fn(move || {
            let binding = self.get(at)?;
            at = binding.outer;
            Some((&binding.prefix, &binding.namespace))
        })
    }

    fn get(&self, scope: ScopeId) -> Option<&Binding> {
        scope.0.and_then(|id| self.bindings.get(id as usize))
    }
}
