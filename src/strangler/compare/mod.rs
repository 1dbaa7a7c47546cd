//! Two answers side by side: which of their differences count.
//!
//! A [`Comparer`] is compiled once from the rules of a route. It walks both answers together;
//! at each place the most specific [`Rule`] decides. Numbers are compared by their digits.

mod bijection;
mod comparer;
mod comparison;
mod hygiene;
mod items;
mod pairing;
mod pattern;
mod rule;
mod scalar;
mod text;
mod walk;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

pub use comparer::{Answer, Comparer, RulesProblem};
pub use comparison::{Class, Comparison, Mismatch, RuleUse, Side, Tolerated};
pub use pattern::{Path, Pattern, PatternProblem, Segment};
pub use rule::{Rule, TextRule, TimeRule, Unordered};
