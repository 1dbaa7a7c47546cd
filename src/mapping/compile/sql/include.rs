//! Statements that fetch what belongs to the rows of another.

use std::sync::Arc;

use super::super::Compiler;
use super::bind::Binder;
use super::columns::Shown;
use super::described::unknown;
use super::steps::Around;
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::Include;
use crate::plan::IncludePlan;
use crate::sql::{Dialect, Type};

impl Compiler<'_> {
    /// One include of a row with these columns; `None` where it cannot be had.
    pub(super) fn include(
        &mut self,
        binder: &mut Binder<'_>,
        around: Around<'_>,
        include: &Include,
        outer: &[Shown],
    ) -> Option<IncludePlan> {
        let typed = self.typed(around.backend, include.name.span, &include.types)?;
        let span = typed.parsed.base.head();
        if typed.parsed.statement.writes() {
            let message = "an include writes";
            self.report.push(
                Diagnostic::error(Code::SqlWrite, span, message)
                    .help("an include only reads; write in a step"),
            );
        }
        let (parameter, column) = include.key.as_ref()?;
        let names = typed.parsed.statement.parameters();
        let taken = names.iter().position(|name| *name == parameter.value);
        if let Some(at) = taken {
            let array = matches!(typed.parameters[at], Type::Array(_) | Type::Dynamic)
                || binder.dialect == Dialect::Sqlite;
            if !array {
                let message = format!("`:{}` takes one key, not all of them", parameter.value);
                self.report.push(
                    Diagnostic::error(Code::SqlParameter, parameter.span, message)
                        .help(format!("compare with `= any(:{})`", parameter.value)),
                );
            }
        } else {
            let message = format!("the statement has no parameter `:{}`", parameter.value);
            self.report.push(unknown(parameter, message, names));
        }
        let bindings =
            self.bindings(binder, &typed, &include.inputs, Some(parameter.value.as_str()));
        let key = self.column(outer, column)?;
        let inner = self.columns(&typed, around.style, &include.outputs);
        let row = inner.as_ref().map(|inner| self.row(inner, &[], span)).unwrap_or_default();
        let on = match (&inner, &include.on) {
            (Some(inner), Some(on)) => {
                let found = &inner.get(self.column(inner, on)?)?.plan;
                // Keys are matched by their text: 1 and 1.00 would be equal to the database only.
                if std::mem::discriminant(&found.ty) != std::mem::discriminant(&outer[key].plan.ty)
                    && ![&found.ty, &outer[key].plan.ty].contains(&&Type::Dynamic)
                {
                    let message = "the two keys are of different types";
                    self.report.push(
                        Diagnostic::error(Code::SqlColumn, on.span, message)
                            .help("cast one of them to the type of the other"),
                    );
                }
                found.index
            }
            _ => 0,
        };
        Some(IncludePlan {
            name: include.name.value.clone(),
            statement: Arc::clone(&typed.parsed.statement),
            bindings,
            key: outer[key].plan.index,
            key_type: outer[key].plan.ty.clone(),
            on,
            row: Arc::new(row),
            single: include.single,
        })
    }
}
