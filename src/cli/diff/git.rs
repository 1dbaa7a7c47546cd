//! What is asked of git: objects only, by its own program.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::super::output::Failure;

/// Bytes of one file that are read from git.
const BLOB_BYTES_MAX: u64 = 64 << 20;

/// A repository with a working tree.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    pub(super) root: PathBuf,
}

impl Repository {
    /// The repository this process is in.
    pub(super) fn find() -> Result<Self, Failure> {
        let said = ask(Path::new("."), &["rev-parse", "--show-toplevel"]).map_err(|why| {
            why.help(
                "run it inside a git repository, or compare two files with --base-file and --file",
            )
        })?;
        Ok(Self { root: PathBuf::from(said) })
    }

    /// The commit a revision means.
    pub(super) fn commit(&self, revision: &str) -> Result<String, Failure> {
        if revision.starts_with('-') || revision.is_empty() {
            return Err(Failure::usage(format!("`{revision}` is not a revision")));
        }
        let wanted = format!("{revision}^{{commit}}");
        let help = "name a branch, a tag or a commit that this clone has; a shallow clone lacks most: `git fetch`";
        ask(&self.root, &["rev-parse", "--verify", &wanted]).map_err(|why| why.help(help))
    }

    /// Where two commits parted.
    pub(super) fn merge_base(&self, one: &str, other: &str) -> Result<String, Failure> {
        let help = "the two have no common commit in this clone";
        ask(&self.root, &["merge-base", one, other]).map_err(|why| why.help(help))
    }

    /// Who works here, as git knows them.
    pub(super) fn user(&self) -> Option<String> {
        ask(&self.root, &["config", "user.name"]).ok().filter(|name| !name.is_empty())
    }

    /// The names of the files of a folder at a commit.
    pub(super) fn names(&self, commit: &str, folder: &str) -> Vec<String> {
        let folder = folder.trim_matches('/');
        let at = if folder.is_empty() { commit.to_owned() } else { format!("{commit}:{folder}") };
        // Not there, or no folder: it has no files.
        let Ok(said) = ask(&self.root, &["ls-tree", "-z", &at]) else { return Vec::new() };
        let rows = said.split('\0').filter_map(|row| row.split_once('\t'));
        rows.filter(|(head, _)| head.contains(" blob ")).map(|(_, name)| name.to_owned()).collect()
    }

    /// Reads files of commits.
    pub(super) fn blobs(&self) -> Result<Blobs, Failure> {
        let mut child = Command::new("git")
            .args(["cat-file", "--batch", "--follow-symlinks"])
            .current_dir(&self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| absent(&error))?;
        let (Some(asks), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("git cannot be spoken to"));
        };
        Ok(Blobs { child, asks: Some(asks), answers: BufReader::new(answers) })
    }
}

/// A git that reads files until it is dropped.
pub(super) struct Blobs {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Blobs {
    /// The bytes of a file at a commit; `None` where there is none.
    pub(super) fn read(&mut self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        if path.contains('\n') {
            return Ok(None);
        }
        self.exchange(commit, path).map_err(|error| Failure::new(format!("git broke off: {error}")))
    }

    fn exchange(&mut self, commit: &str, path: &str) -> std::io::Result<Option<Vec<u8>>> {
        let asks = self.asks.as_mut().ok_or(std::io::ErrorKind::BrokenPipe)?;
        writeln!(asks, "{commit}:{path}")?;
        asks.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        let words: Vec<&str> = head.split_whitespace().collect();
        let Some(size) = words.last().and_then(|size| size.parse::<u64>().ok()) else {
            return Ok(None);
        };
        if size > BLOB_BYTES_MAX {
            let message = format!("`{path}` has {size} bytes; the limit is {BLOB_BYTES_MAX}");
            return Err(std::io::Error::other(message));
        }
        // The content, and a line break that is not of it.
        let mut bytes = vec![0; usize::try_from(size).map_err(std::io::Error::other)? + 1];
        self.answers.read_exact(&mut bytes)?;
        bytes.pop();
        Ok((words.get(1) == Some(&"blob")).then_some(bytes))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // It ends when nobody asks any more.
        self.asks = None;
        let _ = self.child.wait();
    }
}

/// Asks git; what it printed, without the last line break.
fn ask(folder: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| absent(&error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::usage(format!("git says: {}", said.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
}

fn absent(error: &std::io::Error) -> Failure {
    Failure::new(format!("git cannot be run: {error}"))
        .help("install git, or compare two files with --base-file and --file")
}
