//! A route of statements: its transaction, its answer, what its caller may send.

use std::sync::Arc;

use super::super::Compiler;
use super::bind::Binder;
use super::columns::Style;
use super::steps::{Around, Step};
use crate::codec::Naming;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::mapping::{self, ApiVersion, Backend, Numbers, Route, SqlTarget};
use crate::plan::{
    BackendLimits, Effect, FilterPlan, ParameterPlace, ResultKind, SqlCall, SqlErrorRule,
    SqlParameter, SqlSource, Translator,
};
use crate::sql::Part;

/// Rows of one answer, where the mapping says nothing.
const ROWS_DEFAULT: u64 = 10_000;
/// Rows of one long answer, where the mapping says nothing.
const ROWS_OF_STREAM_DEFAULT: u64 = 10_000_000;
/// Bytes of JSON kept back until an answer is known to be whole.
const WHOLE_BYTES_DEFAULT: usize = 1 << 20;

impl Compiler<'_> {
    /// A route to a database; `None` where something is wrong, which has been reported.
    /// `owner` is the place of what has the statement.
    pub(in super::super) fn sql(
        &mut self,
        version: &ApiVersion,
        route: &Route,
        owner: Span,
        target: &SqlTarget,
        effect: Effect,
    ) -> Option<Translator> {
        let (backend, id) = self.named_backend(&target.backend, "sql")?;
        let dialect = backend.kind.as_ref()?.dialect()?;
        let (errors, style) = (self.report.error_count(), style(backend));
        let mut binder = Binder {
            route,
            naming: style.naming,
            dialect,
            authenticated: version.auth.is_some(),
            parameters: Vec::new(),
            body: super::body::Body::default(),
            steps: Vec::new(),
            step_names: target.steps.iter().map(|step| step.name.value.clone()).collect(),
            if_match: target.if_match.as_ref(),
            if_match_used: false,
        };
        let around = Around {
            backend: &backend.name.value,
            style,
            effect,
            reads: route.key.method.value.is_read(),
        };
        let steps = self.steps(&mut binder, around, owner, target)?;
        let answer = self.answering(route, &steps);
        let step = &steps[answer];
        let page = target.page.as_ref().map(|page| self.page(&binder, step, page, target));
        self.reserved(&binder, step, target);
        let filters = self.filters(&binder, step, target);
        self.check_stream(step, target);
        let etag = self.etag(step, target);
        self.check_if_match(&binder, &steps, target, effect);
        let transaction = self.transaction(&mut binder, &steps, target, effect);
        let location = self.sql_location(version, route, &binder, step);
        let error_rules = error_rules(target);
        self.unfed_path(&binder);
        if self.report.error_count() != errors {
            return None;
        }
        let stream = target.stream.as_ref().is_some_and(|stream| stream.value);
        let rows_default = if stream { ROWS_OF_STREAM_DEFAULT } else { ROWS_DEFAULT };
        let status = if step.plan.result == ResultKind::None { 204 } else { 200 };
        let bytes_default = BackendLimits::default().response_bytes;
        let bytes_max = backend.limits.response_bytes.as_ref();
        Some(Translator::Sql(Box::new(SqlCall {
            backend: id,
            dialect,
            parameters: binder.parameters,
            body: binder.body.finish(),
            transaction,
            answer,
            page,
            sorts: target.query.sort.iter().map(|(name, _)| name.value.clone()).collect(),
            filters,
            status: route.status.as_ref().map_or(status, |status| status.value),
            location,
            etag,
            if_match: target.if_match.is_some(),
            naming: style.naming,
            large_numbers: style.large_numbers(),
            error_rules,
            rows_max: target.query.max_rows.as_ref().map_or(rows_default, |rows| rows.value),
            bytes_max: bytes_max.map_or(bytes_default, |bytes| bytes.value),
            whole_bytes: WHOLE_BYTES_DEFAULT,
            stream,
            steps: steps.into_iter().map(|step| step.plan).collect(),
        })))
    }

    /// Every statement in its order; `None` where one cannot be had at all.
    fn steps(
        &mut self,
        binder: &mut Binder<'_>,
        around: Around<'_>,
        owner: Span,
        target: &SqlTarget,
    ) -> Option<Vec<Step>> {
        if target.steps.is_empty() {
            return Some(vec![self.step(binder, around, owner, None, &target.query)?]);
        }
        let mut steps = Vec::new();
        for authored in &target.steps {
            let name = &authored.name;
            // A step of a read is one row, too, unless it says otherwise.
            let around = Around { reads: false, ..around };
            let step = self.step(binder, around, name.span, Some(name), &authored.query);
            let (result, row) = step.as_ref().map_or((ResultKind::One, Arc::default()), |step| {
                (step.plan.result, Arc::clone(&step.plan.row))
            });
            binder.steps.push((name.clone(), result, row));
            steps.extend(step);
        }
        (steps.len() == target.steps.len()).then_some(steps)
    }

    /// Filters and the parameters each needs.
    fn filters(&mut self, binder: &Binder<'_>, step: &Step, target: &SqlTarget) -> Vec<FilterPlan> {
        let statement = &step.plan.statement;
        let mut plans = Vec::new();
        for (at, (name, text)) in target.query.filters.iter().enumerate() {
            let used = statement.parameters_of(Part::Filter(at));
            let sources = used.iter().filter_map(|at| step.plan.bindings.get(usize::from(*at)));
            let parameters: Vec<usize> = sources
                .filter_map(|binding| match binding.source {
                    SqlSource::Parameter(at) => Some(at),
                    _ => None,
                })
                .collect();
            let chosen = parameters.iter().any(|at| {
                binder.parameters.get(*at).is_some_and(|p| !p.required && p.default.is_none())
            });
            if !chosen {
                let message = format!("the filter `{}` always applies", name.value);
                self.report.push(Diagnostic::error(Code::SqlParameter, text.span, message).help(
                    "give it a parameter that the statement itself does not use, or write it there",
                ));
            }
            plans.push(FilterPlan { name: name.value.clone(), parameters });
        }
        plans
    }

    fn check_stream(&mut self, step: &Step, target: &SqlTarget) {
        let Some(stream) = target.stream.as_ref().filter(|stream| stream.value) else { return };
        let problem = if step.plan.result != ResultKind::Many {
            Some(("only a list is a long answer", "declare `result: many`, or remove `stream`"))
        } else if !step.plan.includes.is_empty() {
            Some(("an include needs all rows at once", "join it, and fold it with `nest`"))
        } else {
            None
        };
        if let Some((message, help)) = problem {
            self.report.push(Diagnostic::error(Code::SqlResult, stream.span, message).help(help));
        }
    }

    /// A path parameter that feeds nothing makes different requests the same one.
    fn unfed_path(&mut self, binder: &Binder<'_>) {
        if self.composed.is_some() {
            return;
        }
        for parameter in binder.route.key.parameters() {
            let fed =
                |p: &SqlParameter| p.place == ParameterPlace::Path && p.name == parameter.value;
            if !binder.parameters.iter().any(fed) {
                let name = parameter.value;
                let message = format!("`{name}` feeds nothing: no statement has `:{name}`");
                self.report.push(
                    Diagnostic::error(Code::MappingParameterUnbound, parameter.span, message).help(
                        format!("name a parameter so, or add `in: {{ other: path.{name} }}`"),
                    ),
                );
            }
        }
    }
}

fn style(backend: &Backend) -> Style {
    Style {
        naming: match backend.naming.as_ref().map(|naming| naming.value) {
            Some(mapping::Naming::Preserve) => Naming::Preserve,
            _ => Naming::Camel,
        },
        numbers: backend.numbers.as_ref().map_or(Numbers::Exact, |numbers| numbers.value),
    }
}

fn error_rules(target: &SqlTarget) -> Vec<SqlErrorRule> {
    let rule = |rule: &mapping::ErrorRule| SqlErrorRule {
        pattern: rule.pattern.value.clone(),
        status: rule.status.value,
        title: rule.title.as_ref().map(|title| title.value.clone()),
    };
    target.errors.iter().map(rule).collect()
}
