//! Any text as a mapping file.
#![no_main]

use figleaf::diagnostic::{Report, Sources, Style, render_human};
use figleaf::mapping::{Environment, read_set};
use libfuzzer_sys::fuzz_target;

struct Nothing;

impl Environment for Nothing {
    fn var(&self, _name: &str) -> Option<String> {
        None
    }

    fn file(&self, _path: &str) -> Result<String, String> {
        Err("there are no files".to_owned())
    }
}

fuzz_target!(|text: &str| {
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let files = [("fuzz.yaml".to_owned(), text.to_owned())];
    let _ = read_set(&files, &Nothing, &mut sources, &mut report);
    let _ = render_human(&report.sorted(), &sources, Style::Plain);
});
