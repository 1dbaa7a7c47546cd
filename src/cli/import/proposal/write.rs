//! Drafts → the text of a mapping file.

use std::fmt::Write;
use std::ops::Range;

use super::compose::{Proposal, Route};
use super::ports::BackendDraft;
use super::words::{comment, documentation, one_line, scalar, usable_address, variable};
use crate::cli::import::show;
use crate::soap::VerdictKind;
use crate::wsdl::SoapVersion;

/// Lines a loss or a refusal may take.
const REASON_LINES_MAX: usize = 3;

/// The whole file, and where each route stands in it.
pub fn mapping(proposal: &Proposal<'_>) -> (String, Vec<Range<usize>>) {
    let mut out = String::new();
    head(&mut out, proposal);
    for (at, backend) in proposal.backends.iter().enumerate() {
        write_backend(&mut out, proposal, at, backend);
    }
    out.push_str("\nroutes:\n");
    let mut places = Vec::new();
    for (at, route) in proposal.routes.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let start = out.len();
        write_route(&mut out, proposal, route, "  ");
        places.push(start..out.len());
    }
    refused(&mut out, proposal);
    (out, places)
}

/// The routes of these operations as a block to be put at the end of `routes:`.
pub fn append(
    proposal: &Proposal<'_>,
    wanted: impl Fn(&Route) -> bool,
    indent: &str,
) -> Option<String> {
    let mut out = String::new();
    for route in proposal.routes.iter().filter(|route| wanted(route)) {
        out.push('\n');
        if out.len() == 1 {
            let source = one_line(&proposal.source);
            let _ = writeln!(out, "{indent}# New in {source}:");
        }
        write_route(&mut out, proposal, route, indent);
    }
    (!out.is_empty()).then_some(out)
}

fn head(out: &mut String, proposal: &Proposal<'_>) {
    let contract = &proposal.judged.contract;
    let source = crate::cli::import::lock::without_credentials(&proposal.source);
    let _ = write!(
        out,
        "# Proposed by `figleaf import` from {}\n\
         # This file is yours: rename, move, remove. Importing again never changes what stands here;\n\
         # it only appends routes for operations that are new.\n\
         # `figleaf check` finds mistakes; `figleaf explain METHOD PATH` shows what would be sent.\n\
         figleaf: 1\napi: {}\nversion: v1\ntitle: {}\n\nbackends:\n",
        one_line(&source),
        scalar(&proposal.name),
        scalar(&contract.name),
    );
}

fn write_backend(out: &mut String, proposal: &Proposal<'_>, at: usize, backend: &BackendDraft) {
    let service = &proposal.judged.contract.services[backend.service];
    let port = &service.ports[backend.port];
    let version = match port.version {
        SoapVersion::V11 => "SOAP 1.1",
        SoapVersion::V12 => "SOAP 1.2",
    };
    let _ = writeln!(out, "  {}:  # {version}", scalar(&backend.name));
    if !backend.also_at.is_empty() {
        let text = format!("the same operations are at {}", backend.also_at.join(", "));
        out.push_str(&comment("    ", &text, REASON_LINES_MAX));
    }
    let _ = writeln!(out, "    soap: {}", scalar(&proposal.wsdl));
    let _ = writeln!(out, "    service: {}", scalar(&service.name.local));
    let _ = writeln!(out, "    port: {}", scalar(&port.name));
    let variable = variable(&backend.name);
    if let Some(address) = usable_address(port.address.as_deref()) {
        let _ = writeln!(out, "    url: \"${{{variable}:-{address}}}\"");
    } else {
        let text = format!("The contract names no address that can be called: set {variable}.");
        out.push_str(&comment("    ", &text, REASON_LINES_MAX));
        let _ = writeln!(out, "    url: \"${{{variable}}}\"");
    }
    if let Some(names) = proposal.names.get(at).filter(|names| !names.is_empty()) {
        out.push_str("    names:  # what the rule of names alone would not tell apart\n");
        for (key, name) in names {
            let _ = writeln!(out, "      {}: {}", scalar(key), scalar(name));
        }
    }
    if let Some(documents) = proposal.documents.get(at).filter(|found| !found.is_empty()) {
        out.push_str(
            "    # These may hold XML documents. With the root element and its schema they are shown as\n    \
             # the objects they are, in place of text:\n    # open:\n",
        );
        for (key, is_data_set) in documents {
            let root = if *is_data_set { "dataset" } else { "element" };
            let _ = writeln!(out, "    #   {}: {{ {root}: …, schema: … }}", scalar(key));
        }
    }
}

fn write_route(out: &mut String, proposal: &Proposal<'_>, route: &Route, indent: &str) {
    let judged = proposal.judged;
    let row = &judged.rows[route.row];
    let operation = judged.operation(row);
    let draft = &route.draft;
    if let Some(text) = &operation.documentation {
        out.push_str(&documentation(indent, text));
    }
    if let Some(doubt) = &draft.doubt {
        out.push_str(&comment(indent, doubt, REASON_LINES_MAX));
    }
    if row.verdict.kind == VerdictKind::Loss {
        for line in show::codes(&row.verdict.reasons, &judged.contract.sources) {
            out.push_str(&comment(indent, &format!("loss: {line}"), REASON_LINES_MAX));
        }
    }
    let headers: Vec<&str> = operation.input.headers.iter().map(|part| &*part.name).collect();
    if !headers.is_empty() {
        let text = format!(
            "SOAP header parts {} are sent once they are fed: `in: {{ header.{}.…: header.X-… }}`",
            headers.join(", "),
            headers[0],
        );
        out.push_str(&comment(indent, &text, REASON_LINES_MAX));
    }
    let backend = &proposal.backends[route.backend].name;
    let target = format!("{backend}.{}", operation.name);
    if let Some(why) = &route.left_out {
        let text = format!("{target} has no route: {why}");
        out.push_str(&comment(indent, &text, REASON_LINES_MAX));
        return;
    }
    let _ = writeln!(out, "{indent}{} {}:", draft.method, draft.path);
    let inner = format!("{indent}  ");
    let _ = writeln!(out, "{inner}soap: {}", scalar(&target));
    let mut inputs = draft.explicit_inputs().peekable();
    if inputs.peek().is_some() {
        let _ = writeln!(out, "{inner}in:");
        for (member, source) in inputs {
            let _ =
                writeln!(out, "{inner}  {}: {}", scalar(member), scalar(&format!("path.{source}")));
        }
    }
    if let Some(body) = &draft.body {
        let _ = writeln!(out, "{inner}body: {}", scalar(body));
    }
    if let Some(returns) = &draft.returns {
        let _ = writeln!(out, "{inner}returns: {}", scalar(returns));
    }
    if !draft.headers.is_empty() {
        let _ = writeln!(out, "{inner}out:");
        for (member, part) in &draft.headers {
            let _ = writeln!(out, "{inner}  {}: {{ header: {} }}", scalar(member), scalar(part));
        }
        if let Some(member) = &draft.body_member {
            let _ = writeln!(out, "{inner}  {}: {{ body: true }}", scalar(member));
        }
    }
    if draft.reads {
        let _ = writeln!(out, "{inner}effect: read");
    }
}

/// What has no route, and why.
fn refused(out: &mut String, proposal: &Proposal<'_>) {
    let judged = proposal.judged;
    let mut seen = std::collections::HashSet::new();
    let served: std::collections::HashSet<_> = judged
        .rows
        .iter()
        .filter(|r| r.verdict.is_served())
        .map(|r| &judged.operation(r).name)
        .collect();
    for row in judged.rows.iter().filter(|row| row.verdict.kind == VerdictKind::Refused) {
        let name = &judged.operation(row).name;
        if served.contains(name) || !seen.insert(name) {
            continue;
        }
        if seen.len() == 1 {
            out.push_str("\n  # Without a route, because figleaf refuses them:\n");
        }
        for line in show::reasons(&row.verdict.reasons, &judged.contract.sources).iter().take(2) {
            out.push_str(&comment("  ", &format!("{name}: {line}"), REASON_LINES_MAX));
        }
    }
}
