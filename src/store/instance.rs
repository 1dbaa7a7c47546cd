//! Who else runs, what each has heard of, and which one decides.

use super::{Store, StoreError};

/// An instance that has been heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its name: another one after each start.
    pub name: String,
    /// When it last said so, in milliseconds since the epoch.
    pub seen_ms: u64,
    /// The epoch it acts by.
    pub epoch: u64,
}

impl Store {
    /// Says that an instance lives and by which epoch it acts.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn beat(&self, instance: &Instance) -> Result<(), StoreError> {
        let mut change = self.change().await?;
        let text = "insert into figleaf_instance (name, seen_ms, epoch) values (?1, ?2, ?3) \
                    on conflict (name) do update set seen_ms = excluded.seen_ms, epoch = excluded.epoch";
        let values =
            vec![instance.name.as_str().into(), instance.seen_ms.into(), instance.epoch.into()];
        change.run(text, values, 0).await?;
        change.commit().await
    }

    /// Instances heard of since a time, by name.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn instances(&self, since_ms: u64) -> Result<Vec<Instance>, StoreError> {
        let text = "select name, cast(seen_ms as text), cast(epoch as text) from figleaf_instance \
                    where seen_ms >= ?1 order by name";
        let rows = self.rows(text, vec![since_ms.into()], 3).await?;
        let instance = |row: &super::statement::Texts| {
            Ok(Instance { name: row.text(0), seen_ms: row.whole(1)?, epoch: row.whole(2)? })
        };
        rows.iter().map(instance).collect()
    }

    /// Takes or keeps a lease, so that one of several instances decides; whether it has it.
    ///
    /// # Errors
    /// Where the store does not answer: then nobody has it.
    pub async fn lease(
        &self,
        name: &str,
        holder: &str,
        (now_ms, until_ms): (u64, u64),
    ) -> Result<bool, StoreError> {
        let mut change = self.change().await?;
        let text = "insert into figleaf_lease (name, holder, until_ms) values (?1, ?2, ?3) \
                    on conflict (name) do update set holder = excluded.holder, until_ms = excluded.until_ms \
                    where figleaf_lease.holder = excluded.holder or figleaf_lease.until_ms < ?4";
        let values = vec![name.into(), holder.into(), until_ms.into(), now_ms.into()];
        let (_, affected) = change.run(text, values, 0).await?;
        change.commit().await?;
        Ok(affected > 0)
    }
}
