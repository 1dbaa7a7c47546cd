//! `figleaf serve`: the composition root. Nothing else constructs backends or listeners.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::SystemRunner;
use actix_web::web::Data;
use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::check::Databases;
use super::console::ConsoleArguments;
use super::output::{self, Failure, Format};
use super::sourced::{Recording, SourceArguments, Sourced};
use super::state::StateArguments;
use super::{FileSource, check};
use crate::diagnostic::Code;
use crate::plan::Plan;
use crate::reload::{self, Loaded, ProcessEnvironment, Watcher};
use crate::server::{self, Running, ServerOptions, Shared};
use crate::sql::CursorKey;
use crate::telemetry::{self, LogFormat};

/// Bytes of a key of cursors: as many as of the hash it is for.
const CURSOR_KEY_BYTES_MIN: usize = 32;

/// Serve the routes of every mapping as REST, with OpenAPI and documentation.
///
/// Routes are under /api/<version>/, the OpenAPI document at /openapi.json, a page to try them
/// at /docs/, health at /health/live and /health/ready.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf serve\n  figleaf serve --listen 0.0.0.0:8080 --log json\n  figleaf serve --state state.db --console 127.0.0.1:9191\n  figleaf serve --state postgres://... --console 10.0.0.5:9090 --console-tokens tokens\n\nSIGHUP, or a change of a mapping or a contract, reloads; a configuration with a problem never\nreplaces a good one. SIGTERM and Ctrl-C let requests in flight finish.\n\nExit codes: 0 stopped; 1 the mappings have problems; 2 unusable arguments, or the port is taken."
)]
pub struct Arguments {
    /// The address to listen on; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        env = "FIGLEAF_LISTEN",
        hide_env_values = true
    )]
    listen: SocketAddr,
    /// The folder of mapping files, or one file.
    #[arg(
        long,
        value_name = "PATH",
        default_value = "mappings",
        env = "FIGLEAF_MAPPINGS",
        hide_env_values = true
    )]
    mappings: PathBuf,
    /// Worker threads; 0 takes one for each core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    workers: usize,
    /// Requests answered at once; more are refused with 503.
    #[arg(long, value_name = "N", default_value_t = 1024)]
    in_flight: usize,
    /// What cursors of paging are signed with, 32 bytes or more; the same for all instances
    /// behind one address. Random where it is not set: cursors end with the process.
    #[arg(long, value_name = "SECRET", env = "FIGLEAF_CURSOR_KEY", hide_env_values = true)]
    cursor_key: Option<String>,
    /// Do not watch the files; SIGHUP still reloads.
    #[arg(long)]
    no_watch: bool,
    #[command(flatten)]
    state: StateArguments,
    #[command(flatten)]
    console: ConsoleArguments,
    #[command(flatten)]
    sourced: SourceArguments,
    #[command(flatten)]
    log: LogArguments,
}

/// How to log.
#[derive(Debug, Args)]
pub struct LogArguments {
    /// How logs are written.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Human, env = "FIGLEAF_LOG_FORMAT", hide_env_values = true)]
    pub log: LogFormat,
    /// What is logged: a level, or directives such as `info,figleaf::backend=debug`.
    #[arg(
        long,
        value_name = "FILTER",
        default_value = "info",
        env = "FIGLEAF_LOG",
        hide_env_values = true
    )]
    pub log_level: String,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let _logging = telemetry::start(arguments.log.log, &arguments.log.log_level)
        .map_err(|error| Failure::usage(format!("--log-level: {error}")))?;
    let lock = arguments.sourced.lock();
    let types = arguments.sourced.types(&Databases, &lock);
    let loaded = check::load(&arguments.mappings, types)?;
    check::show(&loaded, Format::Human);
    let Sourced { hooks, recording } = arguments.sourced.open(&loaded)?;
    let replay = hooks.replay.clone();
    let Loaded { plan, files, .. } = loaded;
    let Some(plan) = plan else { return Ok(ExitCode::from(1)) };
    let listener = listen(arguments.listen, "--listen")?;
    let mut running = Running::hooked(plan, None, hooks).map_err(Failure::new)?;
    let system = actix_web::rt::System::new();
    running.migrations = system.block_on(arguments.state.follow(&running.plan))?;
    let console = arguments.console.open(&running)?;
    let mut shared = Shared::new(running, arguments.in_flight);
    if let Some(secret) = &arguments.cursor_key {
        shared.cursors = Arc::new(cursor_key(secret)?);
    }
    let shared = Data::new(shared);
    if let Some(console) = console {
        let address = console.start(&system, shared.clone())?;
        output::note(&format!("console at http://{address}"));
    }
    let watch = Watch {
        mappings: arguments.mappings.clone(),
        files,
        watch: !arguments.no_watch,
        sourced: arguments.sourced.clone(),
        state: arguments.state.clone(),
        recording: recording.clone(),
    };
    let options = ServerOptions { workers: arguments.workers };
    let ended = serve_until_stopped(&system, listener, shared, (options, Some(watch)))?;
    recording.iter().for_each(Recording::finish);
    arguments.sourced.report(replay.as_deref());
    Ok(ended)
}

/// A key that is worth the name.
fn cursor_key(secret: &str) -> Result<CursorKey, Failure> {
    if secret.len() < CURSOR_KEY_BYTES_MIN {
        let (has, needs) = (secret.len(), CURSOR_KEY_BYTES_MIN);
        return Err(Failure::usage(format!("--cursor-key has {has} bytes; it needs {needs}")));
    }
    Ok(CursorKey::new(secret.as_bytes()))
}

/// Takes an address, or says who may have it.
pub(super) fn listen(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    server::bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Failure::new(format!("port {} is taken", address.port()))
            .code(Code::CommandPortTaken)
            .help(format!(
                "stop what listens there, or give another with {option} {}:0",
                address.ip()
            )),
        _ => Failure::usage(format!("{address} cannot be listened on: {error}")),
    })
}

/// What to reload from.
pub(super) struct Watch {
    pub mappings: PathBuf,
    pub files: Vec<PathBuf>,
    pub watch: bool,
    pub sourced: SourceArguments,
    pub state: StateArguments,
    pub recording: Option<Recording>,
}

/// Serves until a signal; then requests in flight finish.
pub(super) fn serve_until_stopped(
    system: &SystemRunner,
    listener: TcpListener,
    shared: Data<Shared>,
    (options, watch): (ServerOptions, Option<Watch>),
) -> Result<ExitCode, Failure> {
    let address = listener.local_addr().map_err(|e| Failure::new(e.to_string()))?;
    let io = |error: std::io::Error| Failure::new(error.to_string());
    system.block_on(async move {
        let server = server::server(listener, shared.clone(), options).map_err(io)?;
        let handle = server.handle();
        let mut terminate = signal(SignalKind::terminate()).map_err(io)?;
        if let Some(watch) = watch {
            // Taken before anyone is told that we listen: until then it would end the process.
            let hangup = signal(SignalKind::hangup()).map_err(io)?;
            actix_web::rt::spawn(reload_on_change(shared.clone(), watch, hangup));
        }
        let plan = shared.running.load();
        tracing::info!(%address, routes = plan.plan.served(), "serving");
        drop(plan);
        output::note(&format!("listening on http://{address}"));
        let stopping = shared.clone();
        actix_web::rt::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            server::stop(handle, &stopping).await;
        });
        server.await.map_err(io)?;
        let migrations = shared.running.load().migrations.clone();
        if let Some(migrations) = migrations {
            migrations.flush().await;
        }
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    })
}

/// Compiles aside and swaps at once. The old plan answers until then, and after a problem.
async fn reload_on_change(shared: Data<Shared>, watch: Watch, mut hangup: Signal) {
    let mut watcher = watch.watch.then(|| Watcher::new(&watch.mappings, &watch.files));
    loop {
        let changed = async {
            match &mut watcher {
                Some(watcher) => watcher.changed().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = hangup.recv() => {}
            () = changed => {}
        }
        let started = std::time::Instant::now();
        let (mappings, before) = (watch.mappings.clone(), shared.running.load_full());
        let (sourced, recording) = (watch.sourced.clone(), watch.recording.clone());
        let reload = move || reload_once(&mappings, &before, (&sourced, recording.as_ref()));
        let done = tokio::task::spawn_blocking(reload).await;
        let (files, result) = match done {
            Ok(done) => done,
            Err(error) => (None, Err(format!("the compilation failed: {error}"))),
        };
        if let (Some(watcher), Some(files)) = (&mut watcher, files) {
            watcher.follow(&watch.mappings, &files);
        }
        let took: Duration = started.elapsed();
        let result = match result {
            Ok(running) => with_stages(running, &watch.state).await,
            Err(why) => Err(why),
        };
        match result {
            Ok(running) => {
                let routes = running.plan.served();
                tell_unmoved(&shared.running.load().plan, &running);
                shared.running.store(Arc::new(running));
                tracing::info!(routes, took_ms = took.as_secs_f64() * 1e3, "reloaded");
            }
            Err(why) => tracing::error!(why, "not reloaded: the old plan stays"),
        }
    }
}

/// Says where a mapping has got another stage and the route stays: nobody has to wonder why.
fn tell_unmoved(before: &Plan, running: &Running) {
    let Some(migrations) = &running.migrations else { return };
    for route in &running.plan.routes {
        let Some(migration) = &route.migration else { continue };
        let declared = before.routes.iter().find(|known| known.id == route.id);
        let declared = declared.and_then(|known| Some(known.migration.as_ref()?.stage));
        let (stage, mapping) = (migrations.position(&route.id).stage, migration.stage);
        let is_there = stage.min(migration.ceiling) == mapping;
        if !is_there && declared.is_some_and(|declared| declared != mapping) {
            tracing::warn!(
                route = route.id,
                %stage,
                %mapping,
                "the stage in the mapping moves no route that is live: figleaf stage does"
            );
        }
    }
}

/// Takes the routes' stages over: none gets further by it.
async fn with_stages(mut running: Running, state: &StateArguments) -> Result<Running, String> {
    match &running.migrations {
        Some(migrations) => {
            migrations.adopt(&running.plan).await.map_err(|error| error.to_string())?;
        }
        None => {
            let followed = state.follow(&running.plan).await;
            running.migrations = followed.map_err(|failure| failure.message)?;
        }
    }
    Ok(running)
}

/// What a configuration was read from, where it was read at all.
type Files = Option<Vec<PathBuf>>;

fn reload_once(
    mappings: &Path,
    before: &Running,
    (sourced, recording): (&SourceArguments, Option<&Recording>),
) -> (Files, Result<Running, String>) {
    let lock = sourced.lock();
    let types = sourced.types(&Databases, &lock);
    let loaded = reload::load(mappings, &ProcessEnvironment, &FileSource, &check::locked, types);
    check::show(&loaded, Format::Human);
    if let Err(failure) = sourced.keep_types(&loaded) {
        tracing::error!(why = failure.message, "types are not kept");
    }
    let errors = loaded.error_count();
    let result = match loaded.plan {
        Some(plan) => {
            let started = Running::start(plan, Some(before));
            if let (Some(recording), Ok(running)) = (recording, &started) {
                recording.learn(&running.plan, &loaded.ports);
            }
            started
        }
        None => Err(check::counted(errors, "problem")),
    };
    (Some(loaded.files), result)
}
