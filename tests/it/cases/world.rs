//! A case's contract and mapping, compiled as `serve` compiles them.

use std::sync::Arc;

use figleaf::engine::{self, Input, Problem, RequestFacts};
use figleaf::openapi;
use figleaf::plan::{Plan, SoapCall, Translator};
use figleaf::reload::{ProcessEnvironment, Types, load};
use figleaf::soap::{EnvelopeReader, Received};
use figleaf::wsdl::{DocumentSource, SourceDocument, SourceError};
use serde_json::Value;
use tempfile::TempDir;

use super::file::Case;

const HEAD: &str =
    "figleaf: 1\napi: case\nversion: v1\nbackends:\n  legacy:\n    soap: case.wsdl\n";
const ROUTE: &str = "routes:\n  POST /case:\n    soap: legacy.Case\n";

pub struct World {
    plan: Plan,
    document: Value,
}

/// What came of an answer.
#[derive(Debug)]
pub enum Answered {
    Json(String, Vec<String>),
    Problem(Box<Problem>),
}

impl World {
    pub fn open(case: &Case) -> Self {
        let folder = TempDir::new().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("case.wsdl", &contract(case));
        for block in &case.blocks {
            if ["xsd", "wsdl"].contains(&block.language.as_str()) && !block.words.is_empty() {
                write(&block.words, &block.text);
            }
        }
        let mapping = HEAD.to_owned()
            + &indented(case.text("yaml", "backend"))
            + ROUTE
            + &indented(case.text("yaml", "route"));
        std::fs::create_dir(folder.path().join("mappings")).unwrap();
        let mapping = mapping.replace("soap: case.wsdl", "soap: ../case.wsdl");
        write("mappings/case.yaml", &mapping);
        let loaded = load(
            &folder.path().join("mappings"),
            &ProcessEnvironment,
            &Files,
            &|_| Vec::new(),
            Types::Lock,
        );
        let told: Vec<String> = loaded
            .findings
            .iter()
            .flat_map(|(report, _)| report.sorted())
            .map(|d| format!("{}: {}", d.code, d.message))
            .collect();
        let plan = loaded.plan.unwrap_or_else(|| panic!("{}", told.join("\n")));
        let document = openapi::to_json(&openapi::document(&plan, "v1"));
        Self { plan, document: serde_json::from_str(&document).unwrap() }
    }

    pub fn call(&self) -> &SoapCall {
        let Translator::Soap(call) = &self.plan.routes[0].translator else {
            panic!("no SOAP route")
        };
        call
    }

    pub fn encode(&self, json: &str) -> Result<String, Box<Problem>> {
        let call = self.call();
        let input = Input { body: Some(json), ..Input::default() };
        let facts = RequestFacts { id: "case", time: "2026-11-21T12:00:00Z", ..Default::default() };
        let arguments = engine::bind(call, &input, facts)?;
        let envelope = engine::envelope(call, &arguments)?;
        Ok(String::from_utf8(envelope).unwrap())
    }

    /// Reads an answer byte by byte: however it is cut, it says the same.
    pub fn decode(&self, envelope: &[u8], strict: bool) -> Answered {
        let call = self.call();
        let mut reader = EnvelopeReader::new(
            Arc::clone(&call.graph),
            call.response,
            Arc::clone(&call.faults),
            None,
            call.xml_limits,
            strict,
        );
        let fed = envelope.chunks(1).try_for_each(|chunk| reader.feed(chunk));
        match fed.and_then(|()| reader.finish()) {
            Err(error) => Answered::Problem(engine::judge_soap_error(&error).into()),
            Ok(Received::Fault(fault)) => {
                Answered::Problem(engine::judge_fault(call, &fault).into())
            }
            Ok(Received::Answer) => {
                let violations = reader.violations().first.iter();
                let violations = violations.map(|v| format!("{} {}", v.code, v.path)).collect();
                Answered::Json(String::from_utf8(reader.take()).unwrap(), violations)
            }
        }
    }

    /// A component of the OpenAPI document, or the schema of the answer.
    pub fn schema(&self, name: &str) -> &Value {
        if !name.is_empty() {
            return &self.document["components"]["schemas"][name];
        }
        let responses = &self.document["paths"]["/api/v1/case"]["post"]["responses"];
        &responses["200"]["content"]["application/json"]["schema"]
    }

    /// The schema of the answer, with all it refers to, as a schema of its own.
    pub fn described(&self) -> Value {
        serde_json::json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [self.schema("")],
            "components": self.document["components"],
        })
    }

    /// A schema with what it refers to in its place, so far down.
    pub fn resolved(&self, schema: &Value, depth: usize) -> Value {
        match schema {
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(name) if depth > 0 => {
                    let target = self.document.pointer(&name[1..]).unwrap();
                    self.resolved(target, depth - 1)
                }
                _ => {
                    let each = members.iter();
                    each.map(|(name, v)| (name.clone(), self.resolved(v, depth))).collect()
                }
            },
            Value::Array(items) => items.iter().map(|v| self.resolved(v, depth)).collect(),
            other => other.clone(),
        }
    }

    pub fn components(&self) -> String {
        let schemas = self.document["components"]["schemas"].as_object().unwrap();
        schemas.keys().cloned().collect::<Vec<_>>().join(", ")
    }
}

fn indented(text: Option<&str>) -> String {
    text.unwrap_or("").lines().map(|line| format!("    {line}\n")).collect()
}

fn contract(case: &Case) -> String {
    if let Some(text) = case.text("wsdl", "") {
        return text.to_owned();
    }
    let schema = case.text("xsd", "").expect("a case has a block `xsd` or `wsdl`");
    include_str!("contract.wsdl").replace("<!-- schema -->", schema)
}

struct Files;

impl DocumentSource for Files {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let bytes = std::fs::read(location)
            .map_err(|error| SourceError { message: error.to_string(), help: None })?;
        Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
    }
}
