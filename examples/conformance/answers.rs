//! Envelopes that others made, decoded.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use figleaf::engine;
use figleaf::plan::SoapCall;
use figleaf::soap::{EnvelopeReader, Received};
use figleaf::wsdl::DocumentSource;
use serde_json::{Value, json};

use super::checks::Checks;
use super::corpus::Root;
use super::offered::Offered;
use super::work::put;

/// Bytes of one chunk, as they come from a socket.
const CHUNK_BYTES: usize = 16 << 10;

/// Writes the file of one contract.
pub fn write(root: &Root, documents: &dyn DocumentSource, out: &Path) -> Result<(), String> {
    let path = out.join("answers").join(format!("{}.jsonl", root.id));
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(()) };
    let offered = Offered::of(root, documents)?;
    let rows = offered.rows();
    let by_name: HashMap<String, _> =
        rows.iter().map(|row| (Value::Object(row.named()).to_string(), row)).collect();
    let mut lines = String::new();
    for line in text.lines() {
        let asked: Value = serde_json::from_str(line).map_err(|why| why.to_string())?;
        let mut named = serde_json::Map::new();
        for key in ["service", "port", "operation", "input_name"] {
            named.insert(key.to_owned(), asked[key].clone());
        }
        let row = by_name.get(&Value::Object(named.clone()).to_string());
        let served = row.and_then(|row| row.served);
        let checks = served.map(|served| (served.call, Checks::of(served)));
        let envelopes = asked["envelopes"].as_array().into_iter().flatten();
        let results: Vec<Value> = envelopes
            .map(|envelope| {
                let xml = envelope["xml"].as_str().unwrap_or_default();
                let decode = || match &checks {
                    Some((call, checks)) => decoded(call, checks, xml),
                    None => problem("there is no route for it"),
                };
                let mut result =
                    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| problem("a panic"));
                result["kind"] = envelope["kind"].clone();
                result
            })
            .collect();
        named.insert("results".to_owned(), results.into());
        lines.push_str(&Value::Object(named).to_string());
        lines.push('\n');
    }
    put(out, "decoded", &format!("{}.jsonl", root.id), &lines)
}

fn problem(why: &str) -> Value {
    json!({ "status": null, "json": null, "violations": [], "problem": why, "schema_errors": [] })
}

fn decoded(call: &SoapCall, checks: &Checks, xml: &str) -> Value {
    let mut reader = EnvelopeReader::new(
        Arc::clone(&call.graph),
        call.response,
        Arc::clone(&call.faults),
        Some("utf-8"),
        call.xml_limits,
        call.strict,
    )
    .of_call(call.envelope.version, false)
    .with_headers(&call.header);
    let mut chunks = xml.as_bytes().chunks(CHUNK_BYTES);
    let fed = chunks.try_for_each(|chunk| reader.feed(chunk));
    match fed.and_then(|()| reader.finish()) {
        Err(error) => {
            let judged = engine::judge_soap_error(&error);
            let mut found = problem(&format!("{}: {error}", judged.code));
            found["status"] = judged.status.into();
            found
        }
        Ok(Received::Fault(_)) => problem("it is a fault"),
        Ok(Received::Answer) => {
            let violations = &reader.violations().first;
            let violations: Vec<String> =
                violations.iter().map(|v| format!("{} {} {}", v.code, v.path, v.what)).collect();
            let json = String::from_utf8_lossy(&reader.take()).into_owned();
            json!({
                "status": call.status,
                "json": json,
                "violations": violations,
                "problem": null,
                "schema_errors": checks.errors(&json),
            })
        }
    }
}
