//! What is changed, and what must not be.

use serde_json::json;

use super::Ledger;

const PAYMENT: &str = r#"{"company":"01","invNo":100001,"paidOn":"2009-06-01","amount":12.340,"method":"BANK","ref":"R-1"}"#;

#[actix_web::test]
async fn what_is_created_has_a_place() {
    let ledger = Ledger::open();
    let answer = ledger.facade.post("/api/v1/payments", PAYMENT).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let location = answer.header("location").to_owned();
    let created = answer.json();
    assert_eq!(location, format!("/api/v1/payments/{}", created["payId"]));
    let read = ledger.facade.get(&location).await;
    assert_eq!((read.status, read.json()), (200, created));

    let twice = ledger.facade.post("/api/v1/payments", PAYMENT).await;
    assert_eq!((twice.status, twice.problem().as_str()), (409, "database-duplicate"), "{twice:?}");
    assert_eq!(twice.json()["title"], "Payment is booked already");
    assert_eq!(twice.json()["outcome"], "rejected");
    let nowhere = PAYMENT.replace("\"invNo\":100001", "\"invNo\":99999").replace("R-1", "R-2");
    let nowhere = ledger.facade.post("/api/v1/payments", &nowhere).await;
    assert_eq!((nowhere.status, nowhere.problem().as_str()), (422, "database-reference"));
    assert_eq!(nowhere.json()["title"], "No such invoice");

    let gone = ledger.send("DELETE", &location, &[], "").await;
    assert_eq!((gone.status, gone.json()), (200, json!({"affected": 1})));
    let again = ledger.send("DELETE", &location, &[], "").await;
    assert_eq!((again.status, again.problem().as_str()), (404, "row-not-found"));
}

#[actix_web::test]
async fn a_body_is_checked_before_anything_is_sent() {
    let ledger = Ledger::open();
    let body =
        r#"{"company":"01","invNo":"one","paidOn":"2009-02-30","amount":12,"methode":"BANK"}"#;
    let answer = ledger.facade.post("/api/v1/payments", body).await;
    assert_eq!((answer.status, answer.problem().as_str()), (400, "request-invalid"));
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    let mut places: Vec<&str> = errors.iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    places.sort_unstable();
    assert_eq!(places, ["/invNo", "/method", "/methode", "/paidOn"], "{errors:?}");
    let twice = ledger.facade.post("/api/v1/payments", r#"{"company":"1","company":"2"}"#).await;
    assert_eq!(twice.problem(), "request-malformed");
    assert_eq!(ledger.facade.post("/api/v1/payments", "").await.problem(), "request-invalid");
}

#[actix_web::test]
async fn a_change_names_the_version_it_changes() {
    let ledger = Ledger::open();
    let path = "/api/v1/invoices/01/100001/note";
    let note = r#"{"note":"called on Monday"}"#;
    let put = async |tag: &str| {
        let headers = [("if-match", tag)];
        ledger.send("PUT", path, if tag.is_empty() { &[] } else { &headers }, note).await
    };
    let without = put("").await;
    assert_eq!((without.status, without.problem().as_str()), (428, "precondition-required"));
    assert_eq!(put("*").await.status, 400);
    assert_eq!(put("W/\"1\"").await.status, 400);
    let stale = put("\"7\"").await;
    assert_eq!((stale.status, stale.problem().as_str()), (412, "row-changed"));
    let done = put("\"1\"").await;
    assert_eq!((done.status, done.json()["version"].clone()), (200, json!(2)), "{done:?}");
    assert_eq!(put("\"1\"").await.status, 412);
    assert_eq!(
        ledger.asked("select NOTE from INVOICE where COMPANY='01' and INV_NO=100001"),
        "called on Monday"
    );
}

#[actix_web::test]
async fn several_statements_are_done_together_or_not_at_all() {
    let ledger = Ledger::open();
    let invoice = |article: &str| {
        json!({
            "company": "01", "customer": "00017", "issuedOn": "2010-01-04", "dueOn": "2010-02-03",
            "lines": [{"article": "B-7", "quantity": 3}, {"article": article, "quantity": 2}],
        })
        .to_string()
    };
    let count = || ledger.asked("select count(*) from INVOICE");
    let before = count();
    let answer = ledger.facade.post("/api/v1/invoices", &invoice("A-100")).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let made = answer.json();
    assert_eq!(made["net"].to_string(), "3.617", "{made}");
    let read = ledger.facade.get(answer.header("location")).await;
    assert_eq!(read.json()["lines"].as_array().unwrap().len(), 2, "{read:?}");
    assert_ne!(count(), before);
    let after = count();
    // The second statement fails, and the first has not happened.
    let unknown = ledger.facade.post("/api/v1/invoices", &invoice("nothing")).await;
    assert_eq!(unknown.status, 422, "{unknown:?}");
    assert_eq!(unknown.json()["title"], "An article is not in the price list");
    assert_eq!(count(), after);
}

#[actix_web::test]
async fn a_change_beyond_its_bounds_is_undone() {
    let ledger = Ledger::with(
        "  DELETE /payments:\n    sql: ledger\n    query: delete from PAYMENT where METHOD = :method\n    in: { method: query.method }\n    result: affected\n    max_affected: 1\n  POST /prices:\n    sql: ledger\n    query: update PRICE set PRICE = PRICE + 1 where PRICE_LIST = :list returning ART_NO\n    result: one\n",
    );
    let count = || ledger.asked("select count(*) from PAYMENT");
    let before = count();
    let answer = ledger.send("DELETE", "/api/v1/payments?method=BANK", &[], "").await;
    assert_eq!((answer.status, answer.problem().as_str()), (409, "database-affected"));
    assert_eq!(count(), before);
    // Rows that are not what the route declares have not been changed either.
    let prices = || ledger.asked("select sum(PRICE) from PRICE");
    let before = prices();
    let answer = ledger.facade.post("/api/v1/prices", r#"{"list":"STD "}"#).await;
    assert_eq!((answer.status, answer.problem().as_str()), (500, "database-rows"), "{answer:?}");
    assert_eq!(prices(), before);
}
