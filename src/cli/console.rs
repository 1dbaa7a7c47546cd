//! Opening the operators' console beside the server.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::str::FromStr;

use actix_web::rt::SystemRunner;
use actix_web::web::Data;
use clap::Args;

use super::output::{self, Failure};
use super::serve;
use crate::console::{self, Access, Console, Tokens};
use crate::server::{Running, Shared};

/// Where the console is when nobody says where.
const ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9090);

/// The operators' console.
#[derive(Debug, Args)]
pub struct ConsoleArguments {
    /// Where operators see the migration and move routes, and Prometheus reads /metrics: an
    /// address, or `off`. Where a route has a candidate it is at 127.0.0.1:9090. Beyond the
    /// loopback address it needs --console-tokens.
    #[arg(long, value_name = "ADDRESS", env = "FIGLEAF_CONSOLE", hide_env_values = true)]
    console: Option<Door>,
    /// Who may come in: a file of lines `name role token`. A role is viewer, operator, releaser
    /// or owner; a token is 20 bytes or more, or `sha256:` and its hash. Without it, whoever
    /// reaches the loopback address is an owner.
    #[arg(long, value_name = "FILE", env = "FIGLEAF_CONSOLE_TOKENS", hide_env_values = true)]
    console_tokens: Option<PathBuf>,
}

/// Where the console is, if anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Off,
    At(SocketAddr),
}

impl FromStr for Door {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            address => address.parse().map(Self::At).map_err(|_| {
                "an address is a number and a port, as 127.0.0.1:9090; or it is `off`".to_owned()
            }),
        }
    }
}

/// A console that has its address and serves nobody yet.
pub(super) struct Opened {
    listener: TcpListener,
    access: Access,
}

impl ConsoleArguments {
    /// Takes the console's address. `None` where there is to be none: nobody asked for one, and
    /// no route has a candidate or somebody else has the address.
    ///
    /// # Errors
    /// Where the address that was asked for is taken or open to all, or the tokens cannot be
    /// used.
    pub(super) fn open(&self, running: &Running) -> Result<Option<Opened>, Failure> {
        let address = match self.console {
            Some(Door::Off) => return Ok(None),
            Some(Door::At(address)) => address,
            None if running.migrations.is_none() => return Ok(None),
            None => ADDRESS,
        };
        let tokens = self.tokens()?;
        let access = Access::new(address, tokens).map_err(|error| {
            Failure::usage(format!("--console: {error}"))
                .help("name a file of tokens with --console-tokens, or an address of 127.0.0.1")
        })?;
        match serve::listen(address, "--console") {
            Ok(listener) => Ok(Some(Opened { listener, access })),
            Err(failure) if self.console.is_none() => {
                let why = failure.message;
                output::note(&format!(
                    "no console: {why}; --console 127.0.0.1:0 takes a free port, --console off needs none"
                ));
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    fn tokens(&self) -> Result<Option<Tokens>, Failure> {
        let Some(path) = &self.console_tokens else { return Ok(None) };
        let unusable = |why: &dyn std::fmt::Display| {
            Failure::usage(format!("--console-tokens {}: {why}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| unusable(&error))?;
        Tokens::parse(&text).map(Some).map_err(|error| {
            unusable(&error).help("each line: ada operator sha256:<64 hexadecimal digits>")
        })
    }
}

impl Opened {
    /// Serves until the runtime ends: while the server drains, too. Where it is.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(super) fn start(
        self,
        system: &SystemRunner,
        shared: Data<Shared>,
    ) -> Result<SocketAddr, Failure> {
        let io = |error: std::io::Error| Failure::new(error.to_string());
        let address = self.listener.local_addr().map_err(io)?;
        let console = Console::new(shared, self.access)
            .ok_or_else(|| Failure::new("this system has no random numbers for the console"))?;
        system.block_on(async {
            actix_web::rt::spawn(console::server(self.listener, console).map_err(io)?);
            Ok::<(), Failure>(())
        })?;
        tracing::info!(%address, "the console is open");
        Ok(address)
    }
}
