//! A few examples of each kind of mismatch.

use super::{Store, StoreError};

/// Examples kept of one route, place and class.
pub const EXEMPLARS_MAX: u64 = 20;

/// One mismatch as it is shown, masked already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemplar {
    /// The route.
    pub route: String,
    /// The place, without indices.
    pub path: String,
    /// What kind of mismatch.
    pub class: String,
    /// When: RFC 3339.
    pub at: String,
    /// Both sides, as JSON.
    pub body: String,
}

impl Store {
    /// Keeps an example; the oldest of its kind goes when there are too many.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn put_exemplar(&self, exemplar: &Exemplar) -> Result<(), StoreError> {
        let mut change = self.change().await?;
        if self.is_shared() {
            // Two instances would take one number; the kind's own lock lets others through.
            let lock = "select cast(pg_advisory_xact_lock(hashtextextended(?1, 28844946126594406)) as text)";
            let kind = format!("{}\n{}\n{}", exemplar.route, exemplar.path, exemplar.class);
            change.run(lock, vec![kind.as_str().into()], 1).await?;
        }
        let kind = || {
            vec![
                exemplar.route.as_str().into(),
                exemplar.path.as_str().into(),
                exemplar.class.as_str().into(),
            ]
        };
        let last = "select cast(coalesce(max(number), 0) as text) from figleaf_exemplar \
                    where route = ?1 and path = ?2 and class = ?3";
        let (rows, _) = change.run(last, kind(), 1).await?;
        let number = rows.first().map_or(Ok(0), |row| row.whole(0))? + 1;
        let mut values = kind();
        values.extend([number.into(), exemplar.at.as_str().into(), exemplar.body.as_str().into()]);
        let text = "insert into figleaf_exemplar (route, path, class, number, at, body) values (?1, ?2, ?3, ?4, ?5, ?6)";
        change.run(text, values, 0).await?;
        let mut values = kind();
        values.push(number.saturating_sub(EXEMPLARS_MAX).into());
        let text = "delete from figleaf_exemplar where route = ?1 and path = ?2 and class = ?3 and number <= ?4";
        change.run(text, values, 0).await?;
        change.commit().await
    }

    /// The examples of a route, newest first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn exemplars(&self, route: &str) -> Result<Vec<Exemplar>, StoreError> {
        let text = "select route, path, class, at, body from figleaf_exemplar where route = ?1 \
                    order by at desc, number desc";
        let rows = self.rows(text, vec![route.into()], 5).await?;
        let exemplar = |row: &super::statement::Texts| Exemplar {
            route: row.text(0),
            path: row.text(1),
            class: row.text(2),
            at: row.text(3),
            body: row.text(4),
        };
        Ok(rows.iter().map(exemplar).collect())
    }

    /// Forgets examples older than a time, RFC 3339 in UTC.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn forget_exemplars(&self, before: &str) -> Result<u64, StoreError> {
        let mut change = self.change().await?;
        let text = "delete from figleaf_exemplar where at < ?1";
        let (_, affected) = change.run(text, vec![before.into()], 0).await?;
        change.commit().await?;
        Ok(affected)
    }
}
