//! Which schema documents go into which namespace: inline schemas, imports, includes
//! (chameleons once for each includer's namespace) and redefinitions.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::documents::Documents;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::xml::{Node, ns};
use crate::xsd::{self, LinkKind, SchemaBuilder, SchemaLink};

/// The schemas inside the `wsdl:types` of a definitions.
pub(super) fn inline(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let types = root.children().filter(|child| child.is(ns::WSDL, "types"));
    types.flat_map(Node::children).filter(|child| xsd::is_schema(*child))
}

/// A schema element to be read into a namespace.
#[derive(Clone)]
struct Work<'d> {
    document: usize,
    schema: Node<'d>,
    target: Arc<str>,
}

/// All schemas that are reached, ready to be resolved.
pub(super) fn schemas(documents: &Documents, report: &mut Report) -> SchemaBuilder {
    let mut builder = SchemaBuilder::default();
    let mut queue = VecDeque::new();
    for index in 0..documents.parsed.len() {
        let is_wsdl = |node: &Node<'_>| node.is(ns::WSDL, "definitions");
        let root = documents.parsed[index].as_ref().map(crate::xml::Document::root);
        if index == 0 || root.as_ref().is_some_and(is_wsdl) {
            queue.extend(own_schemas(documents, index));
            queue.extend(imported_by_wsdl(documents, index));
        }
    }
    let mut seen = HashSet::new();
    let mut redefinitions = Vec::new();
    while let Some(work) = queue.pop_front() {
        let key = (work.document, work.schema.index(), Arc::clone(&work.target));
        if !seen.insert(key) {
            continue;
        }
        builder.add(work.schema, &work.target);
        for link in xsd::links(work.schema) {
            let Some(target) = documents.targets.get(&(work.document, link.node.index())) else {
                continue;
            };
            let mut reached = own_schemas(documents, *target);
            if let Some(diagnostic) = mismatch(&link, &work, &reached) {
                report.push(diagnostic);
            }
            if link.kind != LinkKind::Import {
                for schema in reached.iter_mut().filter(|work| work.target.is_empty()) {
                    schema.target = Arc::clone(&work.target);
                }
            }
            queue.extend(reached);
            if link.kind == LinkKind::Redefine {
                redefinitions.push((link.node, Arc::clone(&work.target)));
            }
        }
    }
    // The innermost redefinition was found last and comes first.
    for (node, target) in redefinitions.into_iter().rev() {
        builder.redefine(node, &target);
    }
    builder
}

/// Says where a link promises another namespace than its document has.
fn mismatch(link: &SchemaLink<'_>, from: &Work<'_>, reached: &[Work<'_>]) -> Option<Diagnostic> {
    let promised = match link.kind {
        LinkKind::Import => link.namespace.unwrap_or_default(),
        LinkKind::Include | LinkKind::Redefine => &from.target,
    };
    let chameleon = link.kind != LinkKind::Import;
    let agrees = |found: &str| found == promised || (chameleon && found.is_empty());
    let first = reached.first()?;
    if reached.iter().any(|work| agrees(&work.target)) {
        return None;
    }
    let message = format!("the schema is of namespace `{}`, not `{promised}`", first.target);
    Some(
        Diagnostic::warning(Code::ContractSchemaInvalid, link.span, message)
            .label("not what it promises")
            .help("let both name one namespace; the schema's own is taken"),
    )
}

/// The schemas a document is or holds, each in its own namespace.
fn own_schemas(documents: &Documents, index: usize) -> Vec<Work<'_>> {
    let Some(document) = documents.parsed.get(index).and_then(Option::as_ref) else {
        return Vec::new();
    };
    let root = document.root();
    let own = xsd::is_schema(root).then_some(root);
    own.into_iter()
        .chain(inline(root))
        .map(|schema| Work {
            document: index,
            schema,
            target: schema.value("targetNamespace").unwrap_or_default().into(),
        })
        .collect()
}

/// Plain schemas that a `wsdl:import` names.
fn imported_by_wsdl(documents: &Documents, index: usize) -> Vec<Work<'_>> {
    let Some(document) = documents.parsed.get(index).and_then(Option::as_ref) else {
        return Vec::new();
    };
    let imports = document.root().children().filter(|child| child.is(ns::WSDL, "import"));
    imports
        .filter_map(|import| documents.targets.get(&(index, import.index())))
        .flat_map(|target| own_schemas(documents, *target))
        .collect()
}
