//! The stages in force, and changing them.

use std::sync::Arc;

use crate::plan::Plan;
use crate::store::{Store, StoreError};
use crate::strangler::{NoMove, Position, Stage};

/// How migrations are kept.
#[derive(Clone, Default)]
pub struct Options {
    /// Where state outlives this process; `None` keeps it in memory.
    pub store: Option<Arc<Store>>,
    /// This instance's name: another one after each start.
    pub instance: String,
}

/// A change somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeAsked {
    /// The route: `GET /api/v1/orders/{orderId}`.
    pub route: String,
    /// Where it shall go; `None` leaves the stage and changes latches only.
    pub to: Option<Stage>,
    /// Sets or clears the latch `held`; `None` leaves it.
    pub held: Option<bool>,
    /// Acknowledges a rollback.
    pub acknowledge: bool,
    /// Who asks.
    pub actor: String,
    /// By what: `cli`, `console`, `auto`.
    pub origin: &'static str,
    /// Why.
    pub reason: String,
    /// When the change ends and the mapping counts again: RFC 3339.
    pub until: Option<String>,
}

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    /// There is no such route, or it has no candidate.
    #[error("there is no route `{0}` with a candidate")]
    NoRoute(String),
    /// It may not move so.
    #[error(transparent)]
    NoMove(#[from] NoMove),
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The stages of all routes with a candidate.
pub struct Migrations {
    options: Options,
}

impl Migrations {
    /// Reads the state of every route of a plan. Nothing runs in the background yet.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn open(plan: &Plan, options: Options) -> Result<Arc<Self>, MigrationError> {
        let _ = plan;
        Ok(Arc::new(Self { options }))
    }

    /// Takes over a new plan. No route gets further than it was, no latch is cleared.
    pub fn replan(&self, plan: &Plan) {
        let _ = plan;
    }

    /// Where a route is. Only memory is touched. A route without a candidate is in `legacy`.
    pub fn position(&self, route: &str) -> Position {
        let _ = (route, &self.options);
        Position::default()
    }

    /// Follows the store, writes counts, judges and rolls back, until dropped. On a runtime of
    /// its caller's.
    pub async fn run(self: Arc<Self>) {}

    /// Makes a change, after asking the gate where it is one forward; gives its epoch.
    ///
    /// # Errors
    /// Where it may not be made, or the store does not take it.
    pub async fn change(&self, asked: ChangeAsked) -> Result<u64, MigrationError> {
        Err(MigrationError::NoRoute(asked.route))
    }
}
