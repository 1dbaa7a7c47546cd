//! A proposal → the text of a mapping file.

use std::fmt::Write;

use super::super::proposal::words::{comment, documentation, one_line, scalar, variable};
use super::object::{Object, Route, Say};
use super::propose::Proposal;
use crate::sql::Dialect;

/// Lines a loss or a refusal may take.
const REASON_LINES_MAX: usize = 3;
/// Characters of a line with a flow mapping.
const FLOW_CHARS_MAX: usize = 96;

/// The whole file.
pub fn mapping(proposal: &Proposal) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "# Proposed by `figleaf import` from {}\n\
         # This file is yours: rename, move, remove. Importing again never changes what stands here;\n\
         # it only appends routes for tables and routines that are new.\n\
         # `figleaf check --db` has every statement described by the database.\n\
         figleaf: 1\napi: {}\nversion: v1\ntitle: {}\n\nbackends:\n",
        one_line(&proposal.source),
        scalar(&proposal.name),
        scalar(&proposal.name),
    );
    let _ = writeln!(out, "  {}:", scalar(&proposal.name));
    match (&proposal.file, proposal.dialect) {
        (Some(file), Dialect::Sqlite) => {
            let _ = writeln!(out, "    sqlite: {}", scalar(file));
        }
        _ => {
            let _ = writeln!(out, "    postgres: ${{{}}}", variable(&proposal.name));
        }
    }
    out.push_str("\nroutes:");
    out.push_str(&routes(proposal, |_| true, "  ").unwrap_or_else(|| " {}\n".to_owned()));
    refused(&mut out, proposal);
    out
}

/// The routes of some objects as a block to be put at the end of `routes:`.
pub fn routes(
    proposal: &Proposal,
    wanted: impl Fn(&Object) -> bool,
    indent: &str,
) -> Option<String> {
    let mut out = String::new();
    let served = proposal.objects.iter().filter(|o| !o.routes.is_empty() && wanted(o));
    for object in served {
        out.push('\n');
        head(&mut out, object, indent);
        for (at, route) in object.routes.iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            write_route(&mut out, proposal, object, route, indent);
        }
    }
    (!out.is_empty()).then_some(out)
}

fn head(out: &mut String, object: &Object, indent: &str) {
    let title = format!("── {} {} ──", object.kind, one_line(&object.name));
    let _ = writeln!(out, "{indent}# {title}");
    if let Some(text) = &object.comment {
        out.push_str(&documentation(indent, text));
    }
    for reason in &object.reasons {
        let text = format!("loss: {} [{}]", reason.message, reason.code);
        out.push_str(&comment(indent, &text, REASON_LINES_MAX));
    }
}

fn write_route(
    out: &mut String,
    proposal: &Proposal,
    object: &Object,
    route: &Route,
    indent: &str,
) {
    for note in &route.notes {
        out.push_str(&comment(indent, note, REASON_LINES_MAX));
    }
    let _ = writeln!(out, "{indent}{} {}{}:", route.method, object.folder, route.below);
    let inner = format!("{indent}  ");
    let _ = writeln!(out, "{inner}sql: {}", scalar(&proposal.name));
    if route.query.contains('\n') {
        let _ = writeln!(out, "{inner}query: |");
        for line in route.query.lines() {
            let _ = writeln!(out, "{inner}  {line}");
        }
    } else {
        let _ = writeln!(out, "{inner}query: {}", one_line_query(&route.query));
    }
    for (key, say) in &route.keys {
        match say {
            Say::Text(text) if *key == "location" => {
                let _ = writeln!(out, "{inner}location: {}{text}", object.folder);
            }
            Say::Text(text) => {
                let number = text.bytes().all(|b| b.is_ascii_digit());
                let text = if number { text.clone() } else { scalar(text) };
                let _ = writeln!(out, "{inner}{key}: {text}");
            }
            Say::Flow(text) => {
                let _ = writeln!(out, "{inner}{key}: {text}");
            }
            Say::Map(lines) => map(out, key, lines, &inner),
        }
    }
}

/// On one line where it fits, else a line each.
fn map(out: &mut String, key: &str, lines: &[(String, String)], inner: &str) {
    let pairs: Vec<String> =
        lines.iter().map(|(name, value)| format!("{}: {value}", scalar(name))).collect();
    let flow = format!("{inner}{key}: {{ {} }}", pairs.join(", "));
    if flow.chars().count() <= FLOW_CHARS_MAX {
        let _ = writeln!(out, "{flow}");
        return;
    }
    let _ = writeln!(out, "{inner}{key}:");
    for pair in pairs {
        let _ = writeln!(out, "{inner}  {pair}");
    }
}

/// A statement on the line of its key: plain where YAML reads it back so.
fn one_line_query(query: &str) -> String {
    let plain = query.starts_with(|c: char| c.is_ascii_alphabetic())
        && !query.contains(": ")
        && !query.contains(" #")
        && !query.ends_with([':', ' ']);
    if plain { query.to_owned() } else { serde_json::to_string(query).unwrap_or_default() }
}

/// What has no route, and why.
fn refused(out: &mut String, proposal: &Proposal) {
    let mut first = true;
    for object in proposal.objects.iter().filter(|object| object.routes.is_empty()) {
        if first {
            out.push_str("\n  # Without a route, because figleaf refuses them:\n");
            first = false;
        }
        for reason in &object.reasons {
            let text = format!("{} {}: {}", object.kind, object.name, reason.message);
            out.push_str(&comment("  ", &text, REASON_LINES_MAX));
        }
    }
}
