//! Exit codes: 0 done, 1 problems were found, 2 the arguments or the input cannot be used.

use std::path::Path;

use crate::rig::{Output, figleaf, project};

const SHOP: (&str, &str) = ("SHOP_URL", "http://127.0.0.1:1/shop");

fn run(arguments: &[&str]) -> Output {
    figleaf(&project("."), arguments, &[SHOP])
}

#[track_caller]
fn ends(arguments: &[&str], code: i32, word: &str) {
    let output = run(arguments);
    let all = format!("{}{}", output.stdout, output.stderr);
    assert_eq!(output.code, code, "{arguments:?}: {all}");
    assert!(all.contains(word), "{arguments:?}: {word:?} is not in {all}");
    assert!(!all.contains("panicked"), "{all}");
}

#[test]
fn check_ends_with_0_1_or_2() {
    ends(&["check"], 0, "no problems: 34 routes on 4 backends in 4 files");
    ends(&["check", "--mappings", "mappings/shop.yaml"], 0, "8 routes");
    ends(&["check", "--mappings", "mappings/shop-v2.yaml"], 1, "error[mapping-");
    ends(&["check", "--mappings", "nowhere"], 2, "does not exist");
    ends(&["check", "--mappings", "fixtures"], 1, "there is no mapping");
    ends(&["check", "--mappings", "Cargo.toml"], 1, "error[mapping-");
    ends(&["check", "--format", "xml"], 2, "human");
    ends(&["chekc"], 2, "check");
}

#[test]
fn explain_shows_what_would_be_sent_and_sends_nothing() {
    let body = Path::new(env!("CARGO_TARGET_TMPDIR")).join("explain.json");
    let path = body.display().to_string();
    std::fs::write(&body, r#"{"reason":"a & b"}"#).unwrap();
    ends(&["explain", "GET", "/api/v1/orders/42"], 0, "<svc:OrderID>42</svc:OrderID>");
    ends(&["explain", "get", "/api/v1/orders?customer=00017&limit=2"], 0, "query.limit");
    ends(&["explain", "POST", "/api/v1/orders/44/cancel", "--body", &path], 0, "a &amp; b");
    ends(&["explain", "POST", "/api/v1/orders/44/cancel"], 1, "body");
    ends(&["explain", "GET", "/api/v1/orders/x"], 1, "orderId");
    ends(&["explain", "GET", "/api/v1/nothing"], 2, "GET /api/v1/orders/{orderId}");
    ends(&["explain", "DELETE", "/api/v1/orders/42"], 2, "GET, HEAD");
    ends(
        &["explain", "POST", "/api/v1/orders/44/cancel", "--body", "nowhere.json"],
        2,
        "nowhere.json",
    );
    ends(&["explain", "GET"], 2, "PATH");
    ends(&["explain", "GET", "/a", "--mappings", "mappings/shop-v2.yaml"], 2, "figleaf check");
}

#[test]
fn translate_tells_messages_from_arguments() {
    let wsdl = "wsdl/shop/OrderService.wsdl";
    let request = ["translate", "request", "--wsdl", wsdl, "--operation"];
    ends(&[&request[..], &["GetOrder"]].concat(), 1, "");
    ends(&[&request[..], &["GetOrdr"]].concat(), 2, "GetOrder");
    ends(
        &["translate", "request", "--wsdl", "nowhere.wsdl", "--operation", "A"],
        2,
        "nowhere.wsdl",
    );
    ends(&["translate", "both", "--wsdl", wsdl, "--operation", "GetOrder"], 2, "response");
}

#[test]
fn serve_does_not_start_with_a_problem() {
    ends(&["serve", "--mappings", "mappings/shop-v2.yaml"], 1, "error[mapping-");
    ends(&["serve", "--mappings", "nowhere"], 2, "does not exist");
    ends(&["serve", "--listen", "nowhere"], 2, "--listen");
    ends(&["serve", "--log-level", "a=b=c", "--listen", "127.0.0.1:0"], 2, "--log-level");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let told = format!("port {port} is taken");
    ends(&["serve", "--listen", &format!("127.0.0.1:{port}")], 2, &told);
    ends(&["demo", "--port", &port.to_string(), "--legacy-port", "0"], 2, &told);
    ends(&["demo", "--port", "0", "--legacy-port", &port.to_string()], 2, &told);
    ends(&["serve", "--listen", "203.0.113.1:80"], 2, "203.0.113.1:80");
}
