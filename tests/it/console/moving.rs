//! Moving a route by the form of its page.

use figleaf::store::AuditLine;
use figleaf::strangler::Stage;

use super::rig::{Rig, token};
use crate::migrating::stage;

#[tokio::test]
async fn a_form_moves_a_route_and_the_audit_says_who_and_why() {
    let rig = Rig::tokens(|_| {}).await;
    let rita = format!("Bearer {}", token("rita"));
    let headers = [("authorization", rita.as_str())];
    let moved = rig.act("to shadow", "begin, see OPS-12 <b>", &headers).await;
    assert_eq!(moved.status, 303, "{moved:?}");
    assert_eq!(rig.migrations.position(&rig.route).stage, Stage::Shadow);
    let back = moved.header("location").to_owned();
    let page = rig.get_with(&back, &headers).await;
    assert!(page.text.contains("Done. The route is in"), "{}", page.text);
    let lines = rig.migrations.audit(1).await.unwrap();
    let line: AuditLine = serde_json::from_str(&lines.last().unwrap().1).unwrap();
    let told = (line.actor.as_str(), line.origin.as_str(), line.reason.as_str());
    assert_eq!(told, ("rita", "console", "begin, see OPS-12 <b>"));
    assert!(page.text.contains("begin, see OPS-12 &lt;b&gt;"));
}

#[tokio::test]
async fn a_gate_that_is_not_open_says_why() {
    let rig = Rig::local(|plan| plan.stage = Stage::Shadow).await;
    let refused = rig.act("to canary 5%", "it looks \"good\" <i>", &[]).await;
    assert_eq!(refused.status, 409);
    for words in [
        "Nothing was changed.",
        "The gate says insufficient.",
        "match rate</b>: 0 of 0: between 0.00 % and 100.00 %; wanted: at least 99.50 %",
        "it looks &quot;good&quot; &lt;i&gt;</textarea>",
    ] {
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    rig.good_evidence().await;
    assert_eq!(rig.act("to canary 5%", "it is good", &[]).await.status, 303);
    assert_eq!(rig.migrations.position(&rig.route).stage, stage("canary 5%"));
    let far = rig.act("to primary", "at once", &[]).await;
    assert_eq!(far.status, 409);
    assert!(far.text.contains("Primary is more than one step"), "{}", far.text);
}

#[tokio::test]
async fn each_role_reaches_as_far_as_it_does() {
    let rig = Rig::tokens(|plan| plan.stage = Stage::Standby).await;
    let check = async |name: &str, action: &str, expected: (u16, &str)| {
        let bearer = format!("Bearer {}", token(name));
        let answer = rig.act(action, "because", &[("authorization", &bearer)]).await;
        assert_eq!(answer.status, expected.0, "{name} {action}: {answer:?}");
        assert!(answer.text.contains(expected.1), "{name} {action}: {}", answer.text);
    };
    check("vera", "hold", (403, "This needs the role operator; yours is viewer.")).await;
    check("vera", "to legacy", (403, "needs the role operator")).await;
    check("otto", "hold", (303, "")).await;
    check("otto", "let go", (303, "")).await;
    check("rita", "to retired", (403, "needs the role owner")).await;
    check("olga", "to retired", (400, "say that you mean it")).await;
    check("otto", "to shadow", (303, "")).await;
    check("otto", "to canary 5%", (403, "needs the role releaser")).await;
    check("rita", "to canary 5%", (409, "The gate says insufficient.")).await;
    let told = rig.migrations.audit(1).await.unwrap().len();
    assert_eq!(told, 4, "what was refused is no change");
}

#[tokio::test]
async fn a_change_needs_a_reason_and_a_form_of_this_console() {
    let rig = Rig::local(|_| {}).await;
    let (proof, origin, path) = (rig.proof(&[]).await, rig.url(""), rig.page());
    let check = async |proof: &str, reason: &str, headers: &[(&str, &str)], status: u16| {
        let fields = [("proof", proof), ("action", "to shadow"), ("reason", reason)];
        let answer = rig.post(&path, &fields, headers).await;
        assert_eq!(answer.status, status, "{headers:?} {reason}: {answer:?}");
    };
    let own = ("origin", origin.as_str());
    check(&proof, "why", &[], 403).await;
    check(&proof, "why", &[("origin", "http://evil.example")], 403).await;
    check(&proof, "why", &[("origin", "null")], 403).await;
    check(&proof, "why", &[own, ("sec-fetch-site", "cross-site")], 403).await;
    check("", "why", &[own], 403).await;
    check(&"0".repeat(64), "why", &[own], 403).await;
    check(&proof, "", &[own], 400).await;
    check(&proof, " \r\n", &[own], 400).await;
    check(&proof, &"x".repeat(1_001), &[own], 400).await;
    check(&proof, &"x".repeat(20_000), &[own], 413).await;
    assert_eq!(rig.migrations.position(&rig.route).stage, Stage::Legacy);
    let json = crate::rig::client()
        .post(rig.url(&path))
        .header("origin", &origin)
        .header("content-type", "text/plain")
        .body("action=hold");
    assert_eq!(json.send().await.unwrap().status(), 415);
    check(&proof, "why", &[own, ("sec-fetch-site", "same-origin")], 303).await;
    assert_eq!(rig.migrations.position(&rig.route).stage, Stage::Shadow);
}

#[tokio::test]
async fn the_form_of_one_is_no_form_of_another() {
    let rig = Rig::tokens(|_| {}).await;
    let bearer = |name| format!("Bearer {}", token(name));
    let (vera, olga, origin) = (bearer("vera"), bearer("olga"), rig.url(""));
    let proof = rig.proof(&[("authorization", &vera)]).await;
    let fields = [("proof", proof.as_str()), ("action", "hold"), ("reason", "why")];
    let headers = [("authorization", olga.as_str()), ("origin", &origin)];
    let answer = rig.post(&rig.page(), &fields, &headers).await;
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(!rig.migrations.position(&rig.route).held);
}
