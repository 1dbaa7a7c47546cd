//! Where routes are, moved by several instances over one store.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use figleaf::migration::{Answered, ChangeAsked, MigrationError, Migrations, Options, Pair};
use figleaf::plan::{
    AssignmentKey, MigrationPlan, OnTrouble, Plan, RouteId, ShadowPlan, StateModel, WriteShadow,
};
use figleaf::store::{Count, StageChange, Store, verify_chain};
use figleaf::strangler::{
    Answer, Comparer, Gate, NoMove, Pattern, Position, Rule, Share, Side, Stage,
};

use crate::postgres;
use crate::rig::{Variables, compile, mapping_folder, shop_mapping};

pub fn share(text: &str) -> Share {
    Share::parse(text).unwrap()
}

pub fn stage(text: &str) -> Stage {
    Stage::parse(text).unwrap()
}

/// The plan of the shop, its first route with a candidate: another of its routes.
pub fn plan(change: impl Fn(&mut MigrationPlan)) -> (Plan, String) {
    let folder = mapping_folder(&[("shop.yaml", &shop_mapping("shop.yaml"))]);
    let mut plan = compile(folder.path(), &Variables(HashMap::new()));
    let mut migration = MigrationPlan {
        candidate: RouteId(1),
        identity: String::new(),
        stage: Stage::Legacy,
        ceiling: Stage::Retired,
        steps: vec![share("5%"), share("50%")],
        salt: "orders".to_owned(),
        keys: vec![AssignmentKey::Path("orderId".to_owned())],
        state: StateModel::Shared,
        shadow: ShadowPlan {
            sample: Share::ALL,
            timeout: Duration::from_secs(1),
            in_flight: 2,
            queue: 2,
            budget: share("2%"),
            noise: share("1%"),
            writes: WriteShadow::Off,
        },
        comparer: Comparer::default(),
        rules: Vec::new(),
        gate: Gate { span_min: Duration::ZERO, shapes_min: 2, ..Gate::default() },
        on_trouble: OnTrouble::RollBack,
    };
    change(&mut migration);
    plan.routes[0].migration = Some(Arc::new(migration));
    let route = plan.routes[0].id.clone();
    (plan, route)
}

pub fn quick(store: Option<Arc<Store>>, name: &str) -> Options {
    Options {
        store,
        instance: name.to_owned(),
        follow_every: Duration::from_millis(100),
        judge_every: Duration::from_millis(200),
    }
}

pub fn to(route: &str, stage: Option<&str>) -> ChangeAsked {
    ChangeAsked {
        route: route.to_owned(),
        to: stage.map(self::stage),
        held: None,
        acknowledge: false,
        actor: "ada".to_owned(),
        origin: "cli",
        reason: "because".to_owned(),
        until: None,
    }
}

/// Answers of both sides to `n` requests, and their comparison.
pub fn observe(
    migrations: &Migrations,
    route: &str,
    n: u64,
    (legacy, candidate): (&str, &str),
    status: u16,
) {
    let answered = |side, status| Answered {
        side,
        to_caller: side == Side::Candidate,
        status,
        took: Duration::from_millis(5),
    };
    let comparer = Comparer::default();
    for at in 0..n {
        let answer = |body| Answer { status: 200, headers: &[], body };
        let candidate = (status < 500).then(|| answer(candidate));
        let comparison = comparer.compare(answer(legacy), candidate);
        migrations.answered(route, answered(Side::Legacy, 200));
        migrations.answered(route, answered(Side::Candidate, status));
        let shape = (at % 3).to_string();
        let pair = Pair {
            comparison: &comparison,
            shape: &shape,
            status_class: 2,
            noise: false,
            recorded: false,
        };
        migrations.compared(route, &pair);
    }
}

/// Runs an instance in the background until dropped.
pub struct Running(pub Arc<Migrations>, tokio::task::JoinHandle<()>);

impl Running {
    pub async fn start(plan: &Plan, options: Options) -> Self {
        let migrations = Migrations::open(plan, options).await.unwrap();
        let task = tokio::spawn(Arc::clone(&migrations).run());
        Self(migrations, task)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.1.abort();
    }
}

pub async fn until(what: &str, within: Duration, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < within, "{what}: not within {within:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_route_moves_on_evidence_and_back_without() {
    let (plan, route) = plan(|_| {});
    let migrations = Migrations::open(&plan, quick(None, "a")).await.unwrap();
    assert_eq!(migrations.position(&route).stage, Stage::Legacy);
    migrations.change(to(&route, Some("shadow"))).await.unwrap();
    let refused = migrations.change(to(&route, Some("canary 5%"))).await.unwrap_err();
    let MigrationError::Gate(judged) = &refused else { panic!("{refused}") };
    assert_eq!(judged.verdict.to_string(), "insufficient");
    assert!(refused.to_string().contains("match rate: 0 of 0"), "{refused}");
    observe(&migrations, &route, 600, ("{\"a\":1}", "{\"a\":1}"), 200);
    migrations.flush().await;
    migrations.change(to(&route, Some("canary 5%"))).await.unwrap();
    assert_eq!(migrations.position(&route).stage, stage("canary 5%"));
    // What was known in shadow says nothing about a canary.
    let refused = migrations.change(to(&route, Some("canary 50%"))).await.unwrap_err();
    assert!(matches!(refused, MigrationError::Gate(_)), "{refused}");
    let refused = migrations
        .change(ChangeAsked { reason: String::new(), ..to(&route, Some("legacy")) })
        .await;
    assert_eq!(refused.unwrap_err(), NoMove::NoReason.into());
    migrations.change(to(&route, Some("legacy"))).await.unwrap();
    let lines = migrations.audit(1).await.unwrap();
    assert_eq!((lines.len(), verify_chain(&lines)), (4, Ok(())));
    assert!(lines[2].1.contains("match rate"), "{}", lines[2].1);
}

#[tokio::test]
async fn differences_are_counted_shown_masked_and_fail_the_gate() {
    let (plan, route) = plan(|plan| plan.stage = Stage::Shadow);
    let migrations = Migrations::open(&plan, quick(None, "a")).await.unwrap();
    observe(&migrations, &route, 600, ("{\"a\":\"Ada\"}", "{\"a\":\"Bob\"}"), 200);
    migrations.flush().await;
    let status = migrations.status().await.unwrap().remove(0);
    assert_eq!(
        (status.evidence.compared, status.evidence.mismatched, status.evidence.shapes),
        (600, 600, 3)
    );
    assert_eq!(status.judged.verdict.to_string(), "fail");
    assert_eq!(status.mismatches, [("Value".to_owned(), "a".to_owned(), 600)]);
    assert!(status.blocked[0].starts_with("match rate: 0 of 600"), "{:?}", status.blocked);
    let shown = migrations.exemplars(&route).await.unwrap();
    assert!(
        shown.len() >= 2
            && shown.iter().all(|e| !e.body.contains("Ada") && e.body.contains("string of 3"))
    );
}

#[tokio::test]
async fn a_candidate_that_fails_is_rolled_back_everywhere_within_a_second() {
    let Some(pg) = postgres::server() else { return };
    let address = pg.database("select 1");
    let (plan, route) = plan(|plan| plan.stage = stage("canary 50%"));
    let mut instances = Vec::new();
    for name in ["a", "b", "c"] {
        let store = Arc::new(Store::open(&address).await.unwrap());
        instances.push(Running::start(&plan, quick(Some(store), name)).await);
    }
    let at = |instance: &Running| instance.0.position(&route);
    assert!(instances.iter().all(|i| at(i).stage == stage("canary 50%")));
    // 5 % of failures are not enough to roll back at once; half of all is.
    for instance in &instances {
        observe(&instance.0, &route, 40, ("{}", "{}"), 503);
    }
    let back = |i: &Running| at(i).stage == Stage::Shadow && at(i).rolled_back;
    until("some instance rolls back", Duration::from_secs(5), || instances.iter().any(back)).await;
    until("all instances know", Duration::from_secs(1), || instances.iter().all(back)).await;
    // One that starts now, and one that is started anew.
    let store = Arc::new(Store::open(&address).await.unwrap());
    let late = Running::start(&plan, quick(Some(store), "d")).await;
    assert!(back(&late));
    instances[0].0.adopt(&plan).await.unwrap();
    assert!(back(&instances[0]));
    let refused = late.0.change(to(&route, Some("canary 5%"))).await.unwrap_err();
    assert_eq!(refused, NoMove::RolledBack.into());
    late.0.change(ChangeAsked { acknowledge: true, ..to(&route, None) }).await.unwrap();
    observe(&late.0, &route, 600, ("{}", "{}"), 200);
    late.0.flush().await;
    let refused = late.0.change(to(&route, Some("canary 5%"))).await.unwrap_err();
    assert!(matches!(refused, MigrationError::CoolDown(_)), "{refused}");
}

#[tokio::test]
async fn a_critical_mismatch_rolls_back_at_once_and_a_freeze_only_holds() {
    for (trouble, expected) in
        [(OnTrouble::RollBack, Stage::Shadow), (OnTrouble::Freeze, stage("canary 5%"))]
    {
        let (plan, route) =
            plan(|plan| (plan.stage, plan.on_trouble) = (stage("canary 5%"), trouble));
        let running = Running::start(
            &plan,
            Options { judge_every: Duration::from_secs(3_600), ..quick(None, "a") },
        )
        .await;
        let critical = Rule { critical: true, ..Rule::default() };
        let rules = vec![(Pattern::parse("total").unwrap(), critical)];
        let answer = |body| Answer { status: 200, headers: &[], body };
        let comparison = Comparer::new(rules, Vec::new())
            .unwrap()
            .compare(answer("{\"total\":1}"), Some(answer("{\"total\":2}")));
        let pair = Pair {
            comparison: &comparison,
            shape: "",
            status_class: 2,
            noise: false,
            recorded: false,
        };
        running.0.compared(&route, &pair);
        let done = || {
            let position = running.0.position(&route);
            position.stage == expected && (position.rolled_back || position.held)
        };
        until("it acts", Duration::from_secs(2), done).await;
    }
}

#[tokio::test]
async fn the_mapping_bounds_what_is_live_and_a_change_may_end() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("state.db").display().to_string();
    let open = async |plan: &Plan| {
        let store = Arc::new(Store::open(&path).await.unwrap());
        Migrations::open(plan, quick(Some(store), "a")).await.unwrap()
    };
    let (wide, route) = plan(|plan| plan.stage = stage("canary 50%"));
    let migrations = open(&wide).await;
    migrations.change(to(&route, Some("shadow"))).await.unwrap();
    // A file that says more raises nothing; one that allows less is obeyed.
    let (more, _) = plan(|plan| plan.stage = Stage::Primary);
    assert_eq!(open(&more).await.position(&route).stage, Stage::Shadow);
    let (less, _) = plan(|plan| (plan.stage, plan.ceiling) = (Stage::Legacy, Stage::Legacy));
    assert_eq!(open(&less).await.position(&route).stage, Stage::Legacy);
    let past = ChangeAsked {
        until: Some("2026-01-01T00:00:00Z".to_owned()),
        ..to(&route, Some("legacy"))
    };
    let refused = migrations.change(past).await.unwrap_err();
    assert_eq!(refused.to_string(), "`2026-01-01T00:00:00Z` is no time to come");
    // What has ended lets a route be no further than it let it, nor than the mapping says.
    let store = Store::open(&path).await.unwrap();
    for (live, expected) in [("primary", "canary 50%"), ("shadow", "shadow")] {
        let change = StageChange {
            route: &route,
            expected: store.stages().await.unwrap()[0].epoch,
            position: Position { stage: stage(live), ..Position::default() },
            identity: "",
            actor: "ada",
            reason: "for a night",
            at: "2026-01-01T00:00:00Z",
            until: Some("2026-01-02T00:00:00Z"),
            evidence: "{}",
            origin: "cli",
        };
        store.put_stage(change).await.unwrap();
        assert_eq!(open(&wide).await.position(&route).stage, stage(expected), "{live}");
    }
}

#[tokio::test]
async fn places_and_budgets_are_bounded() {
    let (plan, route) = plan(|plan| plan.stage = Stage::Shadow);
    let migrations = Migrations::open(&plan, quick(None, "a")).await.unwrap();
    let places: Vec<_> =
        (0..10).filter_map(|_| migrations.admit(&route, Side::Candidate)).collect();
    assert_eq!(places.len(), 4);
    drop(places);
    assert!(migrations.admit(&route, Side::Candidate).is_some());
    let legacy = |_| {
        let admitted = migrations.admit(&route, Side::Legacy);
        if admitted.is_some() {
            let answered = Answered {
                side: Side::Legacy,
                to_caller: false,
                status: 200,
                took: Duration::ZERO,
            };
            migrations.answered(&route, answered);
        }
        admitted.is_some()
    };
    assert_eq!((0..1_000).map(legacy).filter(|asked| *asked).count(), 20);
    migrations.flush().await;
    assert_eq!(migrations.status().await.unwrap()[0].evidence.dropped, 6);
}

#[tokio::test]
async fn every_instance_spares_a_legacy_system_that_gets_slower() {
    let (plan, route) = plan(|plan| {
        plan.stage = Stage::Shadow;
        plan.shadow.budget = Share::ALL;
    });
    let store = Arc::new(Store::open(":memory:").await.unwrap());
    let mut instances = Vec::new();
    for name in ["judges", "does not"] {
        instances.push(Running::start(&plan, quick(Some(Arc::clone(&store)), name)).await);
    }
    let asks = |i: &Running| i.0.admit(&route, Side::Legacy).is_some();
    assert!(instances.iter().all(asks));
    let epoch = store.epoch().await.unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() / 60;
    let took = |minute, bucket: u32, value| Count {
        route: route.clone(),
        minute,
        name: format!("{epoch}:legacy.took.{bucket}"),
        value,
    };
    let counts = [took(now - 5, 10, 1_000), took(now, 30, 40)];
    store.put_counts("another", &counts).await.unwrap();
    until("both are careful", Duration::from_secs(5), || !instances.iter().any(asks)).await;
}

/// Holding a route, or letting it go, changes nothing of what is known of its candidate.
#[tokio::test]
async fn a_latch_leaves_the_evidence() {
    let (plan, route) = plan(|plan| plan.stage = Stage::Shadow);
    let migrations = Migrations::open(&plan, quick(None, "one")).await.unwrap();
    observe(&migrations, &route, 30, ("{}", "{}"), 200);
    assert!(migrations.flush().await);
    let since = migrations.status().await.unwrap().remove(0).stage_since;
    for held in [true, false] {
        migrations.change(ChangeAsked { held: Some(held), ..to(&route, None) }).await.unwrap();
        let status = migrations.status().await.unwrap().remove(0);
        assert_eq!((status.position.held, status.evidence.compared), (held, 30));
        assert_eq!((&status.stage_since, status.evidence.shapes), (&since, 3));
    }
    migrations.change(to(&route, Some("legacy"))).await.unwrap();
    let status = migrations.status().await.unwrap().remove(0);
    assert_eq!((status.position.stage, status.evidence.compared), (Stage::Legacy, 0));
}

/// What is known of one candidate says nothing of another.
#[tokio::test]
async fn another_candidate_begins_again_where_the_route_is() {
    let store = Arc::new(Store::open(":memory:").await.unwrap());
    let (plan_of_one, route) = plan(|plan| plan.stage = Stage::Shadow);
    let options = quick(Some(Arc::clone(&store)), "one");
    let migrations = Migrations::open(&plan_of_one, options).await.unwrap();
    observe(&migrations, &route, 30, ("{}", "{}"), 200);
    assert!(migrations.flush().await);
    let known = async || migrations.status().await.unwrap().remove(0);
    migrations.adopt(&plan_of_one).await.unwrap();
    assert_eq!(known().await.evidence.compared, 30);
    let (plan_of_other, _) = plan(|plan| plan.identity = "other".to_owned());
    migrations.adopt(&plan_of_other).await.unwrap();
    let status = known().await;
    assert_eq!((status.position.stage, status.evidence.compared), (Stage::Shadow, 0));
    let last = store.audit(1).await.unwrap().pop().unwrap();
    assert!(last.1.contains("the evidence begins again"), "{}", last.1);
}
