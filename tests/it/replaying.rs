//! The facade on fixtures: no backend is there, and everything else is as in production.

use std::sync::Arc;
use std::time::Duration;

use figleaf::cli::{Databases, FileSource};
use figleaf::exchange::{
    Collection, Delay, Entry, Rest, Scenario, Simulated, ToldLimits, Volatile,
};
use figleaf::fixture::{Player, ReplayHow, Store, gather};
use figleaf::plan::Plan;
use figleaf::reload::{self, Types};
use figleaf::server::Hooks;
use figleaf::{canonical, xml};
use serde_json::json;

use crate::fixtures::{contains, exact};
use crate::rig::{Answer, Facade, Variables, client, project};

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9/shop";

/// The plan of the project's own mappings, and a collection without entries.
pub fn shop() -> (Plan, Collection) {
    let types = Types::Serving(&Databases);
    let variables = Variables::shop(NOWHERE);
    let loaded =
        reload::load(&project("mappings"), &variables, &FileSource, &|_| Vec::new(), types);
    let plan = loaded.plan.unwrap();
    let empty = tempfile::TempDir::new().unwrap();
    let (collection, problems) = gather(&Store::new(empty.path()), &plan, &loaded.ports);
    assert_eq!(problems, []);
    (plan, collection)
}

/// The fixtures of the shop.
pub fn entries() -> Vec<Entry> {
    let (entries, problems) = store().read();
    assert_eq!(problems, []);
    entries.into_iter().filter(|entry| entry.fixture.sql.is_none()).collect()
}

fn store() -> Store {
    Store::new(&project("fixtures"))
}

/// One of them.
pub fn entry(name: &str) -> Entry {
    entries().into_iter().find(|entry| entry.name.ends_with(name)).unwrap()
}

/// A facade that answers from these fixtures.
pub fn replay(entries: Vec<Entry>, how: ReplayHow) -> Facade {
    replay_of(shop(), entries, how)
}

/// The same where a call takes no longer than this.
fn replay_within(time: Duration, entries: Vec<Entry>) -> Facade {
    let (mut plan, collection) = shop();
    plan.routes.iter_mut().for_each(|route| route.timeout = time);
    replay_of((plan, collection), entries, ReplayHow::Strict)
}

fn replay_of(
    (plan, collection): (Plan, Collection),
    entries: Vec<Entry>,
    how: ReplayHow,
) -> Facade {
    let Collection { vocabularies, redactors, .. } = collection;
    let collection = Collection::new(entries, vocabularies, redactors);
    let player = Arc::new(Player::new(Arc::new(collection), how));
    let hooks = Hooks {
        backends: Some(Arc::<Player>::clone(&player)),
        replay: Some(player),
        ..Hooks::default()
    };
    Facade::hooked(plan, hooks)
}

async fn send(facade: &Facade, rest: &Rest) -> Answer {
    let (method, target) = rest.request.split_once(' ').unwrap();
    facade.send(method, target, rest.body.as_deref().unwrap_or_default()).await
}

#[actix_web::test]
async fn every_fixture_gives_its_golden_answer_without_a_backend() {
    let entries = entries();
    let facade = replay(entries.clone(), ReplayHow::Strict);
    for entry in &entries {
        let (rest, name) = (&entry.fixture.rest[0], &entry.name);
        let answer = send(&facade, rest).await;
        assert_eq!(answer.status, rest.status, "{name}: {answer:?}");
        assert_eq!(answer.header("figleaf-replay"), format!("exact; fixture={name}"));
        let Some(golden) = store().golden(name, rest).unwrap() else {
            assert_eq!(answer.text, "", "{name}");
            continue;
        };
        let golden = exact(std::str::from_utf8(&golden).unwrap());
        let json = exact(&answer.text);
        let is_same = if rest.status < 400 { json == golden } else { contains(&json, &golden) };
        assert!(is_same, "{name}: {}", answer.text);
    }
    let unused = facade.get("/replay/unused").await.json();
    assert_eq!(unused, json!({ "unused": [] }));
}

/// What the facade says where the fixture of order 44 has this failure.
async fn simulated(simulated: Simulated) -> (u16, String) {
    let mut entry = entry("GetOrder/one-line");
    entry.fixture.response.simulate = Some(simulated);
    let answer = replay(vec![entry], ReplayHow::Strict).get("/api/v1/orders/44").await;
    // A read is tried again after a reset, and both attempts are named.
    let found = answer.header("figleaf-replay");
    assert!(found.starts_with("exact; fixture=shop/GetOrder/one-line"), "{found}");
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[actix_web::test]
async fn simulated_failures_are_to_the_facade_what_they_are_on_a_wire() {
    let expected = |status, code: &str| (status, code.to_owned());
    assert_eq!(simulated(Simulated::Reset).await, expected(502, "backend-reset"));
    assert_eq!(simulated(Simulated::HalfBody).await, expected(502, "backend-truncated"));
    assert_eq!(simulated(Simulated::Malformed).await, expected(502, "backend-not-xml"));
    assert_eq!(simulated(Simulated::Status(503)).await, expected(502, "backend-status"));
    assert_eq!(simulated(Simulated::Status(302)).await, expected(502, "backend-redirect"));
    let dripped = Simulated::Drip("20ms".to_owned());
    assert_eq!(simulated(dripped).await, expected(200, ""));
}

#[actix_web::test]
async fn what_is_too_slow_ends_at_the_deadline() {
    let drip = |entry: &mut Entry| {
        entry.fixture.response.simulate = Some(Simulated::Drip("9m".to_owned()));
    };
    let wait = |entry: &mut Entry| {
        entry.fixture.response.delay = Some(Delay::Fixed("9m".to_owned()));
    };
    for slow in [&drip as &dyn Fn(&mut Entry), &wait] {
        let mut entry = entry("GetOrder/one-line");
        slow(&mut entry);
        let facade = replay_within(Duration::from_millis(300), vec![entry]);
        let answer = facade.get("/api/v1/orders/44").await;
        assert_eq!((answer.status, answer.problem().as_str()), (504, "backend-timeout"));
    }
}

#[actix_web::test]
async fn a_delay_is_waited_for() {
    let mut entry = entry("GetOrder/one-line");
    entry.fixture.response.delay = Some(Delay::Fixed("200ms".to_owned()));
    let facade = replay(vec![entry], ReplayHow::Strict);
    let start = std::time::Instant::now();
    assert_eq!(facade.get("/api/v1/orders/44").await.status, 200);
    assert!(start.elapsed().as_millis() >= 200);
}

#[actix_web::test]
async fn a_miss_says_what_is_nearest_and_what_differs() {
    let facade = replay(vec![entry("GetOrder/one-line")], ReplayHow::Strict);
    let answer = facade.get("/api/v1/orders/4711").await;
    assert_eq!((answer.status, answer.problem().as_str()), (501, "replay-miss"));
    let mut json = answer.json();
    assert_eq!(
        json["detail"].as_str().unwrap().split(':').next(),
        Some("no fixture answers GetOrder")
    );
    let nearest = json["nearest"].take();
    assert_eq!(nearest[0]["name"], "shop/GetOrder/one-line");
    assert_eq!(json["why"], "value-differs");
    let other = facade.get("/api/v1/customers/1").await.json();
    assert_eq!(other["why"], "no-fixture");
    assert_eq!(other["nearest"], json!([]));
}

#[actix_web::test]
async fn lenient_takes_the_nearest_and_says_so() {
    let facade = replay(vec![entry("GetOrder/one-line")], ReplayHow::Lenient);
    let answer = facade.get("/api/v1/orders/4711").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("figleaf-replay"), "nearest; fixture=shop/GetOrder/one-line");
    let missed = facade.get("/api/v1/customers/1").await;
    assert_eq!(missed.problem(), "replay-miss");
    assert_eq!(missed.header("figleaf-replay"), "");
}

/// Order 44 before and after it is sent off.
fn story() -> Vec<Entry> {
    let step = |needs: Option<&str>, sets: Option<&str>| {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Some(Scenario { name: "order-44".to_owned(), needs: own(needs), sets: own(sets) })
    };
    let mut before = entry("GetOrder/one-line");
    before.name.push_str("-before");
    before.fixture.scenario = step(None, Some("sent"));
    let mut after = entry("GetOrder/one-line");
    after.name.push_str("-after");
    let text = String::from_utf8(after.response).unwrap();
    after.response = text.replace("<E_:Envelope", "<!-- after --><E_:Envelope").into();
    after.fixture.scenario = step(Some("sent"), None);
    vec![before, after]
}

async fn step(facade: &Facade, session: &str) -> String {
    let request = client().get(facade.url("/api/v1/orders/44")).header("figleaf-session", session);
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.header("figleaf-replay").rsplit('-').next().unwrap().to_owned()
}

#[actix_web::test]
async fn a_scenario_goes_on_for_its_session_alone_and_is_reset() {
    let facade = replay(story(), ReplayHow::Strict);
    assert_eq!(step(&facade, "a").await, "before");
    assert_eq!(step(&facade, "a").await, "after");
    assert_eq!(step(&facade, "b").await, "before");
    let states = facade.get("/replay/scenarios").await.json();
    assert_eq!(states, json!({ "a": { "order-44": "sent" }, "b": { "order-44": "sent" } }));
    let reset = facade.send("DELETE", "/replay/scenarios?session=a", "").await;
    assert_eq!(reset.status, 204);
    assert_eq!(
        facade.get("/replay/scenarios").await.json(),
        json!({ "b": { "order-44": "sent" } })
    );
    assert_eq!(step(&facade, "a").await, "before");
    assert_eq!(facade.send("DELETE", "/replay/scenarios", "").await.status, 204);
    assert_eq!(step(&facade, "b").await, "before");
    assert_eq!(facade.send("POST", "/replay/scenarios", "").await.problem(), "request-method");
    let long = "x".repeat(129);
    let request = client().get(facade.url("/api/v1/orders/44")).header("figleaf-session", long);
    assert_eq!(Answer::of(request.send().await.unwrap()).await.problem(), "request-invalid");
}

#[actix_web::test]
async fn of_many_requests_at_once_one_makes_the_step() {
    let facade = replay(story(), ReplayHow::Strict);
    let steps = futures_util::future::join_all((0..64).map(|_| step(&facade, "race"))).await;
    assert_eq!(steps.iter().filter(|step| *step == "before").count(), 1);
    assert_eq!(steps.iter().filter(|step| *step == "after").count(), 63);
}

#[actix_web::test]
async fn a_state_that_is_not_there_yet_is_named() {
    let (_, after) = (story().remove(0), story().remove(1));
    let facade = replay(vec![after], ReplayHow::Strict);
    let json = facade.get("/api/v1/orders/44").await.json();
    assert_eq!(json["why"], "scenario-state");
    let expected = json!({ "name": "order-44", "is": "started", "needs": "sent" });
    assert_eq!(json["scenario"], expected);
    assert_eq!(
        json["detail"],
        "no fixture answers GetOrder: shop/GetOrder/one-line-after fits, but needs the scenario `order-44` in the state `sent`, and it is in `started`"
    );
}

#[actix_web::test]
async fn what_is_fresh_is_filled_for_each_request() {
    let mut entry = entry("GetOrder/one-line");
    let volatile = |path: &str, value: &str| Volatile { path: path.into(), value: value.into() };
    entry.fixture.volatile =
        vec![volatile("//OrderID", "echo:Body/GetOrder/OrderID"), volatile("//OrderDate", "now")];
    let facade = replay(vec![entry], ReplayHow::Lenient);
    let order = facade.get("/api/v1/orders/00071").await.json();
    assert_eq!(order["orderId"].to_string().trim_matches('"').trim_start_matches('0'), "71");
}

#[test]
fn a_told_miss_is_bounded() {
    let (_, Collection { vocabularies, redactors, .. }) = shop();
    let collection = Collection::new(entries(), vocabularies, redactors);
    let miss = collection
        .find(figleaf::exchange::Asked {
            backend: "shop",
            action: None,
            envelope: &canonical::read(
                LONG.replace("$", &"x".repeat(9_999)).as_bytes(),
                xml::XmlLimits::default(),
            )
            .unwrap(),
            states: &std::collections::HashMap::new(),
            lenient: false,
        })
        .unwrap_err();
    let told = collection.tell("shop", &miss, ToldLimits::ANSWER);
    let text = serde_json::to_string(&told).unwrap();
    assert!(text.len() < 40_000, "{}", text.len());
    assert!(told.nearest.len() <= 3);
}

const LONG: &str = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><GetOrder xmlns='http://legacy.shop.example/orders/2009/service/'><OrderID>$</OrderID></GetOrder></e:Body></e:Envelope>";
