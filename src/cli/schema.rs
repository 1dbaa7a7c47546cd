//! `figleaf schema`: what a mapping or a fixture may say, for editors.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::output::{self, Failure};
use crate::exchange;
use crate::mapping;

/// Print the JSON Schema of mapping files or of fixtures, for editors and other tools.
///
/// Written to a file, it gives an editor completion and checks while typing: name it in a
/// comment on a file's first line, as below, or in the editor's settings.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf schema > mappings/.schema.json\n  figleaf schema fixture > fixtures/.schema.json\n\nIn a mapping, for the YAML language server:\n  # yaml-language-server: $schema=.schema.json\n\nExit codes: 0 printed."
)]
pub struct Arguments {
    /// Of which files.
    #[arg(value_name = "FILES", value_enum, default_value_t = Files::Mapping)]
    files: Files,
}

/// Files that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Files {
    /// `mappings/*.yaml`
    Mapping,
    /// `fixtures/<backend>/<operation>/*.yaml`
    Fixture,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let schema = match arguments.files {
        Files::Mapping => mapping::json_schema(),
        Files::Fixture => exchange::json_schema(),
    };
    let text =
        serde_json::to_string_pretty(&schema).map_err(|error| Failure::new(error.to_string()))?;
    output::print(&format!("{text}\n"));
    Ok(ExitCode::SUCCESS)
}
