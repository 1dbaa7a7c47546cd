//! The HTTP client of one backend: how it is built, and one per runtime.
//!
//! actix-web runs a single-threaded runtime in each worker, and a connection lives on the
//! runtime that opened it. A client shared between workers would let one worker's request
//! wait for another worker's loop, so each runtime gets a client of its own.

use std::path::Path;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Identity, redirect, retry};
use tokio::runtime::{Handle, Id};

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{BackendPlan, Tls};

/// An idle connection is closed after this: below what servers commonly use, so that they
/// rarely close a connection in the moment it is used again.
const IDLE: Duration = Duration::from_secs(10);
/// The pause after which a silent connection is probed.
const KEEPALIVE: Duration = Duration::from_secs(15);
/// Headers of one answer, in number.
const ANSWER_HEADERS_MAX: usize = 128;

/// How to build a client, with all files read.
pub(super) struct Recipe {
    connect: Duration,
    idle_max: usize,
    https: bool,
    authorities: Option<Vec<Certificate>>,
    identity: Option<Identity>,
}

impl Recipe {
    pub(super) fn new(plan: &BackendPlan, https: bool) -> Result<Self, Diagnostic> {
        let tls = plan.tls.as_ref();
        Ok(Self {
            connect: plan.timeout.connect,
            idle_max: plan.limits.in_flight as usize,
            https,
            authorities: tls.and_then(|tls| tls.ca.as_deref()).map(authorities).transpose()?,
            identity: tls.map(identity).transpose()?.flatten(),
        })
    }

    pub(super) fn build(&self) -> Result<Client, Diagnostic> {
        // A second installation fails, and the first stays: that is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .connect_timeout(self.connect)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_deflate()
            .no_brotli()
            .no_zstd()
            .http1_only()
            .http1_max_headers(ANSWER_HEADERS_MAX)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(self.idle_max)
            .tcp_nodelay(true)
            .tcp_keepalive(KEEPALIVE)
            .https_only(self.https);
        builder = self.trust(builder);
        if let Some(identity) = &self.identity {
            builder = builder.identity(identity.clone());
        }
        builder.build().map_err(|error| {
            let cause = std::error::Error::source(&error)
                .map_or_else(|| error.to_string(), ToString::to_string);
            Diagnostic::nowhere(Code::MappingValue, format!("no TLS client can be built: {cause}"))
                .help("check that the certificates and the key under `tls` belong together")
        })
    }

    /// Plain http needs no authorities, and reading the platform's takes milliseconds.
    fn trust(&self, builder: ClientBuilder) -> ClientBuilder {
        match &self.authorities {
            Some(authorities) => builder.tls_certs_only(authorities.iter().cloned()),
            None if self.https => builder,
            None => builder.tls_certs_only([]),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    std::fs::read(path).map_err(|error| {
        let message = format!("`{}` cannot be read: {error}", path.display());
        Diagnostic::nowhere(Code::MappingUnreadable, message)
    })
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, Diagnostic> {
    let found = Certificate::from_pem_bundle(&read(path)?).unwrap_or_default();
    if found.is_empty() {
        let message = format!("`{}` holds no PEM certificate", path.display());
        return Err(Diagnostic::nowhere(Code::MappingValue, message));
    }
    Ok(found)
}

fn identity(tls: &Tls) -> Result<Option<Identity>, Diagnostic> {
    let (cert, key) = match (&tls.cert, &tls.key) {
        (None, None) => return Ok(None),
        (Some(cert), Some(key)) => (cert, key),
        _ => {
            let message = "`tls` has only one of `cert` and `key`";
            return Err(Diagnostic::nowhere(Code::MappingMissing, message));
        }
    };
    let mut pem = read(key)?;
    pem.push(b'\n');
    pem.extend(read(cert)?);
    let identity = Identity::from_pem(&pem).map_err(|_| {
        let message = format!(
            "`{}` and `{}` are not a PEM certificate and its key",
            cert.display(),
            key.display()
        );
        Diagnostic::nowhere(Code::MappingValue, message)
    })?;
    Ok(Some(identity))
}

/// One client per runtime, all from one recipe.
pub(super) struct Clients {
    recipe: Recipe,
    built: RwLock<Vec<(Id, Client)>>,
}

impl Clients {
    /// Builds the first client at once, so that every problem shows at start-up.
    pub(super) fn new(recipe: Recipe) -> Result<Self, Diagnostic> {
        let first = recipe.build()?;
        let built = Handle::try_current().map(|handle| vec![(handle.id(), first)]);
        Ok(Self { recipe, built: RwLock::new(built.unwrap_or_default()) })
    }

    /// The client of the runtime this is called in.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub(super) fn here(&self) -> Result<Client, Diagnostic> {
        let id = Handle::current().id();
        let built = self.built.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = built.iter().find(|(of, _)| *of == id) {
            return Ok(client.clone());
        }
        drop(built);
        let client = self.recipe.build()?;
        self.built.write().unwrap_or_else(PoisonError::into_inner).push((id, client.clone()));
        Ok(client)
    }
}
