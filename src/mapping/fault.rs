//! `faults`: which status a fault of the backend becomes.

use super::binding::{MemberPath, key, member_path};
use super::keys::{FAULT_OBJECT, FAULT_STATUS_MAX, FAULT_STATUS_MIN};
use super::node::{Entry, Node, Spanned, Value};
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

/// What one line of `faults` says, or one item of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    /// Which faults.
    pub pattern: Spanned<FaultPattern>,
    /// Which of them, by their text.
    pub text: Option<Spanned<FaultPattern>>,
    /// Which of them, by members of their detail.
    pub members: Vec<(Spanned<MemberPath>, FaultPattern)>,
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
    let mut rules = Vec::new();
    for line in lines {
        match &line.value.value {
            Value::Sequence(items) => rules.extend(items.iter().filter_map(|n| rule(cx, line, n))),
            Value::Mapping(_) => rules.extend(rule(cx, line, &line.value)),
            Value::Scalar(_) => {
                let Some(status) = number(cx, line, FAULT_STATUS_MIN, FAULT_STATUS_MAX) else {
                    continue;
                };
                let pattern = line.key.clone().map(FaultPattern);
                let (members, text, title, expose) = (Vec::new(), None, None, None);
                rules.push(FaultRule { pattern, text, members, status, title, expose });
            }
        }
    }
    rules
}

fn rule(cx: &mut Context<'_>, line: &Entry, node: &Node) -> Option<FaultRule> {
    let fields = cx.fields(node, line.key.span, &FAULT_OBJECT)?;
    let status = fields.integer(cx, "status");
    let title = fields.string(cx, "title");
    let expose = fields.boolean(cx, "expose");
    let text = fields.string(cx, "text").map(|text| text.map(FaultPattern));
    let members = fields.get("detail").map_or_else(Vec::new, |entry| members(cx, entry));
    let pattern = line.key.clone().map(FaultPattern);
    Some(FaultRule { pattern, text, members, status: status?, title, expose })
}

fn members(cx: &mut Context<'_>, entry: &Entry) -> Vec<(Spanned<MemberPath>, FaultPattern)> {
    let lines = cx.entries(&entry.value, entry.key.span, "members of the detail and patterns");
    let mut members = Vec::new();
    for line in lines {
        let pattern = cx.text(&line.value, line.key.span);
        let path = member_path(cx, key(line), 0);
        if let (Some(path), Some(pattern)) = (path, pattern) {
            let path = Spanned::new(path, line.key.span);
            members.push((path, FaultPattern(pattern.value.value)));
        }
    }
    members
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
