//! The stages of routes, written into a mapping that a person wrote: nothing else changes.

use super::node::{Entry, Node, Value};
use super::set::WORDS;
use crate::diagnostic::{Report, Sources};
use crate::strangler::Stage;
use crate::yaml;

/// Why a stage was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestageProblem {
    /// The text is no YAML any more.
    #[error("it is no mapping any more")]
    NoMapping,
    /// Where the route stood, there is no route with a candidate.
    #[error("line {0} is no route with a candidate")]
    NoRoute(u32),
    /// The `stage` is not written out there.
    #[error("the `stage` of the route at line {0} is not written there")]
    Elsewhere(u32),
}

/// A mapping in which routes are in these stages; each route by the line its key stands on,
/// from 1. Every other line is as it was.
///
/// # Errors
/// Where a route is not there: the text is not the one the lines are of.
pub fn restage(text: &str, stages: &[(u32, Stage)]) -> Result<String, RestageProblem> {
    let mut sources = Sources::default();
    let file = sources.add("mapping", text);
    let root = yaml::parse(file, text, &WORDS, &mut Report::default());
    let root = root.ok_or(RestageProblem::NoMapping)?;
    let routes = member(&root, "routes").map(|entry| &entry.value.value);
    let Some(Value::Mapping(routes)) = routes else { return Err(RestageProblem::NoMapping) };
    let mut edits = Vec::new();
    for (line, stage) in stages {
        let at = |entry: &&Entry| sources.place(entry.key.span).line == *line;
        let route = routes.iter().find(at).ok_or(RestageProblem::NoRoute(*line))?;
        edits.push(edit(text, route, (*line, *stage))?);
    }
    edits.sort_by_key(|(from, ..)| *from);
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (from, to, new) in edits {
        out.push_str(&text[done..from]);
        out.push_str(&new);
        done = to;
    }
    out.push_str(&text[done..]);
    Ok(out)
}

/// From where to where what is written instead.
type Edit = (usize, usize, String);

fn edit(text: &str, route: &Entry, (line, stage): (u32, Stage)) -> Result<Edit, RestageProblem> {
    let candidate = member(&route.value, "candidate").ok_or(RestageProblem::NoRoute(line))?;
    let Some(there) = member(&route.value, "stage") else {
        return Ok(insert(text, route, candidate, stage));
    };
    let (key, value) = (there.key.span.end as usize, there.value.span);
    let (from, to) = (value.start as usize, value.end as usize);
    // What stands for an alias may be anywhere.
    if from < key || text[key..from].contains(['\n', '*']) {
        return Err(RestageProblem::Elsewhere(line));
    }
    Ok((from, to, stage.to_string()))
}

/// In front of the candidate, where its value may have any length behind it.
fn insert(text: &str, route: &Entry, candidate: &Entry, stage: Stage) -> Edit {
    let start = candidate.key.span.start as usize;
    let is_flow = text[route.value.span.start as usize..].starts_with('{');
    if is_flow {
        return (start, start, format!("stage: {stage}, "));
    }
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let margin = &text[line..start];
    (start, start, format!("stage: {stage}\n{margin}"))
}

fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Entry> {
    let Value::Mapping(entries) = &node.value else { return None };
    entries.iter().find(|entry| entry.key.value == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPPING: &str = r#"figleaf: 1
routes:
  # the first
  GET /a:
    soap: shop.A          # kept
    candidate: { http: modern }
    stage: shadow   # since spring
  GET /b:
    soap: shop.B
    candidate:
      http: modern
      path: /b
  GET /c: { soap: shop.C, candidate: { http: modern } }
  GET /d: { soap: shop.D, stage: "canary 5%", candidate: { http: modern } }
  GET /e:
    soap: shop.E
"#;

    fn check(stages: &[(u32, &str)], expected: Result<&[(&str, &str)], RestageProblem>) {
        let stages: Vec<_> =
            stages.iter().map(|(line, stage)| (*line, Stage::parse(stage).unwrap())).collect();
        let wanted = expected.map(|changes| {
            changes.iter().fold(MAPPING.to_owned(), |text, (old, new)| {
                assert!(text.contains(old), "{old}");
                text.replacen(old, new, 1)
            })
        });
        assert_eq!(restage(MAPPING, &stages), wanted);
    }

    #[test]
    fn only_the_stage_changes() {
        check(&[(4, "canary 0.5%")], Ok(&[("stage: shadow   #", "stage: canary 0.5%   #")]));
        check(
            &[(8, "primary")],
            Ok(&[("    candidate:\n", "    stage: primary\n    candidate:\n")]),
        );
        check(
            &[(13, "standby")],
            Ok(&[("soap: shop.C, candidate", "soap: shop.C, stage: standby, candidate")]),
        );
        check(&[(14, "legacy")], Ok(&[("\"canary 5%\"", "legacy")]));
        check(
            &[(8, "shadow"), (4, "legacy")],
            Ok(&[
                ("stage: shadow   #", "stage: legacy   #"),
                ("    candidate:\n", "    stage: shadow\n    candidate:\n"),
            ]),
        );
    }

    #[test]
    fn what_is_no_route_with_a_candidate_is_not_touched() {
        check(&[(15, "shadow")], Err(RestageProblem::NoRoute(15)));
        check(&[(5, "shadow")], Err(RestageProblem::NoRoute(5)));
        assert_eq!(restage("a: [", &[]), Err(RestageProblem::NoMapping));
    }
}
