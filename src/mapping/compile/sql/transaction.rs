//! The transaction around the statements of a call, and what guards a change.

use super::super::Compiler;
use super::bind::Binder;
use super::described::unknown;
use super::steps::Step;
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::{self, SqlTarget};
use crate::plan::{Effect, Isolation, ResultKind, TransactionPlan};
use crate::sql::Dialect;

impl Compiler<'_> {
    pub(super) fn check_if_match(
        &mut self,
        binder: &Binder<'_>,
        steps: &[Step],
        target: &SqlTarget,
        effect: Effect,
    ) {
        let Some(name) = &target.if_match else { return };
        if !binder.if_match_used {
            let names: Vec<String> = steps
                .iter()
                .flat_map(|step| step.plan.statement.parameters().iter().cloned())
                .collect();
            let message = format!("no statement has a parameter `:{}`", name.value);
            self.report.push(unknown(name, message, &names));
        }
        let writes = steps.iter().any(|step| step.plan.statement.writes());
        if effect == Effect::Read || !writes {
            let message = "`if_match` guards a change, and nothing is changed";
            self.report.push(
                Diagnostic::error(Code::SqlWrite, name.span, message)
                    .help("use it with `update … where version = :version`"),
            );
        }
    }

    /// What has to be undone together, or needs settings of its own, is a transaction.
    pub(super) fn transaction(
        &mut self,
        binder: &mut Binder<'_>,
        steps: &[Step],
        target: &SqlTarget,
        effect: Effect,
    ) -> Option<TransactionPlan> {
        let mut session = Vec::new();
        for input in &target.session {
            let source = self.setting(binder, input);
            session.extend(source.map(|source| (input.target.value.text.clone(), source)));
        }
        if binder.dialect == Dialect::Sqlite {
            let spans = target.session.iter().map(|input| input.target.span);
            for span in spans.chain(target.isolation.as_ref().map(|isolation| isolation.span)) {
                let message = "SQLite has neither settings of a session nor levels of isolation";
                self.report
                    .push(Diagnostic::error(Code::MappingValue, span, message).help("remove it"));
            }
        }
        let isolation = target.isolation.as_ref().map(|isolation| match isolation.value {
            mapping::Isolation::ReadCommitted => Isolation::ReadCommitted,
            mapping::Isolation::RepeatableRead => Isolation::RepeatableRead,
            mapping::Isolation::Serializable => Isolation::Serializable,
        });
        // A procedure may commit by itself, and does not where it is inside a transaction.
        let undone = |step: &Step| {
            let counted = !matches!(step.plan.result, ResultKind::Affected | ResultKind::None);
            let call = calls(&step.typed.parsed.base.text);
            step.plan.affected_max.is_some() || (effect == Effect::Write && counted && !call)
        };
        let cursors = steps.iter().any(|step| step.plan.result == ResultKind::Cursors);
        let needed = steps.len() > 1
            || !session.is_empty()
            || isolation.is_some()
            || cursors
            || steps.iter().any(undone);
        needed.then_some(TransactionPlan { isolation, session })
    }
}

/// Whether a statement calls a procedure: its first word behind comments is CALL.
fn calls(text: &str) -> bool {
    let mut rest = text.trim_start();
    loop {
        let end = match rest.get(..2) {
            Some("--") => "\n",
            Some("/*") => "*/",
            _ => break,
        };
        rest = rest.split_once(end).map_or("", |(_, rest)| rest).trim_start();
    }
    let word = rest.split(|c: char| !c.is_alphanumeric()).next();
    word.is_some_and(|word| word.eq_ignore_ascii_case("call"))
}
