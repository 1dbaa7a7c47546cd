//! What is added up, and what is forgotten, so that a store does not grow for ever.

use super::{Store, StoreError};

/// Under which instance minutes of all are added up: none has this name.
const ALL: &str = "";
/// "tidy" as a number: only one instance adds up at a time.
const TIDYING: &str = "select cast(pg_advisory_xact_lock(1952737401) as text)";

impl Store {
    /// Adds up the minutes of a route before one into hours, of all instances together. `before`
    /// has to be the first minute of an hour, and no instance may write an earlier minute any
    /// more: it would count twice.
    ///
    /// # Errors
    /// Where the store does not answer: nothing is added up then.
    pub async fn roll_up(&self, route: &str, before: u64) -> Result<u64, StoreError> {
        let mut change = self.change().await?;
        if self.is_shared() {
            change.run(TIDYING, Vec::new(), 1).await?;
        }
        let text = "insert into figleaf_count (route, minute, instance, name, value) \
                    select route, minute - minute % 60, ?3, name, cast(sum(value) as bigint) \
                    from figleaf_count where route = ?1 and minute < ?2 and instance <> ?3 \
                    group by route, minute - minute % 60, name \
                    on conflict (route, minute, instance, name) \
                    do update set value = figleaf_count.value + excluded.value";
        change.run(text, vec![route.into(), before.into(), ALL.into()], 0).await?;
        let text = "delete from figleaf_count where route = ?1 and minute < ?2 and instance <> ?3";
        let values = vec![route.into(), before.into(), ALL.into()];
        let (_, affected) = change.run(text, values, 0).await?;
        change.commit().await?;
        Ok(affected)
    }

    /// Forgets the counts of minutes before one.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn forget_counts(&self, before: u64) -> Result<u64, StoreError> {
        let mut change = self.change().await?;
        let text = "delete from figleaf_count where minute < ?1";
        let (_, affected) = change.run(text, vec![before.into()], 0).await?;
        change.commit().await?;
        Ok(affected)
    }

    /// Forgets instances that have not been heard of since a time.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn forget_instances(&self, before_ms: u64) -> Result<u64, StoreError> {
        let mut change = self.change().await?;
        let text = "delete from figleaf_instance where seen_ms < ?1";
        let (_, affected) = change.run(text, vec![before_ms.into()], 0).await?;
        change.commit().await?;
        Ok(affected)
    }
}
