//! A function or a procedure → a route that calls it.

use super::super::proposal::words::{identifier, scalar};
use super::names::{parameters, qualified, quoted, results, unwritable};
use super::object::{Object, Reason, Route, Say, without_form};
use super::statement::listed;
use crate::diagnostic::Code;
use crate::mapping::Method;
use crate::sql::{Dialect, ParameterMode, Routine, RoutineParameter, Type};

/// Beginnings of parameter names that tell them from columns and nothing to a caller.
const PREFIXES: &[&str] = &["p_", "in_", "i_", "_"];

/// What becomes of a routine. `overloaded` are those that share their name with others.
pub fn routine(dialect: Dialect, routine: &Routine, overloaded: bool) -> Object {
    let schema = routine.schema.as_deref();
    let folder = match schema {
        Some(schema) => format!("/{}/{}", identifier(schema), identifier(&routine.name)),
        None => format!("/{}", identifier(&routine.name)),
    };
    let mut object = Object {
        name: schema.map_or_else(|| routine.name.clone(), |s| format!("{s}.{}", routine.name)),
        kind: kind(routine),
        comment: routine.comment.clone(),
        reasons: Vec::new(),
        routes: Vec::new(),
        folder,
    };
    if let Some(why) = refused(routine) {
        object.reasons.push(Reason { code: Code::DatabaseObjectRefused, message: why });
        return object;
    }
    for column in &routine.columns {
        if let Some(ty) = without_form(&column.ty) {
            let message = format!("{}: `{ty}` is carried as text", column.name);
            object.reasons.push(Reason { code: Code::LossSqlType, message });
        }
    }
    object.routes.push(route(dialect, routine, overloaded));
    object
}

/// What a routine is called.
pub fn kind(routine: &Routine) -> &'static str {
    if routine.procedure { "procedure" } else { "function" }
}

fn refused(routine: &Routine) -> Option<String> {
    if let Some(problem) = &routine.problem {
        return Some(problem.clone());
    }
    let own = routine.schema.iter().chain([&routine.name]);
    let all = own.chain(routine.columns.iter().map(|column| &column.name));
    let mut wrong = all.filter_map(|name| unwritable(name));
    let why = wrong.next().map(|why| format!("a name of it {why}"));
    let cast = routine.procedure && routine.columns.iter().any(|c| without_form(&c.ty).is_some());
    why.or_else(|| cast.then(|| "a type it gives back has no JSON form".to_owned()))
}

fn route(dialect: Dialect, routine: &Routine, overloaded: bool) -> Route {
    let reads = routine.reads && !routine.procedure;
    let stripped = strip(&routine.parameters);
    let names = parameters(stripped.iter().copied());
    let mut arguments = Vec::new();
    let (mut types, mut inputs, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for (parameter, name) in routine.parameters.iter().zip(names) {
        match parameter.mode {
            ParameterMode::Out if routine.procedure => arguments.push("NULL".to_owned()),
            ParameterMode::Out => {}
            _ if parameter.defaulted => left.push(parameter.name.clone()),
            mode => {
                let variadic = if mode == ParameterMode::Variadic { "VARIADIC " } else { "" };
                arguments.push(format!("{variadic}:{name}"));
                if reads && is_list(parameter) {
                    inputs.push((name.clone(), format!("{{ query: {name}, repeats: true }}")));
                }
                if overloaded {
                    types.push((name, scalar(&parameter.declared)));
                }
            }
        }
    }
    let called = qualified(dialect, routine.schema.as_deref(), &routine.name);
    let called = format!("{called}({})", arguments.join(", "));
    let mut keys = Vec::new();
    if !inputs.is_empty() {
        keys.push(("in", Say::Map(inputs)));
    }
    if !types.is_empty() {
        keys.push(("types", Say::Map(types)));
    }
    keys.push(("result", Say::Text(result(routine).to_owned())));
    let mut notes = Vec::new();
    left.retain(|name| !name.is_empty());
    if !left.is_empty() {
        notes.push(format!("Left to their defaults: {}.", left.join(", ")));
    }
    Route {
        method: if reads { Method::Get } else { Method::Post },
        below: String::new(),
        notes,
        query: statement(dialect, routine, &called),
        keys,
    }
}

fn statement(dialect: Dialect, routine: &Routine, called: &str) -> String {
    if routine.procedure {
        return format!("CALL {called}");
    }
    let names = results(routine.columns.iter().map(|column| column.name.as_str()));
    let plain = routine
        .columns
        .iter()
        .zip(&names)
        .all(|(column, name)| column.name == *name && without_form(&column.ty).is_none());
    if plain {
        return format!("SELECT * FROM {called}");
    }
    let columns = routine.columns.iter().zip(&names).map(|(column, name)| {
        let cast = if without_form(&column.ty).is_some() { "::text" } else { "" };
        format!("{}{cast} AS {}", quoted(dialect, &column.name), quoted(dialect, name))
    });
    listed("SELECT", &columns.collect::<Vec<_>>(), "") + "\n  FROM " + called
}

fn result(routine: &Routine) -> &'static str {
    let cursor = |ty: &Type| *ty == Type::Refcursor;
    match &routine.columns[..] {
        [] => "none",
        [one] if one.ty == Type::Void => "none",
        columns if !routine.many && columns.iter().all(|column| cursor(&column.ty)) => "cursors",
        _ if routine.many => "many",
        [_] if !routine.procedure => "scalar",
        _ => "one",
    }
}

fn is_list(parameter: &RoutineParameter) -> bool {
    parameter.mode == ParameterMode::Variadic || parameter.declared.ends_with("[]")
}

/// Names without the prefix that all of them have.
fn strip(parameters: &[RoutineParameter]) -> Vec<&str> {
    let inputs = || parameters.iter().filter(|p| p.mode != ParameterMode::Out);
    let common = PREFIXES.iter().find(|prefix| {
        let mut named = inputs().filter(|p| p.mode != ParameterMode::InOut).peekable();
        named.peek().is_some()
            && named.all(|p| starts(&p.name, prefix) && p.name.len() > prefix.len())
    });
    let bare = |p: &'_ RoutineParameter| match common {
        Some(prefix) if starts(&p.name, prefix) => prefix.len(),
        _ => 0,
    };
    parameters.iter().map(|p| p.name.get(bare(p)..).unwrap_or(&p.name)).collect()
}

fn starts(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}
