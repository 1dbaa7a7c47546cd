//! The demo's successor, seen from the outside: the real binary serves, its state is read as
//! another process reads it.

mod demo;
mod differing;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use figleaf::migration::{Migrations, Options, RouteStatus};
use figleaf::plan::Plan;
use figleaf::store::Store;

use crate::rig::{Answer, Variables, client, compile};

/// How long evidence may take to be there.
const PATIENCE: Duration = Duration::from_secs(60);

/// The state of a server that runs elsewhere.
struct Watched {
    plan: Plan,
    store: Arc<Store>,
}

impl Watched {
    async fn open(mappings: &Path, variables: &Variables, state: &str) -> Self {
        let store = Arc::new(Store::open(state).await.unwrap());
        Self { plan: compile(mappings, variables), store }
    }

    /// As it is now.
    async fn migrations(&self) -> Arc<Migrations> {
        let options = Options { store: Some(Arc::clone(&self.store)), ..Options::default() };
        Migrations::open(&self.plan, options).await.unwrap()
    }

    async fn route(&self, name: &str) -> RouteStatus {
        let all = self.migrations().await.status().await.unwrap();
        all.into_iter().find(|status| status.route == name).unwrap()
    }

    /// Waits on the status, not on the time.
    async fn until(
        &self,
        name: &str,
        what: &str,
        holds: impl Fn(&RouteStatus) -> bool,
    ) -> RouteStatus {
        let begun = Instant::now();
        loop {
            let status = self.route(name).await;
            if holds(&status) {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "{name}: not {what}: {status:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The status once so many pairs have been compared, and all that is known of them is
    /// written down.
    async fn at_least(&self, name: &str, pairs: u64) -> RouteStatus {
        let enough =
            |status: &RouteStatus| status.evidence.compared >= pairs && status.evidence.shapes > 0;
        self.until(name, &format!("{pairs} pairs"), enough).await
    }

    /// The same, and there are no more.
    async fn compared(&self, name: &str, pairs: u64) -> RouteStatus {
        let status = self.at_least(name, pairs).await;
        assert_eq!((status.evidence.compared, status.evidence.dropped), (pairs, 0), "{name}");
        status
    }
}

/// Asks for each path so many times, one after another.
async fn ask(base: &str, paths: &[&str], times: usize) -> Vec<Answer> {
    let client = client();
    let mut answers = Vec::new();
    for _ in 0..times {
        for path in paths {
            let sent = client.get(format!("{base}{path}")).send().await.unwrap();
            answers.push(Answer::of(sent).await);
        }
    }
    answers
}

/// What was found, without the counts.
fn places(status: &RouteStatus) -> Vec<String> {
    let mut all: Vec<_> =
        status.mismatches.iter().map(|(class, place, _)| format!("{place} {class}")).collect();
    all.sort_unstable();
    all
}
