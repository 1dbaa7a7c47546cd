//! Noticing that a configuration changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// Quiet time after the last event: editors and config maps write in several steps.
const QUIET: Duration = Duration::from_millis(200);
/// A folder that is never quiet is looked at after this time all the same.
const LOUD_MAX: Duration = Duration::from_secs(2);
/// How often the files are looked at in any case: events get lost on network folders.
const POLL: Duration = Duration::from_secs(5);

/// Watches the folders of a configuration.
pub struct Watcher {
    events: mpsc::Receiver<()>,
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    files: Vec<PathBuf>,
    poll: Duration,
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
        let mut this = Self {
            events,
            watcher,
            folders: BTreeSet::new(),
            files: Vec::new(),
            poll: POLL,
            state: 0,
        };
        this.follow(mappings, files);
        this.state = this.fingerprint();
        this
    }

    /// Watches what a newly loaded configuration was read from. What changed while it was
    /// read still counts as a change.
    pub fn follow(&mut self, mappings: &Path, files: &[PathBuf]) {
        let known = self.folders.len();
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
        if self.files != files || self.folders.len() != known {
            // Other files have another fingerprint, which is no change in itself. One of them
            // may have changed since it was read, so the next look finds a change.
            self.files = files.to_vec();
            self.state = 0;
        }
    }

    /// Waits until something changed and then was quiet for a moment.
    pub async fn changed(&mut self) {
        loop {
            let start = Instant::now();
            if self.event_until(start + self.poll).await {
                let loud = Instant::now() + LOUD_MAX;
                while Instant::now() < loud && self.event_until(Instant::now() + QUIET).await {}
            }
            let state = self.fingerprint();
            if state != self.state {
                self.state = state;
                return;
            }
        }
    }

    /// Whether something happened before then.
    async fn event_until(&mut self, then: Instant) -> bool {
        match timeout_at(then, self.events.recv()).await {
            Ok(Some(())) => true,
            Err(_) => false,
            // Nobody watches: there are no events to wait for.
            Ok(None) => {
                tokio::time::sleep_until(then).await;
                false
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_is_noticed_and_one_while_it_was_read_too() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "1").unwrap();
        let files = [path.clone()];
        let mut watcher = Watcher::new(folder.path(), &files);
        std::fs::write(&path, "22").unwrap();
        watcher.changed().await;
        std::fs::write(&path, "333").unwrap();
        watcher.follow(folder.path(), &files);
        watcher.changed().await;
    }

    #[tokio::test]
    async fn without_a_watcher_files_are_polled_and_nothing_spins() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut watcher = Watcher::new(folder.path(), &[]);
        let (sender, events) = mpsc::channel(1);
        drop(sender);
        (watcher.watcher, watcher.events) = (None, events);
        watcher.poll = Duration::from_millis(20);
        std::fs::write(folder.path().join("new.yaml"), "1").unwrap();
        watcher.changed().await;
    }
}
