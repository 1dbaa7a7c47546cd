//! What the targets share: documents from memory, contracts, and one way to read an answer.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use figleaf::codec::{Builder, Graph, Options};
use figleaf::soap::{EnvelopeReader, OperationNodes, OperationShape, Received};
use figleaf::wsdl::{self, DocumentSource, SourceDocument, SourceError};
use figleaf::xml::XmlLimits;

/// Documents that are nowhere on disk.
#[derive(Debug, Default)]
pub struct Memory(pub HashMap<String, Vec<u8>>);

impl DocumentSource for Memory {
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError> {
        let bytes = self
            .0
            .get(location)
            .cloned()
            .ok_or_else(|| SourceError { message: "it is not in memory".to_owned(), help: None })?;
        Ok(SourceDocument { location: location.to_owned(), bytes, charset: None })
    }
}

impl Memory {
    /// The documents of the demo shop.
    #[must_use]
    pub fn shop() -> Self {
        let texts = [
            ("OrderService.wsdl", include_str!("../../wsdl/shop/OrderService.wsdl")),
            ("OrderInterface.wsdl", include_str!("../../wsdl/shop/OrderInterface.wsdl")),
            ("codes.xsd", include_str!("../../wsdl/shop/codes.xsd")),
            ("common.xsd", include_str!("../../wsdl/shop/common.xsd")),
            ("customers.xsd", include_str!("../../wsdl/shop/customers.xsd")),
            ("orders.xsd", include_str!("../../wsdl/shop/orders.xsd")),
        ];
        Self(texts.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into())
    }

    fn one(text: &str) -> Self {
        Self(HashMap::from([("root.wsdl".to_owned(), text.as_bytes().to_vec())]))
    }
}

/// A contract's operations over one graph.
#[derive(Debug)]
pub struct Served {
    /// Its types.
    pub graph: Arc<Graph>,
    /// Its operations, of all ports.
    pub operations: Vec<OperationNodes>,
}

impl Served {
    fn new(root: &str, memory: &Memory) -> Self {
        let loaded = wsdl::load(root, memory).expect("a contract of ours loads");
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
        let operations = shapes.into_iter().map(|shape| shape.settle(&mut graph)).collect();
        Self { graph: Arc::new(graph), operations }
    }
}

/// The shop: document/literal.
pub static SHOP: LazyLock<Served> =
    LazyLock::new(|| Served::new("OrderService.wsdl", &Memory::shop()));

/// Contracts whose answers are read: the shop, one with SOAP encoding (arrays, references),
/// one with a bit of everything of XML Schema. `fuzz/seed` knows how many operations each has.
pub static CONTRACTS: LazyLock<[Served; 3]> = LazyLock::new(|| {
    let depot = Memory::one(include_str!("../../tests/it/encoded/contract.wsdl"));
    let echo = Memory::one(include_str!("../../tests/it/roundtrip/contract.wsdl"));
    [
        Served::new("OrderService.wsdl", &Memory::shop()),
        Served::new("root.wsdl", &depot),
        Served::new("root.wsdl", &echo),
    ]
});

/// An operation by number, over all contracts.
#[must_use]
pub fn operation(number: u8) -> (&'static Arc<Graph>, &'static OperationNodes) {
    let all = CONTRACTS.iter().flat_map(|c| c.operations.iter().map(|nodes| (&c.graph, nodes)));
    let count = all.clone().count();
    all.cycle().nth(usize::from(number) % count.max(1)).expect("the contracts have operations")
}

/// Reads an answer in chunks of one size; `None` where it is refused.
#[must_use]
pub fn read(
    (graph, nodes): (&Arc<Graph>, &OperationNodes),
    charset: Option<&str>,
    bytes: &[u8],
    chunk: usize,
) -> Option<Vec<u8>> {
    let faults = nodes.faults.iter().map(|fault| fault.child.clone()).collect();
    let limits = XmlLimits::default();
    let graph = Arc::clone(graph);
    let mut reader = EnvelopeReader::new(graph, nodes.response, faults, charset, limits, false);
    for piece in bytes.chunks(chunk.max(1)) {
        reader.feed(piece).ok()?;
    }
    match reader.finish().ok()? {
        Received::Answer => Some(reader.take()),
        Received::Fault(fault) => Some(format!("\"{:?}\"", fault.kind()).into_bytes()),
    }
}
