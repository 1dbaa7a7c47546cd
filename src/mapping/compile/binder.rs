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

/// A member that text alone can feed.
#[derive(Clone)]
pub(super) struct Leaf {
    pub(super) path: Path,
    /// The type of its value, of an item where it is a list.
    pub(super) node: NodeId,
    pub(super) documentation: Option<std::sync::Arc<str>>,
    is_list: bool,
    /// Whether there is no request without it.
    required: bool,
}

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
    pub(super) fn scalars(&self) -> Vec<Leaf> {
        let mut leaves = self.leaves();
        leaves.retain(|leaf| !leaf.is_list);
        leaves
    }

    /// Scalar members and lists of scalars that are not fed yet.
    fn leaves(&self) -> Vec<Leaf> {
        let mut found = Vec::new();
        if let Some((object, _)) = self.graph.object(self.request) {
            self.collect(object, &mut Path::new(), true, &mut found);
        }
        found.retain(|leaf: &Leaf| !self.fed.contains(&leaf.path));
        found
    }

    fn collect(&self, object: &Object, path: &mut Path, certain: bool, found: &mut Vec<Leaf>) {
        for member in object.members.iter().filter(|m| !m.dropped) {
            path.push((&*member.name).into());
            let required = certain && member.required;
            let (item, in_array) = self.graph.item(member.node);
            match self.graph.node(item) {
                Node::Text(_) => found.push(Leaf {
                    path: path.clone(),
                    node: item,
                    documentation: member.documentation.clone(),
                    is_list: member.repeats || in_array,
                    required: required && member.default.is_none(),
                }),
                Node::Object(inner)
                    if !member.repeats && !in_array && path.len() < QUERY_DEPTH_MAX =>
                {
                    self.collect(inner, path, required, found);
                }
                _ => {}
            }
            path.pop();
        }
    }

    /// Without a body, what text can feed are query parameters of their names.
    pub(super) fn query_parameters(&mut self) {
        let mut leaves = self.leaves();
        // Lists behind the others, as they were before those of inner objects were there.
        leaves.sort_by_key(|leaf| leaf.is_list);
        leaves.truncate(QUERY_PARAMETERS_MAX);
        let is_shared = |name: &str| {
            leaves.iter().filter(|l| l.path.last().is_some_and(|last| **last == *name)).count() > 1
        };
        for leaf in leaves.clone() {
            let name = leaf.path.last().map_or("", |name| &**name);
            let taken = self.plan.parameters.iter().any(|p| p.name == name);
            let name = if taken || is_shared(name) { leaf.path.join(".") } else { name.to_owned() };
            let at = self.parameter(Parameter {
                name,
                place: ParameterPlace::Query,
                node: leaf.node,
                repeats: leaf.is_list,
                required: leaf.required,
                default: None,
                bounds: (None, None),
                documentation: leaf.documentation,
            });
            self.bind(leaf.path, at);
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
