//! How many contracts can be served, wholly or in part.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use figleaf::codec::{Builder, Naming};
use figleaf::diagnostic::Diagnostic;
use figleaf::soap::{Judge, OperationShape, VerdictKind};
use figleaf::wsdl::{self, Contract};

use super::place::{Row, each, rows, source};
use crate::support::options;

/// What became of one contract.
#[derive(Debug, Clone, Default)]
pub struct Import {
    pub id: String,
    /// Its styles and uses, e.g. `document/literal`.
    pub styles: String,
    /// Why it does not load at all.
    pub failure: Option<String>,
    /// Operations of SOAP ports.
    pub operations: usize,
    /// Those that can be served.
    pub served: usize,
    /// Those of them of which nothing is lost.
    pub lossless: usize,
    /// Those that no client of HTTP can call.
    pub uncallable: usize,
    /// Codes of refusals, each with an example.
    pub refusals: Vec<(String, String)>,
    /// Codes of what served operations lose, each with an example.
    pub losses: Vec<(String, String)>,
    /// An operation whose shape could not be lowered without a panic.
    pub panicked: bool,
}

/// Refusals of what cannot be called over HTTP, whoever asks.
const UNCALLABLE: &[&str] = &["contract-transport", "contract-exchange-pattern"];

/// Sums.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    pub contracts: usize,
    pub loaded: usize,
    pub any: usize,
    pub whole: usize,
    /// Contracts with an operation that HTTP can call.
    pub reachable: usize,
    /// Those of them of which every such operation is served.
    pub callable: usize,
    pub operations: usize,
    pub served: usize,
    pub lossless: usize,
}

impl Rates {
    fn count(&mut self, import: &Import) {
        self.contracts += 1;
        self.loaded += usize::from(import.failure.is_none());
        self.any += usize::from(import.served > 0);
        self.whole += usize::from(import.served > 0 && import.served == import.operations);
        let callable = import.operations - import.uncallable;
        // One without any such operation says nothing about the rate.
        self.reachable += usize::from(callable > 0);
        self.callable += usize::from(callable > 0 && import.served == callable);
        self.operations += import.operations;
        self.served += import.served;
        self.lossless += import.lossless;
    }
}

/// Loads every complete WSDL 1.1 contract.
pub fn measure(corpus: &Path) -> Vec<Import> {
    let source = source(corpus);
    let complete: Vec<Row> = rows(&corpus.join("INDEX.tsv"))
        .into_iter()
        .filter(|row| row["complete"] == "y" && row["wsdl"] == "1.1")
        .collect();
    each(&complete, |row| {
        let path = corpus.join("wsdl").join(&row["slug"]).join(&row["root"]);
        let mut import = Import {
            id: row["id"].clone(),
            styles: styles(&row["style_use"]),
            ..Import::default()
        };
        match wsdl::load(path.to_str().unwrap(), &source) {
            Err(failure) => {
                let first = failure.report.sorted()[0].clone();
                import.failure = Some(format!("{}: {}", first.code.as_str(), first.message));
            }
            Ok(loaded) => judge(&loaded.contract, &mut import),
        }
        import
    })
}

fn judge(contract: &Contract, import: &mut Import) {
    let ports = contract.services.iter().flat_map(|s| &s.ports);
    let operations: Vec<_> = ports.flat_map(|p| &p.operations).collect();
    import.operations = operations.len();
    let mut judge = Judge::new(contract);
    let mut good = Vec::new();
    for operation in &operations {
        let verdict = judge.verdict(operation);
        if verdict.is_served() {
            good.push(operation);
            import.lossless += usize::from(verdict.kind == VerdictKind::Works);
            import.losses.extend(distinct(&verdict.reasons));
            continue;
        }
        let refusals = distinct(&verdict.reasons);
        let nobody = refusals.iter().all(|(code, _)| UNCALLABLE.contains(&code.as_str()));
        import.uncallable += usize::from(nobody);
        import.refusals.extend(refusals);
    }
    import.served = good.len();
    let lowered = catch_unwind(AssertUnwindSafe(|| {
        let options = options(Naming::Camel);
        let mut builder = Builder::new(&contract.schema, &contract.prefixes, options);
        let shapes: Vec<_> =
            good.iter().map(|operation| OperationShape::lower(&mut builder, operation)).collect();
        let mut graph = builder.finish();
        shapes.into_iter().map(|shape| shape.settle(&mut graph)).count()
    }));
    import.panicked = lowered.is_err();
}

/// Each code once, with its first message: both messages of an operation may have one reason.
fn distinct(reasons: &[Diagnostic]) -> Vec<(String, String)> {
    let mut codes: Vec<(String, String)> = Vec::new();
    for reason in reasons {
        let code = reason.code.as_str();
        if codes.iter().all(|(known, _)| known != code) {
            codes.push((code.to_owned(), reason.message.clone()));
        }
    }
    codes
}

/// `document/literal:3,rpc/literal:1` → `document/literal + rpc/literal`.
fn styles(column: &str) -> String {
    let mut styles: Vec<&str> = column
        .split(',')
        .filter_map(|part| part.split(':').next())
        .filter(|s| !s.is_empty())
        .collect();
    styles.sort_unstable();
    styles.dedup();
    if styles.is_empty() { "none named".to_owned() } else { styles.join(" + ") }
}

pub fn total(imports: &[Import]) -> Rates {
    let mut rates = Rates::default();
    for import in imports {
        rates.count(import);
    }
    rates
}

pub fn by_style(imports: &[Import]) -> Vec<(String, Rates)> {
    let mut all: BTreeMap<String, Rates> = BTreeMap::new();
    for import in imports {
        all.entry(import.styles.clone()).or_default().count(import);
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, rates)| std::cmp::Reverse(rates.contracts));
    all
}

/// Code → operations, contracts concerned, an example.
pub fn reasons<'i>(
    imports: &'i [Import],
    of: impl Fn(&'i Import) -> &'i [(String, String)],
) -> Vec<(&'i str, usize, usize, &'i str)> {
    let mut all: HashMap<&str, (usize, usize, &str)> = HashMap::new();
    for import in imports {
        let mut codes: Vec<&str> = Vec::new();
        for (code, example) in of(import) {
            let row = all.entry(code).or_insert((0, 0, example));
            row.0 += 1;
            row.2 = row.2.min(example);
            if !codes.contains(&code.as_str()) {
                codes.push(code);
                row.1 += 1;
            }
        }
    }
    let mut all: Vec<_> = all.into_iter().map(|(c, (o, n, e))| (c, o, n, e)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    all
}
