//! What the integration tests share: contracts from memory, graphs, one call for each way.

use std::collections::HashMap;
use std::sync::Arc;

use figleaf::codec::{
    Builder, EncodeProblem, Encoder, Graph, JsonLimits, Naming, NodeId, Options, parse_json,
};
use figleaf::soap::{
    EnvelopeReader, OperationNodes, OperationShape, Received, SoapError, write_envelope,
};
use figleaf::wsdl::{
    self, Contract, DocumentSource, Operation, SoapVersion, SourceDocument, SourceError,
};
use figleaf::xml::XmlLimits;

/// Documents that are nowhere but in the test.
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

/// One operation, ready to translate.
#[derive(Debug, Clone)]
pub struct Served {
    pub graph: Arc<Graph>,
    pub nodes: OperationNodes,
    pub version: SoapVersion,
}

pub const JSON_LIMITS: JsonLimits = JsonLimits { depth: 256, nodes: 10_000_000 };

pub fn options(naming: Naming) -> Options {
    Options { naming, ..Options::default() }
}

/// A contract of one document.
pub fn contract(text: &str) -> Contract {
    let memory = Memory(HashMap::from([("test.wsdl".to_owned(), text.as_bytes().to_vec())]));
    wsdl::load("test.wsdl", &memory).map_err(|f| f.report).unwrap().contract
}

/// The first operation of a name that has no refusal.
pub fn operation<'c>(contract: &'c Contract, name: &str) -> Option<(&'c Operation, SoapVersion)> {
    let ports = contract.services.iter().flat_map(|s| &s.ports);
    let mut all: Vec<_> = ports
        .flat_map(|p| p.operations.iter().map(move |o| (o, p.version)))
        .filter(|(o, _)| *o.name == *name)
        .collect();
    all.sort_by_key(|(o, _)| !o.refusals.is_empty());
    all.first().copied()
}

pub fn serve(
    contract: &Contract,
    operation: &Operation,
    version: SoapVersion,
    naming: Naming,
) -> Served {
    let mut builder = Builder::new(&contract.schema, &contract.prefixes, options(naming));
    let shape = OperationShape::lower(&mut builder, operation);
    let mut graph = builder.finish();
    let nodes = shape.settle(&mut graph);
    Served { graph: Arc::new(graph), nodes, version }
}

impl Served {
    /// JSON text → envelope.
    pub fn encode(&self, node: NodeId, json: &str) -> Result<String, Vec<EncodeProblem>> {
        let value = parse_json(json, JSON_LIMITS).map_err(|error| {
            vec![EncodeProblem { pointer: String::new(), detail: error.to_string() }]
        })?;
        let mut encoder = Encoder::new(&self.graph);
        encoder.content(node, &value);
        let (body, used, problems) = encoder.finish();
        if !problems.is_empty() {
            return Err(problems);
        }
        let envelope = write_envelope(&self.graph, self.version, &used, b"", &body);
        Ok(String::from_utf8(envelope).unwrap())
    }

    pub fn reader(&self, node: Option<NodeId>) -> EnvelopeReader {
        let faults = self.nodes.faults.iter().map(|f| f.child.clone()).collect();
        let limits = XmlLimits { depth: 512, ..XmlLimits::default() };
        EnvelopeReader::new(Arc::clone(&self.graph), node, faults, None, limits, false)
    }

    /// Envelope → JSON text, or what else it is; with the violations, as text.
    pub fn decode(
        &self,
        node: Option<NodeId>,
        envelope: &[u8],
    ) -> Result<(Received, String, Vec<String>), SoapError> {
        self.decode_as("text/xml", node, envelope)
    }

    /// The same for an answer of this media type.
    pub fn decode_as(
        &self,
        content_type: &str,
        node: Option<NodeId>,
        answer: &[u8],
    ) -> Result<(Received, String, Vec<String>), SoapError> {
        let mut reader = self.reader(node).of_type(Some(content_type), &Arc::default());
        reader.feed(answer)?;
        let received = reader.finish()?;
        let violations = reader
            .violations()
            .first
            .iter()
            .map(|v| format!("{} {} {}", v.code, v.path, v.what))
            .collect();
        let json = String::from_utf8(reader.take()).unwrap();
        Ok((received, json, violations))
    }
}
