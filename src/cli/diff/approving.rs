//! The file of approvals: reading it and adding to it.

use std::path::{Path, PathBuf};

use super::super::output::{self, Failure};
use super::arguments::Arguments;
use crate::change::{Approvals, Change, Day, NewApproval};

/// The name of the file, at the root of a repository.
const FILE: &str = ".figleaf-approvals";
/// Digits by which a fingerprint may be named.
const DIGITS_MIN: usize = 6;

/// Where the file is.
pub(super) fn path(arguments: &Arguments, root: &Path) -> PathBuf {
    arguments.approvals.clone().unwrap_or_else(|| root.join(FILE))
}

/// Reads the file, after adding what the arguments approve.
pub(super) fn settle(
    path: &Path,
    arguments: &Arguments,
    changes: &[Change],
    user: Option<String>,
) -> Result<Approvals, Failure> {
    let mut text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::new(format!("`{}`: {error}", path.display()))),
    };
    let unusable = |why: String| {
        Failure::new(format!("`{}` cannot be used: {why}", path.display()))
            .help("each approval has fingerprint, rule, operation, text, reason, by and, if it ends, until")
    };
    let approvals = Approvals::parse(&text).map_err(unusable)?;
    if arguments.approve.is_empty() {
        return Ok(approvals);
    }
    let reason = arguments.reason.as_deref().map(str::trim).unwrap_or_default();
    if reason.is_empty() {
        return Err(Failure::usage("an approval needs a --reason"));
    }
    let by = arguments.by.clone().or(user);
    let Some(by) = by else {
        return Err(
            Failure::usage("nobody approves: git knows no user.name").help("say who with --by")
        );
    };
    let until = arguments.until.as_deref().map(|text| day(text, "--until")).transpose()?;
    for wanted in &arguments.approve {
        let change = named(wanted, changes)?;
        let known = approvals.all.iter().any(|a| a.fingerprint == change.fingerprint());
        if known {
            output::note(&format!("{} is approved already", change.fingerprint()));
            continue;
        }
        let new = NewApproval { reason, by: &by, until };
        text = Approvals::with(&text, change, &new).map_err(unusable)?;
        output::note(&format!("approved: {} {}", change.operation, change.text));
    }
    std::fs::write(path, &text).map_err(|error| {
        Failure::new(format!("`{}` cannot be written: {error}", path.display()))
    })?;
    Approvals::parse(&text).map_err(unusable)
}

/// The change a fingerprint, or the beginning of one, names.
fn named<'c>(wanted: &str, changes: &'c [Change]) -> Result<&'c Change, Failure> {
    if wanted.len() < DIGITS_MIN {
        return Err(Failure::usage(format!("`{wanted}` is too short for a fingerprint"))
            .help(format!("give {DIGITS_MIN} digits or more")));
    }
    let mut fit = changes.iter().filter(|change| change.fingerprint().starts_with(wanted));
    match (fit.next(), fit.next()) {
        (Some(change), None) => Ok(change),
        (Some(_), Some(_)) => {
            Err(Failure::usage(format!("`{wanted}` fits several changes")).help("give more digits"))
        }
        (None, _) => Err(Failure::usage(format!("no change has the fingerprint `{wanted}`"))
            .help("the fingerprints are in the list of changes")),
    }
}

/// A day given as an argument.
pub(super) fn day(text: &str, option: &str) -> Result<Day, Failure> {
    Day::parse(text).ok_or_else(|| {
        Failure::usage(format!("{option}: `{text}` is not a day such as 2027-01-01"))
    })
}
