//! The one form of every error answer (RFC 9457).

use std::time::Duration;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::input::InputProblem;
use crate::diagnostic::Code;
use crate::plan::Outcome;

/// An error answer.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The stable code.
    pub code: Code,
    /// The HTTP status.
    pub status: u16,
    /// The title, where it is not the code's.
    pub title: Option<String>,
    /// What happened this time; safe to show.
    pub detail: String,
    /// For the log only: the legacy fault's text, the cause.
    pub internal: Option<String>,
    /// Everything wrong with the request.
    pub errors: Vec<InputProblem>,
    /// A declared fault's name and its detail as JSON.
    pub fault: Option<(String, Vec<u8>)>,
    /// What is known of the call.
    pub outcome: Option<Outcome>,
    /// Further extension members (RFC 9457, section 3.2); none has the name of another member.
    pub extension: Map<String, Value>,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// Methods the path answers, for 405.
    pub allow: Option<String>,
}

#[derive(serde::Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    instance: &'a str,
    code: Code,
    #[serde(rename = "correlationId")]
    correlation_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [InputProblem],
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a RawValue>,
    #[serde(rename = "faultName", skip_serializing_if = "Option::is_none")]
    fault_name: Option<&'a str>,
    #[serde(flatten)]
    extension: &'a Map<String, Value>,
}

impl Problem {
    /// A problem with the status of its code.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            status: code.status(),
            title: None,
            detail: detail.into(),
            internal: None,
            errors: Vec::new(),
            fault: None,
            outcome: None,
            extension: Map::new(),
            retry_after: None,
            allow: None,
        }
    }

    /// Everything wrong with a request.
    #[must_use]
    pub fn invalid(errors: Vec<InputProblem>) -> Self {
        let count = errors.len();
        let detail = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
        Self { errors, ..Self::new(Code::RequestInvalid, detail) }
    }

    /// Adds what is known of the call.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = Some(outcome);
        self
    }

    /// Adds a cause for the log.
    #[must_use]
    pub fn internal(mut self, internal: impl Into<String>) -> Self {
        self.internal = Some(internal.into());
        self
    }

    /// The body, as `application/problem+json`.
    #[must_use]
    pub fn body(&self, instance: &str, correlation_id: &str) -> Vec<u8> {
        let fault = self.fault.as_ref().and_then(|(_, json)| {
            RawValue::from_string(String::from_utf8(json.clone()).ok()?).ok()
        });
        let body = Body {
            r#type: format!("/problems/{}", self.code),
            title: self.title.as_deref().unwrap_or(self.code.title()),
            status: self.status,
            detail: &self.detail,
            instance,
            code: self.code,
            correlation_id,
            outcome: self.outcome,
            errors: &self.errors,
            fault: fault.as_deref(),
            fault_name: self.fault.as_ref().map(|(name, _)| name.as_str()),
            extension: &self.extension,
        };
        serde_json::to_vec(&body).unwrap_or_default()
    }
}
