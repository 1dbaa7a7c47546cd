//! The proposal alone, for whoever measures it: by the steps of the command, nothing written.

use std::sync::Arc;

use super::judged::Judged;
use super::proposal::words::identifier;
use super::proposal::{self, Taken};
use super::run::same_verdicts;
use super::vendor::Vendored;
use crate::cli::output::Failure;
use crate::wsdl::{self, Contract, DocumentSource};

/// What `figleaf import` would write into an empty project.
#[derive(Debug)]
pub struct Proposed {
    /// The contract as its copies read, which is what the mapping is compiled against.
    pub contract: Arc<Contract>,
    /// The text of the mapping; `None` where no operation can be served.
    pub mapping: Option<String>,
}

/// Proposes a mapping for the contract whose root is at `root`; `port` names the service and the
/// port asked for, as `--service` and `--port` do.
///
/// # Errors
/// In words, why the contract cannot be imported.
pub fn propose(
    root: &str,
    documents: &dyn DocumentSource,
    port: Option<(&str, &str)>,
) -> Result<Proposed, String> {
    let loaded = wsdl::load(root, documents).map_err(|failed| {
        let first = failed.report.sorted().first().map(|d| format!("{}: {}", d.code, d.message));
        first.unwrap_or_else(|| "it cannot be read".to_owned())
    })?;
    proposed(root, loaded, port).map_err(|failure| failure.message)
}

fn proposed(
    root: &str,
    loaded: wsdl::Loaded,
    port: Option<(&str, &str)>,
) -> Result<Proposed, Failure> {
    let (service, port) = port.unzip();
    let read = Judged::new(loaded, service, port)?;
    if !read.serves_anything() {
        return Ok(Proposed { contract: read.contract, mapping: None });
    }
    let name = identifier(&read.contract.name);
    let folder = format!("wsdl/{name}");
    let vendored = Vendored::of(&read, root, None);
    let copies = Judged::new(vendored.load(&folder)?, service, port)?;
    same_verdicts(&read, &copies)?;
    let wsdl = format!("../{folder}/{}", vendored.lock.root);
    let mut proposal = proposal::propose(&copies, &name, root, &wsdl, &Taken::default())?;
    let text = proposal::settle(&mut proposal)?;
    drop(proposal);
    Ok(Proposed { contract: copies.contract, mapping: Some(text) })
}
