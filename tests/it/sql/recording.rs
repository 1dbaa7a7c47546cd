//! What a database answered, written into files and answered from them: the same JSON, byte for
//! byte, with no database at all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use figleaf::backend::{self, WireExchange};
use figleaf::cli::{Databases, FileSource};
use figleaf::database::{self, StatementExchange};
use figleaf::exchange::{Collection, Entry, Fixture, Recorded};
use figleaf::fixture::{Player, ReplayHow, Store, exchange_of_statement};
use figleaf::plan::Plan;
use figleaf::redact::{Redaction, Redactor};
use figleaf::reload::{self, Types, add_to_lock};
use figleaf::server::{Answered, Hooks, Received, Recorder, Recording};
use serde_json::json;
use tempfile::TempDir;

use crate::rig::{Answer, Facade, Serving, Variables, client, figleaf, project};

/// Rows of one result that are kept.
const ROWS_MAX: usize = 500;

/// Hears of all statements.
#[derive(Clone, Default)]
pub struct Tape(Arc<Mutex<Vec<StatementExchange>>>);

impl Recorder for Tape {
    fn begin(&self, _: Received) -> Option<Arc<dyn Recording>> {
        Some(Arc::new(self.clone()))
    }
}

impl Recording for Tape {
    fn body(&self, _: &str) {}

    fn answered(&self, _: Answered) {}
}

impl backend::Witness for Tape {
    fn exchanged(&self, _: WireExchange) {}

    fn bytes_max(&self) -> usize {
        1 << 20
    }
}

impl database::Witness for Tape {
    fn stated(&self, exchange: StatementExchange) {
        self.0.lock().unwrap().push(exchange);
    }

    fn rows_max(&self) -> usize {
        ROWS_MAX
    }
}

impl Tape {
    /// A server that tells this tape.
    pub fn hooks(&self) -> Hooks {
        Hooks { recorder: Some(Arc::new(self.clone())), ..Hooks::default() }
    }

    /// What it has heard.
    pub fn heard(&self) -> Vec<StatementExchange> {
        self.0.lock().unwrap().clone()
    }

    /// The same as fixtures, each once, written into a file and read again.
    pub fn entries(&self, redactor: &Redactor) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for (at, exchange) in self.heard().iter().enumerate() {
            let mut redaction = Redaction::new(redactor);
            let sql = exchange_of_statement(exchange, &mut redaction).unwrap();
            let recorded = Recorded { took_ms: 1, ..Recorded::default() };
            let fixture = Fixture {
                fixture: 1,
                sql: Some(sql),
                recorded: Some(recorded),
                ..Fixture::default()
            };
            let fixture = reread(&fixture);
            if entries.iter().any(|known| known.fixture.sql == fixture.sql) {
                continue;
            }
            entries.push(Entry {
                name: format!("{}/statements/{at:03}", exchange.database),
                backend: exchange.database.to_string(),
                fixture,
                request: None,
                response: Vec::new(),
                parts: Vec::new(),
            });
        }
        entries
    }
}

/// A fixture through its file.
pub fn reread(fixture: &Fixture) -> Fixture {
    let text = fixture.write();
    let (mut sources, mut report) = Default::default();
    let file = figleaf::diagnostic::Sources::add(&mut sources, "", text.as_str());
    let read = Fixture::read(file, &text, &mut report);
    let read = read.unwrap_or_else(|| panic!("{:?}\n{text}", report.sorted()));
    assert_eq!(read, *fixture, "{text}");
    read
}

/// A facade that is answered by these fixtures alone.
pub fn replay(plan: Plan, entries: Vec<Entry>, how: ReplayHow) -> Facade {
    let redactor = |backend: &figleaf::plan::BackendPlan| {
        (backend.name.clone(), Arc::new(Redactor::new(backend.redact.clone())))
    };
    let redactors = plan.backends.iter().map(redactor).collect();
    let collection = Collection::new(entries, HashMap::new(), redactors);
    let player = Arc::new(Player::new(Arc::new(collection), how));
    let hooks = Hooks {
        databases: Some(Arc::<Player>::clone(&player)),
        replay: Some(player),
        ..Hooks::default()
    };
    Facade::hooked(plan, hooks)
}

/// A request of a test.
#[derive(Debug, Clone, Copy)]
pub struct Asks<'a>(pub &'a str, pub &'a [(&'a str, &'a str)], pub &'a str);

/// Asks; a correlation id that is given is given back, so that problems are the same, too.
pub async fn ask(facade: &Facade, Asks(line, headers, body): Asks<'_>) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = client().request(method.parse().unwrap(), facade.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_empty() {
        request = request.header("content-type", "application/json").body(body.to_owned());
    }
    let request = request.header("x-request-id", "0123456789abcdef");
    Answer::of(request.send().await.unwrap()).await
}

/// What a caller sees: all but the date.
fn seen(answer: &Answer) -> String {
    let heads = ["content-type", "etag", "location", "link", "x-total-count", "vary"];
    let heads: Vec<String> =
        heads.iter().map(|name| format!("{name}: {}", answer.header(name))).collect();
    format!("{} {}\n{}", answer.status, heads.join(" "), answer.text)
}

/// What comes of requests, one after another.
pub async fn answers(facade: &Facade, asked: &[Asks<'_>]) -> Vec<String> {
    let mut answers = Vec::new();
    for asks in asked {
        answers.push(seen(&ask(facade, *asks).await));
    }
    answers
}

/// Records requests, and asks them again of the recording: nothing may differ.
pub async fn check(plan: Plan, asked: &[Asks<'_>]) -> Vec<Entry> {
    let tape = Tape::default();
    let live = Facade::hooked(plan.clone(), tape.hooks());
    let before = answers(&live, asked).await;
    drop(live);
    let entries = tape.entries(&Redactor::default());
    let replayed = replay(plan, entries.clone(), ReplayHow::Strict);
    let after = answers(&replayed, asked).await;
    let pairs = asked.iter().zip(before.iter().zip(&after));
    let wrong = pairs.filter(|(_, (before, after))| before != after);
    let wrong: Vec<_> = wrong.map(|(asks, (a, b))| format!("{asks:?}\n{a}\n{b}")).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), asked.len(), wrong.join("\n\n"));
    entries
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[actix_web::test]
async fn every_route_of_the_ledger_is_answered_without_it() {
    let ledger = super::Ledger::open();
    let plan = ledger.plan();
    let first = ask(
        &Facade::hooked(plan.clone(), Tape::default().hooks()),
        Asks("GET /api/v1/invoices?limit=3", &[], ""),
    )
    .await;
    let next =
        first.header("link").split_once('<').unwrap().1.split_once('>').unwrap().0.to_owned();
    let next = format!("GET {next}");
    let lines = [("accept", "application/x-ndjson")];
    let invoice = r#"{"company":"01","customer":"00017","issuedOn":"2009-03-14","dueOn":"2009-04-14",
        "lines":[{"article":"B-7","quantity":2}]}"#;
    let payment = r#"{"company":"01","invNo":100003,"paidOn":"2009-03-14","amount":12.340,"method":"BANK","ref":"R-1"}"#;
    let unknown = r#"{"company":"99","invNo":1,"paidOn":"2009-03-14","amount":1,"method":"BANK"}"#;
    let asked = [
        Asks("GET /api/v1/invoices?limit=3", &[], ""),
        Asks(&next, &[], ""),
        Asks("GET /api/v1/invoices?customer=00018&status=OPEN&sort=newest", &[], ""),
        Asks("GET /api/v1/invoices?from=2009-01-01&until=2009-01-31", &[], ""),
        Asks("GET /api/v1/invoices/01/100001", &[], ""),
        Asks("GET /api/v1/invoices/01/100001", &[("if-none-match", "\"1\"")], ""),
        Asks("GET /api/v1/invoices/01/999999", &[], ""),
        Asks("GET /api/v1/customers/00018/invoices?limit=4", &[], ""),
        Asks("GET /api/v1/customers/00018/balance", &[], ""),
        Asks("GET /api/v1/prices/STD/00042", &[], ""),
        Asks("GET /api/v1/exports/invoices", &[], ""),
        Asks("GET /api/v1/exports/invoices", &lines, ""),
        Asks("POST /api/v1/payments", &[JSON], payment),
        Asks("POST /api/v1/payments", &[JSON], unknown),
        Asks("GET /api/v1/payments/7", &[], ""),
        Asks("DELETE /api/v1/payments/8", &[], ""),
        Asks("DELETE /api/v1/payments/999999", &[], ""),
        Asks(
            "PUT /api/v1/invoices/01/100002/note",
            &[JSON, ("if-match", "\"1\"")],
            r#"{"note":"seen"}"#,
        ),
        Asks(
            "PUT /api/v1/invoices/01/100002/note",
            &[JSON, ("if-match", "\"7\"")],
            r#"{"note":"seen"}"#,
        ),
        Asks("POST /api/v1/invoices", &[JSON], invoice),
    ];
    let entries = check(plan, &asked).await;
    // Every route has said something.
    assert!(entries.len() >= asked.len(), "{}", entries.len());
    let steps: Vec<_> = entries.iter().filter_map(|e| e.fixture.sql.as_ref()?.step).collect();
    assert!(steps.contains(&3), "{steps:?}");
}

/// A folder with what the ledger has answered, and the types of its statements.
async fn recorded(asked: &[Asks<'_>]) -> TempDir {
    let ledger = super::Ledger::open();
    let tape = Tape::default();
    let live = Facade::hooked(ledger.plan(), tape.hooks());
    answers(&live, asked).await;
    let folder = TempDir::new().unwrap();
    let store = Store::new(&folder.path().join("fixtures"));
    for entry in tape.entries(&Redactor::default()) {
        store.write(&entry.name, &entry.fixture, &[]).unwrap();
    }
    let mut variables = Variables::shop("http://127.0.0.1:9/shop");
    variables.0.insert("LEDGER_DB".to_owned(), ledger.path.display().to_string());
    let types = Types::NewLock(&Databases);
    let mappings = project("mappings");
    let loaded = reload::load(&mappings, &variables, &FileSource, &|_| Vec::new(), types);
    add_to_lock(&store.root().join("sql.lock"), &loaded.lock.unwrap().1).unwrap();
    folder
}

#[actix_web::test]
async fn the_demo_needs_no_ledger_where_recordings_answer() {
    let balance = Asks("GET /api/v1/customers/00018/balance", &[], "");
    let folder = recorded(&[balance]).await;
    let arguments = ["demo", "--replay", "--fixtures", "fixtures", "--port", "0"];
    let mut demo = Serving::run(folder.path(), &arguments, &[]);
    let base = demo.url("");
    let get = async |path: &str| {
        Answer::of(client().get(format!("{base}{path}")).send().await.unwrap()).await
    };
    let known = get("/api/v1/customers/00018/balance").await;
    let expected = super::Ledger::open().facade.get("/api/v1/customers/00018/balance").await;
    assert_eq!((known.status, known.text), (200, expected.text));
    let other = get("/api/v1/customers/00017/balance").await;
    assert_eq!((other.status, other.problem().as_str()), (501, "replay-miss"), "{other:?}");
    let near = &other.json()["nearest"][0]["differences"][0];
    assert_eq!(
        (&near["fixture"], &near["request"]),
        (&json!("00018"), &json!("00017")),
        "{other:?}"
    );
    let exports = get("/api/v1/exports/invoices").await;
    assert_eq!(exports.problem(), "replay-miss");
    // It is printed elsewhere than what it listens on, and may be read later.
    let begins = "The legacy SOAP system";
    let told = demo.welcome.iter().find(|line| line.starts_with(begins)).cloned();
    let told = told.unwrap_or_else(|| demo.line(begins));
    assert!(told.trim_end().ends_with("not started, nor its database: the recordings answer"));
}

#[actix_web::test]
async fn statements_whose_types_nobody_knows_are_not_replayed() {
    let folder = recorded(&[]).await;
    std::fs::copy(project("mappings/ledger.yaml"), folder.path().join("ledger.yaml")).unwrap();
    std::fs::create_dir(folder.path().join("queries")).unwrap();
    let queries = "queries/ledger.sql";
    std::fs::copy(project("mappings").join(queries), folder.path().join(queries)).unwrap();
    std::fs::remove_file(folder.path().join("fixtures/sql.lock")).unwrap();
    let arguments = ["serve", "--replay", "--mappings", ".", "--listen", "127.0.0.1:0"];
    // The SOAP parts of the overview are of another file.
    let text = std::fs::read_to_string(folder.path().join("ledger.yaml")).unwrap();
    let text = text.split("  # ── one resource, two sources").next().unwrap();
    std::fs::write(folder.path().join("ledger.yaml"), text).unwrap();
    let output = figleaf(folder.path(), &arguments, &[("LEDGER_DB", "nowhere.db")]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stderr.contains("sql-undescribed"), "{}", output.stderr);
    assert!(output.stderr.contains("fixtures/sql.lock"), "{}", output.stderr);
    assert!(!folder.path().join("nowhere.db").exists());
}

#[test]
fn the_demo_says_that_there_is_nothing_to_replay() {
    let folder = TempDir::new().unwrap();
    let output = figleaf(folder.path(), &["demo", "--replay", "--port", "0"], &[]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.stderr.contains("there is no `fixtures-demo`"), "{output:?}");
    assert!(output.stderr.contains("figleaf demo --record"), "{output:?}");
}
