//! `figleaf import` of real databases: what it proposes, `figleaf check --db` finds nothing
//! wrong with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figleaf::demo::ledger;

use crate::postgres;
use crate::rig::{Output, figleaf, not_run, project};

/// Databases nobody here wrote.
const FOREIGN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/sql");

/// A project an import has been made into.
struct Imported {
    folder: tempfile::TempDir,
    source: String,
    said: String,
}

fn succeeded(output: &Output) -> String {
    let said = format!("{}{}", output.stdout, output.stderr);
    assert_eq!(output.code, 0, "{said}");
    said
}

fn import(source: &str) -> Imported {
    let folder = tempfile::tempdir().unwrap();
    let said = succeeded(&figleaf(folder.path(), &["import", source, "--name", "erp"], &[]));
    Imported { folder, source: source.to_owned(), said }
}

impl Imported {
    fn mapping(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("mappings/erp.yaml")).unwrap()
    }

    /// `METHOD /path` of every route.
    fn routes(&self) -> Vec<String> {
        #[derive(serde::Deserialize)]
        struct Mapping {
            routes: BTreeMap<String, serde_json::Value>,
        }
        let mapping: Mapping = serde_saphyr::from_str(&self.mapping()).unwrap();
        mapping.routes.into_keys().collect()
    }

    /// Checks the mapping as its author would, against the database.
    fn check(&self) {
        let variables = [("ERP_URL", self.source.as_str())];
        let said = succeeded(&figleaf(self.folder.path(), &["check", "--db"], &variables));
        assert!(said.contains(&format!("no problems: {} routes", self.routes().len())), "{said}");
    }
}

/// A file of the folder of foreign databases; `None`, said aloud, where there is none.
fn foreign(name: &str) -> Option<PathBuf> {
    let path = Path::new(FOREIGN).join(name);
    if !path.exists() {
        not_run(&format!("import of {name}: it is not there"));
        return None;
    }
    Some(path)
}

#[test]
fn the_ledger_is_proposed_with_its_routines() {
    let Some(pg) = postgres::server() else { return };
    let url = pg.database(&format!("{}{}", ledger::POSTGRES, ledger::SEED));
    let imported = import(&url);
    imported.check();
    let routes = imported.routes();
    assert_eq!(routes.len(), 34);
    for key in [
        "GET /invoice-lines/{company}/{invNo}/{lineNo}",
        "GET /open-items",
        "GET /balance-of",
        "POST /account-sheet",
        "POST /post-payment",
    ] {
        assert!(routes.iter().any(|route| route == key), "{key} in {}", imported.mapping());
    }
    let mapping = imported.mapping();
    assert!(mapping.contains("postgres: ${ERP_URL}\n"), "{mapping}");
    assert!(mapping.contains("# Who is sent invoices; the numbers are those of the shop."));
    assert!(mapping.contains("    if_match: version\n"), "{mapping}");
    assert!(mapping.contains("    result: cursors\n"), "{mapping}");
    assert!(mapping.contains("# The database fills pay_id.\n"), "{mapping}");
}

#[test]
fn odd_schemas_are_proposed_or_refused_one_by_one() {
    let Some(pg) = postgres::server() else { return };
    let url = pg.database(
        r#"create schema "Old HR";
           create table "Old HR"."Staff List" ("Full Name" text primary key, "select" int);
           create table odd (id bigint generated always as identity primary key, doc tsvector,
               a_b int, "aB" int, total int generated always as (a_b * 2) stored, tags text[],
               mood text not null default 'ok');
           create table "a
  GET /evil:" (id int primary key);
           create table unique_only (code text not null unique, x int);
           create table plain (x int);
           create table part (id int, day date, primary key (id, day)) partition by range (day);
           create table part_1 partition of part for values from ('2020-01-01') to ('2021-01-01');
           create materialized view summed as select count(*) as n from odd;
           create function f(a int) returns int language sql immutable as 'select a';
           create function f(a text) returns text language sql as 'select a';
           create function untyped() returns setof record language sql as 'select 1, 2';
           create function trig() returns trigger language plpgsql as 'begin return new; end';
           create function listed(variadic ids int[]) returns setof odd language sql stable
               as 'select * from odd where id = any(ids)';
           create function poly(anyelement) returns anyelement language sql as 'select $1';
           create procedure done(inout n int, out m int) language plpgsql as 'begin m = n; end'"#,
    );
    let imported = import(&url);
    imported.check();
    let routes = imported.routes();
    let mut paths: Vec<&str> = routes.iter().map(|key| key.split_once(' ').unwrap().1).collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(
        paths,
        [
            "/done",
            "/f",
            "/listed",
            "/odds",
            "/odds/{id}",
            "/old-hr/staff-lists",
            "/old-hr/staff-lists/{fullName}",
            "/parts",
            "/parts/{id}/{day}",
            "/plains",
            "/summeds",
            "/unique-onlies",
            "/unique-onlies/{code}",
        ],
        "{}",
        imported.mapping()
    );
    assert!(routes.contains(&"GET /f".to_owned()) && routes.contains(&"POST /f".to_owned()));
    let said = &imported.said;
    assert!(said.contains("loss     table odd, 5 routes\n"), "{said}");
    assert!(said.contains("doc: `tsvector` is carried as text [loss-sql-type]"), "{said}");
    assert!(said.contains("loss     table plain, 1 route\n"), "{said}");
    assert!(said.contains("refused  function untyped"), "{said}");
    assert!(said.contains("refused  function poly"), "{said}");
    assert!(said.contains("refused  table a GET /evil:"), "{said}");
}

#[test]
fn a_role_that_only_reads_is_offered_reads() {
    let Some(pg) = postgres::server() else { return };
    let role = format!("import_reader_{}", std::process::id());
    let url = pg.database(&format!(
        "create table seen (id int primary key); create table hidden (id int primary key);
         create role {role} login; grant select on seen to {role}",
    ));
    let (scheme, rest) = url.split_once("://").unwrap();
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let imported = import(&format!("{scheme}://{role}@{host}"));
    imported.check();
    assert_eq!(imported.routes(), ["GET /seens", "GET /seens/{id}"]);
}

#[test]
fn foreign_databases_of_postgresql_are_proposed_whole() {
    let Some(pg) = postgres::server() else { return };
    let check = |file: &str, routes: usize| {
        let Some(path) = foreign(file) else { return };
        let text = std::fs::read_to_string(path).unwrap();
        // Chinook makes a database of its own, by commands of psql.
        let own = |line: &&str| {
            !["DROP DATABASE", "CREATE DATABASE", "\\c "].iter().any(|word| line.starts_with(word))
        };
        let text: String = text.lines().filter(own).flat_map(|line| [line, "\n"]).collect();
        let url = pg.database(&text);
        let imported = import(&url);
        imported.check();
        assert_eq!(imported.routes().len(), routes, "{}", imported.said);
        assert!(!imported.said.contains("refused  "), "{}", imported.said);
    };
    check("chinook-postgres.sql", 54);
    check("northwind-postgres.sql", 68);
}

#[test]
fn files_of_sqlite_are_proposed_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    ledger::create(&file).unwrap();
    let imported = import(&format!("sqlite:{}", file.display()));
    imported.check();
    assert_eq!(imported.routes().len(), 31);
    if let Some(file) = foreign("chinook.sqlite") {
        let imported = import(&format!("sqlite:{}", file.display()));
        imported.check();
        assert_eq!(imported.routes().len(), 54);
    }
}

#[test]
fn odd_files_of_sqlite_are_proposed_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.db");
    let schema = r#"
        CREATE TABLE loose (a TEXT, b TEXT, n NUMERIC(9,2), PRIMARY KEY (a, b));
        CREATE TABLE strict (id INTEGER PRIMARY KEY, d DATE, t TIMESTAMP, f DOUBLE, x BLOB) STRICT;
        CREATE TABLE "Order Details" ("Order ID" INT NOT NULL, "select" BOOLEAN, doc JSON,
            total AS ("Order ID" * 2), PRIMARY KEY ("Order ID")) WITHOUT ROWID;
        CREATE TABLE nokey (at, what);
        CREATE VIEW summed AS SELECT count(*) AS n, max(at) FROM nokey;
        CREATE VIRTUAL TABLE words USING fts5(word);"#;
    let schema = schema.replace("d DATE, t TIMESTAMP, f DOUBLE", "d TEXT, t ANY, f REAL");
    rusqlite::Connection::open(&file).unwrap().execute_batch(&schema).unwrap();
    let imported = import(&format!("sqlite:{}", file.display()));
    imported.check();
    assert_eq!(imported.routes().len(), 17, "{}", imported.mapping());
    assert!(imported.mapping().contains("b: { nullable: false }"), "{}", imported.mapping());
}

#[test]
fn the_project_s_own_mapping_agrees_with_its_lock_and_its_database() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    ledger::create(&file).unwrap();
    let check = |more: &[&str]| {
        let arguments = [&["check"], more].concat();
        let variables = [("LEDGER_DB", file.to_str().unwrap())];
        let said = succeeded(&figleaf(&project("."), &arguments, &variables));
        assert!(!said.contains("not checked"), "{said}");
    };
    check(&["--db"]);
    std::fs::remove_file(&file).unwrap();
    check(&[]);
}
