//! What a contract says about the messages of one port, compiled once.

use std::sync::Arc;

use crate::codec::{Builder, Graph, Node, Options};
use crate::soap::{OperationNodes, OperationShape};
use crate::wsdl::{Contract, SoapVersion};
use crate::xml::QName;

/// The operations of a port and the types of their messages, whatever a mapping makes of them.
#[derive(Debug)]
pub struct Vocabulary {
    /// The service.
    pub service: QName,
    /// The port.
    pub port: Arc<str>,
    /// Which SOAP it speaks.
    pub version: SoapVersion,
    /// The types.
    pub graph: Arc<Graph>,
    /// Operations that can be called, in the order of the binding.
    pub operations: Vec<OperationWords>,
}

/// An operation as its messages name it.
#[derive(Debug)]
pub struct OperationWords {
    /// Its name.
    pub name: Arc<str>,
    /// Its SOAP action; empty where it has none.
    pub action: Arc<str>,
    /// Its messages in the graph.
    pub nodes: OperationNodes,
    /// Elements that stand directly in the body of its request. One of them is enough to know it
    /// by, unless another operation has the same.
    pub request: Vec<QName>,
}

impl Vocabulary {
    /// Compiles the operations of a port, both by their place in the contract. Operations that
    /// are refused are left out.
    #[must_use]
    pub fn of(contract: &Contract, service: usize, port: usize) -> Option<Self> {
        let service = contract.services.get(service)?;
        let port = service.ports.get(port)?;
        let mut builder = Builder::new(&contract.schema, &contract.prefixes, Options::default());
        let served: Vec<_> = port.operations.iter().filter(|o| o.refusals.is_empty()).collect();
        let shapes: Vec<_> =
            served.iter().map(|operation| OperationShape::lower(&mut builder, operation)).collect();
        let mut graph = builder.finish();
        let nodes: Vec<_> = shapes.into_iter().map(|shape| shape.settle(&mut graph)).collect();
        let operations = served.iter().zip(nodes).map(|(operation, nodes)| OperationWords {
            name: Arc::clone(&operation.name),
            action: operation.soap_action.clone().unwrap_or_default(),
            request: body_names(&graph, &nodes),
            nodes,
        });
        let operations = operations.collect();
        Some(Self {
            service: service.name.clone(),
            port: Arc::clone(&port.name),
            version: port.version,
            graph: Arc::new(graph),
            operations,
        })
    }

    /// An operation by name.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<usize> {
        self.operations.iter().position(|operation| &*operation.name == name)
    }
}

fn body_names(graph: &Graph, nodes: &OperationNodes) -> Vec<QName> {
    let Node::Object(object) = graph.node(nodes.request) else { return Vec::new() };
    let name = |child: &crate::codec::Child| {
        QName::new(graph.namespaces.uri(child.namespace), &*child.local)
    };
    object.children.iter().map(name).collect()
}
