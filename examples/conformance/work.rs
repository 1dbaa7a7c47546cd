//! All contracts, two at a time; a panic is a finding, not the end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::corpus::{self, Root};
use figleaf::wsdl::DocumentSource;

/// Contracts worked on at once.
const WORKERS: usize = 2;
/// Schemas nest, and a thread's stack is smaller than that of the main one.
const STACK_BYTES: usize = 16 << 20;
/// A contract that takes longer is named.
const SLOW: Duration = Duration::from_secs(10);
/// Contracts between two lines of progress.
const PROGRESS_STEP: usize = 50;

/// Runs over every contract.
pub fn each(
    corpus: &Path,
    out: &Path,
    only: &[String],
    run: impl Fn(&Root, &dyn DocumentSource, &Path) -> Result<(), String> + Sync,
) -> Result<(), String> {
    let roots = corpus::roots(corpus, only)?;
    let documents = corpus::documents(corpus)?;
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    let work = || {
        while let Some(root) = roots.get(next.fetch_add(1, Ordering::Relaxed)) {
            let start = Instant::now();
            let done = catch_unwind(AssertUnwindSafe(|| run(root, &documents, out)))
                .unwrap_or_else(|_| Err("a panic".to_owned()));
            if let Err(why) = done {
                failed.fetch_add(1, Ordering::Relaxed);
                eprintln!("FAILED {}: {why}", root.id);
            }
            let took = start.elapsed();
            if took > SLOW {
                eprintln!("SLOW {}: {:.1} s", root.id, took.as_secs_f32());
            }
            let at = next.load(Ordering::Relaxed).min(roots.len());
            if at % PROGRESS_STEP == 0 {
                let seconds = began.elapsed().as_secs();
                eprintln!("{at} of {} contracts, {seconds} s", roots.len());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
            thread.spawn_scoped(scope, work).map_err(|why| why.to_string())?;
        }
        Ok::<(), String>(())
    })?;
    let seconds = began.elapsed().as_secs();
    let failed = failed.into_inner();
    eprintln!("{} contracts, {failed} failed, {seconds} s", roots.len());
    Ok(())
}

/// Writes a file below the folder of the run.
pub fn put(out: &Path, part: &str, name: &str, text: &str) -> Result<(), String> {
    let folder = out.join(part);
    let path = folder.join(name);
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|why| format!("`{}` cannot be written: {why}", path.display()))
}
