//! A disk that is slow, full or not ours.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use figleaf::fixture::RecordWhat;

use super::rig::Recorded;
use crate::rig::{LegacyShop, eventually};

/// More requests than wait to be written.
const MANY: usize = 1_100;
/// Requests that may wait, and the one being written.
const WAITING_MAX: u64 = 1_025;
/// What a request may take while the disk takes nothing, in a build for tests on a busy machine.
const SOON: Duration = Duration::from_secs(5);

#[actix_web::test]
async fn a_disk_that_hangs_slows_nothing_and_what_does_not_fit_is_counted() {
    let shop = LegacyShop::open();
    let recorded = Recorded::start(&shop.url, RecordWhat::Missing);
    let folder = recorded.folder.path().join("shop/GetOrder");
    fs::create_dir_all(&folder).unwrap();
    let pipe = folder.join("order-1.req.xml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for id in 1..=MANY {
        let started = Instant::now();
        let answer = recorded.facade.get(&format!("/api/v1/orders/{id}")).await;
        assert!(started.elapsed() < SOON && answer.status > 0, "{id}: {:?}", started.elapsed());
    }
    let counts = recorded.recorder.counts();
    assert_eq!(counts.written, 0, "the disk takes nothing");
    assert!(counts.dropped >= MANY as u64 - WAITING_MAX, "{counts}");
    // Whoever opens the pipe to write lets its reader go on.
    drop(fs::OpenOptions::new().write(true).open(&pipe).unwrap());
    let dropped = counts.dropped;
    let (_folder, counts) = recorded.finish();
    assert!(counts.dropped >= dropped && counts.written > 0, "{counts}");
    assert_eq!(counts.written + counts.known + counts.dropped, MANY as u64, "{counts}");
}

#[actix_web::test]
async fn a_folder_that_cannot_be_written_fails_no_request() {
    let shop = LegacyShop::open();
    let recorded = Recorded::start(&shop.url, RecordWhat::Missing);
    let folder = recorded.folder.path().to_owned();
    // A file where the folder of the backend is to be: nobody may make it, whoever runs this.
    fs::write(folder.join("shop"), "").unwrap();
    fs::set_permissions(folder.join("shop"), fs::Permissions::from_mode(0o400)).unwrap();
    for id in [42, 44] {
        assert_eq!(recorded.facade.get(&format!("/api/v1/orders/{id}")).await.status, 200);
    }
    eventually("both are counted", async || recorded.recorder.counts().failed == 2).await;
    fs::remove_file(folder.join("shop")).unwrap();
    assert_eq!(recorded.facade.get("/api/v1/orders/42").await.status, 200);
    let (_folder, counts) = recorded.finish();
    assert_eq!((counts.written, counts.failed), (1, 2), "{counts}");
}
