//! What only a server has: procedures, cursors, settings of a session, transactions that
//! meet, time that runs out.

use serde_json::json;

use super::Served;
use crate::rig::{Raw, eventually};

#[actix_web::test]
async fn a_procedure_gives_its_results_and_raises_its_errors() {
    let Some(served) = Served::with(
        "  POST /payments:
    sql: ledger
    query: call post_payment(:company, :invNo, :amount, :method)
    errors: { P0404: { status: 404, title: No such invoice }, P0409: 409 }
",
    ) else {
        return;
    };
    let open = served.asked("select inv_no from open_item where company = '01' limit 1").await;
    let body = |number: &str| {
        format!(r#"{{"company":"01","invNo":{number},"amount":0.010,"method":"CASH"}}"#)
    };
    let paid = served.facade.post("/api/v1/payments", &body(&open)).await;
    assert_eq!(paid.status, 200, "{paid:?}");
    assert!(paid.json()["payId"].is_i64() && paid.json()["balance"].is_number(), "{paid:?}");
    let none = served.facade.post("/api/v1/payments", &body("1")).await;
    assert_eq!((none.status, none.problem().as_str()), (404, "database-refused"));
    assert_eq!(none.json()["title"], "No such invoice");
    assert!(!none.text.contains("01/1"), "{none:?}");
    let closed = served
        .asked("select inv_no from invoice where status = 'CANCELLED' and company = '01' limit 1")
        .await;
    assert_eq!(served.facade.post("/api/v1/payments", &body(&closed)).await.status, 409);
}

#[actix_web::test]
async fn open_cursors_become_arrays() {
    let Some(served) = Served::with(
        "  GET /customers/{custNo}/account:
    sql: ledger
    query: select * from account_sheet(:custNo)
    result: cursors
",
    ) else {
        return;
    };
    for customer in ["00017", "00042"] {
        let answer = served.facade.get(&format!("/api/v1/customers/{customer}/account")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let count = format!("select count(*) from open_item where cust_no = '{customer}'");
        let items = answer.json()["openItems"].as_array().unwrap().len();
        assert_eq!(items.to_string(), served.asked(&count).await);
        let payment = &answer.json()["payments"][0];
        assert!(payment["payId"].is_i64() && payment["paidOn"].is_string(), "{answer:?}");
    }
    let nobody = served.facade.get("/api/v1/customers/99999/account").await;
    assert_eq!(nobody.json(), json!({"openItems": [], "payments": []}));
}

#[actix_web::test]
async fn a_session_has_the_settings_of_its_route() {
    let Some(served) = Served::with(
        "  GET /setting/{name}:
    sql: ledger
    query: \"select current_setting('app.user', true) as user, current_setting('app.trace') as trace\"
    session: { app.user: path.name, app.trace: request.id }
    result: one
",
    ) else {
        return;
    };
    let answer = served.facade.get("/api/v1/setting/o'neill").await;
    let expected = json!({"user": "o'neill", "trace": answer.header("x-request-id")});
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn transactions_that_meet_are_tried_again() {
    let Some(served) = Served::with(
        "  POST /customers/{custNo}/touch:
    sql: ledger
    isolation: serializable
    query: update customer set version = version + 1 where cust_no = :custNo returning version
",
    ) else {
        return;
    };
    let touch = || served.facade.post("/api/v1/customers/00017/touch", "");
    let answers = futures_util::future::join_all((0..4).map(|_| touch())).await;
    let done = answers.iter().filter(|answer| answer.status == 200).count();
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!((answer.status, answer.problem().as_str()), (503, "database-conflict"));
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(answer.json()["outcome"], "rejected");
    }
    // None that was answered is lost, none that was refused has happened.
    let version = served.asked("select version from customer where cust_no = '00017'").await;
    assert_eq!(version, (done + 1).to_string());
    assert!(done >= 2, "{answers:?}");
}

#[actix_web::test]
async fn time_that_runs_out_ends_the_query_too() {
    let Some(served) = Served::with(
        "  GET /slow:
    sql: ledger
    query: select pg_sleep(30)::text as s
    result: one
    timeout: 300ms
",
    ) else {
        return;
    };
    let started = std::time::Instant::now();
    let answer = served.facade.get("/api/v1/slow").await;
    assert_eq!((answer.status, answer.problem().as_str()), (504, "backend-timeout"));
    assert!(started.elapsed().as_secs() < 5);
    let asking = "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and \
                  state = 'active' and datname = current_database() and pid <> pg_backend_pid()";
    eventually("the query ends", async || served.asked(asking).await == "0").await;
}

const ENDLESS: &str = "  GET /numbers:
    sql: ledger
    query: \"select generate_series(1, 100000000) as i, repeat('x', 1000) as filler\"
    stream: true
    max_rows: 1000000000
    timeout: 2s
";
const RUNNING: &str = "select count(*) from pg_stat_activity where query like '%generate_series(1%'
    and state = 'active' and datname = current_database() and pid <> pg_backend_pid()";

#[actix_web::test]
async fn a_caller_who_leaves_ends_the_query() {
    let Some(served) = Served::with(&ENDLESS.replace("2s", "60s")) else { return };
    let mut answer =
        crate::rig::client().get(served.facade.url("/api/v1/numbers")).send().await.unwrap();
    assert!(answer.chunk().await.unwrap().is_some());
    assert_eq!(served.asked(RUNNING).await, "1");
    drop(answer);
    eventually("the query ends", async || served.asked(RUNNING).await == "0").await;
}

#[actix_web::test]
async fn a_caller_who_stops_reading_has_the_routes_time() {
    let Some(served) = Served::with(ENDLESS) else { return };
    let mut raw = Raw::to(served.facade.address).await;
    raw.send(b"GET /api/v1/numbers HTTP/1.1\r\nhost: x\r\n\r\n").await;
    eventually("the query runs", async || served.asked(RUNNING).await == "1").await;
    eventually("the query ends", async || served.asked(RUNNING).await == "0").await;
    let answer = raw.answer().await;
    assert_eq!(answer.status, 200);
    assert!(!answer.text.ends_with("0\r\n\r\n"), "it looks whole");
}

#[actix_web::test]
async fn a_table_that_changed_gives_no_wrong_values() {
    let route = "  GET /customers/{custNo}:
    sql: ledger
    query: select name1, version from customer where cust_no = :custNo
    result: one
";
    let changed = Served::changed(route, |url| {
        let change = "alter table customer alter version type real using version + 0.5";
        let (url, change) = (url.to_owned(), change.to_owned());
        std::thread::spawn(move || crate::postgres::execute(&url, &change)).join().unwrap();
    });
    let Some(served) = changed else { return };
    let answer = served.facade.get("/api/v1/customers/00017").await;
    assert_eq!((answer.status, answer.problem().as_str()), (500, "database-rows"), "{answer:?}");
}

#[actix_web::test]
async fn a_read_cannot_write() {
    let Some(served) = Served::with(
        "  GET /next:
    sql: ledger
    query: select nextval(pg_get_serial_sequence('payment', 'pay_id'))
    result: scalar
",
    ) else {
        return;
    };
    let answer = served.facade.get("/api/v1/next").await;
    assert_eq!((answer.status, answer.problem().as_str()), (500, "database-statement"));
}

#[actix_web::test]
async fn a_planner_may_guess_the_total() {
    let Some(served) = Served::with(
        "  GET /invoices:
    sql: ledger
    query: select company, inv_no, net from invoice where true /*filters*/
    filters: { customer: \"cust_no = :customer\" }
    page: { by: [company, inv_no], size: 10, total: estimate }
",
    ) else {
        return;
    };
    served.asked("analyze; select 1").await;
    let answer = served.facade.get("/api/v1/invoices").await;
    assert_eq!((answer.status, answer.header("x-total-count")), (200, "300"));
    let some = served.facade.get("/api/v1/invoices?customer=00017&limit=1").await;
    let guess: u32 = some.header("x-total-count").parse().unwrap();
    assert!((1..300).contains(&guess), "{guess}");
    // What has been seen to the end is no guess.
    let all = served.facade.get("/api/v1/invoices?customer=99999").await;
    assert_eq!(all.header("x-total-count"), "0");
}
