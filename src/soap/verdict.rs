//! What becomes of an operation: it works, works with named losses, or is refused.
//!
//! The WSDL's own findings come first; then whatever the types say that the operation's
//! messages can reach. Types are looked at once each; an operation is a walk over the
//! edges between them, so contracts of thousands of types and operations stay cheap.

use std::collections::HashSet;

use super::findings::{Findings, element_types, findings};
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::wsdl::{Contract, Message, Operation, Part, PartContent};
use crate::xsd::{SchemaSet, TypeId};

/// Reasons kept of one operation; the last one says how many there are besides.
pub const REASONS_MAX: usize = 20;

/// The three verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum VerdictKind {
    /// Everything is carried.
    Works,
    /// It is served; the reasons name what is lost.
    Loss,
    /// It cannot be served; the reasons say why.
    Refused,
}

/// What becomes of an operation, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Which of the three.
    pub kind: VerdictKind,
    /// Why, at most [`REASONS_MAX`]; empty where it works.
    pub reasons: Vec<Diagnostic>,
}

impl Verdict {
    /// Whether a route can be made of the operation.
    #[must_use]
    pub fn is_served(&self) -> bool {
        self.kind != VerdictKind::Refused
    }
}

/// Judges the operations of one contract.
#[derive(Debug)]
pub struct Judge<'c> {
    schema: &'c SchemaSet,
    types: Vec<Findings>,
    /// The walk that last came by a type.
    seen: Vec<u32>,
    walk: u32,
}

impl<'c> Judge<'c> {
    /// Looks at every type of the contract once.
    #[must_use]
    pub fn new(contract: &'c Contract) -> Self {
        let schema = &contract.schema;
        let ids = (0..).map(TypeId).take(schema.types.len());
        let types: Vec<Findings> = ids.map(|id| findings(schema, id)).collect();
        let seen = vec![0; types.len()];
        Self { schema, types, seen, walk: 0 }
    }

    /// The verdict on an operation of this contract.
    pub fn verdict(&mut self, operation: &Operation) -> Verdict {
        let mut reasons = Reasons::default();
        operation.refusals.iter().for_each(|refusal| reasons.refuse(refusal.clone()));
        operation.losses.iter().for_each(|loss| reasons.lose(loss.clone()));
        self.message(&operation.input, &mut reasons);
        if let Some(output) = &operation.output {
            self.message(output, &mut reasons);
            for part in &output.headers {
                reasons.lose(answer_header(part));
            }
        }
        for fault in &operation.faults {
            for reason in self.reached(fault.part.content) {
                match reason.severity {
                    Severity::Error => reasons.lose(fault_detail(reason, &fault.name)),
                    Severity::Warning => reasons.lose(reason.clone()),
                }
            }
        }
        reasons.finish()
    }

    /// Every type the messages of an operation can hold, in no particular order.
    pub fn types_of(&mut self, operation: &Operation) -> Vec<TypeId> {
        let messages = std::iter::once(&operation.input).chain(operation.output.as_ref());
        let parts = messages.flat_map(|m| m.parts.iter().chain(&m.headers));
        let parts = parts.chain(operation.faults.iter().map(|fault| &fault.part));
        let mut roots = Vec::new();
        for part in parts {
            roots.extend(entries(self.schema, part.content));
        }
        self.walk(roots)
    }

    fn message(&mut self, message: &Message, reasons: &mut Reasons) {
        for part in message.parts.iter().chain(&message.headers) {
            for reason in self.reached(part.content) {
                match reason.severity {
                    Severity::Error => reasons.refuse(reason.clone()),
                    Severity::Warning => reasons.lose(reason.clone()),
                }
            }
        }
    }

    fn reached(&mut self, content: PartContent) -> Vec<&Diagnostic> {
        let types = self.walk(entries(self.schema, content));
        types.iter().flat_map(|id| &self.types[id.0 as usize].reasons).collect()
    }

    fn walk(&mut self, mut pending: Vec<TypeId>) -> Vec<TypeId> {
        self.walk += 1;
        let mut reached = Vec::new();
        while let Some(id) = pending.pop() {
            let Some(seen) = self.seen.get_mut(id.0 as usize) else { continue };
            if std::mem::replace(seen, self.walk) == self.walk {
                continue;
            }
            reached.push(id);
            // The stack turns the order round; what stands first is named first.
            pending.extend(self.types[id.0 as usize].reaches.iter().rev());
        }
        reached
    }
}

/// Reasons as they come, each once.
#[derive(Debug, Default)]
struct Reasons {
    refusals: Vec<Diagnostic>,
    losses: Vec<Diagnostic>,
    seen: HashSet<(Code, Option<Span>)>,
    left_out: usize,
}

impl Reasons {
    fn refuse(&mut self, reason: Diagnostic) {
        if self.is_new(&reason) {
            self.refusals.push(Diagnostic { severity: Severity::Error, ..reason });
        }
    }

    fn lose(&mut self, reason: Diagnostic) {
        if self.is_new(&reason) {
            self.losses.push(Diagnostic { severity: Severity::Warning, ..reason });
        }
    }

    fn is_new(&mut self, reason: &Diagnostic) -> bool {
        self.seen.insert((reason.code, reason.span))
    }

    fn finish(mut self) -> Verdict {
        let kind = if !self.refusals.is_empty() {
            VerdictKind::Refused
        } else if !self.losses.is_empty() {
            VerdictKind::Loss
        } else {
            VerdictKind::Works
        };
        // What is lost of an operation that is refused helps nobody.
        let mut reasons = if kind == VerdictKind::Refused { self.refusals } else { self.losses };
        self.left_out += reasons.len().saturating_sub(REASONS_MAX);
        reasons.truncate(REASONS_MAX);
        if let Some(last) = reasons.last_mut().filter(|_| self.left_out > 0) {
            last.message =
                format!("{}; {} more reasons are not listed", last.message, self.left_out);
        }
        Verdict { kind, reasons }
    }
}

fn answer_header(part: &Part) -> Diagnostic {
    let message = format!("header part `{}` of the answer is not carried", part.name);
    Diagnostic::warning(Code::LossAnswerHeader, part.span, message)
        .label("header of the answer")
        .help("the body of the answer is carried; its header is passed over")
}

fn fault_detail(reason: &Diagnostic, fault: &str) -> Diagnostic {
    let message = format!("in the detail of fault `{fault}`: {}", reason.message);
    Diagnostic { code: Code::LossFaultDetail, message, ..reason.clone() }
}

/// The types a part may be of.
fn entries(schema: &SchemaSet, content: PartContent) -> Vec<TypeId> {
    match content {
        PartContent::Type(ty) => vec![ty],
        PartContent::Element(element) => {
            let mut types = Vec::new();
            element_types(schema, element, &mut types);
            types
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wsdl::{DocumentSource, SourceDocument, SourceError, load};

    struct Text(String);

    impl DocumentSource for Text {
        fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
            let bytes = self.0.clone().into_bytes();
            Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
        }
    }

    /// The verdict on an operation whose request is of type `T`.
    fn verdict(types: &str) -> String {
        let text = format!(
            "<definitions targetNamespace='urn:t' xmlns:t='urn:t' xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/' xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns='http://schemas.xmlsoap.org/wsdl/'>
<types><x:schema targetNamespace='urn:t'><x:element name='Put' type='t:T'/>{types}</x:schema></types>
<message name='In'><part name='p' element='t:Put'/></message>
<portType name='P'><operation name='Put'><input message='t:In'/></operation></portType>
<binding name='B' type='t:P'><s:binding transport='http://schemas.xmlsoap.org/soap/http'/>
<operation name='Put'><s:operation/><input><s:body use='literal'/></input></operation></binding>
</definitions>"
        );
        let loaded = load("a.wsdl", &Text(text)).unwrap();
        let mut judge = Judge::new(&loaded.contract);
        let verdict = judge.verdict(&loaded.contract.services[0].ports[0].operations[0]);
        let codes: Vec<&str> = verdict.reasons.iter().map(|d| d.code.as_str()).collect();
        format!("{:?} {}", verdict.kind, codes.join(" "))
    }

    fn complex(name: &str, inside: &str) -> String {
        format!("<x:complexType name='{name}'>{inside}</x:complexType>")
    }

    #[test]
    fn what_the_types_cannot_carry_is_named() {
        let check =
            |types: String, expected: &str| assert_eq!(verdict(&types), expected, "{types}");
        let holds = |inside: &str| complex("T", &format!("<x:sequence>{inside}</x:sequence>"));
        check(holds("<x:element name='a' type='x:string'/>"), "Works ");
        check(holds("<x:any/>"), "Loss loss-any");
        check(holds("<x:any minOccurs='0' maxOccurs='0'/>"), "Works ");
        check(holds("<x:element name='a'/>"), "Loss loss-any-type");
        check(complex("T", "<x:anyAttribute/>"), "Works ");
        check(
            "<x:complexType name='T' mixed='true'><x:sequence/></x:complexType>".to_owned(),
            "Loss loss-mixed",
        );
        check(holds("<x:element name='a' type='t:None'/>"), "Refused contract-reference-missing");
        check(holds("<x:any/><x:element ref='t:none'/>"), "Refused contract-reference-missing");
        check(holds("<x:group ref='t:none'/>"), "Refused contract-reference-missing");
        check(
            complex("T", "<x:attributeGroup ref='t:none'/>"),
            "Refused contract-reference-missing",
        );
        check(complex("T", "<x:attribute ref='t:none'/>"), "Refused contract-reference-missing");
        check(holds("<x:element name='t' type='t:T' minOccurs='0'/>"), "Works ");
        let derived = complex(
            "D",
            "<x:complexContent><x:extension base='t:T'><x:sequence><x:any/></x:sequence></x:extension></x:complexContent>",
        );
        check(holds("<x:element name='a' type='x:string'/>") + &derived, "Loss loss-any");
    }

    #[test]
    fn reasons_are_listed_up_to_a_number_and_counted_beyond() {
        let many: String =
            (0..50).fold(String::new(), |all, n| all + &format!("<x:element name='a{n}'/>"));
        let types = complex("T", &format!("<x:sequence>{many}</x:sequence>"));
        assert_eq!(verdict(&types).matches("loss-any-type").count(), REASONS_MAX);
    }
}
