//! One document of several calls.

use figleaf::demo::legacy::Mode;
use serde_json::json;

use super::{Ledger, Served};
use crate::rig::{LegacyShop, project};

const PATH: &str = "/api/v1/customers/00017/overview";

#[actix_web::test]
async fn one_resource_has_two_sources() {
    let shop = LegacyShop::open();
    let ledger = Ledger::beside(&shop.url);
    let answer = ledger.facade.get(PATH).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let whole = answer.json();
    let members: Vec<&String> = whole.as_object().unwrap().keys().collect();
    assert_eq!(members, ["customer", "balance", "openItems", "orders"]);
    assert!(whole["customer"].is_object() && whole["orders"].is_array(), "{whole}");
    let owed = "select round(sum(BALANCE), 3) from OPEN_ITEM where CUST_NO = '00017'";
    assert_eq!(whole["balance"].to_string(), ledger.asked(owed));
    assert_eq!(answer.header("x-figleaf-partial"), "");
    let unknown = ledger.facade.get(&format!("{PATH}?verbose=1")).await;
    assert_eq!((unknown.status, unknown.problem().as_str()), (400, "request-invalid"));
}

#[actix_web::test]
async fn a_part_may_fail_where_the_mapping_says_so() {
    let ledger = Ledger::with(
        "  GET /customers/{customerId}/overview:
    compose:
      owed: { sql: ledger, query: \"select round(sum(BALANCE), 3) as B from OPEN_ITEM where CUST_NO = :customerId\", result: scalar }
      bad: { sql: ledger, query: \"select abs(-9223372036854775807 - 1) as V\", result: one, on_failure: \"null\" }
      worse: { sql: ledger, query: \"select abs(-9223372036854775807 - 1) as V\", result: one, on_failure: omit }
      after: { sql: ledger, query: select :v as V, in: { v: parts.bad.v }, result: one, on_failure: omit }
",
    );
    let answer = ledger.facade.get(PATH).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let members: Vec<String> = answer.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["owed", "bad"]);
    assert_eq!(answer.json()["bad"], json!(null));
    assert_eq!(answer.header("x-figleaf-partial"), "bad, worse, after");
}

#[actix_web::test]
async fn a_part_that_must_be_there_is_the_whole() {
    let shop = LegacyShop::open();
    let ledger = Ledger::beside(&shop.url);
    let answer = ledger.facade.get("/api/v1/customers/99999/overview").await;
    assert!(answer.status >= 400, "{answer:?}");
    answer.problem();
    // The orders may be left out, the customer not.
    shop.misbehave(Mode::Fault200, 0);
    let answer = ledger.facade.get(PATH).await;
    assert_eq!((answer.status, answer.problem().as_str()), (502, "fault-server"), "{answer:?}");
}

#[actix_web::test]
async fn a_part_reads_what_another_gave() {
    let ledger = Ledger::with(
        "  GET /invoices/{company}/{invNo}/customer:
    compose:
      customer: { sql: ledger, query: \"select CUST_NO, NAME1 from CUSTOMER where CUST_NO = :custNo\", in: { custNo: parts.invoice.custNo }, result: one }
      invoice: { sql: ledger, query: \"select INV_NO, CUST_NO from INVOICE where COMPANY = :company and INV_NO = :invNo\", result: one }
",
    );
    let answer = ledger.facade.get("/api/v1/invoices/01/100001/customer").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let whole = answer.json();
    assert_eq!(whole["customer"]["custNo"], whole["invoice"]["custNo"]);
    assert!(whole["customer"]["name1"].is_string());
    let none = ledger.facade.get("/api/v1/invoices/01/99999/customer").await;
    assert_eq!((none.status, none.problem().as_str()), (404, "row-not-found"));
}

#[actix_web::test]
async fn a_call_of_one_source_reads_what_the_other_gave() {
    let shop = LegacyShop::open();
    let contract = project("wsdl/shop/OrderService.wsdl");
    let backend = format!(
        "  shop: {{ soap: {}, service: OrderService, port: OrderServiceSoap11, url: {} }}\n",
        contract.display(),
        shop.url
    );
    let ledger = Ledger::among(
        &backend,
        "  GET /orders/{orderId}/books:
    compose:
      order: { soap: shop.GetOrder, returns: order }
      books:
        sql: ledger
        query: \"select CUST_NO, count(*) as N from INVOICE where CUST_NO = :custNo\"
        in: { custNo: parts.order.customerId }
        result: one
",
    );
    let answer = ledger.facade.get("/api/v1/orders/42/books").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let whole = answer.json();
    assert_eq!(whole["books"]["custNo"], whole["order"]["customerId"], "{whole}");
}

#[actix_web::test]
async fn parts_run_at_once_and_each_has_its_time() {
    let Some(served) = Served::with(
        "  GET /parts:
    compose:
      a: { sql: ledger, query: \"select clock_timestamp() as at, pg_sleep(1)::text as s\", result: one }
      b: { sql: ledger, query: \"select clock_timestamp() as at, pg_sleep(1)::text as s\", result: one }
      late: { sql: ledger, query: \"select pg_sleep(30)::text as s\", result: one, timeout: 200ms, on_failure: omit }
",
    ) else {
        return;
    };
    let answer = served.facade.get("/api/v1/parts").await;
    assert_eq!((answer.status, answer.header("x-figleaf-partial")), (200, "late"), "{answer:?}");
    let at = |part: &str| -> jiff::Timestamp {
        answer.json()[part]["at"].as_str().unwrap().parse().unwrap()
    };
    let apart = at("a").duration_since(at("b")).abs();
    assert!(apart < jiff::SignedDuration::from_millis(900), "{apart:?}");
}
