//! `figleaf completions`: commands and options, completed by the shell.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use super::output;

/// Print the completion script of a shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  figleaf completions bash > ~/.local/share/bash-completion/completions/figleaf\n  figleaf completions zsh > ~/.zfunc/_figleaf\n  figleaf completions fish > ~/.config/fish/completions/figleaf.fish\n\nExit codes: 0 printed; 2 unusable arguments."
)]
pub struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "figleaf", &mut script);
    output::print(&String::from_utf8_lossy(&script));
    ExitCode::SUCCESS
}
