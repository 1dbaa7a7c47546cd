//! Routes on their way to another system: authored → plan.
//!
//! `plan` makes the [`MigrationPlan`](crate::plan::MigrationPlan); what does not fit is found by
//! `stage` (stages, ceilings, canaries), `shadow` (writes), `compare` (rules). This folder must
//! not decide how a candidate is asked.

mod compare;
mod plan;
mod shadow;
mod stage;

pub(super) use plan::Migrating;
