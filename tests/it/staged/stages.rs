//! Who answers and who is asked, by stage, counted at the backends.

use serde_json::json;

use super::side::{Reply, Side};
use super::stand::{CANCEL, STOCK, Stand, candidate, legacy, mapping, plan, stock_json};
use crate::rig::{Answer, client, eventually};

const NO_NOISE: &str = "    shadow: { noise: 0%, budget: 100% }\n";

#[actix_web::test]
async fn each_stage_answers_from_one_side_and_asks_the_other_as_the_table_says() {
    let sides = (Side::new(legacy), Side::new(candidate));
    let read = format!("{NO_NOISE}    canary: {{ key: [header.X-Tenant] }}\n");
    let stand = Stand::of(&mapping((&sides.0, &sides.1), &read, "")).await;
    // Calls for callers and besides: of reads by legacy and candidate, of writes by both.
    let table = [
        ("legacy", (10, 0), (0, 0), (10, 0), (0, 0)),
        ("shadow", (10, 0), (0, 10), (10, 0), (0, 0)),
        ("canary 99.99%", (0, 10), (10, 0), (0, 0), (10, 0)),
        ("primary", (0, 10), (10, 0), (0, 0), (10, 0)),
        ("standby", (0, 0), (10, 0), (0, 0), (10, 0)),
        ("retired", (0, 0), (10, 0), (0, 0), (10, 0)),
    ];
    for (stage, legacy_read, candidate_read, legacy_write, candidate_write) in table {
        stand.put(STOCK, stage).await;
        stand.put(CANCEL, stage).await;
        for n in 0..10 {
            let request = client().get(stand.facade.url(&format!("/api/v1/stock/a{n}")));
            let answer = Answer::of(request.header("x-tenant", "t").send().await.unwrap()).await;
            assert_eq!(answer.json()["available"], 7, "{stage} {answer:?}");
        }
        eventually("they are asked", async || {
            (sides.0.calls(), sides.1.calls()) == (legacy_read, candidate_read)
        })
        .await;
        sides.0.forget();
        sides.1.forget();
        for n in 0..10 {
            let path = format!("/api/v1/orders/{n}/cancel");
            let answer = stand.facade.post(&path, r#"{"reason":"r"}"#).await;
            assert_eq!(answer.json()["orderId"], n, "{stage} {answer:?}");
        }
        assert_eq!((sides.0.calls(), sides.1.calls()), (legacy_write, candidate_write), "{stage}");
        sides.0.forget();
        sides.1.forget();
    }
}

#[actix_web::test]
async fn a_candidate_gets_path_query_body_and_headers_and_those_of_one_hop_stay() {
    let sides = (Side::new(legacy), Side::new(candidate));
    let read = format!("{NO_NOISE}    canary: {{ key: [header.X-Tenant] }}\n");
    let stand = Stand::of(&mapping((&sides.0, &sides.1), &read, "")).await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for (stage, is_marked) in [("shadow", true), ("primary", false)] {
        stand.put(STOCK, stage).await;
        sides.1.forget();
        let request = client().get(stand.facade.url("/api/v1/stock/a%2Fb?warehouse=N%20W"));
        let request = request
            .header("connection", "x-mine")
            .header("x-mine", "1")
            .header("te", "trailers")
            .header("x-tenant", "t")
            .header("x-shadow", "1")
            .header("authorization", "Bearer b")
            .header("if-none-match", "\"e\"")
            .header("range", "bytes=0-1")
            .header("traceparent", trace);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        eventually("it is asked", async || !sides.1.asked().is_empty()).await;
        let asked = sides.1.asked().remove(0);
        assert_eq!((&*asked.method, &*asked.target), ("GET", "/v2/stock/a%2Fb?wh=N%20W"));
        for gone in ["x-mine", "te", "transfer-encoding"] {
            assert_eq!(asked.header(gone), None, "{stage} {asked:?}");
        }
        assert_eq!(asked.header("x-tenant"), Some("t"));
        assert_eq!(asked.header("authorization"), Some("Bearer b"));
        assert_eq!(asked.header("x-request-id"), Some(answer.header("x-request-id")));
        assert_eq!(asked.header("traceparent").unwrap()[3..35], trace[3..35]);
        let left: u64 = asked.header("x-request-timeout-ms").unwrap().parse().unwrap();
        assert!(left > 500 && left <= 5_000, "{left}");
        assert_eq!(asked.is_marked(), is_marked, "{stage}");
        // A call besides wants a whole answer, as it can be read here.
        assert_eq!(asked.header("if-none-match").is_some(), !is_marked);
        assert_eq!(asked.header("range").is_some(), !is_marked);
        assert_eq!(asked.header("accept-encoding") == Some("identity"), is_marked);
    }
    stand.put(CANCEL, "primary").await;
    sides.1.forget();
    stand.facade.post("/api/v1/orders/5/cancel", r#"{"reason":"r"}"#).await;
    let asked = sides.1.asked().remove(0);
    assert_eq!((&*asked.method, &*asked.target), ("POST", "/v2/orders/5/cancel"));
    assert_eq!((&*asked.body, asked.is_marked()), (r#"{"reason":"r"}"#, false));
    assert_eq!(asked.header("content-type"), Some("application/json"));
}

#[actix_web::test]
async fn without_a_key_a_caller_of_a_canary_gets_the_legacy_answer() {
    let sides = (Side::new(legacy), Side::new(|_| Reply::json(stock_json("other", 1))));
    let read = format!("{NO_NOISE}    canary: {{ key: [header.X-Tenant] }}\n");
    let stand = Stand::of(&mapping((&sides.0, &sides.1), &read, "")).await;
    stand.put(STOCK, "canary 99.99%").await;
    let answer = stand.facade.get("/api/v1/stock/a").await;
    assert_eq!(answer.json(), json!({ "articleNumber": "a", "available": 7, "stock": [] }));
    let status = stand.status(STOCK, |status| status.evidence.compared == 1).await;
    assert_eq!(status.evidence.mismatched, 1);
}

#[actix_web::test]
async fn a_route_that_loses_its_candidate_by_a_reload_stays_where_it_was_for_requests_on_their_way()
{
    let sides = (Side::new(legacy), Side::new(candidate));
    let read = "    stage: primary\n    canary: { key: [header.X-Tenant] }\n";
    let text = mapping((&sides.0, &sides.1), read, "");
    let stand = Stand::of(&text).await;
    let stock = text.find("    candidate: { http: modern, path: \"/v2/stock").unwrap();
    let cancel = text.find("  POST /orders").unwrap();
    stand.migrations.adopt(&plan(&format!("{}{}", &text[..stock], &text[cancel..]))).await.unwrap();
    // The server has not taken the new plan yet.
    assert_eq!(stand.facade.get("/api/v1/stock/a").await.status, 200);
    assert_eq!((sides.0.calls(), sides.1.calls()), ((0, 0), (1, 0)));
}
