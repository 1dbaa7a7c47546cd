//! A row of open cursors: all their rows are fetched in the same transaction.

use super::asked::Asked;
use super::runner::{Caps, Failed, Runner};
use crate::database::Row;
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::engine::sql::{RowError, Shaped, cursor_row, cursors_of, judge_rows, write_cursor};
use crate::plan::StepPlan;

/// Fetches every cursor of the only row.
pub(super) async fn fetch(
    asked: &Asked<'_>,
    runner: &mut Runner<'_>,
    step: &StepPlan,
    rows: &[Row],
) -> Result<Shaped, Failed> {
    let call = asked.call;
    let wrong = |error: RowError| Failed::from(judge_rows(&error));
    let Some(row) = rows.first() else { return Err(Problem::new(Code::RowNotFound, "").into()) };
    let mut json = vec![b'{'];
    for (member, cursor) in cursors_of(&step.row, row).map_err(wrong)? {
        if json.len() > 1 {
            json.push(b',');
        }
        json.extend_from_slice(&member.key);
        let Some(cursor) = cursor else {
            json.extend_from_slice(b"null");
            continue;
        };
        let caps = Caps { rows: call.rows_max, declared: false, bytes: call.bytes_max };
        let found = runner.fetch(&cursor, caps).await?;
        let plan = cursor_row(call, &found.first().map(Row::columns).unwrap_or_default());
        write_cursor(plan, &found, &mut json).map_err(wrong)?;
        if json.len() as u64 > caps.bytes {
            return Err(caps.bytes_problem().into());
        }
    }
    json.push(b'}');
    Ok(Shaped { json: Some(json), tag: None })
}
