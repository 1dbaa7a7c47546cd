//! Routes on their way to another system: authored → plan.
//!
//! `plan` makes the [`MigrationPlan`](crate::plan::MigrationPlan); what does not fit is found by
//! `stage` (stages, ceilings, canaries), `shadow` (writes), `compare` (rules), `parameters`
//! (what callers send) and `lacks` (what they would miss); `shown` knows answers, `places` finds
//! places in them. This folder must not
//! decide how a candidate is asked.

mod compare;
mod identity;
mod lacks;
mod parameters;
mod places;
mod plan;
mod shadow;
mod shown;
mod stage;

#[cfg(test)]
mod tests;

pub(super) use plan::Migrating;
