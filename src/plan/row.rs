//! Rows as data: what a row becomes in JSON.

use std::sync::Arc;

use crate::sql::Type;

/// What a row becomes.
#[derive(Debug, Clone, Default)]
pub struct RowPlan {
    /// Members, in the order of columns or as the mapping has moved them.
    pub members: Vec<RowMember>,
    /// Adjacent rows that agree in `keys` are one object: the others' members are an array.
    pub fold: Option<Box<FoldPlan>>,
}

/// Adjacent rows folded into one object.
#[derive(Debug, Clone)]
pub struct FoldPlan {
    /// Columns in which rows of one object agree.
    pub keys: Vec<u16>,
    /// `"lines":`, escaped, ready to be written.
    pub key: Box<[u8]>,
    /// The array's name.
    pub name: Box<str>,
    /// An item. One whose columns are all NULL is no item: an outer join found nothing.
    pub row: RowPlan,
}

/// A member of a row.
#[derive(Debug, Clone)]
pub struct RowMember {
    /// Its name.
    pub name: Box<str>,
    /// `"name":`, escaped, ready to be written.
    pub key: Box<[u8]>,
    /// What stands behind it.
    pub value: RowValue,
}

/// The value of a member of a row.
#[derive(Debug, Clone)]
pub enum RowValue {
    /// A column.
    Column(ColumnPlan),
    /// An object of columns.
    Object(Vec<RowMember>),
    /// What an include fetched, by index into [`StepPlan::includes`].
    Include(usize),
}

/// A column and how it is written.
#[derive(Debug, Clone)]
pub struct ColumnPlan {
    /// Its index in the result.
    pub index: u16,
    /// Its name in the database, for logs.
    pub column: Box<str>,
    /// Its type.
    pub ty: Type,
    /// Whether NULL may stand in it. One that must not and does is a 500.
    pub nullable: bool,
    /// How numbers beyond a double's digits, bytes and texts are written.
    pub form: crate::sql::Form,
    /// The schema of a `json` column, where the mapping declares one: JSON text.
    pub schema: Option<Arc<str>>,
}
