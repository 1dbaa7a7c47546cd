//! Whether the evidence is enough for the next step: pass, fail, or not enough of it.

mod judge;
mod rate;
mod step;
mod verdict;

#[cfg(test)]
mod tests;

pub use judge::Gate;
pub use rate::wilson;
pub use step::{Compared, Step};
pub use verdict::{Judged, Reason, Verdict};
