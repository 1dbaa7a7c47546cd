//! Backends: authored → plan.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Compiler;
use crate::diagnostic::{Code, Diagnostic, Sources, Span};
use crate::mapping::{self, BackendKind, Spanned};
use crate::plan::{
    self, BackendLimits, BackendPlan, Breaker, DatabasePlan, Pool, Retry, Secret, Timeouts,
};

impl Compiler<'_> {
    /// One backend; `None` where something is missing, and that is reported.
    pub(super) fn backend(&mut self, backend: &mapping::Backend) -> Option<BackendPlan> {
        let (kind, url) = match backend.kind.as_ref()? {
            BackendKind::Http(url) => (plan::BackendKind::Http, url.value.value.clone()),
            BackendKind::Soap(_) => (plan::BackendKind::Soap, self.address(backend)?),
            BackendKind::Postgres(_) | BackendKind::Sqlite(_) => {
                return database(backend, self.sources);
            }
        };
        self.refuse_security(backend);
        Some(planned(backend, kind, url, self.sources))
    }

    /// Credentials that would silently not be sent are worse than none.
    fn refuse_security(&mut self, backend: &mapping::Backend) {
        if let Some(token) = &backend.username_token {
            let message = "WS-Security is not sent yet";
            self.report.push(
                Diagnostic::error(Code::MappingValue, token.span, message)
                    .help("use `basic:` or `headers:` where the backend takes them"),
            );
        }
    }

    /// The mapping's address, else the contract's.
    fn address(&mut self, backend: &mapping::Backend) -> Option<String> {
        if let Some(url) = &backend.url {
            return Some(url.value.value.clone());
        }
        let contract = self.known.contracts.get(&backend.name.value)?;
        let ports = contract.services.iter().flat_map(|s| &s.ports);
        let wanted = backend.port.as_ref().map(|p| p.value.as_str());
        let address = ports
            .filter(|port| wanted.is_none_or(|name| name == &*port.name))
            .find_map(|port| port.address.as_deref())
            .filter(|url| url.starts_with("http://") || url.starts_with("https://"));
        if address.is_none() {
            let message = format!("the contract of `{}` has no usable address", backend.name.value);
            self.report.push(
                Diagnostic::error(Code::MappingMissing, backend.name.span, message)
                    .help("add `url:` with the address of the service"),
            );
        }
        address.map(str::to_owned)
    }
}

/// What all kinds of backend have in common.
fn planned(
    backend: &mapping::Backend,
    kind: plan::BackendKind,
    url: String,
    sources: &Sources,
) -> BackendPlan {
    let breaker = match kind {
        plan::BackendKind::Sql => Breaker { open: DATABASE_BREAKER_OPEN, ..Breaker::default() },
        _ => Breaker::default(),
    };
    let (timeout, limits) = (Timeouts::default(), BackendLimits::default());
    BackendPlan {
        name: backend.name.value.clone(),
        kind,
        url,
        database: None,
        timeout: Timeouts {
            connect: value(backend.timeout.connect.as_ref()).unwrap_or(timeout.connect),
            total: value(backend.timeout.total.as_ref()).unwrap_or(timeout.total),
        },
        retry: backend.attempts.as_ref().map_or(Retry::default(), |a| Retry { attempts: a.value }),
        breaker: Breaker {
            failures: value(backend.breaker.failures.as_ref()).unwrap_or(breaker.failures),
            open: value(backend.breaker.open.as_ref()).unwrap_or(breaker.open),
            probes: value(backend.breaker.probes.as_ref()).unwrap_or(breaker.probes),
        },
        limits: BackendLimits {
            in_flight: value(backend.limits.in_flight.as_ref()).unwrap_or(limits.in_flight),
            response_bytes: value(backend.limits.response_bytes.as_ref())
                .unwrap_or(limits.response_bytes),
        },
        tls: backend.tls.as_ref().map(|tls| certificates(tls, sources)),
        basic: backend.basic.as_ref().map(|basic| {
            (basic.value.username.value.value.clone(), basic.value.password.value.clone())
        }),
        redact: backend.redact.rules(),
        headers: backend
            .headers
            .iter()
            .map(|(name, value)| (name.value.clone(), value.value.clone()))
            .collect::<Vec<(String, Secret)>>(),
    }
}

/// How long the breaker of a database stays open: one that runs again is back at once.
const DATABASE_BREAKER_OPEN: Duration = Duration::from_secs(1);

/// A database; `None` where the backend is none.
pub(super) fn database(backend: &mapping::Backend, sources: &Sources) -> Option<BackendPlan> {
    let kind = backend.kind.as_ref()?;
    let dialect = kind.dialect()?;
    let (address, shown) = match kind {
        BackendKind::Postgres(address) => {
            let address = address.value.value.clone();
            let shown = without_credentials(&address);
            (address, shown)
        }
        BackendKind::Sqlite(file) => {
            let path = match file.value.value.as_str() {
                ":memory:" => ":memory:".to_owned(),
                path => beside(file.span, path, sources).display().to_string(),
            };
            (path.clone(), path)
        }
        BackendKind::Soap(_) | BackendKind::Http(_) => return None,
    };
    let defaults = Pool::default();
    let pool = Pool {
        size: value(backend.pool.size.as_ref()).unwrap_or(defaults.size),
        stream: value(backend.pool.stream.as_ref()).unwrap_or(defaults.stream),
        wait: value(backend.pool.wait.as_ref()).unwrap_or(defaults.wait),
    };
    let database = DatabasePlan { dialect, address: Secret::new(address), pool };
    let planned = planned(backend, plan::BackendKind::Sql, shown, sources);
    Some(BackendPlan { database: Some(database), ..planned })
}

/// An address as it may be shown: scheme, host and path, neither user nor password nor
/// parameters, which may hold one.
fn without_credentials(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    // The driver takes all before the first `@` for credentials, whatever stands in it.
    let rest = rest.split_once('@').map_or(rest, |(_, host)| host);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{host}")
}

fn value<T: Copy>(spanned: Option<&Spanned<T>>) -> Option<T> {
    spanned.map(|s| s.value)
}

fn certificates(tls: &Spanned<mapping::Tls>, sources: &Sources) -> plan::Tls {
    let beside = |span, path: &str| beside(span, path, sources);
    plan::Tls {
        ca: tls.value.ca.as_ref().map(|t| beside(t.span, &t.value.value)),
        cert: tls.value.cert.as_ref().map(|t| beside(t.span, &t.value.value)),
        key: tls.value.key.as_ref().map(|t| beside(t.span, t.value.expose())),
    }
}

/// A path as written in a mapping file is relative to that file.
fn beside(span: Span, path: &str, sources: &Sources) -> PathBuf {
    let file = Path::new(sources.name(span.file));
    file.parent().unwrap_or(Path::new("")).join(path)
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn an_address_is_shown_without_anything_secret() {
        let check = |address, shown| assert_eq!(without_credentials(address), shown);
        check(
            "postgres://app:s3cret@db.example:5432/erp?sslmode=require",
            "postgres://db.example:5432/erp",
        );
        check("postgres://app:s3#cr?et/x@db.example/erp", "postgres://db.example/erp");
        check("postgres://app:p@ss@db.example/erp", "postgres://db.example/erp");
        check("postgres://db.example/erp?password=s3cret", "postgres://db.example/erp");
    }
}
