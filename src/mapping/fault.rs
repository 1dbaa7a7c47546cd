//! `faults`: which status a fault of the backend becomes.

use super::keys::{FAULT_OBJECT, FAULT_STATUS_MAX, FAULT_STATUS_MIN};
use super::node::{Entry, Spanned, Value};
use super::reader::{Context, number};

/// The name of a fault, or a pattern with `*` for any characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultPattern(pub String);

impl FaultPattern {
    /// Whether it has a `*`.
    pub fn is_pattern(&self) -> bool {
        self.0.contains('*')
    }

    /// Whether a fault name or code fits, letter by letter.
    pub fn matches(&self, name: &str) -> bool {
        crate::plan::glob_matches(&self.0, name)
    }
}

/// One line of `faults`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    /// Which faults.
    pub pattern: Spanned<FaultPattern>,
    /// The status, 400 to 599.
    pub status: Spanned<u16>,
    /// The title of the problem.
    pub title: Option<Spanned<String>>,
    /// Whether callers see the fault's text; `None` leaves it to the route.
    pub expose: Option<Spanned<bool>>,
}

pub(super) fn faults(cx: &mut Context<'_>, entry: Option<&Entry>) -> Vec<FaultRule> {
    let Some(entry) = entry else { return Vec::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "names of faults and their statuses");
    lines.iter().filter_map(|line| fault(cx, line)).collect()
}

fn fault(cx: &mut Context<'_>, line: &Entry) -> Option<FaultRule> {
    let pattern = line.key.clone().map(FaultPattern);
    if !matches!(line.value.value, Value::Mapping(_)) {
        let status = number(cx, line, FAULT_STATUS_MIN, FAULT_STATUS_MAX)?;
        return Some(FaultRule { pattern, status, title: None, expose: None });
    }
    let fields = cx.fields(&line.value, line.key.span, &FAULT_OBJECT)?;
    let status = fields.integer(cx, "status");
    let title = fields.string(cx, "title");
    let expose = fields.boolean(cx, "expose");
    Some(FaultRule { pattern, status: status?, title, expose })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        let check = |pattern: &str, name: &str, fits: bool| {
            assert_eq!(FaultPattern(pattern.to_owned()).matches(name), fits, "{pattern} {name}");
        };
        check("Client.Auth*", "Client.Authentication", true);
        check("Client.Auth*", "Server.Auth", false);
        check("*Refused", "CreditRefused", true);
        check("A*B*C", "AxBxC", true);
        check("A*B*C", "ACB", false);
        check("A*A", "A", false);
        check("*", "", true);
        check("Exact", "Exactly", false);
    }
}
