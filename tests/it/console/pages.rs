//! What pages and JSON show.

use std::sync::Arc;

use figleaf::migration::Migrations;
use figleaf::store::Store;
use figleaf::strangler::Stage;

use super::rig::Rig;
use crate::migrating::{observe, plan, quick, stage, to};
use crate::postgres;

#[tokio::test]
async fn the_first_page_shows_how_far_the_migration_is() {
    let rig = Rig::local(|plan| plan.stage = stage("canary 5%")).await;
    observe(&rig.migrations, &rig.route, 1_500, ("{\"a\":1}", "{\"a\":1}"), 200);
    observe(&rig.migrations, &rig.route, 2, ("{\"a\":1}", "{\"a\":2}"), 200);
    rig.migrations.flush().await;
    let page = rig.get("/").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for words in [
        "<!DOCTYPE html>",
        "Routes by stage over time; now 0 legacy, 0 shadow, 1 canary",
        "The share of callers that candidates answered, over time",
        "canary 5%</span>",
        "99.87 %",
        "of 1,502",
        "1,502 answers to callers, 1,502 by candidates",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
}

#[tokio::test]
async fn a_route_shows_what_differs_side_by_side_and_masked() {
    let rig = Rig::local(|plan| plan.stage = Stage::Shadow).await;
    let answers = ("{\"name\":\"Ada Brandt\"}", "{\"name\":\"A. Brandt\"}");
    observe(&rig.migrations, &rig.route, 20, answers, 200);
    rig.migrations.flush().await;
    let page = rig.get(&rig.page()).await;
    for words in
        ["<th scope=\"col\">Legacy system</th>", "string of 10 #", "string of 9 #", "20</b>"]
    {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains("Brandt"));
    assert!(page.text.contains("20 compared, 20 differ"));
    for reason in &rig.migrations.status().await.unwrap()[0].judged.reasons {
        assert!(page.text.contains(reason.what), "{}: {}", reason.what, page.text);
    }
}

#[tokio::test]
async fn nothing_that_comes_from_outside_is_markup() {
    let (mut plan, _) = plan(|plan| {
        plan.stage = Stage::Shadow;
        plan.rules = vec!["<script>rule()</script>".to_owned()];
    });
    let route = "GET /<script>alert('route')</script>\"&{x}".to_owned();
    plan.routes[0].id = route.clone();
    let rig = Rig::start(plan, route, None).await;
    let hostile = "{\"<img src=x onerror=alert(1)>\":\"<script>\"}";
    observe(&rig.migrations, &rig.route, 3, ("{}", hostile), 200);
    rig.migrations.flush().await;
    let mut asked = to(&rig.route, Some("legacy"));
    asked.reason = "</textarea><script>alert('why')</script>".to_owned();
    asked.actor = "\"><script>alert('who')</script>".to_owned();
    rig.migrations.change(asked).await.unwrap();
    let refused = rig.act("to nowhere\"><script>", "\"></textarea><script>", &[]).await;
    assert_eq!(refused.status, 400);
    let route_page = rig.page();
    let mut pages = vec![refused];
    for path in ["/", "/audit", &route_page, "/audit?before=<script>", "/?<script>"] {
        pages.push(rig.get(path).await);
    }
    for page in pages {
        assert!(!page.text.contains("<script") && !page.text.contains("<img src=x"), "{page:?}");
        assert!(page.text.contains("&lt;script&gt;"), "{page:?}");
    }
}

#[tokio::test]
async fn programs_read_the_same_as_json() {
    let rig = Rig::local(|plan| plan.stage = Stage::Shadow).await;
    observe(&rig.migrations, &rig.route, 100, ("{\"a\":1}", "{\"a\":2}"), 200);
    rig.migrations.flush().await;
    let answer = rig.get("/api/status").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let json = answer.json();
    assert_eq!((&json["format"], &json["stages"]["shadow"]), (&1.into(), &1.into()));
    let route = &json["routes"][0];
    assert_eq!(route, &rig.status().await);
    assert_eq!((&route["route"], &route["stage"]), (&rig.route.as_str().into(), &"shadow".into()));
    assert_eq!((&route["verdict"], &route["next"]), (&"fail".into(), &"canary 5%".into()));
    assert_eq!(route["match_rate"]["compared"], 100);
    assert_eq!(route["mismatches"][0]["place"], "a");
    assert!(!route["blocked"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn the_audit_shows_every_change_and_whether_it_is_whole() {
    let rig = Rig::local(|_| {}).await;
    for (to, why) in [("to shadow", "first reason"), ("to legacy", "second reason")] {
        assert_eq!(rig.act(to, why, &[]).await.status, 303);
    }
    let page = rig.get("/audit").await.text;
    assert!(page.contains("The chain of 3 lines is whole"), "{page}");
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}: {page}"));
    assert!(at("second reason") < at("first reason"), "the newest first");
    assert!(at("first reason") < at("when first seen"));
    let older = rig.get("/audit?before=3").await.text;
    assert!(older.contains("first reason") && !older.contains("second reason"));
}

#[tokio::test]
async fn a_history_is_the_same_from_both_stores() {
    let Some(pg) = postgres::server() else { return };
    let (plan, route) = plan(|plan| plan.stage = Stage::Shadow);
    for address in [pg.database("select 1"), ":memory:".to_owned()] {
        let store = Some(Arc::new(Store::open(&address).await.unwrap()));
        let migrations = Migrations::open(&plan, quick(store, "a")).await.unwrap();
        observe(&migrations, &route, 30, ("{\"a\":1}", "{\"a\":1}"), 200);
        assert!(migrations.flush().await);
        // What is counted in another stage is history all the same.
        migrations.change(to(&route, Some("legacy"))).await.unwrap();
        observe(&migrations, &route, 12, ("{\"a\":1}", "{\"a\":2}"), 200);
        assert!(migrations.flush().await);
        for named in [Some(route.as_str()), None] {
            let history = migrations.history(named).await.unwrap();
            let sums = history.moments.iter().fold([0; 4], |[a, b, c, d], m| {
                [a + m.compared, b + m.mismatched, c + m.legacy, d + m.candidate]
            });
            assert_eq!((sums, history.minutes), ([42, 12, 0, 42], 1), "{address}");
        }
        assert_eq!(migrations.history(Some("GET /none")).await.unwrap().moments, []);
    }
}

#[tokio::test]
async fn without_its_store_it_says_so_and_moves_nothing() {
    let Some(mut pg) = postgres::Server::private() else { return };
    let (plan, route) = plan(|plan| plan.stage = Stage::Shadow);
    let store = Some(Arc::new(Store::open(&pg.database("select 1")).await.unwrap()));
    let migrations = Migrations::open(&plan, quick(store, "a")).await.unwrap();
    let rig = Rig::over(plan, migrations, (route, None));
    let proof = rig.proof(&[]).await;
    pg.kill();
    for path in ["/", "/audit", "/api/status", &rig.page()] {
        let answer = rig.get(path).await;
        assert_eq!(answer.status, 503, "{path}: {answer:?}");
        assert!(answer.text.contains("does not answer"), "{path}: {answer:?}");
    }
    let origin = rig.url("");
    let fields = [("proof", proof.as_str()), ("action", "to legacy"), ("reason", "why")];
    let moved = rig.post(&rig.page(), &fields, &[("origin", &origin)]).await;
    assert_eq!(moved.status, 503, "{moved:?}");
    assert_eq!(rig.migrations.position(&rig.route).stage, Stage::Shadow);
    let metrics = rig.get("/metrics").await;
    assert!(metrics.text.contains("\nfigleaf_state_store_up 0\n"), "{}", metrics.text);
    let stage = format!("figleaf_route_stage{{route=\"{}\",stage=\"shadow\"}} 1", rig.route);
    assert!(metrics.text.contains(&stage), "{}", metrics.text);
}
