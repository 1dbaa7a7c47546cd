//! Pages of a list as data.

use crate::sql::Type;

/// How a list is cut into pages.
#[derive(Debug, Clone)]
pub struct PagePlan {
    /// How the next page is found.
    pub style: PageStyle,
    /// Items of a page, where the caller says nothing.
    pub size: u32,
    /// The most a caller may ask for.
    pub max: u32,
    /// Whether the body is `{"items": […], "next": "…"}` instead of the array.
    pub envelope: bool,
    /// What is said of the number of all items.
    pub total: Total,
}

/// How the next page is found.
#[derive(Debug, Clone)]
pub enum PageStyle {
    /// By the keys of the last row, in a signed cursor: for each sort, its key columns.
    Keyset(Vec<Vec<KeyColumn>>),
    /// By its number.
    Offset,
}

/// A column of a keyset.
#[derive(Debug, Clone)]
pub struct KeyColumn {
    /// Its index in the result.
    pub index: u16,
    /// Its type.
    pub ty: Type,
    /// Its name in the database.
    pub column: Box<str>,
}

/// What is said of the number of all items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Nothing.
    None,
    /// It is counted, by a second statement.
    Exact,
    /// The planner's estimate.
    Estimate,
}
