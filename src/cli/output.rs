//! What people see: diagnostics on stderr, results on stdout, colours on terminals only.

use std::io::{IsTerminal, Write};

use super::table::Page;
use crate::diagnostic::{Code, Diagnostic, Sources, Style, render_human, render_json};

/// Why a command cannot go on: exit code 2.
#[derive(Debug)]
pub struct Failure {
    /// The stable code, a row of the one table.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
}

impl Failure {
    /// Something given to the command cannot be used: a file, stdin, a contract.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: Code::CommandInput, message: message.into(), help: None }
    }

    /// The arguments themselves cannot be used.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(message).code(Code::CommandUsage)
    }

    /// Gives it another code.
    pub fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// Adds how to fix it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Output for people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Underlined text, on stderr.
    Human,
    /// JSON, on stdout.
    Json,
}

/// Whether stderr is a terminal that wants colours.
pub fn style() -> Style {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if colour { Style::Colour } else { Style::Plain }
}

/// How wide and in which colours stdout is.
pub(super) fn page() -> Page {
    if !std::io::stdout().is_terminal() {
        return Page::default();
    }
    let width = terminal_size::terminal_size_of(std::io::stdout());
    Page {
        width: width.map(|(width, _)| usize::from(width.0)),
        colours: std::env::var_os("NO_COLOR").is_none(),
    }
}

/// Prints diagnostics: for people to stderr, for machines to stdout.
pub fn report(diagnostics: &[&Diagnostic], sources: &Sources, format: Format) {
    match format {
        Format::Human => {
            let _ = write!(std::io::stderr(), "{}", render_human(diagnostics, sources, style()));
        }
        Format::Json => print(&format!("{}\n", render_json(diagnostics, sources))),
    }
}

/// Writes to stdout; a closed pipe is the reader's business.
pub fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
    let _ = std::io::stdout().flush();
}

/// Writes a line to stderr.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints a failure the way diagnostics look.
pub fn complain(failure: &Failure) {
    let (red, bold, off) = match style() {
        Style::Colour => ("\u{1b}[1;31m", "\u{1b}[1m", "\u{1b}[0m"),
        Style::Plain => ("", "", ""),
    };
    note(&format!("{red}error[{}]{off}{bold}: {}{off}", failure.code, failure.message));
    if let Some(help) = &failure.help {
        note(&format!("  = help: {help}"));
    }
}
