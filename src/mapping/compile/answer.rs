//! What a route shows of the answer: `returns`, `out`, `location`.

use std::sync::Arc;

use super::Compiler;
use crate::codec::{Edit, Graph, MemberSource, NodeId};
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::{ApiVersion, Change, MemberPath, Output, Piece, Route, Shaping};
use crate::plan::{BindPlan, LocationPiece, LocationPlan};
use crate::soap::{AttachmentMember, HeaderPlan, OperationNodes};
use crate::wsdl::Attachment;

/// The answer as a route shows it.
#[derive(Debug, Default)]
pub(super) struct AnswerPlan {
    /// What stands in the body; `None` for a one-way operation.
    pub(super) response: Option<NodeId>,
    /// The same with what comes from the Header.
    pub(super) shown: Option<NodeId>,
    pub(super) header: HeaderPlan,
    pub(super) attachments: Vec<AttachmentMember>,
    pub(super) location: Option<LocationPlan>,
}

impl Compiler<'_> {
    /// The answer as this route shows it; `None` where that is wrong.
    pub(super) fn answer(
        &mut self,
        version: &ApiVersion,
        route: &Route,
        nodes: &OperationNodes,
        bind: &BindPlan,
        graph: &mut Graph,
    ) -> Option<AnswerPlan> {
        let errors = self.report.error_count();
        let Some(mut response) = nodes.response else {
            let returns = route.returns.iter().map(|r| (r.span, "returns"));
            let out = route.outputs.iter().map(|o| (o.member.span, "out"));
            let headers = route.response_headers.iter();
            let headers = headers.map(|h| (h.name.span, "response_headers"));
            if let Some((span, key)) = returns.chain(out).chain(headers).next() {
                let message = "a one-way operation returns nothing";
                self.report.push(
                    Diagnostic::error(Code::MappingMemberUnknown, span, message)
                        .help(format!("remove `{key}:`")),
                );
            }
            return Some(AnswerPlan::default());
        };
        let returns: Vec<String> = route
            .returns
            .iter()
            .flat_map(|r| r.value.names.iter().map(|n| n.value.clone()))
            .collect();
        if let Some(path) = &route.returns {
            let names: Vec<&str> = returns.iter().map(String::as_str).collect();
            let found = graph.find(response, &names);
            if found.as_ref().is_ok_and(|f| f.member.source == MemberSource::Attachment) {
                let message = "an attachment is a member of the body, and cannot be the body";
                self.report.push(
                    Diagnostic::error(Code::MappingValue, path.span, message)
                        .help("leave `returns:` out"),
                );
                return None;
            }
            if let Err(missing) = found {
                let known: Vec<&str> = missing.candidates.iter().map(String::as_str).collect();
                self.unknown(&path.value, missing.step, &known);
                return None;
            }
        }
        for output in &route.outputs {
            self.change(graph, &mut response, &returns, output);
        }
        let names: Vec<&str> = returns.iter().map(String::as_str).collect();
        let response = unwrapped(graph, response, &names);
        let (header, shown) = self.answer_header(route, nodes, response, graph);
        let location = self.location(version, route, bind, graph, shown);
        let attachments = attachments(nodes, graph, response);
        let (response, shown) = (Some(response), Some(shown));
        let answer = AnswerPlan { response, shown, header, attachments, location };
        (self.report.error_count() == errors).then_some(answer)
    }

    fn change(
        &mut self,
        graph: &mut Graph,
        response: &mut NodeId,
        returns: &[String],
        output: &Output,
    ) {
        let (path, edit) = match &output.change.value {
            Change::Drop => (&output.member.value, Edit::Drop),
            // They stand beside the body, and are added when it is done.
            Change::Header(_) | Change::Body => return,
            Change::Rename(name) => (&output.member.value, Edit::Rename(name.clone())),
            Change::Shape(shaping) => {
                let Some(from) = self.only_moved(output, shaping) else { return };
                let target = &output.member.value.names;
                let source = &from.names;
                let same_place = target.len() == source.len()
                    && target.iter().zip(source).rev().skip(1).all(|(a, b)| a.value == b.value);
                if !same_place {
                    self.report.push(
                        Diagnostic::error(
                            Code::MappingValue,
                            output.change.span,
                            "a member can only be moved within its object",
                        )
                        .help("name a member of the same object"),
                    );
                    return;
                }
                let name = target.last().map_or(String::new(), |n| n.value.clone());
                (from, Edit::Rename(name))
            }
        };
        let names: Vec<&str> = returns
            .iter()
            .map(String::as_str)
            .chain(path.names.iter().map(|n| n.value.as_str()))
            .collect();
        match graph.edited(*response, &names, &edit) {
            Ok(view) => *response = view,
            Err(missing) => {
                let known: Vec<&str> = missing.candidates.iter().map(String::as_str).collect();
                self.unknown(path, missing.step.saturating_sub(returns.len()), &known);
            }
        }
    }

    /// Where a member is taken from, if that is all that is said of it.
    fn only_moved<'o>(&mut self, output: &Output, shaping: &'o Shaping) -> Option<&'o MemberPath> {
        let Shaping { from, form, nullable, schema } = shaping;
        if form.is_none() && nullable.is_none() && schema.is_none() {
            return from.as_ref();
        }
        let message = "the contract says how the values of its members are written";
        self.report.push(
            Diagnostic::error(Code::MappingValue, output.change.span, message)
                .help("`as`, `nullable` and `schema` are for columns of a statement"),
        );
        None
    }

    fn location(
        &mut self,
        version: &ApiVersion,
        route: &Route,
        bind: &BindPlan,
        graph: &Graph,
        response: NodeId,
    ) -> Option<LocationPlan> {
        let template = route.location.as_ref()?;
        let mut pieces = Vec::new();
        if template.value.text.starts_with('/') {
            pieces.push(LocationPiece::Literal(format!("/api/v{}", version.version.value.0)));
        }
        for piece in &template.value.pieces {
            let name = match &piece.value {
                Piece::Literal(text) => {
                    pieces.push(LocationPiece::Literal(text.clone()));
                    continue;
                }
                Piece::Member(name) => name,
            };
            let path: Vec<&str> = name.split('.').collect();
            match graph.find(response, &path) {
                Ok(found) if !found.in_array => pieces.push(LocationPiece::Answer(found.names)),
                _ => match bind.parameters.iter().position(|p| p.name == *name) {
                    Some(at) => pieces.push(LocationPiece::Parameter(at)),
                    // It feeds nothing, which is reported at the path.
                    None if route.key.parameters().any(|p| p.value == *name) => {}
                    None => {
                        let known = graph
                            .object(response)
                            .map(|(o, _)| {
                                o.members.iter().map(|m| m.name.to_string()).collect::<Vec<_>>()
                            })
                            .unwrap_or_default();
                        let message = format!("the answer has no member `{name}`");
                        self.report.push(
                            Diagnostic::error(Code::MappingMemberUnknown, piece.span, message)
                                .help(format!("the members are: {}", known.join(", "))),
                        );
                    }
                },
            }
        }
        Some(LocationPlan { pieces })
    }
}

/// The attachments of the answer, with the keys of those that the route shows.
fn attachments(nodes: &OperationNodes, graph: &Graph, response: NodeId) -> Vec<AttachmentMember> {
    let members = graph.object(response).map_or(&[][..], |(object, _)| &object.members);
    let mut members = members.iter().filter(|m| m.source == MemberSource::Attachment);
    let member = |attachment: &Attachment| AttachmentMember {
        part: Arc::clone(&attachment.part),
        key: members.next().filter(|m| !m.dropped).map(|m| m.key.clone()).unwrap_or_default(),
    };
    nodes.answer_attachments.iter().map(member).collect()
}

/// A type whose whole value is the member a path leads to; the path has been found.
pub(super) fn unwrapped(graph: &mut Graph, mut node: NodeId, path: &[&str]) -> NodeId {
    // Outer wrappers first: what is unwrapped already is looked through.
    for name in path {
        match graph.edited(node, &[name], &Edit::Unwrap) {
            Ok(view) => node = view,
            Err(_) => break,
        }
    }
    node
}
