//! `figleaf demo`: a legacy SOAP system, a legacy database and the facade in front of both, all
//! in this process.

use std::hash::BuildHasher;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actix_web::web::Data;
use clap::Args;
use clap::builder::Resettable;

use super::check::Databases;
use super::console::ConsoleArguments;
use super::output::{self, Failure, Format};
use super::serve::{self, LogArguments};
use super::sourced::{Recording, SourceArguments, Sourced};
use super::state::StateArguments;
use super::{FileSource, check};
use crate::demo;
use crate::mapping::Environment;
use crate::reload;
use crate::server::{Running, ServerOptions, Shared};
use crate::telemetry;

/// The port of a legacy system that does not run: nobody listens there.
const NO_PORT: u16 = 9;

/// Where recordings of the demo are: a project's own fixtures stay what they are.
const FIXTURES: &str = "fixtures-demo";

/// Run the whole thing on embedded parts, and print calls worth trying.
///
/// A small legacy SOAP system, a legacy database and the facade in front of both run in this one
/// process. Nothing is read from this folder, and nothing is kept unless --record or --ledger
/// says so. With --replay, neither the legacy system nor its database is started.
#[derive(Debug, Args)]
#[command(
    mut_arg("fixtures", |fixtures| fixtures.default_value(FIXTURES).env(Resettable::Reset)),
    after_help = "Examples:\n  figleaf demo\n  figleaf demo --port 9000 --legacy-port 9001\n  figleaf demo --ledger ledger.db\n  figleaf demo --record\n  figleaf demo --replay\n\nThe contract in wsdl/shop/, the mappings in mappings/ and the database of src/demo/ledger/ are compiled in.\n\nExit codes: 0 stopped; 2 unusable arguments, or a port is taken."
)]
pub struct Arguments {
    /// The facade's port; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// The legacy system's port; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 8081)]
    legacy_port: u16,
    /// Keep the legacy database in this file, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    #[command(flatten)]
    state: StateArguments,
    #[command(flatten)]
    console: ConsoleArguments,
    #[command(flatten)]
    sourced: SourceArguments,
    #[command(flatten)]
    log: LogArguments,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let level = if arguments.log.log_level == "info" { "warn" } else { &arguments.log.log_level };
    let _logging = telemetry::start(arguments.log.log, level)
        .map_err(|error| Failure::usage(format!("--log-level: {error}")))?;
    let replays = arguments.sourced.replay.is_some();
    let fixtures = &arguments.sourced.fixtures;
    if replays && !fixtures.exists() {
        return Err(Failure::usage(format!("there is no `{}` to replay", fixtures.display()))
            .help("record it first with `figleaf demo --record`, and ask it something"));
    }
    let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
    let facade = serve::listen(local(arguments.port), "--port")
        .map_err(|f| with_help(f, "--port 0 takes a free port"))?;
    let io = |error: std::io::Error| Failure::new(error.to_string());
    // Fixtures answer in its place: it does not run at all.
    let legacy = if replays {
        None
    } else {
        let listener = serve::listen(local(arguments.legacy_port), "--legacy-port");
        Some(listener.map_err(|f| with_help(f, "--legacy-port 0 takes a free port"))?)
    };
    let legacy_address = legacy.as_ref().map(std::net::TcpListener::local_addr).transpose();
    let legacy_address = legacy_address.map_err(io)?;
    let address = facade.local_addr().map_err(io)?;
    let folder = folder().map_err(io)?;
    let ledger = if replays {
        // Not even its file is there.
        folder.0.join("ledger.db")
    } else {
        ledger(arguments.ledger.as_deref(), &folder.0)?
    };
    let url = legacy_address.unwrap_or_else(|| local(NO_PORT));
    let url = format!("http://{url}/shop");
    let env = DemoEnvironment { url, ledger: ledger.display().to_string() };
    let lock = arguments.sourced.lock();
    let types = arguments.sourced.types(&Databases, &lock);
    let mappings = folder.0.join("mappings");
    let loaded = reload::load(&mappings, &env, &FileSource, &|_| Vec::new(), types);
    if loaded.plan.is_none() {
        check::show(&loaded, Format::Human);
    }
    let Sourced { hooks, recording } = arguments.sourced.open(&loaded)?;
    let replay = hooks.replay.clone();
    let plan = loaded.plan.ok_or_else(|| Failure::new("the embedded mapping has problems"))?;
    let mut running = Running::hooked(plan, None, hooks).map_err(Failure::new)?;
    let system = actix_web::rt::System::new();
    running.migrations = system.block_on(arguments.state.follow(&running.plan))?;
    let console = arguments.console.open(&running)?;
    let shared = Data::new(Shared::new(running, 1024));
    if let Some(legacy) = legacy {
        std::thread::spawn(move || {
            let served = actix_web::rt::System::new().block_on(async move {
                demo::legacy::legacy(legacy, Data::new(demo::legacy::Shop::new()))?.await
            });
            if let Err(error) = served {
                output::note(&format!("the legacy system stopped: {error}"));
            }
        });
    }
    console.map(|console| console.start(&system, shared.clone())).transpose()?;
    output::print(&welcome(address, legacy_address, &arguments.sourced));
    let ended =
        serve::serve_until_stopped(&system, facade, shared, (ServerOptions { workers: 2 }, None))?;
    recording.iter().for_each(Recording::finish);
    arguments.sourced.report(replay.as_deref());
    Ok(ended)
}

/// Makes the legacy database, where it is to be.
fn ledger(kept: Option<&Path>, folder: &Path) -> Result<PathBuf, Failure> {
    let path = match kept {
        Some(path) if path.exists() => {
            return Err(Failure::usage(format!("`{}` is there already", path.display()))
                .help("remove it, or name another file with --ledger"));
        }
        // Its path in the mapping is not relative to this folder.
        Some(path) => std::path::absolute(path).map_err(|e| Failure::new(e.to_string()))?,
        None => folder.join("ledger.db"),
    };
    demo::ledger::create(&path).map_err(|error| {
        // Half a database must not be taken for one the next time.
        let _ = std::fs::remove_file(&path);
        Failure::new(format!("the legacy database cannot be made: {error}"))
    })?;
    Ok(path)
}

fn with_help(failure: Failure, help: &str) -> Failure {
    failure.help(help)
}

/// A folder that is gone when the demo stops.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The compiled-in contract and mappings as files, for the same loader that serves yours.
fn folder() -> std::io::Result<Folder> {
    // A process that was killed may have left one, under the same number.
    let drawn = std::hash::RandomState::new().hash_one(std::process::id());
    let kept = Folder(std::env::temp_dir().join(format!("figleaf-demo-{drawn:016x}")));
    std::fs::DirBuilder::new().mode(0o700).create(&kept.0)?;
    let folder = &kept.0;
    let write = |path: &Path, text: &str| {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)
    };
    for (name, text) in demo::legacy::CONTRACT {
        write(&folder.join("wsdl/shop").join(name), text)?;
    }
    write(&folder.join("mappings/shop.yaml"), include_str!("../../mappings/shop.yaml"))?;
    write(&folder.join("mappings/shop-v2.yaml"), include_str!("../../mappings/shop-v2.yaml"))?;
    write(&folder.join("mappings/ledger.yaml"), include_str!("../../mappings/ledger.yaml"))?;
    let queries = include_str!("../../mappings/queries/ledger.sql");
    write(&folder.join("mappings/queries/ledger.sql"), queries)?;
    Ok(kept)
}

/// The demo's own addresses, whatever the environment says.
struct DemoEnvironment {
    url: String,
    ledger: String,
}

impl Environment for DemoEnvironment {
    fn var(&self, name: &str) -> Option<String> {
        match name {
            "SHOP_URL" => Some(self.url.clone()),
            "LEDGER_DB" => Some(self.ledger.clone()),
            _ => None,
        }
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(format!("the demo reads no files, not even {path}"))
    }
}

fn welcome(facade: SocketAddr, legacy: Option<SocketAddr>, sourced: &SourceArguments) -> String {
    let base = format!("http://{facade}");
    let fixtures = sourced.fixtures.display();
    let legacy = match legacy {
        Some(legacy) => format!("http://{legacy}/shop?wsdl"),
        None => "not started, nor its database: the recordings answer".to_owned(),
    };
    let recordings = match (sourced.record, sourced.replay) {
        (Some(_), _) => format!("Recorded into            {fixtures}/\n"),
        (_, Some(_)) => format!("Recordings               {fixtures}/\n"),
        _ => String::new(),
    };
    format!(
        "The legacy SOAP system   {legacy}\n\
         {recordings}\
         The facade               {base}/api/v1\n\
         Documentation            {base}/docs/\n\
         OpenAPI                  {base}/openapi.json\n\
         \n\
         Try:\n\
         \n\
         # a typed read: exact decimals, dates as they came, arrays always arrays\n\
         curl -s {base}/api/v1/orders/42\n\
         \n\
         # a search with a query; nothing found is []\n\
         curl -s '{base}/api/v1/orders?customer=00017&limit=2'\n\
         \n\
         # a polymorphic answer: the type says which kind of customer\n\
         curl -s {base}/api/v1/customers/00018\n\
         \n\
         # a write\n\
         curl -s -X POST {base}/api/v1/orders/44/cancel -H 'Content-Type: application/json' -d '{{\"reason\":\"CUSTOMER_REQUEST\"}}'\n\
         \n\
         # a SOAP fault as a problem\n\
         curl -s {base}/api/v1/orders/999\n\
         \n\
         # a page of the old database; the next one is in the Link header\n\
         curl -si '{base}/api/v1/invoices?customer=00018&limit=3'\n\
         \n\
         # one resource, two sources: SOAP and SQL in one answer\n\
         curl -s {base}/api/v1/customers/00018/overview\n\
         \n\
         Ctrl-C stops.\n",
    )
}
