//! Pages: every row once, forth and back, and a way to the next one.

use std::collections::BTreeSet;
use std::sync::Arc;

use figleaf::sql::CursorKey;
use serde_json::Value;

use super::Ledger;
use crate::rig::Answer;

/// The address of a relation in a `Link` header.
fn link(answer: &Answer, rel: &str) -> Option<String> {
    let named = format!("rel=\"{rel}\"");
    let link = answer.header("link").split(", ").find(|link| link.ends_with(&named))?;
    Some(link.split_once('<')?.1.split_once('>')?.0.to_owned())
}

fn keys(answer: &Answer) -> Vec<(String, i64)> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let key =
        |row: &Value| (row["company"].as_str().unwrap().to_owned(), row["invNo"].as_i64().unwrap());
    answer.json().as_array().unwrap().iter().map(key).collect()
}

#[actix_web::test]
async fn a_walk_sees_every_row_once_forth_and_back() {
    let ledger = Ledger::open();
    for order in ["newest", "number"] {
        let mut path = format!("/api/v1/invoices?sort={order}&limit=7");
        let mut seen: Vec<(String, i64)> = Vec::new();
        let mut pages = vec![];
        loop {
            let answer = ledger.facade.get(&path).await;
            pages.push(keys(&answer));
            seen.extend(keys(&answer));
            assert_eq!(link(&answer, "first").is_some(), pages.len() > 1, "{path}");
            match link(&answer, "next") {
                Some(next) => path = next,
                None => break,
            }
        }
        let distinct: BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (300, 300), "{order}");
        // And back the whole way.
        for expected in pages.iter().rev().skip(1) {
            let answer = ledger.facade.get(&path).await;
            path = link(&answer, "prev").unwrap();
            assert_eq!(keys(&ledger.facade.get(&path).await), *expected);
        }
        let start = ledger.facade.get(&path).await;
        assert!(link(&start, "prev").is_none() && link(&start, "next").is_some());
    }
}

#[actix_web::test]
async fn a_walk_with_filters_keeps_them() {
    let ledger = Ledger::open();
    let answer = ledger.facade.get("/api/v1/invoices?status=OPEN&customer=00017&limit=1").await;
    let next = link(&answer, "next").unwrap();
    assert!(next.contains("status=OPEN&customer=00017&limit=1&cursor="), "{next}");
    assert_eq!(ledger.facade.get(&next).await.status, 200);
    // The cursor is good for this question only.
    let other = ledger.facade.get(&next.replace("00017", "00018")).await;
    assert_eq!((other.status, other.problem().as_str()), (400, "request-invalid"));
    let forged = ledger.facade.get("/api/v1/invoices?cursor=AAAA").await;
    assert_eq!(forged.json()["errors"][0]["parameter"], "cursor");
}

#[actix_web::test]
async fn an_envelope_has_items_links_and_a_total() {
    let ledger = Ledger::open();
    let path = "/api/v1/customers/00017/invoices?limit=2";
    let answer = ledger.facade.get(path).await;
    let page = answer.json();
    let total = ledger.asked("select count(*) from INVOICE where CUST_NO = '00017'");
    assert_eq!(page["total"].to_string(), total, "{answer:?}");
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert!(page["prev"].is_null());
    assert!(page["items"][0]["payments"].is_array(), "{page}");
    let next = page["next"].as_str().unwrap();
    assert_eq!(Some(next.to_owned()), link(&answer, "next"));
    let second = ledger.facade.get(next).await.json();
    assert_eq!(second["total"].to_string(), total);
    assert!(second["prev"].is_string() && second["items"] != page["items"]);
    let payments =
        page["items"].as_array().unwrap().iter().chain(second["items"].as_array().unwrap());
    assert!(payments.map(|item| item["payments"].as_array().unwrap().len()).sum::<usize>() > 0);
}

#[actix_web::test]
async fn pages_may_have_numbers_and_a_total() {
    let ledger = Ledger::with(
        "  GET /articles:\n    sql: ledger\n    query: select rtrim(ART_NO) as ART_NO from ARTICLE\n    page: { by: [ART_NO], size: 5, max: 10, style: offset, total: exact }\n",
    );
    let numbers = |answer: &Answer| answer.json().as_array().unwrap().len();
    let first = ledger.facade.get("/api/v1/articles").await;
    assert_eq!((numbers(&first), first.header("x-total-count")), (5, "12"));
    assert_eq!(link(&first, "next").unwrap(), "/api/v1/articles?page=2");
    let last = ledger.facade.get("/api/v1/articles?page=3").await;
    assert_eq!((numbers(&last), link(&last, "next")), (2, None));
    assert_eq!(link(&last, "prev").unwrap(), "/api/v1/articles?page=2");
    let beyond = ledger.facade.get("/api/v1/articles?page=4294967295&limit=10").await;
    assert_eq!((beyond.status, numbers(&beyond)), (200, 0));
}

#[actix_web::test]
async fn a_cursor_outlives_the_process_where_its_key_does() {
    let other = Ledger::open();
    let keyed = || {
        Ledger::shared("http://127.0.0.1:9/shop", |shared| {
            shared.cursors = Arc::new(CursorKey::new(b"a key of thirty-two bytes or more"));
        })
    };
    let first = keyed().facade.get("/api/v1/invoices").await;
    let next = link(&first, "next").unwrap();
    assert_eq!(keyed().facade.get(&next).await.status, 200);
    // Keys are random where none is given.
    assert_eq!(other.facade.get(&next).await.status, 400);
}

/// SQLite compares what is stored: codes padded with spaces, of which callers see nothing.
#[actix_web::test]
async fn keys_are_those_of_the_database() {
    let ledger = Ledger::with(
        "  GET /prices:
    sql: ledger
    query: SELECT PRICE_LIST, ART_NO, VALID_FROM, PRICE FROM PRICE
    page: { by: [PRICE_LIST, ART_NO, VALID_FROM] }
  GET /articles:
    sql: ledger
    query: SELECT ART_NO, DESCR FROM ARTICLE ORDER BY ART_NO
    include:
      prices:
        query: SELECT ART_NO, PRICE FROM PRICE WHERE ART_NO IN (SELECT value FROM json_each(:ids))
        keys: { ids: artNo }
        on: artNo
",
    );
    let mut path = "/api/v1/prices?limit=5".to_owned();
    let mut seen = Vec::new();
    loop {
        let answer = ledger.facade.get(&path).await;
        seen.extend(answer.json().as_array().unwrap().iter().map(Value::to_string));
        assert!(seen.len() <= 48, "a page came twice");
        match link(&answer, "next") {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (48, 48));
    let articles = ledger.facade.get("/api/v1/articles").await.json();
    for article in articles.as_array().unwrap() {
        assert_eq!(article["prices"].as_array().unwrap().len(), 4, "{article}");
    }
}
