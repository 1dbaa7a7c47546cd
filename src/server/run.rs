//! Listening, serving, draining.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web::{Data, PayloadConfig};
use actix_web::{App, HttpServer, web};

use super::handler;
use super::running::Shared;

/// How long requests in flight may take to finish when we stop.
pub(super) const DRAIN: Duration = Duration::from_secs(30);
/// A request's head must be here in this time.
const HEAD_TIME_MAX: Duration = Duration::from_secs(5);
/// An idle connection is closed after this time.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Connections held at once by one worker.
const CONNECTIONS_MAX: usize = 10_000;

/// How to serve.
#[derive(Debug, Clone, Copy)]
pub struct ServerOptions {
    /// Worker threads; 0 takes one for each core.
    pub workers: usize,
}

/// Takes an address. Port 0 takes a free one.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = socket2_listener(address)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn socket2_listener(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address)
}

/// The server, not yet awaited. Signals are the caller's.
pub fn server(
    listener: TcpListener,
    shared: Data<Shared>,
    options: ServerOptions,
) -> std::io::Result<Server> {
    let factory = move || {
        App::new()
            .app_data(shared.clone())
            .app_data(PayloadConfig::new(usize::MAX))
            .default_service(web::to(handler::handle))
    };
    let mut server = HttpServer::new(factory)
        .client_request_timeout(HEAD_TIME_MAX)
        .keep_alive(KEEP_ALIVE)
        .max_connections(CONNECTIONS_MAX)
        .tcp_nodelay(true)
        .shutdown_timeout(DRAIN.as_secs())
        // Otherwise a handler whose caller has left runs to its end.
        .h1_allow_half_closed(false)
        .disable_signals();
    if options.workers > 0 {
        server = server.workers(options.workers);
    }
    Ok(server.listen(listener)?.run())
}
