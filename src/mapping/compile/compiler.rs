//! The order of compilation, and what every step has at hand.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::MappingSet;
use super::migration::Migrating;
use super::open::Schemas;
use super::sql::{Composed, Descriptions, Statements};
use crate::diagnostic::{Code, Diagnostic, Report, Sources, Span, did_you_mean};
use crate::mapping::Spanned;
use crate::plan::{BackendId, Plan, RouteId, VersionPlan};
use crate::wsdl::Contract;

/// The contracts of SOAP backends, by backend name. A backend whose contract could not be
/// read is absent; the reason is in the report already.
pub type Contracts = HashMap<String, Arc<Contract>>;

/// What is known of the systems behind.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// Contracts of SOAP backends.
    pub contracts: &'k Contracts,
    /// Schemas of documents inside messages.
    pub schemas: &'k Schemas,
    /// The statements of the same configuration.
    pub statements: &'k Statements,
    /// What the databases said about them.
    pub descriptions: &'k Descriptions,
}

/// A configuration, compiled.
#[derive(Debug)]
pub struct Compiled {
    /// The plan.
    pub plan: Plan,
    /// Statements whose types are not known. A plan with such may be shown, never served.
    pub undescribed: Vec<Span>,
    /// The port each SOAP backend means, by the backend's name.
    pub ports: HashMap<String, PortOf>,
}

/// A port and the contract it is in.
#[derive(Debug, Clone)]
pub struct PortOf {
    /// The contract.
    pub contract: Arc<Contract>,
    /// Its service, by place.
    pub service: usize,
    /// The service's port, by place.
    pub port: usize,
}

/// What every step of the compilation has at hand.
pub(super) struct Compiler<'c> {
    pub(super) set: &'c MappingSet,
    pub(super) known: Known<'c>,
    pub(super) sources: &'c Sources,
    pub(super) report: &'c mut Report,
    pub(super) ids: HashMap<&'c str, BackendId>,
    /// Statements whose types are not known.
    pub(super) undescribed: Vec<Span>,
    /// Set while the parts of a composed answer are compiled.
    pub(super) composed: Option<Composed>,
}

/// Compiles a configuration. The plan is there only if nothing was wrong.
pub fn compile(
    set: &MappingSet,
    known: Known<'_>,
    sources: &Sources,
    report: &mut Report,
) -> Option<Compiled> {
    let ids = (0..)
        .zip(&set.backends)
        .map(|(id, backend)| (backend.name.value.as_str(), BackendId(id)))
        .collect();
    let (undescribed, composed) = (Vec::new(), None);
    let mut compiler = Compiler { set, known, sources, report, ids, undescribed, composed };
    let backends: Vec<_> = set.backends.iter().map(|b| compiler.backend(b)).collect();
    let mut ports = compiler.ports();
    let mut plan = Plan::default();
    let mut migrating = Vec::new();
    for version in &set.versions {
        let mut ids = Vec::new();
        for effective in &version.routes {
            let authored = &effective.route;
            let route = compiler.route(version, authored, &mut ports);
            let migration = authored.migration.as_deref();
            let candidate = migration.map(|m| compiler.route(version, &m.candidate, &mut ports));
            if let Some(route) = route {
                let id = RouteId(u32::try_from(plan.routes.len()).unwrap_or(u32::MAX));
                ids.push(id);
                plan.routes.push(route);
                if let (Some(migration), Some(Some(candidate))) = (migration, candidate) {
                    migrating.push(Migrating {
                        version,
                        route: authored,
                        migration,
                        id,
                        candidate,
                    });
                }
            }
        }
        plan.versions.push(VersionPlan {
            api: version.api.value.clone(),
            version: format!("v{}", version.version.value.0),
            title: version.title.as_ref().map_or(&version.api, |t| t).value.clone(),
            description: version.description.as_ref().map(|d| d.value.clone()),
            routes: ids,
        });
    }
    plan.versions.sort_by(|a, b| {
        (version_number(&a.version), &a.api).cmp(&(version_number(&b.version), &b.api))
    });
    super::route::unique_operation_ids(&mut plan);
    compiler.migrations(&mut plan, migrating);
    let mut undescribed = compiler.undescribed;
    undescribed.sort_unstable();
    undescribed.dedup();
    if report.has_errors() {
        return None;
    }
    plan.backends = backends.into_iter().collect::<Option<Vec<_>>>()?;
    let port_of = |(name, port): (&String, &super::ports::SoapPort)| {
        let contract = Arc::clone(&port.contract);
        (name.clone(), PortOf { contract, service: port.service, port: port.port })
    };
    let meant = ports.iter().map(port_of).collect();
    super::ports::share_graphs(&mut plan, ports);
    Some(Compiled { plan, undescribed, ports: meant })
}

pub(super) fn version_number(version: &str) -> u32 {
    version.trim_start_matches('v').parse().unwrap_or(u32::MAX)
}

impl<'c> Compiler<'c> {
    /// A backend by the name a route gives it, if it is of the kind the route needs: `soap`,
    /// `http` or `sql`.
    pub(super) fn named_backend(
        &mut self,
        name: &Spanned<String>,
        wants: &str,
    ) -> Option<(&'c super::super::Backend, BackendId)> {
        let Some(backend) = self.set.backend(&name.value) else {
            let names = self.set.backends.iter().map(|b| b.name.value.as_str());
            let message = format!("there is no backend `{}`", name.value);
            let near = did_you_mean(&name.value, names.clone());
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the backends are: {}", names.collect::<Vec<_>>().join(", ")),
            };
            let code = Code::MappingBackendUnknown;
            self.report.push(Diagnostic::error(code, name.span, message).help(help));
            return None;
        };
        let has = backend.kind.as_ref().map_or(wants, |kind| kind.route_key());
        if has != wants {
            let kind = backend.kind.as_ref().map_or("", |kind| kind.key());
            let message =
                format!("`{}` is a `{kind}` backend, and the route says `{wants}:`", name.value);
            self.report.push(
                Diagnostic::error(Code::MappingBackendKind, name.span, message)
                    .note(backend.name.span, "defined here")
                    .help(format!("write `{has}:`, or name another backend")),
            );
            return None;
        }
        Some((backend, *self.ids.get(name.value.as_str())?))
    }
}
