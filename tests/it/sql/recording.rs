//! What a database answered, written into files and answered from them: the same JSON, byte for
//! byte, with no database at all.

use std::sync::{Arc, Mutex};

use figleaf::backend::{self, WireExchange};
use figleaf::database::{self, StatementExchange};
use figleaf::exchange::{Collection, Entry, Fixture, Recorded};
use figleaf::fixture::{Player, ReplayHow, exchange_of_statement};
use figleaf::plan::Plan;
use figleaf::redact::{Redaction, Redactor};
use figleaf::server::{Answered, Hooks, Received, Recorder, Recording};
use figleaf::sql::CursorKey;

use crate::rig::{Answer, Facade, client};

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
    let collection = Collection::new(entries, std::collections::HashMap::new(), redactors);
    let player = Arc::new(Player::new(Arc::new(collection), how));
    let hooks = Hooks {
        databases: Some(Arc::<Player>::clone(&player)),
        replay: Some(player),
        ..Hooks::default()
    };
    serve(plan, hooks)
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
    let request = request.header("x-correlation-id", "0123456789abcdef0123456789abcdef");
    Answer::of(request.send().await.unwrap()).await
}

/// What a caller sees: all but the date, and of links what is not signed.
fn seen(answer: &Answer) -> String {
    let heads = ["content-type", "etag", "location", "x-total-count", "vary"];
    let heads: Vec<String> =
        heads.iter().map(|name| format!("{name}: {}", answer.header(name))).collect();
    format!("{} {} link: {}\n{}", answer.status, heads.join(" "), links(answer), answer.text)
}

/// The links without their cursors, which end with the process that made them.
fn links(answer: &Answer) -> String {
    let link = answer.header("link");
    link.split("cursor=")
        .enumerate()
        .map(|(at, part)| match at {
            0 => part.to_owned(),
            _ => format!("cursor={}", part.split_once(['&', '>']).map_or("", |(_, rest)| rest)),
        })
        .collect()
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
    let live = serve(plan.clone(), tape.hooks());
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

/// A facade whose cursors are good in another of these.
fn serve(plan: Plan, hooks: Hooks) -> Facade {
    let key = CursorKey::new(b"of this test, and of no other process");
    Facade::hooked_with(plan, hooks, |shared| shared.cursors = Arc::new(key))
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[actix_web::test]
async fn every_route_of_the_ledger_is_answered_without_it() {
    let ledger = super::Ledger::open();
    let plan = ledger.plan();
    let first =
        ask(&serve(plan.clone(), Hooks::default()), Asks("GET /api/v1/invoices?limit=3", &[], ""))
            .await;
    let next =
        first.header("link").split_once('<').unwrap().1.split_once('>').unwrap().0.to_owned();
    let next = format!("GET {next}");
    let lines = [("accept", "application/x-ndjson")];
    let invoice = r#"{"company":"01","customer":"00017","issuedOn":"2009-03-14","dueOn":"2009-04-14",
        "lines":[{"article":"MX-4000","quantity":2}]}"#;
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
        Asks("GET /api/v1/prices/STD/MX-4000", &[], ""),
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
