//! An operation's messages as nodes of a type graph.

use std::sync::Arc;

use crate::codec::{
    Builder, Child, Graph, Member, MemberSource, Node, NodeId, Object, Particle, ParticleTerm,
    Rules, same_name,
};
use crate::wsdl::{
    Attachment, BindingStyle, Message, Operation, Part, PartContent, SoapVersion, Use,
};
use crate::xml::{NsId, ns};

/// Where an operation's messages are in the graph.
#[derive(Debug, Clone)]
pub struct OperationNodes {
    /// What stands inside the request's body.
    pub request: NodeId,
    /// What stands inside the answer's body; `None` for a one-way operation.
    pub response: Option<NodeId>,
    /// Elements that a fault's detail may hold, then those that its Header may.
    pub faults: Vec<FaultElement>,
    /// Header blocks that may be sent.
    pub headers: Vec<HeaderElement>,
    /// Parts of the request that are attachments, in the order of their members.
    pub attachments: Vec<Attachment>,
    /// Parts of the answer that are.
    pub answer_attachments: Vec<Attachment>,
    /// Header blocks that may come back.
    pub answer_headers: Vec<HeaderElement>,
}

/// A declared fault.
#[derive(Debug, Clone)]
pub struct FaultElement {
    /// The fault's name in the port type.
    pub name: Arc<str>,
    /// The element of its detail.
    pub child: Child,
    /// Whether the element is a header block of the fault's envelope (SOAP 1.1, section 4.4).
    pub in_header: bool,
    /// Documentation.
    pub documentation: Option<Arc<str>>,
}

/// A header part.
#[derive(Debug, Clone)]
pub struct HeaderElement {
    /// The part's name in the WSDL.
    pub part: Arc<str>,
    /// The element's name, as JSON has it.
    pub name: Arc<str>,
    /// Its element.
    pub child: Child,
}

impl HeaderElement {
    /// The header part of a name: that of its element, else that of the part. Parts of
    /// several messages may have one name.
    #[must_use]
    pub fn find(all: &[Self], name: &str) -> Option<usize> {
        let by_element = all.iter().position(|header| same_name(&header.name, name));
        by_element.or_else(|| all.iter().position(|header| same_name(&header.part, name)))
    }
}

/// Lowers an operation in two steps: names first, shapes when the graph is whole.
#[derive(Debug, Clone)]
pub struct OperationShape {
    nodes: OperationNodes,
}

impl OperationShape {
    /// Asks the builder for everything the operation's messages need.
    #[must_use]
    pub fn lower(builder: &mut Builder<'_>, operation: &Operation) -> Self {
        let request = body(builder, operation, &operation.input, false);
        let response =
            operation.output.as_ref().map(|output| body(builder, operation, output, true));
        let mut faults: Vec<FaultElement> = operation
            .faults
            .iter()
            .map(|fault| FaultElement {
                name: Arc::clone(&fault.name),
                child: part_child(builder, &fault.part).0,
                in_header: false,
                documentation: fault.documentation.clone(),
            })
            .collect();
        let input = &operation.input;
        let headers = headers(builder, input, &input.headers);
        let output = operation.output.as_ref();
        let answer_headers =
            output.map_or_else(Vec::new, |o| self::headers(builder, o, &o.headers));
        for message in std::iter::once(input).chain(output) {
            for block in self::headers(builder, message, &message.header_faults) {
                let is_known = |f: &FaultElement| f.in_header && f.child.is_named_as(&block.child);
                if !faults.iter().any(is_known) {
                    let (name, child) = ((*block.child.local).into(), block.child);
                    faults.push(FaultElement { name, child, in_header: true, documentation: None });
                }
            }
        }
        Self {
            nodes: OperationNodes {
                request,
                response,
                faults,
                headers,
                attachments: input.attachments.clone(),
                answer_attachments: output.map_or_else(Vec::new, |o| o.attachments.clone()),
                answer_headers,
            },
        }
    }

    /// Takes the shape out of a finished graph: a lone `XxxResult` is dropped.
    #[must_use]
    pub fn settle(self, graph: &mut Graph) -> OperationNodes {
        let mut nodes = self.nodes;
        if let Some(response) = nodes.response {
            nodes.response = Some(without_result(graph, response));
        }
        nodes
    }
}

/// The node of what stands inside a body.
fn body(
    builder: &mut Builder<'_>,
    operation: &Operation,
    message: &Message,
    is_answer: bool,
) -> NodeId {
    let rules = rules(builder, message.use_);
    let mut object = Object::empty("");
    object.closed = true;
    object.rules = rules;
    // What an answer and its result are called says nothing (SOAP 1.1, section 7.1).
    let is_positional = is_answer && rules != Rules::Literal;
    let has_attachments = !message.attachments.is_empty();
    let wrapper = format!("{}{}", operation.wire_name, if is_answer { "Response" } else { "" });
    match (operation.style, &message.parts[..]) {
        (BindingStyle::Rpc, parts) => {
            let mut inner = Object::empty(&wrapper);
            inner.rules = rules;
            inner.positional = is_positional;
            object.positional = is_positional;
            for part in parts {
                let (mut child, mut member) = accessor(builder, part);
                builder.open_part(&wrapper, &mut child, &mut member);
                add(&mut inner, child, member);
            }
            attach(builder, &mut inner, message, is_answer);
            sequence(&mut inner);
            let node = builder.push(Node::Object(inner));
            // WS-I asks for `namespace`; without it everyone means the definitions' own.
            let namespace = message.namespace.as_ref().unwrap_or(&message.name.namespace);
            let namespace = builder.namespace(namespace);
            let mut child = builder.named_child(namespace, &wrapper, node);
            if let Rules::Encoded(encoding) = rules {
                says_encoding(builder, &mut child, message.use_, encoding);
            }
            add(&mut object, child, Member::element(&wrapper, node));
            object.unwrap = Some(0);
        }
        (BindingStyle::Document, [part]) if rules == Rules::Literal && !has_attachments => {
            match part.content {
                PartContent::Type(ty) => return builder.node(ty),
                PartContent::Element(_) => {
                    let (child, member) = part_child(builder, part);
                    add(&mut object, child, member);
                    object.unwrap = Some(0);
                }
            }
        }
        (BindingStyle::Document, parts) => {
            for part in parts {
                let (mut child, member) = part_child(builder, part);
                if let Rules::Encoded(encoding) = rules {
                    says_encoding(builder, &mut child, message.use_, encoding);
                }
                add(&mut object, child, member);
            }
            attach(builder, &mut object, message, is_answer);
            if rules != Rules::Literal && object.members.len() == 1 {
                object.unwrap = Some(0);
            }
        }
    }
    sequence(&mut object);
    builder.push(Node::Object(object))
}

/// Members for the parts that are attachments. Whether one of an answer came, the decoder of
/// its envelope cannot know.
fn attach(builder: &mut Builder<'_>, object: &mut Object, message: &Message, is_answer: bool) {
    for attachment in &message.attachments {
        let node = builder.bytes_node();
        let name = builder.json_name(&attachment.part);
        let source = MemberSource::Attachment;
        let member = Member { source, required: !is_answer, ..Member::element(&name, node) };
        object.members.push(member);
    }
}

/// The rules a use stands for.
fn rules(builder: &mut Builder<'_>, use_: Use) -> Rules {
    match use_ {
        Use::Literal => Rules::Literal,
        Use::Encoded(SoapVersion::V11) => Rules::Encoded(builder.encoding(ns::SOAPENC11)),
        Use::Encoded(SoapVersion::V12) => Rules::Encoded(builder.encoding(ns::SOAPENC12)),
    }
}

/// `encodingStyle` on the outermost element that is encoded (SOAP 1.1, section 4.1.1).
fn says_encoding(builder: &Builder<'_>, child: &mut Child, version: Use, encoding: NsId) {
    let envelope = match version {
        Use::Encoded(SoapVersion::V12) => NsId::SOAP12,
        _ => NsId::SOAP11,
    };
    let (prefix, uri) = (builder.namespaces().prefix(envelope), builder.namespaces().uri(encoding));
    let mut open = child.open.to_vec();
    // A prefix of ours and a namespace of SOAP's: nothing to escape.
    open.extend_from_slice(format!(" {prefix}:encodingStyle=\"{uri}\"").as_bytes());
    child.open = open.into();
}

/// A part inside an rpc wrapper. Under SOAP encoding its name is that of the part, whether
/// the part names a type or, as it should not, an element (WSDL 1.1, section 3.5).
fn accessor(builder: &mut Builder<'_>, part: &Part) -> (Child, Member) {
    match part.content {
        PartContent::Element(id) if part.use_ != Use::Literal => {
            let ty = builder.schema().element(id).ty;
            part_child(builder, &Part { content: PartContent::Type(ty), ..part.clone() })
        }
        _ => part_child(builder, part),
    }
}

fn part_child(builder: &mut Builder<'_>, part: &Part) -> (Child, Member) {
    let rules = rules(builder, part.use_);
    builder.under(rules, |builder| match part.content {
        PartContent::Element(id) => builder.element(id),
        PartContent::Type(ty) => {
            let node = builder.node(ty);
            let json = builder.json_name(&part.name);
            let namespace = match &part.namespace {
                Some(namespace) => builder.namespace(namespace),
                None => NsId::NONE,
            };
            let mut child = builder.named_child(namespace, &part.name, node);
            child.nillable = true;
            // rpc parts have no minOccurs: servers leave them out, so they may be absent.
            (child, Member { nillable: true, ..Member::element(&json, node) })
        }
    })
}

fn headers(builder: &mut Builder<'_>, message: &Message, parts: &[Part]) -> Vec<HeaderElement> {
    let mut element = |part: &Part| {
        let (child, member) = header_child(builder, message, part);
        HeaderElement { part: Arc::clone(&part.name), name: member.name, child }
    };
    parts.iter().map(&mut element).collect()
}

/// A header part; one that names a type is an element of the part's name, which every
/// header block has to have a namespace for (SOAP 1.1, section 4.2).
fn header_child(builder: &mut Builder<'_>, message: &Message, part: &Part) -> (Child, Member) {
    let own = message.namespace.as_ref().unwrap_or(&message.name.namespace);
    let namespace = part.namespace.clone().or_else(|| Some(Arc::clone(own)));
    let (mut child, member) = part_child(builder, &Part { namespace, ..part.clone() });
    if let Rules::Encoded(encoding) = rules(builder, part.use_) {
        says_encoding(builder, &mut child, part.use_, encoding);
    }
    (child, member)
}

fn add(object: &mut Object, mut child: Child, member: Member) {
    let at = u16::try_from(object.members.len()).unwrap_or(u16::MAX);
    child.member = at;
    object.children.push(child);
    object.members.push(member);
}

fn sequence(object: &mut Object) {
    let inner = (0_u16..)
        .zip(&object.members)
        .filter(|(_, member)| member.source != MemberSource::Attachment)
        .map(|(at, member)| Particle {
            min: u32::from(member.required),
            max: Some(1),
            members: vec![at],
            term: ParticleTerm::Element { member: at, children: vec![at] },
        })
        .collect::<Vec<_>>();
    let members = inner.iter().flat_map(|p| p.members.clone()).collect();
    object.content =
        Some(Particle { min: 1, max: Some(1), members, term: ParticleTerm::Sequence(inner) });
    object.index();
}

/// `<GetXResponse><GetXResult>…` is the result alone. The types may be used elsewhere, so
/// they are copied, not changed.
fn without_result(graph: &mut Graph, body: NodeId) -> NodeId {
    let Node::Object(outer) = graph.node(body) else { return body };
    let Some(only) = outer.unwrap else { return body };
    let inner = outer.members[usize::from(only)].node;
    let Node::Object(wrapper) = graph.node(inner) else { return body };
    let lone = match (&wrapper.children[..], &wrapper.members[..]) {
        ([child], [member]) => {
            member.source == MemberSource::Element
                && child.local.len() > "Result".len()
                && child.local.ends_with("Result")
        }
        _ => false,
    };
    if !lone || wrapper.unwrap.is_some() || !wrapper.alternatives.is_empty() {
        return body;
    }
    let (mut outer, mut wrapper) = (outer.clone(), wrapper.clone());
    wrapper.unwrap = Some(0);
    let inner = graph.push(Node::Object(wrapper));
    outer.members[usize::from(only)].node = inner;
    for child in outer.children.iter_mut().filter(|c| c.member == only) {
        child.node = inner;
    }
    graph.push(Node::Object(outer))
}
