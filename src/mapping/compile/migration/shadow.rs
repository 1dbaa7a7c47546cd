//! How writes are compared.

use std::time::Duration;

use super::super::Compiler;
use super::plan::Migrating;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::mapping::{ReadBack, RouteKey, Target, Writes};
use crate::plan::WriteShadow;

/// How long after a write it is read, where the mapping says nothing.
const SETTLE: Duration = Duration::from_secs(1);

/// Headers that HTTP or figleaf set on a call besides, or take out.
const OWN_HEADERS: [&str; 12] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-request-timeout-ms",
    "x-shadow",
];

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
                if self.says_it_itself(one, name) {
                    let message = format!("`{name}` does not reach the candidate: it would write");
                    let help =
                        "name a header that neither HTTP, figleaf nor the backend's `headers` set";
                    return self.refuse(writes.span, &message, help);
                }
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
        let written = &readback.route;
        let text = written.value.as_str();
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
                return self.refuse(written.span, &message, help);
            }
            let message = format!("there is no route `{text}`");
            let names = routes.iter().map(|effective| effective.route.key.text.as_str());
            let help = match did_you_mean(text, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the key of a route of this version, `GET /path/{parameter}`".into(),
            };
            return self.refuse(written.span, &message, &help);
        };
        if found.is_write() {
            let help = "name a route that reads";
            return self.refuse(written.span, &format!("`{text}` is a write itself"), help);
        }
        if let Some(missing) = missing(&found.route.key, &one.route.key) {
            let message = format!("nothing says what `{missing}` of `{text}` is");
            let help = "its parameters are those of the write's path, by name";
            return self.refuse(written.span, &message, help);
        }
        let settle = readback.settle.map_or(SETTLE, |settle| settle.value);
        let (route, _) = found.compiled.as_ref()?;
        Some(WriteShadow::ReadBack { route: *route, settle })
    }

    /// Whether a header of a call to the candidate has its value from elsewhere.
    fn says_it_itself(&self, one: &Migrating<'_>, name: &str) -> bool {
        let Some(Target::Http { backend, .. }) = one.migration.candidate.target.as_ref() else {
            return false;
        };
        let mut backends = self.set.backends.iter();
        let backend = backends.find(|known| known.name.value == backend.value);
        let mut fixed = backend.into_iter().flat_map(|backend| &backend.headers);
        OWN_HEADERS.contains(&name)
            || fixed.any(|(fixed, _)| fixed.value.eq_ignore_ascii_case(name))
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
