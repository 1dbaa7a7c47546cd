//! Where one route is.

use super::clock;
use crate::store::StageRecord;
use crate::strangler::Position;

/// Where a route is and by which change.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Standing {
    pub position: Position,
    pub record: Option<StageRecord>,
}

impl Standing {
    /// The epoch of the last change of it, a stage's or a latch's.
    pub fn epoch(&self) -> u64 {
        self.record.as_ref().map_or(0, |record| record.epoch)
    }

    /// The epoch its evidence is counted under: that of the last change of its stage. A latch
    /// changes nothing of what is known.
    pub fn stay(&self) -> u64 {
        self.record.as_ref().map_or(0, |record| record.stage_epoch)
    }

    /// Since when it stands there: seconds since the epoch.
    pub fn since(&self) -> u64 {
        self.record.as_ref().and_then(|record| clock::parsed(&record.stage_at)).unwrap_or(0)
    }

    /// Whether its end is still to come.
    pub fn ends(&self) -> bool {
        let stage = self.record.as_ref().filter(|record| record.until.is_some());
        stage.is_some_and(|record| !is_over(record) || record.position.stage != self.position.stage)
    }
}

pub(super) fn is_over(record: &StageRecord) -> bool {
    let until = record.until.as_deref().and_then(clock::parsed);
    until.is_some_and(|until| clock::until(until).is_zero())
}
