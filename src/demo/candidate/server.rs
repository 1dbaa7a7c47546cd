//! The listener: routes, and how each of them behaves.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web::{self, Data, Path, Query};
use actix_web::{App, HttpResponse, HttpServer};
use serde::{Deserialize, Serialize};

use super::balance;
use super::customer::Customer;
use super::number::Number;
use super::order::{Cancellation, Order};
use super::problem::Problem;
use crate::demo::legacy::{Shop, seed};

/// How much longer than it has to the slow route takes.
pub const SLOW: Duration = Duration::from_millis(400);
/// Of so many requests, the last fails.
pub const FAILS_EVERY: u64 = 20;

/// The orders a search gives where no number is asked for, and at most.
const ORDERS_DEFAULT: usize = 50;
const ORDERS_MAX: usize = 500;
/// States an order can be in.
const STATES: [&str; 4] = ["NEW", "IN_PROGRESS", "SHIPPED", "CANCELLED"];
/// How long a stopping service waits for its callers.
const SHUTDOWN_SECONDS_MAX: u64 = 1;

/// The successor's state: the shop's and the ledger's, and how often it was asked.
#[derive(Debug)]
pub struct Successor {
    shop: Data<Shop>,
    ledger: PathBuf,
    writes: AtomicU64,
    balances: AtomicU64,
}

impl Successor {
    /// Over the data of a shop, and of a ledger in this SQLite file.
    #[must_use]
    pub fn new(shop: Data<Shop>, ledger: PathBuf) -> Self {
        Self { shop, ledger, writes: AtomicU64::new(0), balances: AtomicU64::new(0) }
    }

    /// How many orders it was told to cancel, refusals included.
    pub fn writes(&self) -> u64 {
        self.writes.load(Relaxed)
    }
}

/// The successor on this listener, with one worker and no signal handling of its own. Nothing
/// is served until the server is awaited or spawned.
///
/// # Errors
/// Where the listener cannot be used.
pub fn candidate(listener: TcpListener, successor: Data<Successor>) -> std::io::Result<Server> {
    let app = move || {
        App::new()
            .app_data(successor.clone())
            .route("/customers/{id}", web::get().to(customer))
            .route("/customers/{id}/balance", web::get().to(owed))
            .route("/orders", web::get().to(orders))
            .route("/orders/{id}", web::get().to(order))
            .route("/orders/{id}/cancellations", web::post().to(cancel))
            .route("/articles/{number}/stock", web::get().to(stock))
    };
    let server = HttpServer::new(app)
        .workers(1)
        .disable_signals()
        .shutdown_timeout(SHUTDOWN_SECONDS_MAX)
        .listen(listener)?;
    Ok(server.run())
}

async fn customer(successor: Data<Successor>, id: Path<String>) -> HttpResponse {
    match successor.shop.customer(&id) {
        Ok(found) => HttpResponse::Ok().json(Customer::from(&found)),
        Err(fault) => Problem::from(fault).answer(),
    }
}

async fn order(successor: Data<Successor>, id: Path<String>) -> HttpResponse {
    let Ok(id) = id.parse() else { return Problem::invalid().answer() };
    match successor.shop.order(id) {
        Ok(found) => HttpResponse::Ok().json(Order::from(&found)),
        Err(fault) => Problem::from(fault).answer(),
    }
}

/// What orders are wanted.
#[derive(Debug, Deserialize)]
struct Wanted {
    customer: Option<String>,
    status: Option<String>,
    from: Option<String>,
    limit: Option<String>,
}

async fn orders(successor: Data<Successor>, wanted: Query<Wanted>) -> HttpResponse {
    let limit = wanted.limit.as_deref().map_or(Ok(ORDERS_DEFAULT), str::parse);
    let known = wanted.status.as_deref().is_none_or(|status| STATES.contains(&status));
    let (Some(customer), Ok(limit), true) = (&wanted.customer, limit, known) else {
        return Problem::invalid().answer();
    };
    if limit > ORDERS_MAX {
        return Problem::invalid().answer();
    }
    let (status, from) = (wanted.status.as_deref(), wanted.from.as_deref());
    let (_, found) = successor.shop.search(customer, status, from, limit);
    HttpResponse::Ok().json(found.iter().map(Order::from).collect::<Vec<_>>())
}

/// Why an order is cancelled.
#[derive(Debug, Deserialize)]
struct Cancelling {
    reason: String,
}

async fn cancel(successor: Data<Successor>, id: Path<String>, body: web::Bytes) -> HttpResponse {
    let (Ok(id), Ok(asked)) = (id.parse(), serde_json::from_slice::<Cancelling>(&body)) else {
        return Problem::invalid().answer();
    };
    successor.writes.fetch_add(1, Relaxed);
    match successor.shop.cancel(id) {
        Ok(order) => HttpResponse::Ok().json(Cancellation::of(&order, &asked.reason)),
        Err(fault) => Problem::from(fault).answer(),
    }
}

/// Where it is looked for.
#[derive(Debug, Deserialize)]
struct Where {
    warehouse: Option<String>,
}

/// How much of an article lies somewhere.
#[derive(Debug, Serialize)]
struct Place<'s> {
    warehouse: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved: Option<bool>,
    value: Number,
}

/// How much of it there is in all.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stock<'s> {
    article_number: &'s str,
    available: Number,
    stock: Vec<Place<'s>>,
}

async fn stock(article: Path<String>, at: Query<Where>) -> HttpResponse {
    tokio::time::sleep(SLOW).await;
    let (all, places) = seed::stock(&article);
    let here = |warehouse: &str| at.warehouse.as_deref().is_none_or(|wanted| wanted == warehouse);
    let places: Vec<_> = places.iter().filter(|(warehouse, ..)| here(warehouse)).collect();
    let available = match at.warehouse {
        None => all,
        Some(_) => places.first().map_or("0", |(_, quantity, _)| quantity),
    };
    let place = |(warehouse, quantity, reserved): &(&'static str, &str, Option<bool>)| Place {
        warehouse,
        reserved: *reserved,
        value: Number::exact(quantity),
    };
    HttpResponse::Ok().json(Stock {
        article_number: &article,
        available: Number::exact(available),
        stock: places.into_iter().map(place).collect(),
    })
}

async fn owed(successor: Data<Successor>, id: Path<String>) -> HttpResponse {
    let asked = successor.balances.fetch_add(1, Relaxed) + 1;
    if asked.is_multiple_of(FAILS_EVERY) {
        return Problem::unavailable().answer();
    }
    let found = web::block(move || balance::balance(&successor.ledger, &id)).await;
    match found {
        Ok(Ok(balance)) => HttpResponse::Ok().json(balance),
        Ok(Err(_)) | Err(_) => Problem::internal().answer(),
    }
}
