//! Starting all of it.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use actix_web::dev::Server;
use actix_web::web::Data;
use clap::Args;
use clap::builder::Resettable;

use super::place::{DemoEnvironment, Folder};
use super::welcome::Welcome;
use crate::cli::FileSource;
use crate::cli::check::{self, Databases};
use crate::cli::console::ConsoleArguments;
use crate::cli::output::{self, Failure, Format};
use crate::cli::serve::{self, LogArguments};
use crate::cli::sourced::{Recording, SourceArguments, Sourced};
use crate::cli::state::StateArguments;
use crate::demo::candidate::{self, Successor};
use crate::demo::legacy::{self, Shop};
use crate::reload;
use crate::server::{Running, ServerOptions, Shared};
use crate::telemetry;

/// The port of a legacy system that does not run: nobody listens there.
const NO_PORT: u16 = 9;

/// Where recordings of the demo are: a project's own fixtures stay what they are. So does a
/// project's own state: the demo takes none from the environment.
const FIXTURES: &str = "fixtures-demo";

/// Run the whole thing on embedded parts, and print calls worth trying.
///
/// A small legacy SOAP system, a legacy database, a service that is to take their place and the
/// facade in front of all of them run in this one process. Nothing is read from this folder, and
/// nothing is kept unless --record, --ledger or --state says so. With --replay, the facade alone
/// is started.
#[derive(Debug, Args)]
#[command(
    mut_arg("fixtures", |fixtures| fixtures.default_value(FIXTURES).env(Resettable::Reset)),
    mut_arg("address", |state| state.env(Resettable::Reset)),
    after_help = "Examples:\n  figleaf demo\n  figleaf demo --port 9000 --legacy-port 9001 --candidate-port 9002\n  figleaf demo --ledger ledger.db\n  figleaf demo --record\n  figleaf demo --replay\n\nThe contract in wsdl/shop/, the mappings in mappings/ and the database of src/demo/ledger/ are compiled in.\n\nExit codes: 0 stopped; 2 unusable arguments, or a port is taken."
)]
pub struct Arguments {
    /// The facade's port; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// The legacy system's port; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 8081)]
    legacy_port: u16,
    /// The port of the legacy system's successor; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 8082)]
    candidate_port: u16,
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
    let (facade, address) = listen(arguments.port, "--port")?;
    // Fixtures answer in their place: they do not run at all.
    let systems = if replays { None } else { Some(Systems::listen(arguments)?) };
    let folder = Folder::make().map_err(io)?;
    let ledger = if replays {
        // Not even its file is there.
        folder.ledger()
    } else {
        folder.make_ledger(arguments.ledger.as_deref())?
    };
    let addresses = systems.as_ref().map(Systems::addresses);
    let (shop, next) = addresses.unwrap_or((local(NO_PORT), local(NO_PORT)));
    let env = DemoEnvironment { shop, next, ledger: ledger.display().to_string() };
    let lock = arguments.sourced.lock();
    let types = arguments.sourced.types(&Databases, &lock);
    let loaded = reload::load(&folder.mappings(), &env, &FileSource, &|_| Vec::new(), types);
    if loaded.plan.is_none() {
        check::show(&loaded, Format::Human);
    }
    let Sourced { hooks, recording } = arguments.sourced.open(&loaded)?;
    let replay = hooks.replay.clone();
    let plan = loaded.plan.ok_or_else(|| Failure::new("the embedded mapping has problems"))?;
    let mut running = Running::hooked(plan, None, hooks).map_err(Failure::new)?;
    let system = actix_web::rt::System::new();
    let address_of_state = arguments.state.address.clone().unwrap_or_else(|| folder.state());
    let state = StateArguments { address: Some(address_of_state.clone()) };
    // What was recorded is the legacy system's: nothing moves where it answers.
    if !replays {
        running.migrations = system.block_on(state.follow(&running.plan))?;
    }
    let console = arguments.console.open(&running)?;
    let shared = Data::new(Shared::new(running, 1024));
    let console = console.map(|console| console.start(&system, shared.clone())).transpose()?;
    if let Some(systems) = systems {
        systems.start(ledger);
    }
    let welcome = Welcome {
        facade: address,
        console,
        systems: addresses,
        sourced: &arguments.sourced,
        folder: &folder,
        state: &address_of_state,
    };
    output::print(&welcome.text());
    let ended =
        serve::serve_until_stopped(&system, facade, shared, (ServerOptions { workers: 2 }, None))?;
    recording.iter().for_each(Recording::finish);
    arguments.sourced.report(replay.as_deref());
    Ok(ended)
}

/// The legacy system and its successor, not started yet.
struct Systems {
    legacy: (TcpListener, SocketAddr),
    next: (TcpListener, SocketAddr),
}

impl Systems {
    fn listen(arguments: &Arguments) -> Result<Self, Failure> {
        Ok(Self {
            legacy: listen(arguments.legacy_port, "--legacy-port")?,
            next: listen(arguments.candidate_port, "--candidate-port")?,
        })
    }

    fn addresses(&self) -> (SocketAddr, SocketAddr) {
        (self.legacy.1, self.next.1)
    }

    /// Starts both over the same data, each in a thread of its own.
    fn start(self, ledger: PathBuf) {
        let shop = Data::new(Shop::new());
        let successor = Data::new(Successor::new(shop.clone(), ledger));
        let (legacy, next) = (self.legacy.0, self.next.0);
        in_thread("the legacy system", move || legacy::legacy(legacy, shop));
        in_thread("its successor", move || candidate::candidate(next, successor));
    }
}

fn in_thread(what: &'static str, serve: impl FnOnce() -> std::io::Result<Server> + Send + 'static) {
    std::thread::spawn(move || {
        let served = actix_web::rt::System::new().block_on(async move { serve()?.await });
        if let Err(error) = served {
            output::note(&format!("{what} stopped: {error}"));
        }
    });
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn listen(port: u16, option: &str) -> Result<(TcpListener, SocketAddr), Failure> {
    let listener = serve::listen(local(port), option)
        .map_err(|failure| failure.help(format!("{option} 0 takes a free port")))?;
    let address = listener.local_addr().map_err(io)?;
    Ok((listener, address))
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to `map_err`")]
fn io(error: std::io::Error) -> Failure {
    Failure::new(error.to_string())
}
