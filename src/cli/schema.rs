//! `figleaf schema`: what a mapping file may say, for editors.

use std::process::ExitCode;

use clap::Args;

use super::output::{self, Failure};
use crate::mapping;

/// Print the JSON Schema of mapping files, for editors and other tools.
///
/// Written to a file, it gives an editor completion and checks while typing: name it in a
/// comment on a mapping's first line, as below, or in the editor's settings.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf schema > mappings/.schema.json\n\nIn a mapping, for the YAML language server:\n  # yaml-language-server: $schema=.schema.json\n\nExit codes: 0 printed."
)]
pub struct Arguments {}

pub fn run(_: &Arguments) -> Result<ExitCode, Failure> {
    let text = serde_json::to_string_pretty(&mapping::json_schema())
        .map_err(|error| Failure::new(error.to_string()))?;
    output::print(&format!("{text}\n"));
    Ok(ExitCode::SUCCESS)
}
