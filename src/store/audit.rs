//! Who changed what, when and why: lines that are only ever added, each with the hash of the
//! one before.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::stage::{StageChange, StageRecord};
use super::statement::Changing;
use super::{Store, StoreError};

/// What stands in the place of the hash before the first line.
const FIRST: &str = "figleaf audit 1";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// RFC 3339.
    pub at: String,
    /// Who.
    pub actor: String,
    /// By what: `cli`, `console`, `auto`.
    pub origin: String,
    /// The route.
    pub route: String,
    /// Where it was; absent where the mapping said.
    pub from: Option<String>,
    /// Where it is now.
    pub to: String,
    /// Latches that are set now.
    pub latches: Vec<String>,
    /// Why.
    pub reason: String,
    /// The epoch of the change.
    pub epoch: u64,
    /// What was known, as JSON.
    pub evidence: String,
}

/// A line that is not what follows the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {number} of the audit was changed, or one before it was removed")]
pub struct Broken {
    /// Which line, from 1.
    pub number: u64,
}

impl AuditLine {
    pub(super) fn of(change: &StageChange<'_>, before: Option<&StageRecord>, epoch: u64) -> Self {
        let latches =
            [("held", change.position.held), ("rolled_back", change.position.rolled_back)];
        let set = latches.iter().filter(|(_, set)| *set);
        Self {
            at: change.at.to_owned(),
            actor: change.actor.to_owned(),
            origin: change.origin.to_owned(),
            route: change.route.to_owned(),
            from: before.map(|before| before.position.stage.to_string()),
            to: change.position.stage.to_string(),
            latches: set.map(|(name, _)| (*name).to_owned()).collect(),
            reason: change.reason.to_owned(),
            epoch,
            evidence: change.evidence.to_owned(),
        }
    }

    /// Adds it behind the last line, within the change it tells of.
    pub(super) async fn append(&self, change: &mut Changing) -> Result<(), StoreError> {
        // By the column: PostgreSQL calls the text beside it `number` as well, and 9 > 10 as text.
        let last = "select cast(number as text), hash from figleaf_audit \
                    order by figleaf_audit.number desc limit 1";
        let (rows, _) = change.run(last, Vec::new(), 2).await?;
        let (number, before) = match rows.first() {
            Some(row) => (row.whole(0)? + 1, row.text(1)),
            None => (1, FIRST.to_owned()),
        };
        let line = serde_json::to_string(self).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let hash = chained(&before, &line);
        let text = "insert into figleaf_audit (number, line, hash) values (?1, ?2, ?3)";
        change
            .run(text, vec![number.into(), line.as_str().into(), hash.as_str().into()], 0)
            .await?;
        Ok(())
    }
}

impl Store {
    /// Lines of the audit from a number on, each as it was written and with its hash.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn audit(&self, from: u64) -> Result<Vec<(u64, String, String)>, StoreError> {
        let text = "select cast(number as text), line, hash from figleaf_audit where number >= ?1 \
                    order by figleaf_audit.number";
        let rows = self.rows(text, vec![from.into()], 3).await?;
        rows.iter().map(|row| Ok((row.whole(0)?, row.text(1), row.text(2)))).collect()
    }
}

/// Checks lines from the first on: numbers without a gap, and each hash that of its line and
/// the hash before.
///
/// # Errors
/// The first line that does not fit.
pub fn verify_chain(lines: &[(u64, String, String)]) -> Result<(), Broken> {
    let mut before = FIRST.to_owned();
    for (expected, (number, line, hash)) in (1..).zip(lines) {
        if *number != expected || *hash != chained(&before, line) {
            return Err(Broken { number: expected });
        }
        before.clone_from(hash);
    }
    Ok(())
}

fn chained(before: &str, line: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update("\n");
    hash.update(line);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
