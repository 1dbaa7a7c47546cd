//! Query parameters that one side takes and the other does not.

use super::super::Compiler;
use super::plan::Migrating;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::mapping::{Source, Target};
use crate::plan::{ParameterPlace, Translator};

/// A query parameter of a call.
struct Taken<'p> {
    name: &'p str,
    /// Whether a request without it is refused.
    required: bool,
}

impl Compiler<'_> {
    /// Callers have one contract, the route's: what it lets them send, the candidate has to take,
    /// and what it does not, the candidate never gets.
    pub(super) fn parameters(&mut self, one: &Migrating<'_>, legacy: &Translator) {
        let Some((_, candidate)) = &one.compiled else { return };
        let Some(known) = taken(legacy) else { return };
        let wanted = match &candidate.translator {
            Translator::Http(call) => {
                let here = call.query.iter().map(|(_, here)| here.as_str());
                here.map(|name| Taken { name, required: false }).collect()
            }
            other => {
                let Some(taken) = taken(other) else { return };
                for Taken { name, .. } in known.iter().filter(|own| !has(&taken, own)) {
                    let message =
                        format!("the candidate refuses `query.{name}`, which callers send");
                    let help = "bind it under `in:`, so that both sides answer the same requests";
                    self.mismatched(one.migration.candidate.key.span, message, help);
                }
                taken
            }
        };
        for own in wanted.iter().filter(|own| !has(&known, own)) {
            // One that nobody named is left out, where it may be.
            let key = Some(one.migration.candidate.key.span).filter(|_| own.required);
            let Some(span) = place(one, own.name).or(key) else { continue };
            let name = own.name;
            let message = format!("the candidate takes `query.{name}`, which callers cannot send");
            let help = "the route has no such parameter, and its contract is the callers'";
            self.mismatched(span, message, help);
        }
    }

    fn mismatched(&mut self, span: Span, message: String, help: &str) {
        self.report.push(Diagnostic::warning(Code::MappingCandidate, span, message).help(help));
    }
}

fn has(all: &[Taken<'_>], one: &Taken<'_>) -> bool {
    all.iter().any(|known| known.name == one.name)
}

/// The query parameters a call takes; `None` where any may be sent, or more than a list says.
fn taken(translator: &Translator) -> Option<Vec<Taken<'_>>> {
    let is_query = |place: ParameterPlace| place == ParameterPlace::Query;
    match translator {
        Translator::Http(_) => None,
        Translator::Soap(call) => {
            let query = call.bind.parameters.iter().filter(|p| is_query(p.place));
            Some(query.map(|p| Taken { name: &p.name, required: p.required }).collect())
        }
        Translator::Sql(call) if call.page.is_some() || !call.sorts.is_empty() => None,
        Translator::Sql(call) => {
            let query = call.parameters.iter().filter(|p| is_query(p.place));
            Some(query.map(|p| Taken { name: &p.name, required: p.required }).collect())
        }
        Translator::Compose(call) => {
            let parts = call.parts.iter().map(|part| taken(&part.translator));
            let parts = parts.collect::<Option<Vec<_>>>()?;
            Some(parts.into_iter().flatten().collect())
        }
    }
}

/// Where a candidate names a parameter.
fn place(one: &Migrating<'_>, name: &str) -> Option<Span> {
    let candidate = &one.migration.candidate;
    let query = match &candidate.target {
        Some(Target::Http { query, .. }) => &query[..],
        _ => &[],
    };
    let names = |source: &Source| matches!(source, Source::Query(q) if q.name.value == name);
    let mut lines = query.iter().chain(&candidate.inputs);
    lines.find(|line| names(&line.source.value)).map(|line| line.source.span)
}
