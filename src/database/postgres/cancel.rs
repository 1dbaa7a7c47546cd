//! Cancelling a statement at the server.
//!
//! The request travels on a connection of its own and says nothing of its effect. It is over
//! only when the server closes that connection: before that, the signal may still be on its
//! way, and would hit whatever runs next.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::future::join_all;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio_postgres::config::Host;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{CancelToken, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connect::Address;

/// PostgreSQL's port, where the address names none.
const PORT: u16 = 5432;
/// Addresses a name may stand for that are asked, in number.
const ADDRESSES_MAX: usize = 8;

/// Cancels statements of one database.
pub(super) struct Canceller {
    places: Vec<Place>,
    tls: Option<MakeRustlsConnect>,
}

/// A server of the address.
struct Place {
    host: Host,
    /// The name its certificate has.
    name: String,
    port: u16,
}

impl Canceller {
    pub(super) fn new(address: &Address) -> Self {
        Self { places: places(&address.config), tls: address.tls.clone() }
    }

    /// Asks every server of the address: only the one that knows the token does anything.
    /// Returns when all have dealt with it; failures show in that the statement goes on.
    pub(super) async fn cancel(&self, token: &CancelToken) {
        join_all(self.places.iter().map(|place| self.cancel_at(place, token))).await;
    }

    async fn cancel_at(&self, place: &Place, token: &CancelToken) {
        match &place.host {
            Host::Tcp(host) => {
                let Ok(found) = lookup_host((host.as_str(), place.port)).await else { return };
                let found: Vec<SocketAddr> = found.take(ADDRESSES_MAX).collect();
                join_all(found.into_iter().map(async |address| {
                    if let Ok(stream) = TcpStream::connect(address).await {
                        self.send(stream, place, token).await;
                    }
                }))
                .await;
            }
            Host::Unix(folder) => {
                let path: PathBuf = folder.join(format!(".s.PGSQL.{}", place.port));
                if let Ok(stream) = UnixStream::connect(path).await {
                    self.send(stream, place, token).await;
                }
            }
        }
    }

    async fn send<S>(&self, stream: S, place: &Place, token: &CancelToken)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = UntilClosed(stream);
        let sent = match self.tls.clone() {
            None => token.cancel_query_raw(stream, NoTls).await,
            Some(mut tls) => {
                let made =
                    MakeTlsConnect::<UntilClosed<S>>::make_tls_connect(&mut tls, &place.name);
                let Ok(connect) = made;
                token.cancel_query_raw(stream, connect).await
            }
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "a statement could not be cancelled");
        }
    }
}

fn places(config: &Config) -> Vec<Place> {
    let (hosts, addresses, ports) =
        (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = hosts.len().max(addresses.len());
    let place = |index: usize| {
        let name = match hosts.get(index) {
            Some(Host::Tcp(name)) => name.clone(),
            _ => String::new(),
        };
        let host = match addresses.get(index) {
            Some(address) => Host::Tcp(address.to_string()),
            None => hosts.get(index)?.clone(),
        };
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(PORT);
        Some(Place { host, name, port })
    };
    (0..count).filter_map(place).collect()
}

/// A stream whose shutdown is over when the other side has closed it, too.
struct UntilClosed<S>(S);

impl<S: AsyncRead + Unpin> AsyncRead for UntilClosed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for UntilClosed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Our half stays open: a server that sees its end may not read what came before it.
        loop {
            let mut bytes = [0; 64];
            let mut buffer = ReadBuf::new(&mut bytes);
            let read = ready!(Pin::new(&mut self.0).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
