//! What may differ at a place.

use std::collections::BTreeMap;
use std::time::Duration;

use regex::Regex;

/// What may differ at the places of a pattern. Without any, nothing may: order counts, members
/// that only one side has count, types count, numbers are their digits.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// Nothing there counts, nor anything in it that no more specific rule names.
    pub ignore: bool,
    /// A difference there is never tolerated: it rolls back.
    pub critical: bool,
    /// Items may stand in any order.
    pub unordered: Option<Unordered>,
    /// Numbers may differ by this much: absolutely, or as a share of the larger one. Both are
    /// decimals; the larger allowance holds.
    pub number: Option<(String, String)>,
    /// `1.0` is `1.00`; with `true`, the string `"12"` is the number `12`, too.
    pub decimal: Option<bool>,
    /// Times that are the same instant.
    pub time: Option<TimeRule>,
    /// Texts that say the same.
    pub text: Option<TextRule>,
    /// Absent is `null`; with `true`, `""`, `[]` and `{}` are too.
    pub nullish: Option<bool>,
    /// An array of one item is that item.
    pub one_or_many: bool,
    /// Values of the legacy answer, and what they are called in the candidate's.
    pub map: BTreeMap<String, String>,
    /// Values may differ if one always stands for the other: ids. Places with one name share
    /// their pairs.
    pub bijection: Option<String>,
    /// Both values have to look so; beyond that they may differ.
    pub shape: Option<Regex>,
}

/// How items are told apart where their order does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unordered {
    /// By all they hold.
    All,
    /// By the value of this member, by its path from the item: `id`, `product.code`.
    By(Vec<String>),
}

/// How times may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRule {
    /// By this much.
    pub tolerance: Duration,
    /// Whether zones are not looked at: `2026-01-01Z` is `2026-01-01`, and the clock counts.
    pub ignore_zone: bool,
    /// Whether fractions of seconds are not looked at.
    pub whole_seconds: bool,
}

/// How texts may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextRule {
    /// White space around them does not count, and a run of it is one space.
    pub trim: bool,
    /// Upper and lower case are the same.
    pub any_case: bool,
}
