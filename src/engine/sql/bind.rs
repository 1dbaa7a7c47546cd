//! From a request's parts to the values of statements, all problems at once.

use crate::codec::{Json, JsonLimits, parse_json};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::engine::input::{
    Input, InputProblem, RequestFacts, at_path, pluck, unknown_query, value_of,
};
use crate::plan::{SqlBinding, SqlCall, SqlSource};
use crate::sql::{Assembled, Choice, CursorKey, PageChoice, Slot, Type, Value, encode};

use super::page::{self, PageAsked};
use super::{body, entity, sql_query_names, view};

/// What binding needs besides the request.
#[derive(Clone, Copy)]
pub struct SqlFacts<'r> {
    /// The route's id: cursors are good for it alone.
    pub route: &'r str,
    /// Of the request.
    pub request: RequestFacts<'r>,
    /// What cursors are signed with.
    pub cursors: &'r CursorKey,
    /// Now, in seconds since the epoch.
    pub now: u64,
}

/// A call with its values, checked: everything but what its own results have to give.
#[derive(Debug)]
pub struct Bound {
    choice: Choice,
    steps: Vec<StepValues>,
    /// Values of the settings of the session, in the plan's order.
    pub session: Vec<Value>,
    /// The page asked for, where there are pages.
    pub page: Option<PageAsked>,
}

/// Values of one step; `None` where a result has to give them.
#[derive(Debug)]
struct StepValues {
    values: Vec<Option<Value>>,
    includes: Vec<Vec<Option<Value>>>,
}

/// Checks a request and takes its values. All problems are found at once.
///
/// # Errors
/// A problem that names every parameter and every place of the body that is wrong.
pub fn bind_sql(
    call: &SqlCall,
    input: &Input<'_>,
    facts: SqlFacts<'_>,
) -> Result<Bound, Box<Problem>> {
    let mut problems = unknown_query(&sql_query_names(call), input);
    let parameters: Vec<Option<Json<'_>>> =
        call.parameters.iter().map(|p| value_of(p.into(), input, &mut problems)).collect();
    let filters = view::filters(call, &parameters, &mut problems);
    let sort = view::sort(call, input, &mut problems);
    let body = body::read(call, input.body, &mut problems)?;
    let page = page::ask(call, input, (filters, sort), &parameters, facts, &mut problems);
    let if_match = if call.if_match { Some(entity::if_match(input)) } else { None };
    let mut values = Values { call, parameters, body, facts, if_match, problems };
    let steps = call
        .steps
        .iter()
        .map(|step| {
            Ok(StepValues {
                values: values.all(&step.bindings)?,
                includes: step
                    .includes
                    .iter()
                    .map(|include| values.all(&include.bindings))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect::<Result<Vec<_>, Box<Problem>>>()?;
    let text = Type::Text { max: None };
    let settings = call.transaction.iter().flat_map(|t| &t.session);
    let session = settings
        .map(|(_, source)| Ok(values.one(source, &text)?.unwrap_or(Value::Null)))
        .collect::<Result<_, Box<Problem>>>()?;
    if !values.problems.is_empty() {
        return Err(Problem::invalid(values.problems).into());
    }
    if let Some(Err(problem)) = values.if_match {
        return Err(problem);
    }
    let view = page.as_ref().map_or(PageChoice::All, |page| page.choice);
    Ok(Bound { choice: Choice { filters, sort, page: view }, steps, session, page })
}

/// Values being taken.
struct Values<'r> {
    call: &'r SqlCall,
    parameters: Vec<Option<Json<'r>>>,
    body: Option<Json<'r>>,
    facts: SqlFacts<'r>,
    if_match: Option<Result<String, Box<Problem>>>,
    problems: Vec<InputProblem>,
}

impl Values<'_> {
    fn all(&mut self, bindings: &[SqlBinding]) -> Result<Vec<Option<Value>>, Box<Problem>> {
        bindings.iter().map(|binding| self.one(&binding.source, &binding.ty)).collect()
    }

    /// A value; `None` where a result has to give it.
    fn one(&mut self, source: &SqlSource, ty: &Type) -> Result<Option<Value>, Box<Problem>> {
        let dialect = self.call.dialect;
        let taken = |json: Option<&Json<'_>>| match json {
            None | Some(Json::Null) => Ok(Value::Null),
            Some(json) => encode(dialect, ty, json),
        };
        let facts = self.facts.request;
        let value = match source {
            SqlSource::Step(..) | SqlSource::Keys => return Ok(None),
            SqlSource::Parameter(at) => {
                let value = taken(self.parameters.get(*at).and_then(Option::as_ref));
                return Ok(Some(self.of_parameter(*at, value)));
            }
            SqlSource::Body(path) => {
                let value = taken(self.body.as_ref().and_then(|body| at_path(body, path)));
                return Ok(Some(
                    self.or_problem(value, |detail| {
                        InputProblem::body(body::pointer(path), detail)
                    }),
                ));
            }
            SqlSource::IfMatch => {
                let Some(Ok(tag)) = &self.if_match else { return Ok(Some(Value::Null)) };
                // A tag that is no value of the column was never the tag of a version.
                taken(Some(&Json::Lexical(tag.as_str().into())))
                    .map_err(|_| Problem::new(Code::RowChanged, ""))
            }
            SqlSource::Claim(name) => match facts.claims.and_then(|claims| claims.get(name)) {
                // NULL in its place could mean everybody.
                None => Err(Problem::new(Code::ClaimMissing, format!("`{name}` is not there"))),
                Some(claim) => match of_json(claim.get(), &taken) {
                    Ok(Value::Null) => Err("is null".to_owned()),
                    other => other,
                }
                .map_err(|detail| Problem::new(Code::ClaimMissing, format!("`{name}` {detail}"))),
            },
            SqlSource::Text(text) => {
                taken(Some(&Json::Lexical(text.as_str().into()))).map_err(misfit(source))
            }
            SqlSource::Json(text) => of_json(text, &taken).map_err(misfit(source)),
            SqlSource::RequestId => {
                taken(Some(&Json::Lexical(facts.id.into()))).map_err(misfit(source))
            }
            SqlSource::RequestTime => {
                taken(Some(&Json::Lexical(facts.time.into()))).map_err(misfit(source))
            }
            SqlSource::Part(part, path) => {
                let value = facts.parts.get(*part).and_then(|part| pluck(part, path));
                taken(value.as_ref()).map_err(misfit(source))
            }
        };
        Ok(Some(value?))
    }

    fn of_parameter(&mut self, at: usize, value: Result<Value, String>) -> Value {
        let call = self.call;
        self.or_problem(value, |detail| match call.parameters.get(at) {
            Some(parameter) => {
                InputProblem::parameter(&parameter.name, parameter.place.into(), detail)
            }
            None => InputProblem::body(String::new(), detail),
        })
    }

    fn or_problem(
        &mut self,
        value: Result<Value, String>,
        wrong: impl FnOnce(String) -> InputProblem,
    ) -> Value {
        value.unwrap_or_else(|detail| {
            let wrong = wrong(detail);
            if !self.problems.iter().any(|p| p.is_at(&wrong)) {
                self.problems.push(wrong);
            }
            Value::Null
        })
    }
}

fn of_json(
    text: &str,
    taken: &impl Fn(Option<&Json<'_>>) -> Result<Value, String>,
) -> Result<Value, String> {
    match parse_json(text, JsonLimits::default()) {
        Ok(json) => taken(Some(&json)),
        Err(error) => Err(error.to_string()),
    }
}

/// A value no caller has sent and the statement does not take: the mapping's mistake.
fn misfit(source: &SqlSource) -> impl FnOnce(String) -> Problem {
    move |detail| Problem::new(Code::DatabaseStatement, "").internal(format!("{source:?} {detail}"))
}

impl Bound {
    /// What is chosen of a step's statement.
    #[must_use]
    pub fn choice(&self, call: &SqlCall, step: usize) -> Choice {
        if step == call.answer { self.choice } else { Choice::default() }
    }

    /// The values of an assembled statement of a step. `results` are the answers of the
    /// steps before it as JSON text.
    ///
    /// # Errors
    /// Where an earlier result does not have what the step needs.
    pub fn values(
        &self,
        call: &SqlCall,
        step: usize,
        results: &[Option<String>],
        assembled: &Assembled,
    ) -> Result<Vec<Value>, Box<Problem>> {
        let (Some(plan), Some(known)) = (call.steps.get(step), self.steps.get(step)) else {
            return Ok(Vec::new());
        };
        self.fill(call, (&plan.bindings, &known.values), Late { results, keys: None }, assembled)
    }

    /// The values of the statement of an include; `keys` is a JSON array.
    ///
    /// # Errors
    /// As of [`values`](Self::values).
    pub fn include_values(
        &self,
        call: &SqlCall,
        (step, include): (usize, usize),
        results: &[Option<String>],
        keys: &str,
        assembled: &Assembled,
    ) -> Result<Vec<Value>, Box<Problem>> {
        let plan = call.steps.get(step).and_then(|step| step.includes.get(include));
        let known = self.steps.get(step).and_then(|step| step.includes.get(include));
        let (Some(plan), Some(known)) = (plan, known) else { return Ok(Vec::new()) };
        self.fill(call, (&plan.bindings, known), Late { results, keys: Some(keys) }, assembled)
    }

    fn fill(
        &self,
        call: &SqlCall,
        (bindings, known): (&[SqlBinding], &[Option<Value>]),
        late: Late<'_>,
        assembled: &Assembled,
    ) -> Result<Vec<Value>, Box<Problem>> {
        let page = self.page.as_ref();
        let number = |number: u64| page::number(call.dialect, number);
        let mut values = Vec::with_capacity(assembled.slots.len());
        for slot in assembled.slots.iter() {
            values.push(match slot {
                Slot::Parameter(at) => match known.get(usize::from(*at)) {
                    Some(Some(value)) => value.clone(),
                    _ => match bindings.get(usize::from(*at)) {
                        Some(binding) => late.value(call, binding)?,
                        None => Value::Null,
                    },
                },
                Slot::Key(at) => {
                    let key = page.and_then(|page| page.keys.get(usize::from(*at)));
                    key.cloned().unwrap_or(Value::Null)
                }
                Slot::Limit => page.map_or(Value::Null, |page| number(page.rows_wanted())),
                Slot::Offset => page.map_or(Value::Null, |page| number(page.offset())),
            });
        }
        Ok(values)
    }
}

/// What results give.
#[derive(Clone, Copy)]
struct Late<'l> {
    /// Of earlier steps, as JSON text.
    results: &'l [Option<String>],
    /// Of the rows an include is for, as a JSON array.
    keys: Option<&'l str>,
}

impl Late<'_> {
    fn value(self, call: &SqlCall, binding: &SqlBinding) -> Result<Value, Box<Problem>> {
        // What a database gave may be larger than what a caller may send.
        let limits = JsonLimits { nodes: u32::MAX, ..JsonLimits::default() };
        let (text, path): (Option<&str>, &[Box<str>]) = match &binding.source {
            SqlSource::Step(step, path) => {
                (self.results.get(*step).and_then(Option::as_deref), path)
            }
            _ => (self.keys, &[]),
        };
        let Some(text) = text else { return Ok(Value::Null) };
        let wrong = |detail: String| Box::new(misfit(&binding.source)(detail));
        let json = parse_json(text, limits).map_err(|error| wrong(error.to_string()))?;
        match pluck(&json, path) {
            None | Some(Json::Null) => Ok(Value::Null),
            Some(json) => encode(call.dialect, &binding.ty, &json).map_err(wrong),
        }
    }
}
