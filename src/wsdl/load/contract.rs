//! Loading: the root, what it imports, its schemas, and the contract they resolve to.

use std::sync::Arc;

use super::documents::Documents;

use super::super::authored::Components;
use super::super::location::stem;
use super::super::model::Contract;
use super::super::parse;
use super::super::resolve::Resolving;
use super::super::source::DocumentSource;
use crate::diagnostic::{Code, Diagnostic, FileId, Report, Severity, Sources, Span};
use crate::xml::{Node, QName, ns};
use crate::xsd;

/// Characters shown of a fault that came where a contract was asked for.
const FAULT_CHARS_MAX: usize = 200;

/// A contract and the documents it was read from.
#[derive(Debug)]
pub struct Loaded {
    /// Every document in the order it was read, the root first.
    pub files: Vec<LoadedFile>,
    /// Every place where one document names another.
    pub links: Vec<LoadedLink>,
    /// The resolved contract.
    pub contract: Contract,
}

/// A document as it was read.
#[derive(Debug)]
pub struct LoadedFile {
    /// Where it came from.
    pub location: String,
    /// The location of the document that first asked for it; `None` for the root.
    pub requested_by: Option<String>,
    /// Its bytes, untouched.
    pub bytes: Vec<u8>,
    /// Its decoded text in the contract's sources.
    pub file_id: FileId,
}

/// A `location` or `schemaLocation` that was followed.
#[derive(Debug)]
pub struct LoadedLink {
    /// Where it is written: the value between its quotes, in the decoded text.
    pub span: Span,
    /// As it is written.
    pub reference: String,
    /// Index into [`Loaded::files`]; `None` where it could not be read.
    pub target: Option<usize>,
}

/// Why there is no contract at all.
#[derive(Debug)]
pub struct LoadFailure {
    /// The texts the report points into.
    pub sources: Sources,
    /// What is wrong.
    pub report: Report,
}

/// Reads and resolves the contract at `root`.
///
/// Anything milder than an unreadable root is in the contract's report or with the
/// operations it concerns.
///
/// # Errors
/// The root cannot be read, is not XML, or is no WSDL 1.1.
pub fn load(root: &str, source: &dyn DocumentSource) -> Result<Loaded, LoadFailure> {
    let mut documents = match Documents::read(root, source) {
        Ok(documents) => documents,
        Err(failure) => return Err(*failure),
    };
    let Some(first) = documents.parsed.first().and_then(Option::as_ref) else {
        return Err(documents.into_failure());
    };
    if let Some(diagnostic) = refusal(first.root()) {
        documents.report.push(diagnostic);
        return Err(documents.into_failure());
    }
    let mut report = std::mem::take(&mut documents.report);
    for document in documents.parsed.iter().skip(1).flatten() {
        if !xsd::is_schema(document.root())
            && let Some(diagnostic) = refusal(document.root())
        {
            report.push(Diagnostic { severity: Severity::Warning, ..diagnostic });
        }
    }
    let root = first.root();
    let (schema, schema_report) = super::schemas::schemas(&documents, &mut report).finish();
    let mut components = Components::default();
    for document in documents.parsed.iter().flatten() {
        if document.root().is(ns::WSDL, "definitions") {
            parse::definitions(document.root(), &mut components, &mut report);
        }
    }
    report.extend(schema_report);
    let target_namespace = parse::target_namespace(root);
    let name = root.value("name").filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| stem(&documents.files[0].location)).to_owned();
    let service = QName::new(Arc::clone(&target_namespace), name.as_str());
    let services =
        Resolving::new(&components, &schema, &mut report).services(&service, root.span());
    let prefixes = prefixes(&documents);
    let Documents { sources, files, links, .. } = documents;
    let contract = Contract { sources, name, target_namespace, schema, services, report, prefixes };
    Ok(Loaded { files, links, contract })
}

/// What is wrong with a root that is no WSDL 1.1.
pub(super) fn refusal(root: Node<'_>) -> Option<Diagnostic> {
    if root.is(ns::WSDL, "definitions") {
        return None;
    }
    let name = root.name();
    if root.is(ns::WSDL2, "description") {
        let message = "this is a WSDL 2.0 description";
        let diagnostic = Diagnostic::error(Code::ContractWsdl2, root.span(), message);
        return Some(diagnostic.label("WSDL 2.0").help("ask the service for its WSDL 1.1"));
    }
    let help = if name.local.eq_ignore_ascii_case("html") {
        "this looks like an HTML page, perhaps a login or an error page; save the contract itself, often the address with `?wsdl`".to_owned()
    } else if xsd::is_schema(root) {
        "this is a schema; give the WSDL that imports it".to_owned()
    } else if let Some(fault) = fault_text(root) {
        // What Axis and CXF answer when they cannot make their contract: they say why.
        let text: String = fault.chars().take(FAULT_CHARS_MAX).collect();
        format!("the service answered with a fault instead: {text}")
    } else {
        format!("the root has to be `definitions` in namespace `{}`", ns::WSDL)
    };
    let message = format!("the root element is `{}`, not a WSDL definitions", name.local);
    let diagnostic = Diagnostic::error(Code::ContractNotWsdl, root.span(), message);
    Some(diagnostic.label("not WSDL 1.1").help(help))
}

/// The text of a SOAP fault, where the root is an envelope with one.
fn fault_text(root: Node<'_>) -> Option<String> {
    let (namespace, local) = [(ns::SOAP11, "faultstring"), (ns::SOAP12, "Reason")]
        .into_iter()
        .find(|(namespace, _)| root.is(namespace, "Envelope"))?;
    let fault = root.child(namespace, "Body")?.child(namespace, "Fault")?;
    fault.children().find(|node| *node.name().local == *local).map(Node::text)
}

/// Prefixes of the roots and the schemas, the first of each prefix and of each namespace.
pub(super) fn prefixes(documents: &Documents) -> Vec<(Arc<str>, Arc<str>)> {
    let mut prefixes: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for document in documents.parsed.iter().flatten() {
        let root = document.root();
        let nodes = std::iter::once(root).chain(super::schemas::inline(root));
        for (prefix, namespace) in nodes.flat_map(Node::bindings) {
            let is_new = !prefix.is_empty()
                && !namespace.is_empty()
                && !known.contains(&(true, Arc::clone(prefix)))
                && !known.contains(&(false, Arc::clone(namespace)));
            if is_new {
                known.insert((true, Arc::clone(prefix)));
                known.insert((false, Arc::clone(namespace)));
                prefixes.push((Arc::clone(prefix), Arc::clone(namespace)));
            }
        }
    }
    prefixes
}
