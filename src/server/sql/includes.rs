//! What belongs to the rows of a statement, by a second statement each.

use super::asked::Asked;
use super::runner::{Caps, Failed, Runner};
use crate::database::Row;
use crate::engine::sql::{IncludeKeys, Included, RowError, judge_rows};
use crate::plan::StepPlan;
use crate::sql::Choice;

/// Fetches every include of a step's rows.
pub(super) async fn fetch(
    asked: &Asked<'_>,
    runner: &mut Runner<'_>,
    (at, step): (usize, &StepPlan),
    results: &[Option<String>],
    rows: &[Row],
    caps: Caps,
) -> Result<Vec<Included<Row>>, Failed> {
    let wrong = |error: RowError| Failed::from(judge_rows(&error));
    // As many rows as an answer may have, whatever their owners are.
    let caps = Caps { rows: asked.call.rows_max, declared: false, ..caps };
    let mut all = Vec::with_capacity(step.includes.len());
    for (number, include) in step.includes.iter().enumerate() {
        let keys = IncludeKeys::of(include, &step.row, rows).map_err(wrong)?;
        let mut found = Vec::new();
        if !keys.is_empty() {
            let assembled = include.statement.assemble(Choice::default());
            let values = asked.bound.include_values(
                asked.call,
                (at, number),
                results,
                keys.json(),
                &assembled,
            )?;
            let sent = asked.sent(assembled, values, (&include.statement, &include.bindings));
            found = runner.run(sent, &include.row, caps).await?.rows;
        }
        all.push(Included::new(include, &step.row, found).map_err(wrong)?);
    }
    Ok(all)
}
