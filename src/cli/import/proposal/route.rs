//! One operation as a route: verb and path from its name, the rest from its messages.

use crate::codec::{Form, Graph, Lexical, Member, MemberSource, Node, NodeId, Object, TextKind};
use crate::mapping::Method;
use crate::mapping::verbs::{self, Confidence, Proposal, VerbClass, propose};
use crate::mapping::words::split;
use crate::soap::OperationNodes;

/// Query parameters a proposed GET may have.
const QUERY_PARAMETERS_MAX: usize = 30;
/// Inputs that do not belong into an address, as parts of their names.
const SECRETS: &[&str] = &["password", "passwd", "pwd", "secret", "token", "credential", "apikey"];

/// A route before it is written.
#[derive(Debug, Clone)]
pub struct RouteDraft {
    pub method: Method,
    pub path: String,
    /// Members and the path parameters that feed them, where the names differ.
    pub inputs: Vec<(String, String)>,
    pub body: Option<String>,
    pub returns: Option<String>,
    /// Whether a body is sent and still nothing changes.
    pub reads: bool,
    /// Why it may not be what a person would have chosen.
    pub doubt: Option<String>,
}

/// An input of the operation.
struct Input {
    name: String,
    required: bool,
    /// Single values, or lists of them.
    plain: bool,
    /// One single value.
    single: bool,
}

impl RouteDraft {
    /// What is proposed for an operation.
    pub fn of(graph: &Graph, nodes: &OperationNodes, name: &str) -> Self {
        let class = split(name).first().map_or(VerbClass::Unknown, |word| VerbClass::of(word));
        let request = graph.object(nodes.request).map(|(object, _)| object);
        let own = request.map(|object| inputs(graph, object));
        let lone = request.and_then(|object| lone(graph, object));
        let inner = lone.map(|(_, object)| inputs(graph, object)).unwrap_or_default();
        // An object that only wraps single values is looked through, if sending none of
        // them is not allowed anyway.
        let reads = matches!(class, VerbClass::Read | VerbClass::Question | VerbClass::Delete);
        let flat = reads
            && lone.is_some_and(|(member, _)| member.required)
            && inner.iter().any(|input| input.required)
            && fits_a_query(&inner);
        let body = lone.filter(|_| !flat).map(|(member, _)| member.name.to_string());
        let nested = lone.is_some() && !matches!(class, VerbClass::Create | VerbClass::Read);
        let shown = if flat || nested { &inner } else { own.as_deref().unwrap_or(&[]) };
        let plain = own.as_ref().is_some_and(|own| flat || fits_a_query(own));
        let proposal = proposal(name, shown, plain, is_void(graph, nodes.response));
        let prefix = lone.filter(|_| flat || nested).map(|(member, _)| member.name.to_string());
        let inputs = prefix.map_or_else(Vec::new, |prefix| {
            let of = |name: &str| (format!("{prefix}.{name}"), name.to_owned());
            parameters(&proposal.path).map(of).collect()
        });
        let doubt = (proposal.confidence != Confidence::High).then(|| {
            let level = if proposal.confidence == Confidence::Low { "low" } else { "medium" };
            format!("confidence {level}: {}", proposal.reason)
        });
        let is_get = proposal.method.is_read();
        Self {
            reads: !is_get && matches!(class, VerbClass::Read | VerbClass::Question),
            body: body.filter(|_| proposal.method.has_body()),
            method: proposal.method,
            path: proposal.path,
            inputs,
            returns: nodes.response.and_then(|node| returns(graph, node)),
            doubt,
        }
    }

    /// The route that always fits: the whole request is the body.
    pub fn whole(&self, path: String, why: &str) -> Self {
        Self {
            method: Method::Post,
            path,
            inputs: Vec::new(),
            body: None,
            doubt: Some(why.to_owned()),
            ..self.clone()
        }
    }

    /// What two routes that answer the same requests have in common.
    pub fn shape(&self) -> String {
        shape(self.method, &self.path)
    }

    /// Calls a path parameter by another name; the member keeps its own.
    pub fn rename(&mut self, from: &str, to: &str) {
        self.path = self.path.replace(&format!("{{{from}}}"), &format!("{{{to}}}"));
        match self.inputs.iter_mut().find(|(_, source)| source == from) {
            Some((_, source)) => to.clone_into(source),
            None => self.inputs.push((from.to_owned(), to.to_owned())),
        }
    }

    /// Lines of `in:` that say more than the rule of names does.
    pub fn explicit_inputs(&self) -> impl Iterator<Item = &(String, String)> {
        self.inputs.iter().filter(|(member, source)| member != source)
    }
}

/// See [`RouteDraft::shape`].
pub fn shape(method: Method, path: &str) -> String {
    let segments = path.split('/').map(|s| if s.starts_with('{') { "{}" } else { s });
    format!("{method}{}", segments.collect::<Vec<_>>().join("/"))
}

/// The names of a path's parameters.
pub fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'))
}

fn proposal(name: &str, inputs: &[Input], all_scalar: bool, void: bool) -> Proposal {
    let required: Vec<&str> = inputs
        .iter()
        .filter(|i| i.required && i.single && is_parameter(&i.name))
        .map(|i| i.name.as_str())
        .collect();
    let operation = verbs::Operation {
        name,
        required_scalars: &required,
        all_scalar,
        all_optional: false,
        void,
    };
    let first = propose(&operation);
    let mut others = inputs.iter().filter(|i| !parameters(&first.path).any(|p| p == i.name));
    let any = others.clone().next().is_some();
    let all_optional = any && others.all(|i| !i.required);
    propose(&verbs::Operation { all_optional, ..operation })
}

fn is_parameter(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

fn inputs(graph: &Graph, object: &Object) -> Vec<Input> {
    let of = |member: &Member| {
        let (item, in_array) = graph.item(member.node);
        let folded = crate::mapping::fold::fold(&member.name);
        let secret = SECRETS.iter().any(|word| folded.contains(word));
        let value = is_value(graph, item) && !secret && object.alternatives.is_empty();
        let element = matches!(member.source, MemberSource::Element | MemberSource::Attribute);
        Input {
            name: member.name.to_string(),
            required: member.required && member.default.is_none(),
            plain: value && element,
            single: value && element && !member.repeats && !in_array,
        }
    };
    shown(object).map(of).collect()
}

/// The members of a request, without what only a wildcard for attributes lets in.
fn shown(object: &Object) -> impl Iterator<Item = &Member> {
    let is_shown =
        |member: &&Member| !member.dropped && member.source != MemberSource::AnyAttribute;
    object.members.iter().filter(is_shown)
}

fn fits_a_query(inputs: &[Input]) -> bool {
    inputs.len() <= QUERY_PARAMETERS_MAX && inputs.iter().all(|input| input.plain)
}

/// Text of some kind, but not binary data.
fn is_value(graph: &Graph, node: NodeId) -> bool {
    match graph.node(node) {
        Node::Text(text) => match &text.kind {
            TextKind::Atomic(lexical) => {
                !matches!(lexical, Lexical::Form(Form::Base64 | Form::Hex))
            }
            TextKind::List(_) | TextKind::Union(_) => true,
        },
        _ => false,
    }
}

/// The one member of a request that is an object of its own.
fn lone<'g>(graph: &'g Graph, object: &'g Object) -> Option<(&'g Member, &'g Object)> {
    let mut members = shown(object);
    let member = members.next().filter(|_| members.next().is_none())?;
    let plain =
        member.source == MemberSource::Element && !member.repeats && object.alternatives.is_empty();
    let (inner, _) = graph.object(member.node).filter(|_| plain)?;
    let usable = inner.alternatives.is_empty() && !inner.members.is_empty();
    usable.then_some((member, inner))
}

fn is_void(graph: &Graph, response: Option<NodeId>) -> bool {
    response.is_none_or(|node| graph.object(node).is_some_and(|(o, _)| o.members.is_empty()))
}

/// The only member of the answer, which is then the body.
fn returns(graph: &Graph, node: NodeId) -> Option<String> {
    let (object, _) = graph.object(node)?;
    let [member] = object.members.as_slice() else { return None };
    let sure = member.source == MemberSource::Element && object.alternatives.is_empty();
    sure.then(|| member.name.to_string())
}
