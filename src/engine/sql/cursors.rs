//! Open cursors of a result: each becomes an array of its rows, under its name.

use std::sync::Arc;

use crate::codec::Naming;
use crate::plan::{ColumnPlan, RowMember, RowPlan, RowValue, SqlCall};
use crate::sql::{Cell, Cells, Column, Form, Type};

use super::RowError;
use super::fold::{RowWriter, Style};

/// The cursors of a row: their members, and their names in the database; `None` where one is
/// NULL.
///
/// # Errors
/// Where a column is no cursor.
pub fn cursors_of<'p>(
    plan: &'p RowPlan,
    row: &impl Cells,
) -> Result<Vec<(&'p RowMember, Option<String>)>, RowError> {
    let one = |member: &'p RowMember| {
        let RowValue::Column(column) = &member.value else { return Ok((member, None)) };
        let wrong = |why: &str| RowError::Cell(column.column.to_string(), why.to_owned());
        match row.cell(usize::from(column.index)) {
            Cell::Null => Ok((member, None)),
            Cell::Binary(name) => match std::str::from_utf8(name) {
                Ok(name) if column.ty == Type::Refcursor => Ok((member, Some(name.to_owned()))),
                _ => Err(wrong("is no cursor")),
            },
            Cell::Written(name) if column.ty == Type::Refcursor => {
                let name = serde_json::from_str(name).map_err(|_| wrong("is no cursor"))?;
                Ok((member, Some(name)))
            }
            _ => Err(wrong("is no cursor")),
        }
    };
    plan.members.iter().map(one).collect()
}

/// What a row of a cursor becomes, by the columns it came with.
#[must_use]
pub fn cursor_row(call: &SqlCall, columns: &[Column]) -> RowPlan {
    let member = |(index, column): (u16, &Column)| {
        let name = match call.naming {
            Naming::Camel => Naming::Camel.apply(&column.name),
            Naming::Preserve => column.name.clone(),
        };
        let large = matches!(column.ty, Type::Int8 | Type::Numeric { .. });
        let mut key = serde_json::to_vec(&name).unwrap_or_default();
        key.push(b':');
        RowMember {
            name: name.into(),
            key: key.into(),
            value: RowValue::Column(ColumnPlan {
                index,
                column: column.name.as_str().into(),
                ty: column.ty.clone(),
                nullable: true,
                form: if large { call.large_numbers } else { Form::Plain },
                schema: None,
            }),
        }
    };
    RowPlan { members: (0..).zip(columns).map(member).collect(), fold: None }
}

/// Appends the rows of a cursor as an array.
///
/// # Errors
/// Where a value cannot be read.
pub fn write_cursor<R: Cells>(
    plan: RowPlan,
    rows: &[R],
    out: &mut Vec<u8>,
) -> Result<(), RowError> {
    let mut writer = RowWriter::new(Arc::new(plan), Style::Array);
    writer.begin(out);
    for row in rows {
        writer.row(row, &[], out)?;
    }
    writer.end(out);
    Ok(())
}
