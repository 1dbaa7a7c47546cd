//! A facade with two sides: the legacy system and its candidate.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use figleaf::migration::{Migrations, Options, RouteStatus};
use figleaf::plan::Plan;
use figleaf::store::{StageChange, Store};
use figleaf::strangler::{Position, Stage};

use super::side::{Asked, Reply, Side};
use crate::rig::{Facade, Variables, compile, eventually, mapping_folder, project};

pub const STOCK: &str = "GET /api/v1/stock/{articleNumber}";
pub const CANCEL: &str = "POST /api/v1/orders/{orderId}/cancel";

/// `CheckStock` of the legacy shop.
pub fn stock_xml(article: &str, available: u32) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>\
         <StockReport xmlns='http://legacy.shop.example/orders/2009/service/'>\
         <ArticleNumber>{article}</ArticleNumber><Available>{available}</Available>\
         </StockReport></e:Body></e:Envelope>"
    )
}

/// What callers get of it.
pub fn stock_json(article: &str, available: u32) -> String {
    format!(r#"{{"articleNumber":"{article}","available":{available},"stock":[]}}"#)
}

/// `CancelOrder` of the legacy shop.
pub fn cancel_xml(order: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>\
         <s:CancelOrderResponse xmlns:s='http://legacy.shop.example/orders/2009/service/'>\
         <s:CancelOrderResult xmlns:q='http://legacy.shop.example/orders/2009/'>\
         <q:OrderID>{order}</q:OrderID><q:Status>CANCELLED</q:Status><q:Reason>r</q:Reason>\
         </s:CancelOrderResult></s:CancelOrderResponse></e:Body></e:Envelope>"
    )
}

pub fn cancel_json(order: &str) -> String {
    format!(r#"{{"orderId":{order},"status":"CANCELLED","reason":"r"}}"#)
}

/// The legacy system, right in everything.
pub fn legacy(asked: &Asked) -> Reply {
    match asked.element("OrderID") {
        "" => Reply::xml(stock_xml(asked.element("ArticleNumber"), 7)),
        order => Reply::xml(cancel_xml(order)),
    }
}

/// The candidate, right in everything: `/v2/stock/{articleNumber}`,
/// `/v2/orders/{orderId}/cancel`.
pub fn candidate(asked: &Asked) -> Reply {
    let path = asked.target.split('?').next().unwrap();
    let segments: Vec<_> = path.split('/').collect();
    match segments[..] {
        [_, _, "stock", article] => Reply::json(stock_json(article, 7)),
        [_, _, "orders", order, "cancel"] => Reply::json(cancel_json(order)),
        _ => Reply::Answer(404, String::new(), Vec::new()),
    }
}

/// A mapping of both; `read` and `write` are further keys of the two routes, each with its
/// indentation.
pub fn mapping((legacy, candidate): (&Side, &Side), read: &str, write: &str) -> String {
    let (legacy, candidate) = (legacy.url(), candidate.url());
    let limits = "timeout: { connect: 1s, total: 2s }, breaker: { failures: 100000 }";
    format!(
        "figleaf: 1
api: shop
version: v1
backends:
  shop: {{ soap: ../wsdl/shop/OrderService.wsdl, service: OrderService, port: OrderServiceSoap11, url: {legacy}/shop, {limits} }}
  modern: {{ http: {candidate}, {limits} }}
routes:
  GET /stock/{{articleNumber}}:
    soap: shop.CheckStock
    in: {{ warehouse: query.warehouse }}
    candidate: {{ http: modern, path: \"/v2/stock/{{articleNumber}}\", query_string: {{ wh: query.warehouse }} }}
{read}  POST /orders/{{orderId}}/cancel:
    soap: shop.CancelOrder
    state: shared
    candidate: {{ http: modern, path: \"/v2/orders/{{orderId}}/cancel\" }}
    canary: {{ key: [path.orderId] }}
{write}"
    )
}

/// A facade of this process that follows a store of its own.
pub struct Stand {
    pub facade: Facade,
    pub migrations: Arc<Migrations>,
    store: Arc<Store>,
    _folder: tempfile::TempDir,
}

impl Stand {
    pub async fn of(mapping: &str) -> Self {
        Self::with(plan(mapping)).await
    }

    pub async fn with(plan: Plan) -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("state.db").display().to_string();
        let store = Arc::new(Store::open(&path).await.unwrap());
        let options = Options {
            store: Some(Arc::clone(&store)),
            instance: "a".to_owned(),
            follow_every: Duration::from_millis(20),
            judge_every: Duration::from_secs(3_600),
        };
        let (facade, migrations) = Facade::staged(plan, options);
        Self { facade, migrations, store, _folder: folder }
    }

    /// Puts a route where it could also have got step by step, and waits until it is there.
    pub async fn put(&self, route: &str, stage: &str) {
        self.put_only(route, stage).await;
        let stage = Stage::parse(stage).unwrap();
        let there = async || self.migrations.position(route).stage == stage;
        eventually("the stage is in force", there).await;
    }

    /// The same without waiting.
    pub async fn put_only(&self, route: &str, stage: &str) {
        put(&self.store, route, stage).await;
    }

    /// What is known of a route once this holds.
    pub async fn status(&self, route: &str, holds: impl Fn(&RouteStatus) -> bool) -> RouteStatus {
        let mut last = None;
        let found = async || {
            self.migrations.flush().await;
            let all = self.migrations.status().await.unwrap();
            let status = all.into_iter().find(|status| status.route == route).unwrap();
            let found = holds(&status);
            last = Some(status);
            found
        };
        eventually("what is known", found).await;
        last.unwrap()
    }

    /// The sum of a count under any epoch.
    pub async fn count(&self, route: &str, name: &str) -> u64 {
        self.migrations.flush().await;
        let counts = self.store.counts(route, 0).await.unwrap();
        let named = counts.iter().filter(|(known, _)| known.split(':').next_back() == Some(name));
        named.map(|(_, value)| value).sum()
    }
}

/// Writes a stage down as an operator would have it.
pub async fn put(store: &Store, route: &str, stage: &str) {
    let stages = store.stages().await.unwrap();
    let known = stages.iter().find(|record| record.route == route);
    let change = StageChange {
        route,
        expected: known.map_or(0, |record| record.epoch),
        position: Position { stage: Stage::parse(stage).unwrap(), ..Position::default() },
        identity: known.map_or("", |record| &record.identity),
        actor: "ada",
        reason: "a test",
        at: "2026-01-01T00:00:00Z",
        until: None,
        evidence: "{}",
        origin: "cli",
    };
    store.put_stage(change).await.unwrap();
}

/// The mapping with its contract by absolute path.
pub fn with_contract(mapping: &str) -> String {
    let contract = project("wsdl/shop/OrderService.wsdl");
    mapping.replace("../wsdl/shop/OrderService.wsdl", &contract.display().to_string())
}

pub fn plan(mapping: &str) -> Plan {
    let folder = mapping_folder(&[("test.yaml", &with_contract(mapping))]);
    compile(folder.path(), &Variables(HashMap::new()))
}
