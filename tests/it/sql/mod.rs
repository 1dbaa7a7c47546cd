//! Routes of statements, from a mapping's text to the answer on the wire.
//!
//! The ledger of the demo is behind most of them; what a test is about and the demo does not
//! have is a mapping of its own over the same file.

mod composing;
mod judging;
mod paging;
mod reading;
pub mod recording;
mod server;
mod streaming;
mod writing;

use std::path::PathBuf;

use figleaf::plan::Plan;
use figleaf::server::Shared;
use tempfile::TempDir;

use crate::rig::{Facade, Variables, client, compile, mapping_folder, project};

/// A facade before a database of its own on the tests' PostgreSQL: the ledger's tables and
/// rows; `None` where there is no server and none is required.
pub struct Served {
    pub facade: Facade,
    pub url: String,
    plan: Plan,
}

impl Served {
    /// With these routes, at version 1.
    pub fn with(routes: &str) -> Option<Self> {
        Self::changed(routes, |_| ())
    }

    /// The same, and a database that was changed after its statements were described.
    pub fn changed(routes: &str, change: impl FnOnce(&str)) -> Option<Self> {
        use figleaf::demo::ledger::{POSTGRES, SEED};
        let url = crate::postgres::server()?.database(&format!("{POSTGRES}\n{SEED}"));
        let mapping = format!(
            "figleaf: 1\napi: test\nversion: v1\ntitle: Test\nbackends:\n  ledger:\n    \
             postgres: {url}\n    pool: {{ size: 4, stream: 1, wait: 500ms }}\nroutes:\n{routes}"
        );
        let folder = mapping_folder(&[("test.yaml", &mapping)]);
        let plan = compile(folder.path(), &Variables::default());
        change(&url);
        Some(Self { facade: Facade::start(plan.clone()), url, plan })
    }

    /// What it serves.
    pub fn plan(&self) -> Plan {
        self.plan.clone()
    }

    /// The only value of a question, past the facade.
    pub async fn asked(&self, question: &str) -> String {
        let (url, question) = (self.url.clone(), question.to_owned());
        let asked = move || crate::postgres::execute(&url, &question);
        tokio::task::spawn_blocking(asked).await.unwrap().unwrap()
    }
}

/// The demo's ledger in a file of its own, and a facade before it.
pub struct Ledger {
    pub facade: Facade,
    pub path: PathBuf,
    plan: Plan,
    _folder: TempDir,
}

impl Ledger {
    /// What it serves.
    pub fn plan(&self) -> Plan {
        self.plan.clone()
    }

    /// With the project's own mappings; nothing listens where its shop should be.
    pub fn open() -> Self {
        Self::beside("http://127.0.0.1:9/shop")
    }

    /// With the project's own mappings, and a shop at this address.
    pub fn beside(shop: &str) -> Self {
        Self::shared(shop, |_| ())
    }

    /// The same with changed settings.
    pub fn shared(shop: &str, change: impl FnOnce(&mut Shared) + Send + 'static) -> Self {
        let plan = |path| {
            let mut variables = Variables::shop(shop);
            variables.0.insert("LEDGER_DB".to_owned(), path);
            compile(&project("mappings"), &variables)
        };
        Self::made(plan, change)
    }

    /// With these routes, at version 1.
    pub fn with(routes: &str) -> Self {
        Self::among("", routes)
    }

    /// With these routes, and more backends, each indented by two.
    pub fn among(backends: &str, routes: &str) -> Self {
        let plan = |path| {
            let mapping = format!(
                "figleaf: 1\napi: test\nversion: v1\ntitle: Test\nbackends:\n  ledger:\n    \
                 sqlite: {path}\n{backends}routes:\n{routes}"
            );
            let folder = mapping_folder(&[("test.yaml", &mapping)]);
            compile(folder.path(), &Variables::default())
        };
        Self::made(plan, |_| ())
    }

    fn made(
        plan: impl FnOnce(String) -> Plan,
        change: impl FnOnce(&mut Shared) + Send + 'static,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("ledger.db");
        figleaf::demo::ledger::create(&path).unwrap();
        let plan = plan(path.display().to_string());
        Self { facade: Facade::with(plan.clone(), change), path, plan, _folder: folder }
    }

    /// The only value of a question, past the facade.
    pub fn asked(&self, question: &str) -> String {
        let ledger = rusqlite::Connection::open(&self.path).unwrap();
        ledger
            .query_row(question, [], |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|value| match value {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Real(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
            .unwrap()
    }

    /// A request with headers.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> crate::rig::Answer {
        let mut request = client().request(method.parse().unwrap(), self.facade.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body.to_owned());
        }
        crate::rig::Answer::of(request.send().await.unwrap()).await
    }
}
