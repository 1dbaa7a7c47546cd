//! `figleaf mock`: a SOAP server of its own, on fixtures.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::check;
use super::output::{self, Failure, Format};
use super::serve::{self, LogArguments};
use super::sourced::{self, ReplayArgument};
use crate::diagnostic::did_you_mean;
use crate::fixture::{Mock, Player, mock};
use crate::reload::Types;
use crate::server::Replay;
use crate::telemetry;

/// Serve the fixtures as the SOAP services they were recorded from.
///
/// For programs that speak SOAP themselves: they get what the legacy system said. Each SOAP
/// backend of the mappings is at /NAME, the only one at every path; its contract, with the
/// address of this server, at ?wsdl.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf mock\n  figleaf mock --listen 127.0.0.1:0 --backend shop\n  figleaf mock --replay=lenient --report-unused\n\nGET /scenarios lists the states of scenarios, DELETE /scenarios resets them; ?session= means those\nof one figleaf-session alone. GET /unused names the fixtures that answered nothing.\n\nExit codes: 0 stopped; 1 the mappings have problems; 2 unusable arguments or fixtures, or the port is taken."
)]
pub struct Arguments {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8082")]
    listen: SocketAddr,
    /// The folder of fixtures.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "fixtures",
        env = "FIGLEAF_FIXTURES",
        hide_env_values = true
    )]
    fixtures: PathBuf,
    /// The folder of mapping files, or one file: they name the backends and their contracts.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "mappings",
        env = "FIGLEAF_MAPPINGS",
        hide_env_values = true
    )]
    mappings: PathBuf,
    /// Serve this backend alone.
    #[arg(long, value_name = "NAME")]
    backend: Option<String>,
    /// What no fixture answers is a fault, or gets the nearest of its operation.
    #[arg(long, value_name = "HOW", value_enum, default_value_t = ReplayArgument::Strict)]
    replay: ReplayArgument,
    /// At the end, name the fixtures that answered nothing.
    #[arg(long)]
    report_unused: bool,
    #[command(flatten)]
    log: LogArguments,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let _logging = telemetry::start(arguments.log.log, &arguments.log.log_level)
        .map_err(|error| Failure::usage(format!("--log-level: {error}")))?;
    let mut loaded = check::load(&arguments.mappings, Types::Lock)?;
    check::show(&loaded, Format::Human);
    let Some(plan) = loaded.plan.take() else { return Ok(ExitCode::from(1)) };
    if let Some(only) = &arguments.backend {
        if !loaded.ports.contains_key(only) {
            return Err(unknown(only, loaded.ports.keys().map(String::as_str)));
        }
        loaded.ports.retain(|name, _| name == only);
    }
    if loaded.ports.is_empty() {
        return Err(Failure::usage("no route of the mappings calls a SOAP backend"));
    }
    let (_, mut collection) = sourced::collected(&arguments.fixtures, &plan, &loaded)?;
    if let Some(collection) = Arc::get_mut(&mut collection) {
        // What other backends said is nobody's question here, and never unused.
        collection.entries.retain(|entry| loaded.ports.contains_key(&entry.backend));
    }
    let count = collection.entries.len();
    let player = Arc::new(Player::new(collection, arguments.replay.into()));
    let mocked = Mock::new(Arc::clone(&player), &loaded.ports);
    let names: Vec<String> = mocked.names().map(str::to_owned).collect();
    let listener = serve::listen(arguments.listen, "--listen")?;
    let address = listener.local_addr().map_err(|e| Failure::new(e.to_string()))?;
    let io = |error: std::io::Error| Failure::new(error.to_string());
    actix_web::rt::System::new().block_on(async move {
        let server = mock(listener, mocked).map_err(io)?;
        let handle = server.handle();
        let mut terminate = signal(SignalKind::terminate()).map_err(io)?;
        tracing::info!(%address, fixtures = count, "a SOAP server on fixtures");
        for name in &names {
            output::note(&format!("http://{address}/{name}?wsdl"));
        }
        output::note(&format!("listening on http://{address}"));
        actix_web::rt::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            handle.stop(true).await;
        });
        server.await.map_err(io)
    })?;
    if arguments.report_unused {
        sourced::report_unused(&player.unused());
    }
    Ok(ExitCode::SUCCESS)
}

/// A backend nobody knows, and who is known.
pub(super) fn unknown<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Failure {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    let meant = did_you_mean(name, known.iter().copied());
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the SOAP backends are {}", known.join(", ")),
    };
    Failure::usage(format!("no SOAP backend is called `{name}`")).help(help)
}
