//! From files to a plan, and from one plan to the next.
//!
//! [`load`] reads every mapping and every contract it names, learns the types of statements
//! from their databases or from the lock, and compiles; [`Watcher`] notices changes. A plan is swapped only for a better one: with a problem, the old one
//! stays. This room must not serve requests.

mod files;
mod load;
mod lock;
mod types;
mod watch;

pub use load::{Loaded, ProcessEnvironment, load};
pub use lock::{LOCK_FILE, add_to_lock};
pub use types::{Describer, Types};
pub use watch::Watcher;
