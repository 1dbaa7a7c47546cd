//! The order of things.

use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

use super::super::check;
use super::super::output::{self, Failure};
use super::approving;
use super::arguments::Arguments;
use super::environment::Placeholders;
use super::git::Repository;
use super::origin::Origin;
use super::outcome::Outcome;
use super::show;
use super::snapshot::{Mappings, Snapshot};
use super::trial::Trials;
use super::workspace::inside;
use crate::change::{Cause, Change, Day, compare};
use crate::reload::LOCK_FILE;

/// Bytes of an OpenAPI document given as a file.
const DOCUMENT_BYTES_MAX: u64 = 256 << 20;

/// Compares, shows, and says whether it is good enough.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let on = match &arguments.on {
        Some(text) => approving::day(text, "--on")?,
        None => today()?,
    };
    let outcome = match (&arguments.base_file, &arguments.file, &arguments.revision) {
        (Some(base), Some(file), _) => of_files(arguments, base, file, on)?,
        (_, _, Some(revision)) => of_revisions(arguments, revision, on)?,
        _ => return Err(Failure::usage("name a revision to compare with")),
    };
    show::show(&outcome, arguments.format);
    let fails = outcome.changes.iter().zip(&outcome.judged.approved);
    let mut fails = fails.filter(|(_, approved)| approved.is_none());
    let failed = fails.any(|(change, _)| arguments.fail_on.fails(change.severity));
    Ok(ExitCode::from(u8::from(failed)))
}

fn today() -> Result<Day, Failure> {
    let now = jiff::Timestamp::now().to_string();
    Day::parse(&now)
        .ok_or_else(|| Failure::new("the clock shows no day").help("give one with --on"))
}

fn of_files(arguments: &Arguments, base: &Path, file: &Path, on: Day) -> Result<Outcome, Failure> {
    let (before, after) = (document(base)?, document(file)?);
    let changes = compare(&before, &after, Some(on));
    let names = (base.display().to_string(), file.display().to_string());
    let approvals = approving::path(arguments, Path::new(""));
    judged(arguments, &approvals, names, changes, None, on, None)
}

fn document(path: &Path) -> Result<Value, Failure> {
    let unusable = |why: String| Failure::new(format!("`{}`: {why}", path.display()));
    let size = std::fs::metadata(path).map_err(|error| unusable(error.to_string()))?.len();
    if size > DOCUMENT_BYTES_MAX {
        return Err(unusable(format!("{size} bytes; the limit is {DOCUMENT_BYTES_MAX}")));
    }
    let bytes = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let document: Value =
        serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))?;
    let is_openapi = document["openapi"].as_str().is_some_and(|version| version.starts_with("3."));
    if is_openapi {
        return Ok(document);
    }
    Err(unusable("it is not an OpenAPI 3 document in JSON".to_owned()))
}

fn of_revisions(arguments: &Arguments, revision: &str, on: Day) -> Result<Outcome, Failure> {
    let repository = Repository::find()?;
    let mappings = mappings(arguments, &repository)?;
    let (before, after) = sides(&repository, revision)?;
    let (old, new) = (mappings.read(&before)?, mappings.read(&after)?);
    // The same for both sides: what a variable holds must not look like a change.
    let both = old.iter().chain(&new).map(|(name, bytes)| (name.clone(), bytes.clone()));
    let mut texts = both.collect::<crate::change::Files>();
    for (name, bytes) in &old {
        texts.insert(format!("before/{name}"), bytes.clone());
    }
    let env = Placeholders::of(&texts);
    let old = Snapshot::take(&before, &mappings, old, &env)?;
    let new = Snapshot::take(&after, &mappings, new, &env)?;
    for (side, name) in [(&old, &before.name), (&new, &after.name)] {
        if side.undescribed > 0 {
            let count = check::counted(side.undescribed, "statement");
            output::note(&format!("{name}: types of {count} not compared: not in {LOCK_FILE}"));
        }
    }
    let changes = compare(&old.document, &new.document, Some(on));
    let (of_before, of_after) = ((&before, &old), (&after, &new));
    let trials = Trials { before: of_before, after: of_after, mappings: &mappings, env: &env, on };
    let causes = trials.causes(&changes)?;
    let names = (before.name.clone(), after.name.clone());
    let approvals = approving::path(arguments, &repository.root);
    judged(arguments, &approvals, names, changes, Some(causes), on, repository.user())
}

#[expect(clippy::too_many_arguments, reason = "each is one thing the outcome is made of")]
fn judged(
    arguments: &Arguments,
    approvals: &Path,
    (before, after): (String, String),
    changes: Vec<Change>,
    causes: Option<Vec<Vec<Cause>>>,
    on: Day,
    user: Option<String>,
) -> Result<Outcome, Failure> {
    let approvals = approving::settle(approvals, arguments, &changes, user)?;
    let judged = approvals.judge(&changes, on);
    Ok(Outcome { before, after, changes, causes, approvals, judged })
}

/// The two sides a revision, or a range of them, names.
fn sides(repository: &Repository, revision: &str) -> Result<(Origin, Origin), Failure> {
    let or_head = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
    if let Some((one, other)) = revision.split_once("...") {
        let (one, other) = (or_head(one), or_head(other));
        let (base, tip) = (repository.commit(&one)?, repository.commit(&other)?);
        let parted = repository.merge_base(&base, &tip)?;
        let name = format!("{one}…{other}");
        return Ok((
            Origin::commit(repository, &name, parted)?,
            Origin::commit(repository, &other, tip)?,
        ));
    }
    if let Some((one, other)) = revision.split_once("..") {
        let (one, other) = (or_head(one), or_head(other));
        let (base, tip) = (repository.commit(&one)?, repository.commit(&other)?);
        return Ok((
            Origin::commit(repository, &one, base)?,
            Origin::commit(repository, &other, tip)?,
        ));
    }
    let id = repository.commit(revision)?;
    Ok((Origin::commit(repository, revision, id)?, Origin::working(repository)))
}

/// The mappings from the repository's root on.
fn mappings(arguments: &Arguments, repository: &Repository) -> Result<Mappings, Failure> {
    let root = &repository.root;
    let path = inside(root, &root.join(&arguments.mappings)).ok_or_else(|| {
        let message = format!("`{}` is outside of the repository", arguments.mappings.display());
        Failure::usage(message).help("--mappings is a path from the repository's root")
    })?;
    Ok(Mappings { path })
}
