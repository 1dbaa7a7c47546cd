//! Faults and unreadable answers as problems: the one place that gives them a status.

use super::problem::Problem;
use crate::codec::{DecodeError, Json, JsonLimits, parse_json};
use crate::diagnostic::Code;
use crate::plan::{FaultRulePlan, Outcome, SoapCall, glob_matches};
use crate::soap::{Fault, FaultKind, SoapError};
use crate::xml::XmlError;

/// A fault as a problem, by precedence: a rule of the mapping, a fault the contract
/// declares, the code's own meaning.
#[must_use]
pub fn judge_fault(call: &SoapCall, fault: &Fault) -> Problem {
    let declared = fault.declared.as_ref().and_then(|(at, json)| {
        call.fault_elements.get(*at).map(|element| (element.name.to_string(), json.clone()))
    });
    let rule = call.fault_rules.iter().find(|rule| matches(rule, fault, declared.as_ref()));
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

fn matches(rule: &FaultRulePlan, fault: &Fault, declared: Option<&(String, Vec<u8>)>) -> bool {
    let is_named = declared
        .map(|(name, _)| name)
        .into_iter()
        .chain(&fault.detail_names)
        .chain(std::iter::once(&fault.code))
        .chain(&fault.subcodes)
        .any(|name| glob_matches(&rule.pattern, name));
    is_named
        && rule.text.as_ref().is_none_or(|pattern| glob_matches(pattern, &fault.reason))
        && (rule.members.is_empty() || declared.is_some_and(|(_, json)| says(json, &rule.members)))
}

/// Whether each member of a detail has a value that fits.
fn says(detail: &[u8], members: &[(Vec<Box<str>>, String)]) -> bool {
    let limits = JsonLimits { nodes: u32::MAX, ..JsonLimits::default() };
    let detail = std::str::from_utf8(detail).ok().and_then(|text| parse_json(text, limits).ok());
    detail.is_some_and(|detail| {
        members.iter().all(|(path, pattern)| has_value(&detail, path, pattern))
    })
}

/// The recursion is over the path and the arrays on it, which JSON's depth limit bounds.
fn has_value(value: &Json<'_>, path: &[Box<str>], pattern: &str) -> bool {
    match (value, path) {
        (Json::Array(items), _) => items.iter().any(|item| has_value(item, path, pattern)),
        (Json::Object(entries), [name, rest @ ..]) => {
            let member = entries.iter().find(|(key, _)| **key == **name);
            member.is_some_and(|(_, value)| has_value(value, rest, pattern))
        }
        (Json::String(text) | Json::Number(text) | Json::Lexical(text), []) => {
            glob_matches(pattern, text)
        }
        (Json::Bool(truth), []) => glob_matches(pattern, if *truth { "true" } else { "false" }),
        _ => false,
    }
}

/// An answer that is no answer, as a problem.
#[must_use]
pub fn judge_soap_error(error: &SoapError) -> Problem {
    let code = match error {
        SoapError::NotXml(_) | SoapError::Xml(XmlError::IllFormed { .. }) => Code::BackendNotXml,
        SoapError::NotEnvelope(_) | SoapError::Shape(_) => Code::BackendNotSoap,
        SoapError::Encoding(_) | SoapError::Xml(XmlError::NotUtf8 { .. }) => Code::BackendEncoding,
        SoapError::Xml(XmlError::Doctype { .. }) => Code::BackendDtd,
        SoapError::Xml(XmlError::Truncated { .. }) => Code::BackendTruncated,
        SoapError::Xml(XmlError::Limit { .. }) => Code::BackendLimit,
        SoapError::Payload(DecodeError::OtherAnswer(_)) => Code::BackendOtherAnswer,
        SoapError::Payload(DecodeError::Reference(..)) => Code::BackendReference,
        SoapError::Payload(_) => Code::BackendInvalid,
    };
    Problem::new(code, "").outcome(Outcome::Unknown).internal(error.to_string())
}
