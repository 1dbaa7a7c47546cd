//! What a route takes from the Header of the answer: `header` and `body` of `out`, and
//! `response_headers`.

use super::Compiler;
use super::answer::unwrapped;
use crate::codec::{Graph, Member, MemberSource, Node, NodeId, Object, TextKind, json_key};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::mapping::{Change, MemberPath, Output, Route};
use crate::soap::{HeaderElement, HeaderOutput, HeaderPlace, HeaderPlan, OperationNodes};

/// HTTP headers that the facade writes itself, or that belong to one connection.
const OWN_FIELDS: &[&str] = &[
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "deprecation",
    "keep-alive",
    "location",
    "proxy-authenticate",
    "retry-after",
    "sunset",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
    "x-request-id",
];

/// A value of a header block, found.
struct Found {
    block: usize,
    node: NodeId,
    nillable: bool,
}

impl Compiler<'_> {
    /// What comes from the Header, and the answer with it; `response` is the body as the
    /// route shows it.
    pub(super) fn answer_header(
        &mut self,
        route: &Route,
        nodes: &OperationNodes,
        response: NodeId,
        graph: &mut Graph,
    ) -> (HeaderPlan, NodeId) {
        let mut plan = header_plan(nodes);
        let mut members: Vec<(Member, Span)> = Vec::new();
        let mut body: Option<&Output> = None;
        for output in &route.outputs {
            let path = match &output.change.value {
                Change::Header(path) => Some(path),
                Change::Body => None,
                Change::Drop | Change::Rename(_) | Change::Shape(_) => continue,
            };
            let Some(name) = self.outermost(output) else { continue };
            let Some(path) = path else {
                body = Some(output);
                continue;
            };
            let Some(found) = self.header_value(path, nodes, graph) else { continue };
            let node = found.node;
            let place = HeaderPlace::Member(json_key(name));
            plan.outputs.push(HeaderOutput { block: found.block, node, place });
            let nillable = found.nillable;
            let member = Member { required: false, nillable, ..Member::element(name, node) };
            members.push((member, output.member.span));
        }
        self.response_headers(route, nodes, graph, &mut plan);
        let shown = self.beside(&members, body, response, graph, &mut plan);
        (plan, shown)
    }

    /// The answer's body with what stands beside it.
    fn beside(
        &mut self,
        members: &[(Member, Span)],
        body: Option<&Output>,
        response: NodeId,
        graph: &mut Graph,
        plan: &mut HeaderPlan,
    ) -> NodeId {
        let mut seen: Vec<&str> = Vec::new();
        for (member, span) in members {
            let name = &*member.name;
            let in_body = graph.find(response, &[name]).is_ok_and(|f| *f.names[0] == *name);
            if seen.contains(&name) || in_body && body.is_none() {
                let message = format!("the answer has another member `{name}`");
                self.report.push(
                    Diagnostic::error(Code::MappingNameCollision, *span, message)
                        .help("give what comes from the header another name"),
                );
            }
            seen.push(name);
        }
        let mut all: Vec<Member> = members.iter().map(|(member, _)| member.clone()).collect();
        if let Some(output) = body {
            let name = &output.member.value.text;
            plan.body_key = Some(json_key(name));
            all.push(Member::element(name, response));
            let mut object = Object::empty("");
            object.members = all;
            object.index();
            return graph.push(Node::Object(object));
        }
        let Some((_, first)) = members.first() else { return response };
        graph.with_members(response, &all).unwrap_or_else(|| {
            let message = "the body is no object, so nothing can be a member of it";
            self.report.push(
                Diagnostic::error(Code::MappingValue, *first, message)
                    .help("make the body a member as well: `out: { items: { body: true } }`"),
            );
            response
        })
    }

    /// The name of a member beside those of the body.
    fn outermost<'o>(&mut self, output: &'o Output) -> Option<&'o str> {
        let path = &output.member.value;
        if let [name] = &path.names[..] {
            return Some(&name.value);
        }
        let message = "what comes from the header stands beside the members of the body";
        self.report.push(
            Diagnostic::error(Code::MappingValue, output.member.span, message)
                .help("write a single name, without dots"),
        );
        None
    }

    /// A header part, or a member of one.
    fn header_value(
        &mut self,
        path: &MemberPath,
        nodes: &OperationNodes,
        graph: &mut Graph,
    ) -> Option<Found> {
        let (first, rest) = path.names.split_first()?;
        let Some(block) = HeaderElement::find(&nodes.answer_headers, &first.value) else {
            let known: Vec<&str> = nodes.answer_headers.iter().map(|h| &*h.name).collect();
            if known.is_empty() {
                let message = "the contract declares no header parts of this answer";
                self.report.push(
                    Diagnostic::error(Code::MappingMemberUnknown, first.span, message)
                        .help("a header part is a `soap:header` of the operation's output"),
                );
            } else {
                self.unknown(path, 0, &known);
            }
            return None;
        };
        let child = &nodes.answer_headers[block].child;
        let (node, nillable) = (child.node, child.nillable);
        if rest.is_empty() {
            return Some(Found { block, node, nillable });
        }
        let names: Vec<&str> = rest.iter().map(|name| name.value.as_str()).collect();
        match graph.find(node, &names) {
            Ok(found) if found.in_array => {
                let message = format!("`{}` is inside of an array", path.text);
                self.report.push(
                    Diagnostic::error(Code::MappingValue, first.span, message)
                        .help("take the array itself, or the whole header part"),
                );
                None
            }
            Ok(_) => {
                let node = unwrapped(graph, node, &names);
                Some(Found { block, node, nillable: false })
            }
            Err(missing) => {
                let known: Vec<&str> = missing.candidates.iter().map(String::as_str).collect();
                self.unknown(path, missing.step + 1, &known);
                None
            }
        }
    }

    fn response_headers(
        &mut self,
        route: &Route,
        nodes: &OperationNodes,
        graph: &mut Graph,
        plan: &mut HeaderPlan,
    ) {
        let mut seen: Vec<String> = Vec::new();
        for header in &route.response_headers {
            let name = header.name.value.to_ascii_lowercase();
            let wrong = if !is_token(&name) {
                Some("is no name of an HTTP header")
            } else if OWN_FIELDS.contains(&&*name) {
                Some("is a header that figleaf writes itself")
            } else if seen.contains(&name) {
                Some("stands here twice")
            } else {
                None
            };
            if let Some(why) = wrong {
                let message = format!("`{}` {why}", header.name.value);
                self.report.push(
                    Diagnostic::error(Code::MappingValue, header.name.span, message)
                        .help("take another name, such as `X-Session`"),
                );
            }
            seen.push(name);
            let Some(found) = self.header_value(&header.from.value, nodes, graph) else { continue };
            if !is_single_value(graph, found.node) {
                let message = format!("`{}` is not a single value", header.from.value.text);
                self.report.push(
                    Diagnostic::error(Code::MappingValue, header.from.span, message)
                        .help("name a member that is one, `SessionHeader.sessionId`"),
                );
            }
            let place = HeaderPlace::Field(header.name.value.as_str().into());
            plan.outputs.push(HeaderOutput { block: found.block, node: found.node, place });
        }
    }
}

/// What is understood of a Header, whether or not a route shows it.
fn header_plan(nodes: &OperationNodes) -> HeaderPlan {
    let faults = nodes.faults.iter().enumerate().filter(|(_, fault)| fault.in_header);
    HeaderPlan {
        declared: nodes.answer_headers.iter().map(|header| header.child.clone()).collect(),
        faults: faults.map(|(at, fault)| (fault.child.clone(), at)).collect(),
        ..HeaderPlan::default()
    }
}

/// A token (RFC 9110, section 5.6.2).
fn is_token(name: &str) -> bool {
    let may_be = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(may_be)
}

fn is_single_value(graph: &Graph, node: NodeId) -> bool {
    let (item, in_array) = graph.item(node);
    match graph.node(item) {
        Node::Text(text) => !in_array && !matches!(text.kind, TextKind::List(_)),
        // Text beside attributes that nobody asked for.
        Node::Object(object) => {
            let only = object.unwrap.map(|only| &object.members[usize::from(only)]);
            only.is_some_and(|m| m.source == MemberSource::Text) && !in_array
        }
        Node::Any(_) | Node::Tree | Node::Opened(_) => false,
    }
}
