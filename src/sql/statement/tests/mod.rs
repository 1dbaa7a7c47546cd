//! What is asked of statements, by subject.

mod assembly;
mod effects;
mod places;
mod properties;
mod refusals;
mod sqlite;
mod tokens;

use super::{Choice, PageChoice, Parts, Statement, StatementProblem};
use crate::sql::Dialect;

const DIALECTS: [Dialect; 2] = [Dialect::Postgres, Dialect::Sqlite];

fn made(dialect: Dialect, parts: &Parts<'_>) -> Statement {
    Statement::new(dialect, parts).unwrap_or_else(|problems| panic!("{parts:?}: {problems:?}"))
}

fn refused(dialect: Dialect, parts: &Parts<'_>) -> Vec<StatementProblem> {
    Statement::new(dialect, parts).err().unwrap_or_else(|| panic!("{parts:?} was taken"))
}

fn of(base: &str) -> Parts<'_> {
    Parts { base, ..Parts::default() }
}

fn sorts(orders: &[&str]) -> Vec<Vec<super::OrderKey>> {
    orders.iter().map(|order| super::parse_order(order).unwrap()).collect()
}

fn page(page: PageChoice) -> Choice {
    Choice { page, ..Choice::default() }
}
