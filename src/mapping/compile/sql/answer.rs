//! The answer of a call of statements: which step's, its entity tag, its location.

use super::super::Compiler;
use super::bind::Binder;
use super::described::unknown;
use super::steps::Step;
use crate::codec::same_name;
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::{ApiVersion, Piece, Route, Spanned, SqlTarget};
use crate::plan::{LocationPiece, LocationPlan, ResultKind, SqlParameter};

impl Compiler<'_> {
    /// The step that is the answer: the one named, else the last that gives rows.
    pub(super) fn answering(&mut self, route: &Route, steps: &[Step]) -> usize {
        if let Some(returns) = &route.returns {
            let name = &returns.value.text;
            if let Some(at) = steps.iter().position(|step| step.plan.name == *name) {
                return at;
            }
            let names: Vec<String> = steps.iter().map(|step| step.plan.name.clone()).collect();
            let message = format!("there is no step `{name}`");
            let name = Spanned::new(name.clone(), returns.span);
            let diagnostic = unknown(&name, message, &names);
            self.report.push(Diagnostic { code: Code::MappingReference, ..diagnostic });
        }
        let gives_rows =
            |step: &Step| !matches!(step.plan.result, ResultKind::Affected | ResultKind::None);
        steps.iter().rposition(gives_rows).unwrap_or(steps.len().saturating_sub(1))
    }

    pub(super) fn etag(&mut self, step: &Step, target: &SqlTarget) -> Option<u16> {
        let etag = target.etag.as_ref()?;
        if !matches!(step.plan.result, ResultKind::One | ResultKind::Optional) {
            let message = "only one row has an ETag";
            self.report.push(
                Diagnostic::error(Code::SqlResult, etag.span, message)
                    .help("declare `result: one`, or remove `etag`"),
            );
        }
        step.typed.columns.as_ref()?;
        let at = self.column(&step.columns, etag)?;
        Some(step.columns[at].plan.index)
    }

    pub(super) fn sql_location(
        &mut self,
        version: &ApiVersion,
        route: &Route,
        binder: &Binder<'_>,
        step: &Step,
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
            let at = |p: &SqlParameter| p.name == *name;
            let parameter = binder.parameters.iter().position(at);
            let path: Vec<_> =
                name.split('.').map(|n| Spanned::new(n.to_owned(), piece.span)).collect();
            let members = &step.plan.row.members;
            let known = path
                .first()
                .is_some_and(|first| members.iter().any(|m| same_name(&m.name, &first.value)));
            if let (false, Some(at)) = (known, parameter) {
                pieces.push(LocationPiece::Parameter(at));
            } else if step.typed.columns.is_some() {
                pieces.extend(self.member(members, &path).map(LocationPiece::Answer));
            } else {
                let names = path.iter().map(|name| name.value.as_str().into());
                pieces.push(LocationPiece::Answer(names.collect()));
            }
        }
        Some(LocationPlan { pieces })
    }
}
