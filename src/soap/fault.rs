//! Faults (SOAP 1.1, section 4.4; SOAP 1.2 part 1, section 5.4).

use std::sync::Arc;

use crate::codec::{Alternative, Child, DecodeError, Decoder, Graph, Node, Violations};
use crate::xml::{NsId, Scope, StartTag, XmlLimits};

/// Bytes kept of a fault's text; the rest of a stack trace helps nobody.
const FAULT_TEXT_BYTES_MAX: usize = 8 << 10;
/// Subcodes kept.
const SUBCODES_MAX: usize = 8;
/// Names of the detail's elements kept.
const DETAIL_NAMES_MAX: usize = 8;

/// A fault as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    /// The local name of the code: `Client`, `Server.Timeout`, `Sender` …
    pub code: String,
    /// Its namespace.
    pub code_namespace: String,
    /// Local names of the subcodes, outermost first.
    pub subcodes: Vec<String>,
    /// The text for people.
    pub reason: String,
    /// The local names of the detail's elements.
    pub detail_names: Vec<String>,
    /// Which of the operation's faults the detail is, with its JSON.
    pub declared: Option<(usize, Vec<u8>)>,
    /// The text of a detail the contract does not declare.
    pub detail_text: String,
    /// What of a declared detail deviates from the contract.
    pub violations: Violations,
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Client, Sender.
    Client,
    /// Server, Receiver, and whatever has no name we know.
    Server,
    /// `VersionMismatch`, `MustUnderstand`, `DataEncodingUnknown`: our mistake.
    Protocol,
    /// WS-Security codes.
    Security,
}

impl Fault {
    /// Whose fault it is, by its codes.
    #[must_use]
    pub fn kind(&self) -> FaultKind {
        const SECURITY: &[&str] = &[
            "FailedAuthentication",
            "FailedCheck",
            "InvalidSecurity",
            "InvalidSecurityToken",
            "SecurityTokenUnavailable",
            "UnsupportedSecurityToken",
            "UnsupportedAlgorithm",
            "MessageExpired",
            "BadContextToken",
        ];
        let all = || std::iter::once(&self.code).chain(&self.subcodes);
        if all().any(|code| SECURITY.contains(&code.as_str())) {
            return FaultKind::Security;
        }
        match self.code.split('.').next().unwrap_or("") {
            "Client" | "Sender" => FaultKind::Client,
            "VersionMismatch" | "MustUnderstand" | "DataEncodingUnknown" => FaultKind::Protocol,
            _ => FaultKind::Server,
        }
    }
}

/// Collects a fault from events.
#[derive(Debug)]
pub(super) struct FaultReader {
    path: Vec<Box<str>>,
    text: String,
    /// Whether the text at hand says that it is English.
    is_english: bool,
    /// Depth inside the detail; 0 outside.
    detail: u32,
    decoding: Option<usize>,
    decoder: Decoder,
    graph: Arc<Graph>,
    pub(super) fault: Fault,
}

impl FaultReader {
    pub(super) fn new(graph: Arc<Graph>, limits: XmlLimits) -> Self {
        Self {
            path: Vec::new(),
            text: String::new(),
            is_english: false,
            detail: 0,
            decoding: None,
            decoder: Decoder::new(Arc::clone(&graph), false).within(limits),
            graph,
            fault: Fault::default(),
        }
    }

    pub(super) fn start(
        &mut self,
        faults: &[Child],
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        if self.detail > 0 {
            self.detail += 1;
            if self.decoding.is_some() {
                return self.decoder.start(tag, scope);
            }
            if self.detail == 2 {
                if self.fault.detail_names.len() < DETAIL_NAMES_MAX {
                    self.fault.detail_names.push(tag.local.to_owned());
                }
                let known = |c: &Child| c.namespace == tag.namespace && *c.local == *tag.local;
                let by_local = |c: &Child| *c.local == *tag.local;
                let found =
                    faults.iter().position(known).or_else(|| faults.iter().position(by_local));
                let found = match found {
                    Some(found) => Some(found),
                    None => self.by_type(faults, tag, scope)?,
                };
                if let (Some(at), None) = (found, &self.fault.declared) {
                    self.decoding = Some(at);
                    return self.decoder.start_root(&faults[at], tag, scope);
                }
            }
            return Ok(());
        }
        if self.path.is_empty() && tag.local.eq_ignore_ascii_case("detail") {
            self.detail = 1;
            return Ok(());
        }
        self.text.clear();
        self.path.push(tag.local.into());
        let language = if tag.local == "Text" { tag.attribute(NsId::XML, "lang")? } else { None };
        self.is_english = language.is_some_and(|l| l.split('-').next() == Some("en"));
        Ok(())
    }

    /// Under SOAP encoding a detail may have any name, but says its type.
    fn by_type(
        &self,
        faults: &[Child],
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<Option<usize>, DecodeError> {
        let Some(named) = tag.attribute(NsId::XSI, "type")? else { return Ok(None) };
        let Some((namespace, local)) = scope.resolve_qname(&named) else { return Ok(None) };
        let is = |name: &(NsId, Box<str>)| name.0 == namespace && *name.1 == *local;
        Ok(faults.iter().position(|fault| match self.graph.node(fault.node) {
            Node::Object(object) => {
                let derived = |a: &Alternative| a.namespace == namespace && *a.local == *local;
                fault.typed
                    && (object.name.as_ref().is_some_and(is)
                        || object.alternatives.iter().any(derived))
            }
            _ => false,
        }))
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.decoding.is_some() {
            self.decoder.text(text);
            return;
        }
        let into = if self.detail > 0 { &mut self.fault.detail_text } else { &mut self.text };
        let room = FAULT_TEXT_BYTES_MAX.saturating_sub(into.len());
        let mut cut = text.len().min(room);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        into.push_str(&text[..cut]);
    }

    /// An element of the fault ends.
    pub(super) fn end(&mut self, scope: &Scope) -> Result<(), DecodeError> {
        if self.detail > 0 {
            self.detail -= 1;
            if let Some(at) = self.decoding {
                self.decoder.end(scope)?;
                if self.detail == 1 {
                    self.decoding = None;
                    self.fault.declared = Some((at, self.decoder.take()));
                    self.fault.violations.clone_from(self.decoder.violations());
                }
            }
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        let path: Vec<&str> = self.path.iter().map(|name| &**name).collect();
        // Servers mix the two versions of SOAP; no name means two things.
        match &path[..] {
            ["faultcode"] | ["Code", "Value"] => {
                let (prefix, local) = text.split_once(':').unwrap_or(("", text));
                local.clone_into(&mut self.fault.code);
                scope.uri(prefix).unwrap_or("").clone_into(&mut self.fault.code_namespace);
            }
            ["faultstring"] => text.clone_into(&mut self.fault.reason),
            // One text a language: the English one if there is one, else the first.
            ["Reason", "Text"] if self.fault.reason.is_empty() || self.is_english => {
                text.clone_into(&mut self.fault.reason);
            }
            ["Code", .., "Subcode", "Value"] if self.fault.subcodes.len() < SUBCODES_MAX => {
                let local = text.rsplit(':').next().unwrap_or(text);
                self.fault.subcodes.push(local.to_owned());
            }
            _ => {}
        }
        self.path.pop();
        Ok(())
    }
}
