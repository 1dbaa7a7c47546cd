//! How connections are made: the address, TLS, and what a session starts with.

use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::Connect;
use tokio::task::JoinHandle;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls;
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::BackendPlan;

/// The pause after which a silent connection is probed.
const KEEPALIVE: Duration = Duration::from_secs(15);
/// The pause between two probes.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
/// Probes without an answer that end a connection.
const KEEPALIVE_PROBES: u32 = 3;
/// Bytes on their way without an acknowledgement that end a connection.
const UNACKNOWLEDGED_MAX: Duration = Duration::from_secs(15);
/// What the server's list of sessions shows, unless the address says otherwise.
const APPLICATION: &str = "figleaf";

/// Where a database is, and how it is spoken to.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: Option<MakeRustlsConnect>,
}

/// What the sessions of one pool start with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Session {
    /// Their transactions cannot write, unless a statement says so.
    pub(super) read_only: bool,
    /// The server ends a statement after this: it is there for the case that nobody is left
    /// to cancel it.
    pub(super) statement: Duration,
    /// The server ends a statement that waits this long for a lock. Shorter than a call's
    /// time, so that the caller learns that nothing has happened.
    pub(super) lock: Duration,
}

impl Address {
    pub(super) fn new(plan: &BackendPlan) -> Result<Self, Diagnostic> {
        let text = plan.database.as_ref().map_or("", |database| database.address.expose());
        let mut config = parse(text)?;
        if config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_))) {
            config.ssl_mode(SslMode::Disable);
        }
        let tls = tls::connector(&mut config, plan.tls.as_ref())?;
        if config.get_application_name().is_none() {
            config.application_name(APPLICATION);
        }
        config
            .connect_timeout(plan.timeout.connect)
            .tcp_user_timeout(UNACKNOWLEDGED_MAX)
            .keepalives_idle(KEEPALIVE)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(KEEPALIVE_PROBES);
        Ok(Self { config, tls })
    }

    /// How to make connections with such sessions.
    pub(super) fn connector(&self, session: Session) -> (Config, Connector) {
        let mut config = self.config.clone();
        // The driver asks a new session whether it may write; it says no if it starts so.
        let asks = config.get_target_session_attrs() == TargetSessionAttrs::ReadWrite;
        let mut settings = config.get_options().map(str::to_owned).unwrap_or_default();
        let milliseconds = |time: Duration| time.as_millis().min(i32::MAX as u128).to_string();
        let mut set = |name: &str, value: &str| {
            settings.push_str(&format!(" -c {name}={value}"));
        };
        // Named parameters were found by the standard's rule for backslashes.
        set("standard_conforming_strings", "on");
        set("statement_timeout", &milliseconds(session.statement));
        set("lock_timeout", &milliseconds(session.lock));
        set("idle_in_transaction_session_timeout", &milliseconds(session.statement));
        if session.read_only && !asks {
            set("default_transaction_read_only", "on");
        }
        config.options(settings.trim_start());
        let first = (session.read_only && asks).then_some("set default_transaction_read_only = on");
        (config, Connector { tls: self.tls.clone(), first })
    }
}

fn parse(text: &str) -> Result<Config, Diagnostic> {
    let refuse = |why: &str| {
        // The address may hold a password, so it is not repeated.
        Diagnostic::nowhere(Code::MappingValue, format!("the address of the database {why}")).help(
            "write `postgres://user:password@host:5432/name?sslmode=require`, with reserved \
             characters of the password percent-encoded",
        )
    };
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return Err(refuse("is not a postgres:// URL"));
    }
    // The driver's `require` is verified here as these two are.
    let text = match text.rsplit_once('?') {
        Some((address, options)) => {
            let options = options
                .replace("sslmode=verify-full", "sslmode=require")
                .replace("sslmode=verify-ca", "sslmode=require");
            format!("{address}?{options}")
        }
        None => text.to_owned(),
    };
    let config = Config::from_str(&text).map_err(|_| refuse("cannot be read"))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(refuse("names no host"));
    }
    Ok(config)
}

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    tls: Option<MakeRustlsConnect>,
    first: Option<&'static str>,
}

impl Connector {
    pub(super) async fn open(&self, config: Config) -> Result<(Client, JoinHandle<()>), Error> {
        let (client, driver) = match &self.tls {
            Some(tls) => open(&config, tls.clone()).await?,
            None => open(&config, NoTls).await?,
        };
        if let Some(statement) = self.first {
            client.batch_execute(statement).await?;
        }
        Ok((client, driver))
    }
}

impl Connect for Connector {
    fn connect(
        &self,
        config: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + '_>> {
        Box::pin(self.open(config.clone()))
    }
}

async fn open<T>(config: &Config, tls: T) -> Result<(Client, JoinHandle<()>), Error>
where
    T: MakeTlsConnect<Socket> + Send,
    T::TlsConnect: Send,
    T::Stream: Send + 'static,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, connection) = config.connect(tls).await?;
    let driver = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to the database broke");
        }
    });
    Ok((client, driver))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_cannot_be_used_are_refused_without_being_repeated() {
        let check = |text: &str, expected: &str| {
            let problem = parse(text).err().unwrap_or_else(|| panic!("{text} is taken"));
            assert_eq!(problem.message, format!("the address of the database {expected}"));
            assert!(!format!("{problem:?}").contains("s3cret"), "{problem:?}");
        };
        check("mysql://u:s3cret@h/d", "is not a postgres:// URL");
        check("host=h password=s3cret", "is not a postgres:// URL");
        check("postgres://u:s3cret@h/d?s3cret=1", "cannot be read");
        check("postgres://u:s3cret@h:port/d", "cannot be read");
        check("postgres:///d", "names no host");
    }

    #[test]
    fn every_mode_that_verifies_is_require() {
        let check = |options: &str, expected| {
            let config = parse(&format!("postgres://u@h/d{options}")).unwrap();
            assert_eq!(config.get_ssl_mode(), expected, "{options}");
        };
        check("", SslMode::Prefer);
        check("?sslmode=disable", SslMode::Disable);
        check("?sslmode=require", SslMode::Require);
        check("?application_name=x&sslmode=verify-ca", SslMode::Require);
        check("?sslmode=verify-full&application_name=x", SslMode::Require);
    }

    #[test]
    fn a_session_starts_with_its_limits_after_those_of_the_address() {
        let config = parse("postgres://u@h/d?options=-c%20search_path%3Dapp").unwrap();
        let address = Address { config, tls: None };
        let session = Session {
            read_only: true,
            statement: Duration::from_secs(5),
            lock: Duration::from_secs(4),
        };
        let (config, _) = address.connector(session);
        assert_eq!(
            config.get_options().unwrap(),
            "-c search_path=app -c standard_conforming_strings=on -c statement_timeout=5000 \
             -c lock_timeout=4000 -c idle_in_transaction_session_timeout=5000 \
             -c default_transaction_read_only=on"
        );
    }
}
