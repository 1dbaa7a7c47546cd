//! Every statement of a configuration, and what its databases have to be asked.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::super::backend::database;
use super::parsed::{Parsed, Source};
use super::text::Texts;
use crate::diagnostic::{Report, Sources, Span};
use crate::mapping::{Backend, BackendKind, MappingSet, Route, SqlQuery, SqlTarget, Target};
use crate::plan::BackendPlan;

/// Where files of SQL come from.
pub trait SqlFiles {
    /// The text of a file, or why it cannot be read.
    fn read(&mut self, path: &Path) -> Result<String, String>;
}

/// The statements of a configuration, parsed.
#[derive(Debug, Default)]
pub struct Statements {
    /// By backend, and by the place of what has the statement.
    pub(super) parsed: HashMap<(String, Span), Arc<Parsed>>,
    asked: Vec<Asked>,
}

/// What a database has to be asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The database.
    pub database: BackendPlan,
    /// Statements to describe, each once, as they are sent.
    pub texts: Vec<Arc<str>>,
}

impl Statements {
    /// What has to be asked, a database each.
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// Where a statement is written that is sent as this text.
    pub fn place(&self, backend: &str, text: &str) -> Option<Span> {
        let of_it = self.parsed.iter().filter(|((name, _), _)| name == backend);
        let sent = of_it.filter(|(_, p)| p.variants.iter().any(|v| *v.text == *text));
        sent.map(|(_, parsed)| parsed.base.head()).min()
    }

    /// A statement; `None` where it could not be parsed, which has been reported.
    pub(super) fn get(&self, backend: &str, owner: Span) -> Option<Arc<Parsed>> {
        self.parsed.get(&(backend.to_owned(), owner)).cloned()
    }
}

/// Parses every statement. Problems go to the report; files of SQL to the sources.
pub fn statements(
    set: &MappingSet,
    files: &mut dyn SqlFiles,
    sources: &mut Sources,
    report: &mut Report,
) -> Statements {
    let mut found = Statements::default();
    let mut reader = Reader { set, texts: Texts::new(files, sources, report), found: &mut found };
    for version in &set.versions {
        for effective in &version.routes {
            reader.route(&effective.route);
        }
    }
    for backend in &set.backends {
        let Some(database) = database(backend, sources) else { continue };
        let of_it = found.parsed.iter().filter(|((name, _), _)| *name == backend.name.value);
        let variants = of_it.flat_map(|(_, parsed)| &parsed.variants);
        let mut texts: Vec<Arc<str>> = variants.map(|v| Arc::clone(&v.text)).collect();
        texts.sort();
        texts.dedup();
        if !texts.is_empty() {
            found.asked.push(Asked { database, texts });
        }
    }
    found
}

struct Reader<'r> {
    set: &'r MappingSet,
    texts: Texts<'r>,
    found: &'r mut Statements,
}

impl Reader<'_> {
    fn route(&mut self, route: &Route) {
        if let Some(migration) = &route.migration {
            self.route(&migration.candidate);
        }
        match &route.target {
            Some(Target::Sql(target)) => self.target(route.key.span, target),
            Some(Target::Compose(parts)) => {
                for part in parts {
                    if let Some(Target::Sql(target)) = &part.route.target {
                        self.target(part.name.span, target);
                    }
                }
            }
            _ => {}
        }
    }

    fn target(&mut self, owner: Span, target: &SqlTarget) {
        let Some(backend) = self.set.backend(&target.backend.value) else { return };
        let Some(dialect) = backend.kind.as_ref().and_then(BackendKind::dialect) else { return };
        let page = target.page.as_ref().map(|page| &page.value);
        self.add(backend, Source::of(owner, dialect, &target.query, page));
        self.includes(backend, &target.query);
        for step in &target.steps {
            self.add(backend, Source::of(step.name.span, dialect, &step.query, None));
            self.includes(backend, &step.query);
        }
    }

    fn includes(&mut self, backend: &Backend, query: &SqlQuery) {
        let Some(dialect) = backend.kind.as_ref().and_then(BackendKind::dialect) else { return };
        for include in &query.include {
            let (owner, types) = (include.name.span, &include.types);
            self.add(backend, Source::plain(owner, dialect, include.statement.as_ref(), types));
        }
    }

    fn add(&mut self, backend: &Backend, source: Source<'_>) {
        let key = (backend.name.value.clone(), source.owner);
        // Versions that extend one another share their routes.
        if !self.found.parsed.contains_key(&key)
            && let Some(parsed) = Parsed::new(source, &mut self.texts)
        {
            self.found.parsed.insert(key, Arc::new(parsed));
        }
    }
}
