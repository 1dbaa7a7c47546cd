//! The store of stages, counts, examples and the audit: one story, told of SQLite and of
//! PostgreSQL.

use std::time::Duration;

use figleaf::store::{
    Count, EXEMPLARS_MAX, Exemplar, Instance, SHAPES_MAX, StageChange, Store, StoreError,
    verify_chain,
};
use figleaf::strangler::{Position, Stage};

use crate::postgres;

const ROUTE: &str = "GET /api/v1/orders/{orderId}";

/// Runs a story on an address of each kind.
macro_rules! on_both {
    ($($story:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $story() {
                let folder = tempfile::TempDir::new().unwrap();
                super::$story(&folder.path().join("state.db").display().to_string()).await;
            })*
        }

        mod postgresql {
            $(#[tokio::test]
            async fn $story() {
                let Some(pg) = super::postgres::server() else { return };
                super::$story(&pg.database("select 1")).await;
            })*
        }
    };
}

on_both! {
    a_stage_changes_only_from_what_was_seen
    counts_add_up_and_count_once
    old_minutes_become_hours_and_count_the_same
    the_audit_holds_together_until_someone_touches_it
    another_database_is_no_store
    examples_are_few
    one_of_several_has_the_lease
    what_is_written_is_there_after_a_restart
}

fn change<'a>(stage: &str, expected: u64, reason: &'a str) -> StageChange<'a> {
    StageChange {
        route: ROUTE,
        expected,
        position: Position { stage: Stage::parse(stage).unwrap(), ..Position::default() },
        identity: "",
        actor: "ada",
        reason,
        at: "2026-11-21T10:00:00Z",
        until: None,
        evidence: "{}",
        origin: "cli",
    }
}

async fn a_stage_changes_only_from_what_was_seen(address: &str) {
    let store = Store::open(address).await.unwrap();
    assert_eq!((store.epoch().await.unwrap(), store.stages().await.unwrap()), (0, Vec::new()));
    let first = store.put_stage(change("shadow", 0, "it's \"time\"")).await.unwrap();
    let late = store.put_stage(change("canary 5%", 0, "I have not looked")).await.unwrap_err();
    assert_eq!(late, StoreError::Conflict { route: ROUTE.to_owned(), found: first });
    let second = store.put_stage(change("canary 5%", first, "clean")).await.unwrap();
    assert!(second > first);
    let stages = store.stages().await.unwrap();
    assert_eq!(stages.len(), 1);
    assert_eq!(
        (stages[0].position.stage.to_string().as_str(), stages[0].epoch),
        ("canary 5%", second)
    );
    assert_eq!((stages[0].reason.as_str(), stages[0].until.as_ref()), ("clean", None));
    assert_eq!(store.epoch().await.unwrap(), second);
    // Many at once: one wins.
    let asked = (0..8).map(|_| store.put_stage(change("primary", second, "race")));
    let won = futures_util::future::join_all(asked).await.into_iter().flatten().count();
    assert_eq!(won, 1);
}

async fn counts_add_up_and_count_once(address: &str) {
    let store = Store::open(address).await.unwrap();
    let count = |minute, name: &str, value| Count {
        route: ROUTE.to_owned(),
        minute,
        name: name.to_owned(),
        value,
    };
    let (one, two) =
        ([count(7, "compared", 5)], [count(7, "compared", 3), count(8, "mismatched", 1)]);
    for _ in 0..3 {
        store.put_counts("a", &one).await.unwrap();
        store.put_counts("b", &two).await.unwrap();
    }
    store.put_counts("a", &[count(7, "compared", 4)]).await.unwrap();
    let sums =
        |from| async move { store.counts(ROUTE, from).await.map(|sums| (sums, store)).unwrap() };
    let (all, store) = sums(0).await;
    assert_eq!(
        all.into_iter().collect::<Vec<_>>(),
        [("compared".to_owned(), 8), ("mismatched".to_owned(), 1)]
    );
    assert_eq!(store.counts(ROUTE, 8).await.unwrap().len(), 1);
    let many: Vec<Count> = (0..1_000).map(|n| count(n, "many", 1)).collect();
    store.put_counts("a", &many).await.unwrap();
    assert_eq!(store.counts(ROUTE, 0).await.unwrap()["many"], 1_000);
    assert_eq!(store.forget_counts(990).await.unwrap(), 993);
    assert_eq!(store.counts(ROUTE, 0).await.unwrap()["many"], 10);
    for shapes in [&["a", "b"][..], &["a"]] {
        store.put_shapes("1:r", shapes.iter().copied()).await.unwrap();
    }
    assert_eq!(store.shapes("1:r").await.unwrap(), 2);
    let many: Vec<String> = (0..2_000).map(|n| n.to_string()).collect();
    store.put_shapes("2:r", many.iter().map(String::as_str)).await.unwrap();
    assert_eq!(store.shapes("2:r").await.unwrap(), SHAPES_MAX);
    // Those of the stage the route is in are kept.
    assert_eq!(
        store.put_stage(StageChange { route: "r", ..change("shadow", 0, "new") }).await,
        Ok(1)
    );
    assert_eq!(store.forget_shapes().await.unwrap(), SHAPES_MAX);
    // A latch changes nothing of them.
    let latch = StageChange { route: "r", ..change("shadow", 1, "a latch") };
    assert_eq!(store.put_stage(latch).await, Ok(2));
    assert_eq!(store.forget_shapes().await.unwrap(), 0);
    assert_eq!(store.shapes("1:r").await.unwrap(), 2);
}

async fn old_minutes_become_hours_and_count_the_same(address: &str) {
    let store = Store::open(address).await.unwrap();
    let count = |minute, value| Count {
        route: ROUTE.to_owned(),
        minute,
        name: "compared".to_owned(),
        value,
    };
    for (instance, from) in [("a", 0), ("b", 30)] {
        let minutes: Vec<Count> = (from..200).map(|minute| count(minute, 2)).collect();
        store.put_counts(instance, &minutes).await.unwrap();
    }
    let sum = async |from| store.counts(ROUTE, from).await.unwrap()["compared"];
    let (all, late) = (sum(0).await, sum(120).await);
    assert_eq!((all, late), (740, 320));
    for (before, added_up) in [(60, 90), (120, 120), (120, 0)] {
        assert_eq!(store.roll_up(ROUTE, before).await.unwrap(), added_up);
        assert_eq!((sum(0).await, sum(120).await), (all, late));
    }
    assert_eq!(store.extent(ROUTE, "compared").await.unwrap(), Some((0, 199)));
    // Another route's minutes are its own, and so is a name that is added up again.
    store.put_counts("c", &[count(61, 5)]).await.unwrap();
    assert_eq!(store.roll_up("other", 120).await.unwrap(), 0);
    assert_eq!(store.roll_up(ROUTE, 120).await.unwrap(), 1);
    assert_eq!(sum(60).await, all + 5 - 180);
    let at_once = (0..4).map(|_| store.roll_up(ROUTE, 180));
    let added_up: u64 = futures_util::future::join_all(at_once).await.into_iter().flatten().sum();
    assert_eq!((added_up, sum(0).await), (120, all + 5));
}

async fn the_audit_holds_together_until_someone_touches_it(address: &str) {
    let store = Store::open(address).await.unwrap();
    let mut epoch = 0;
    for stage in ["shadow", "canary 5%", "legacy"] {
        epoch = store.put_stage(change(stage, epoch, "because")).await.unwrap();
    }
    let lines = store.audit(1).await.unwrap();
    assert_eq!(lines.len(), 3);
    assert_eq!(verify_chain(&lines), Ok(()));
    let mut touched = lines.clone();
    touched[1].1 = touched[1].1.replace("because", "by accident");
    assert_eq!(verify_chain(&touched).unwrap_err().number, 2);
    let removed = [lines[0].clone(), lines[2].clone()];
    assert_eq!(verify_chain(&removed).unwrap_err().number, 2);
    assert!(lines[2].1.contains(r#""from":"canary 5%","to":"legacy""#), "{}", lines[2].1);
    // Ten comes after nine.
    for stage in ["shadow", "legacy"].into_iter().cycle().take(9) {
        epoch = store.put_stage(change(stage, epoch, "to and fro")).await.unwrap();
    }
    let lines = store.audit(1).await.unwrap();
    assert_eq!((lines.len(), verify_chain(&lines)), (12, Ok(())));
    assert_eq!(store.audit(10).await.unwrap(), lines[9..]);
}

async fn another_database_is_no_store(address: &str) {
    if !address.starts_with("postgres") {
        std::fs::write(address, "").unwrap();
    }
    for _ in 0..2 {
        let absent = Store::existing(address).await.err();
        assert_eq!(absent, Some(StoreError::Absent));
    }
    drop(Store::open(address).await.unwrap());
    assert_eq!(Store::existing(address).await.unwrap().epoch().await, Ok(0));
}

async fn examples_are_few(address: &str) {
    let store = Store::open(address).await.unwrap();
    for n in 0..EXEMPLARS_MAX + 5 {
        let exemplar = Exemplar {
            route: ROUTE.to_owned(),
            path: "lines[*].price".to_owned(),
            class: "Value".to_owned(),
            at: format!("2026-11-21T10:00:{n:02}Z"),
            body: n.to_string(),
        };
        store.put_exemplar(&exemplar).await.unwrap();
    }
    let kept = store.exemplars(ROUTE).await.unwrap();
    assert_eq!(kept.len() as u64, EXEMPLARS_MAX);
    assert_eq!((kept[0].body.as_str(), kept[19].body.as_str()), ("24", "5"));
    assert_eq!(store.forget_exemplars("2026-11-21T10:00:20Z").await.unwrap(), 15);
}

async fn one_of_several_has_the_lease(address: &str) {
    let store = Store::open(address).await.unwrap();
    assert!(store.lease("judge", "a", (1_000, 2_000)).await.unwrap());
    assert!(!store.lease("judge", "b", (1_500, 2_500)).await.unwrap());
    assert!(store.lease("judge", "a", (1_900, 2_900)).await.unwrap());
    assert!(store.lease("judge", "b", (2_901, 4_000)).await.unwrap());
    for (name, seen_ms, epoch) in [("a", 1_000, 1), ("b", 2_000, 2), ("a", 3_000, 2)] {
        let name = name.to_owned();
        store.beat(&Instance { name, seen_ms, epoch }).await.unwrap();
    }
    let alive = store.instances(2_500).await.unwrap();
    assert_eq!(alive, [Instance { name: "a".to_owned(), seen_ms: 3_000, epoch: 2 }]);
    assert_eq!(store.forget_instances(2_500).await.unwrap(), 1);
    assert_eq!(store.instances(0).await.unwrap(), alive);
}

async fn what_is_written_is_there_after_a_restart(address: &str) {
    let opened = futures_util::future::join_all((0..4).map(|_| Store::open(address))).await;
    // SQLite lets one process write at a time; a second one of the same moment may be refused.
    let store = opened.into_iter().find_map(Result::ok).unwrap();
    let epoch = store.put_stage(change("shadow", 0, "first")).await.unwrap();
    drop(store);
    let again = Store::open(address).await.unwrap();
    assert_eq!(again.epoch().await.unwrap(), epoch);
    assert_eq!(again.stages().await.unwrap()[0].reason, "first");
}

#[tokio::test]
async fn a_store_that_is_gone_says_so_soon() {
    let Some(mut pg) = postgres::Server::private() else { return };
    let store = Store::open(&pg.database("select 1")).await.unwrap();
    pg.stop();
    let asked = tokio::time::timeout(Duration::from_secs(5), store.epoch()).await.unwrap();
    assert!(matches!(asked, Err(StoreError::Lost(_))), "{asked:?}");
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let refused = Store::open("/no/such/folder/state.db").await.err().unwrap();
    assert!(refused.to_string().contains("/no/such/folder/state.db"), "{refused}");
}
