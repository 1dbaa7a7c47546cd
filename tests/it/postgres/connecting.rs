//! Getting to a database, or not.

use std::time::{Duration, Instant};

use figleaf::backend::Outcome;
use figleaf::diagnostic::Code;
use figleaf::plan::Tls;

use super::rig::*;
use super::{execute, own_server, server};
use crate::rig::{free_port, project};

async fn check(url: &str, tls: Option<Tls>, expected: Code, words: &str) {
    let mut plan = plan(url);
    (plan.tls, plan.timeout.connect) = (tls, Duration::from_secs(1));
    let db = database(&plan);
    let start = Instant::now();
    let error = failed(db.query(read("select 1", &[])).await.map(drop));
    assert_eq!((error.code, error.outcome), (expected, Outcome::NotSent), "{url}: {error}");
    assert!(error.detail.contains(words), "{url}: {error}");
    for secret in ["s3cret", "postgres:", "127.0.0.1", "figleaf_"] {
        assert!(!error.detail.contains(secret), "{url}: {error}");
    }
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
}

#[tokio::test]
async fn each_reason_has_its_code_and_no_reason_tells_the_address() {
    let Some(pg) = server() else { return };
    let refused = Code::BackendRefused;
    let nobody = format!("postgres://u:s3cret@127.0.0.1:{}/d", free_port());
    check(&nobody, None, refused, "refused").await;
    check("postgres://u:s3cret@no-such-host.invalid/d", None, Code::BackendDns, "lookup").await;
    check(&pg.url("missing"), None, refused, "does not exist (SQLSTATE 3D000)").await;
    // Takes connections and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://u:s3cret@{}/d", silent.local_addr().unwrap());
    check(&url, None, refused, "connect timeout").await;
    let sealed =
        Some(Tls { ca: Some(project("src/backend/tests/pem/ca.pem")), cert: None, key: None });
    check(&url, sealed, refused, "connect timeout").await;
}

#[tokio::test]
async fn a_password_is_asked_for_and_never_told() {
    let Some(pg) = own_server() else { return };
    execute(&pg.url("postgres"), "create role teller login password 's3cret'");
    execute(&pg.url("postgres"), "create database locked");
    let url =
        |password: &str| pg.url("locked").replace("postgres@", &format!("teller:{password}@"));
    check(&url("wrong"), None, Code::BackendRefused, "password (SQLSTATE 28P01)").await;
    let missing = pg.url("locked").replace("postgres@", "teller@");
    check(&missing, None, Code::BackendRefused, "password missing").await;
    // Over TLS as well, where the password is bound to the channel.
    for mode in ["disable", "prefer"] {
        let url = url("s3cret").replace("sslmode=disable", &format!("sslmode={mode}"));
        assert_eq!(one(&database(&plan(&url)), read("select 'in'", &[])).await.unwrap(), "in");
    }
}

#[tokio::test]
async fn tls_is_verified_where_it_is_required() {
    let Some(pg) = own_server() else { return };
    let authority = |name: &str| {
        let path = project("src/backend/tests/pem").join(name);
        Some(Tls { ca: Some(path), cert: None, key: None })
    };
    let url = |mode: &str| pg.database("").replace("sslmode=disable", &format!("sslmode={mode}"));
    let used = "select ssl::text from pg_stat_ssl where pid = pg_backend_pid()";
    for (mode, tls, expected) in [
        ("disable", None, "false"),
        ("prefer", None, "true"),
        ("prefer", authority("ca.pem"), "true"),
        ("require", authority("ca.pem"), "true"),
        ("verify-full", authority("ca.pem"), "true"),
    ] {
        let mut plan = plan(&url(mode));
        plan.tls = tls;
        assert_eq!(one(&database(&plan), read(used, &[])).await.unwrap(), expected, "{mode}");
    }
    // An authority we do not know, and one the platform does not.
    check(&url("require"), authority("client.pem"), Code::BackendTls, "UnknownIssuer").await;
    check(&url("require"), None, Code::BackendTls, "TLS").await;
}

#[tokio::test]
async fn a_statement_is_cancelled_over_tls_and_over_a_socket() {
    let Some(pg) = own_server() else { return };
    let plain = pg.database("");
    let name = plain.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let folder = pg.socket_folder().to_str().unwrap().replace('/', "%2F");
    let socket = format!("postgres://postgres@{folder}:{}/{name}", pg.port());
    let tls = plain.replace("sslmode=disable", "sslmode=prefer");
    for url in [tls, socket] {
        let db = narrow(&url);
        let mut query = read("select pg_sleep(60)", &[]);
        query.deadline = Instant::now() + Duration::from_millis(200);
        failed(db.query(query).await.map(drop));
        assert_eq!(one(&db, read("select 'next'", &[])).await.unwrap(), "next");
        assert_eq!(running(&plain).await, "0", "{url}");
    }
}

#[test]
fn contradictions_show_at_start_up() {
    let check = |url: &str, tls: Option<Tls>, code: Code, words: &str| {
        let mut plan = plan(url);
        plan.tls = tls;
        let problem = figleaf::database::Database::new(&plan).err().unwrap();
        assert_eq!(problem.code, code, "{}", problem.message);
        assert!(problem.message.contains(words), "{}", problem.message);
    };
    let tls = |ca: Option<&str>, cert: Option<&str>, key: Option<&str>| {
        let path = |name: Option<&str>| name.map(|n| project("src/backend/tests/pem").join(n));
        Some(Tls { ca: path(ca), cert: path(cert), key: path(key) })
    };
    let url = "postgres://u@h/d?sslmode=require";
    check("mysql://u@h/d", None, Code::MappingValue, "not a postgres:// URL");
    check(url, tls(Some("none.pem"), None, None), Code::MappingUnreadable, "none.pem");
    check(url, tls(Some("client.key"), None, None), Code::MappingValue, "holds no PEM certificate");
    check(url, tls(Some("ca.pem"), Some("client.pem"), None), Code::MappingMissing, "only one");
    let other = tls(Some("ca.pem"), Some("client.pem"), Some("server.key"));
    check(url, other, Code::MappingValue, "TLS client");
    let plain = "postgres://u@h/d?sslmode=disable";
    check(plain, tls(Some("ca.pem"), None, None), Code::MappingValue, "sslmode=disable");
}
