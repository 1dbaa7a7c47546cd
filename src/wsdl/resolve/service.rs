//! Services and their ports, and the bindings behind them.

use std::sync::Arc;

use super::super::authored::{
    AuthoredBinding, AuthoredPort, AuthoredService, Components, SoapBinding,
};
use super::super::model::{Port, Service};
use crate::diagnostic::{Code, Diagnostic, Report, Span};
use crate::xml::QName;
use crate::xsd::SchemaSet;

/// What resolving looks things up in.
pub struct Resolving<'a> {
    pub(super) components: &'a Components,
    pub(super) schema: &'a SchemaSet,
    pub(super) report: &'a mut Report,
}

impl<'a> Resolving<'a> {
    /// Resolves against these.
    pub fn new(components: &'a Components, schema: &'a SchemaSet, report: &'a mut Report) -> Self {
        Self { components, schema, report }
    }

    /// All services with a SOAP port; one made up of the SOAP bindings where there is none.
    pub fn services(&mut self, contract: &QName, root: Span) -> Vec<Service> {
        let components = self.components;
        let mut services: Vec<Service> =
            components.services.iter().map(|service| self.service(service)).collect();
        services.retain(|service| !service.ports.is_empty());
        if services.is_empty() {
            services.extend(self.service_of_bindings(contract, root));
        }
        if services.is_empty() {
            let message = if components.binding_order.is_empty() {
                "the contract has no binding"
            } else {
                "no port has a SOAP binding"
            };
            self.report.push(
                Diagnostic::error(Code::ContractNoSoap, root, message)
                    .label("no SOAP port in here")
                    .help("give the WSDL that holds `wsdl:service` and `soap:binding`; it may import this one"),
            );
        }
        services
    }

    pub(super) fn service(&mut self, service: &AuthoredService) -> Service {
        Service {
            name: service.name.clone(),
            ports: service.ports.iter().filter_map(|port| self.port(port)).collect(),
            documentation: service.documentation.clone(),
            span: service.span,
        }
    }

    pub(super) fn port(&mut self, port: &AuthoredPort) -> Option<Port> {
        let Some(reference) = &port.binding else {
            let message = format!("port `{}` names no binding", port.name);
            self.report.push(
                Diagnostic::warning(Code::ContractReferenceMissing, port.span, message)
                    .label("port without binding")
                    .help("add `binding`; the port is passed over"),
            );
            return None;
        };
        let bindings = &self.components.bindings;
        let Some(binding) = super::lookup::find(bindings, reference) else {
            let missing = super::lookup::missing("binding", reference, &bindings.keys());
            self.report
                .push(Diagnostic { severity: crate::diagnostic::Severity::Warning, ..missing });
            return None;
        };
        let soap = binding.soap.as_ref()?;
        Some(self.bound_port(&port.name, port.address.clone(), port.span, binding, soap))
    }

    pub(super) fn bound_port(
        &mut self,
        name: &Arc<str>,
        address: Option<Arc<str>>,
        span: Span,
        binding: &AuthoredBinding,
        soap: &SoapBinding,
    ) -> Port {
        let operations = self.operations(binding, soap, address.as_deref());
        Port { name: Arc::clone(name), version: soap.version, address, operations, span }
    }

    /// Contracts without a service are shared so that others write theirs.
    pub(super) fn service_of_bindings(&mut self, contract: &QName, root: Span) -> Option<Service> {
        let components = self.components;
        let mut ports = Vec::new();
        for name in &components.binding_order {
            let Some(binding) = components.bindings.get(name) else { continue };
            let Some(soap) = &binding.soap else { continue };
            ports.push(self.bound_port(&name.local, None, binding.span, binding, soap));
        }
        (!ports.is_empty()).then(|| Service {
            name: contract.clone(),
            ports,
            documentation: None,
            span: root,
        })
    }
}
