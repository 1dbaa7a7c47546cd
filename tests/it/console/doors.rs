//! Who comes in, from where.

use std::net::SocketAddr;

use figleaf::console::{Access, Tokens};

use super::rig::{Rig, TOKENS, token};

#[test]
fn beyond_this_machine_there_have_to_be_tokens() {
    let check = |address: &str, tokens: bool, expected: bool| {
        let address: SocketAddr = address.parse().unwrap();
        let tokens = tokens.then(|| Tokens::parse(TOKENS).unwrap());
        assert_eq!(Access::new(address, tokens).is_ok(), expected, "{address}");
    };
    check("127.0.0.1:9090", false, true);
    check("[::1]:9090", false, true);
    check("0.0.0.0:9090", false, false);
    check("[::]:9090", false, false);
    check("10.0.0.5:9090", false, false);
    check("0.0.0.0:9090", true, true);
}

#[tokio::test]
async fn every_answer_forbids_what_pages_do_not_need() {
    let rig = Rig::local(|_| {}).await;
    for path in ["/", "/audit", "/api/status", "/metrics", "/nowhere", "/style.css"] {
        let answer = rig.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("script"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let kept = if path == "/style.css" { "max-age=300" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), kept, "{path}");
        assert!(!answer.text.contains("<script") && !answer.text.contains("style="), "{path}");
    }
}

#[tokio::test]
async fn another_name_for_this_machine_gets_nothing() {
    let rig = Rig::local(|_| {}).await;
    let check = async |host: &str, status: u16| {
        let answer = rig.get_with("/api/status", &[("host", host)]).await;
        assert_eq!(answer.status, status, "{host}: {answer:?}");
        assert_eq!(answer.text.contains(&rig.route), status == 200, "{host}");
    };
    check(&rig.address.to_string(), 200).await;
    check("localhost:1234", 200).await;
    check("rebound.example", 421).await;
    check("127.0.0.1.rebound.example", 421).await;
    let origin = [("host", "rebound.example"), ("origin", "http://rebound.example")];
    let path = rig.page();
    assert_eq!(rig.post(&path, &[("action", "hold")], &origin).await.status, 421);
}

#[tokio::test]
async fn a_token_opens_the_door_and_nothing_else_does() {
    let rig = Rig::tokens(|_| {}).await;
    let check = async |path: &str, headers: &[(&str, &str)], status: u16| {
        let answer = rig.get_with(path, headers).await;
        assert_eq!(answer.status, status, "{path} {headers:?}: {answer:?}");
        assert!(status == 200 || !answer.text.contains(&rig.route), "{answer:?}");
        answer
    };
    let vera = format!("Bearer {}", token("vera"));
    for path in ["/", "/audit", "/api/status", "/metrics", &rig.page()] {
        let refused = check(path, &[], 401).await;
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        check(path, &[("authorization", "Bearer token-of-nobody-at-all")], 401).await;
        check(path, &[("authorization", "Basic dmVyYTp4")], 401).await;
        check(path, &[("cookie", "figleaf_console=0123456789abcdef")], 401).await;
        check(path, &[("authorization", &vera)], 200).await;
    }
    let led = check("/", &[("accept", "text/html,*/*;q=0.8")], 303).await;
    assert_eq!(led.header("location"), "/login");
    assert!(check("/login", &[], 200).await.text.contains("type=\"password\""));
}

#[tokio::test]
async fn a_browser_comes_in_by_a_form_and_leaves() {
    let rig = Rig::tokens(|_| {}).await;
    let origin = rig.url("");
    let own = [("origin", origin.as_str())];
    let wrong = rig.post("/login", &[("token", "token-of-nobody-at-all")], &own).await;
    assert_eq!((wrong.status, wrong.header("set-cookie")), (403, ""), "{wrong:?}");
    let other = [("origin", "http://evil.example")];
    let forged = rig.post("/login", &[("token", token("olga"))], &other).await;
    assert_eq!((forged.status, forged.header("set-cookie")), (403, ""));
    let entered = rig.post("/login", &[("token", token("olga"))], &own).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/"));
    let cookie = entered.header("set-cookie");
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.split("; ").any(|part| part == word), "{cookie}");
    }
    let kept = cookie.split(';').next().unwrap();
    let page = rig.get_with("/", &[("cookie", kept)]).await;
    assert!(page.status == 200 && page.text.contains("olga"), "{page:?}");
    let left = rig.post("/logout", &[], &[("cookie", kept), own[0]]).await;
    assert_eq!(left.status, 303);
    assert_eq!(rig.get_with("/", &[("cookie", kept)]).await.status, 401);
}

#[tokio::test]
async fn paths_take_their_methods_and_no_other() {
    let rig = Rig::local(|_| {}).await;
    let check = async |method: &str, path: &str, status: u16| {
        let request = crate::rig::client().request(method.parse().unwrap(), rig.url(path));
        assert_eq!(request.send().await.unwrap().status(), status, "{method} {path}");
    };
    check("HEAD", "/", 200).await;
    check("POST", "/", 405).await;
    check("POST", "/api/status", 405).await;
    check("PUT", &rig.page(), 405).await;
    check("GET", "/logout", 405).await;
    check("GET", "/routes/GET%20%2Fnone", 404).await;
    check("GET", "/routes/%ff", 404).await;
    check("OPTIONS", "/nowhere", 404).await;
    check("GET", "/login", 303).await;
}
