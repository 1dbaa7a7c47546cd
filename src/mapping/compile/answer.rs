//! What a route shows of the answer: `returns`, `out`, `location`.

use super::Compiler;
use crate::codec::{Edit, Graph, NodeId};
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::{ApiVersion, Change, MemberPath, Output, Piece, Route, Shaping};
use crate::plan::{BindPlan, LocationPiece, LocationPlan};
use crate::soap::OperationNodes;

impl Compiler<'_> {
    /// The answer as this route shows it, and its location; `None` where that is wrong.
    pub(super) fn answer(
        &mut self,
        version: &ApiVersion,
        route: &Route,
        nodes: &OperationNodes,
        bind: &BindPlan,
        graph: &mut Graph,
    ) -> Option<(Option<NodeId>, Option<LocationPlan>)> {
        let errors = self.report.error_count();
        let Some(mut response) = nodes.response else {
            if let Some(returns) = &route.returns {
                self.report.push(
                    Diagnostic::error(
                        Code::MappingMemberUnknown,
                        returns.span,
                        "a one-way operation returns nothing",
                    )
                    .help("remove `returns:`"),
                );
            }
            return Some((None, None));
        };
        let returns: Vec<String> = route
            .returns
            .iter()
            .flat_map(|r| r.value.names.iter().map(|n| n.value.clone()))
            .collect();
        if let Some(path) = &route.returns {
            let names: Vec<&str> = returns.iter().map(String::as_str).collect();
            if let Err(missing) = graph.find(response, &names) {
                let known: Vec<&str> = missing.candidates.iter().map(String::as_str).collect();
                self.unknown(&path.value, missing.step, &known);
                return None;
            }
        }
        for output in &route.outputs {
            self.change(graph, &mut response, &returns, output);
        }
        for depth in 0..returns.len() {
            let names: Vec<&str> = returns[..=depth].iter().map(String::as_str).collect();
            // Outer wrappers first: what is unwrapped already is looked through.
            let name = [names[depth]];
            match graph.edited(response, &name, &Edit::Unwrap) {
                Ok(view) => response = view,
                Err(_) => break,
            }
        }
        let location = self.location(version, route, bind, graph, response);
        (self.report.error_count() == errors).then_some((Some(response), location))
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
