//! All files of `mappings/` together: one configuration.

use std::collections::HashMap;

use super::backend::Backend;
use super::document::{Document, Version, document};
use super::interpolate::Environment;
use super::node::Spanned;
use super::reader::Context;
use super::resolve::resolve;
use super::route::Route;
use super::values::Date;
use crate::diagnostic::{Code, Diagnostic, Report, Sources};
use crate::plan::AuthPlan;
use crate::yaml;

/// What the YAML of a mapping is reported as.
pub(super) const WORDS: yaml::Words = yaml::Words {
    syntax: Code::MappingSyntax,
    missing: Code::MappingMissing,
    duplicate: Code::MappingDuplicate,
    unknown_key: Code::MappingUnknownKey,
    wrong_type: Code::MappingType,
    noun: "a mapping",
    first_line: "figleaf: 1",
};

/// The authored configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MappingSet {
    /// Every backend, each name once, in the order of the files.
    pub backends: Vec<Backend>,
    /// Every version of every API, in the order first named.
    pub versions: Vec<ApiVersion>,
}

/// One version of one API, from one file or several.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiVersion {
    /// The API.
    pub api: Spanned<String>,
    /// The version; served under `/api/<version>`.
    pub version: Spanned<Version>,
    /// The title of the documentation.
    pub title: Option<Spanned<String>>,
    /// What the API is for.
    pub description: Option<Spanned<String>>,
    /// The version whose routes were taken over.
    pub extends: Option<Spanned<Version>>,
    /// The day it is deprecated.
    pub deprecated: Option<Spanned<Date>>,
    /// The day it ends.
    pub sunset: Option<Spanned<Date>>,
    /// Who may call; its base's where it says nothing.
    pub auth: Option<Spanned<AuthPlan>>,
    /// What it serves, `extends` resolved: first its base's routes in their order, a
    /// replaced one in its base's place, then its own.
    pub routes: Vec<EffectiveRoute>,
}

/// A route of a version, its own or taken over.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectiveRoute {
    /// The route.
    pub route: Route,
    /// The version it was written in, where that is another.
    pub inherited: Option<Version>,
}

impl MappingSet {
    /// The backend of a name.
    pub fn backend(&self, name: &str) -> Option<&Backend> {
        self.backends.iter().find(|backend| backend.name.value == name)
    }
}

/// Reads every file, given as name and text, and merges them. Every problem of every file
/// goes to the report; what is left is returned all the same.
pub fn read_set(
    files: &[(String, String)],
    env: &dyn Environment,
    sources: &mut Sources,
    report: &mut Report,
) -> MappingSet {
    let mut documents = Vec::new();
    for (name, text) in files {
        let file = sources.add(name.clone(), text.as_str());
        let Some(root) = yaml::parse(file, text, &WORDS, report) else { continue };
        let mut cx = Context { report, env, source: text };
        documents.extend(document(&mut cx, &root));
    }
    merge(documents, report)
}

fn merge(documents: Vec<Document>, report: &mut Report) -> MappingSet {
    let mut set = MappingSet::default();
    let mut names = HashMap::new();
    for mut document in documents {
        for backend in document.backends.drain(..) {
            let name = &backend.name;
            if let Some(first) = names.get(&name.value).copied() {
                let message = format!("the backend `{}` is defined twice", name.value);
                report.push(
                    Diagnostic::error(Code::MappingDuplicate, name.span, message)
                        .label("again")
                        .note(first, "first here")
                        .help("all files share their backends; define it once"),
                );
                continue;
            }
            names.insert(name.value.clone(), name.span);
            set.backends.push(backend);
        }
        take(&mut set.versions, document, report);
    }
    resolve(&mut set.versions, report);
    set
}

/// Adds one file to the version it belongs to.
fn take(versions: &mut Vec<ApiVersion>, document: Document, report: &mut Report) {
    let (Some(api), Some(version)) = (document.api, document.version) else { return };
    let routes: Vec<_> = document
        .routes
        .into_iter()
        .map(|route| EffectiveRoute { route, inherited: None })
        .collect();
    let known = versions
        .iter_mut()
        .find(|known| known.api.value == api.value && known.version.value == version.value);
    let Some(known) = known else {
        versions.push(ApiVersion {
            api,
            version,
            title: document.title,
            description: document.description,
            extends: document.extends,
            deprecated: document.deprecated,
            sunset: document.sunset,
            auth: document.auth,
            routes,
        });
        return;
    };
    agree("title", &mut known.title, document.title, report);
    agree("description", &mut known.description, document.description, report);
    agree("extends", &mut known.extends, document.extends, report);
    agree("deprecated", &mut known.deprecated, document.deprecated, report);
    agree("sunset", &mut known.sunset, document.sunset, report);
    agree("auth", &mut known.auth, document.auth, report);
    known.routes.extend(routes);
}

/// Two files of one version may both say a thing if they say the same.
fn agree<T: PartialEq>(
    name: &str,
    known: &mut Option<Spanned<T>>,
    given: Option<Spanned<T>>,
    report: &mut Report,
) {
    match (&*known, given) {
        (None, given) => *known = given,
        (Some(first), Some(given)) if first.value != given.value => {
            let message = format!("another file of this version has another `{name}`");
            report.push(
                Diagnostic::error(Code::MappingVersion, given.span, message)
                    .note(first.span, "first here")
                    .help("say it in one of the files"),
            );
        }
        _ => {}
    }
}
