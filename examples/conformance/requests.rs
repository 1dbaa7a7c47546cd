//! The example of every operation, translated.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use figleaf::engine::{self, Input, Problem, RequestFacts};
use figleaf::plan::SoapCall;
use figleaf::soap::VerdictKind;
use figleaf::wsdl::DocumentSource;
use serde_json::{Value, json};

use super::caller::Request;
use super::corpus::Root;
use super::offered::{Offered, Row};
use super::work::put;

/// The time of every request: the runs are to be alike.
const TIME: &str = "2024-01-31T12:00:00Z";

/// Writes the files of one contract.
pub fn write(root: &Root, documents: &dyn DocumentSource, out: &Path) -> Result<(), String> {
    let offered = Offered::of(root, documents)?;
    for (at, offer) in offered.offers.iter().enumerate() {
        let nth = if at == 0 { String::new() } else { format!("--{at}") };
        put(out, "openapi", &format!("{}{nth}.json", root.id), &offer.document.to_string())?;
    }
    let mut lines = String::new();
    for row in offered.rows() {
        lines.push_str(&line(&row).to_string());
        lines.push('\n');
    }
    put(out, "requests", &format!("{}.jsonl", root.id), &lines)
}

fn line(row: &Row<'_>) -> Value {
    let refused = row.verdict.kind == VerdictKind::Refused;
    let codes: Vec<&str> = row.verdict.reasons.iter().map(|d| d.code.as_str()).collect();
    let mut line = row.named();
    let mut set = |name: &str, value: Value| drop(line.insert(name.to_owned(), value));
    set("soap", row.soap().into());
    set("style", row.style().into());
    set("use", row.uses().into());
    set("served", row.verdict.is_served().into());
    set("refused", if refused { codes.first().copied().into() } else { Value::Null });
    set("loss", if refused { json!([]) } else { json!(codes) });
    set("one_way", row.operation.output.is_none().into());
    set("route", row.served.map(|served| served.route.id.as_str()).into());
    let (mut request, mut envelope, mut problem) = (Value::Null, Value::Null, Value::Null);
    match row.served {
        None if refused => {}
        None => problem = "import gives it no route".into(),
        Some(served) => match Request::of(served.described()) {
            Err(why) => problem = why.into(),
            Ok(sent) => {
                request = sent.shown();
                let translated = catch_unwind(AssertUnwindSafe(|| translate(served.call, &sent)));
                match translated.unwrap_or_else(|_| Err("a panic".to_owned())) {
                    Ok(text) => envelope = text.into(),
                    Err(why) => problem = why.into(),
                }
            }
        },
    }
    set("request", request);
    set("envelope", envelope);
    set("problem", problem);
    line.into()
}

/// From a caller's request to an envelope, as the server goes.
fn translate(call: &SoapCall, request: &Request) -> Result<String, String> {
    let body = request.body.as_ref().map(Value::to_string);
    let mut input = Input { body: body.as_deref(), ..Input::default() };
    let lent = |pair: &'_ (String, String)| (pair.0.clone(), pair.1.clone());
    input.query.extend(request.query.iter().map(lent).map(|(n, v)| (Cow::Owned(n), Cow::Owned(v))));
    input.path.extend(request.path.iter().map(|(n, v)| (n.as_str(), Cow::Borrowed(v.as_str()))));
    input
        .headers
        .extend(request.headers.iter().map(|(n, v)| (n.as_str(), Cow::Borrowed(v.as_str()))));
    let facts = RequestFacts { id: "conformance", time: TIME, ..RequestFacts::default() };
    let written =
        engine::bind(call, &input, facts).and_then(|bound| engine::envelope(call, &bound));
    let bytes = written.map_err(|problem| words(&problem))?;
    String::from_utf8(bytes).map_err(|why| why.to_string())
}

/// What is wrong with a request, in one line.
fn words(problem: &Problem) -> String {
    let first = problem.errors.first().map(|error| {
        let place = error.pointer.as_deref().or(error.parameter.as_deref()).unwrap_or_default();
        format!("{place} {}", error.detail)
    });
    format!("{}: {}", problem.code, first.unwrap_or_else(|| problem.detail.clone()))
}
