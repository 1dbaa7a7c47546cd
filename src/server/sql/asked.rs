//! One call with its values, ready to be run.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::runner::{Failed, Runner};
use super::steps::{self, Answered};
use crate::codec::Json;
use crate::database::{Begin, Database, SqlError};
use crate::engine::sql::{Bound, SqlFacts, Style, bind_sql, is_transient, judge_sql};
use crate::engine::{self, Problem, RequestFacts};
use crate::plan::{Effect, Outcome, ParameterPlace, SqlCall, SqlSource};
use crate::server::exchange::Exchange;
use crate::server::soap::problem_of;

/// The header of conditional writes.
const IF_MATCH: &str = "if-match";
/// How often a transaction that only met others is tried again.
const RETRIES_MAX: u32 = 2;
/// The pause before the first of them is drawn from zero to this, and doubles.
const PAUSE_FIRST_MICROS: u64 = 20_000;

/// What a call is made of.
pub(in crate::server) struct SqlAsked<'e, 'i> {
    pub exchange: &'e Rc<Exchange>,
    pub call: &'e SqlCall,
    /// What the caller sent, as far as it is for this call.
    pub input: engine::Input<'i>,
    /// Answers of other parts; none where the route is not composed.
    pub parts: &'i [Json<'i>],
    /// When it has to be answered.
    pub deadline: Instant,
}

/// A call of a SQL route: a route's only one, or a part of it.
pub(in crate::server) struct Asked<'e> {
    pub exchange: &'e Rc<Exchange>,
    pub call: &'e SqlCall,
    pub(super) database: Arc<Database>,
    pub(super) bound: Bound,
    pub(super) effect: Effect,
    pub(super) deadline: Instant,
    /// In seconds since the epoch.
    pub(super) now: u64,
}

/// Headers a call takes values from.
pub(in crate::server) fn header_names(call: &SqlCall) -> impl Iterator<Item = &str> {
    let parameters = call.parameters.iter().filter(|p| p.place == ParameterPlace::Header);
    parameters.map(|p| p.name.as_str()).chain(call.if_match.then_some(IF_MATCH))
}

impl<'e> Asked<'e> {
    /// Checks and takes the values.
    pub fn new(asked: &SqlAsked<'e, '_>) -> Result<Self, Box<Problem>> {
        let (exchange, call) = (asked.exchange, asked.call);
        let database = Arc::clone(exchange.running.database(call.backend)?);
        let time =
            if wants_time(call) { jiff::Timestamp::now().to_string() } else { String::new() };
        // Cursors in a recording are to be the same at each replay, and good for ever.
        let now = if exchange.running.hooks.keep_statements() { 0 } else { seconds() };
        let facts = SqlFacts {
            route: &exchange.route().id,
            request: RequestFacts {
                id: &exchange.correlation.id,
                time: &time,
                claims: Some(&exchange.claims),
                parts: asked.parts,
            },
            cursors: &exchange.shared.cursors,
            now,
        };
        let bound = bind_sql(call, &asked.input, facts)?;
        let writes = call.steps.iter().any(|step| step.statement.writes());
        let effect = match exchange.route().effect {
            // A part of a written whole may still be a read.
            Effect::Write if writes || asked.parts.is_empty() => Effect::Write,
            _ => Effect::Read,
        };
        let deadline = asked.deadline;
        Ok(Self { exchange, call, database, bound, effect, deadline, now })
    }

    /// Runs it to its end.
    pub async fn answer(&self, many: Style) -> Result<Answered, Box<Problem>> {
        let mut attempt = 0;
        loop {
            match self.attempt(many).await {
                Ok(answered) => return Ok(answered),
                Err(Failed::Sql(SqlError::Database(failure), _))
                    if is_transient(&failure)
                        && self.is_undone()
                        && attempt < RETRIES_MAX
                        && self.pause(attempt).await =>
                {
                    attempt += 1;
                    tracing::info!(sqlstate = failure.sqlstate, attempt, "tried again");
                }
                Err(failed) => return Err(self.problem(failed)),
            }
        }
    }

    async fn attempt(&self, many: Style) -> Result<Answered, Failed> {
        if self.call.transaction.is_none() && self.call.steps.len() < 2 {
            let mut runner = Runner::Alone(self);
            return steps::run(self, &mut runner, many).await;
        }
        let isolation = self.call.transaction.as_ref().and_then(|t| t.isolation);
        let begin = Begin { effect: self.effect, isolation, deadline: self.deadline };
        let transaction = self.database.begin(begin).await.map_err(|e| Failed::Sql(e, None))?;
        let mut runner = Runner::Within(Box::new(self.heard(transaction)));
        let answered = steps::run(self, &mut runner, many).await;
        let Runner::Within(transaction) = runner else { return answered };
        match answered {
            Ok(answered) => {
                transaction.commit().await.map_err(|error| Failed::Sql(error, None))?;
                Ok(answered)
            }
            // Locks are gone when the caller reads why.
            Err(Failed::Problem(mut problem)) => {
                transaction.rollback().await;
                if self.effect == Effect::Write {
                    problem.outcome.get_or_insert(Outcome::Rejected);
                }
                Err(Failed::Problem(problem))
            }
            Err(failed) => Err(failed),
        }
    }

    /// Whether what failed has changed nothing. A procedure that is called outside of a
    /// transaction may have committed before.
    fn is_undone(&self) -> bool {
        self.effect == Effect::Read || self.call.transaction.is_some() || self.call.steps.len() > 1
    }

    /// Waits a little; `false` where there is no time for another attempt.
    async fn pause(&self, attempt: u32) -> bool {
        use std::hash::BuildHasher;
        let drawn = std::hash::RandomState::new().hash_one(attempt);
        let pause = std::time::Duration::from_micros(drawn % (PAUSE_FIRST_MICROS << attempt));
        if Instant::now() + pause * 2 >= self.deadline {
            return false;
        }
        tokio::time::sleep(pause).await;
        true
    }

    /// A failure as the caller sees it.
    pub(super) fn problem(&self, failed: Failed) -> Box<Problem> {
        let mut problem = problem(self.call, failed);
        if problem.outcome == Some(Outcome::Rejected) && !self.is_undone() && self.calls() {
            problem.outcome = Some(Outcome::Unknown);
        }
        problem
    }

    /// Whether its statement calls a procedure.
    fn calls(&self) -> bool {
        let step = self.call.steps.get(self.call.answer);
        let assembled = step.map(|step| step.statement.assemble(self.bound.choice(self.call, 0)));
        assembled.is_some_and(|assembled| {
            let text = assembled.text.trim_start();
            text.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("call"))
        })
    }
}

/// A failure as the caller sees it.
pub(super) fn problem(call: &SqlCall, failed: Failed) -> Box<Problem> {
    match failed {
        Failed::Problem(problem) => problem,
        Failed::Sql(SqlError::Backend(error), _) => problem_of(&error).into(),
        Failed::Sql(SqlError::Database(failure), statement) => {
            judge_sql(call, &failure, statement.as_deref()).into()
        }
    }
}

/// Since the epoch.
fn seconds() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(0, |time| time.as_secs())
}

fn wants_time(call: &SqlCall) -> bool {
    let steps = || call.steps.iter();
    let bindings = steps()
        .flat_map(|step| &step.bindings)
        .chain(steps().flat_map(|step| &step.includes).flat_map(|include| &include.bindings))
        .map(|binding| &binding.source);
    let settings = call.transaction.iter().flat_map(|t| &t.session).map(|(_, source)| source);
    bindings.chain(settings).any(|source| *source == SqlSource::RequestTime)
}
