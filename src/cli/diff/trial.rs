//! Which line caused a change: the later side compiled again with lines undone.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::FileSource;
use super::super::output::{self, Failure};
use super::environment::Placeholders;
use super::origin::Origin;
use super::snapshot::{Mappings, Snapshot, document, load};
use super::workspace::Workspace;
use crate::change::{
    self, Cause, Change, Day, Edit, Files, Identity, compare, edited, edits, identity,
};

/// Time for finding causes; what is not found by then is said not to be.
const CAUSES_TIME_MAX: Duration = Duration::from_secs(60);
/// Trials of one comparison.
const TRIALS_MAX: u32 = 400;

/// Finds the causes of changes.
pub(super) struct Trials<'t> {
    pub(super) before: (&'t Origin, &'t Snapshot),
    pub(super) after: (&'t Origin, &'t Snapshot),
    pub(super) mappings: &'t Mappings,
    pub(super) env: &'t Placeholders,
    pub(super) on: Day,
}

impl Trials<'_> {
    /// The causes of each change; none where none was found.
    pub(super) fn causes(&self, changes: &[Change]) -> Result<Vec<Vec<Cause>>, Failure> {
        let old = completed(self.before.0, &self.before.1.files, &self.after.1.files)?;
        let new = completed(self.after.0, &self.after.1.files, &self.before.1.files)?;
        let all = edits(&old, &new);
        let workspace = Workspace::new()?;
        workspace.fill(&new)?;
        let until = Instant::now() + CAUSES_TIME_MAX;
        let (mut trials, mut has_given_up) = (0, false);
        let mut trial = |undone: &[bool]| {
            has_given_up |= trials == TRIALS_MAX || Instant::now() > until;
            if has_given_up {
                return None;
            }
            trials += 1;
            self.trial(&workspace, (&old, &new), &all, undone)
        };
        let causes = change::trace(changes, &all, &mut trial);
        if has_given_up {
            output::note(&format!(
                "not every cause was looked for: {} lines differ, and {trials} trials or {} seconds are the limit",
                all.len(),
                CAUSES_TIME_MAX.as_secs()
            ));
        }
        Ok(causes)
    }

    /// The changes that are left with some edits undone; `None` where that does not compile.
    fn trial(
        &self,
        workspace: &Workspace,
        (old, new): (&Files, &Files),
        all: &[Edit],
        undone: &[bool],
    ) -> Option<BTreeSet<Identity>> {
        let mut files = edited(old, new, all, undone);
        let lock = self.mappings.lock();
        let text = files.get(&lock).cloned().unwrap_or_else(|| new.get(&lock).cloned());
        files.insert(lock.clone(), merged(text, [new.get(&lock), old.get(&lock)]));
        let put =
            |(path, bytes): (&String, &Option<Vec<u8>>)| workspace.put(path, bytes.as_deref());
        let written = files.iter().try_for_each(put);
        let loaded = written.ok().map(|()| load(workspace, self.mappings, self.env, &FileSource));
        for path in files.keys() {
            workspace.put(path, new.get(path).map(Vec::as_slice)).ok()?;
        }
        let document = document(&loaded?)?;
        let left = compare(&self.before.1.document, &document, Some(self.on));
        Some(left.iter().map(identity).collect())
    }
}

/// The files of one side with those only the other reads, as far as they are there.
fn completed(origin: &Origin, own: &Files, other: &Files) -> Result<Files, Failure> {
    let mut files = own.clone();
    for name in other.keys().filter(|name| !own.contains_key(*name)) {
        if let Some(bytes) = origin.read(name)? {
            files.insert(name.clone(), bytes);
        }
    }
    Ok(files)
}

/// A lock that knows the statements of both sides as well: a statement undone has its types.
fn merged(text: Option<Vec<u8>>, sides: [Option<&Vec<u8>>; 2]) -> Option<Vec<u8>> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let Some(mut lock) =
        text.as_deref().or(sides[0].or(sides[1]).map(Vec::as_slice)).and_then(read)
    else {
        return text;
    };
    let key =
        |entry: &Value| [&entry["backend"], &entry["kind"], &entry["sha256"]].map(Value::to_string);
    let Some(statements) = lock["statements"].as_array_mut() else { return text };
    for side in sides.into_iter().flatten() {
        let entries = read(side).map_or(Value::Null, |mut lock| lock["statements"].take());
        for entry in entries.as_array().into_iter().flatten() {
            if !statements.iter().any(|known| key(known) == key(entry)) {
                statements.push(entry.clone());
            }
        }
    }
    serde_json::to_vec(&lock).ok()
}
