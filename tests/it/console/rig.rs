//! A console in front of real migrations, with a store in memory.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use figleaf::console::{self, Access, Console, Tokens};
use figleaf::migration::{Migrations, status_json};
use figleaf::plan::{MigrationPlan, Plan};
use figleaf::server::{Running, Shared};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::migrating::{observe, plan, quick};
use crate::rig::{Answer, client};

/// One of each role.
pub const TOKENS: &str = "\
# name role token
vera  viewer   token-of-vera-who-looks
otto  operator token-of-otto-who-holds
rita  releaser token-of-rita-who-moves
olga  owner    token-of-olga-who-owns-it
";

/// The token of somebody of [`TOKENS`].
pub fn token(name: &str) -> &'static str {
    let line = TOKENS.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().last().unwrap()
}

/// A console on a free port; it stops when dropped.
pub struct Rig {
    pub address: SocketAddr,
    pub migrations: Arc<Migrations>,
    pub route: String,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Rig {
    /// Whoever reaches it may do everything.
    pub async fn local(change: impl Fn(&mut MigrationPlan)) -> Self {
        let (plan, route) = plan(change);
        Self::start(plan, route, None).await
    }

    /// Holders of [`TOKENS`] come in.
    pub async fn tokens(change: impl Fn(&mut MigrationPlan)) -> Self {
        let (plan, route) = plan(change);
        Self::start(plan, route, Some(TOKENS)).await
    }

    pub async fn start(plan: Plan, route: String, tokens: Option<&str>) -> Self {
        let migrations = Migrations::open(&plan, quick(None, "a")).await.unwrap();
        Self::over(plan, migrations, (route, tokens))
    }

    /// A console over migrations that are there.
    pub fn over(
        plan: Plan,
        migrations: Arc<Migrations>,
        (route, tokens): (String, Option<&str>),
    ) -> Self {
        let mut running = Running::start(plan, None).unwrap();
        running.migrations = Some(Arc::clone(&migrations));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let tokens = tokens.map(|text| Tokens::parse(text).unwrap());
        let access = Access::new(address, tokens).unwrap();
        let console = Console::new(Data::new(Shared::new(running, 16)), access).unwrap();
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = console::server(listener, console).unwrap();
                sender.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = receiver.recv().unwrap();
        Self { address, migrations, route, handle, thread: Some(thread) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The path of the route's page.
    pub fn page(&self) -> String {
        format!("/routes/{}", utf8_percent_encode(&self.route, NON_ALPHANUMERIC))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = client().get(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// A form as a browser sends it from a page of this console, with other headers.
    pub async fn post(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mut request = client()
            .post(self.url(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.join("&"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// What the form of the route's page proves itself by.
    pub async fn proof(&self, headers: &[(&str, &str)]) -> String {
        let page = self.get_with(&self.page(), headers).await;
        assert_eq!(page.status, 200, "{page:?}");
        let (_, rest) = page.text.split_once("name=\"proof\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// The form of the route's page, sent by a button.
    pub async fn act(&self, action: &str, reason: &str, headers: &[(&str, &str)]) -> Answer {
        let proof = self.proof(headers).await;
        let origin = self.url("");
        let headers = [headers, &[("origin", origin.as_str())]].concat();
        let fields = [("proof", proof.as_str()), ("action", action), ("reason", reason)];
        self.post(&self.page(), &fields, &headers).await
    }

    /// Answers that are alike, enough of them for the gate to open.
    pub async fn good_evidence(&self) {
        observe(&self.migrations, &self.route, 600, ("{\"a\":1}", "{\"a\":1}"), 200);
        assert!(self.migrations.flush().await);
    }

    /// The one route as it is shown to programs.
    pub async fn status(&self) -> Value {
        status_json(&self.migrations.status().await.unwrap())["routes"][0].clone()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
