//! Contracts made by hand, and plans over them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::codec::{Builder, Child, Graph, Member, Node, NodeId, Numbers, Object, Options};
use crate::diagnostic::{FileId, Place, Span};
use crate::plan::*;
use crate::soap::{EnvelopePlan, FaultElement};
use crate::wsdl::SoapVersion;
use crate::xml::{QName, XmlLimits, ns};
use crate::xsd::*;

const NAMESPACE: &str = "urn:shop";

/// A schema that grows.
#[derive(Default)]
pub(super) struct Schema {
    pub(super) set: SchemaSet,
}

pub(super) fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

pub(super) fn one(id: ElementId) -> Particle {
    occurs(id, 1, Some(1))
}

pub(super) fn occurs(id: ElementId, min: u32, max: Option<u32>) -> Particle {
    Particle { occurs: Occurs { min, max }, term: Term::Element(id), span: span() }
}

pub(super) fn group(term: Term) -> Particle {
    Particle { occurs: Occurs::ONCE, term, span: span() }
}

impl Schema {
    fn push(&mut self, ty: TypeDefinition) -> TypeId {
        self.set.types.push(ty);
        TypeId(u32::try_from(self.set.types.len() - 1).unwrap())
    }

    pub(super) fn builtin(&mut self, builtin: Builtin) -> TypeId {
        let name = QName::new(ns::XSD, builtin.name());
        if let Some(id) = self.set.type_by_name.get(&name) {
            return *id;
        }
        let id = self.push(TypeDefinition::Simple(SimpleType {
            name: Some(name.clone()),
            span: None,
            base: None,
            variety: Variety::Atomic(builtin),
            facets: Facets::default(),
            documentation: None,
        }));
        self.set.type_by_name.insert(name, id);
        id
    }

    pub(super) fn simple(&mut self, name: &str, variety: Variety, facets: Facets) -> TypeId {
        self.push(TypeDefinition::Simple(SimpleType {
            name: (!name.is_empty()).then(|| QName::new(NAMESPACE, name)),
            span: Some(span()),
            base: None,
            variety,
            facets,
            documentation: None,
        }))
    }

    /// A complex type, to be filled by [`Schema::fill`].
    pub(super) fn complex(&mut self, name: &str) -> TypeId {
        let any = self.builtin(Builtin::AnySimpleType);
        self.push(TypeDefinition::Complex(ComplexType {
            name: (!name.is_empty()).then(|| QName::new(NAMESPACE, name)),
            span: Some(span()),
            base: Some((any, Derivation::Restriction)),
            is_abstract: false,
            mixed: false,
            content: Content::Empty,
            attributes: Vec::new(),
            any_attribute: None,
            array_type: None,
            documentation: None,
        }))
    }

    pub(super) fn fill(&mut self, id: TypeId, change: impl FnOnce(&mut ComplexType)) {
        if let TypeDefinition::Complex(complex) = &mut self.set.types[id.0 as usize] {
            change(complex);
        }
    }

    pub(super) fn sequence(&mut self, name: &str, inner: Vec<Particle>) -> TypeId {
        let id = self.complex(name);
        self.fill(id, |c| c.content = Content::Particles(group(Term::Sequence(inner))));
        id
    }

    pub(super) fn element(&mut self, local: &str, ty: TypeId) -> ElementId {
        self.set.elements.push(ElementDeclaration {
            name: QName::new(NAMESPACE, local),
            global: true,
            ty,
            nillable: false,
            is_abstract: false,
            default: None,
            fixed: None,
            substitution_head: None,
            documentation: None,
            span: span(),
        });
        ElementId(u32::try_from(self.set.elements.len() - 1).unwrap())
    }

    pub(super) fn string(&mut self, local: &str) -> ElementId {
        let ty = self.builtin(Builtin::String);
        self.element(local, ty)
    }

    /// The graph of some elements, each with its node.
    pub(super) fn graph(&self, elements: &[ElementId], numbers: Numbers) -> (Graph, Vec<Child>) {
        let options = Options { numbers, ..Options::default() };
        let mut builder = Builder::new(&self.set, &[], options);
        let children = elements.iter().map(|id| builder.element(*id).0).collect();
        (builder.finish(), children)
    }
}

pub(super) fn attribute(local: &str, ty: TypeId) -> AttributeUse {
    AttributeUse {
        name: QName::new("", local),
        ty,
        required: false,
        default: None,
        fixed: None,
        documentation: None,
        span: span(),
    }
}

/// A body whose only content is an element.
pub(super) fn body(graph: &mut Graph, child: &Child) -> NodeId {
    let mut object = Object::empty("");
    object.closed = true;
    object.unwrap = Some(0);
    object.members.push(Member::element("body", child.node));
    object.children.push(child.clone());
    object.index();
    graph.push(Node::Object(object))
}

/// A call that asks for nothing and answers nothing.
pub(super) fn call(graph: Graph) -> SoapCall {
    SoapCall {
        backend: BackendId(0),
        operation: "GetOrder".to_owned(),
        service: "OrderService".to_owned(),
        port: "OrderPort".to_owned(),
        graph: Arc::new(graph),
        envelope: EnvelopePlan { version: SoapVersion::V11, action: None },
        content_type: String::new(),
        soap_action: None,
        request: NodeId(0),
        headers: Vec::new(),
        bind: BindPlan::default(),
        response: None,
        shown: None,
        header: Arc::default(),
        answer_attachments: Arc::default(),
        attachments: Vec::new(),
        faults: Arc::from([]),
        fault_elements: Vec::new(),
        fault_rules: Vec::new(),
        status: 200,
        location: None,
        strict: true,
        expose_fault_text: false,
        xml_limits: XmlLimits::default(),
        whole_bytes: 0,
    }
}

pub(super) fn fault(name: &str, child: Child) -> FaultElement {
    FaultElement { name: name.into(), child, in_header: false, documentation: None }
}

pub(super) fn route(id: &str, version: &str, translator: Translator) -> RoutePlan {
    let (method, path) = id.split_once(' ').unwrap();
    RoutePlan {
        auth: None,
        id: id.to_owned(),
        method: method.to_owned(),
        path: format!("/api/{version}{path}"),
        version: version.to_owned(),
        operation_id: format!("{}Order", method.to_lowercase()),
        summary: None,
        description: None,
        tags: vec!["orders".to_owned()],
        retirement: None,
        effect: if method == "GET" { Effect::Read } else { Effect::Write },
        timeout: Duration::from_secs(5),
        request_bytes: 1 << 20,
        place: Place { file: String::new(), line: 1, column: 1 },
        translator,
        migration: None,
        is_candidate: false,
    }
}

/// A plan of routes, with one SOAP and one HTTP backend.
pub(super) fn plan(routes: Vec<RoutePlan>) -> Plan {
    let backend = |name: &str, kind| BackendPlan {
        name: name.to_owned(),
        kind,
        url: "http://127.0.0.1/".to_owned(),
        database: None,
        timeout: Timeouts::default(),
        retry: Retry::default(),
        breaker: Breaker::default(),
        limits: BackendLimits::default(),
        tls: None,
        basic: None,
        redact: crate::redact::RedactRules::default(),
        headers: Vec::new(),
    };
    let mut versions: HashMap<&str, Vec<RouteId>> = HashMap::new();
    for (at, route) in (0..).zip(&routes) {
        versions.entry(&route.version).or_default().push(RouteId(at));
    }
    let mut versions: Vec<VersionPlan> = versions
        .into_iter()
        .map(|(version, routes)| VersionPlan {
            api: "shop".to_owned(),
            version: version.to_owned(),
            title: "Shop".to_owned(),
            description: None,
            routes,
        })
        .collect();
    versions.sort_by(|a, b| a.version.cmp(&b.version));
    let backends = vec![backend("erp", BackendKind::Soap), backend("orders", BackendKind::Http)];
    Plan { backends, versions, routes }
}

pub(super) fn facets(change: impl FnOnce(&mut Facets)) -> Facets {
    let mut facets = Facets::default();
    change(&mut facets);
    facets
}
