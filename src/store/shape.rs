//! Shapes of requests: what evidence is of.

use super::{Store, StoreError};

/// Shapes kept of one route in one stage: more say nothing more.
pub const SHAPES_MAX: u64 = 1_000;

impl Store {
    /// Notes shapes of requests, each once. Those beyond [`SHAPES_MAX`] are left.
    ///
    /// # Errors
    /// Where the store does not answer: nothing is noted then.
    pub async fn put_shapes<'s>(
        &self,
        route: &str,
        shapes: impl IntoIterator<Item = &'s str>,
    ) -> Result<(), StoreError> {
        let mut change = self.change().await?;
        let text = "insert into figleaf_shape (route, shape) \
                    select cast(?1 as text), cast(?2 as text) \
                    where (select count(*) from figleaf_shape where route = cast(?1 as text)) < 1000 \
                    on conflict do nothing";
        for shape in shapes {
            change.run(text, vec![route.into(), shape.into()], 0).await?;
        }
        change.commit().await
    }

    /// How many shapes of requests a route has seen.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn shapes(&self, route: &str) -> Result<u64, StoreError> {
        let text = "select cast(count(*) as text) from figleaf_shape where route = ?1";
        let rows = self.rows(text, vec![route.into()], 1).await?;
        rows.first().map_or(Ok(0), |row| row.whole(0))
    }

    /// Forgets the shapes of stages that routes are in no more: those kept under another name
    /// than `epoch:route` of the changes that put them there.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn forget_shapes(&self) -> Result<u64, StoreError> {
        let mut change = self.change().await?;
        let text = "delete from figleaf_shape where not exists (select 1 from figleaf_stage s \
                    where figleaf_shape.route = cast(s.stage_epoch as text) || ':' || s.route)";
        let (_, affected) = change.run(text, Vec::new(), 0).await?;
        change.commit().await?;
        Ok(affected)
    }
}
