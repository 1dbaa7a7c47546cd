//! The console as people meet it: in Chromium, without a network.

use std::sync::Arc;

use figleaf::strangler::Stage;
use serde_json::json;

use super::rig::{Rig, token};
use super::webdriver::Browser;
use crate::migrating::{observe, plan, stage};
use crate::rig::eventually;

#[tokio::test]
async fn a_route_is_moved_by_its_buttons() {
    let Some(browser) = Browser::start().await else { return };
    let rig = Rig::tokens(|plan| plan.stage = Stage::Shadow).await;
    browser.open(&rig.url("/")).await;
    browser.reads("h1", "Operators’ console").await;
    browser.write("#token", token("rita")).await;
    browser.click("button").await;
    browser.reads("h1", "Migration").await;
    browser.click("tbody th a").await;
    browser.reads("h1", &rig.route).await;
    // The gate is not open, and says why.
    browser.write("#reason", "let us see").await;
    browser.click("button[value='to canary 5%']").await;
    browser.reads(".notice.bad", "Nothing was changed. The gate says insufficient.").await;
    assert_eq!(rig.migrations.position(&rig.route).stage, Stage::Shadow);
    browser.look("route-refused.png").await;
    // Now it is: the reason is still there.
    observe(&rig.migrations, &rig.route, 10, ("{\"a\":\"1.0\"}", "{\"a\":\"1\"}"), 200);
    observe(&rig.migrations, &rig.route, 4_000, ("{\"a\":1}", "{\"a\":1}"), 200);
    rig.migrations.flush().await;
    browser.click("button[value='to canary 5%']").await;
    browser.reads(".notice.good", "Done. The route is in canary 5%.").await;
    assert_eq!(rig.migrations.position(&rig.route).stage, stage("canary 5%"));
    browser.reads(".stepper [aria-current]", "canary 5%").await;
    browser.reads("#changes ~ div tbody tr", "rita").await;
    browser.reads("#changes ~ div tbody tr", "let us see").await;
    browser.look("route.png").await;
    // And back, which needs no evidence but a reason: without one the browser sends nothing.
    browser.click("button[value='to legacy']").await;
    let empty = browser.evaluate("document.querySelector('#reason:invalid') !== null").await;
    assert_eq!(empty, json!(true));
    assert_eq!(rig.migrations.position(&rig.route).stage, stage("canary 5%"));
    browser.write("#reason", "enough").await;
    browser.click("button[value='to legacy']").await;
    browser.reads(".notice.good", "Done. The route is in legacy.").await;
    assert_eq!(rig.migrations.position(&rig.route).stage, Stage::Legacy);
    browser.open(&rig.url("/audit")).await;
    browser.reads(".notice.good", "is whole").await;
    browser.click(".who button").await;
    browser.reads("h1", "Operators’ console").await;
    browser.open(&rig.url("/audit")).await;
    browser.reads("h1", "Operators’ console").await;
}

#[tokio::test]
async fn pages_need_no_script_no_network_and_no_excuse() {
    let Some(browser) = Browser::start().await else { return };
    let rig = several().await;
    for path in ["/", "/audit", &rig.page()] {
        browser.open(&rig.url(path)).await;
        // Everything came from the console itself.
        let loaded = browser
            .evaluate("performance.getEntriesByType('resource').filter(e => !e.name.startsWith(location.origin)).length + document.scripts.length")
            .await;
        assert_eq!(loaded, json!(0), "{path}");
        let styled = browser.evaluate("document.styleSheets[0].cssRules.length > 50").await;
        assert_eq!(styled, json!(true), "{path}");
        // A field has its label, a picture its text, a page one heading, an id one owner.
        let unlabelled = browser
            .evaluate("[...document.querySelectorAll('input:not([type=hidden]),textarea')].filter(e => !e.labels.length).length + [...document.querySelectorAll('svg')].filter(e => !e.getAttribute('aria-label')).length + [...document.images].filter(e => !e.hasAttribute('alt')).length")
            .await;
        assert_eq!(unlabelled, json!(0), "{path}");
        assert_eq!(browser.evaluate("document.querySelectorAll('h1').length").await, json!(1));
        let ids = "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(e => e.id))";
        assert_eq!(browser.evaluate(ids).await, json!(0), "{path}");
        // It fits a telephone: nothing but what scrolls by itself is wider than the window.
        let name = path.split('/').nth(1).unwrap();
        for (width, dark) in [(1_280, false), (1_280, true), (390, false)] {
            browser.display(width, dark).await;
            let wide = browser.evaluate("document.documentElement.scrollWidth").await;
            assert!(wide.as_u64().unwrap() <= u64::from(width), "{path}: {wide} of {width}");
            browser.look(&format!("all-{name}-{width}-{dark}.png")).await;
        }
        let grounds = browser.evaluate("getComputedStyle(document.body).backgroundColor");
        let light = grounds.await;
        browser.display(1_280, true).await;
        let dark = browser.evaluate("getComputedStyle(document.body).backgroundColor").await;
        assert_ne!(light, dark, "{path}");
        assert_eq!(browser.complaints().await, json!([]), "{path}");
    }
    // What is not the console's own is kept out by the browser, were it ever on a page.
    let foreign = "document.body.insertAdjacentHTML('beforeend', '<img src=\"http://elsewhere.invalid/\"><p onclick=\"1\">')";
    browser.evaluate(foreign).await;
    eventually("it complains", async || {
        browser.complaints().await.to_string().contains("Content Security Policy")
    })
    .await;
}

/// Five routes, one in each stage, the first of them with differences.
async fn several() -> Rig {
    let (mut plan, route) = plan(|plan| plan.stage = Stage::Shadow);
    let model = plan.routes[0].migration.clone().unwrap();
    let stages = ["legacy", "canary 5%", "primary", "standby"];
    for (at, word) in (1..).zip(stages) {
        let mut migration = (*model).clone();
        migration.stage = stage(word);
        plan.routes[at].migration = Some(Arc::new(migration));
    }
    let names: Vec<String> = plan.routes[..5].iter().map(|route| route.id.clone()).collect();
    let rig = Rig::start(plan, route, None).await;
    for (at, name) in (1..).zip(&names) {
        observe(&rig.migrations, name, 700 * at, ("{\"a\":1}", "{\"a\":1}"), 200);
    }
    let answers = [
        ("{\"id\":\"A-1\",\"total\":1.50}", "{\"id\":\"A-1\",\"total\":1.5}"),
        ("{\"lines\":[{\"sku\":\"a\"}]}", "{\"lines\":{\"sku\":\"a\"}}"),
        ("{\"note\":null}", "{}"),
        ("{\"paid\":\"2026-03-01T00:00:00Z\"}", "{\"paid\":\"2026-03-01T01:00:00+01:00\"}"),
    ];
    for (at, answers) in (1..).zip(answers) {
        observe(&rig.migrations, &rig.route, at * 3, answers, 200);
    }
    rig.migrations.flush().await;
    rig
}
