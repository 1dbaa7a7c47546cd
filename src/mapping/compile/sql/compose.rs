//! Composed answers: their parts, and which part needs which.

use super::super::Compiler;
use super::super::ports::Ports;
use super::described::unknown;
use crate::codec::json_key;
use crate::diagnostic::{Code, Diagnostic};
use crate::mapping::{self, ApiVersion, MemberPath, Route, Spanned, Target};
use crate::plan::{
    ComposeCall, Effect, OnFailure, ParameterPlace, PartPlan, ResultKind, SqlCall, Timeouts,
    Translator,
};

/// The composed answer a part is compiled for.
#[derive(Debug, Default)]
pub(in super::super) struct Composed {
    names: Vec<String>,
    /// The part at hand.
    current: usize,
    /// Which part refers to which, and to what of it.
    references: Vec<(usize, usize, MemberPath)>,
}

impl<'c> Compiler<'c> {
    /// A route of several calls; `None` where something is wrong, which has been reported.
    pub(in super::super) fn compose(
        &mut self,
        version: &ApiVersion,
        route: &'c Route,
        all: &'c [mapping::Part],
        ports: &mut Ports,
    ) -> Option<Translator> {
        let errors = self.report.error_count();
        self.check_composed(route, all);
        let names = all.iter().map(|part| part.name.value.clone()).collect();
        self.composed = Some(Composed { names, ..Composed::default() });
        let mut translators = Vec::new();
        for (at, part) in all.iter().enumerate() {
            if let Some(composed) = &mut self.composed {
                composed.current = at;
            }
            translators.push(match &part.route.target {
                Some(Target::Soap { backend, operation }) => {
                    self.soap(version, &part.route, backend, operation, ports)
                }
                Some(Target::Sql(target)) => {
                    self.sql(version, &part.route, part.name.span, target, Effect::Read)
                }
                _ => None,
            });
        }
        let references = self.composed.take().unwrap_or_default().references;
        for (_, to, path) in &references {
            let translator = translators.get(*to).and_then(Option::as_ref);
            if let Some(translator) = translator {
                self.check_reference(translator, path, ports);
            }
        }
        self.check_circles(all, &references);
        let translators: Vec<Translator> = translators.into_iter().collect::<Option<_>>()?;
        self.unfed_by_all(route, &translators);
        if self.report.error_count() != errors {
            return None;
        }
        let mut planned = Vec::new();
        for (at, (part, translator)) in all.iter().zip(translators).enumerate() {
            let of_part = references.iter().filter(|(from, ..)| *from == at);
            let mut needs: Vec<usize> = of_part.map(|(_, to, _)| *to).collect();
            needs.sort_unstable();
            needs.dedup();
            planned.push(PartPlan {
                name: part.name.value.clone(),
                key: json_key(&part.name.value),
                timeout: self.part_timeout(part, &translator),
                on_failure: match part.on_failure.as_ref().map(|on_failure| on_failure.value) {
                    Some(mapping::OnFailure::Null) => OnFailure::Null,
                    Some(mapping::OnFailure::Omit) => OnFailure::Omit,
                    Some(mapping::OnFailure::Fail) | None => OnFailure::Fail,
                },
                needs,
                translator,
            });
        }
        Some(Translator::Compose(Box::new(ComposeCall { parts: planned })))
    }

    fn check_composed(&mut self, route: &Route, parts: &[mapping::Part]) {
        let writes = !route.key.method.value.is_read();
        let said = route.effect.as_ref().filter(|e| e.value == mapping::Effect::Write);
        if let Some(span) =
            said.map(|effect| effect.span).or(writes.then_some(route.key.method.span))
        {
            let message = "a composed answer only reads";
            self.report.push(
                Diagnostic::error(Code::SqlWrite, span, message)
                    .help("compose under GET; several writes are `steps` of one database"),
            );
        }
        if parts.is_empty() {
            let message = "a composed answer needs a part";
            let diagnostic = Diagnostic::error(Code::MappingMissing, route.key.span, message);
            self.report.push(diagnostic.help("write `name: { soap: … }` or `name: { sql: … }`"));
        }
    }

    fn part_timeout(&self, part: &mapping::Part, translator: &Translator) -> std::time::Duration {
        let own = part.route.timeout.as_ref().map(|timeout| timeout.value);
        let backend = translator.backend().and_then(|id| self.set.backends.get(id.0 as usize));
        let total = backend.and_then(|backend| backend.timeout.total.as_ref()).map(|t| t.value);
        own.or(total).unwrap_or(Timeouts::default().total)
    }

    /// `parts.a.b`: another part, and the way to a member of it.
    pub(in super::super) fn part(&mut self, path: &MemberPath) -> Option<(usize, Vec<Box<str>>)> {
        let (first, rest) = path.names.split_first()?;
        let Some(composed) = &mut self.composed else {
            let message = "only a part of a composed answer can refer to another";
            self.report.push(
                Diagnostic::error(Code::MappingReference, first.span, message)
                    .help("write `compose:` with both as parts"),
            );
            return None;
        };
        let Some(at) = composed.names.iter().position(|name| *name == first.value) else {
            let message = format!("there is no part `{}`", first.value);
            let diagnostic = unknown(first, message, &composed.names);
            self.report.push(Diagnostic { code: Code::MappingReference, ..diagnostic });
            return None;
        };
        composed.references.push((composed.current, at, path.clone()));
        Some((at, rest.iter().map(|name| name.value.as_str().into()).collect()))
    }

    /// What a part takes of another has to be one value of one object.
    fn check_reference(&mut self, to: &Translator, path: &MemberPath, ports: &Ports) {
        let Some((first, rest)) = path.names.split_first() else { return };
        let found = match to {
            Translator::Sql(call) => return self.check_sql_reference(call, first, rest),
            Translator::Soap(call) => {
                let backend = self.set.backends.get(call.backend.0 as usize);
                let port = backend.and_then(|backend| ports.get(&backend.name.value));
                let (Some(port), Some(response)) = (port, call.shown) else { return };
                let names: Vec<&str> = rest.iter().map(|name| name.value.as_str()).collect();
                port.graph.find(response, &names)
            }
            _ => return,
        };
        match found {
            Ok(found) => {
                let differs = rest.iter().zip(&found.names).find(|(w, f)| *w.value != ***f);
                if let Some((written, real)) = differs {
                    let message = format!("there is no member `{}`", written.value);
                    self.report.push(unknown_member(written, message, &[real.to_string()]));
                }
            }
            Err(missing) => {
                let Some(name) = rest.get(missing.step).or(rest.last()) else { return };
                let message = format!("there is no member `{}`", name.value);
                self.report.push(unknown_member(name, message, &missing.candidates));
            }
        }
    }

    fn check_sql_reference(
        &mut self,
        call: &SqlCall,
        first: &Spanned<String>,
        rest: &[Spanned<String>],
    ) {
        let Some(step) = call.steps.get(call.answer) else { return };
        let one = matches!(step.result, ResultKind::One | ResultKind::Optional);
        if one && !rest.is_empty() {
            // What is not described has no members yet.
            if !step.row.members.is_empty()
                && let Some(names) = self.member(&step.row.members, rest)
                && let Some((written, real)) =
                    rest.iter().zip(&names).find(|(written, real)| *written.value != ***real)
            {
                let message = format!("there is no member `{}`", written.value);
                self.report.push(unknown_member(written, message, &[real.to_string()]));
            }
            return;
        }
        if step.result == ResultKind::Scalar && rest.is_empty() {
            return;
        }
        let message = format!("`{}` does not give one row with this member", first.value);
        self.report.push(
            Diagnostic::error(Code::MappingReference, first.span, message)
                .help("declare `result: one` for it, and name a member, `parts.name.member`"),
        );
    }

    /// Parts that need one another would wait for ever.
    fn check_circles(
        &mut self,
        parts: &[mapping::Part],
        references: &[(usize, usize, MemberPath)],
    ) {
        let mut done = vec![false; parts.len()];
        loop {
            let ready = (0..parts.len()).find(|at| {
                let mut needs = references.iter().filter(|(from, ..)| from == at);
                !done[*at] && needs.all(|(_, to, _)| done[*to])
            });
            match ready {
                Some(at) => done[at] = true,
                None => break,
            }
        }
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| !done[*at]) {
            let needs: Vec<String> = references
                .iter()
                .filter(|(from, to, _)| *from == at && !done[*to])
                .map(|(_, to, _)| format!("`{}`", parts[*to].name.value))
                .collect();
            let message =
                format!("`{}` waits for itself: it needs {}", part.name.value, needs.join(", "));
            self.report.push(
                Diagnostic::error(Code::MappingReference, part.name.span, message)
                    .help("take the value from the request, or fetch both in one part"),
            );
        }
    }

    /// A path parameter has to feed some part.
    fn unfed_by_all(&mut self, route: &Route, parts: &[Translator]) {
        for parameter in route.key.parameters() {
            let name = parameter.value;
            let path = ParameterPlace::Path;
            let fed = parts.iter().any(|part| match part {
                Translator::Soap(call) => {
                    call.bind.parameters.iter().any(|p| p.place == path && p.name == name)
                }
                Translator::Sql(call) => {
                    call.parameters.iter().any(|p| p.place == path && p.name == name)
                }
                _ => false,
            });
            if !fed {
                let message = format!("`{name}` feeds nothing: no part takes it");
                self.report.push(
                    Diagnostic::error(Code::MappingParameterUnbound, parameter.span, message)
                        .help(format!("add `in: {{ member: path.{name} }}` to a part")),
                );
            }
        }
    }
}

fn unknown_member(name: &Spanned<String>, message: String, names: &[String]) -> Diagnostic {
    Diagnostic { code: Code::MappingMemberUnknown, ..unknown(name, message, names) }
}
