//! `candidate`: another call with the method and path of its route.

use super::super::binding::inputs;
use super::super::fault::faults;
use super::super::fields::Fields;
use super::super::keys::CANDIDATE;
use super::super::limits::duration;
use super::super::node::{Entry, Node, Value};
use super::super::output::{outputs, response_headers};
use super::super::reader::Context;
use super::super::route::{Route, check_parameters, member, target};
use super::super::route_key::RouteKey;
use super::super::template::template;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn candidate(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
    key: Option<&RouteKey>,
) -> Option<Route> {
    let entry = fields.get("candidate")?;
    let own = fields.section(cx, "candidate", &CANDIDATE)?;
    let target = target(cx, &own, key);
    let location = own.string(cx, "location").and_then(|read| template(cx, read));
    // A statement has read its own.
    let lines = |name| if own.get("sql").is_none() { own.get(name) } else { None };
    let mut route = Route::bare(key?.clone());
    // What stands in it is reported here, and its statements are not the route's.
    route.key.span = entry.key.span;
    route.inputs = inputs(cx, lines("in"));
    route.body = member(cx, &own, "body");
    route.returns = member(cx, &own, "returns");
    route.outputs = outputs(cx, lines("out"));
    route.response_headers = response_headers(cx, own.get("response_headers"));
    route.status = own.integer(cx, "status");
    route.location = location;
    route.faults = faults(cx, own.get("faults"));
    route.timeout = duration(cx, &own, "timeout");
    route.strict = own.boolean(cx, "strict");
    route.soap_action = own.string(cx, "soap_action");
    route.expose_fault_text = own.boolean(cx, "expose_fault_text");
    route.target = target;
    check_parameters(cx, &route);
    if is_the_same(fields.entries, own.entries) {
        let message = "the candidate is the route itself: it would be compared with itself";
        cx.report.push(
            Diagnostic::error(Code::MappingCandidate, entry.key.span, message)
                .help("name another backend, operation or statement, or change what is mapped"),
        );
    }
    Some(route)
}

/// Whether a candidate says just what its route says.
fn is_the_same(route: &[Entry], candidate: &[Entry]) -> bool {
    let of_a_call = |entry: &&Entry| CANDIDATE.keys.iter().any(|key| key.name == entry.key.value);
    let calls: Vec<&Entry> = route.iter().filter(of_a_call).collect();
    calls.len() == candidate.len() && candidate.iter().all(|own| calls.iter().any(|e| same(e, own)))
}

fn same(one: &Entry, other: &Entry) -> bool {
    one.key.value == other.key.value && alike(&one.value, &other.value)
}

/// Whether two nodes say the same, wherever they stand. No deeper than a mapping may be.
fn alike(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(a), Value::Scalar(b)) => a == b,
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Value::Mapping(a), Value::Mapping(b)) => {
            a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| same(a, b)))
        }
        _ => false,
    }
}
