//! Whole files: a sample of every key, and every mistake in one run.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Report, Sources, Style, render_human};

struct Env;

impl Environment for Env {
    fn var(&self, name: &str) -> Option<String> {
        match name {
            "CATALOGUE_URL" => Some("https://catalogue.test".to_owned()),
            "LMS_USER" | "LMS_PASSWORD" => Some("hush".to_owned()),
            _ => None,
        }
    }

    fn file(&self, path: &str) -> Result<String, String> {
        if path == "/run/us.key" { Ok("KEY\n".to_owned()) } else { Err("no such file".to_owned()) }
    }
}

fn gather(files: &[(&str, &str)]) -> (MappingSet, Sources, Report) {
    let files: Vec<_> = files.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let set = read_set(&files, &Env, &mut sources, &mut report);
    (set, sources, report)
}

fn read(files: &[(&str, &str)]) -> (MappingSet, String) {
    let (set, sources, report) = gather(files);
    (set, render_human(&report.sorted(), &sources, Style::Plain))
}

const SAMPLE: &str = include_str!("testdata/sample.yaml");

#[test]
fn the_sample_reads_without_a_problem() {
    let (set, problems) = read(&[("library.yaml", SAMPLE)]);
    assert_eq!(problems, "");
    assert_eq!(set.backends.len(), 2);
    let routes = &set.versions[0].routes;
    assert_eq!(routes.len(), 4);
    let found = &routes[1].route;
    assert_eq!((found.inputs.len(), found.outputs.len()), (8, 3));
    let Source::Const(code) = &found.inputs[3].source.value else { panic!() };
    assert_eq!((code.text.value.as_str(), code.quoted), ("007", true));
    assert!(!format!("{set:?}").contains("hush"));
}
