//! The OpenAPI document of a folder of mappings, without serving it.
//!
//! `cargo run --example openapi -- MAPPINGS`, from the folder that has `wsdl/`. Ends with code 1
//! where the mappings have problems. `scripts/limits` measures it.
#![allow(missing_docs, reason = "an example")]

use std::path::Path;
use std::process::ExitCode;

use figleaf::cli::FileSource;
use figleaf::diagnostic::{Style, render_human};
use figleaf::reload::{ProcessEnvironment, Types, load};

fn main() -> ExitCode {
    let Some(mappings) = std::env::args().nth(1) else {
        eprintln!("usage: openapi MAPPINGS");
        return ExitCode::from(2);
    };
    let unlocked = |_: &Path| Vec::new();
    let mappings = Path::new(&mappings);
    let loaded = load(mappings, &ProcessEnvironment, &FileSource, &unlocked, Types::Lock);
    let Some(plan) = loaded.plan else {
        for (report, sources) in &loaded.findings {
            eprintln!("{}", render_human(&report.sorted(), sources, Style::Plain));
        }
        return ExitCode::FAILURE;
    };
    println!("{}", figleaf::openapi::to_json(&figleaf::openapi::combined(&plan)));
    ExitCode::SUCCESS
}
