//! Everything a configuration consists of, read at once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::Queries;
use super::types::{Types, learn};
use crate::diagnostic::{Code, Diagnostic, Report, Severity, Sources};
use crate::mapping::{
    self, BackendKind, Compiled, Contracts, Environment, Known, MappingSet, PortOf, Schemas,
};
use crate::plan::Plan;
use crate::wsdl::{self, Contract, DocumentSource};

/// Bytes of one mapping file.
const MAPPING_BYTES_MAX: u64 = 4 << 20;

/// A configuration as it was found.
pub struct Loaded {
    /// The plan; `None` where something is wrong.
    pub plan: Option<Plan>,
    /// What was found, with the texts it points into: the mappings first, then contracts.
    pub findings: Vec<(Report, Sources)>,
    /// The port each SOAP backend means, by the backend's name.
    pub ports: HashMap<String, PortOf>,
    /// Every file that was read: a change of any is a change of the configuration.
    pub files: Vec<PathBuf>,
    /// How many mapping files there were.
    pub mappings: usize,
    /// How many statements were checked without their types. Such a plan may be shown, never
    /// served.
    pub undescribed: usize,
    /// The lock as it would be written: its path and text. `None` without statements.
    pub lock: Option<(PathBuf, String)>,
}

impl Loaded {
    /// How many errors there are.
    #[must_use]
    pub fn error_count(&self) -> usize {
        let errors = |report: &Report| {
            report.sorted().iter().filter(|d| d.severity == Severity::Error).count()
        };
        self.findings.iter().map(|(report, _)| errors(report)).sum()
    }
}

/// Variables and files of this process.
#[derive(Debug, Clone, Copy)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn file(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path)
            .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
            .map_err(|error| error.to_string())
    }
}

/// Reads and compiles every mapping of a folder (or one file). `verify` may add problems of
/// a contract's folder, e.g. a lock that does not fit; `types` says how the types of
/// statements are learnt, which may block.
pub fn load(
    mappings: &Path,
    env: &dyn Environment,
    source: &dyn DocumentSource,
    verify: &dyn Fn(&Path) -> Vec<String>,
    types: Types<'_>,
) -> Loaded {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let (paths, texts) = read_mappings(mappings, &mut report);
    let set = mapping::read_set(&texts, env, &mut sources, &mut report);
    let mut files = paths;
    let mut findings = Vec::new();
    let mut reader = ContractReader {
        source,
        verify,
        read: HashMap::new(),
        findings: &mut findings,
        files: &mut files,
    };
    let contracts = reader.all(&set, &sources, &mut report);
    let schemas = reader.schemas(&set, &sources, &mut report);
    let mut queries = Queries::default();
    let statements = mapping::statements(&set, &mut queries, &mut sources, &mut report);
    let learnt = learn(types, mappings, &set, &statements, &mut report);
    let known = Known {
        contracts: &contracts,
        schemas: &schemas,
        statements: &statements,
        descriptions: &learnt.descriptions,
    };
    let compiled = mapping::compile(&set, known, &sources, &mut report);
    let undescribed = compiled.as_ref().map_or(0, |compiled| compiled.undescribed.len());
    let ports = compiled.as_ref().map(|compiled| compiled.ports.clone()).unwrap_or_default();
    let plan = compiled.and_then(|compiled| usable(compiled, types, &mut report));
    files.extend(queries.read);
    files.extend(learnt.lock.as_ref().map(|(path, _)| path.clone()));
    findings.insert(0, (report, sources));
    Loaded { plan, ports, findings, files, mappings: texts.len(), undescribed, lock: learnt.lock }
}

/// A plan is served only if every type is known.
fn usable(compiled: Compiled, types: Types<'_>, report: &mut Report) -> Option<Plan> {
    let help = match types {
        _ if compiled.undescribed.is_empty() => return Some(compiled.plan),
        Types::Serving(_) => Code::SqlUndescribed.fix().to_owned(),
        Types::Recorded(lock) => format!(
            "no database is asked while fixtures answer: record it once, which writes `{}`, or \
             keep a figleaf.lock written by `figleaf check --db --lock`",
            lock.display()
        ),
        Types::Lock | Types::Databases(_) | Types::NewLock(_) => return Some(compiled.plan),
    };
    for span in compiled.undescribed {
        let message = "the types of this statement are not known";
        let unknown = Diagnostic::error(Code::SqlUndescribed, span, message);
        report.push(unknown.help(help.clone()));
    }
    None
}

fn read_mappings(root: &Path, report: &mut Report) -> (Vec<PathBuf>, Vec<(String, String)>) {
    let mut paths = Vec::new();
    if root.is_dir() {
        let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
        paths.extend(entries.map(|entry| entry.path()).filter(|path| {
            path.extension().is_some_and(|e| e == "yaml" || e == "yml") && path.is_file()
        }));
        paths.sort();
    } else {
        paths.push(root.to_owned());
    }
    if paths.is_empty() {
        let message = format!("there is no mapping in `{}`", root.display());
        report.push(
            Diagnostic::nowhere(Code::MappingUnreadable, message)
                .help("`figleaf import` writes one; --mappings names another folder"),
        );
    }
    let mut texts = Vec::new();
    for path in &paths {
        let size = std::fs::metadata(path).map_or(0, |m| m.len());
        let read = if size > MAPPING_BYTES_MAX {
            Err(format!("{size} bytes; the limit is {MAPPING_BYTES_MAX}"))
        } else {
            std::fs::read_to_string(path).map_err(|error| error.to_string())
        };
        match read {
            Ok(text) => texts.push((path.display().to_string(), text)),
            Err(error) => report.push(
                Diagnostic::nowhere(
                    Code::MappingUnreadable,
                    format!("`{}`: {error}", path.display()),
                )
                .help(Code::MappingUnreadable.fix()),
            ),
        }
    }
    (paths, texts)
}

/// What a contract imports or refers to and does not get, or defines so that it cannot be
/// used. What is served may not need it, so it is worth
/// a warning; an operation that does need it is refused, and that is an error of its route.
fn unusable(of: &Report, sources: &Sources) -> Option<(Report, Sources)> {
    let mut report = Report::default();
    for found in of.sorted() {
        let incomplete = matches!(
            found.code,
            Code::ContractImportMissing
                | Code::ContractReferenceMissing
                | Code::ContractSchemaInvalid
        );
        if incomplete {
            report.push(Diagnostic { severity: Severity::Warning, ..found.clone() });
        }
    }
    (!report.is_empty()).then(|| (report, sources.clone()))
}

/// Reads each contract once, however many backends use it.
struct ContractReader<'r> {
    source: &'r dyn DocumentSource,
    verify: &'r dyn Fn(&Path) -> Vec<String>,
    read: HashMap<PathBuf, Option<Arc<Contract>>>,
    findings: &'r mut Vec<(Report, Sources)>,
    files: &'r mut Vec<PathBuf>,
}

impl ContractReader<'_> {
    fn all(&mut self, set: &MappingSet, sources: &Sources, report: &mut Report) -> Contracts {
        let mut contracts = Contracts::new();
        for backend in &set.backends {
            let Some(BackendKind::Soap(soap)) = &backend.kind else { continue };
            let file = Path::new(sources.name(soap.span.file));
            let path = file.parent().unwrap_or(Path::new("")).join(&soap.value);
            let known = self.read.contains_key(&path);
            if let Some(contract) = self.contract(&path) {
                contracts.insert(backend.name.value.clone(), contract);
            } else {
                let message = format!("the contract of `{}` cannot be used", backend.name.value);
                report.push(
                    Diagnostic::error(Code::MappingContract, soap.span, message)
                        .help(Code::MappingContract.fix()),
                );
            }
            if known {
                continue;
            }
            for problem in path.parent().map(|dir| (self.verify)(dir)).unwrap_or_default() {
                report.push(
                    Diagnostic::error(Code::MappingContractChanged, soap.span, problem)
                        .help(Code::MappingContractChanged.fix()),
                );
            }
        }
        contracts
    }

    /// The schemas of documents inside messages, each read once for a backend.
    fn schemas(&mut self, set: &MappingSet, sources: &Sources, report: &mut Report) -> Schemas {
        let mut schemas = Schemas::new();
        let open = set.backends.iter().flat_map(|b| b.open.iter().map(move |open| (b, open)));
        for (backend, open) in open {
            let Some(written) = &open.schema else { continue };
            let key = (backend.name.value.clone(), written.value.clone());
            if schemas.contains_key(&key) {
                continue;
            }
            let file = Path::new(sources.name(written.span.file));
            let path = file.parent().unwrap_or(Path::new("")).join(&written.value);
            match wsdl::load_schema(&path.display().to_string(), self.source) {
                Ok(loaded) => {
                    self.files.extend(loaded.files.iter().map(|f| PathBuf::from(&f.location)));
                    let found = &loaded.schema;
                    self.findings.extend(unusable(&found.report, &found.sources));
                    schemas.insert(key, Arc::new(loaded.schema));
                }
                Err(failure) => {
                    self.files.push(path);
                    self.findings.push((failure.report, failure.sources));
                    let message = format!("the schema `{}` cannot be used", written.value);
                    report.push(
                        Diagnostic::error(Code::MappingSchema, written.span, message)
                            .help(Code::MappingSchema.fix()),
                    );
                }
            }
        }
        schemas
    }

    fn contract(&mut self, path: &Path) -> Option<Arc<Contract>> {
        if let Some(known) = self.read.get(path) {
            return known.clone();
        }
        let contract = match wsdl::load(&path.display().to_string(), self.source) {
            Ok(loaded) => {
                self.files.extend(loaded.files.iter().map(|f| PathBuf::from(&f.location)));
                let found = &loaded.contract;
                self.findings.extend(unusable(&found.report, &found.sources));
                Some(Arc::new(loaded.contract))
            }
            Err(failure) => {
                self.files.push(path.to_owned());
                self.findings.push((failure.report, failure.sources));
                None
            }
        };
        self.read.insert(path.to_owned(), contract.clone());
        contract
    }
}
