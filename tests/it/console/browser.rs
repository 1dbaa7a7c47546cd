//! The console as people meet it: in Chromium, without a network.

use figleaf::strangler::Stage;
use serde_json::json;

use super::rig::{Rig, token};
use super::webdriver::Browser;
use crate::migrating::{observe, stage};

#[tokio::test]
async fn a_route_is_moved_by_its_buttons() {
    let Some(browser) = Browser::start().await else { return };
    let rig = Rig::tokens(|plan| plan.stage = Stage::Shadow).await;
    browser.open(&rig.url("/")).await;
    assert_eq!(browser.title().await, "Come in · figleaf");
    browser.write("#token", token("rita")).await;
    browser.click("button").await;
    assert_eq!(browser.title().await, "Migration · figleaf");
    browser.click("tbody th a").await;
    assert_eq!(browser.text("h1").await, rig.route);
    // The gate is not open, and says why.
    browser.write("#reason", "let us see").await;
    browser.click("button[value='to canary 5%']").await;
    let notice = browser.text(".notice.bad").await;
    assert!(notice.starts_with("Nothing was changed. The gate says insufficient."), "{notice}");
    assert_eq!(rig.migrations.position(&rig.route).stage, Stage::Shadow);
    observe(&rig.migrations, &rig.route, 10, ("{\"a\":\"1.0\"}", "{\"a\":\"1\"}"), 200);
    browser.look("route-refused.png").await;
    // Now it is: the reason is still there.
    rig.good_evidence().await;
    observe(&rig.migrations, &rig.route, 3_000, ("{\"a\":1}", "{\"a\":1}"), 200);
    rig.migrations.flush().await;
    browser.click("button[value='to canary 5%']").await;
    assert_eq!(browser.text(".notice.good").await, "Done. The route is in canary 5%.");
    assert_eq!(rig.migrations.position(&rig.route).stage, stage("canary 5%"));
    assert_eq!(browser.text(".stepper [aria-current]").await, "canary 5%");
    let changes = browser.text("#changes ~ div tbody tr").await;
    assert!(changes.contains("rita") && changes.contains("let us see"), "{changes}");
    browser.look("route.png").await;
    // And back, which needs a reason and no evidence: without one the browser sends nothing.
    browser.click("button[value='to legacy']").await;
    assert_eq!(rig.migrations.position(&rig.route).stage, stage("canary 5%"));
    browser.write("#reason", "enough").await;
    browser.click("button[value='to legacy']").await;
    assert_eq!(rig.migrations.position(&rig.route).stage, Stage::Legacy);
    browser.open(&rig.url("/")).await;
    browser.look("overview.png").await;
    browser.open(&rig.url("/audit")).await;
    browser.look("audit.png").await;
    assert!(browser.text(".notice.good").await.contains("is whole"));
    browser.click(".who button").await;
    assert_eq!(browser.title().await, "Come in · figleaf");
}

#[tokio::test]
async fn pages_need_no_script_no_network_and_no_excuse() {
    let Some(browser) = Browser::start().await else { return };
    let rig = Rig::local(|plan| plan.stage = Stage::Shadow).await;
    observe(&rig.migrations, &rig.route, 30, ("{\"a\":1,\"b\":2}", "{\"a\":2}"), 200);
    rig.migrations.flush().await;
    for path in ["/", "/audit", &rig.page_of(&rig.route)] {
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
        // It fits a telephone: nothing but tables is wider than the window.
        assert_eq!(browser.complaints().await, json!([]), "{path}");
    }
}
