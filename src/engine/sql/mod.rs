//! One call of a SQL route, as pure functions: bind → (the database) → rows → JSON.
//!
//! Statements come assembled from [`sql`](crate::sql) and values go beside them; nothing in
//! here may put a caller's text into a statement. What the database says is judged here too:
//! the one place that gives a SQLSTATE its status.

mod answer;
mod bind;
mod body;
mod cursors;
mod entity;
mod fold;
mod include;
mod judge;
mod key;
mod link;
mod page;
mod row;
#[cfg(test)]
mod tests;
mod view;

pub use answer::{Shaped, row_bytes, shape};
pub use bind::{Bound, SqlFacts, bind_sql};
pub use cursors::{cursor_row, cursors_of, write_cursor};
pub use entity::{entity_tag, matches_none};
pub use fold::{RowWriter, Style};
pub use include::{IncludeKeys, Included};
pub use judge::{is_transient, judge_rows, judge_sql};
pub use link::link;
pub use page::{Links, PageAsked, envelope};
pub use row::RowError;
pub use view::sql_query_names;
