//! Where a route is on its way from the legacy system to its successor, and how it may move.

use std::fmt;

use super::{Share, Side, Verdict};

/// Shares of a canary, one after another, where a route names none of its own.
pub const STEPS: [u32; 3] = [500, 2_500, 5_000];

/// A stage, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Stage {
    /// The legacy system answers.
    #[default]
    Legacy,
    /// The legacy system answers; the candidate is asked on the side.
    Shadow,
    /// The candidate answers a share of callers.
    Canary(Share),
    /// The candidate answers; the legacy system is asked on the side.
    Primary,
    /// The candidate answers; the legacy system is only kept alive.
    Standby,
    /// The candidate answers, and there is no way back but the mapping.
    Retired,
}

/// Who else is asked, for comparison. Only reads are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nobody.
    Nobody,
    /// The side that does not answer, of a sample of requests.
    TheOther,
}

impl Stage {
    /// Reads `legacy`, `shadow`, `canary 5%`, `primary`, `standby`, `retired`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim() {
            "legacy" => Self::Legacy,
            "shadow" => Self::Shadow,
            "primary" => Self::Primary,
            "standby" => Self::Standby,
            "retired" => Self::Retired,
            other => {
                let share = Share::parse(other.strip_prefix("canary ")?)?;
                let inside = share > Share::NONE && share < Share::ALL;
                return inside.then_some(Self::Canary(share));
            }
        })
    }

    /// Who answers a caller; `in_cohort` is whether the caller is in the canary's share.
    #[must_use]
    pub fn answers(self, in_cohort: bool) -> Side {
        match self {
            Self::Legacy | Self::Shadow => Side::Legacy,
            Self::Canary(_) if !in_cohort => Side::Legacy,
            Self::Canary(_) | Self::Primary | Self::Standby | Self::Retired => Side::Candidate,
        }
    }

    /// Who else is asked about a read.
    #[must_use]
    pub fn asks_besides(self) -> Asked {
        match self {
            Self::Shadow | Self::Canary(_) | Self::Primary => Asked::TheOther,
            Self::Legacy | Self::Standby | Self::Retired => Asked::Nobody,
        }
    }

    /// The next one forward. `steps` are the shares of the canary in rising order.
    #[must_use]
    pub fn next(self, steps: &[Share]) -> Option<Self> {
        match self {
            Self::Legacy => Some(Self::Shadow),
            Self::Shadow => Some(steps.first().map_or(Self::Primary, |step| Self::Canary(*step))),
            Self::Canary(share) => {
                let step = steps.iter().find(|step| **step > share);
                Some(step.map_or(Self::Primary, |step| Self::Canary(*step)))
            }
            Self::Primary => Some(Self::Standby),
            Self::Standby => Some(Self::Retired),
            Self::Retired => None,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Legacy => f.write_str("legacy"),
            Self::Shadow => f.write_str("shadow"),
            Self::Canary(share) => write!(f, "canary {share}"),
            Self::Primary => f.write_str("primary"),
            Self::Standby => f.write_str("standby"),
            Self::Retired => f.write_str("retired"),
        }
    }
}

/// Where a route is, with its latches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Its stage.
    pub stage: Stage,
    /// Nothing moves it forward before someone lets it go.
    pub held: bool,
    /// It was rolled back, and nobody has acknowledged that yet.
    pub rolled_back: bool,
}

/// Why a route does not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMove {
    /// It is there already.
    #[error("it is in stage {0} already")]
    There(Stage),
    /// No reason was given.
    #[error("a change of stage needs a reason")]
    NoReason,
    /// Further than one step.
    #[error("{0} is more than one step; the next is {1}")]
    TooFar(Stage, Stage),
    /// Further than the mapping lets it.
    #[error("the mapping lets it go to {0} at most")]
    AboveCeiling(Stage),
    /// It is held.
    #[error("it is held")]
    Held,
    /// It was rolled back.
    #[error("it was rolled back, which has to be acknowledged first")]
    RolledBack,
    /// The evidence says no.
    #[error("the gate says {0}")]
    Gate(Verdict),
    /// There is no way out of `retired`.
    #[error("a retired route moves only by its mapping")]
    Retired,
}

/// Whether a route may move to a stage: forward by one step, with evidence, up to the ceiling;
/// back at any time. `verdict` is that of the gate before the next step.
///
/// # Errors
/// The first reason why not.
pub fn may_move(
    from: Position,
    to: Stage,
    (steps, ceiling): (&[Share], Stage),
    verdict: Verdict,
    reason: &str,
) -> Result<(), NoMove> {
    if from.stage == to {
        return Err(NoMove::There(to));
    }
    if reason.trim().is_empty() {
        return Err(NoMove::NoReason);
    }
    if from.stage == Stage::Retired {
        return Err(NoMove::Retired);
    }
    if to < from.stage {
        return Ok(());
    }
    let next = from.stage.next(steps).unwrap_or(from.stage);
    if to > next {
        return Err(NoMove::TooFar(to, next));
    }
    if to > ceiling {
        return Err(NoMove::AboveCeiling(ceiling));
    }
    if from.rolled_back {
        return Err(NoMove::RolledBack);
    }
    if from.held {
        return Err(NoMove::Held);
    }
    // Nothing is known of a candidate that was never asked: shadow is how one gets to know it.
    if to > Stage::Shadow && verdict != Verdict::Pass {
        return Err(NoMove::Gate(verdict));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Side::{Candidate, Legacy};
    use super::*;

    fn steps() -> Vec<Share> {
        STEPS.iter().filter_map(|points| Share::of_basis_points(*points)).collect()
    }

    #[test]
    fn stages_read_and_write() {
        for text in
            ["legacy", "shadow", "canary 5%", "canary 0.25%", "primary", "standby", "retired"]
        {
            assert_eq!(Stage::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "canary", "canary 0", "canary 100%", "canary x", "Shadow "] {
            assert_eq!(Stage::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_route_moves_one_step_forward_and_any_back() {
        let check = |from: &str, to: &str, expected: Result<(), &str>| {
            let stage = Stage::parse(from).unwrap();
            let position = Position { stage, ..Position::default() };
            let limits = (&steps()[..], Stage::Retired);
            let moved = may_move(position, Stage::parse(to).unwrap(), limits, Verdict::Pass, "why");
            assert_eq!(
                moved.map_err(|no| no.to_string()),
                expected.map_err(str::to_owned),
                "{from} to {to}"
            );
        };
        check("legacy", "shadow", Ok(()));
        check("legacy", "canary 5%", Err("canary 5% is more than one step; the next is shadow"));
        check("shadow", "canary 5%", Ok(()));
        check("shadow", "canary 1%", Ok(()));
        check("shadow", "canary 6%", Err("canary 6% is more than one step; the next is canary 5%"));
        check("canary 5%", "canary 25%", Ok(()));
        check(
            "canary 25%",
            "primary",
            Err("primary is more than one step; the next is canary 50%"),
        );
        check("canary 50%", "primary", Ok(()));
        check("primary", "retired", Err("retired is more than one step; the next is standby"));
        check("standby", "legacy", Ok(()));
        check("canary 50%", "canary 5%", Ok(()));
        check("retired", "legacy", Err("a retired route moves only by its mapping"));
        check("shadow", "shadow", Err("it is in stage shadow already"));
    }

    #[test]
    fn nothing_moves_forward_without_leave() {
        let check =
            |position: Position, ceiling: &str, verdict, reason, expected: Result<(), NoMove>| {
                let limits = (&steps()[..], Stage::parse(ceiling).unwrap());
                let to = position.stage.next(&steps()).unwrap();
                assert_eq!(may_move(position, to, limits, verdict, reason), expected);
            };
        let at =
            |stage: &str| Position { stage: Stage::parse(stage).unwrap(), ..Position::default() };
        let shadow = at("shadow");
        check(at("legacy"), "retired", Verdict::Insufficient, "why", Ok(()));
        check(
            shadow,
            "retired",
            Verdict::Insufficient,
            "why",
            Err(NoMove::Gate(Verdict::Insufficient)),
        );
        check(shadow, "retired", Verdict::Fail, "why", Err(NoMove::Gate(Verdict::Fail)));
        check(shadow, "retired", Verdict::Pass, " ", Err(NoMove::NoReason));
        check(shadow, "shadow", Verdict::Pass, "why", Err(NoMove::AboveCeiling(Stage::Shadow)));
        check(
            Position { held: true, ..shadow },
            "retired",
            Verdict::Pass,
            "why",
            Err(NoMove::Held),
        );
        let rolled_back = Position { rolled_back: true, ..shadow };
        check(rolled_back, "retired", Verdict::Pass, "why", Err(NoMove::RolledBack));
    }

    #[test]
    fn each_stage_answers_from_one_side() {
        let check = |stage: &str, inside: Side, outside: Side, besides: Asked| {
            let stage = Stage::parse(stage).unwrap();
            let found = (stage.answers(true), stage.answers(false), stage.asks_besides());
            assert_eq!(found, (inside, outside, besides), "{stage}");
        };
        check("legacy", Legacy, Legacy, Asked::Nobody);
        check("shadow", Legacy, Legacy, Asked::TheOther);
        check("canary 5%", Candidate, Legacy, Asked::TheOther);
        check("primary", Candidate, Candidate, Asked::TheOther);
        check("standby", Candidate, Candidate, Asked::Nobody);
        check("retired", Candidate, Candidate, Asked::Nobody);
    }
}
