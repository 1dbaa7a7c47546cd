//! Real processes that share one store: a rollback reaches all of them, outlives whoever made it,
//! and needs no store to hold.

use std::path::Path;
use std::time::{Duration, Instant};

use figleaf::store::Store;

use super::side::{Asked, Reply, Side};
use super::stand::{STOCK, legacy, mapping, put, stock_json, with_contract};
use crate::postgres;
use crate::rig::{Answer, Serving, client, eventually, mapping_folder};

/// The candidate is told from the legacy system by what a rule lets it say.
const READ: &str = "    stage: STAGE
    canary: { key: [header.X-Tenant] }
    shadow: { noise: 0%, budget: 100% }
    compare: { rules: { available: { critical: true }, source: ignore } }
";

fn marked(asked: &Asked) -> Reply {
    let article = asked.target.rsplit('/').next().unwrap().to_owned();
    let available = if article == "wrong" { 8 } else { 7 };
    let json = stock_json(&article, available);
    Reply::json(json.replace('}', r#","source":"new"}"#))
}

struct Place {
    sides: (Side, Side),
    folder: tempfile::TempDir,
    state: String,
}

impl Place {
    fn new(address: String, stage: &str) -> Self {
        let sides = (Side::new(legacy), Side::new(marked));
        let folder = mapping_folder(&[]);
        let place = Self { sides, folder, state: address };
        place.says(stage, "");
        place
    }

    /// Writes the mapping anew.
    fn says(&self, stage: &str, more: &str) {
        let read = READ.replace("STAGE", stage);
        let text = with_contract(&mapping((&self.sides.0, &self.sides.1), &read, ""));
        let path = self.folder.path().join("shop.yaml");
        std::fs::write(path, format!("{text}{more}")).unwrap();
    }

    fn serve(&self) -> Serving {
        let path: &Path = self.folder.path();
        let mappings = path.display().to_string();
        let arguments = ["--mappings", &mappings, "--no-watch", "--state", &self.state];
        Serving::start(path, &arguments, &[])
    }

    async fn store(&self) -> Store {
        Store::open(&self.state).await.unwrap()
    }
}

/// Whether the candidate answers callers of this instance.
async fn is_new(serving: &Serving) -> bool {
    let answer = client().get(serving.url("/api/v1/stock/right")).send().await.unwrap();
    let answer = Answer::of(answer).await;
    assert_eq!((answer.status, &answer.json()["available"]), (200, &serde_json::json!(7)));
    answer.text.contains("source")
}

async fn ask_wrong(serving: &Serving) {
    let answer = client().get(serving.url("/api/v1/stock/wrong")).send().await.unwrap();
    assert!(Answer::of(answer).await.text.contains(":8"));
}

#[actix_web::test]
async fn a_rollback_reaches_three_processes_within_a_second_and_outlives_the_one_that_made_it() {
    let Some(pg) = postgres::server() else { return };
    let place = Place::new(pg.database("select 1"), "primary");
    let mut instances = vec![place.serve(), place.serve(), place.serve()];
    for instance in &instances {
        assert!(is_new(instance).await);
    }
    ask_wrong(&instances[0]).await;
    let begun = Instant::now();
    instances[0].line("the candidate is in trouble");
    let decided = Instant::now();
    let mut known = Vec::new();
    for instance in &instances {
        eventually("it answers from the legacy system", async || !is_new(instance).await).await;
        known.push((begun.elapsed(), decided.elapsed()));
    }
    println!(
        "a critical difference; (since it was sent, since it was found) by instance: {known:?}"
    );
    assert!(known.iter().all(|(_, decided)| *decided < Duration::from_secs(1)), "{known:?}");
    // Whoever made it dies; one that starts anew, and one that reads its mapping again.
    drop(instances.remove(0));
    instances.push(place.serve());
    place.says("primary", "title: Another\n");
    instances[0].signal("HUP");
    instances[0].line("reloaded");
    for instance in &instances {
        assert!(!is_new(instance).await);
    }
    let stages = place.store().await.stages().await.unwrap();
    let record = stages.iter().find(|record| record.route == STOCK).unwrap();
    assert_eq!(
        (record.position.stage.to_string(), record.position.rolled_back),
        ("shadow".to_owned(), true)
    );
    // Of writes nobody said anything.
    assert_eq!(stages.len(), 2);
}

#[actix_web::test]
async fn a_stage_changed_in_a_file_outlives_kill_9_and_a_restart_raises_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let state = folder.path().join("state.db").display().to_string();
    let place = Place::new(state, "canary 5%");
    let serving = place.serve();
    let store = place.store().await;
    put(&store, STOCK, "primary").await;
    let begun = Instant::now();
    eventually("it follows", async || is_new(&serving).await).await;
    println!("a change in a file was in force after {:?}", begun.elapsed());
    put(&store, STOCK, "shadow").await;
    eventually("it follows", async || !is_new(&serving).await).await;
    drop(serving);
    // Neither what the mapping says, nor a start.
    place.says("primary", "");
    let serving = place.serve();
    assert!(!is_new(&serving).await);
    put(&store, STOCK, "primary").await;
    eventually("it follows", async || is_new(&serving).await).await;
    drop(serving);
    let serving = place.serve();
    assert!(is_new(&serving).await);
    // One that the mapping bounds again is bounded.
    place.says("shadow\n    ceiling: shadow", "");
    serving.signal("HUP");
    eventually("it follows", async || !is_new(&serving).await).await;
}

#[actix_web::test]
async fn a_lost_store_changes_nothing_and_a_reload_keeps_what_is_known() {
    let Some(mut pg) = postgres::Server::private() else { return };
    let place = Place::new(pg.database("select 1"), "primary");
    let mut serving = place.serve();
    assert!(is_new(&serving).await);
    pg.kill();
    serving.line("the store does not answer");
    assert!(is_new(&serving).await);
    place.says("legacy", "");
    serving.signal("HUP");
    serving.line("reloaded");
    assert!(is_new(&serving).await);
    // With a route that nobody has seen, somebody would have to guess.
    let route = "  GET /stocks/{articleNumber}: { soap: shop.CheckStock, in: { warehouse: query.warehouse }, candidate: { http: modern }, stage: shadow }\n";
    place.says("legacy", route);
    serving.signal("HUP");
    serving.line("not reloaded");
    assert!(is_new(&serving).await);
    // Nobody can be asked, and the candidate is in trouble: here it ends at once.
    ask_wrong(&serving).await;
    let begun = Instant::now();
    eventually("it goes back by itself", async || !is_new(&serving).await).await;
    println!("without the store it went back after {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    pg.start();
    let store = place.store().await;
    eventually("it is written down", async || {
        let stages = store.stages().await.unwrap();
        let record = stages.iter().find(|record| record.route == STOCK).unwrap();
        record.position.rolled_back && record.position.stage.to_string() == "shadow"
    })
    .await;
    serving.signal("HUP");
    serving.line("reloaded");
    assert!(!is_new(&serving).await);
    let answer = client().get(serving.url("/api/v1/stocks/right")).send().await.unwrap();
    assert_eq!(Answer::of(answer).await.status, 200);
}

#[actix_web::test]
async fn calls_besides_do_not_hold_up_a_stop() {
    let folder = tempfile::TempDir::new().unwrap();
    let state = folder.path().join("state.db").display().to_string();
    let place = Place::new(state, "shadow");
    let text = std::fs::read_to_string(place.folder.path().join("shop.yaml")).unwrap();
    let text = text.replace("budget: 100%", "timeout: 30s");
    std::fs::write(place.folder.path().join("shop.yaml"), text).unwrap();
    place.sides.1.plays(|_| Reply::Hang);
    let mut serving = place.serve();
    for _ in 0..20 {
        assert!(!is_new(&serving).await);
    }
    eventually("it is asked", async || place.sides.1.calls().1 > 0).await;
    serving.signal("TERM");
    let begun = Instant::now();
    eventually("it ends", async || serving.ended().is_some()).await;
    println!("with calls of 30 s besides it stopped after {:?}", begun.elapsed());
    assert_eq!(serving.ended(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    // What was broken off by the stop says nothing of the candidate.
    let counts = place.store().await.counts(STOCK, 0).await.unwrap();
    assert!(counts.keys().all(|name| !name.ends_with("mismatched")), "{counts:?}");
}
