//! The Header of an answer, read block by block as it comes.

use std::sync::Arc;

use super::envelope::envelope_namespace;
use super::header::{HeaderPlace, HeaderPlan};
use crate::codec::{
    Child, DecodeError, Decoder, Graph, Json, JsonLimits, Violation, Violations, parse_json,
};
use crate::diagnostic::Code;
use crate::wsdl::SoapVersion;
use crate::xml::{Scope, StartTag, XmlError, XmlLimits};

/// Bytes of JSON kept of one Header.
const HEADER_BYTES_MAX: usize = 1 << 20;
/// Bytes of a value that becomes an HTTP header.
const FIELD_BYTES_MAX: usize = 4 << 10;

/// Reads the Header of one answer.
#[derive(Debug)]
pub(super) struct Blocks {
    plan: Arc<HeaderPlan>,
    graph: Arc<Graph>,
    version: SoapVersion,
    limits: XmlLimits,
    /// The open block: what is wanted of it, each with a decoder of its own.
    open: Vec<(Wanted, Decoder)>,
    depth: u32,
    /// JSON by output.
    values: Vec<Option<Vec<u8>>>,
    /// The first declared header fault that came, with its JSON.
    fault: Option<(usize, Vec<u8>)>,
    /// By declared block, how it came.
    seen: Vec<Seen>,
    /// The open block, where its local name alone says which it is.
    guess: Option<usize>,
    bytes: usize,
    violations: Violations,
}

/// Where its deviations are.
const HEADER: &str = "/header";

#[derive(Debug, Clone, Copy)]
enum Wanted {
    Output(usize),
    Fault(usize),
}

/// Whether a declared block came.
#[derive(Debug, Clone)]
enum Seen {
    No,
    /// One of its local name in another namespace, with what deviates in it. It counts as
    /// long as the right one does not come.
    ByLocal(Violations),
    Exactly,
}

impl Blocks {
    pub(super) fn new(
        plan: Arc<HeaderPlan>,
        graph: Arc<Graph>,
        version: SoapVersion,
        limits: XmlLimits,
    ) -> Self {
        Self {
            values: vec![None; plan.outputs.len()],
            seen: vec![Seen::No; plan.declared.len()],
            guess: None,
            plan,
            graph,
            version,
            limits,
            open: Vec::new(),
            depth: 0,
            fault: None,
            bytes: 0,
            violations: Violations::default(),
        }
    }

    /// An element starts inside the Header.
    pub(super) fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), DecodeError> {
        self.depth += 1;
        if self.depth > 1 {
            return self.open.iter_mut().try_for_each(|(_, decoder)| decoder.start(tag, scope));
        }
        let plan = Arc::clone(&self.plan);
        let is_it = |c: &Child| c.namespace == tag.namespace && *c.local == *tag.local;
        for (child, fault) in plan.faults.iter().filter(|(child, _)| is_it(child)) {
            self.begin(Wanted::Fault(*fault), child, tag, scope)?;
        }
        // Which answer belongs to which request, the connection tells: WS-Addressing says
        // nothing else here.
        let is_addressing = scope.uri(tag.prefix).is_some_and(|uri| ADDRESSING.contains(&uri));
        let exact = plan.declared.iter().position(is_it);
        let guess = || {
            let is_there = |at: usize| matches!(self.seen[at], Seen::Exactly);
            let by_local = plan.declared.iter().position(|c| *c.local == *tag.local);
            by_local.filter(|at| !is_addressing && !is_there(*at))
        };
        let Some(at) = exact.or_else(guess) else {
            let is_understood = is_addressing || !self.open.is_empty();
            return if is_understood { Ok(()) } else { self.stranger(tag) };
        };
        let block = &plan.declared[at];
        let is_exact = exact.is_some() || block.typed;
        match (&self.seen[at], is_exact) {
            (Seen::No, false) => {
                self.seen[at] = Seen::ByLocal(Violations::default());
                self.guess = Some(at);
                self.deviates(Code::ViolationNamespace, tag);
            }
            (Seen::No | Seen::ByLocal(_), true) => self.seen[at] = Seen::Exactly,
            _ => {
                self.deviates(Code::ViolationOccurs, tag);
                return Ok(());
            }
        }
        for (index, output) in plan.outputs.iter().enumerate().filter(|(_, o)| o.block == at) {
            let child = Child { node: output.node, ..block.clone() };
            self.begin(Wanted::Output(index), &child, tag, scope)?;
        }
        Ok(())
    }

    fn begin(
        &mut self,
        wanted: Wanted,
        child: &Child,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let mut decoder = Decoder::new(Arc::clone(&self.graph), false).within(self.limits);
        decoder.start_root(child, tag, scope)?;
        self.open.push((wanted, decoder));
        Ok(())
    }

    pub(super) fn text(&mut self, text: &str) {
        self.open.iter_mut().for_each(|(_, decoder)| decoder.text(text));
    }

    /// An element inside the Header ends.
    pub(super) fn end(&mut self, scope: &Scope) -> Result<(), DecodeError> {
        self.depth = self.depth.saturating_sub(1);
        for (_, decoder) in &mut self.open {
            decoder.end(scope)?;
        }
        if self.depth > 0 {
            return Ok(());
        }
        for (at, (wanted, mut decoder)) in std::mem::take(&mut self.open).into_iter().enumerate() {
            // The same block read twice deviates once.
            if at == 0 {
                let violations = decoder.take_violations();
                self.told().absorb(violations);
            }
            let json = decoder.take();
            self.bytes += json.len();
            if self.bytes > HEADER_BYTES_MAX {
                let limit = HEADER_BYTES_MAX as u64;
                return Err(XmlError::limit("bytes of header parts", limit, 0).into());
            }
            match wanted {
                Wanted::Output(at) => self.values[at] = Some(json),
                Wanted::Fault(at) => {
                    self.fault.get_or_insert((at, json));
                }
            }
        }
        self.guess = None;
        Ok(())
    }

    /// A block the contract does not know. One that must be understood says that passing
    /// it over is wrong, unless it is meant for another node.
    fn stranger(&mut self, tag: &StartTag<'_>) -> Result<(), DecodeError> {
        if tag.is_bare() {
            return Ok(());
        }
        let envelope = envelope_namespace(self.version);
        let must = tag.attribute(envelope, "mustUnderstand")?;
        if !must.is_some_and(|must| matches!(must.trim(), "1" | "true")) {
            return Ok(());
        }
        let role = match self.version {
            SoapVersion::V11 => tag.attribute(envelope, "actor")?,
            SoapVersion::V12 => tag.attribute(envelope, "role")?,
        };
        let is_ours = role.is_none_or(|role| OWN_ROLES.contains(&role.trim()));
        if is_ours {
            self.deviates(Code::ViolationMustUnderstand, tag);
        }
        Ok(())
    }

    fn deviates(&mut self, code: Code, tag: &StartTag<'_>) {
        let what = tag.local.to_owned();
        self.told().push(|| Violation { code, path: HEADER.to_owned(), what });
    }

    /// Where deviations of the open block go.
    fn told(&mut self) -> &mut Violations {
        match self.guess.and_then(|at| self.seen.get_mut(at)) {
            Some(Seen::ByLocal(violations)) => violations,
            _ => &mut self.violations,
        }
    }

    /// The detail of a fault that came in its Header.
    pub(super) fn take_fault(&mut self) -> Option<(usize, Vec<u8>)> {
        self.fault.take()
    }

    /// Ends the Header of an answer that is no fault.
    pub(super) fn settle(mut self) -> Settled {
        let mut lead = Vec::new();
        let mut fields = Vec::new();
        for seen in std::mem::take(&mut self.seen) {
            if let Seen::ByLocal(violations) = seen {
                self.violations.absorb(violations);
            }
        }
        let plan = Arc::clone(&self.plan);
        for (output, value) in plan.outputs.iter().zip(std::mem::take(&mut self.values)) {
            let Some(json) = value else { continue };
            match &output.place {
                HeaderPlace::Member(key) => {
                    lead.extend_from_slice(key);
                    lead.extend_from_slice(&json);
                    lead.push(b',');
                }
                HeaderPlace::Field(name) => match field(&json) {
                    Ok(Some(text)) => fields.push((Arc::clone(name), text)),
                    Ok(None) => {}
                    Err(()) => {
                        let (code, what) = (Code::ViolationHeaderValue, name.to_string());
                        self.violations.push(|| Violation { code, path: HEADER.to_owned(), what });
                    }
                },
            }
        }
        Settled { lead, fields, violations: self.violations }
    }
}

/// What the Header of an answer comes to.
#[derive(Debug)]
pub(super) struct Settled {
    /// `"session":{…},` for each member that came.
    pub(super) lead: Vec<u8>,
    /// Headers of the HTTP answer.
    pub(super) fields: Vec<(Arc<str>, String)>,
    pub(super) violations: Violations,
}

/// Roles of the node that reads the answer (SOAP 1.1, section 4.2.2; SOAP 1.2 part 1,
/// section 2.2).
const OWN_ROLES: &[&str] = &[
    "",
    "http://schemas.xmlsoap.org/soap/actor/next",
    "http://www.w3.org/2003/05/soap-envelope/role/next",
    "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
];

/// WS-Addressing, as recommended and as submitted.
const ADDRESSING: &[&str] =
    &["http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing"];

/// A scalar as the value of an HTTP header; `None` for null, `Err` for what must not be one.
fn field(json: &[u8]) -> Result<Option<String>, ()> {
    let text = std::str::from_utf8(json).map_err(|_| ())?;
    let value = match parse_json(text, JsonLimits::default()).map_err(|_| ())? {
        Json::String(text) | Json::Number(text) | Json::Lexical(text) => text.into_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Null => return Ok(None),
        Json::Array(_) | Json::Object(_) => return Err(()),
    };
    let value = value.trim();
    let is_visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    if value.is_empty() || value.len() > FIELD_BYTES_MAX || !value.bytes().all(is_visible) {
        return Err(());
    }
    Ok(Some(value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_text_becomes_an_http_header() {
        let check = |json: &str, expected: Result<Option<&str>, ()>| {
            let expected = expected.map(|text| text.map(str::to_owned));
            assert_eq!(field(json.as_bytes()), expected, "{json}");
        };
        check(r#""abc d""#, Ok(Some("abc d")));
        check("12.30", Ok(Some("12.30")));
        check("true", Ok(Some("true")));
        check("null", Ok(None));
        check(r#""a\r\nSet-Cookie: b=1""#, Err(()));
        check(r#""a\tb""#, Err(()));
        check(r#""Grüße""#, Err(()));
        check(r#""""#, Err(()));
        check("[1]", Err(()));
        let long = format!("\"{}\"", "x".repeat(FIELD_BYTES_MAX + 1));
        check(&long, Err(()));
    }
}
