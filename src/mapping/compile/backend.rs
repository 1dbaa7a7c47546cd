//! Backends: authored → plan.

use std::path::{Path, PathBuf};

use super::Compiler;
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::{self, BackendKind, Spanned};
use crate::plan::{self, BackendLimits, BackendPlan, Breaker, Retry, Secret, Timeouts};

impl Compiler<'_> {
    /// One backend; `None` where something is missing, and that is reported.
    pub(super) fn backend(&mut self, backend: &mapping::Backend) -> Option<BackendPlan> {
        let (kind, url) = match backend.kind.as_ref()? {
            BackendKind::Http(url) => (plan::BackendKind::Http, url.value.value.clone()),
            BackendKind::Soap(_) => (plan::BackendKind::Soap, self.address(backend)?),
        };
        self.refuse_security(backend);
        let defaults = (Timeouts::default(), Breaker::default(), BackendLimits::default());
        let (timeout, breaker, limits) = &defaults;
        let tls = backend.tls.as_ref().map(|tls| self.tls(tls));
        Some(BackendPlan {
            name: backend.name.value.clone(),
            kind,
            url,
            database: None,
            timeout: Timeouts {
                connect: value(backend.timeout.connect.as_ref()).unwrap_or(timeout.connect),
                total: value(backend.timeout.total.as_ref()).unwrap_or(timeout.total),
            },
            retry: backend
                .attempts
                .as_ref()
                .map_or(Retry::default(), |a| Retry { attempts: a.value }),
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
            tls,
            basic: backend.basic.as_ref().map(|basic| {
                (basic.value.username.value.value.clone(), basic.value.password.value.clone())
            }),
            headers: backend
                .headers
                .iter()
                .map(|(name, value)| (name.value.clone(), value.value.clone()))
                .collect::<Vec<(String, Secret)>>(),
        })
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
        let contract = self.contracts.get(&backend.name.value)?;
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

    fn tls(&self, tls: &Spanned<mapping::Tls>) -> plan::Tls {
        let beside = |span, path: &str| self.beside(span, path);
        plan::Tls {
            ca: tls.value.ca.as_ref().map(|t| beside(t.span, &t.value.value)),
            cert: tls.value.cert.as_ref().map(|t| beside(t.span, &t.value.value)),
            key: tls.value.key.as_ref().map(|t| beside(t.span, t.value.expose())),
        }
    }

    /// A path as written in a mapping file is relative to that file.
    fn beside(&self, span: crate::diagnostic::Span, path: &str) -> PathBuf {
        let file = Path::new(self.sources.name(span.file));
        file.parent().unwrap_or(Path::new("")).join(path)
    }
}

fn value<T: Copy>(spanned: Option<&Spanned<T>>) -> Option<T> {
    spanned.map(|s| s.value)
}
