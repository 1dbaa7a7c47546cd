//! Texts that have broken other programs, in every place a caller has: they are values.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::postgres::{self, execute};
use crate::rig::{Answer, Facade, Variables, client};

const MAPPING: &str = "
figleaf: 1
api: notes
version: v1
backends: { db: { postgres: '${DB}' } }
routes:
  GET /path/{v}: { sql: db, query: 'select :v::text as v', result: one }
  GET /query: { sql: db, query: 'select :v::text as v', result: one }
  GET /header: { sql: db, query: 'select :v::text as v', result: one, in: { v: header.X-Note } }
  GET /many: { sql: db, query: 'select :v::text[] as v', result: one, in: { v: { query: v, repeats: true } } }
  GET /filtered:
    sql: db
    query: select id, note from notes
    filters: { note: note = :note }
    sort: { number: id }
    page: { size: 2, max: 5 }
  POST /body: { sql: db, query: 'insert into notes (note) values (:v) returning note as v' }
  POST /json: { sql: db, query: 'select :v::jsonb as v', result: one, effect: write }
  POST /array: { sql: db, query: 'select :v::text[] as v', result: one, effect: write }
  PUT /settings: { sql: db, query: select current_setting('app.note') as v, result: one, session: { app.note: body.v } }
";

const TEXTS: &[&str] = &[
    "'",
    "''",
    "\\'",
    "\"",
    "`",
    ";",
    "--",
    "/*",
    "*/",
    "$$",
    "$1",
    ":v",
    "::text",
    "\\",
    "' or '1'='1",
    "' or 1=1 --",
    "'; drop table notes; --",
    "1; drop table notes",
    "') ; delete from notes ; --",
    "\\'; drop table notes; --",
    "$tag$; drop table notes; $tag$",
    "x' union select usename from pg_user --",
    "%27%20or%201=1",
    "%",
    "_",
    "{\"a\":1}",
    "[1]",
    "{a,b}",
    "NULL",
    "null",
    "\u{2019} or 1=1",
    "\u{ff07} or 1=1",
    "\u{feff}'",
    "a\u{301}'",
    "\u{1f984}'",
    "/*filters*/",
    "${DB}",
    "{{v}}",
    "<script>",
    "pg_sleep(10)",
    "|| pg_sleep(10)",
    "' || (select pg_sleep(10)) || '",
    "copy notes to program 'id'",
    "\r\n; drop table notes",
    "\u{b}",
    "\u{1}",
    "E'\\x27'",
    "U&'\\0027'",
    "0x27",
    "chr(39)",
    "1e999",
    "-1",
    " ",
    "\t",
];

fn checksum(url: &str) -> Option<String> {
    execute(
        url,
        "select md5(coalesce(string_agg(t::text, '|' order by id), '')) || (select count(*) from pg_class)
         from notes t where note = 'kept'",
    )
}

#[actix_web::test]
async fn whatever_a_text_says_it_is_a_value() {
    let Some(server) = postgres::server() else { return };
    let url = server.database(
        "create table notes (id serial primary key, note text not null);
         insert into notes (note) select 'kept' from generate_series(1, 10)",
    );
    let facade = Facade::of(MAPPING, &Variables([("DB".to_owned(), url.clone())].into()));
    let before = checksum(&url);
    for text in TEXTS {
        let encoded = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let body = json!({ "v": text }).to_string();
        let same = |answer: &Answer, place: &str| {
            assert!(matches!(answer.status, 200 | 201), "{place} {text:?}: {}", answer.text);
            assert_eq!(answer.json()["v"], json!(text), "{place}");
        };
        same(&facade.get(&format!("/api/v1/path/{encoded}")).await, "path");
        same(&facade.get(&format!("/api/v1/query?v={encoded}")).await, "query");
        same(&facade.post("/api/v1/body", &body).await, "body");
        same(&facade.post("/api/v1/json", &body).await, "json");
        same(&facade.send("PUT", "/api/v1/settings", &body).await, "session");
        let body = json!({ "v": [text, null, text] }).to_string();
        let array = facade.post("/api/v1/array", &body);
        assert_eq!(array.await.json()["v"], json!([text, null, text]));
        let many = facade.get(&format!("/api/v1/many?v={encoded}&v=x")).await;
        assert_eq!(many.json()["v"], json!([text, "x"]));
        if let Ok(value) = reqwest::header::HeaderValue::from_str(text) {
            let asked = client().get(facade.url("/api/v1/header")).header("X-Note", value);
            let answer = Answer::of(asked.send().await.unwrap()).await;
            // White space around a header's value is not part of it (RFC 9110, section 5.5).
            if text.trim() == *text && text.is_ascii() {
                same(&answer, "header");
            }
        }
        let filtered = facade.get(&format!("/api/v1/filtered?note={encoded}")).await;
        assert_eq!(filtered.json(), json!([{ "id": filtered.json()[0]["id"], "note": text }]));
        for place in ["sort", "limit", "cursor", "note=kept&offset", "order", "select"] {
            let refused = facade.get(&format!("/api/v1/filtered?{place}={encoded}")).await;
            assert_eq!(refused.status, 400, "{place} {text:?}: {}", refused.text);
        }
    }
    for nothing in ["/api/v1/path/%00", "/api/v1/query?v=a%00b"] {
        assert_eq!(facade.get(nothing).await.status, 400);
    }
    assert_eq!(facade.post("/api/v1/body", r#"{"v":"a\u0000b"}"#).await.status, 400);
    assert_eq!(checksum(&url), before);
}
