//! The command's arguments.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::output::Format;

/// Read a contract or a database, say what becomes of each part, and propose a mapping.
///
/// Copies of the WSDL and of everything it imports go to wsdl/NAME/, the mapping to
/// mappings/NAME.yaml. Of a database, tables, views and routines are read; its address stays in
/// the environment, where the mapping looks for it. Importing again shows what changed and keeps
/// hand edits.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf import https://legacy.example/erp?wsdl\n  figleaf import contracts/Orders.wsdl --name orders\n  figleaf import contracts/Orders.wsdl --dry-run --format json\n  figleaf import postgres://reader@legacy.example/erp --name erp\n  figleaf import sqlite:legacy/ledger.db\n\nExit codes: 0 at least one route can be served; 1 none can; 2 unusable arguments or unreadable\ninput. Nothing is written unless everything can be."
)]
pub struct Arguments {
    /// The WSDL: a file, a folder with one, or an http(s) address. Or a database:
    /// `postgres://user:password@host/database`, or `sqlite:FILE`.
    #[arg(value_name = "PATH|URL")]
    pub source: String,
    /// What the contract or the database is called here; made from its own name otherwise.
    #[arg(long)]
    pub name: Option<String>,
    /// The folder that has, or gets, wsdl/ and mappings/.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub into: PathBuf,
    /// Say what would become of it and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// For people or for machines.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// A catalogue of local copies: a folder with an OASIS catalog.xml or a catalog.tsv.
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Only this service.
    #[arg(long)]
    pub service: Option<String>,
    /// Only this port.
    #[arg(long)]
    pub port: Option<String>,
    /// How long one document may take, `30s`.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub timeout: Duration,
    /// A header sent to the contract's own host, `Authorization: Bearer …`.
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub headers: Vec<(String, String)>,
    /// Another host that imports may be fetched from.
    #[arg(long = "allow-host", value_name = "HOST")]
    pub allow_hosts: Vec<String>,
}

fn duration(text: &str) -> Result<Duration, String> {
    crate::mapping::parse_duration(text)
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "write a time such as `30s`".to_owned())
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write `Name: value`")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
