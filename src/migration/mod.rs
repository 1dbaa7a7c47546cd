//! Where every route is right now, and what is known of its candidate.
//!
//! A [`Migrations`] is asked on the request path ([`Migrations::position`]) and told of every
//! answer and comparison; both only touch memory. Beside that it writes counts to the store,
//! follows the store's epoch, judges, and rolls back ([`Migrations::run`]).
//!
//! This room must not answer requests, and judges by `strangler` alone. A store that is lost
//! leaves the last state in force: nothing moves forward, a rollback still counts here.

mod change;
mod clock;
mod count;
mod evidence;
mod history;
mod hygiene;
mod json;
mod live;
mod mask;
mod observe;
mod run;
mod settle;
mod shape;
mod standing;
mod status;
mod step;
mod tally;
mod totals;
mod trouble;

pub use change::{ChangeAsked, MigrationError};
pub use history::{History, Moment};
pub use json::{STAGES, route_json, stage_word, status_json};
pub use live::{Migrations, Options};
pub use observe::{Admission, Answered, Pair};
pub use status::RouteStatus;
pub use totals::{BOUNDS, SideTotals, Totals};
