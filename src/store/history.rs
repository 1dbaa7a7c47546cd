//! Counts over time.

use super::{Store, StoreError};

/// How many of one kind there were in a stretch of time, over all instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Its first minute: seconds since the epoch by 60.
    pub minute: u64,
    /// What was counted, without the epoch it was counted under.
    pub name: String,
    /// How many.
    pub value: u64,
}

impl Store {
    /// The first minute from one on in which anything was counted of a route.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn first_minute(&self, route: &str, from: u64) -> Result<Option<u64>, StoreError> {
        let text = "select cast(min(minute) as text) from figleaf_count \
                    where route = ?1 and minute >= ?2";
        let rows = self.rows(text, vec![route.into(), from.into()], 1).await?;
        match rows.first().filter(|row| row.maybe(0).is_some()) {
            Some(row) => Ok(Some(row.whole(0)?)),
            None => Ok(None),
        }
    }

    /// Comparisons and answers to callers of a route from a minute on, in stretches of so many
    /// minutes, under whatever epoch they were counted.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn history(
        &self,
        route: &str,
        (from, minutes): (u64, u64),
    ) -> Result<Vec<Stretch>, StoreError> {
        let text = "select cast((minute / ?3) * ?3 as text), name, cast(sum(value) as text) \
                    from figleaf_count where route = ?1 and minute >= ?2 and (\
                    name like '%:compared' or name like '%:mismatched' or \
                    name like '%:legacy.callers' or name like '%:candidate.callers') \
                    group by minute / ?3, name order by minute / ?3";
        let values = vec![route.into(), from.into(), minutes.max(1).into()];
        let rows = self.rows(text, values, 3).await?;
        let stretch = |row: &super::statement::Texts| {
            let name = row.text(1);
            let name = name.split_once(':').map_or(name.as_str(), |(_, name)| name).to_owned();
            Ok(Stretch { minute: row.whole(0)?, name, value: row.whole(2)? })
        };
        rows.iter().map(stretch).collect()
    }
}
