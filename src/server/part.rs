//! One part of a composed route: its share of the request, its call, its answer as JSON.

use std::rc::Rc;
use std::time::Instant;

use bytes::Bytes;
use tracing::Instrument;

use super::answer::gather;
use super::exchange::Exchange;
use super::input;
use super::soap::{self, SoapAnswered, SoapAsked};
use super::sql::{self, Asked, SqlAsked};
use crate::codec::{Json, JsonLimits, parse_json};
use crate::diagnostic::Code;
use crate::engine::sql::{Style, envelope, sql_query_names};
use crate::engine::{Input, Problem, query_names, unknown_query};
use crate::plan::{ComposeCall, PartPlan, SourcePlan, SqlCall, Translator};

/// Bytes of one part's JSON.
const PART_BYTES_MAX: usize = 8 << 20;

/// Checks what a request says against all parts, before any of them is called.
pub(super) fn check(
    exchange: &Rc<Exchange>,
    call: &ComposeCall,
    text: Option<&str>,
) -> Result<(), Box<Problem>> {
    let whole = input::take(exchange, std::iter::empty(), text)?;
    let known = call.parts.iter().flat_map(|part| query_of(&part.translator));
    let known: Vec<&str> = known.collect();
    let mut errors = unknown_query(&known.iter().copied(), &whole);
    if text.is_some() && !call.parts.iter().any(|part| takes_body(&part.translator)) {
        let detail = "this route takes no body";
        return Err(Problem::new(Code::RequestInvalid, detail).into());
    }
    let nothing = vec![Json::Null; call.parts.len()];
    for part in &call.parts {
        let share = Share { input: input_of(exchange, part, text)?, parts: &nothing };
        let deadline = exchange.deadline;
        let checked = match &part.translator {
            Translator::Sql(call) => Asked::new(&share.sql(exchange, call, deadline)).map(drop),
            // What another part has to give may be required.
            Translator::Soap(call) if part.needs.is_empty() => {
                soap::translate(&share.soap(exchange, call, 0, deadline)).map(drop)
            }
            _ => Ok(()),
        };
        match checked {
            Err(problem) if problem.code == Code::RequestInvalid => {
                let fresh = problem.errors.into_iter().filter(|e| !errors.contains(e));
                errors.extend(fresh.collect::<Vec<_>>());
            }
            Err(problem) if problem.code == Code::RequestMalformed => return Err(problem),
            // Whatever else is wrong is the part's own affair.
            _ => {}
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors).into()) }
}

/// Calls a part and gathers its answer; `null` where it has none.
pub(super) async fn call(
    exchange: &Rc<Exchange>,
    at: usize,
    text: Option<&str>,
    answers: &[Option<Bytes>],
    deadline: Instant,
) -> Result<Bytes, Box<Problem>> {
    let Some(part) = exchange.parts().get(at) else {
        return Err(Problem::new(Code::RequestInternal, "").into());
    };
    match &part.translator {
        Translator::Soap(call) => {
            let parts = parse(answers)?;
            let share = Share { input: input_of(exchange, part, text)?, parts: &parts };
            match soap::ask(share.soap(exchange, call, at, deadline)).await? {
                SoapAnswered::Accepted => Ok(Bytes::from_static(b"null")),
                SoapAnswered::Reading(reading) => {
                    gather(*reading, call, PART_BYTES_MAX).await.map(Bytes::from)
                }
            }
        }
        Translator::Sql(call) => {
            let asked = {
                let parts = parse(answers)?;
                let share = Share { input: input_of(exchange, part, text)?, parts: &parts };
                Asked::new(&share.sql(exchange, call, deadline))?
            };
            statements(&asked, call).await
        }
        Translator::Http(_) | Translator::Compose(_) => {
            let internal = format!("the part `{}` is neither SOAP nor SQL", part.name);
            Err(Problem::new(Code::RequestInternal, "").internal(internal).into())
        }
    }
}

async fn statements(asked: &Asked<'_>, call: &SqlCall) -> Result<Bytes, Box<Problem>> {
    let span = sql::span(asked);
    let answered = asked.answer(Style::Array).instrument(span.clone()).await;
    sql::note(&span, answered.as_ref().err().map(|problem| &**problem));
    let answered = answered?;
    let Some(json) = answered.shaped.json else { return Ok(Bytes::from_static(b"null")) };
    let json = match &call.page {
        Some(page) if page.envelope => envelope(&json, None, None, answered.total),
        _ => json,
    };
    if json.len() > PART_BYTES_MAX {
        let detail = format!("more than {PART_BYTES_MAX} bytes of JSON");
        return Err(Problem::new(Code::DatabaseTooLarge, detail).into());
    }
    Ok(Bytes::from(json))
}

/// What a part has of the request and of other parts.
struct Share<'s> {
    input: Input<'s>,
    parts: &'s [Json<'s>],
}

impl<'s> Share<'s> {
    fn sql<'e>(
        self,
        exchange: &'e Rc<Exchange>,
        call: &'e SqlCall,
        deadline: Instant,
    ) -> SqlAsked<'e, 's> {
        SqlAsked { exchange, call, input: self.input, parts: self.parts, deadline }
    }

    fn soap(
        self,
        exchange: &'s Rc<Exchange>,
        call: &'s crate::plan::SoapCall,
        part: usize,
        deadline: Instant,
    ) -> SoapAsked<'s> {
        SoapAsked { exchange, call, part, input: self.input, parts: self.parts, deadline }
    }
}

/// The part of a request that concerns a part of the answer.
fn input_of<'e>(
    exchange: &'e Exchange,
    part: &'e PartPlan,
    text: Option<&'e str>,
) -> Result<Input<'e>, Box<Problem>> {
    let text = text.filter(|_| takes_body(&part.translator));
    let mut input = match &part.translator {
        Translator::Soap(call) => input::take(exchange, soap::header_names(call), text),
        Translator::Sql(call) => input::take(exchange, sql::header_names(call), text),
        Translator::Http(_) | Translator::Compose(_) => {
            input::take(exchange, std::iter::empty(), text)
        }
    }?;
    let known = query_of(&part.translator);
    input.query.retain(|(name, _)| known.iter().any(|known| *known == &**name));
    Ok(input)
}

fn query_of(translator: &Translator) -> Vec<&str> {
    match translator {
        Translator::Soap(call) => query_names(call).collect(),
        Translator::Sql(call) => sql_query_names(call).collect(),
        Translator::Http(_) | Translator::Compose(_) => Vec::new(),
    }
}

fn takes_body(translator: &Translator) -> bool {
    match translator {
        Translator::Soap(call) => {
            let uses = |source: &SourcePlan| matches!(source, SourcePlan::Body(_));
            call.bind.body.is_some() || call.bind.bindings.iter().any(|b| uses(&b.source))
        }
        Translator::Sql(call) => call.body.is_some(),
        Translator::Http(_) | Translator::Compose(_) => false,
    }
}

/// Answers of other parts as values. They are JSON that was written here.
fn parse(answers: &[Option<Bytes>]) -> Result<Vec<Json<'_>>, Box<Problem>> {
    let limits = JsonLimits { nodes: u32::MAX, ..JsonLimits::default() };
    let mut parts = Vec::with_capacity(answers.len());
    for answer in answers {
        parts.push(match answer {
            None => Json::Null,
            Some(answer) => {
                let text = std::str::from_utf8(answer).map_err(|error| unreadable(&error))?;
                parse_json(text, limits).map_err(|error| unreadable(&error))?
            }
        });
    }
    Ok(parts)
}

fn unreadable(error: &dyn std::fmt::Display) -> Box<Problem> {
    Problem::new(Code::BackendInvalid, "").internal(format!("a part's answer: {error}")).into()
}
