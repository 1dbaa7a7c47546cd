//! The statements of a call, in order, and what they give.

use std::sync::Arc;

use super::asked::Asked;
use super::heard::Sent;
use super::runner::{Caps, Failed, Runner};
use super::{cursors, includes, pages};
use crate::engine::sql::{Links, Shaped, Style, judge_rows, shape};
use crate::plan::{ResultKind, RowPlan, SqlCall, StepPlan};
use crate::sql::{Dialect, PageChoice, Value};

/// A call's answer, whole.
pub(in crate::server) struct Answered {
    pub shaped: Shaped,
    /// What leads on, of a page.
    pub links: Option<Links>,
    /// Items of all pages, where that is said.
    pub total: Option<u64>,
}

/// Runs every step. A list is written in the style of `many`.
pub(super) async fn run(
    asked: &Asked<'_>,
    runner: &mut Runner<'_>,
    many: Style,
) -> Result<Answered, Failed> {
    let call = asked.call;
    settings(asked, runner).await?;
    let mut results: Vec<Option<String>> = vec![None; call.steps.len()];
    let mut answered = None;
    for (at, step) in call.steps.iter().enumerate() {
        let is_answer = at == call.answer;
        let choice = asked.bound.choice(call, at);
        let assembled = step.statement.assemble(choice);
        let values = asked.bound.values(call, at, &results, &assembled)?;
        let caps = caps(call, step, choice.page, asked);
        let ready = asked.sent(assembled, values, (&step.statement, &step.bindings));
        let mut set = runner.run(ready, &step.row, caps).await?;
        tracing::Span::current().record("rows", set.rows.len() as u64);
        let (mut links, mut total) = (None, None);
        if let (true, Some(plan), Some(page)) = (is_answer, &call.page, &asked.bound.page) {
            let cursors = &asked.exchange.shared.cursors;
            let turned = page
                .turn(plan, &mut set.rows, cursors, asked.now)
                .map_err(|error| judge_rows(&error))?;
            total = pages::total(asked, runner, plan, (&turned, set.rows.len())).await?;
            links = Some(turned);
        }
        let included =
            includes::fetch(asked, runner, (at, step), &results, &set.rows, caps).await?;
        // Earlier steps are read by their names, whatever the caller wants to see.
        let style = if is_answer { many } else { Style::Array };
        let shaped = match step.result {
            ResultKind::Cursors => cursors::fetch(asked, runner, step, &set.rows).await?,
            _ => shape(call, step, (&set.rows, set.affected), &included, style)?,
        };
        if call.steps.len() > 1 {
            let json = shaped.json.clone().unwrap_or_default();
            results[at] = String::from_utf8(json).ok().filter(|json| !json.is_empty());
        }
        if is_answer {
            answered = Some(Answered { shaped, links, total });
        }
    }
    let nothing = Answered { shaped: Shaped::default(), links: None, total: None };
    Ok(answered.unwrap_or(nothing))
}

/// How many rows are taken. A page asks for one more than it shows by itself.
fn caps(call: &SqlCall, step: &StepPlan, page: PageChoice, asked: &Asked<'_>) -> Caps {
    let (rows, declared) = match (&asked.bound.page, page) {
        (Some(page), choice) if choice != PageChoice::All => (page.rows_wanted(), false),
        _ if step.row.fold.is_none() && is_single(step) => (1, true),
        _ => (call.rows_max, false),
    };
    Caps { rows, declared, bytes: call.bytes_max }
}

/// Whether a second row is one too many.
fn is_single(step: &StepPlan) -> bool {
    use ResultKind::{Cursors, One, Optional, Scalar};
    matches!(step.result, One | Optional | Scalar | Cursors)
}

/// Settings of the transaction, in one statement.
async fn settings(asked: &Asked<'_>, runner: &mut Runner<'_>) -> Result<(), Failed> {
    let settings = asked.call.transaction.as_ref().map_or(&[][..], |t| &t.session);
    if settings.is_empty() || asked.call.dialect != Dialect::Postgres {
        return Ok(());
    }
    let calls: Vec<String> = (0..settings.len())
        .map(|at| format!("set_config(${}, ${}, true)", 2 * at + 1, 2 * at + 2))
        .collect();
    let text: Arc<str> = format!("select {}", calls.join(", ")).into();
    let names = settings.iter().map(|(name, _)| Value::Text(name.clone()));
    let values = names.zip(asked.bound.session.iter().cloned()).flat_map(|(n, v)| [n, v]).collect();
    let caps = Caps { rows: 1, declared: true, bytes: u64::MAX };
    let ready = Sent { text, values, names: asked.setting_names(settings) };
    runner.run(ready, &RowPlan::default(), caps).await.map(drop)
}
