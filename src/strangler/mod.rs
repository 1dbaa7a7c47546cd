//! Taking a legacy system away, one route at a time: what a stage answers from, who is in a
//! canary, whether two answers are the same, and whether the evidence is enough.
//!
//! Everything here is a function of what it is given: this room must not know the time, a
//! backend, a store or a request.

mod assignment;
mod compare;
mod evidence;
mod gate;
mod stage;

pub use assignment::{Share, bucket, in_cohort};
pub use compare::{
    Answer, Class, Comparer, Comparison, Mismatch, Path, Pattern, PatternProblem, Rule, RuleUse,
    RulesProblem, Segment, Side, TextRule, TimeRule, Tolerated, Unordered,
};
pub use evidence::{Evidence, Latencies, Traffic};
pub use gate::{Compared, Gate, Judged, Reason, Step, Verdict, wilson};
pub use stage::{Asked, NoMove, Position, STEPS, Stage, may_move};
