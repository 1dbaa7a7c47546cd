//! Faults and unreadable answers as problems: the one place that gives them a status.

use super::problem::Problem;
use crate::codec::DecodeError;
use crate::diagnostic::Code;
use crate::mime::MultipartError;
use crate::plan::{FaultRulePlan, Outcome, SoapCall};
use crate::soap::{Fault, FaultKind, SoapError};
use crate::xml::XmlError;

/// A fault as a problem, by precedence: a rule of the mapping, a fault the contract
/// declares, the code's own meaning.
#[must_use]
pub fn judge_fault(call: &SoapCall, fault: &Fault) -> Problem {
    let declared = fault.declared.as_ref().and_then(|(at, json)| {
        call.fault_elements.get(*at).map(|element| (element.name.to_string(), json.clone()))
    });
    let rule =
        call.fault_rules.iter().find(|rule| matches(rule, fault, declared.as_ref().map(|d| &*d.0)));
    let (code, outcome) = match (&declared, fault.kind()) {
        (Some(_), _) => (Code::FaultDeclared, Outcome::Rejected),
        (None, FaultKind::Client) => (Code::FaultClient, Outcome::Rejected),
        (None, FaultKind::Protocol) => (Code::FaultProtocol, Outcome::Rejected),
        (None, FaultKind::Security) => (Code::FaultSecurity, Outcome::Rejected),
        (None, FaultKind::Server) => (Code::FaultServer, Outcome::Unknown),
    };
    let exposed = call.expose_fault_text || rule.is_some_and(|r| r.expose);
    let detail = if exposed { fault.reason.clone() } else { String::new() };
    let mut problem = Problem::new(code, detail).outcome(outcome).internal(format!(
        "fault {}{}: {}",
        fault.code,
        fault.subcodes.iter().map(|s| format!("/{s}")).collect::<String>(),
        fault.reason
    ));
    if let Some(rule) = rule {
        problem.status = rule.status;
        problem.title.clone_from(&rule.title);
        // A rule knows what the fault means: the backend has decided.
        problem.outcome = Some(Outcome::Rejected);
    }
    problem.fault = declared;
    problem
}

fn matches(rule: &FaultRulePlan, fault: &Fault, declared: Option<&str>) -> bool {
    declared
        .into_iter()
        .chain(fault.detail_name.as_deref())
        .chain(std::iter::once(fault.code.as_str()))
        .chain(fault.subcodes.iter().map(String::as_str))
        .any(|name| crate::plan::glob_matches(&rule.pattern, name))
}

/// An answer that is no answer, as a problem.
#[must_use]
pub fn judge_soap_error(error: &SoapError) -> Problem {
    let code = match error {
        SoapError::NotXml(_) | SoapError::Xml(XmlError::IllFormed { .. }) => Code::BackendNotXml,
        SoapError::NotEnvelope(_) | SoapError::Shape(_) => Code::BackendNotSoap,
        SoapError::Encoding(_) | SoapError::Xml(XmlError::NotUtf8 { .. }) => Code::BackendEncoding,
        SoapError::Xml(XmlError::Doctype { .. }) => Code::BackendDtd,
        SoapError::Xml(XmlError::Truncated { .. })
        | SoapError::Multipart(MultipartError::Truncated) => Code::BackendTruncated,
        SoapError::Xml(XmlError::Limit { .. })
        | SoapError::Multipart(MultipartError::Limit { .. }) => Code::BackendLimit,
        SoapError::Multipart(MultipartError::Malformed(_)) => Code::BackendMultipart,
        SoapError::Payload(DecodeError::OtherAnswer(_)) => Code::BackendOtherAnswer,
        SoapError::Payload(DecodeError::Reference(..)) => Code::BackendReference,
        SoapError::Payload(_) => Code::BackendInvalid,
    };
    Problem::new(code, "").outcome(Outcome::Unknown).internal(error.to_string())
}
