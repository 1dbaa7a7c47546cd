//! Listening.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web::Data;
use actix_web::{App, HttpServer, web};
use ring::hmac;
use ring::rand::SystemRandom;

use super::sessions::Sessions;
use super::{Access, handler};
use crate::migration::Migrations;
use crate::server::{Running, Shared};

/// A request's head must be here in this time.
const HEAD_TIME_MAX: Duration = Duration::from_secs(5);
/// An idle connection is closed after this time.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Worker threads: pages are for people, and few.
const WORKERS: usize = 1;
/// Connections at once.
const CONNECTIONS_MAX: usize = 200;
/// How long a stopping console waits for its callers.
const SHUTDOWN_SECONDS_MAX: u64 = 1;

/// What is shown, and to whom.
pub struct Console {
    shared: Data<Shared>,
    pub(super) access: Access,
    pub(super) sessions: Sessions,
    /// What forms are signed with: they end with the process.
    pub(super) key: hmac::Key,
}

impl Console {
    /// The console of a server. `None` where the system has no random numbers.
    #[must_use]
    pub fn new(shared: Data<Shared>, access: Access) -> Option<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).ok()?;
        Some(Self { shared, access, sessions: Sessions::default(), key })
    }

    /// The plan in force.
    pub(super) fn running(&self) -> Arc<Running> {
        self.shared.running.load_full()
    }

    /// The stages in force; `None` where no route has a candidate.
    pub(super) fn migrations(&self) -> Option<Arc<Migrations>> {
        self.shared.running.load().migrations.clone()
    }

    /// Requests the server is answering.
    pub(super) fn in_flight(&self) -> usize {
        self.shared.in_flight.load(std::sync::atomic::Ordering::Relaxed)
    }
}

/// The console's server, not yet awaited. Signals are the caller's.
///
/// # Errors
/// Where the listener cannot be used.
pub fn server(listener: TcpListener, console: Console) -> std::io::Result<Server> {
    let console = Data::new(console);
    let app =
        move || App::new().app_data(console.clone()).default_service(web::to(handler::handle));
    let server = HttpServer::new(app)
        .workers(WORKERS)
        .client_request_timeout(HEAD_TIME_MAX)
        .keep_alive(KEEP_ALIVE)
        .max_connections(CONNECTIONS_MAX)
        .shutdown_timeout(SHUTDOWN_SECONDS_MAX)
        .disable_signals();
    Ok(server.listen(listener)?.run())
}
