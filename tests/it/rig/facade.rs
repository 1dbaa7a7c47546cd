//! The facade in this process, behind a real actix listener.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use figleaf::cli::{Databases, FileSource};
use figleaf::mapping::Environment;
use figleaf::migration::{Migrations, Options};
use figleaf::plan::Plan;
use figleaf::reload;
use figleaf::server::{self, Hooks, Running, ServerOptions, Shared};
use tempfile::TempDir;

use super::{Answer, client, project};

/// Variables of a configuration, and no files.
#[derive(Debug, Clone, Default)]
pub struct Variables(pub HashMap<String, String>);

impl Variables {
    pub fn shop(url: &str) -> Self {
        Self(HashMap::from([("SHOP_URL".to_owned(), url.to_owned())]))
    }
}

impl Environment for Variables {
    fn var(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(format!("no file {path}"))
    }
}

/// A mapping of the project as text, its contract by absolute path.
pub fn shop_mapping(name: &str) -> String {
    with_wsdl(&std::fs::read_to_string(project("mappings").join(name)).unwrap())
}

/// Makes the relative path of the shop's contract absolute.
fn with_wsdl(text: &str) -> String {
    let contract = project("wsdl/shop/OrderService.wsdl");
    text.replace("../wsdl/shop/OrderService.wsdl", &contract.display().to_string())
}

/// A folder with these mappings.
pub fn mapping_folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The plan of a folder; panics with every problem where there is one.
pub fn compile(mappings: &Path, variables: &Variables) -> Plan {
    let types = reload::Types::Serving(&Databases);
    let loaded = reload::load(mappings, variables, &FileSource, &|_| Vec::new(), types);
    let problems: Vec<String> = loaded
        .findings
        .iter()
        .map(|(report, sources)| {
            figleaf::diagnostic::render_human(
                &report.sorted(),
                sources,
                figleaf::diagnostic::Style::Plain,
            )
        })
        .collect();
    loaded.plan.unwrap_or_else(|| panic!("{}", problems.join("\n")))
}

/// A facade on a free port; it stops when dropped.
pub struct Facade {
    pub address: SocketAddr,
    /// What its workers share: a plan put in there is served from then on.
    pub shared: Data<Shared>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Facade {
    /// Serves one mapping, given as text.
    pub fn of(mapping: &str, variables: &Variables) -> Self {
        let folder = mapping_folder(&[("test.yaml", &with_wsdl(mapping))]);
        Self::start(compile(folder.path(), variables))
    }

    /// Serves the project's own mappings before a shop at this address.
    pub fn shop(url: &str) -> Self {
        Self::start(Self::shop_plan(url))
    }

    /// The plan of the project's own mappings.
    pub fn shop_plan(url: &str) -> Plan {
        compile(&project("mappings"), &Variables::shop(url))
    }

    pub fn start(plan: Plan) -> Self {
        Self::with(plan, |_| ())
    }

    /// Serves a plan with what record and replay hang on a server.
    pub fn hooked(plan: Plan, hooks: Hooks) -> Self {
        Self::of_running(Running::hooked(plan, None, hooks).unwrap(), |_| (), None).0
    }

    /// Serves a plan with changed settings.
    pub fn with(plan: Plan, change: impl FnOnce(&mut Shared) + Send + 'static) -> Self {
        Self::of_running(Running::start(plan, None).unwrap(), change, None).0
    }

    /// Serves a plan by the stages of its routes.
    pub fn staged(plan: Plan, options: Options) -> (Self, Arc<Migrations>) {
        let running = Running::start(plan, None).unwrap();
        let (facade, migrations) = Self::of_running(running, |_| (), Some(options));
        (facade, migrations.unwrap())
    }

    fn of_running(
        mut running: Running,
        change: impl FnOnce(&mut Shared) + Send + 'static,
        options: Option<Options>,
    ) -> (Self, Option<Arc<Migrations>>) {
        let listener = server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                if let Some(options) = options {
                    let migrations = Migrations::open(&running.plan, options).await.unwrap();
                    actix_web::rt::spawn(Arc::clone(&migrations).run());
                    running.migrations = Some(migrations);
                }
                let migrations = running.migrations.clone();
                let mut shared = Shared::new(running, 1024);
                change(&mut shared);
                let options = ServerOptions { workers: 2 };
                let shared = Data::new(shared);
                let running = server::server(listener, shared.clone(), options).unwrap();
                sender.send((running.handle(), shared, migrations)).unwrap();
                running.await.unwrap();
            });
        });
        let (handle, shared, migrations) = receiver.recv().unwrap();
        (Self { address, shared, handle, thread: Some(thread) }, migrations)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `GET`, read to its end.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(client().get(self.url(path)).send().await.unwrap()).await
    }

    /// `POST` of JSON, read to its end.
    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, body).await
    }

    /// Any method with JSON.
    pub async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        let method = method.parse().unwrap();
        let request = client().request(method, self.url(path));
        let request = if body.is_empty() {
            request
        } else {
            request.header("content-type", "application/json").body(body.to_owned())
        };
        Answer::of(request.send().await.unwrap()).await
    }
}

impl Drop for Facade {
    fn drop(&mut self) {
        // Sent at once, even though nobody waits for the answer.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
