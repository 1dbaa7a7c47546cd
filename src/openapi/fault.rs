//! Which status each declared fault of a route has.

use crate::plan::{FaultRulePlan, SoapCall};

/// A declared fault as callers meet it.
pub(super) struct FaultAnswer<'p> {
    /// Index into [`SoapCall::faults`].
    pub(super) at: usize,
    /// Its name in the port type.
    pub(super) name: &'p str,
    pub(super) status: u16,
    pub(super) title: Option<&'p str>,
    pub(super) documentation: Option<&'p str>,
}

/// The declared faults of a call, in the order of the contract.
pub(super) fn declared(call: &SoapCall) -> Vec<FaultAnswer<'_>> {
    let default = crate::diagnostic::Code::FaultDeclared.status();
    call.faults
        .iter()
        .enumerate()
        .map(|(at, child)| {
            let element = call.fault_elements.get(at);
            let name = element.map_or(&*child.local, |e| &*e.name);
            let fits =
                |r: &&FaultRulePlan| matches(&r.pattern, name) || matches(&r.pattern, &child.local);
            let fits = |r: &&FaultRulePlan| !r.is_conditional() && fits(r);
            let rule = call.fault_rules.iter().find(fits);
            FaultAnswer {
                at,
                name,
                status: rule.map_or(default, |r| r.status),
                title: rule.and_then(|r| r.title.as_deref()),
                documentation: element.and_then(|e| e.documentation.as_deref()),
            }
        })
        .collect()
}

/// Rules about faults the contract does not declare, or only about some of a kind.
pub(super) fn undeclared(call: &SoapCall) -> Vec<&FaultRulePlan> {
    let declares = |rule: &&FaultRulePlan| {
        call.fault_elements.iter().any(|e| matches(&rule.pattern, &e.name))
            || call.faults.iter().any(|c| matches(&rule.pattern, &c.local))
    };
    call.fault_rules.iter().filter(|rule| rule.is_conditional() || !declares(rule)).collect()
}

/// Whether a name fits a pattern with `*` for any characters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or("");
    for part in parts {
        match name.find(part) {
            Some(at) => name = &name[at + part.len()..],
            None => return false,
        }
    }
    name.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        let check = |pattern: &str, name: &str, expected| {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        };
        check("OrderNotFound", "OrderNotFound", true);
        check("Order*", "OrderNotFound", true);
        check("*Not*d", "OrderNotFound", true);
        check("Client.Auth*", "Client", false);
        check("ab*ba", "aba", false);
    }
}
