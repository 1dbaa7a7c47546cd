//! Lines of the audit: from the store, and as JSON lines.

use serde::{Deserialize, Serialize};

use super::super::output::Failure;
use super::super::state::{StateArguments, failure};
use crate::store::{AuditLine, Store};

/// A line as it is kept: number, text, hash.
pub(super) type Kept = (u64, String, String);

/// A line of an export. The text is as it was hashed, so that whoever reads it can check it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Exported {
    number: u64,
    hash: String,
    line: String,
}

impl Exported {
    pub(super) fn of((number, line, hash): &Kept) -> Self {
        Self { number: *number, hash: hash.clone(), line: line.clone() }
    }

    pub(super) fn kept(self) -> Kept {
        (self.number, self.line, self.hash)
    }
}

/// Does something with the store.
pub(in crate::cli) fn with_store<T>(
    state: &StateArguments,
    work: impl AsyncFnOnce(&Store) -> Result<T, crate::store::StoreError>,
) -> Result<T, Failure> {
    actix_web::rt::System::new().block_on(async {
        let store = state.existing().await?;
        work(&store).await.map_err(|error| failure(&error.into()))
    })
}

/// What a line says; `None` where it is none.
pub(in crate::cli) fn said(line: &str) -> Option<AuditLine> {
    serde_json::from_str(line).ok()
}

/// `shadow → canary 5%, held`: what a line changed.
pub(in crate::cli) fn change(line: &AuditLine) -> String {
    let mut text = match &line.from {
        Some(from) if *from != line.to => format!("{from} → {}", line.to),
        _ => line.to.clone(),
    };
    for latch in &line.latches {
        text.push_str(&format!(", {}", latch.replace('_', " ")));
    }
    text
}
