//! The documents of a contract: found by their links, breadth first, within limits.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::{LoadFailure, LoadedFile, LoadedLink, schemas};
use crate::diagnostic::{Code, Diagnostic, FileId, Report, Severity, Sources, Span};
use crate::wsdl::limits::{CONTRACT_BYTES_TOTAL_MAX, DOCUMENTS_MAX, IMPORT_DEPTH_MAX};
use crate::wsdl::location::{resolve_location, scheme};
use crate::wsdl::source::{DocumentSource, SourceDocument};
use crate::xml::encoding::{self, EncodingError};
use crate::xml::{Document, Node, ns};
use crate::xsd;

/// Every document that was reached.
pub(super) struct Documents {
    pub sources: Sources,
    pub report: Report,
    /// One for one with `parsed`.
    pub files: Vec<LoadedFile>,
    /// `None` for a document that is no XML.
    pub parsed: Vec<Option<Document>>,
    pub links: Vec<LoadedLink>,
    /// Document and element of a link → the document it leads to.
    pub targets: HashMap<(usize, u32), usize>,
    by_location: HashMap<String, Option<usize>>,
    bytes_left: usize,
}

/// A link on its way to being followed.
struct Pending {
    from: usize,
    node: u32,
    span: Span,
    reference: String,
    /// Whether nothing is lost where it cannot be read.
    optional: bool,
    depth: usize,
}

impl Documents {
    pub fn read(root: &str, source: &dyn DocumentSource) -> Result<Self, Box<LoadFailure>> {
        let mut documents = Self {
            sources: Sources::default(),
            report: Report::default(),
            files: Vec::new(),
            parsed: Vec::new(),
            links: Vec::new(),
            targets: HashMap::new(),
            by_location: HashMap::new(),
            bytes_left: CONTRACT_BYTES_TOTAL_MAX,
        };
        match source.read(root) {
            Ok(document) => {
                documents.take(root, document, None, Severity::Error);
            }
            Err(error) => {
                let message = format!("`{root}` cannot be read: {}", error.message);
                let help = error.help.unwrap_or_else(|| {
                    "check the path or the address, and that this machine may read it".to_owned()
                });
                let diagnostic = Diagnostic::nowhere(Code::ContractUnreadable, message);
                documents.report.push(diagnostic.help(help));
                return Err(Box::new(documents.into_failure()));
            }
        }
        documents.follow(source);
        Ok(documents)
    }

    pub fn into_failure(self) -> LoadFailure {
        LoadFailure { sources: self.sources, report: self.report }
    }

    fn follow(&mut self, source: &dyn DocumentSource) {
        let mut pending: VecDeque<Pending> = self.links_of(0, 1).into();
        while let Some(link) = pending.pop_front() {
            let base = &self.files[link.from].location;
            let location = resolve_location(base, &link.reference);
            let known = self.by_location.get(&location).copied();
            let target = if let Some(known) = known {
                known
            } else {
                let read_before = self.files.len();
                let read = self.read_linked(&location, &link, source);
                self.by_location.insert(location, read);
                if let Some(new) = read.filter(|read| *read >= read_before) {
                    pending.extend(self.links_of(new, link.depth + 1));
                }
                read
            };
            if let Some(target) = target {
                self.targets.insert((link.from, link.node), target);
            }
            let Pending { span, reference, .. } = link;
            self.links.push(LoadedLink { span, reference, target });
        }
    }

    fn read_linked(
        &mut self,
        location: &str,
        link: &Pending,
        source: &dyn DocumentSource,
    ) -> Option<usize> {
        let limit = if self.files.len() >= DOCUMENTS_MAX {
            Some(format!("the contract has more than {DOCUMENTS_MAX} documents"))
        } else if link.depth > IMPORT_DEPTH_MAX {
            Some(format!("imports lead more than {IMPORT_DEPTH_MAX} deep"))
        } else {
            None
        };
        if let Some(message) = limit {
            self.limit(link.span, message);
            return None;
        }
        if is_foreign(&self.files[link.from].location, location) {
            let message = format!("`{}` is a file, named by a remote document", link.reference);
            let diagnostic = Diagnostic::warning(Code::ContractImportMissing, link.span, message);
            let help = "save the contract with its imports in a folder, and import it from there";
            self.report.push(diagnostic.label("not followed").help(help));
            return None;
        }
        match source.read(location) {
            Ok(document) if document.bytes.len() > self.bytes_left => {
                let message =
                    format!("the documents have more than {CONTRACT_BYTES_TOTAL_MAX} bytes");
                self.limit(link.span, message);
                None
            }
            Ok(document) => {
                let by = self.files[link.from].location.clone();
                // Redirected to what is known already.
                if let Some(Some(known)) = self.by_location.get(&document.location) {
                    return Some(*known);
                }
                Some(self.take(location, document, Some(by), Severity::Warning))
            }
            Err(_) if link.optional => None,
            Err(error) => {
                let message = format!("`{}` cannot be read: {}", link.reference, error.message);
                let help = error.help.unwrap_or_else(|| {
                    format!("put the file at `{location}`, or give its folder with --catalog")
                });
                let code = Code::ContractImportMissing;
                let diagnostic = Diagnostic::warning(code, link.span, message);
                self.report.push(diagnostic.label("imported here").help(help));
                None
            }
        }
    }

    /// Keeps a document and parses it; what is wrong with an imported one is a warning,
    /// since only what needs it is lost.
    fn take(
        &mut self,
        location: &str,
        document: SourceDocument,
        requested_by: Option<String>,
        severity: Severity,
    ) -> usize {
        let index = self.files.len();
        let SourceDocument { location: found_at, bytes, charset } = document;
        self.bytes_left = self.bytes_left.saturating_sub(bytes.len());
        self.by_location.insert(resolve_location("", location), Some(index));
        self.by_location.insert(found_at.clone(), Some(index));
        let (text, problem) = match encoding::decode(&bytes, charset.as_deref()) {
            Ok(text) => (Arc::from(text), None),
            Err(EncodingError::Unknown(label)) => {
                let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
                (text, Some((0, format!("the encoding `{label}` is not known"))))
            }
            Err(EncodingError::Malformed { encoding, lossy, at }) => {
                (Arc::from(lossy), Some((at, format!("a character is not {encoding}"))))
            }
        };
        let file_id = self.sources.add(found_at.clone(), Arc::clone(&text));
        let parsed = match problem {
            Some((at, message)) => Err(Box::new(not_text(file_id, at, message))),
            None => Document::parse(file_id, text),
        };
        self.files.push(LoadedFile { location: found_at, requested_by, bytes, file_id });
        self.parsed.push(match parsed {
            Ok(document) => Some(document),
            Err(diagnostic) => {
                self.report.push(Diagnostic { severity, ..*diagnostic });
                None
            }
        });
        index
    }

    fn limit(&mut self, span: Span, message: String) {
        self.report.push(
            Diagnostic::warning(Code::ContractLimit, span, message)
                .label("not followed")
                .help("check that the import is meant; split the contract where it is"),
        );
    }

    /// The links a document follows, in document order.
    fn links_of(&self, index: usize, depth: usize) -> Vec<Pending> {
        let Some(document) = &self.parsed[index] else { return Vec::new() };
        let root = document.root();
        let mut links = Vec::new();
        let mut push = |node: Node<'_>, reference: &str, span, optional| {
            let (node, reference) = (node.index(), reference.to_owned());
            links.push(Pending { from: index, node, span, reference, optional, depth });
        };
        for child in root.children().filter(|child| child.is(ns::WSDL, "import")) {
            let location = child.attribute("location").or(child.attribute("schemaLocation"));
            if let Some(location) = location.filter(|a| !a.value.trim().is_empty()) {
                push(child, location.value.trim(), location.value_span, false);
            }
        }
        let own = xsd::is_schema(root).then_some(root);
        for schema in own.into_iter().chain(schemas::inline(root)) {
            for link in xsd::links(schema) {
                let Some(location) = link.location else { continue };
                let optional = link.namespace.is_some_and(xsd::is_builtin_namespace);
                push(link.node, location, link.span, optional);
            }
        }
        links
    }
}

/// Whether a document from the network asks for a file of this machine.
fn is_foreign(base: &str, location: &str) -> bool {
    let is_file = |location| scheme(location).is_none_or(|s| s.eq_ignore_ascii_case("file"));
    !is_file(base) && is_file(location)
}

fn not_text(file: FileId, at: usize, message: String) -> Diagnostic {
    Diagnostic::error(Code::ContractNotXml, Span::new(file, at, at + 1), message)
        .label("not in this encoding")
        .help("save the document as UTF-8 and let its XML declaration say so")
}
