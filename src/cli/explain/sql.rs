//! The statements a database would get.

use std::process::ExitCode;

use super::super::output;
use super::request::{Request, refuse};
use crate::engine;
use crate::engine::sql::{Bound, SqlFacts, bind_sql};
use crate::mapping::type_name;
use crate::plan::{Effect, ParameterPlace, Plan, RoutePlan, SqlBinding, SqlCall, SqlSource};
use crate::sql::{Assembled, Choice, CursorKey, Dialect, Slot, Statement, Type, Value};

pub(super) fn explain(
    plan: &Plan,
    route: &RoutePlan,
    call: &SqlCall,
    request: &Request<'_>,
) -> ExitCode {
    let headers = call.parameters.iter().filter(|p| p.place == ParameterPlace::Header);
    let headers = headers.map(|p| p.name.as_str()).chain(call.if_match.then_some("if-match"));
    let input = request.input(headers);
    // Nothing that is printed could be used as a cursor elsewhere.
    let cursors = CursorKey::new(b"figleaf explain");
    let facts = SqlFacts { route: &route.id, request: request.facts(), cursors: &cursors, now: 0 };
    match bind_sql(call, &input, facts) {
        Ok(bound) => {
            print(plan, route, call, Some(&bound));
            ExitCode::SUCCESS
        }
        Err(problem) => {
            print(plan, route, call, None);
            refuse(&problem)
        }
    }
}

/// Prints a call without its values.
pub(super) fn show(plan: &Plan, route: &RoutePlan, call: &SqlCall) {
    print(plan, route, call, None);
}

fn print(plan: &Plan, route: &RoutePlan, call: &SqlCall, bound: Option<&Bound>) {
    let backend = plan.backend(call.backend);
    let kind = match call.dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::Sqlite => "SQLite",
    };
    let effect = match route.effect {
        Effect::Read => "a read",
        Effect::Write => "a write",
    };
    let transaction = if call.transaction.is_some() { " in a transaction" } else { "" };
    output::print(&format!("backend    {} ({}), {kind}\n", backend.name, backend.url));
    output::print(&format!("sends      {effect}{transaction}\n"));
    for (at, step) in call.steps.iter().enumerate() {
        if !step.name.is_empty() {
            output::print(&format!("\nstep       {}\n", step.name));
        }
        let choice = bound.map_or(Choice::default(), |bound| bound.choice(call, at));
        let assembled = step.statement.assemble(choice);
        // What an earlier step gives is not known here.
        let late = step.bindings.iter().any(|b| matches!(b.source, SqlSource::Step(..)));
        let values =
            bound.filter(|_| !late).and_then(|bound| bound.values(call, at, &[], &assembled).ok());
        statement(call, &step.statement, &step.bindings, &assembled, values.as_deref());
        for include in &step.includes {
            output::print(&format!("\ninclude    {}\n", include.name));
            let assembled = include.statement.assemble(Choice::default());
            statement(call, &include.statement, &include.bindings, &assembled, None);
        }
    }
}

/// A statement as it is sent, and what each placeholder takes.
fn statement(
    call: &SqlCall,
    statement: &Statement,
    bindings: &[SqlBinding],
    assembled: &Assembled,
    values: Option<&[Value]>,
) {
    let origins = engine::explain_sql(call, statement.parameters(), bindings);
    let width = origins.iter().map(|o| o.member.chars().count()).max().unwrap_or(0);
    for (at, (origin, binding)) in origins.iter().zip(bindings).enumerate() {
        let title = if at == 0 { "values   " } else { "         " };
        let ty = match &binding.ty {
            Type::Dynamic => String::new(),
            ty => format!(", {}", type_name(ty)),
        };
        let member = format!(":{}", origin.member);
        output::print(&format!("{title}  {member:0$}  ← {1}{ty}\n", width + 1, origin.source));
    }
    output::print(&format!("\n{}\n", assembled.text.trim_end()));
    if assembled.slots.is_empty() {
        return;
    }
    output::print("\n");
    let mark = if call.dialect == Dialect::Postgres { '$' } else { '?' };
    for (at, slot) in assembled.slots.iter().enumerate() {
        let takes = match slot {
            Slot::Parameter(at) => {
                let name = statement.parameters().get(usize::from(*at));
                format!(":{}", name.map_or("", String::as_str))
            }
            Slot::Key(_) => "the cursor's key".to_owned(),
            Slot::Limit => "one more than the page has".to_owned(),
            Slot::Offset => "rows before the page".to_owned(),
        };
        let value = values.and_then(|values| values.get(at)).map(value).unwrap_or_default();
        output::print(&format!("{mark}{}  {takes}{value}\n", at + 1));
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => " = NULL".to_owned(),
        Value::Text(text) => format!(" = {text:?}"),
        Value::Integer(number) => format!(" = {number}"),
        Value::Real(number) => format!(" = {number}"),
        Value::Blob(bytes) => format!(" = {} bytes", bytes.len()),
    }
}
