//! What comes of reading: one row, many, a number, a tree.

use serde_json::json;

use super::Ledger;

#[actix_web::test]
async fn one_invoice_is_one_document_with_its_lines() {
    let ledger = Ledger::open();
    let answer = ledger.facade.get("/api/v1/invoices/01/100001").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    let invoice = answer.json();
    assert_eq!((&invoice["company"], &invoice["invNo"]), (&json!("01"), &json!(100_001)));
    let lines = invoice["lines"].as_array().unwrap();
    let count =
        ledger.asked("select count(*) from INVOICE_LINE where COMPANY = '01' and INV_NO = 100001");
    assert_eq!(lines.len().to_string(), count);
    assert!(lines.iter().all(|line| line["description"].is_string()), "{invoice}");

    let none = ledger.facade.get("/api/v1/invoices/01/999999").await;
    assert_eq!((none.status, none.problem().as_str()), (404, "row-not-found"));
}

#[actix_web::test]
async fn a_caller_who_has_the_version_is_told_so() {
    let ledger = Ledger::open();
    let path = "/api/v1/invoices/01/100001";
    let tag = ledger.facade.get(path).await.header("etag").to_owned();
    assert_eq!(tag, "\"1\"");
    let same = ledger.send("GET", path, &[("if-none-match", &tag)], "").await;
    assert_eq!((same.status, same.text.as_str(), same.header("etag")), (304, "", tag.as_str()));
    let other = ledger.send("GET", path, &[("if-none-match", "\"2\"")], "").await;
    assert_eq!(other.status, 200);
}

#[actix_web::test]
async fn a_scalar_is_a_document_too() {
    let ledger = Ledger::open();
    let answer = ledger.facade.get("/api/v1/customers/00017/balance").await;
    let owed = "select round(sum(BALANCE), 3) from OPEN_ITEM where CUST_NO = '00017'";
    assert_eq!((answer.status, answer.text), (200, ledger.asked(owed)));
}

#[actix_web::test]
async fn what_the_route_does_not_declare_is_refused() {
    let ledger = Ledger::open();
    let answer = ledger.facade.get("/api/v1/invoices?costumer=00017&status=OPEN&limit=0").await;
    assert_eq!((answer.status, answer.problem().as_str()), (400, "request-invalid"));
    let errors = answer.json()["errors"].clone();
    let of = |at: usize| (errors[at]["parameter"].clone(), errors[at]["detail"].to_string());
    assert_eq!(of(0).0, "costumer");
    assert!(of(0).1.contains("did you mean `customer`"), "{errors}");
    assert_eq!(of(1).0, "limit");
    let body = ledger.send("GET", "/api/v1/invoices", &[], "{}").await;
    assert_eq!(body.status, 400, "{body:?}");
}

#[actix_web::test]
async fn a_head_has_no_body() {
    let ledger = Ledger::open();
    for path in ["/api/v1/invoices/01/100001", "/api/v1/invoices", "/api/v1/exports/invoices"] {
        let answer = ledger.send("HEAD", path, &[], "").await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""), "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[actix_web::test]
async fn a_value_is_a_value_whatever_it_says() {
    let ledger = Ledger::open();
    let before = ledger.asked("select count(*) from INVOICE");
    for text in
        ["' or '1'='1", "x'; drop table INVOICE; --", "\\' or 1=1 --", "%27%20or%201=1", "00017\0"]
    {
        let customer: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let answer = ledger.facade.get(&format!("/api/v1/invoices?customer={customer}")).await;
        assert!(answer.status == 400 || answer.text == "[]", "{text}: {answer:?}");
        let answer = ledger.facade.get(&format!("/api/v1/customers/{customer}/balance")).await;
        assert!(answer.status == 400 || answer.text == "0", "{text}: {answer:?}");
    }
    assert_eq!(ledger.asked("select count(*) from INVOICE"), before);
}

#[actix_web::test]
async fn an_optional_row_may_be_missing() {
    let ledger = Ledger::with(
        "  GET /articles/{artNo}:\n    sql: ledger\n    query: select DESCR from ARTICLE where rtrim(ART_NO) = :artNo\n    result: optional\n",
    );
    let there = ledger.facade.get("/api/v1/articles/B-7").await;
    assert_eq!((there.status, there.json()), (200, json!({"descr": "Dichtung"})));
    let none = ledger.facade.get("/api/v1/articles/B-8").await;
    assert_eq!((none.status, none.text.as_str()), (204, ""));
}

#[actix_web::test]
async fn health_knows_the_ledger() {
    let ledger = Ledger::open();
    let ready = ledger.facade.get("/health/ready").await;
    assert_eq!(ready.json()["backends"]["ledger"], json!({"circuit": "closed"}));
}
