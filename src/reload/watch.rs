//! Noticing that a configuration changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// Quiet time after the last event: editors and config maps write in several steps.
const QUIET: Duration = Duration::from_millis(200);
/// How often the files are looked at in any case: events get lost on network folders.
const POLL: Duration = Duration::from_secs(5);

/// Watches the folders of a configuration.
pub struct Watcher {
    events: mpsc::Receiver<()>,
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    files: Vec<PathBuf>,
    state: u64,
}

impl Watcher {
    /// Watches the mappings and every file a configuration was read from.
    #[must_use]
    pub fn new(mappings: &Path, files: &[PathBuf]) -> Self {
        let (sender, events) = mpsc::channel(1);
        // A full channel holds an event already, and one is enough.
        let watcher = notify::recommended_watcher(move |_| {
            let _ = sender.try_send(());
        });
        let watcher = match watcher {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                tracing::warn!(%error, "files are polled, not watched");
                None
            }
        };
        let mut this =
            Self { events, watcher, folders: BTreeSet::new(), files: Vec::new(), state: 0 };
        this.follow(mappings, files);
        this
    }

    /// Watches what a newly loaded configuration was read from.
    pub fn follow(&mut self, mappings: &Path, files: &[PathBuf]) {
        let folder_of = |path: &Path| path.parent().map(Path::to_owned);
        let own = if mappings.is_dir() { Some(mappings.to_owned()) } else { folder_of(mappings) };
        for folder in files.iter().filter_map(|f| folder_of(f)).chain(own) {
            let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
            if self.folders.insert(folder.clone())
                && let Some(watcher) = &mut self.watcher
                && let Err(error) = watcher.watch(&folder, RecursiveMode::NonRecursive)
            {
                tracing::warn!(%error, folder = %folder.display(), "a folder is polled, not watched");
            }
        }
        self.files = files.to_vec();
        self.state = self.fingerprint();
    }

    /// Waits until something changed and then was quiet for a moment.
    pub async fn changed(&mut self) {
        loop {
            let event = timeout_at(Instant::now() + POLL, self.events.recv()).await;
            if event.is_ok() {
                while timeout_at(Instant::now() + QUIET, self.events.recv()).await.is_ok() {}
            }
            let state = self.fingerprint();
            if state != self.state {
                self.state = state;
                return;
            }
        }
    }

    /// Names, sizes and times of everything watched.
    fn fingerprint(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        let mut paths: BTreeSet<PathBuf> = self.files.iter().cloned().collect();
        for folder in &self.folders {
            paths.extend(
                std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()),
            );
        }
        for path in paths {
            if let Ok(meta) = std::fs::metadata(&path) {
                (&path, meta.len(), meta.modified().ok()).hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}
