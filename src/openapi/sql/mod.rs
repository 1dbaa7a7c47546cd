//! SQL routes → operations.
//!
//! Everything follows from the types the database described and from the mapping; text of a
//! statement is never shown. Choices made here:
//!
//! - `date` and `date-time` are claimed though a date of the database may lie beyond the year
//!   9999 or before 0000, where it has a sign; a timestamp without a zone is no `date-time`.
//! - `NaN` of a `numeric` and an infinite date are `null` even where a column holds no NULL:
//!   too rare to make every amount and every date of a document nullable.
//! - Types are written out where they stand: those of a database have no contract's names.

mod answer;
mod body;
mod example;
mod number;
mod parameter;
mod problem;
mod response;
mod value;

#[cfg(test)]
pub(super) use example::example;
#[cfg(test)]
pub(super) use value::{Place, value};

pub(super) use answer::answer;
pub(super) use body::body;
pub(super) use parameter::parameters;
pub(super) use problem::can_answer;
pub(super) use response::{responses, rule_statuses};
