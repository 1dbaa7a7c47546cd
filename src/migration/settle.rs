//! What has come into force by itself is written down, so that nothing undoes it by itself.

use super::live::{Live, lock};
use super::standing::{Standing, is_over};
use super::trouble::{ORIGIN, Pending};
use super::{ChangeAsked, MigrationError, Migrations, step};
use crate::store::StoreError;
use crate::strangler::Position;

impl Migrations {
    /// Writes down rollbacks that could not be, changes that have ended, and stages that the
    /// mapping lets routes have no more: a file that allows more again raises nothing.
    pub(super) async fn settle(&self) -> Result<(), StoreError> {
        for live in self.routes.load_full().values() {
            let pending = lock(&live.pending).clone();
            let settled = match pending {
                Some(pending) => self.write_pending(live, pending).await,
                None => self.lower(live).await,
            };
            match settled {
                Ok(()) => {}
                Err(MigrationError::Store(error @ StoreError::Lost(_))) => return Err(error),
                Err(error) => {
                    tracing::warn!(route = live.name, %error, "the stage could not be written down");
                }
            }
        }
        Ok(())
    }

    /// Writes down where a route went by itself.
    pub(super) async fn write_pending(
        &self,
        live: &Live,
        pending: Pending,
    ) -> Result<(), MigrationError> {
        let standing = live.standing.load_full();
        let said = live.said(standing.record.as_ref());
        if let Some(mut position) = pending.over(standing.epoch(), said) {
            position.held |= position.rolled_back && self.too_many(live).await.unwrap_or(false);
            // Where someone else was first, the next look finds out what is left to do.
            self.write(live, (&standing, position), (ORIGIN, pending.why)).await?;
        }
        lock(&live.pending).take();
        live.stand(live.standing.load().record.clone());
        Ok(())
    }

    /// Writes down a stage that is in force, and lower than the record of it.
    async fn lower(&self, live: &Live) -> Result<(), MigrationError> {
        let standing = live.standing.load_full();
        let Some(record) = &standing.record else { return Ok(()) };
        let why = match () {
            () if is_over(record) => "its time is over",
            () if record.position.stage > live.plan.ceiling => "the mapping lets it go no further",
            () => return Ok(()),
        };
        self.write(live, (&standing, standing.position), ("file", why.to_owned())).await
    }

    async fn write(
        &self,
        live: &Live,
        (from, position): (&Standing, Position),
        (origin, reason): (&'static str, String),
    ) -> Result<(), MigrationError> {
        let asked = ChangeAsked {
            route: live.name.clone(),
            to: None,
            held: None,
            acknowledge: false,
            actor: "figleaf".to_owned(),
            origin,
            reason,
            until: None,
        };
        let known = self.evidence(live).await.map(|(evidence, _)| evidence).unwrap_or_default();
        let judged = live.plan.gate.judge(step::ahead(live), &known);
        self.put(live, (from, position), &asked, &judged).await.map(drop)
    }
}
