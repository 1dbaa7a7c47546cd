//! What is left of a request that ended early: nothing that runs.

use std::time::{Duration, Instant};

use super::rig::{asked, running};
use crate::postgres;
use crate::rig::{Facade, Raw, Variables, eventually};

const MAPPING: &str = "
figleaf: 1
api: slow
version: v1
backends: { db: { postgres: '${DB}', timeout: 30s, pool: { size: 1, stream: 1, wait: 500ms } } }
routes:
  GET /slow: { sql: db, query: select pg_sleep(20)::text as v }
  GET /late: { sql: db, query: select pg_sleep(20)::text as v, timeout: 300ms }
  GET /fast: { sql: db, query: select 1 as v, result: one }
  GET /rows: { sql: db, stream: true, query: 'select i, pg_sleep(0.001)::text as v from generate_series(1, 1000000) i' }
";

/// How long a query may run on after its caller has gone.
const GONE_MAX: Duration = Duration::from_millis(100);

#[actix_web::test]
async fn a_caller_who_leaves_takes_the_query_along_and_the_next_does_not_wait() {
    let Some(server) = postgres::server() else { return };
    let url = server.database("create table t (id int)");
    let facade = Facade::of(MAPPING, &Variables([("DB".to_owned(), url.clone())].into()));
    for path in ["/api/v1/slow", "/api/v1/rows"] {
        let mut caller = Raw::to(facade.address).await;
        caller.send(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await;
        eventually("the query runs", async || running(&url).await == "1").await;
        drop(caller);
        let left = Instant::now();
        eventually("the query is gone", async || running(&url).await == "0").await;
        let took = left.elapsed();
        // Asking the server takes its time, too.
        let asking = Instant::now();
        asked(&url, "select 1").await;
        assert!(
            took < GONE_MAX + asking.elapsed() * 2 + Duration::from_millis(20),
            "{path}: {took:?}"
        );
        let begun = Instant::now();
        assert_eq!(facade.get("/api/v1/fast").await.status, 200);
        assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
    }
}

#[actix_web::test]
async fn a_deadline_is_a_504_and_leaves_nothing_running() {
    let Some(server) = postgres::server() else { return };
    let url = server.database("create table t (id int)");
    let facade = Facade::of(MAPPING, &Variables([("DB".to_owned(), url.clone())].into()));
    let begun = Instant::now();
    let late = facade.get("/api/v1/late").await;
    assert_eq!((late.status, late.problem().as_str()), (504, "backend-timeout"));
    assert!(begun.elapsed() < Duration::from_millis(600), "{:?}", begun.elapsed());
    eventually("the query is gone", async || running(&url).await == "0").await;
    assert_eq!(facade.get("/api/v1/fast").await.status, 200);
}

#[actix_web::test]
async fn who_finds_no_connection_is_told_so_in_time() {
    let Some(server) = postgres::server() else { return };
    let url = server.database("create table t (id int)");
    let facade = Facade::of(MAPPING, &Variables([("DB".to_owned(), url.clone())].into()));
    let mut first = Raw::to(facade.address).await;
    first.send(b"GET /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\n").await;
    eventually("the query runs", async || running(&url).await == "1").await;
    let begun = Instant::now();
    let second = facade.get("/api/v1/fast").await;
    let took = begun.elapsed();
    assert_eq!((second.status, second.problem().as_str()), (503, "backend-busy"));
    assert!(took < Duration::from_millis(600), "{took:?}");
    assert!(!second.header("retry-after").is_empty());
}
