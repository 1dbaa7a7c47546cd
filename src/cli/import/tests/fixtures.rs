//! Small contracts, and imports of them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use crate::cli::import::Arguments;
use crate::cli::import::run::{Done, Stop, import};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    arguments: Arguments,
}

/// A project, and a folder for contracts beside it.
pub struct Project {
    _folder: tempfile::TempDir,
    pub into: PathBuf,
    pub contracts: PathBuf,
}

impl Project {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (into, contracts) = (folder.path().join("project"), folder.path().join("contracts"));
        fs::create_dir_all(&into).unwrap();
        fs::create_dir_all(&contracts).unwrap();
        Self { _folder: folder, into, contracts }
    }

    /// Writes a contract's file and gives its path.
    pub fn contract(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.contracts.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn import(&self, source: &str, more: &[&str]) -> Result<Done, Box<Stop>> {
        let into = self.into.to_str().unwrap();
        let line = ["import", source, "--into", into].into_iter().chain(more.iter().copied());
        import(&Line::try_parse_from(line).unwrap().arguments)
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.into.join(path)).unwrap()
    }

    /// Every file of the project.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.into, &self.into, &mut found);
        found
    }
}

fn collect(base: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(base, &path, found);
        } else {
            let name = path.strip_prefix(base).unwrap().display().to_string();
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// A document/literal contract: what stands in its schema, and operations with their
/// request and answer elements.
pub fn wsdl(schema: &str, operations: &[(&str, &str, &str)]) -> String {
    let mut messages = String::new();
    let (mut abstracts, mut bound) = (String::new(), String::new());
    for (name, request, response) in operations {
        let _ = write!(
            messages,
            "<message name='{name}In'><part name='p' element='t:{request}'/></message>\n<message name='{name}Out'><part name='p' element='t:{response}'/></message>"
        );
        let _ = write!(
            abstracts,
            "<operation name='{name}'><input message='t:{name}In'/><output message='t:{name}Out'/></operation>"
        );
        let _ = write!(
            bound,
            "<operation name='{name}'><s:operation soapAction='{name}'/><input><s:body use='literal'/></input><output><s:body use='literal'/></output></operation>"
        );
    }
    format!(
        "<definitions name='Depot' targetNamespace='urn:t' xmlns:t='urn:t' xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/' xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns='http://schemas.xmlsoap.org/wsdl/'>
<types><x:schema targetNamespace='urn:t' elementFormDefault='qualified'>
{schema}
</x:schema></types>
{messages}<portType name='P'>
{abstracts}</portType>
<binding name='B' type='t:P'><s:binding transport='http://schemas.xmlsoap.org/soap/http'/>
{bound}</binding>
<service name='DepotService'><port name='DepotPort' binding='t:B'><s:address location='http://depot.test/soap'/></port></service>
</definitions>"
    )
}

/// A wrapper element with these children.
pub fn element(name: &str, children: &str) -> String {
    format!(
        "<x:element name='{name}'><x:complexType><x:sequence>{children}</x:sequence></x:complexType></x:element>\n"
    )
}

/// `GetCrate(crateId) → weight`.
pub fn get_crate() -> String {
    element("GetCrate", "<x:element name='CrateID' type='x:int'/>")
        + &element("GetCrateResponse", "<x:element name='Weight' type='x:decimal'/>")
}
