//! Routes to databases as they are written: statements, steps, pages, nests, includes, and
//! composed answers. This folder must not look into a statement: that is `compile`'s, by the
//! `sql` room.

mod compose;
mod query;
mod rows;
mod target;
mod text;

pub use compose::{OnFailure, Part};
pub use query::{Order, ResultWord, SqlQuery, Statement};
pub use rows::{Include, Nest, Page, PageStyle, Total};
pub use target::{ErrorRule, Isolation, SqlTarget, Step};
pub use text::SqlText;

pub(super) use compose::parts;
pub(super) use query::texts;
pub(super) use target::sql_target;
