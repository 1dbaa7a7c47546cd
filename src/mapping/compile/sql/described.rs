//! What the databases said about a statement, with what they refused at its place.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::Compiler;
use super::parsed::{Parsed, Variant};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::mapping::Spanned;
use crate::sql::{Column, DescribeError, Description, Dialect, OrderKey, Part, Slot, Type};

/// What is known of statements: by the name of the backend and the text as it is sent. One
/// that is not here has not been asked for.
pub type Descriptions = HashMap<(String, Arc<str>), Result<Description, DescribeError>>;

/// A statement with its types.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) parsed: Arc<Parsed>,
    /// One for each of the statement's parameters.
    pub(super) parameters: Vec<Type>,
    /// `None` where the database has not been asked.
    pub(super) columns: Option<Vec<Column>>,
}

impl Compiler<'_> {
    /// The types of a statement of a backend; `None` where they cannot be had, which has been
    /// reported.
    pub(super) fn typed(
        &mut self,
        backend: &str,
        owner: Span,
        said: &[(Spanned<String>, Spanned<String>)],
    ) -> Option<Typed> {
        let parsed = self.known.statements.get(backend, owner)?;
        let declared = self.declared(&parsed, said);
        let described =
            |text: &Arc<str>| self.known.descriptions.get(&(backend.to_owned(), Arc::clone(text)));
        let sqlite = parsed.statement.dialect() == Dialect::Sqlite;
        let mut parameters = if sqlite { declared.clone() } else { vec![None; declared.len()] };
        let mut columns: Option<Vec<Column>> = None;
        let mut found = Vec::new();
        for variant in &parsed.variants {
            let Some(Ok(description)) = described(&variant.text) else { continue };
            for (slot, ty) in variant.slots.iter().zip(&description.parameters) {
                found.extend(agree(&mut parameters, *slot, ty));
            }
            columns.get_or_insert_with(|| description.columns.clone());
        }
        let known = parsed.variants.iter().all(|variant| described(&variant.text).is_some());
        self.refusals(&parsed, backend, columns.as_deref())?;
        if !known {
            self.undescribed.push(parsed.base.head());
        }
        // SQLite takes a value of any type anywhere.
        for (parameter, one, other) in found.into_iter().filter(|_| !sqlite) {
            self.disagreement(&parsed, parameter, &one, &other);
        }
        let both = parameters.into_iter().zip(declared);
        let parameters = both.map(|(ty, said)| ty.or(said).unwrap_or(Type::Dynamic)).collect();
        let typed = Typed { parsed, parameters, columns };
        self.unsupported_parameters(&typed);
        Some(typed)
    }

    /// Types a mapping declares: for SQLite they are all there is to go by.
    fn declared(
        &mut self,
        parsed: &Parsed,
        types: &[(Spanned<String>, Spanned<String>)],
    ) -> Vec<Option<Type>> {
        let names = parsed.statement.parameters();
        let mut declared = vec![None; names.len()];
        for (name, written) in types {
            let Some(at) = names.iter().position(|known| *known == name.value) else {
                let message = format!("the statement has no parameter `:{}`", name.value);
                self.report.push(unknown(name, message, names));
                continue;
            };
            let ty = super::terms::named_type(&written.value);
            if ty.is_none() && parsed.statement.dialect() == Dialect::Sqlite {
                let message = format!("`{}` is no type for a parameter of SQLite", written.value);
                let help =
                    "write integer, real, numeric, text, blob, boolean, date, timestamp or json";
                self.report
                    .push(Diagnostic::error(Code::SqlType, written.span, message).help(help));
            }
            // PostgreSQL describes the cast that is made of it.
            declared[at] = ty;
        }
        declared
    }

    /// Reports what the database refuses; `None` where it refuses the statement itself.
    fn refusals(
        &mut self,
        parsed: &Parsed,
        backend: &str,
        columns: Option<&[Column]>,
    ) -> Option<()> {
        let mut bad_orders = vec![false; parsed.orders.len()];
        if let Some(columns) = columns {
            for (order, bad) in parsed.orders.iter().zip(&mut bad_orders) {
                *bad = self.unknown_keys(order, columns);
            }
        }
        for variant in &parsed.variants {
            let key = (backend.to_owned(), Arc::clone(&variant.text));
            let Some(Err(error)) = self.known.descriptions.get(&key) else { continue };
            let DescribeError::Refused { sqlstate, message, hint, offset } = error else {
                continue;
            };
            let sort = variant.choice.map(|choice| choice.sort);
            if sort.and_then(|sort| bad_orders.get(sort)).is_some_and(|bad| *bad) {
                continue;
            }
            let untyped = untyped(parsed, variant, sqlstate.as_deref(), message);
            let span = match untyped {
                Some(parameter) => parsed.place_of(parameter),
                None => refused_at(parsed, variant, *offset),
            };
            let code = sqlstate.as_deref().map(|s| format!(" ({s})")).unwrap_or_default();
            let message = format!("the database refuses it: {message}{code}");
            let names = parsed.statement.parameters();
            let typed = untyped.and_then(|at| names.get(at));
            let typed = typed.map(|name| format!("say its type: `types: {{ {name}: text }}`"));
            let help = typed.or_else(|| hint.clone()).or_else(|| usual_cause(sqlstate.as_deref()));
            let help = help.unwrap_or_else(|| Code::SqlRefused.fix().to_owned());
            self.report.push(Diagnostic::error(Code::SqlRefused, span, message).help(help));
            // Its variants are wrong in the same way.
            variant.choice?;
        }
        Some(())
    }

    /// Whether an order names a column that is not in the result.
    fn unknown_keys(&mut self, order: &[Spanned<OrderKey>], columns: &[Column]) -> bool {
        let mut bad = false;
        for key in order {
            if columns.iter().any(|column| column.name == key.value.column) {
                continue;
            }
            bad = true;
            let message = format!("the result has no column `{}`", key.value.column);
            let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            let name = Spanned::new(key.value.column.clone(), key.span);
            self.report
                .push(Diagnostic { code: Code::SqlColumn, ..unknown(&name, message, &names) });
        }
        bad
    }

    fn disagreement(&mut self, parsed: &Parsed, parameter: u16, one: &Type, other: &Type) {
        let at = usize::from(parameter);
        let name = parsed.statement.parameters().get(at).map_or("", String::as_str);
        let (one, other) = (super::terms::type_name(one), super::terms::type_name(other));
        let message = format!("`:{name}` is {one} in one place and {other} in another");
        let help = format!("say which: `types: {{ {name}: {one} }}`");
        let span = parsed.place_of(at);
        self.report.push(Diagnostic::error(Code::SqlType, span, message).help(help));
    }

    fn unsupported_parameters(&mut self, typed: &Typed) {
        for (at, ty) in typed.parameters.iter().enumerate() {
            let Some(name) = super::terms::unsupported(ty) else { continue };
            let parameter = &typed.parsed.statement.parameters()[at];
            let message = format!("`:{parameter}` is of the type `{name}`, which is not carried");
            let help = format!("cast it: `types: {{ {parameter}: text }}`");
            let span = typed.parsed.place_of(at);
            self.report.push(Diagnostic::error(Code::SqlType, span, message).help(help));
        }
    }
}

/// Takes the type of a placeholder in; what it does not agree with, where it does not.
fn agree(parameters: &mut [Option<Type>], slot: Slot, ty: &Type) -> Option<(u16, Type, Type)> {
    let Slot::Parameter(at) = slot else { return None };
    let known = parameters.get_mut(usize::from(at))?;
    match known {
        // Another placeholder of the parameter, or another variant, may say nothing of it.
        Some(_) if *ty == Type::Dynamic => None,
        Some(Type::Dynamic) | None => {
            *known = Some(ty.clone());
            None
        }
        Some(known) if known == ty => None,
        Some(known) => Some((at, known.clone(), ty.clone())),
    }
}

fn refused_at(parsed: &Parsed, variant: &Variant, offset: Option<usize>) -> Span {
    let choice = variant.choice.unwrap_or_default();
    let found = offset.and_then(|offset| parsed.locate(variant, offset));
    if let Some((part, at)) = found {
        let text = match part {
            Part::Base => parsed.base.text.as_str(),
            Part::Filter(filter) => parsed.filters.get(filter).map_or("", |f| f.text.as_str()),
            Part::Sort(_) => "",
        };
        return parsed.place(part, at..at + word(text, at));
    }
    // Without a place, what differs from the statement alone is to blame.
    let alone = (0..parsed.filters.len()).find(|at| choice.filters == 1 << at);
    match alone {
        Some(filter) => parsed.filters[filter].span,
        None if choice.page != crate::sql::PageChoice::All || choice.sort > 0 => {
            parsed.place(Part::Sort(choice.sort), 0..0)
        }
        None => parsed.base.head(),
    }
}

/// The bytes of the word that starts somewhere, at least one character.
fn word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '"')));
    match end.unwrap_or(rest.len()) {
        0 => rest.chars().next().map_or(0, char::len_utf8),
        end => end,
    }
}

/// The parameter whose type the database cannot tell, which it names by its number.
fn untyped(
    parsed: &Parsed,
    variant: &Variant,
    sqlstate: Option<&str>,
    message: &str,
) -> Option<usize> {
    if !matches!(sqlstate, Some("42P08" | "42P18")) {
        return None;
    }
    let (_, rest) = message.split_once('$')?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    let slot = digits.parse::<usize>().ok()?.checked_sub(1)?;
    match variant.slots.get(slot)? {
        Slot::Parameter(at) if usize::from(*at) < parsed.statement.parameters().len() => {
            Some(usize::from(*at))
        }
        _ => None,
    }
}

fn usual_cause(sqlstate: Option<&str>) -> Option<String> {
    let help = match sqlstate? {
        "42P01" => "check the name, and the schema it is in",
        "42501" => "grant the privilege to the facade's role",
        _ => return None,
    };
    Some(help.to_owned())
}

/// A name that is none of those there are.
pub(super) fn unknown(name: &Spanned<String>, message: String, names: &[String]) -> Diagnostic {
    let help = match did_you_mean(&name.value, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "there are none".to_owned(),
        None => format!("there are: {}", names[..names.len().min(SHOWN_MAX)].join(", ")),
    };
    Diagnostic::error(Code::SqlParameter, name.span, message).help(help)
}

/// Names a help lists.
const SHOWN_MAX: usize = 20;
