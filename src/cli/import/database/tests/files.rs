//! Imports of real files into a project.

use std::path::Path;

use crate::cli::import::tests::fixtures::Project;

const SCHEMA: &str = "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE VIEW broken AS SELECT * FROM gone;
    CREATE VIEW names AS SELECT name FROM customer;";

fn database(project: &Project, text: &str) -> String {
    let path = project.contract("erp.db", "");
    execute(&path, text);
    format!("sqlite:{path}")
}

fn execute(path: &str, text: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(text).unwrap();
}

#[test]
fn a_database_becomes_a_mapping_beside_what_is_there() {
    let project = Project::new();
    let source = database(&project, SCHEMA);
    let done = project.import(&source, &[]).unwrap();
    assert_eq!(done.code, 0);
    assert!(done.text.contains("works    table customer, 5 routes"), "{}", done.text);
    assert!(done.text.contains("refused  view broken"), "{}", done.text);
    let mapping = project.read("mappings/erp.yaml");
    assert!(mapping.contains("    sqlite: ../../contracts/erp.db\n"), "{mapping}");
    assert!(mapping.contains("  GET /customers/{id}:\n"), "{mapping}");
    assert!(mapping.contains("# view broken: no such table: main.gone"), "{mapping}");

    let again = project.import(&source, &[]).unwrap();
    assert!(again.text.contains("Nothing changed"), "{}", again.text);
    assert_eq!(project.read("mappings/erp.yaml"), mapping);
}

#[test]
fn importing_again_appends_what_is_new_and_keeps_the_rest() {
    let project = Project::new();
    let source = database(&project, SCHEMA);
    project.import(&source, &[]).unwrap();
    let file = project.into.join("mappings/erp.yaml");
    let edited = project
        .read("mappings/erp.yaml")
        .replace("GET /names:", "GET /people:  # mine")
        .replace("DELETE /customers/{id}:", "DELETE /customers/{id}/account:");
    std::fs::write(&file, &edited).unwrap();
    let path = source.strip_prefix("sqlite:").unwrap();
    execute(
        path,
        "CREATE TABLE article (no TEXT PRIMARY KEY); DROP VIEW names;
                   ALTER TABLE customer ADD COLUMN city TEXT",
    );
    let done = project.import(&source, &[]).unwrap();
    for said in ["+  table article", "-  view names", "~  table customer"] {
        assert!(done.text.contains(said), "{}", done.text);
    }
    let now = project.read("mappings/erp.yaml");
    assert!(now.contains("  GET /articles/{no}:\n"), "{now}");
    for line in edited.lines() {
        assert!(now.lines().any(|kept| kept == line), "{line}");
    }
    assert!(!now.contains("city"), "{now}");
}

#[test]
fn nothing_is_written_where_nothing_shall_or_can_be() {
    let project = Project::new();
    let source = database(&project, SCHEMA);
    let done = project.import(&source, &["--dry-run", "--format", "json"]).unwrap();
    let json: serde_json::Value = serde_json::from_str(&done.text).unwrap();
    assert_eq!(json["objects"][1]["name"], "customer");
    assert_eq!(json["objects"][1]["routes"][1], "GET /customers/{id}");
    assert_eq!(json["objects"][0]["reasons"][0]["code"], "database-object-refused");
    let stop = |source: &str, more: &[&str]| project.import(source, more).unwrap_err().failure;
    assert!(stop("sqlite:missing.db", &[]).message.contains("is no file"));
    assert!(!Path::new("missing.db").exists());
    assert!(stop(&source, &["--port", "x"]).message.contains("--port"));
    assert!(stop(&source, &["--name", "../x"]).message.contains("no name"));
    assert!(stop("postgres://u:geheim@localhost", &[]).message.contains("names no database"));
    let text = project.contract("text.db", "x".repeat(4096));
    assert!(stop(&format!("sqlite:{text}"), &[]).message.contains("not a SQLite database"));
    let empty = project.contract("empty.db", "");
    assert_eq!(project.import(&format!("sqlite:{empty}"), &[]).unwrap().code, 1);
    assert!(project.files().is_empty());
}

#[test]
fn a_password_is_never_repeated() {
    let project = Project::new();
    // Nobody listens on the port of tcpmux.
    let source = "postgres://u:geheim@127.0.0.1:1/erp?password=geheim";
    let stop = project.import(source, &[]).unwrap_err();
    let said = format!("{:?}", stop.failure);
    assert!(said.contains("postgres://127.0.0.1:1/erp"), "{said}");
    assert!(!said.contains("geheim"), "{said}");
    assert!(project.files().is_empty());
}
