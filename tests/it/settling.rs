//! What comes into force by itself stays: losses, endings, ceilings; and writes move as well.

use std::sync::Arc;
use std::time::{Duration, Instant};

use figleaf::migration::{MigrationError, Migrations, Options};
use figleaf::plan::{Effect, Plan, WriteShadow};
use figleaf::store::{StageChange, Store};
use figleaf::strangler::{Gate, Position, Side, Stage};

use crate::migrating::{Running, observe, plan, quick, stage, to, until};
use crate::postgres;

#[tokio::test]
async fn a_lost_store_keeps_the_stage_moves_nothing_and_lets_go_back_here() {
    let Some(mut pg) = postgres::Server::private() else { return };
    let (plan, route) = plan(|plan| plan.stage = stage("canary 5%"));
    let address = pg.database("select 1");
    let store = Arc::new(Store::open(&address).await.unwrap());
    let running = Running::start(&plan, quick(Some(store), "a")).await;
    pg.kill();
    until("the loss is seen", Duration::from_secs(10), || running.0.is_lost()).await;
    assert_eq!(running.0.position(&route).stage, stage("canary 5%"));
    let refused = running.0.change(to(&route, Some("canary 50%"))).await.unwrap_err();
    assert!(matches!(refused, MigrationError::Store(_)), "{refused}");
    // A candidate that fails meanwhile answers no more callers of this instance.
    observe(&running.0, &route, 60, ("{}", "{}"), 503);
    let back = || running.0.position(&route).rolled_back;
    until("it rolls back here", Duration::from_secs(10), back).await;
    assert_eq!(running.0.position(&route).stage, Stage::Shadow);
    running.0.adopt(&plan).await.unwrap();
    assert!(back(), "a reload raises nothing");
    pg.start();
    until("it comes back", Duration::from_secs(20), || !running.0.is_lost()).await;
    assert!(back(), "the store's record raises nothing");
    let store = Store::open(&address).await.unwrap();
    let begun = Instant::now();
    let record = loop {
        let record = store.stages().await.unwrap().remove(0);
        if record.position.rolled_back {
            break record;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{record:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(record.reason.contains("calls failed"), "{}", record.reason);
    assert_eq!((record.actor.as_str(), record.position.stage), ("figleaf", Stage::Shadow));
}

#[tokio::test]
async fn instances_that_all_lost_the_store_roll_back_once() {
    let Some(mut pg) = postgres::Server::private() else { return };
    let (plan, route) = plan(|plan| plan.stage = stage("canary 50%"));
    let address = pg.database("select 1");
    let mut instances = Vec::new();
    for name in ["a", "b", "c"] {
        let store = Arc::new(Store::open(&address).await.unwrap());
        instances.push(Running::start(&plan, quick(Some(store), name)).await);
    }
    pg.kill();
    let all = |holds: &dyn Fn(&Migrations) -> bool| instances.iter().all(|i| holds(&i.0));
    until("the loss is seen", Duration::from_secs(10), || all(&|i| i.is_lost())).await;
    for instance in &instances {
        observe(&instance.0, &route, 60, ("{}", "{}"), 503);
    }
    let back = |i: &Migrations| i.position(&route).rolled_back;
    until("each goes back", Duration::from_secs(10), || all(&back)).await;
    pg.start();
    until("it comes back", Duration::from_secs(20), || all(&|i| !i.is_lost())).await;
    let said = |line: &(u64, String, String)| line.1.contains(r#""origin":"auto""#);
    let store = Store::open(&address).await.unwrap();
    // Whoever writes a change follows it: then there is nothing left to write.
    for instance in &instances {
        let (alive, begun) = (&instance.0, Instant::now());
        while !alive.instances().await.is_ok_and(|(alive, all)| alive.len() == 3 && all) {
            assert!(begun.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let lines = store.audit(1).await.unwrap();
    assert_eq!(lines.iter().filter(|line| said(line)).count(), 1, "{lines:?}");
    let position = store.stages().await.unwrap().remove(0).position;
    assert_eq!((position.stage, position.held), (Stage::Shadow, false), "it was one rollback");
    assert!(all(&back));
}

/// An instance over a file, and the file.
async fn over_a_file(plan: &Plan) -> (tempfile::TempDir, String, Running) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("state.db").display().to_string();
    let store = Arc::new(Store::open(&path).await.unwrap());
    let running = Running::start(plan, quick(Some(store), "a")).await;
    (folder, path, running)
}

#[tokio::test]
async fn a_ceiling_that_rises_again_raises_nothing() {
    let (wide, route) = plan(|plan| plan.stage = stage("canary 50%"));
    let (narrow, _) = plan(|plan| (plan.stage, plan.ceiling) = (Stage::Shadow, Stage::Shadow));
    let (_folder, path, running) = over_a_file(&wide).await;
    let store = Store::open(&path).await.unwrap();
    let epoch = store.epoch().await.unwrap();
    running.0.adopt(&narrow).await.unwrap();
    assert_eq!(running.0.position(&route).stage, Stage::Shadow);
    // Written down by the next look, whoever made it.
    let begun = Instant::now();
    while store.epoch().await.unwrap() == epoch {
        assert!(begun.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.0.adopt(&wide).await.unwrap();
    assert_eq!(running.0.position(&route).stage, Stage::Shadow);
    let lines = running.0.audit(1).await.unwrap();
    let last = &lines.last().unwrap().1;
    assert!(last.contains("the mapping lets it go no further"), "{last}");
    assert!(last.contains(r#""origin":"file""#) && last.contains(r#"\"mapping\":"#), "{last}");
}

#[tokio::test]
async fn a_change_that_has_ended_is_written_down() {
    let (shadow, route) = plan(|plan| plan.stage = Stage::Shadow);
    let (more, _) = plan(|plan| plan.stage = stage("canary 5%"));
    let (_folder, path, running) = over_a_file(&shadow).await;
    let store = Store::open(&path).await.unwrap();
    let change = StageChange {
        route: &route,
        expected: store.stages().await.unwrap()[0].epoch,
        position: Position { stage: Stage::Primary, held: true, rolled_back: false },
        identity: "",
        actor: "ada",
        reason: "for a night",
        at: "2026-01-01T00:00:00Z",
        until: Some("2026-01-02T00:00:00Z"),
        evidence: "{}",
        origin: "cli",
    };
    store.put_stage(change).await.unwrap();
    let begun = Instant::now();
    while store.stages().await.unwrap()[0].reason != "its time is over" {
        assert!(begun.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.0.adopt(&more).await.unwrap();
    let position = running.0.position(&route);
    assert_eq!((position.stage, position.held), (Stage::Shadow, true), "the latch is kept");
}

#[tokio::test]
async fn an_open_circuit_rolls_back() {
    let (plan, route) = plan(|plan| plan.stage = stage("canary 50%"));
    let options = Options { judge_every: Duration::from_secs(3_600), ..quick(None, "a") };
    let running = Running::start(&plan, options).await;
    (0..5).for_each(|_| running.0.refused(&route, Side::Candidate));
    let back = || running.0.position(&route).rolled_back;
    until("it acts", Duration::from_secs(2), back).await;
    // It counts before it is written down.
    let begun = Instant::now();
    let mut lines = Vec::new();
    while lines.len() < 2 && begun.elapsed() < Duration::from_secs(5) {
        lines = running.0.audit(1).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(lines.last().unwrap().1.contains("circuit"), "{lines:?}");
}

#[tokio::test]
async fn a_write_that_is_not_compared_moves_only_where_the_mapping_says_so() {
    let write = |rate: f64, from: &str| {
        let (mut plan, route) = plan(|plan| {
            plan.stage = stage(from);
            plan.shadow.writes = WriteShadow::Off;
            plan.gate = Gate { match_rate: rate, ..plan.gate };
        });
        plan.routes[0].effect = Effect::Write;
        (plan, route)
    };
    let (plan, route) = write(0.995, "shadow");
    let migrations = Migrations::open(&plan, quick(None, "a")).await.unwrap();
    let refused = migrations.change(to(&route, Some("canary 5%"))).await.unwrap_err();
    assert!(refused.to_string().contains("nothing is compared"), "{refused}");
    let (plan, route) = write(0.0, "shadow");
    let migrations = Migrations::open(&plan, quick(None, "a")).await.unwrap();
    migrations.change(to(&route, Some("canary 5%"))).await.unwrap();
    // A write that callers' answers tell of needs no comparison, but answers.
    let (plan, route) = write(0.995, "canary 5%");
    let migrations = Migrations::open(&plan, quick(None, "a")).await.unwrap();
    let refused = migrations.change(to(&route, Some("canary 50%"))).await.unwrap_err();
    assert!(refused.to_string().contains("failed calls: 0 of 0"), "{refused}");
    observe(&migrations, &route, 600, ("{}", "{}"), 200);
    migrations.flush().await;
    migrations.change(to(&route, Some("canary 50%"))).await.unwrap();
}

#[tokio::test]
async fn a_route_is_retired_when_nothing_calls_the_legacy_system() {
    let (plan, route) = plan(|plan| {
        plan.stage = Stage::Standby;
        plan.gate = Gate { hold_min: Duration::from_secs(3_600), ..plan.gate };
    });
    let migrations = Migrations::open(&plan, quick(None, "a")).await.unwrap();
    observe(&migrations, &route, 1, ("{}", "{}"), 200);
    migrations.flush().await;
    let status = migrations.status().await.unwrap().remove(0);
    assert!(!status.safe_to_retire);
    assert!(
        status.blocked[0].starts_with("last call of the legacy system: 0.0 h ago"),
        "{:?}",
        status.blocked
    );
    let refused = migrations.change(to(&route, Some("retired"))).await.unwrap_err();
    assert!(refused.to_string().contains("time in this stage"), "{refused}");
}
