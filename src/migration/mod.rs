//! Where every route is right now, and what is known of its candidate.
//!
//! A [`Migrations`] is asked on the request path ([`Migrations::position`]) and told of every
//! answer and comparison; both only touch memory. Beside that it writes counts to the store,
//! follows the store's epoch, judges, and rolls back.
//!
//! This room must not answer requests, and judges by `strangler` alone. Without a store it
//! keeps all of this in memory; with a store that is lost, it keeps the last state and moves
//! nothing forward.

mod live;
mod observe;
mod status;

pub use live::{ChangeAsked, MigrationError, Migrations, Options};
pub use observe::{Admission, Answered, Pair};
pub use status::{Blocked, RouteStatus};
