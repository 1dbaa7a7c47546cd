//! The plan: everything the request path needs, as plain data with all lookups done.
//!
//! A plan exists only if nothing was wrong with what it was compiled from. Nothing here
//! reads files, parses text or keeps time.

mod auth;
mod backend;
mod compose;
mod database;
mod glob;
mod migration;
mod outcome;
mod page;
mod route;
mod row;
mod secret;
mod sql;

pub use auth::*;
pub use backend::*;
pub use compose::*;
pub use database::*;
pub use glob::glob_matches;
pub use migration::*;
pub use outcome::Outcome;
pub use page::*;
pub use route::*;
pub use row::*;
pub use secret::Secret;
pub use sql::*;

/// Everything `serve` needs.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Backends by [`BackendId`].
    pub backends: Vec<BackendPlan>,
    /// Versions in the order of their names.
    pub versions: Vec<VersionPlan>,
    /// Routes by [`RouteId`]; candidates behind all others.
    pub routes: Vec<RoutePlan>,
}

impl Plan {
    /// A route by id. Ids come from this plan, so the index is always there.
    #[must_use]
    pub fn route(&self, id: RouteId) -> &RoutePlan {
        &self.routes[id.0 as usize]
    }

    /// How many routes callers can reach: all but candidates.
    #[must_use]
    pub fn served(&self) -> usize {
        self.routes.iter().filter(|route| !route.is_candidate).count()
    }

    /// A backend by id. Ids come from this plan, so the index is always there.
    #[must_use]
    pub fn backend(&self, id: BackendId) -> &BackendPlan {
        &self.backends[id.0 as usize]
    }
}
