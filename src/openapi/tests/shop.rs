//! A small shop as a plan.

use std::sync::Arc;

use super::contract::*;
use crate::codec::{Child, Graph, Node, NodeId, Numbers};
use crate::plan::*;
use crate::xsd::*;

/// The types of the shop.
struct Types {
    graph: Graph,
    /// Elements: order, number, fault, status.
    children: Vec<Child>,
    /// The body of an answer.
    whole: NodeId,
    /// The same without the total.
    reduced: NodeId,
}

fn types() -> Types {
    let mut s = Schema::default();
    let status = s.simple(
        "Status",
        Variety::Atomic(Builtin::String),
        facets(|f| f.enumeration = vec!["OPEN".into(), "SENT".into()]),
    );
    let int = s.builtin(Builtin::Int);
    let decimal = s.builtin(Builtin::Decimal);
    let number = s.element("Number", int);
    let total = s.element("Total", decimal);
    let status = s.element("Status", status);
    let line = s.string("Line");
    let order = vec![one(number), occurs(status, 0, Some(1)), one(total), occurs(line, 1, None)];
    let order = s.sequence("Order", order);
    let order = s.element("Order", order);
    let missing = s.sequence("", vec![one(number)]);
    let missing = s.element("OrderNotFound", missing);
    let (mut graph, children) = s.graph(&[order, number, missing, status], Numbers::Exact);
    let whole = body(&mut graph, &children[0]);
    let Node::Object(mut object) = graph.node(children[0].node).clone() else { panic!() };
    object.members[2].dropped = true;
    object.index();
    let node = graph.push(Node::Object(object));
    let reduced = body(&mut graph, &Child { node, ..children[0].clone() });
    Types { graph, children, whole, reduced }
}

fn parameter(name: &str, place: ParameterPlace, node: NodeId) -> Parameter {
    Parameter {
        name: name.to_owned(),
        place,
        node,
        repeats: false,
        required: place == ParameterPlace::Path,
        default: None,
        bounds: (None, None),
        documentation: None,
    }
}

fn rule(pattern: &str, status: u16, title: Option<&str>) -> FaultRulePlan {
    let (pattern, title) = (pattern.to_owned(), title.map(str::to_owned));
    FaultRulePlan { pattern, text: None, members: Vec::new(), status, title, expose: false }
}

/// The call that places an order.
fn place(base: &SoapCall, order: NodeId) -> SoapCall {
    let body = BodyPlan { target: Vec::new(), node: order, required: true };
    let pieces = vec![
        LocationPiece::Literal("/api/v1/orders/".to_owned()),
        LocationPiece::Answer(vec!["number".into()]),
    ];
    SoapCall {
        operation: "PlaceOrder".to_owned(),
        status: 201,
        bind: BindPlan { body: Some(body), ..BindPlan::default() },
        location: Some(LocationPlan { pieces }),
        ..base.clone()
    }
}

/// `GET /orders/{id}` in two versions, the second of which drops a member; `POST /orders`;
/// a one-way route; and one that is passed through.
pub(super) fn shop() -> Plan {
    let Types { graph, children, whole, reduced } = types();
    let base = SoapCall {
        response: Some(whole),
        faults: Arc::from([children[2].clone()]),
        fault_elements: vec![fault("OrderNotFound", children[2].clone())],
        fault_rules: vec![
            rule("Order*", 404, Some("Order not found")),
            rule("Client.Auth*", 401, None),
        ],
        ..call(graph)
    };
    let id = parameter("id", ParameterPlace::Path, children[1].node);
    let limit = Parameter {
        default: Some("50".to_owned()),
        bounds: (Some(1), Some(500)),
        ..parameter("limit", ParameterPlace::Query, children[1].node)
    };
    let any_of = Parameter {
        repeats: true,
        documentation: Some("Any of these.".into()),
        ..parameter("status", ParameterPlace::Query, children[3].node)
    };
    let read = |response, parameters| SoapCall {
        response: Some(response),
        bind: BindPlan { parameters, ..BindPlan::default() },
        ..base.clone()
    };
    let place = place(&base, children[0].node);
    let notify = SoapCall {
        response: None,
        status: 202,
        faults: Arc::from([]),
        fault_elements: Vec::new(),
        location: None,
        ..place.clone()
    };
    let passed = HttpCall {
        backend: BackendId(1),
        path: Vec::new(),
        query: Vec::new(),
        parameters: vec!["id".to_owned()],
    };
    let soap = |call| Translator::Soap(Box::new(call));
    let mut routes = vec![
        route("GET /orders/{id}", "v1", soap(read(whole, vec![id.clone(), limit, any_of]))),
        route("POST /orders", "v1", soap(place)),
        route("PUT /notices", "v1", soap(notify)),
        route("DELETE /orders/{id}/shipment", "v1", Translator::Http(passed)),
        route("GET /orders/{id}", "v2", soap(read(reduced, vec![id]))),
    ];
    routes[0].retirement = Some(Retirement {
        deprecation: Some("@1767225600".to_owned()),
        sunset: Some("Thu, 01 Jul 2027 00:00:00 GMT".to_owned()),
    });
    plan(routes)
}
