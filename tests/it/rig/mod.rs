//! What the tests stand on: a facade behind a real listener, the legacy shop behind another,
//! a backend that does exactly what its script says, a modern service, the binary itself.
//!
//! Nothing in here sleeps to wait for something; what has to be waited for is polled.

mod binary;
mod facade;
mod http;
mod modern;
mod scripted;
mod shop;
mod xml;

pub use binary::{Output, Serving, figleaf, free_port};
pub use facade::{Facade, Variables, compile, mapping_folder, shop_mapping};
pub use http::{Answer, Raw, client, eventually};
pub use modern::Modern;
pub use scripted::{Script, Scripted};
pub use shop::LegacyShop;
pub use xml::same_meaning;

use std::path::{Path, PathBuf};

/// Says what did not run, past libtest's capture.
pub fn not_run(what: &str) {
    use std::io::Write;
    let _ = std::io::stderr().write_all(format!("\nNOT RUN: {what}\n").as_bytes());
}

/// A file or folder of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
