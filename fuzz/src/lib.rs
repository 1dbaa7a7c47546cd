//! What the targets share: documents from memory, and the shop's contract.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use figleaf::codec::{Builder, Graph, Options};
use figleaf::soap::{OperationNodes, OperationShape};
use figleaf::wsdl::{self, DocumentSource, SourceDocument, SourceError};

/// Documents that are nowhere on disk.
#[derive(Debug, Default)]
pub struct Memory(pub HashMap<String, Vec<u8>>);

impl DocumentSource for Memory {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let bytes = self.0.get(location).cloned().ok_or_else(|| SourceError {
            message: "it is not in memory".to_owned(),
            help: None,
        })?;
        Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
    }
}

/// The shop's operations over one graph.
pub static SHOP: LazyLock<(Arc<Graph>, Vec<OperationNodes>)> = LazyLock::new(|| {
    let mut memory = Memory::default();
    for (name, text) in [
        ("OrderService.wsdl", include_str!("../../wsdl/shop/OrderService.wsdl")),
        ("OrderInterface.wsdl", include_str!("../../wsdl/shop/OrderInterface.wsdl")),
        ("codes.xsd", include_str!("../../wsdl/shop/codes.xsd")),
        ("common.xsd", include_str!("../../wsdl/shop/common.xsd")),
        ("customers.xsd", include_str!("../../wsdl/shop/customers.xsd")),
        ("orders.xsd", include_str!("../../wsdl/shop/orders.xsd")),
    ] {
        memory.0.insert(name.to_owned(), text.as_bytes().to_vec());
    }
    let loaded = wsdl::load("OrderService.wsdl", &memory).expect("the shop's contract loads");
    let contract = &loaded.contract;
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, Options::default());
    let shapes: Vec<_> = contract
        .services
        .iter()
        .flat_map(|service| &service.ports)
        .flat_map(|port| &port.operations)
        .map(|operation| OperationShape::lower(&mut builder, operation))
        .collect();
    let mut graph = builder.finish();
    let nodes: Vec<_> = shapes.into_iter().map(|shape| shape.settle(&mut graph)).collect();
    (Arc::new(graph), nodes)
});
