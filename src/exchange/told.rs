//! How a miss is told: to the caller as members of a problem, to people as lines.

use serde::Serialize;

use super::{Collection, Miss, Near, OtherState, Why};
use crate::canonical::{Cause, Difference, NodePath};
use crate::redact::Redaction;

/// How much of a miss is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldLimits {
    /// Differences of one fixture.
    pub differences_max: usize,
    /// Bytes of one path or value.
    pub text_bytes_max: usize,
}

impl ToldLimits {
    /// For answers and logs: about 30 KB at most.
    pub const ANSWER: Self = Self { differences_max: 20, text_bytes_max: 200 };
    /// For who asks for all of it.
    pub const ALL: Self = Self { differences_max: usize::MAX, text_bytes_max: 64 << 10 };
}

/// A miss as it is shown. Written as JSON, its members are those of the problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldMiss {
    /// The operation and how it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// One of a few words: `value-differs`.
    pub why: &'static str,
    /// The same for people.
    #[serde(skip)]
    pub reason: &'static str,
    /// The scenario that is in another state, where that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<ToldState>,
    /// The nearest fixtures, nearest first.
    pub nearest: Vec<ToldNear>,
}

/// A scenario in another state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldState {
    /// Its name.
    pub name: String,
    /// Its state.
    pub is: String,
    /// The state the nearest fixture needs.
    pub needs: String,
}

/// A fixture that nearly fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldNear {
    /// Its name.
    pub name: String,
    /// What differs.
    pub differences: Vec<ToldDifference>,
    /// Differences that are not shown.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
    /// The line that makes it fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldDifference {
    /// Where.
    pub path: String,
    /// What kind: `value`, `missing`.
    pub cause: &'static str,
    /// What stands there in the fixture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixture: Option<String>,
    /// What stands there in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Collection {
    /// A miss of a backend as it is shown. Values go through redaction once more, so that none
    /// is shown that is a secret by the rules of the backend.
    #[must_use]
    pub fn tell(&self, backend: &str, miss: &Miss, limits: ToldLimits) -> ToldMiss {
        let mut shower = Shower {
            redaction: self.redactors.get(backend).map(|redactor| Redaction::new(redactor)),
            limits,
        };
        ToldMiss {
            operation: miss.operation.as_deref().map(|name| shower.cut(name)),
            why: word(miss.why),
            reason: miss.why.words(),
            scenario: state(miss),
            nearest: miss.nearest.iter().map(|near| shower.near(near)).collect(),
        }
    }
}

/// The scenario that keeps the nearest fixture from answering, where nothing else does.
fn state(miss: &Miss) -> Option<ToldState> {
    let near = miss.nearest.first().filter(|_| miss.why == Why::State)?;
    let OtherState { scenario, needs, is } = near.state.as_ref()?;
    Some(ToldState { name: scenario.clone(), is: is.clone(), needs: needs.clone() })
}

struct Shower<'c> {
    redaction: Option<Redaction<'c>>,
    limits: ToldLimits,
}

impl Shower<'_> {
    fn near(&mut self, near: &Near) -> ToldNear {
        let shown = near.differences.iter().take(self.limits.differences_max);
        let differences: Vec<_> = shown.map(|difference| self.difference(difference)).collect();
        ToldNear {
            name: near.name.clone(),
            more: near.differences.len() - differences.len(),
            differences,
            line: near.line.as_deref().map(|line| self.cut(line)),
        }
    }

    fn difference(&mut self, difference: &Difference) -> ToldDifference {
        ToldDifference {
            path: self.cut(&difference.path.to_string()),
            cause: cause_word(difference.cause),
            fixture: difference.left.as_deref().map(|text| self.value(&difference.path, text)),
            request: difference.right.as_deref().map(|text| self.value(&difference.path, text)),
        }
    }

    fn value(&mut self, path: &NodePath, text: &str) -> String {
        let name = path.steps.last().map_or("", |step| &*step.local);
        let shown = match &mut self.redaction {
            Some(redaction) => match redaction.named(name, text) {
                Ok(text) => text,
                Err(unsure) => format!("(not shown: it may hold {})", unsure.what),
            },
            None => text.to_owned(),
        };
        self.cut(&shown)
    }

    /// A text within the limit, its end left out where it is longer.
    fn cut(&self, text: &str) -> String {
        let max = self.limits.text_bytes_max;
        if text.len() <= max {
            return text.to_owned();
        }
        let end = (0..=max).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        format!("{}… ({} bytes)", &text[..end], text.len())
    }
}

impl ToldMiss {
    /// What is wrong, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let operation = self.operation.as_deref();
        let known = operation.filter(|_| self.why != word(Why::NoOperation));
        let missed = match known.map(|operation| operation.split(", by the ").next()) {
            Some(Some(operation)) => format!("no fixture answers {operation}"),
            _ => "no fixture answers this request".to_owned(),
        };
        match (self.nearest.first(), &self.scenario) {
            (Some(near), Some(state)) => format!(
                "{missed}: {} fits, but needs the scenario `{}` in the state `{}`, and it is in `{}`",
                near.name, state.name, state.needs, state.is
            ),
            (Some(near), None) => {
                format!("{missed}: {}; the nearest is {}", self.reason, near.name)
            }
            (None, _) if known.is_none() => {
                format!("{missed}: {}", operation.unwrap_or(self.reason))
            }
            (None, _) => format!("{missed}: {}", self.reason),
        }
    }

    /// All of it for people, a line each, without the sentence.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for near in &self.nearest {
            lines.push(format!("{}:", near.name));
            for difference in &near.differences {
                lines.push(format!("  {}", difference.line()));
            }
            if near.more > 0 {
                lines.push(format!("  and {} more", near.more));
            }
            if let Some(line) = &near.line {
                lines.push(format!("  add to the fixture: {line}"));
            }
        }
        lines
    }
}

impl ToldDifference {
    fn line(&self) -> String {
        let Self { path, cause, fixture, request } = self;
        match (fixture, request) {
            (Some(fixture), Some(request)) => {
                format!("{path} ({cause}): `{fixture}` in the fixture, `{request}` in the request")
            }
            (Some(fixture), None) => {
                format!("{path} ({cause}): `{fixture}` in the fixture, nothing in the request")
            }
            (None, Some(request)) => {
                format!("{path} ({cause}): nothing in the fixture, `{request}` in the request")
            }
            (None, None) => format!("{path} ({cause})"),
        }
    }
}

fn word(why: Why) -> &'static str {
    match why {
        Why::NoFixture => "no-fixture",
        Why::NoOperation => "no-operation",
        Why::Volatile => "volatile-only",
        Why::Value => "value-differs",
        Why::Structure => "structure-differs",
        Why::Order => "order-differs",
        Why::Nil => "nil-differs",
        Why::Namespace => "namespace-differs",
        Why::OtherOperation => "other-operation",
        Why::Statement => "other-statement",
        Why::State => "scenario-state",
        Why::Where => "where-differs",
        Why::Version => "soap-version",
    }
}

/// A cause as it is written in answers.
#[must_use]
pub fn cause_word(cause: Cause) -> &'static str {
    match cause {
        Cause::Volatile => "volatile",
        Cause::Value => "value",
        Cause::Missing => "missing",
        Cause::Extra => "extra",
        Cause::Namespace => "namespace",
        Cause::Order => "order",
        Cause::Nil => "nil",
    }
}
