//! A row → the members of an object.

use crate::plan::{ColumnPlan, RowMember, RowPlan, RowValue};
use crate::sql::{Cell, Cells, Type, write_json};

use super::include::Included;

/// A row that is not what the route declares: for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// A column that must not be NULL is.
    #[error("the column `{0}` is NULL, and the mapping says that it is not")]
    Null(String),
    /// A value that is not of its column's type.
    #[error("the column `{0}` {1}")]
    Cell(String, String),
    /// A column that is of another type than when its statement was described.
    #[error("the column `{0}` is of another type than `check` has seen")]
    Drift(String),
    /// A column that is needed is not in the row.
    #[error("the row has no column number {0}")]
    NoColumn(u16),
    /// An object came a second time after others.
    #[error("rows of one object are not adjacent: order them by {0}")]
    Apart(String),
}

/// Appends members, separated, without braces.
pub(super) fn write_members<R: Cells>(
    members: &[RowMember],
    row: &R,
    included: &[Included<R>],
    out: &mut Vec<u8>,
) -> Result<(), RowError> {
    for (at, member) in members.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(&member.key);
        match &member.value {
            RowValue::Column(column) => write_column(column, row, out)?,
            RowValue::Object(members) => {
                out.push(b'{');
                write_members(members, row, included, out)?;
                out.push(b'}');
            }
            RowValue::Include(at) => match included.get(*at) {
                Some(included) => included.write(row, out)?,
                None => out.extend_from_slice(b"null"),
            },
        }
    }
    Ok(())
}

/// Appends a column's value.
pub(super) fn write_column(
    column: &ColumnPlan,
    row: &impl Cells,
    out: &mut Vec<u8>,
) -> Result<(), RowError> {
    let cell = row.cell(usize::from(column.index));
    if cell == Cell::Null {
        if !column.nullable {
            return Err(RowError::Null(column.column.to_string()));
        }
        out.extend_from_slice(b"null");
        return Ok(());
    }
    write_json(&column.ty, column.form, cell, out)
        .map_err(|error| RowError::Cell(column.column.to_string(), error.0))
}

/// That the columns of a row are of the types they are read as.
pub(super) fn check_types(plan: &RowPlan, row: &impl Cells) -> Result<(), RowError> {
    fn check(members: &[RowMember], row: &impl Cells) -> Result<(), RowError> {
        members.iter().try_for_each(|member| match &member.value {
            RowValue::Column(column) => check_type(&column.column, column.index, &column.ty, row),
            RowValue::Object(members) => check(members, row),
            RowValue::Include(_) => Ok(()),
        })
    }
    check(&plan.members, row)?;
    plan.fold.as_ref().map_or(Ok(()), |fold| check_types(&fold.row, row))
}

/// That a column of a row is of the type it is read as.
pub(super) fn check_type(
    name: &str,
    column: u16,
    ty: &Type,
    row: &impl Cells,
) -> Result<(), RowError> {
    if row.fits(usize::from(column), ty) { Ok(()) } else { Err(RowError::Drift(name.to_owned())) }
}

/// Whether every column of a plan is NULL: an outer join found nothing.
pub(super) fn is_absent(plan: &RowPlan, row: &impl Cells) -> bool {
    fn absent(members: &[RowMember], row: &impl Cells) -> bool {
        members.iter().all(|member| match &member.value {
            RowValue::Column(column) => row.cell(usize::from(column.index)) == Cell::Null,
            RowValue::Object(members) => absent(members, row),
            RowValue::Include(_) => true,
        })
    }
    let keys = plan.fold.iter().flat_map(|fold| &fold.keys);
    absent(&plan.members, row)
        && keys.into_iter().all(|key| row.cell(usize::from(*key)) == Cell::Null)
        && plan.fold.as_ref().is_none_or(|fold| is_absent(&fold.row, row))
}
