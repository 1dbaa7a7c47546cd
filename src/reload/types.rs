//! Where the types of statements come from: the databases, or the lock.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::lock::{Lock, drift};
use crate::diagnostic::{Code, Diagnostic, Report, Severity};
use crate::mapping::{self, Asked, Descriptions, MappingSet, Statements};
use crate::plan::BackendPlan;
use crate::sql::{DescribeError, Description, Dialect};

/// Who can be asked about statements.
pub trait Describer {
    /// Describes statements, each by itself. May block.
    fn describe(
        &self,
        database: &BackendPlan,
        statements: &[Arc<str>],
    ) -> Vec<Result<Description, DescribeError>>;
}

/// How the types of statements are learnt.
#[derive(Clone, Copy)]
pub enum Types<'d> {
    /// From the lock alone. Statements it lacks are checked without types.
    Lock,
    /// From the databases, all of which have to answer; a lock has to agree with them.
    Databases(&'d dyn Describer),
    /// From the databases, to be locked anew.
    NewLock(&'d dyn Describer),
    /// From the databases; from the lock where one cannot be asked. Every type has to be
    /// known.
    Serving(&'d dyn Describer),
    /// From the lock and, for what it lacks, from this one, which a recording has left. No
    /// database is asked, and every type has to be known.
    Recorded(&'d Path),
}

/// What was learnt.
pub(super) struct Learnt {
    pub(super) descriptions: Descriptions,
    /// The lock as it would be written now; `None` where nothing is to be locked.
    pub(super) lock: Option<(PathBuf, String)>,
}

/// Learns what is to be known about statements. Problems go to the report.
pub(super) fn learn(
    types: Types<'_>,
    mappings: &Path,
    set: &MappingSet,
    statements: &Statements,
    report: &mut Report,
) -> Learnt {
    let mut learnt = Learnt { descriptions: Descriptions::new(), lock: None };
    if statements.asked().is_empty() {
        return learnt;
    }
    let path = Lock::path(mappings);
    let lock = Lock::read(&path).unwrap_or_else(|why| {
        let message = format!("`{}` cannot be used: {why}", path.display());
        let diagnostic = Diagnostic::nowhere(Code::SqlLock, message);
        if !matches!(types, Types::NewLock(_)) {
            report.push(diagnostic.help("write it anew with `figleaf check --db --lock`"));
        }
        None
    });
    let recorded = match types {
        Types::Recorded(path) => read_recorded(path, report),
        _ => None,
    };
    let mut new = Lock::default();
    for asked in statements.asked() {
        let (lock, recorded) = (lock.as_ref(), recorded.as_ref());
        let known = Backend { asked, set, statements, lock, recorded, report };
        let described = known.learn(types);
        for (text, result) in described {
            if let Ok(description) = &result {
                new.add(&asked.database.name, dialect(asked), &text, description);
            }
            learnt.descriptions.insert((asked.database.name.clone(), text), result);
        }
    }
    learnt.lock = Some((path, new.text()));
    learnt
}

/// The lock a recording has left.
fn read_recorded(path: &Path, report: &mut Report) -> Option<Lock> {
    Lock::read(path).unwrap_or_else(|why| {
        let message = format!("`{}` cannot be used: {why}", path.display());
        let help = "remove it, and record once more";
        report.push(Diagnostic::nowhere(Code::SqlLock, message).help(help));
        None
    })
}

fn dialect(asked: &Asked) -> Dialect {
    asked.database.database.as_ref().map_or(Dialect::Postgres, |database| database.dialect)
}

type Described = Vec<(Arc<str>, Result<Description, DescribeError>)>;

/// One database and what is known of it.
struct Backend<'l> {
    asked: &'l Asked,
    set: &'l MappingSet,
    statements: &'l Statements,
    lock: Option<&'l Lock>,
    /// What a recording has left.
    recorded: Option<&'l Lock>,
    report: &'l mut Report,
}

impl Backend<'_> {
    fn learn(mut self, types: Types<'_>) -> Described {
        let database = match types {
            Types::Lock => {
                let found = self.locked();
                self.lacking(&found);
                return found;
            }
            Types::Recorded(_) => return self.locked(),
            Types::Databases(describer) | Types::NewLock(describer) | Types::Serving(describer) => {
                describer
            }
        };
        let results = database.describe(&self.asked.database, &self.asked.texts);
        let unreachable = results.iter().find_map(|result| match result {
            Err(DescribeError::Unreachable(why)) => Some(why.clone()),
            _ => None,
        });
        if let Some(why) = unreachable {
            return self.unreachable(types, &why);
        }
        let described: Described = self.asked.texts.iter().cloned().zip(results).collect();
        match types {
            Types::Databases(_) => self.compare(&described, Severity::Error),
            Types::Serving(_) => self.compare(&described, Severity::Warning),
            Types::Lock | Types::NewLock(_) | Types::Recorded(_) => {}
        }
        described
    }

    /// A lock that lacks a statement has not been written since the statement was: CI, which
    /// has nothing else, must not pass over it.
    fn lacking(&mut self, found: &Described) {
        let has = |text: &&Arc<str>| found.iter().any(|(known, _)| known == *text);
        let Some(text) = self.asked.texts.iter().find(|text| !has(text)) else { return };
        if self.lock.is_none() {
            return;
        }
        let span = self.statements.place(&self.asked.database.name, text);
        let message = "figleaf.lock lacks this statement";
        let diagnostic = Diagnostic { span, ..Diagnostic::nowhere(Code::SqlLock, message) };
        self.report.push(diagnostic.help("write it anew with `figleaf check --db --lock`"));
    }

    fn locked(&self) -> Described {
        let (name, kind) = (&self.asked.database.name, dialect(self.asked));
        let find = |text: &Arc<str>| {
            let mut locks = [self.lock, self.recorded].into_iter().flatten();
            let found = locks.find_map(|lock| lock.find(name, kind, text))?;
            Some((Arc::clone(text), Ok(found)))
        };
        self.asked.texts.iter().filter_map(find).collect()
    }

    /// While it serves, the lock stands in for a database that is away.
    fn unreachable(&mut self, types: Types<'_>, why: &str) -> Described {
        let name = &self.asked.database.name;
        let locked = if matches!(types, Types::Serving(_)) { self.locked() } else { Vec::new() };
        let missing = self.asked.texts.len() - locked.len();
        let diagnostic = if missing == 0 {
            let message =
                format!("the database `{name}` cannot be asked, the types locked are used: {why}");
            Diagnostic {
                severity: Severity::Warning,
                ..Diagnostic::nowhere(Code::SqlUndescribed, message)
            }
        } else {
            let message = format!("the database `{name}` cannot be asked: {why}");
            Diagnostic::nowhere(Code::SqlUndescribed, message)
        };
        let span = self.set.backend(name).map(|backend| backend.name.span);
        let diagnostic = Diagnostic { span, ..diagnostic };
        self.report.push(diagnostic.help(Code::SqlUndescribed.fix()));
        locked
    }

    /// What the lock says otherwise.
    fn compare(&mut self, described: &Described, severity: Severity) {
        let Some(lock) = self.lock else { return };
        let (name, kind) = (&self.asked.database.name, dialect(self.asked));
        let mut lacking = None;
        for (text, result) in described {
            let Ok(now) = result else { continue };
            let span = self.statements.place(name, text);
            let Some(before) = lock.find(name, kind, text) else {
                lacking = lacking.or(span);
                continue;
            };
            if let Some(changes) = drift(&before, now, mapping::type_name) {
                let message = format!("the database says otherwise than figleaf.lock: {changes}");
                let diagnostic = Diagnostic::nowhere(Code::SqlLock, message);
                let diagnostic = Diagnostic { severity, span, ..diagnostic };
                self.report.push(diagnostic.help(Code::SqlLock.fix()));
            }
        }
        if let Some(span) = lacking.filter(|_| severity == Severity::Error) {
            let message = "figleaf.lock lacks this statement";
            self.report.push(
                Diagnostic::error(Code::SqlLock, span, message)
                    .help("write it anew with `figleaf check --db --lock`"),
            );
        }
    }
}
