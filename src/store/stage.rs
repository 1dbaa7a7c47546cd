//! Where routes are, changed by compare-and-swap.

use super::audit::AuditLine;
use super::statement::{Bind, Texts};
use super::{Store, StoreError};
use crate::strangler::{Position, Stage};

/// The live record of a route. A route without one is where its mapping says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRecord {
    /// `GET /api/v1/orders/{orderId}`
    pub route: String,
    /// Where it is.
    pub position: Position,
    /// Who put it there.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// When: RFC 3339.
    pub at: String,
    /// When the record ends and the mapping counts again; `None` is never.
    pub until: Option<String>,
    /// The number of the change; later changes of any route have higher ones.
    pub epoch: u64,
    /// The number of the change that put it into its stage: latches change nothing of it.
    pub stage_epoch: u64,
    /// When that was: RFC 3339.
    pub stage_at: String,
    /// What its sides were then.
    pub identity: String,
}

/// A change to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageChange<'a> {
    /// The route.
    pub route: &'a str,
    /// The epoch of the record the change was decided on; 0 for none. Another one is a conflict.
    pub expected: u64,
    /// Where it shall be.
    pub position: Position,
    /// What its sides are: with others, what is known begins again.
    pub identity: &'a str,
    /// Who wants it.
    pub actor: &'a str,
    /// Why.
    pub reason: &'a str,
    /// When: RFC 3339.
    pub at: &'a str,
    /// When it ends.
    pub until: Option<&'a str>,
    /// What was known then, as JSON: verdict and reasons of the gate, digests.
    pub evidence: &'a str,
    /// By what: `cli`, `console`, `auto`.
    pub origin: &'a str,
}

const COLUMNS: &str = "route, cast(epoch as text), stage, cast(held as text), cast(rolled_back as text), \
                       actor, reason, changed_at, until_at, cast(stage_epoch as text), stage_at, identity";

impl Store {
    /// The epoch of the last change of any route: cheap, to be asked often.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn epoch(&self) -> Result<u64, StoreError> {
        let rows =
            self.rows("select cast(epoch as text) from figleaf_epoch", Vec::new(), 1).await?;
        rows.first().map_or(Ok(0), |row| row.whole(0))
    }

    /// The records of all routes that have one.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn stages(&self) -> Result<Vec<StageRecord>, StoreError> {
        let text = format!("select {COLUMNS} from figleaf_stage order by route");
        self.rows(&text, Vec::new(), 12).await?.iter().map(record).collect()
    }

    /// Changes the stage of a route, if nobody has meanwhile, and writes the line of the audit;
    /// gives the epoch of the change.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], or where the store does not answer. Nothing has changed then;
    /// where the connection was lost at the end, the epoch says whether it has.
    pub async fn put_stage(&self, asked: StageChange<'_>) -> Result<u64, StoreError> {
        let mut change = self.change().await?;
        // The one row everyone has to have first: changes are made one after another.
        let next = "update figleaf_epoch set epoch = epoch + 1 returning cast(epoch as text)";
        let (rows, _) = change.run(next, Vec::new(), 1).await?;
        let epoch = rows.first().map_or(Ok(0), |row| row.whole(0))?;
        let text = format!("select {COLUMNS} from figleaf_stage where route = ?1");
        let (rows, _) = change.run(&text, vec![asked.route.into()], 12).await?;
        let before = rows.first().map(record).transpose()?;
        let found = before.as_ref().map_or(0, |record| record.epoch);
        if found != asked.expected {
            change.rollback().await;
            return Err(StoreError::Conflict { route: asked.route.to_owned(), found });
        }
        let position = asked.position;
        let stays = before.as_ref().filter(|before| {
            before.position.stage == position.stage && before.identity == asked.identity
        });
        let (stage_epoch, stage_at) =
            stays.map_or((epoch, asked.at), |before| (before.stage_epoch, &*before.stage_at));
        let values: Vec<Bind> = vec![
            asked.route.into(),
            epoch.into(),
            position.stage.to_string().as_str().into(),
            position.held.into(),
            position.rolled_back.into(),
            asked.actor.into(),
            asked.reason.into(),
            asked.at.into(),
            asked.until.into(),
            stage_epoch.into(),
            stage_at.into(),
            asked.identity.into(),
        ];
        let text = "insert into figleaf_stage (route, epoch, stage, held, rolled_back, actor, reason, changed_at, until_at, stage_epoch, stage_at, identity) \
                    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
                    on conflict (route) do update set epoch = excluded.epoch, stage = excluded.stage, \
                    held = excluded.held, rolled_back = excluded.rolled_back, actor = excluded.actor, \
                    reason = excluded.reason, changed_at = excluded.changed_at, until_at = excluded.until_at, \
                    stage_epoch = excluded.stage_epoch, stage_at = excluded.stage_at, identity = excluded.identity";
        change.run(text, values, 0).await?;
        let line = AuditLine::of(&asked, before.as_ref(), epoch);
        line.append(&mut change).await?;
        change.commit().await?;
        Ok(epoch)
    }
}

fn record(row: &Texts) -> Result<StageRecord, StoreError> {
    let stage = row.text(2);
    let stage = Stage::parse(&stage)
        .ok_or_else(|| StoreError::Damaged(format!("there is no stage `{stage}`")))?;
    Ok(StageRecord {
        route: row.text(0),
        epoch: row.whole(1)?,
        position: Position { stage, held: row.whole(3)? != 0, rolled_back: row.whole(4)? != 0 },
        actor: row.text(5),
        reason: row.text(6),
        at: row.text(7),
        until: row.maybe(8),
        stage_epoch: row.whole(9)?,
        stage_at: row.text(10),
        identity: row.text(11),
    })
}
