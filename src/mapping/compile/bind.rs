//! Where the values of a request come from: `in`, `body`, and names that match.

use std::collections::HashSet;

use super::Compiler;
use super::binder::{Binder, Leaf, Path};
use crate::codec::{Edit, Graph, Json, JsonLimits, Node, NodeId, TextKind, parse_json, same_name};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::mapping::{Constant, Input, MemberPath, Route, Source, Spanned, Supplied};
use crate::plan::{BindPlan, Binding, BodyPlan, Parameter, ParameterPlace, SourcePlan};
use crate::soap::OperationNodes;

/// The member that a line of `in` feeds.
struct Fed {
    node: NodeId,
    repeats: bool,
    required: bool,
    documentation: Option<std::sync::Arc<str>>,
}

impl Compiler<'_> {
    /// What could be bound; what could not is reported.
    pub(super) fn bind(
        &mut self,
        route: &Route,
        nodes: &OperationNodes,
        graph: &mut Graph,
    ) -> BindPlan {
        let mut binder = Binder {
            route,
            graph,
            request: nodes.request,
            plan: BindPlan::default(),
            fed: HashSet::new(),
        };
        for input in &route.inputs {
            self.input(&mut binder, input, nodes);
        }
        for parameter in route.key.parameters() {
            self.path_parameter(&mut binder, parameter.value, parameter.span);
        }
        let errors = self.report.error_count();
        if route.key.method.value.has_body() || route.body.is_some() {
            self.body(&mut binder);
        } else {
            binder.query_parameters();
        }
        // Without its body nearly every member is unfed, and that would be no news.
        if self.report.error_count() == errors {
            self.unfed(&binder);
        }
        binder.plan
    }

    /// One line of `in`.
    fn input(&mut self, binder: &mut Binder<'_, '_>, input: &Input, nodes: &OperationNodes) {
        let names = strings(&input.target.value);
        let first = names.first().copied().unwrap_or("");
        let (header, root, path) = match names.get(1) {
            Some(part)
                if first == "header" && binder.graph.find(binder.request, &["header"]).is_err() =>
            {
                let Some(at) = nodes
                    .headers
                    .iter()
                    .position(|h| same_name(&h.name, part) || same_name(&h.part, part))
                else {
                    let known = nodes.headers.iter().map(|h| &*h.name);
                    self.unknown(&input.target.value, 1, &known.collect::<Vec<_>>());
                    return;
                };
                (Some(at), nodes.headers[at].child.node, &names[2..])
            }
            _ => (None, binder.request, &names[..]),
        };
        let (node, repeats, required, documentation, target) = if path.is_empty() {
            (root, false, false, None, Path::new())
        } else {
            match binder.graph.find(root, path) {
                Ok(found) => (
                    found.member.node,
                    found.member.repeats || binder.graph.item(found.member.node).1,
                    found.member.required,
                    found.member.documentation.clone(),
                    found.names,
                ),
                Err(missing) => {
                    let step = missing.step + names.len() - path.len();
                    let known: Vec<&str> = missing.candidates.iter().map(String::as_str).collect();
                    self.unknown(&input.target.value, step, &known);
                    return;
                }
            }
        };
        let fed = Fed { node, repeats, required, documentation };
        let Some(source) = self.source(binder, input, &fed) else { return };
        if header.is_none() {
            binder.fed.insert(target.clone());
        }
        binder.plan.bindings.push(Binding { target, header, source });
    }

    /// Where a line of `in` takes its value from; `None` where that is wrong, and reported.
    fn source(
        &mut self,
        binder: &mut Binder<'_, '_>,
        input: &Input,
        fed: &Fed,
    ) -> Option<SourcePlan> {
        if let Source::Query(supplied) | Source::Header(supplied) = &input.source.value {
            self.supplied(binder.graph, fed.node, supplied);
            self.contract_decides(supplied.optional.as_ref().or(supplied.repeats.as_ref()));
        }
        let place = |place, supplied: &Supplied| Parameter {
            name: match place {
                ParameterPlace::Header => supplied.name.value.to_ascii_lowercase(),
                _ => supplied.name.value.clone(),
            },
            place,
            node: fed.node,
            repeats: fed.repeats,
            required: fed.required && supplied.default.is_none(),
            default: supplied.default.as_ref().map(|d| d.value.text.value.clone()),
            bounds: (
                supplied.min.as_ref().map(|m| m.value),
                supplied.max.as_ref().map(|m| m.value),
            ),
            documentation: fed.documentation.clone(),
        };
        Some(match &input.source.value {
            Source::Path(name) => {
                let supplied = Supplied::bare(name.clone());
                let parameter =
                    Parameter { required: true, ..place(ParameterPlace::Path, &supplied) };
                SourcePlan::Parameter(binder.parameter(parameter))
            }
            Source::Query(s) => {
                SourcePlan::Parameter(binder.parameter(place(ParameterPlace::Query, s)))
            }
            Source::Header(s) => {
                SourcePlan::Parameter(binder.parameter(place(ParameterPlace::Header, s)))
            }
            Source::Body(path, optional) => {
                self.contract_decides(optional.as_ref());
                SourcePlan::Body(strings(path).into_iter().map(Into::into).collect())
            }
            Source::Const(constant) => {
                self.constant(binder.graph, fed.node, "constant", constant, input.source.span)?
            }
            Source::Claim(_) | Source::Step(_) => {
                let message = "this can only feed a statement";
                self.report.push(
                    Diagnostic::error(Code::MappingValue, input.source.span, message)
                        .help("an operation is fed by the path, the query, headers and the body"),
                );
                return None;
            }
            Source::Part(path) => {
                let (part, path) = self.part(path)?;
                SourcePlan::Part(part, path)
            }
            Source::RequestId => SourcePlan::RequestId,
            Source::RequestTime => SourcePlan::RequestTime,
        })
    }

    /// What a member needs, and whether it is a list, the contract says.
    fn contract_decides(&mut self, said: Option<&Spanned<bool>>) {
        let Some(said) = said else { return };
        let message = "`optional` and `repeats` are for parameters of statements";
        self.report.push(
            Diagnostic::error(Code::MappingValue, said.span, message)
                .help("remove it: the contract says it of an operation"),
        );
    }

    /// A default is a value like a caller's: of its member's type, within the bounds.
    fn supplied(&mut self, graph: &Graph, node: NodeId, supplied: &Supplied) {
        let bounds = (supplied.min.as_ref(), supplied.max.as_ref());
        if let (Some(min), Some(max)) = bounds
            && min.value > max.value
        {
            let message = format!("no number is at least {} and at most {}", min.value, max.value);
            self.report.push(
                Diagnostic::error(Code::MappingValue, min.span, message)
                    .help("`min` is the smaller of the two"),
            );
        }
        let Some(default) = &supplied.default else { return };
        let text = default.value.text.value.as_str();
        if self.constant(graph, node, "default", &default.value, default.span).is_none() {
            return;
        }
        let number = text.trim().parse::<i64>().ok();
        let outside = |n: i64| {
            bounds.0.is_some_and(|min| n < min.value) || bounds.1.is_some_and(|max| n > max.value)
        };
        if number.is_some_and(outside) {
            let message = "the default is outside `min` and `max`";
            self.report.push(
                Diagnostic::error(Code::MappingValue, default.span, message)
                    .help(Code::MappingValue.fix()),
            );
        }
    }

    /// A constant must be a value of its member's type, now and not at the first call.
    fn constant(
        &mut self,
        graph: &Graph,
        node: NodeId,
        what: &str,
        constant: &Constant,
        span: Span,
    ) -> Option<SourcePlan> {
        let text = &constant.text.value;
        let is_text = match graph.node(graph.item(node).0) {
            Node::Text(ty) => match ty.kind {
                TextKind::Atomic(lexical) => lexical.is_string(graph.numbers),
                _ => true,
            },
            _ => constant.quoted,
        };
        let lexical = matches!(graph.node(graph.item(node).0), Node::Text(_));
        let value = if lexical {
            Json::Lexical(text.as_str().into())
        } else {
            Json::String(text.as_str().into())
        };
        let mut trial = crate::codec::Encoder::new(graph);
        trial.content(graph.item(node).0, &value);
        if let Some(problem) = trial.problems().first() {
            let message = format!("the {what} {}", problem.detail);
            self.report.push(Diagnostic::error(Code::MappingValue, span, message));
            return None;
        }
        if !is_text && parse_json(text, JsonLimits::default()).is_ok() {
            return Some(SourcePlan::Json(text.clone()));
        }
        Some(SourcePlan::Text(text.clone()))
    }

    /// A path parameter nobody named goes to the member of its name.
    fn path_parameter(&mut self, binder: &mut Binder<'_, '_>, name: &str, span: Span) {
        let named = |s: &SourcePlan, plan: &BindPlan| match s {
            SourcePlan::Parameter(at) => plan
                .parameters
                .get(*at)
                .is_some_and(|p| p.place == ParameterPlace::Path && p.name == name),
            _ => false,
        };
        if binder.plan.bindings.iter().any(|b| named(&b.source, &binder.plan)) {
            return;
        }
        let scalars = binder.scalars();
        let own_level = scalars.iter().filter(|s| s.path.len() == 1 && same_name(&s.path[0], name));
        let deeper =
            scalars.iter().filter(|s| s.path.last().is_some_and(|last| same_name(last, name)));
        let found: Vec<&Leaf> = own_level.collect();
        let found = if found.is_empty() { deeper.collect() } else { found };
        let [Leaf { path, node, documentation, .. }] = found[..] else {
            if found.is_empty() && self.composed.is_some() {
                return;
            }
            let mut candidates: Vec<String> = scalars.iter().map(|s| s.path.join(".")).collect();
            candidates.truncate(20);
            let message = if found.is_empty() {
                format!("`{name}` feeds nothing: the request has no member of that name")
            } else {
                format!("`{name}` could feed several members")
            };
            let near = did_you_mean(name, candidates.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("name it `{near}`, or add `in: {{ {near}: path.{name} }}`"),
                None if candidates.is_empty() => "the request has no scalar members".to_owned(),
                None => format!("bind it under `in:` to one of {}", candidates.join(", ")),
            };
            let code = Code::MappingParameterUnbound;
            self.report.push(Diagnostic::error(code, span, message).help(help));
            return;
        };
        let (path, node, documentation) = (path.clone(), *node, documentation.clone());
        let at = binder.parameter(Parameter {
            name: name.to_owned(),
            place: ParameterPlace::Path,
            node,
            repeats: false,
            required: true,
            default: None,
            bounds: (None, None),
            documentation,
        });
        binder.bind(path, at);
    }

    /// `body: member`, or the whole request.
    fn body(&mut self, binder: &mut Binder<'_, '_>) {
        let (target, node, required) = match &binder.route.body {
            None => (Path::new(), binder.request, binder.has_required()),
            Some(path) => match binder.graph.find(binder.request, &strings(&path.value)) {
                Ok(found) => (found.names, found.member.node, found.member.required),
                Err(missing) => {
                    let known: Vec<&str> = missing.candidates.iter().map(String::as_str).collect();
                    self.unknown(&path.value, missing.step, &known);
                    return;
                }
            },
        };
        if target.is_empty() && !binder.has_members() {
            return;
        }
        let mut shown = node;
        for fed in &binder.fed {
            let Some(rest) = fed.strip_prefix(&target[..]).filter(|rest| !rest.is_empty()) else {
                continue;
            };
            let rest: Vec<&str> = rest.iter().map(|s| &**s).collect();
            if let Ok(view) = binder.graph.edited(shown, &rest, &Edit::Drop) {
                shown = view;
            }
        }
        if binder.graph.object(shown).is_some_and(|(o, _)| o.members.iter().all(|m| m.dropped)) {
            return;
        }
        let required = required && binder.required_left(shown);
        binder.plan.body = Some(BodyPlan { target, node: shown, required });
    }

    /// Required members that nothing feeds.
    fn unfed(&mut self, binder: &Binder<'_, '_>) {
        let mut missing = Vec::new();
        binder.missing(binder.request, &mut Path::new(), &mut missing);
        for path in missing {
            let dotted = path.join(".");
            let message = format!("nothing feeds the required member `{dotted}`");
            let last = path.last().map_or("", |l| &**l);
            let mut sources: Vec<String> =
                binder.route.key.parameters().map(|p| format!("path.{}", p.value)).collect();
            sources.push(format!("query.{last}"));
            sources.push("{ const: … }".to_owned());
            let help = format!("add `in: {{ {dotted}: … }}` with one of {}", sources.join(", "));
            let code = Code::MappingMemberUnfed;
            self.report.push(Diagnostic::error(code, binder.route.key.span, message).help(help));
        }
    }

    /// A name of a member path that is not there.
    pub(super) fn unknown(&mut self, path: &MemberPath, step: usize, known: &[&str]) {
        let Some(name) = path.names.get(step) else { return };
        let message = format!("there is no member `{}` here", name.value);
        let help = match did_you_mean(&name.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "it has no members".to_owned(),
            None => format!("the members are: {}", known[..known.len().min(20)].join(", ")),
        };
        let code = Code::MappingMemberUnknown;
        self.report.push(Diagnostic::error(code, name.span, message).help(help));
    }
}

fn strings(path: &MemberPath) -> Vec<&str> {
    path.names.iter().map(|n| n.value.as_str()).collect()
}
