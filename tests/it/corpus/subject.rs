//! What a contract has values of: messages, global elements, named types.

use std::path::Path;
use std::sync::Arc;

use figleaf::codec::{
    Builder, Child, Graph, Member, Naming, Node, NodeId, Object, Particle, ParticleTerm,
};
use figleaf::soap::{OperationNodes, OperationShape};
use figleaf::wsdl::{self, Contract, SoapVersion};
use figleaf::xml::NsId;

use super::place::{Row, rows, source};
use crate::support::{Served, options};

/// A type that values are made of.
#[derive(Debug)]
pub struct Subject {
    /// For messages, e.g. `request Add` or `element Order`.
    pub name: String,
    pub node: NodeId,
    version: SoapVersion,
    nodes: Option<OperationNodes>,
    pub is_response: bool,
}

/// Everything of one contract over one graph.
#[derive(Debug)]
pub struct Subjects {
    pub graph: Arc<Graph>,
    pub all: Vec<Subject>,
}

impl Subjects {
    /// A subject, ready to translate.
    pub fn served(&self, subject: &Subject) -> Served {
        let nodes = subject.nodes.clone().unwrap_or_else(|| OperationNodes {
            request: subject.node,
            response: Some(subject.node),
            faults: Vec::new(),
            headers: Vec::new(),
            attachments: Vec::new(),
            answer_attachments: Vec::new(),
            answer_headers: Vec::new(),
        });
        Served { graph: Arc::clone(&self.graph), nodes, version: subject.version }
    }

    pub fn of(contract: &Contract) -> Self {
        let mut builder =
            Builder::new(&contract.schema, &contract.prefixes, options(Naming::Camel));
        let ports = contract.services.iter().flat_map(|s| &s.ports);
        let operations = ports.flat_map(|p| p.operations.iter().map(|o| (o, p.version)));
        let shapes: Vec<_> = operations
            .filter(|(o, _)| o.refusals.is_empty())
            .map(|(o, version)| (&o.name, OperationShape::lower(&mut builder, o), version))
            .collect();
        let mut bodies = Vec::new();
        let schema = &contract.schema;
        let mut elements: Vec<_> = schema.element_by_name.iter().collect();
        elements.sort();
        for (name, id) in elements {
            let (child, member) = builder.element(*id);
            if !child.is_abstract {
                bodies.push((format!("element {name:?}"), body(&mut builder, child, member)));
            }
        }
        let mut types: Vec<_> = schema.type_by_name.iter().collect();
        types.sort();
        for (name, id) in types {
            let node = builder.node(*id);
            let child = builder.named_child(NsId::NONE, "value", node);
            let member = Member::element("value", node);
            bodies.push((format!("type {name:?}"), body(&mut builder, child, member)));
        }
        let mut graph = builder.finish();
        let mut all = Vec::new();
        for (name, shape, version) in shapes {
            let nodes = shape.settle(&mut graph);
            let both = std::iter::once(nodes.request).chain(nodes.response);
            for (at, node) in both.enumerate() {
                let what = ["request", "response"][at];
                let (name, nodes) = (format!("{what} {name}"), Some(nodes.clone()));
                all.push(Subject { name, node, version, nodes, is_response: at == 1 });
            }
        }
        for (name, node) in bodies {
            let version = SoapVersion::V11;
            all.push(Subject { name, node, version, nodes: None, is_response: false });
        }
        Self { graph: Arc::new(graph), all }
    }
}

/// A body that holds one element, whose value is the whole JSON.
fn body(builder: &mut Builder<'_>, mut child: Child, member: Member) -> NodeId {
    let mut object = Object::empty("");
    child.member = 0;
    object.children.push(child);
    object.members.push(member);
    let term = ParticleTerm::Element { member: 0, children: vec![0] };
    object.content = Some(Particle { min: 1, max: Some(1), members: vec![0], term });
    object.closed = true;
    object.unwrap = Some(0);
    object.index();
    builder.push(Node::Object(object))
}

/// The complete WSDL 1.1 roots, by the table.
pub fn complete(corpus: &Path) -> Vec<Row> {
    let all = rows(&corpus.join("INDEX.tsv")).into_iter();
    all.filter(|row| row["complete"] == "y" && row["wsdl"] == "1.1").collect()
}

pub fn load(corpus: &Path, row: &Row) -> Option<Contract> {
    let path = corpus.join("wsdl").join(&row["slug"]).join(&row["root"]);
    wsdl::load(path.to_str()?, &source(corpus)).ok().map(|loaded| loaded.contract)
}
