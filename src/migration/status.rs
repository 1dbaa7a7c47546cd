//! Everything there is to see of a route.

use super::{MigrationError, Migrations};
use crate::store::Exemplar;
use crate::strangler::{Evidence, Judged, Position, Stage};

/// A route on its way.
#[derive(Debug, Clone)]
pub struct RouteStatus {
    /// `GET /api/v1/orders/{orderId}`
    pub route: String,
    /// Where it is.
    pub position: Position,
    /// Where the mapping says it is.
    pub declared: Stage,
    /// The furthest it may go.
    pub ceiling: Stage,
    /// Who put it there and why; `None` where the mapping did.
    pub changed: Option<(String, String, String)>,
    /// What is known since it is there.
    pub evidence: Evidence,
    /// What the gate says to the next step.
    pub judged: Judged,
    /// When the legacy system was last asked: RFC 3339; `None` is never since it is counted.
    pub last_legacy_call: Option<String>,
    /// What stands in the way of the next step.
    pub blocked: Vec<Blocked>,
    /// Whether the legacy system could be switched off for this route.
    pub safe_to_retire: bool,
    /// Rules that match nothing, and rules that hide what never varied.
    pub rules: Vec<String>,
}

/// One thing that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked(
    /// In words: `match rate: 120 of 120: between 97.80 % and 100.00 %; wanted: at least 99.50 %`.
    pub String,
);

impl Migrations {
    /// All routes with a candidate, by name.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn status(&self) -> Result<Vec<RouteStatus>, MigrationError> {
        Ok(Vec::new())
    }

    /// Mismatches of a route, newest first, masked.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn exemplars(&self, route: &str) -> Result<Vec<Exemplar>, MigrationError> {
        let _ = route;
        Ok(Vec::new())
    }
}
