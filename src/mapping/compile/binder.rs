//! The binding of one route in the making: what has a source, and what still needs one.

use std::collections::HashSet;

use crate::codec::{Graph, Node, NodeId, Object};
use crate::mapping::Route;
use crate::plan::{BindPlan, Binding, Parameter, ParameterPlace, SourcePlan};

/// Objects looked into for scalars that a query may feed.
const QUERY_DEPTH_MAX: usize = 3;
/// Query parameters a route is given by itself.
const QUERY_PARAMETERS_MAX: usize = 64;

pub(super) type Path = Vec<Box<str>>;

/// One route's binding while it is compiled.
pub(super) struct Binder<'r, 'g> {
    pub(super) route: &'r Route,
    pub(super) graph: &'g mut Graph,
    pub(super) request: NodeId,
    pub(super) plan: BindPlan,
    /// Members that have a source.
    pub(super) fed: HashSet<Path>,
}

pub(super) type Scalar = (Path, NodeId, Option<std::sync::Arc<str>>);

impl Binder<'_, '_> {
    pub(super) fn parameter(&mut self, parameter: Parameter) -> usize {
        let same = |p: &Parameter| p.name == parameter.name && p.place == parameter.place;
        if let Some(at) = self.plan.parameters.iter().position(same) {
            return at;
        }
        self.plan.parameters.push(parameter);
        self.plan.parameters.len() - 1
    }

    pub(super) fn bind(&mut self, target: Path, parameter: usize) {
        self.fed.insert(target.clone());
        let source = SourcePlan::Parameter(parameter);
        self.plan.bindings.push(Binding { target, header: None, source });
    }

    pub(super) fn has_members(&self) -> bool {
        self.graph.object(self.request).is_none_or(|(o, _)| !o.members.is_empty())
    }

    pub(super) fn has_required(&self) -> bool {
        self.graph.object(self.request).is_none_or(|(o, _)| o.members.iter().any(|m| m.required))
    }

    pub(super) fn required_left(&self, node: NodeId) -> bool {
        self.graph
            .object(node)
            .is_none_or(|(o, _)| o.members.iter().any(|m| m.required && !m.dropped))
    }

    /// Scalar members that are not fed yet, by path; not those inside arrays.
    pub(super) fn scalars(&self) -> Vec<Scalar> {
        let mut found = Vec::new();
        if let Some((object, _)) = self.graph.object(self.request) {
            self.collect(object, &mut Path::new(), &mut found);
        }
        found.retain(|s: &Scalar| !self.fed.contains(&s.0));
        found
    }

    fn collect(&self, object: &Object, path: &mut Path, found: &mut Vec<Scalar>) {
        for member in object.members.iter().filter(|m| !m.dropped && !m.repeats) {
            path.push((&*member.name).into());
            match self.graph.node(member.node) {
                Node::Text(_) => {
                    found.push((path.clone(), member.node, member.documentation.clone()));
                }
                Node::Object(_) if path.len() < QUERY_DEPTH_MAX => {
                    if let Some((inner, _)) = self.graph.object(member.node) {
                        self.collect(inner, path, found);
                    }
                }
                _ => {}
            }
            path.pop();
        }
    }

    /// Without a body, scalars of the request are query parameters of their names.
    pub(super) fn query_parameters(&mut self) {
        let mut members: Vec<(Scalar, bool, bool)> =
            self.scalars().into_iter().map(|s| (s, false, false)).collect();
        if let Some((object, _)) = self.graph.object(self.request) {
            for member in &object.members {
                let path: Path = vec![(&*member.name).into()];
                let (item, in_array) = self.graph.item(member.node);
                let is_list = member.repeats || in_array;
                if is_list
                    && matches!(self.graph.node(item), Node::Text(_))
                    && !self.fed.contains(&path)
                {
                    members.push(((path, item, member.documentation.clone()), true, false));
                }
            }
            for (scalar, _, required) in &mut members {
                let own = object.members.iter().find(|m| *m.name == *scalar.0[0]);
                *required =
                    scalar.0.len() == 1 && own.is_some_and(|m| m.required && m.default.is_none());
            }
        }
        members.truncate(QUERY_PARAMETERS_MAX);
        let leaf_count = |leaf: &str, all: &[(Scalar, bool, bool)]| {
            all.iter().filter(|m| m.0.0.last().is_some_and(|l| **l == *leaf)).count()
        };
        for ((path, node, documentation), repeats, required) in members.clone() {
            let leaf = path.last().map_or("", |l| &**l);
            let taken = self.plan.parameters.iter().any(|p| p.name == leaf);
            let name = if taken || leaf_count(leaf, &members) > 1 {
                path.join(".")
            } else {
                leaf.to_owned()
            };
            let at = self.parameter(Parameter {
                name,
                place: ParameterPlace::Query,
                node,
                repeats,
                required,
                default: None,
                bounds: (None, None),
                documentation,
            });
            self.bind(path, at);
        }
    }

    /// Required members without a source, outermost first.
    pub(super) fn missing(&self, node: NodeId, path: &mut Path, missing: &mut Vec<Path>) {
        let Some((object, _)) = self.graph.object(node) else { return };
        for member in object.members.iter().filter(|m| !m.dropped) {
            path.push((&*member.name).into());
            let in_body = self.plan.body.as_ref().is_some_and(|b| path.starts_with(&b.target));
            let inside = |p: &Path| p.len() > path.len() && p.starts_with(path);
            let is_fed = in_body || self.fed.contains(path);
            let partly = self.fed.iter().any(inside)
                || self.plan.body.as_ref().is_some_and(|b| inside(&b.target));
            if !is_fed && partly {
                self.missing(member.node, path, missing);
            } else if !is_fed
                && member.required
                && member.default.is_none()
                && member.fixed.is_none()
                && !member.nillable
                && member.occurs.0 > 0
            {
                missing.push(path.clone());
            }
            path.pop();
        }
    }
}
