//! The rows of a statement as the answer its route declares.

use std::sync::Arc;

use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::plan::{Outcome, ResultKind, RowValue, SqlCall, SqlSource, StepPlan};
use crate::sql::{Cell, Cells};

use super::fold::{RowWriter, Style};
use super::include::Included;
use super::judge::judge_rows;
use super::row::{check_types, write_column};
use super::{RowError, entity_tag};

/// An answer, whole.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shaped {
    /// Its JSON; `None` where there is nothing to say.
    pub json: Option<Vec<u8>>,
    /// Its entity tag, quotes included.
    pub tag: Option<String>,
}

/// Rows and their number as a step's answer; a list in the style of `many`.
///
/// # Errors
/// Where they are too many or too few, too long, or not what the plan says.
pub fn shape<R: Cells>(
    call: &SqlCall,
    step: &StepPlan,
    (rows, affected): (&[R], u64),
    included: &[Included<R>],
    many: Style,
) -> Result<Shaped, Box<Problem>> {
    let touched = touched(step.result, rows.len(), affected);
    if let Some(max) = step.affected_max.filter(|max| affected > *max) {
        let detail = format!("it would touch {affected} rows; the limit is {max}");
        return Err(Problem::new(Code::DatabaseAffected, detail).outcome(Outcome::Rejected).into());
    }
    let guarded = || step.bindings.iter().any(|binding| binding.source == SqlSource::IfMatch);
    if touched == 0 && call.if_match && guarded() {
        return Err(Problem::new(Code::RowChanged, "").outcome(Outcome::Rejected).into());
    }
    let none = || Problem::new(Code::RowNotFound, "").outcome(Outcome::Rejected);
    match step.result {
        ResultKind::None => Ok(Shaped::default()),
        ResultKind::Affected if touched == 0 => Err(none().into()),
        ResultKind::Affected => {
            let json = format!("{{\"affected\":{affected}}}").into_bytes();
            Ok(Shaped { json: Some(json), tag: None })
        }
        ResultKind::Optional if rows.is_empty() => Ok(Shaped::default()),
        ResultKind::One | ResultKind::Scalar if rows.is_empty() => Err(none().into()),
        ResultKind::Scalar => scalar(step, rows),
        ResultKind::One | ResultKind::Optional => {
            let (json, objects) = objects(call, step, rows, included, Style::Single)?;
            if objects > 1 {
                return Err(too_many(objects));
            }
            let tag = match (call.etag, rows.first()) {
                (Some(column), Some(row)) => entity_tag(&step.row, column, row).map(Some),
                _ => Ok(None),
            };
            let tag = tag.map_err(|error| judge_rows(&error))?;
            Ok(Shaped { json: Some(json), tag })
        }
        ResultKind::Many | ResultKind::Cursors => {
            let (json, _) = objects(call, step, rows, included, many)?;
            Ok(Shaped { json: Some(json), tag: None })
        }
    }
}

/// Rows a statement has given or touched, whichever its result is about.
fn touched(result: ResultKind, rows: usize, affected: u64) -> u64 {
    match result {
        ResultKind::Affected | ResultKind::None => affected,
        _ => rows as u64,
    }
}

fn too_many(objects: u64) -> Box<Problem> {
    let internal = format!("{objects} rows where one is declared");
    Problem::new(Code::DatabaseRows, "").internal(internal).into()
}

fn scalar<R: Cells>(step: &StepPlan, rows: &[R]) -> Result<Shaped, Box<Problem>> {
    let ([row], Some(RowValue::Column(column))) =
        (rows, step.row.members.first().map(|member| &member.value))
    else {
        return Err(too_many(rows.len() as u64));
    };
    check_types(&step.row, row).map_err(|error| judge_rows(&error))?;
    let mut json = Vec::new();
    write_column(column, row, &mut json).map_err(|error| judge_rows(&error))?;
    Ok(Shaped { json: Some(json), tag: None })
}

fn objects<R: Cells>(
    call: &SqlCall,
    step: &StepPlan,
    rows: &[R],
    included: &[Included<R>],
    style: Style,
) -> Result<(Vec<u8>, u64), Box<Problem>> {
    let wrong = |error: RowError| Box::new(judge_rows(&error));
    let mut writer = RowWriter::new(Arc::clone(&step.row), style);
    let mut out = Vec::new();
    writer.begin(&mut out);
    for row in rows {
        writer.row(row, included, &mut out).map_err(wrong)?;
        if out.len() as u64 > call.bytes_max {
            let detail = format!("more than {} bytes", call.bytes_max);
            return Err(Problem::new(Code::DatabaseTooLarge, detail).into());
        }
    }
    writer.end(&mut out);
    Ok((out, writer.objects()))
}

/// Bytes a row holds in the columns a plan knows: about what keeping it costs.
#[must_use]
pub fn row_bytes(plan: &crate::plan::RowPlan, row: &impl Cells) -> u64 {
    fn of(members: &[crate::plan::RowMember], row: &impl Cells) -> u64 {
        let one = |member: &crate::plan::RowMember| match &member.value {
            RowValue::Column(column) => match row.cell(usize::from(column.index)) {
                Cell::Binary(bytes) | Cell::Text(bytes) | Cell::Blob(bytes) => bytes.len() as u64,
                Cell::Written(text) => text.len() as u64,
                Cell::Null | Cell::Integer(_) | Cell::Real(_) => 0,
            },
            RowValue::Object(members) => of(members, row),
            RowValue::Include(_) => 0,
        };
        members.iter().map(one).sum()
    }
    of(&plan.members, row) + plan.fold.as_ref().map_or(0, |fold| row_bytes(&fold.row, row))
}
