//! `figleaf demo` from its first request to a candidate that answers everyone.

use std::path::{Path, PathBuf};

use figleaf::migration::{ChangeAsked, MigrationError, RouteStatus};
use figleaf::strangler::{Stage, Verdict};
use tempfile::TempDir;

use super::{Watched, ask, places};
use crate::rig::{Serving, Variables};

const CUSTOMER: &str = "GET /api/v3/customers/{customerId}";
const ORDER: &str = "GET /api/v3/orders/{orderId}";
const ORDERS: &str = "GET /api/v3/orders";
const STOCK: &str = "GET /api/v3/stock/{articleNumber}";
const BALANCE: &str = "GET /api/v3/customers/{customerId}/balance";

/// A demo on free ports, and its state.
struct Demo {
    serving: Serving,
    watched: Watched,
}

impl Demo {
    async fn start(folder: &Path) -> Self {
        let state = folder.join("state.db").display().to_string();
        let ports =
            ["--port", "0", "--legacy-port", "0", "--candidate-port", "0", "--console", "off"];
        let arguments = [&["demo", "--state", &state][..], &ports].concat();
        let mut serving = Serving::run(folder, &arguments, &[]);
        // It is printed elsewhere than what it listens on, and may be read later.
        let told = serving.welcome.iter().find(|line| line.starts_with("cd ")).cloned();
        let told = told.unwrap_or_else(|| serving.line("cd "));
        let mappings = PathBuf::from(&told[3..]).join("mappings");
        let watched = Watched::open(&mappings, &Variables::default(), &state).await;
        Self { serving, watched }
    }

    async fn ask(&self, paths: &[&str], times: usize) -> Vec<u16> {
        let answers = ask(&self.serving.url("/api/v3"), paths, times).await;
        answers.iter().map(|answer| answer.status).collect()
    }

    async fn change(&self, route: &str, to: &str) -> Result<u64, MigrationError> {
        let asked = ChangeAsked {
            route: route.to_owned(),
            to: Stage::parse(to),
            held: None,
            acknowledge: false,
            actor: "ada".to_owned(),
            origin: "cli",
            reason: "because".to_owned(),
            until: None,
        };
        self.watched.migrations().await.change(asked).await
    }

    /// Whether every instance acts by the last change.
    async fn all_know(&self) {
        let begun = std::time::Instant::now();
        while !self.watched.migrations().await.instances().await.unwrap().1 {
            assert!(begun.elapsed() < super::PATIENCE, "the demo does not follow");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

/// What the gate holds against it.
fn against(status: &RouteStatus) -> Vec<(&str, Verdict)> {
    let reasons = status.judged.reasons.iter();
    reasons.filter(|r| r.verdict != Verdict::Pass).map(|r| (r.what, r.verdict)).collect()
}

#[actix_web::test]
async fn evidence_decides() {
    let folder = TempDir::new().unwrap();
    let demo = Demo::start(folder.path()).await;
    // Right, and too few to say so.
    let customers = ["/customers/00017", "/customers/00018", "/customers/99999"];
    demo.ask(&customers, 4).await;
    let status = demo.watched.compared(CUSTOMER, 12).await;
    assert_eq!((status.judged.verdict, places(&status)), (Verdict::Insufficient, vec![]));
    let refused = demo.change(CUSTOMER, "canary 10%").await.unwrap_err();
    assert!(refused.to_string().starts_with("the gate says insufficient"), "{refused}");
    demo.ask(&customers, 16).await;
    let status = demo.watched.compared(CUSTOMER, 60).await;
    assert_eq!((against(&status), places(&status)), (vec![], vec![]));
    // The same in other words, which the mapping knows.
    demo.ask(&["/orders/42", "/orders/43", "/orders/44", "/orders/999"], 15).await;
    let status = demo.watched.compared(ORDER, 60).await;
    assert_eq!((against(&status), places(&status)), (vec![], vec![]));
    // The same in words that nobody has allowed.
    demo.ask(&["/orders?customer=00017", "/orders?customer=00018&status=IN_PROGRESS"], 30).await;
    let status = demo.watched.compared(ORDERS, 60).await;
    let fails = ["match rate", "classes of status"].map(|what| (what, Verdict::Fail));
    assert_eq!(against(&status), fails);
    assert_eq!(
        places(&status),
        [
            "[*].deliveryDate Missing",
            "[*].deliveryDate Value",
            "[*].flags Order",
            "[*].lines[*].quantity Value",
            "[*].lines[*].unitPrice.value Value",
            "[*].note Type",
            "[*].orderDate Value",
            "[*].payment.voucher.faceValue.value Value",
            "[*].total.value Value",
        ]
    );
    // Right and slow.
    demo.ask(&["/stock/00042", "/stock/7?warehouse=HAM"], 30).await;
    let status = demo.watched.compared(STOCK, 60).await;
    assert_eq!(against(&status), [("time of answers", Verdict::Fail)]);
    assert_eq!(places(&status), [""; 0]);
}

#[actix_web::test]
async fn what_fails_goes_back_by_itself_and_stays_there() {
    let folder = TempDir::new().unwrap();
    let mut demo = Demo::start(folder.path()).await;
    assert_eq!(
        demo.watched.route(BALANCE).await.position.stage,
        Stage::parse("canary 50%").unwrap()
    );
    let balances: Vec<String> =
        (17..43).map(|number| format!("/customers/000{number}/balance")).collect();
    let balances: Vec<&str> = balances.iter().map(String::as_str).collect();
    let back = |status: &RouteStatus| status.position.rolled_back;
    let begun = std::time::Instant::now();
    while !back(&demo.watched.route(BALANCE).await) {
        assert!(begun.elapsed() < super::PATIENCE, "it never goes back");
        demo.ask(&balances, 2).await;
    }
    demo.all_know().await;
    let status = demo.watched.route(BALANCE).await;
    assert_eq!(status.position.stage, Stage::Shadow);
    let (actor, reason, _) = status.changed.unwrap();
    assert!(actor == "figleaf" && reason.contains("calls failed"), "{actor}: {reason}");
    // Callers see none of its failures any more; the comparison does.
    let asked = 3;
    assert!(demo.ask(&balances, asked).await.iter().all(|status| *status == 200));
    let status = demo.watched.at_least(BALANCE, (asked * balances.len()) as u64).await;
    assert_eq!(places(&status), ["@status ErrorVsOk"]);
    assert_eq!(status.judged.verdict, Verdict::Fail);
    assert!(against(&status).contains(&("failed calls", Verdict::Fail)), "{:?}", against(&status));
    let refused = demo.change(BALANCE, "canary 50%").await.unwrap_err();
    assert_eq!(refused.to_string(), "it was rolled back, which has to be acknowledged first");
    // A mapping that says `canary 50%` does not bring it there again.
    drop(demo.serving);
    demo = Demo::start(folder.path()).await;
    assert!(back(&demo.watched.route(BALANCE).await));
    assert!(demo.ask(&balances, 1).await.iter().all(|status| *status == 200));
}

#[actix_web::test]
async fn what_is_right_gets_to_answer_everyone_and_back() {
    let folder = TempDir::new().unwrap();
    let demo = Demo::start(folder.path()).await;
    let customers = ["/customers/00017", "/customers/00018", "/customers/99999"];
    // The facade's problems say more than the successor's.
    let answers_by_successor = async || {
        let answer = ask(&demo.serving.url("/api/v3"), &["/customers/99999"], 1).await.remove(0);
        let json = answer.json();
        assert_eq!((answer.status, &json["code"]), (404, &"fault-declared".into()));
        json.get("correlationId").is_none()
    };
    for stage in ["canary 10%", "canary 50%", "primary"] {
        demo.ask(&customers, 20).await;
        demo.watched.until(CUSTOMER, stage, |s| s.judged.verdict == Verdict::Pass).await;
        demo.change(CUSTOMER, stage).await.unwrap();
        demo.all_know().await;
    }
    assert!(answers_by_successor().await);
    demo.change(CUSTOMER, "legacy").await.unwrap();
    demo.all_know().await;
    assert!(!answers_by_successor().await);
}
