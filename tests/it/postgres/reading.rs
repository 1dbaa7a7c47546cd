//! What a statement gives.

use std::time::{Duration, Instant};

use figleaf::backend::CircuitState;
use figleaf::sql::{Cell, Cells, Type, Value};

use super::rig::*;
use super::{execute, server};
use crate::rig::eventually;

#[tokio::test]
async fn values_go_as_text_and_cells_come_as_bytes() {
    let Some(pg) = server() else { return };
    let db = database(&plan(&pg.database("")));
    let query = read("select $1::int4, null, $2::text, $3::numeric", &["258", "ä", "1.5"]);
    let mut rows = db.query(query).await.unwrap();
    let row = rows.next().await.unwrap().unwrap();
    assert_eq!(row.cell(0), Cell::Binary(&[0, 0, 1, 2]));
    assert_eq!(row.cell(1), Cell::Null);
    assert_eq!(row.cell(2), Cell::Binary("ä".as_bytes()));
    assert_eq!(row.cell(3), Cell::Binary(&[0, 2, 0, 0, 0, 0, 0, 1, 0, 1, 0x13, 0x88]));
    assert_eq!(row.cell(4), Cell::Null, "past the last");
    assert!(rows.next().await.unwrap().is_none());
    assert!(rows.next().await.unwrap().is_none(), "and again");
    assert_eq!(rows.affected(), 1);
    let mut query = read("select $1::text is null", &[]);
    query.values = vec![Value::Null];
    assert_eq!(all(db.query(query).await.unwrap()).await.unwrap().0, [Some(vec![1])]);
}

#[tokio::test]
async fn the_number_of_rows_touched_is_known_at_the_end() {
    let Some(pg) = server() else { return };
    let db = database(&plan(&pg.database("create table t (id int)")));
    let insert = "insert into t select generate_series(1, $1::int)";
    assert_eq!(touched(&db, write(insert, &["5"])).await.unwrap(), 5);
    assert_eq!(touched(&db, write("update t set id = id where id > 3", &[])).await.unwrap(), 2);
    let returning = "delete from t where id = 1 returning id";
    assert_eq!(touched(&db, write(returning, &[])).await.unwrap(), 1);
    assert_eq!(touched(&db, read("select id from t", &[])).await.unwrap(), 4);
    assert_eq!(touched(&db, read("select 1 where false", &[])).await.unwrap(), 0);
}

#[tokio::test]
async fn a_read_cannot_write() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int)");
    let db = database(&plan(&url));
    for stream in [false, true] {
        let mut query = read("insert into t values (1)", &[]);
        query.stream = stream;
        assert_eq!(refused(db.query(query).await.map(drop)).sqlstate, "25006");
    }
    assert_eq!(asked(&url, "select count(*) from t").await, "0");
}

#[tokio::test]
async fn a_session_is_named_and_limited() {
    let Some(pg) = server() else { return };
    let mut plan = plan(&pg.database(""));
    plan.timeout.total = Duration::from_millis(2500);
    let db = database(&plan);
    let settings = "select string_agg(current_setting(s), ' ' order by n) from unnest(array[
        'application_name', 'default_transaction_read_only', 'statement_timeout', 'lock_timeout',
        'idle_in_transaction_session_timeout']) with ordinality u (s, n)";
    assert_eq!(one(&db, read(settings, &[])).await.unwrap(), "figleaf on 3s 2s 3s");
    assert_eq!(one(&db, write(settings, &[])).await.unwrap(), "figleaf off 3s 2s 3s");
    let mut long = read(settings, &[]);
    long.stream = true;
    assert_eq!(one(&db, long).await.unwrap(), "figleaf on 1h 2s 1h");
}

#[tokio::test]
async fn a_statement_is_prepared_again_after_its_table_has_changed() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (id int); insert into t values (7)");
    let db = narrow(&url);
    let query = || read("select * from t", &[]);
    assert_eq!(all(db.query(query()).await.unwrap()).await.unwrap().0, [Some(vec![0, 0, 0, 7])]);
    execute(&url, "alter table t alter id type text using id::text");
    assert_eq!(one(&db, query()).await.unwrap(), "7");
    execute(&url, "alter table t rename to old; create table t (id text)");
    assert_eq!(all(db.query(query()).await.unwrap()).await.unwrap().0, []);
}

#[tokio::test]
async fn a_column_that_has_become_something_else_is_noticed() {
    let Some(pg) = server() else { return };
    let url = pg.database("create table t (n int); insert into t values (7)");
    let db = narrow(&url);
    for (ty, fits) in [("int", true), ("real", false)] {
        execute(&url, &format!("alter table t alter n type {ty}"));
        let mut rows = db.query(read("select n from t", &[])).await.unwrap();
        let row = rows.next().await.unwrap().unwrap();
        assert_eq!(row.fits(0, &Type::Int4), fits, "{ty}");
        assert!(!row.fits(1, &Type::Int4), "past the last");
    }
}

#[tokio::test]
async fn a_statement_somebody_deallocated_is_prepared_again() {
    let Some(pg) = server() else { return };
    let db = narrow(&pg.database(""));
    assert_eq!(one(&db, read("select 'a'", &[])).await.unwrap(), "a");
    touched(&db, read("deallocate all", &[])).await.unwrap();
    assert_eq!(one(&db, read("select 'a'", &[])).await.unwrap(), "a");
}

#[tokio::test]
async fn prepared_statements_do_not_pile_up() {
    let Some(pg) = server() else { return };
    let db = narrow(&pg.database(""));
    for number in 0..600 {
        one(&db, read(&format!("select 'n{number}'"), &[])).await.unwrap();
    }
    let count = read("select count(*)::text from pg_prepared_statements", &[]);
    let count: u32 = one(&db, count).await.unwrap().parse().unwrap();
    assert!(count <= 257, "{count}");
}

/// 200 MB, of which the server may send no more than fits into buffers until it is read.
#[tokio::test]
async fn a_large_result_waits_for_its_reader() {
    let Some(pg) = server() else { return };
    let url = pg.database("");
    let db = database(&plan(&url));
    let text = "select repeat('x', 1000) from generate_series(1, 200000)";
    let mut query = read(text, &[]);
    (query.stream, query.deadline) = (true, Instant::now() + Duration::from_secs(60));
    let mut rows = db.query(query).await.unwrap();
    assert_eq!(bytes(&rows.next().await.unwrap().unwrap()).unwrap().len(), 1000);
    let waiting = "select count(*) from pg_stat_activity where wait_event = 'ClientWrite' \
                   and datname = current_database()";
    eventually("the server waits for us", async || asked(&url, waiting).await == "1").await;
    let mut count = 1;
    while rows.next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!((count, rows.affected()), (200_000, 200_000));
    assert_eq!(db.guard().in_flight(), 0);
    assert_eq!(db.guard().state(), CircuitState::Closed);
}
