//! Counts that only grow, of each instance its own: their sum is the truth, in whatever order
//! and however often they are written.

use std::collections::BTreeMap;

use super::statement::Bind;
use super::{Store, StoreError};

/// Rows of one statement.
const ROWS_AT_ONCE: usize = 100;

/// A count of one instance in one minute, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The route.
    pub route: String,
    /// The minute: seconds since the epoch by 60.
    pub minute: u64,
    /// What is counted: `compared`, `legacy.took.50ms`.
    pub name: String,
    /// How many so far in this minute; not how many more.
    pub value: u64,
}

impl Store {
    /// Writes an instance's counts. Written twice they count once; a smaller one changes nothing.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn put_counts(&self, instance: &str, counts: &[Count]) -> Result<(), StoreError> {
        let larger = if self.is_shared() { "greatest" } else { "max" };
        for some in counts.chunks(ROWS_AT_ONCE) {
            let mut change = self.change().await?;
            let mut rows = Vec::new();
            let mut values: Vec<Bind> = vec![instance.into()];
            for count in some {
                let at = values.len() + 1;
                rows.push(format!("(?{at}, ?{}, ?1, ?{}, ?{})", at + 1, at + 2, at + 3));
                let row: [Bind; 4] = [
                    count.route.as_str().into(),
                    count.minute.into(),
                    count.name.as_str().into(),
                    count.value.into(),
                ];
                values.extend(row);
            }
            let text = format!(
                "insert into figleaf_count (route, minute, instance, name, value) values {} \
                 on conflict (route, minute, instance, name) \
                 do update set value = {larger}(figleaf_count.value, excluded.value)",
                rows.join(", ")
            );
            change.run(&text, values, 0).await?;
            change.commit().await?;
        }
        Ok(())
    }

    /// Sums of a route's counts over all instances, from a minute on.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn counts(
        &self,
        route: &str,
        from: u64,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let text = "select name, cast(sum(value) as text) from figleaf_count \
                    where route = ?1 and minute >= ?2 group by name";
        let rows = self.rows(text, vec![route.into(), from.into()], 2).await?;
        rows.iter().map(|row| Ok((row.text(0), row.whole(1)?))).collect()
    }

    /// The first and the last minute in which something was counted.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn extent(&self, route: &str, name: &str) -> Result<Option<(u64, u64)>, StoreError> {
        let text = "select cast(min(minute) as text), cast(max(minute) as text) from figleaf_count \
                    where route = ?1 and name = ?2 and value > 0";
        let rows = self.rows(text, vec![route.into(), name.into()], 2).await?;
        match rows.first().filter(|row| row.maybe(0).is_some()) {
            Some(row) => Ok(Some((row.whole(0)?, row.whole(1)?))),
            None => Ok(None),
        }
    }
}
