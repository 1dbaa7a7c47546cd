//! How writes are compared.

use std::time::Duration;

use super::super::Compiler;
use super::plan::Migrating;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::mapping::{ReadBack, RouteKey, Target, Writes};
use crate::plan::WriteShadow;

/// How long after a write it is read, where the mapping says nothing.
const SETTLE: Duration = Duration::from_secs(1);

impl Compiler<'_> {
    /// `None` where it cannot be done so, which has been reported.
    pub(super) fn writes(
        &mut self,
        one: &Migrating<'_>,
        all: &[Migrating<'_>],
    ) -> Option<WriteShadow> {
        let Some(writes) = &one.migration.shadow.writes else { return Some(WriteShadow::Off) };
        let (legacy, candidate) =
            (kind(one.route.target.as_ref()), kind(one.migration.candidate.target.as_ref()));
        if !one.is_write() {
            let message = "`writes` of a route that only reads";
            let help = "remove it: both sides are asked, and their answers compared";
            return self.refuse(writes.span, message, help);
        }
        match &writes.value {
            Writes::Off => Some(WriteShadow::Off),
            Writes::Render if legacy == candidate => Some(WriteShadow::Render),
            Writes::Render => {
                let message = format!(
                    "what a `{legacy}` route and a `{candidate}` candidate send cannot be compared"
                );
                let help = "compare what the write does: `writes: { readback: { route: … } }`";
                self.refuse(writes.span, &message, help)
            }
            Writes::DryRun { name, value } if candidate == "http" => {
                Some(WriteShadow::DryRun(name.clone(), value.clone()))
            }
            Writes::DryRun { .. } => {
                let message = format!("a `{candidate}` candidate gets no header: it would write");
                let help = "only a candidate over `http` can be told to pretend";
                self.refuse(writes.span, &message, help)
            }
            Writes::ReadBack(readback) => self.readback(one, readback, all),
        }
    }

    fn readback(
        &mut self,
        one: &Migrating<'_>,
        readback: &ReadBack,
        all: &[Migrating<'_>],
    ) -> Option<WriteShadow> {
        let named = &readback.route;
        let text = named.value.as_str();
        let in_version = || {
            all.iter().filter(|other| {
                other.version.api.value == one.version.api.value
                    && other.version.version.value == one.version.version.value
            })
        };
        let routes = &one.version.routes;
        let Some(found) = in_version().find(|other| other.route.key.text == text) else {
            if routes.iter().any(|effective| effective.route.key.text == text) {
                let message = format!("`{text}` has no candidate that could be asked");
                let help = "give it a `candidate:`, or compare the write in another way";
                return self.refuse(named.span, &message, help);
            }
            let message = format!("there is no route `{text}`");
            let names = routes.iter().map(|effective| effective.route.key.text.as_str());
            let help = match did_you_mean(text, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the key of a route of this version, `GET /path/{parameter}`".into(),
            };
            return self.refuse(named.span, &message, &help);
        };
        if found.is_write() {
            let help = "name a route that reads";
            return self.refuse(named.span, &format!("`{text}` is a write itself"), help);
        }
        if let Some(missing) = missing(&found.route.key, &one.route.key) {
            let message = format!("nothing says what `{missing}` of `{text}` is");
            let help = "its parameters are those of the write's path, by name";
            return self.refuse(named.span, &message, help);
        }
        let settle = readback.settle.map_or(SETTLE, |settle| settle.value);
        Some(WriteShadow::ReadBack { route: found.id, settle })
    }

    fn refuse<T>(&mut self, span: Span, message: &str, help: &str) -> Option<T> {
        self.report.push(Diagnostic::error(Code::MappingShadow, span, message).help(help));
        None
    }
}

/// The first parameter of a read that its write does not have.
fn missing<'k>(read: &'k RouteKey, write: &RouteKey) -> Option<&'k str> {
    let has = |name: &str| write.parameters().any(|parameter| parameter.value == name);
    read.parameters().map(|parameter| parameter.value).find(|name| !has(name))
}

fn kind(target: Option<&Target>) -> &'static str {
    match target {
        Some(Target::Soap { .. }) => "soap",
        Some(Target::Http { .. }) => "http",
        Some(Target::Sql(_)) => "sql",
        Some(Target::Compose(_)) => "compose",
        Some(Target::Removed(_)) | None => "removed",
    }
}
