//! A list that grows while it is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::postgres::{self, execute};
use crate::rig::{Facade, Variables};

const MAPPING: &str = "
figleaf: 1
api: items
version: v1
backends: { db: { postgres: '${DB}' } }
routes:
  GET /items:
    sql: db
    query: select id, rank, made from items
    sort: { rank: 'rank, id', mixed: 'rank desc, id' }
    page: { size: 7, max: 50, envelope: true }
";

/// Walks a list by its links while rows are inserted; the old ones are all there, once, in
/// the order of a full scan.
async fn check(sort: &str, order: &str) {
    let Some(server) = postgres::server() else { return };
    let url = server.database(
        "create table items (id bigserial primary key, rank int not null, made text not null);
         insert into items (rank, made) select (i * 7919) % 23, 'old' from generate_series(1, 500) i",
    );
    let facade = Facade::of(MAPPING, &Variables([("DB".to_owned(), url.clone())].into()));
    let stop = Arc::new(AtomicBool::new(false));
    let inserting = {
        let (url, stop) = (url.clone(), Arc::clone(&stop));
        std::thread::spawn(move || {
            let mut inserted = 0;
            while !stop.load(Ordering::Relaxed) {
                execute(
                    &url,
                    "insert into items (rank, made) select (random() * 23)::int, 'new' from generate_series(1, 5)",
                );
                inserted += 5;
            }
            inserted
        })
    };
    let (mut seen, mut next, mut pages) =
        (Vec::new(), Some(format!("/api/v1/items?sort={sort}")), 0);
    while let Some(at) = next {
        let page = facade.get(&at).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let json = page.json();
        for item in json["items"].as_array().unwrap() {
            if item["made"] == "old" {
                seen.push(item["id"].as_i64().unwrap());
            }
        }
        next = json["next"].as_str().map(str::to_owned);
        pages += 1;
        // New rows may come behind us for ever; the old ones are behind us by then.
        if seen.len() == 500 && pages > 500 {
            break;
        }
    }
    stop.store(true, Ordering::Relaxed);
    assert!(inserting.join().unwrap() > 0);
    let scan = format!("select json_agg(id order by {order}) from items where made = 'old'");
    let expected: Value = serde_json::from_str(&execute(&url, &scan).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&seen).unwrap(), expected);
    assert!(pages > 70, "{pages}");
}

#[actix_web::test]
async fn a_walk_sees_every_old_row_once_while_others_are_inserted() {
    check("rank", "rank, id").await;
}

#[actix_web::test]
async fn so_does_one_whose_directions_are_mixed() {
    check("mixed", "rank desc, id").await;
}

#[actix_web::test]
async fn an_end_of_time_is_a_key_like_any_other() {
    let Some(server) = postgres::server() else { return };
    let url = server.database(
        "create table items (id int primary key, rank float8 not null, until date not null);
         insert into items select i, case when i % 3 = 0 then 'NaN'::float8 else i end,
             case when i % 2 = 0 then 'infinity'::date else '2009-03-14' end
         from generate_series(1, 40) i",
    );
    let mapping = MAPPING
        .replace("id, rank, made", "id, rank, until")
        .replace("rank: 'rank, id'", "rank: 'until, rank, id'");
    let facade = Facade::of(&mapping, &Variables([("DB".to_owned(), url)].into()));
    let (mut seen, mut next) = (0, Some("/api/v1/items".to_owned()));
    while let Some(at) = next {
        let page = facade.get(&at).await.json();
        seen += page["items"].as_array().unwrap().len();
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, 40);
}
