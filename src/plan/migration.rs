//! Routes on their way from a legacy system to its successor, as data.

use std::fmt;
use std::time::Duration;

use super::RouteId;
use crate::strangler::{Comparer, Gate, Share, Stage};

/// What a route with a candidate needs.
#[derive(Debug, Clone)]
pub struct MigrationPlan {
    /// The candidate: a route of the plan that no caller can reach by itself.
    pub candidate: RouteId,
    /// What both sides and the comparison are: a hash. Evidence of another one is none of this.
    pub identity: String,
    /// The stage the mapping says.
    pub stage: Stage,
    /// The stage that no live change goes beyond.
    pub ceiling: Stage,
    /// The shares of a canary, one after another.
    pub steps: Vec<Share>,
    /// What the hash of assignment begins with: the route's name, or its group's.
    pub salt: String,
    /// Where the key of assignment comes from, the first that is there.
    pub keys: Vec<AssignmentKey>,
    /// Whether both sides see the same data.
    pub state: StateModel,
    /// How the other side is asked.
    pub shadow: ShadowPlan,
    /// What may differ.
    pub comparer: Comparer,
    /// The rules of it as they are written, in their order.
    pub rules: Vec<String>,
    /// What evidence has to show before the next step.
    pub gate: Gate,
    /// What happens by itself when the candidate fails.
    pub on_trouble: OnTrouble,
}

/// A part of a request that tells who calls, or what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssignmentKey {
    /// A claim of the token.
    Claim(String),
    /// A header, in lower case.
    Header(String),
    /// A parameter of the path.
    Path(String),
    /// A member of the body, by its path from the root.
    Body(Vec<String>),
}

impl AssignmentKey {
    /// Whether it tells what a request is about; the others tell who calls.
    #[must_use]
    pub fn is_entity(&self) -> bool {
        matches!(self, Self::Path(_) | Self::Body(_))
    }
}

impl fmt::Display for AssignmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(name) => write!(f, "claim.{name}"),
            Self::Header(name) => write!(f, "header.{name}"),
            Self::Path(name) => write!(f, "path.{name}"),
            Self::Body(names) => write!(f, "body.{}", names.join(".")),
        }
    }
}

/// Whether both sides see the same data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StateModel {
    /// What one side writes, the other reads.
    Shared,
    /// Each has its own.
    #[default]
    Separate,
}

/// How the side that does not answer is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ShadowPlan {
    /// The share of requests it is asked about.
    pub sample: Share,
    /// How long it may take.
    pub timeout: Duration,
    /// Such calls at once.
    pub in_flight: u32,
    /// Pairs waiting at once; more are dropped, and counted.
    pub queue: u32,
    /// The largest share of the legacy system's own calls that are asked of it besides.
    pub budget: Share,
    /// The share of reads that the legacy system is asked a second time, to know how it differs
    /// from itself.
    pub noise: Share,
    /// What is done about writes. None of it executes one twice.
    pub writes: WriteShadow,
}

/// How a write is compared without being executed twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WriteShadow {
    /// Not at all.
    #[default]
    Off,
    /// What each side would send is compared.
    Render,
    /// The candidate is asked with this header, by which it only pretends.
    DryRun(String, String),
    /// A read route is asked of both sides after the write.
    ReadBack {
        /// The read route.
        route: RouteId,
        /// How long after the write.
        settle: Duration,
    },
}

/// What happens by itself when a candidate that answers callers fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnTrouble {
    /// The route goes back to the last stage that held, and stays until someone acknowledges.
    #[default]
    RollBack,
    /// The route stays where it is, and nothing moves it: going back may lose data.
    Freeze,
    /// It is only told.
    Alert,
}
