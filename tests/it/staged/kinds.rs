//! Candidates of every kind: another SOAP service, a statement, the same operation mapped
//! differently.

use super::side::{Reply, Side};
use super::stand::{STOCK, Stand, legacy, stock_json, stock_xml};

/// The stock's route with this candidate.
fn mapping(sides: &(Side, Side), database: &str, candidate: &str) -> String {
    let soap =
        "soap: ../wsdl/shop/OrderService.wsdl, service: OrderService, port: OrderServiceSoap11";
    let (legacy, next) = (sides.0.url(), sides.1.url());
    format!(
        "figleaf: 1
api: shop
version: v1
backends:
  shop: {{ {soap}, url: {legacy}/shop }}
  next: {{ {soap}, url: {next}/shop }}
  ledger: {{ sqlite: {database} }}
routes:
  GET /stock/{{articleNumber}}:
    soap: shop.CheckStock
    in: {{ warehouse: query.warehouse }}
    candidate: {candidate}
    stage: shadow
    canary: {{ key: [header.X-Tenant] }}
    shadow: {{ noise: 0% }}
    compare: {{ rules: {{ stock: {{ nullish: {{ empty: true }} }} }} }}
"
    )
}

/// A facade with this candidate, after reads of `a0` to `a9`: its answers, then what was found.
async fn check(sides: &(Side, Side), candidate: &str, mismatches: &[&str], compared: u64) -> Stand {
    let folder = tempfile::TempDir::new().unwrap();
    let database = folder.path().join("ledger.db");
    let ledger = rusqlite::Connection::open(&database).unwrap();
    let rows = (0..10).map(|n| format!("('a{n}', {})", if n == 3 { 8 } else { 7 }));
    let rows = rows.collect::<Vec<_>>().join(", ");
    let table = format!(
        "create table stock (article_number text not null, available integer not null); insert into stock values {rows}"
    );
    ledger.execute_batch(&table).unwrap();
    let stand = Stand::of(&mapping(sides, &database.display().to_string(), candidate)).await;
    for n in 0..10 {
        let answer = stand.facade.get(&format!("/api/v1/stock/a{n}")).await;
        assert_eq!(answer.text, stock_json(&format!("a{n}"), 7));
    }
    let status = stand.status(STOCK, |status| status.evidence.compared >= compared).await;
    let found: Vec<_> = status.mismatches.iter().map(|(c, p, n)| format!("{c} {p} {n}")).collect();
    assert_eq!(
        (found, status.evidence.compared),
        (mismatches.iter().map(ToString::to_string).collect(), compared)
    );
    stand.put(STOCK, "primary").await;
    for n in [2, 3] {
        let answer = stand.facade.get(&format!("/api/v1/stock/a{n}")).await;
        let wrong = n == 3 && !mismatches.is_empty();
        assert_eq!(answer.json()["available"], if wrong { 8 } else { 7 }, "{answer:?}");
    }
    stand
}

#[actix_web::test]
async fn another_soap_service_is_asked_in_its_own_words() {
    let sides = (
        Side::new(legacy),
        Side::new(|asked| match asked.element("ArticleNumber") {
            "a3" => Reply::xml(stock_xml("a3", 8)),
            article => Reply::xml(stock_xml(article, 7)),
        }),
    );
    let candidate = "{ soap: next.CheckStock, in: { warehouse: query.warehouse } }";
    check(&sides, candidate, &["Value available 1"], 10).await;
    let asked = sides.1.asked();
    assert!(asked[0].is_marked() && asked[0].header("soapaction").is_some(), "{asked:?}");
    assert!(asked[0].header("traceparent").is_some());
    assert_eq!(sides.1.calls(), (2, 10));
}

#[actix_web::test]
async fn a_statement_is_asked_beside_the_service_it_replaces() {
    let sides = (Side::new(legacy), Side::new(legacy));
    let candidate = "{ sql: ledger, query: \"select article_number, available from stock where article_number = :articleNumber\", result: one }";
    check(&sides, candidate, &["Value available 1"], 10).await;
    assert_eq!(sides.1.calls(), (0, 0));
}

#[actix_web::test]
async fn another_mapping_of_the_same_operation_is_on_the_legacy_systems_account() {
    let sides = (Side::new(legacy), Side::new(legacy));
    let candidate = "{ soap: shop.CheckStock, in: { warehouse: { const: N } } }";
    check(&sides, candidate, &[], 1).await;
    // One is always allowed, and 2 % of ten are none; in primary the other is the same again.
    assert_eq!(sides.0.calls(), (12, 1));
}
