//! From files to a plan, and from one plan to the next.
//!
//! [`load`] reads every mapping and every contract it names and compiles them; [`Watcher`]
//! notices changes. A plan is swapped only for a better one: with a problem, the old one
//! stays. This room must not serve requests.

mod load;
mod watch;

pub use load::{Loaded, ProcessEnvironment, load};
pub use watch::Watcher;
