//! Operations as a binding offers them (WSDL 1.1, sections 2.4, 2.5 and 3.4).

use std::collections::HashMap;
use std::sync::Arc;

use super::message::{Direction, Verdict};
use super::{Resolving, lookup};
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::wsdl::authored::{
    AuthoredBinding, AuthoredFault, AuthoredOperation, AuthoredPortType, AuthoredTransfer,
    BoundMessage, BoundOperation, SoapBinding,
};
use crate::wsdl::model::{BindingStyle, Fault, Message, Operation, SoapVersion, Use};

impl<'a> Resolving<'a> {
    pub(super) fn operations(
        &mut self,
        binding: &AuthoredBinding,
        soap: &SoapBinding,
        address: Option<&str>,
    ) -> Vec<Operation> {
        let (port_type, missing) = self.port_type(binding);
        let mut by_name: HashMap<&str, Vec<&AuthoredOperation>> = HashMap::new();
        for operation in port_type.map_or(&[][..], |port_type| &port_type.operations) {
            by_name.entry(&operation.name).or_default().push(operation);
        }
        self.report_overloads(&by_name);
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut operations: Vec<Operation> = Vec::new();
        let mut overloads = Vec::new();
        for bound in &binding.operations {
            let nth = seen.entry(&bound.name).or_default();
            let candidates = by_name.get(&*bound.name).map_or(&[][..], Vec::as_slice);
            let found = choose(candidates, bound, *nth);
            *nth += 1;
            let mut verdict = Verdict::default();
            match other_transport(soap, address) {
                Some(transport) if transport.severity == Severity::Error => {
                    verdict.refusals.push(transport);
                }
                transport => verdict.losses.extend(transport),
            }
            match (&missing, found) {
                (Some(missing), _) => verdict.refusals.push(missing.clone()),
                (None, None) => {
                    // Bound, but no operation of the contract: it has no messages.
                    self.report.push(unknown_operation(bound, &by_name));
                    continue;
                }
                (None, Some(_)) => {}
            }
            operations.push(self.operation(bound, found, soap, verdict));
            if *nth > 1 {
                overloads.push((operations.len() - 1, *nth));
            }
        }
        for (at, nth) in overloads {
            let Operation { wire_name, input_name, .. } = &operations[at];
            let name = own_name(&operations, wire_name, input_name.clone(), nth);
            operations[at].name = name;
        }
        operations
    }

    fn port_type(
        &self,
        binding: &AuthoredBinding,
    ) -> (Option<&'a AuthoredPortType>, Option<Diagnostic>) {
        let port_types = &self.components.port_types;
        let Some(reference) = &binding.port_type else {
            let missing = Diagnostic::error(
                Code::ContractReferenceMissing,
                binding.span,
                "the binding names no port type",
            );
            return (None, Some(missing.label("no `type`").help("name the port type it binds")));
        };
        match lookup::find(port_types, reference) {
            Some(port_type) => (Some(port_type), None),
            None => (None, Some(lookup::missing("port type", reference, &port_types.keys()))),
        }
    }

    fn report_overloads(&mut self, by_name: &HashMap<&str, Vec<&AuthoredOperation>>) {
        let mut overloads: Vec<_> = by_name
            .values()
            .filter_map(|o| o.split_first())
            .filter(|(_, r)| !r.is_empty())
            .collect();
        overloads.sort_unstable_by_key(|(first, _)| first.span);
        for (first, rest) in overloads {
            for other in rest {
                let message = format!("operation `{}` is overloaded", other.name);
                self.report.push(
                    Diagnostic::warning(Code::ContractOverload, other.span, message)
                        .label("one more of this name")
                        .help("tell them apart by the names of their inputs and outputs")
                        .note(first.span, "the first of this name"),
                );
            }
        }
    }

    fn operation(
        &self,
        bound: &BoundOperation,
        abstract_: Option<&AuthoredOperation>,
        soap: &SoapBinding,
        mut verdict: Verdict,
    ) -> Operation {
        let style = bound.style.or(soap.style).unwrap_or(BindingStyle::Document);
        if let Some(refusal) = abstract_.and_then(pattern_refusal) {
            verdict.refusals.push(refusal);
        }
        let of = |transfer: &Option<AuthoredTransfer>, to, verdict: &mut Verdict| {
            let transfer = transfer.as_ref()?;
            Some(self.transfer(transfer, to, (style, soap.version), verdict))
        };
        let input = abstract_.and_then(|a| of(&a.input, bound.input.as_ref(), &mut verdict));
        let output = abstract_.and_then(|a| of(&a.output, bound.output.as_ref(), &mut verdict));
        // Faults say their use as well; none says another than the operation's.
        let use_ = input.as_ref().map_or(Use::Literal, |input| input.use_);
        let faults = abstract_
            .map_or(&[][..], |abstract_| &abstract_.faults)
            .iter()
            .filter_map(|fault| self.fault(fault, use_, &mut verdict))
            .collect();
        verdict.refusals.dedup();
        let input_name = abstract_.and_then(|abstract_| abstract_.input.as_ref()?.name.clone());
        Operation {
            name: Arc::clone(&bound.name),
            wire_name: Arc::clone(&bound.name),
            input_name: bound.input.as_ref().and_then(|i| i.name.clone()).or(input_name),
            style,
            soap_action: bound.soap_action.clone(),
            input: input.unwrap_or_else(|| Self::nothing(bound)),
            output,
            faults,
            documentation: abstract_.and_then(|abstract_| abstract_.documentation.clone()),
            span: bound.span,
            refusals: verdict.refusals,
            losses: verdict.losses,
        }
    }

    fn transfer(
        &self,
        transfer: &AuthoredTransfer,
        bound: Option<&BoundMessage>,
        (style, version): (BindingStyle, SoapVersion),
        verdict: &mut Verdict,
    ) -> Message {
        let direction = Direction {
            message: transfer.message.as_ref(),
            bound,
            style,
            version,
            addressing_action: transfer.addressing_action.clone(),
            span: transfer.span,
        };
        self.message(&direction, verdict)
    }

    /// An empty input for an operation that is refused anyway.
    fn nothing(bound: &BoundOperation) -> Message {
        Message {
            name: crate::xml::QName::new("", ""),
            use_: Use::Literal,
            parts: Vec::new(),
            namespace: None,
            headers: Vec::new(),
            addressing_action: None,
            span: bound.span,
        }
    }

    /// A declared fault; one whose detail is unknown is a loss, not a refusal.
    fn fault(&self, fault: &AuthoredFault, use_: Use, verdict: &mut Verdict) -> Option<Fault> {
        let messages = &self.components.messages;
        let lost = |span: Span, why: String| {
            Diagnostic::warning(Code::ContractReferenceMissing, span, why)
                .label("fault")
                .help("the fault is answered without its typed detail")
        };
        let part = match &fault.message {
            None => Err(lost(fault.span, format!("fault `{}` names no message", fault.name))),
            Some(reference) => match lookup::find(messages, reference) {
                None => Err(lookup::missing("message", reference, &messages.keys())),
                Some(message) => match message.parts.first() {
                    None => {
                        let why = format!("the message of fault `{}` has no part", fault.name);
                        Err(lost(reference.span, why))
                    }
                    Some(part) => self.part(part, use_).map_err(|missing| *missing),
                },
            },
        };
        match part {
            Ok(part) => {
                let name = Arc::clone(&fault.name);
                Some(Fault { name, part, documentation: fault.documentation.clone() })
            }
            Err(why) => {
                verdict.losses.push(Diagnostic { severity: Severity::Warning, ..why });
                None
            }
        }
    }
}

/// The operation meant, by the names of input and output where there are several.
fn choose<'o>(
    candidates: &[&'o AuthoredOperation],
    bound: &BoundOperation,
    nth: usize,
) -> Option<&'o AuthoredOperation> {
    if candidates.len() < 2 {
        return candidates.first().copied();
    }
    let agrees = |transfer: &Option<AuthoredTransfer>, to: &Option<BoundMessage>, suffix: &str| {
        let Some(wanted) = to.as_ref().and_then(|to| to.name.as_ref()) else { return true };
        match transfer.as_ref().and_then(|transfer| transfer.name.as_ref()) {
            Some(name) => name == wanted,
            None => **wanted == *bound.name || **wanted == format!("{}{suffix}", bound.name),
        }
    };
    let named = bound.input.as_ref().is_some_and(|input| input.name.is_some())
        || bound.output.as_ref().is_some_and(|output| output.name.is_some());
    let by_name = candidates.iter().find(|candidate| {
        agrees(&candidate.input, &bound.input, "Request")
            && agrees(&candidate.output, &bound.output, "Response")
    });
    by_name.filter(|_| named).or_else(|| candidates.get(nth)).copied()
}

/// The name of an overloaded operation among all others: that of its input, else a number.
fn own_name(others: &[Operation], shared: &str, input: Option<Arc<str>>, nth: usize) -> Arc<str> {
    let is_free = |name: &str| others.iter().all(|other| *other.name != *name);
    let numbered = (nth..).map(|n| format!("{shared}{n}").into());
    input.into_iter().chain(numbered).find(|name| is_free(name)).unwrap_or_else(|| shared.into())
}

fn unknown_operation(
    bound: &BoundOperation,
    by_name: &HashMap<&str, Vec<&AuthoredOperation>>,
) -> Diagnostic {
    let mut names: Vec<&str> = by_name.keys().copied().collect();
    names.sort_unstable();
    let near = crate::diagnostic::did_you_mean(&bound.name, names);
    let help = near.map_or_else(
        || "define the operation in the port type".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    let message = format!("the port type has no operation `{}`", bound.name);
    Diagnostic::warning(Code::ContractReferenceMissing, bound.span, message)
        .label("bound here, and passed over")
        .help(help)
}

fn pattern_refusal(operation: &AuthoredOperation) -> Option<Diagnostic> {
    let what = match (&operation.input, &operation.output) {
        (Some(_), Some(_)) if operation.output_first => "solicit-response",
        (None, Some(_)) => "notification",
        (None, None) => "without input and output",
        (Some(_), _) => return None,
    };
    let message = format!("operation `{}` is {what}", operation.name);
    Some(
        Diagnostic::error(Code::ContractPattern, operation.span, message)
            .label("cannot be called")
            .help("the service calls its clients with it; there is no request to send"),
    )
}

/// A transport that is not HTTP: a refusal, unless the address says HTTP all the same.
fn other_transport(soap: &SoapBinding, address: Option<&str>) -> Option<Diagnostic> {
    let transport = soap.transport.as_deref().map(str::trim).unwrap_or_default();
    let name = transport.trim_end_matches('/').to_ascii_lowercase();
    if name.is_empty() || name.ends_with("/http") || name.ends_with("/https") {
        return None;
    }
    let message = format!("the transport is `{transport}`");
    let scheme = address.and_then(|address| address.split_once("://"));
    if scheme.is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    }) {
        let warning = Diagnostic::warning(Code::ContractTransport, soap.span, message);
        return Some(
            warning
                .label("HTTP is used")
                .help("the port's address is one of HTTP, so it is called"),
        );
    }
    Some(
        Diagnostic::error(Code::ContractTransport, soap.span, message)
            .label("not HTTP")
            .help("use a port whose `soap:binding` has the HTTP transport"),
    )
}
