//! One statement of a call: its values, its result, its rows.

use std::sync::Arc;

use super::super::Compiler;
use super::bind::Binder;
use super::columns::{Shown, Style};
use super::described::{Typed, unknown};
use crate::codec::same_name;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::mapping::{MemberPath, ResultWord, Spanned, SqlQuery};
use crate::plan::{Effect, ResultKind, RowMember, RowPlan, RowValue, SqlSource, StepPlan};
use crate::sql::Type;

/// What a call has around its statements.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) backend: &'a str,
    pub(super) style: Style,
    pub(super) effect: Effect,
    /// Whether the method promises to read, so that a list is what is expected.
    pub(super) reads: bool,
}

/// A statement that has been compiled.
pub(super) struct Step {
    pub(super) typed: Typed,
    pub(super) plan: StepPlan,
    /// Its columns; empty where they are not known.
    pub(super) columns: Vec<Shown>,
}

impl Compiler<'_> {
    /// One statement; `None` where it cannot be had at all, which has been reported.
    pub(super) fn step(
        &mut self,
        binder: &mut Binder<'_>,
        around: Around<'_>,
        owner: Span,
        name: Option<&Spanned<String>>,
        query: &SqlQuery,
    ) -> Option<Step> {
        let typed = self.typed(around.backend, owner, &query.types)?;
        let span = typed.parsed.base.head();
        self.check_effect(&typed, around.effect);
        let bindings = self.bindings(binder, &typed, &query.inputs, None);
        let shown = self.columns(&typed, around.style, &query.outputs);
        let result = self.result(&typed, query, around.reads);
        let columns = shown.unwrap_or_default();
        let mut row = RowPlan::default();
        let mut includes = Vec::new();
        if typed.columns.is_some() {
            row = self.row(&columns, &query.nest, span);
            for include in &query.include {
                includes.extend(self.include(binder, around, include, &columns));
                let name = &include.name.value;
                if row.members.iter().any(|member| *member.name == **name) {
                    self.collision(name, include.name.span);
                }
                row.members.push(RowMember {
                    name: name.as_str().into(),
                    key: crate::codec::json_key(name),
                    value: RowValue::Include(includes.len().saturating_sub(1)),
                });
            }
        }
        let plan = StepPlan {
            name: name.map_or(String::new(), |name| name.value.clone()),
            statement: Arc::clone(&typed.parsed.statement),
            bindings,
            result,
            row: Arc::new(row),
            affected_max: query.max_affected.as_ref().map(|max| max.value),
            includes,
        };
        Some(Step { typed, plan, columns })
    }

    fn check_effect(&mut self, typed: &Typed, effect: Effect) {
        if effect == Effect::Write || !typed.parsed.statement.writes() {
            return;
        }
        let message = "the statement writes, and the route reads";
        let text = &typed.parsed.base.text;
        let start = text.len() - text.trim_start().len();
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |end| start + end);
        let verb = typed.parsed.base.place(start..end);
        self.report.push(
            Diagnostic::error(Code::SqlWrite, verb, message)
                .help("use POST, PUT, PATCH or DELETE; or say `effect: write` if a read has to"),
        );
    }

    /// What is declared, or what the method and the columns make likely.
    fn result(&mut self, typed: &Typed, query: &SqlQuery, reads: bool) -> ResultKind {
        let columns = typed.columns.as_deref();
        let has_columns = columns.is_none_or(|columns| !columns.is_empty());
        let kind = match query.result.as_ref().map(|result| result.value) {
            Some(ResultWord::One) => ResultKind::One,
            Some(ResultWord::Optional) => ResultKind::Optional,
            Some(ResultWord::Many) => ResultKind::Many,
            Some(ResultWord::Scalar) => ResultKind::Scalar,
            Some(ResultWord::None) => ResultKind::None,
            Some(ResultWord::Cursors) => ResultKind::Cursors,
            None if reads => ResultKind::Many,
            None if has_columns => ResultKind::One,
            Some(ResultWord::Affected) | None => ResultKind::Affected,
        };
        let span = query.result.as_ref().map_or(typed.parsed.base.head(), |result| result.span);
        let needs_columns = !matches!(kind, ResultKind::Affected | ResultKind::None);
        if needs_columns && !has_columns {
            let message = "the statement gives no columns";
            self.report.push(
                Diagnostic::error(Code::SqlResult, span, message)
                    .help("add `returning …`, or declare `result: affected` or `result: none`"),
            );
        }
        let Some(columns) = columns else { return kind };
        if kind == ResultKind::Scalar && columns.len() > 1 {
            let message = format!("of {} columns only the first is used", columns.len());
            self.report.push(
                Diagnostic::warning(Code::SqlResult, span, message)
                    .help("select the one value, or declare `result: one`"),
            );
        }
        let other = columns.iter().find(|column| column.ty != Type::Refcursor);
        if let Some(other) = other.filter(|_| kind == ResultKind::Cursors) {
            let message = format!("`{}` is no refcursor", other.name);
            self.report.push(
                Diagnostic::error(Code::SqlResult, span, message)
                    .help("select what a function gives that returns refcursor"),
            );
        }
        kind
    }

    /// `steps.a.b`: a step that ran before, and a member of its result.
    pub(super) fn step_member(
        &mut self,
        binder: &Binder<'_>,
        path: &MemberPath,
    ) -> Option<SqlSource> {
        let (first, rest) = path.names.split_first()?;
        let found = binder.steps.iter().position(|(name, ..)| name.value == first.value);
        let Some(at) = found else {
            let earlier: Vec<String> =
                binder.steps.iter().map(|(name, ..)| name.value.clone()).collect();
            let message = if binder.step_names.contains(&first.value) {
                format!("`{}` is not before this step", first.value)
            } else {
                format!("there is no step `{}`", first.value)
            };
            let diagnostic = unknown(first, message, &earlier);
            self.report.push(Diagnostic { code: Code::MappingReference, ..diagnostic });
            return None;
        };
        let (_, result, row) = &binder.steps[at];
        let problem = match (result, rest) {
            (ResultKind::Scalar, []) => return Some(SqlSource::Step(at, Vec::new())),
            (ResultKind::Affected, [only]) if only.value == "affected" => {
                return Some(SqlSource::Step(at, vec!["affected".into()]));
            }
            (ResultKind::Many, _) => "it gives any number of rows, not one",
            (ResultKind::Scalar, _) => "it gives one value, without members",
            (ResultKind::Affected, _) => "it gives the number of rows, `affected`",
            (ResultKind::None | ResultKind::Cursors, _) => "it gives nothing to take",
            (ResultKind::One | ResultKind::Optional, []) => "it gives a row: name a member of it",
            (ResultKind::One | ResultKind::Optional, rest) => {
                // What is not described has no members yet.
                if row.members.is_empty() {
                    let names = rest.iter().map(|name| name.value.as_str().into());
                    return Some(SqlSource::Step(at, names.collect()));
                }
                return self.member(&row.members, rest).map(|path| SqlSource::Step(at, path));
            }
        };
        let message = format!("`{}` cannot feed this: {problem}", path.text);
        self.report.push(
            Diagnostic::error(Code::MappingReference, first.span, message)
                .help("refer to a step with `result: one`, by `steps.name.member`"),
        );
        None
    }

    /// A member of a row by path, with the names it has there.
    pub(super) fn member(
        &mut self,
        members: &[RowMember],
        path: &[Spanned<String>],
    ) -> Option<Vec<Box<str>>> {
        let mut members = members;
        let mut names = Vec::new();
        for (at, name) in path.iter().enumerate() {
            let found = members.iter().find(|member| *member.name == *name.value);
            let found = found.or_else(|| members.iter().find(|m| same_name(&m.name, &name.value)));
            let Some(member) = found else {
                let known: Vec<String> = members.iter().map(|m| m.name.to_string()).collect();
                let message = format!("there is no member `{}`", name.value);
                let diagnostic = unknown(name, message, &known);
                self.report.push(Diagnostic { code: Code::MappingMemberUnknown, ..diagnostic });
                return None;
            };
            names.push(member.name.clone());
            members = match &member.value {
                RowValue::Object(inner) => inner,
                RowValue::Column(_) | RowValue::Include(_) if at + 1 == path.len() => &[],
                // Inside of a composite or of JSON; its value decides.
                RowValue::Column(_) => {
                    names.extend(path[at + 1..].iter().map(|name| Box::from(name.value.as_str())));
                    return Some(names);
                }
                RowValue::Include(_) => &[],
            };
        }
        Some(names)
    }
}
