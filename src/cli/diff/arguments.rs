//! The arguments of `figleaf diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::change::Severity;

/// Compare the API of this tree with that of a git revision.
///
/// Both are compiled from their mappings and contracts; git objects are read, nothing is checked
/// out, no backend and no database is asked. Each change is judged breaking, risky or safe for
/// callers, and traced to the line of a mapping, a contract or a statement that caused it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf diff main\n  figleaf diff v1.4..HEAD --format markdown\n  figleaf diff main --approve 3f2a9c01 --reason \"nobody reads it: see the logs of May\"\n  figleaf diff --base-file old.json --file new.json\n\nUnset variables of the mappings get a placeholder. Approvals are kept in .figleaf-approvals, by\nthe content of the change, so they hold after a rebase.\n\nExit codes: 0 nothing at or above --fail-on that is not approved; 1 there is; 2 unusable arguments,\nor a revision whose mappings have problems."
)]
pub struct Arguments {
    /// The revision to compare with: a branch, tag or commit; `A..B` compares two, `A...B` B with
    /// where it left A.
    #[arg(value_name = "REV", required_unless_present = "base_file", conflicts_with_all = ["base_file", "file"])]
    pub revision: Option<String>,
    /// The folder of mapping files, or one file, from the repository's root.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "mappings",
        env = "FIGLEAF_MAPPINGS",
        hide_env_values = true
    )]
    pub mappings: PathBuf,
    /// Who reads the result.
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub format: DiffFormat,
    /// The severity from which on a change that is not approved fails the command.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Breaking)]
    pub fail_on: FailOn,
    /// The earlier OpenAPI document, as JSON: compares two files without git.
    #[arg(long, value_name = "OLD", requires = "file")]
    pub base_file: Option<PathBuf>,
    /// The later OpenAPI document, as JSON.
    #[arg(long, value_name = "NEW", requires = "base_file")]
    pub file: Option<PathBuf>,
    /// Approve the change with this fingerprint, or the beginning of one; may be repeated.
    #[arg(long, value_name = "FINGERPRINT", requires = "reason")]
    pub approve: Vec<String>,
    /// Why it is approved.
    #[arg(long, value_name = "TEXT", requires = "approve")]
    pub reason: Option<String>,
    /// Who approves it; git's `user.name` where it is not given.
    #[arg(long, value_name = "NAME", requires = "approve")]
    pub by: Option<String>,
    /// The last day the approval holds.
    #[arg(long, value_name = "DATE", requires = "approve")]
    pub until: Option<String>,
    /// The file of approvals; .figleaf-approvals at the repository's root where it is not given.
    #[arg(long, value_name = "PATH")]
    pub approvals: Option<PathBuf>,
    /// The day by which sunsets and approvals are judged; today where it is not given.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
}

/// Who reads the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// People, in a terminal.
    Human,
    /// Programs.
    Json,
    /// People, in a pull request.
    Markdown,
}

/// What fails the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Breaking changes.
    Breaking,
    /// Breaking and risky changes.
    Risky,
    /// Nothing.
    Never,
}

impl FailOn {
    /// Whether a change of this severity fails the command.
    pub(super) fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Breaking => severity >= Severity::Breaking,
            Self::Risky => severity >= Severity::Risky,
            Self::Never => false,
        }
    }
}
