//! A mapping that a person may have edited, and operations that are new.

use std::collections::HashSet;

use super::judged::Judged;
use super::proposal::{Proposal, append, shape, try_out};
use crate::mapping::{MappingSet, Target};

/// What became of the new operations.
#[derive(Debug, Default)]
pub struct Updated {
    /// The mapping with the new routes; `None` where nothing is to be added.
    pub text: Option<String>,
    /// Operations that got a route.
    pub added: Vec<String>,
    /// Operations that could not be given one here.
    pub left: Vec<String>,
}

/// Every route's shape, so that new ones stay clear of them.
pub fn shapes(set: &MappingSet) -> HashSet<String> {
    let routes = set.versions.iter().filter(|v| v.version.value.0 == 1).flat_map(|v| &v.routes);
    routes
        .map(|r| {
            let text = &r.route.key.text;
            let path = text.split_once(' ').map_or("", |(_, path)| path);
            shape(r.route.key.method.value, path)
        })
        .collect()
}

/// Appends routes for the operations in `wanted`, by name, that no route has yet.
pub fn update(
    text: &str,
    judged: &Judged,
    mut proposal: Proposal<'_>,
    wanted: &HashSet<String>,
) -> Updated {
    let mut updated = Updated::default();
    let (set, before) = try_out(text, &judged.contract);
    let routed = routed(&set);
    let mut rows = HashSet::new();
    let mut new_port = HashSet::new();
    for (at, backend) in proposal.backends.iter_mut().enumerate() {
        let service = &judged.contract.services[backend.service];
        let port = &service.ports[backend.port];
        let known = set.backends.iter().find(|known| {
            known.service.as_ref().is_none_or(|s| *s.value == *service.name.local)
                && known.port.as_ref().is_none_or(|p| *p.value == *port.name)
                && known.name.value.starts_with(proposal.name.as_str())
        });
        match known {
            Some(known) => backend.name.clone_from(&known.name.value),
            None => {
                new_port.insert(at);
            }
        }
    }
    for route in &proposal.routes {
        let name = judged.operation(&judged.rows[route.row]).name.to_string();
        if !wanted.contains(&name) || routed.contains(&name) {
            continue;
        }
        if new_port.contains(&route.backend) {
            updated.left.push(name);
        } else {
            rows.insert(route.row);
            updated.added.push(name);
        }
    }
    if rows.is_empty() {
        return updated;
    }
    for round in 0..2 {
        let inserted = insert(text, |indent| append(&proposal, |r| rows.contains(&r.row), indent));
        if let Some(inserted) = inserted {
            let (after, errors) = try_out(&inserted, &judged.contract);
            let kept = after.backends.len() == set.backends.len()
                && after.versions.iter().map(|v| v.routes.len()).sum::<usize>()
                    >= set.versions.iter().map(|v| v.routes.len()).sum::<usize>() + rows.len();
            if kept && errors.len() <= before.len() {
                updated.text = Some(inserted);
                return updated;
            }
        }
        if round == 0 {
            let mut taken = proposal.shapes();
            taken.extend(shapes(&set));
            let why = "the path proposed first does not fit";
            let wrong: Vec<usize> = (0..proposal.routes.len())
                .filter(|r| rows.contains(&proposal.routes[*r].row))
                .collect();
            for at in wrong {
                proposal.fall_back(at, why, &mut taken);
            }
        }
    }
    updated.left.append(&mut updated.added);
    updated
}

/// The operations that have a route.
pub fn routed(set: &MappingSet) -> HashSet<String> {
    let routes = set.versions.iter().flat_map(|v| &v.routes).map(|r| &r.route);
    let candidates = routes.clone().filter_map(|r| Some(&*r.migration.as_deref()?.candidate));
    routes
        .chain(candidates)
        .filter_map(|route| match &route.target {
            Some(Target::Soap { operation, .. }) => Some(operation.value.clone()),
            _ => None,
        })
        .collect()
}

/// Puts a block at the end of `routes:`; `None` where the file is written in another way.
pub(super) fn insert(text: &str, block: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut at = 0;
    let mut routes: Option<usize> = None;
    let mut indent: Option<String> = None;
    let mut end = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        let is_comment = bare.trim_start().starts_with('#');
        if routes.is_none() {
            let rest = bare.strip_prefix("routes:");
            if rest.is_some_and(|rest| rest.trim().is_empty() || rest.trim().starts_with('#')) {
                routes = Some(at);
                end = Some(at);
            }
            continue;
        }
        if bare.is_empty() || (is_comment && !line.starts_with([' ', '\t'])) {
            continue;
        }
        if !line.starts_with(' ') {
            break;
        }
        if indent.is_none() && !is_comment {
            indent = Some(text[start..].chars().take_while(|c| *c == ' ').collect());
        }
        end = Some(at);
    }
    let crlf = text.contains("\r\n");
    let (head, tail) = match end {
        Some(end) => text.split_at(end),
        None if text.lines().any(|line| line.starts_with("routes")) => return None,
        None => (text, ""),
    };
    let mut block = block(indent.as_deref().unwrap_or("  "))?;
    if routes.is_none() {
        block = format!("\nroutes:{block}");
    }
    if crlf {
        block = block.replace('\n', "\r\n");
    }
    let joint = if head.is_empty() || head.ends_with('\n') { "" } else { "\n" };
    Some(format!("{head}{joint}{block}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_goes_to_the_end_of_the_routes() {
        let check = |text: &str, expected: Option<&str>| {
            let block = |indent: &str| Some(format!("{indent}NEW\n"));
            assert_eq!(insert(text, block).as_deref(), expected, "{text}");
        };
        check(
            "a: 1\nroutes:\n    X:\n      y: 1\n\n# end\n",
            Some("a: 1\nroutes:\n    X:\n      y: 1\n    NEW\n\n# end\n"),
        );
        check(
            "routes:\n  X: 1\nbackends:\n  y: 1\n",
            Some("routes:\n  X: 1\n  NEW\nbackends:\n  y: 1\n"),
        );
        check("routes: # all\n  X: 1", Some("routes: # all\n  X: 1\n  NEW\n"));
        check("routes: {}\n", None);
        check("a: 1\n", Some("a: 1\n\nroutes:  NEW\n"));
    }
}
