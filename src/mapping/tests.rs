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
    assert_eq!(set.backends.len(), 4);
    let routes = &set.versions[0].routes;
    assert_eq!(routes.len(), 10);
    let title = routes[6].route.migration.as_ref().unwrap();
    assert_eq!((title.compare.rules.len(), title.canary.keys.len()), (12, 2));
    let put = routes[7].route.migration.as_ref().unwrap();
    let days = std::time::Duration::from_secs(24 * 60 * 60);
    assert_eq!(title.gate.span.map(|span| span.value), Some(days * 7));
    assert_eq!(put.gate.span.map(|span| span.value), Some(days * 2));
    let Some(Target::Sql(fees)) = &routes[0].route.target else { panic!() };
    assert_eq!((fees.query.inputs.len(), fees.query.outputs.len()), (6, 3));
    let Change::Shape(details) = &fees.query.outputs[1].change.value else { panic!() };
    let schema = r#"{"type":"object","required":["reason"],"maxProperties":3}"#;
    assert_eq!(details.schema.as_ref().unwrap().value, schema);
    let found = &routes[4].route;
    assert_eq!((found.inputs.len(), found.outputs.len()), (8, 3));
    let Source::Const(code) = &found.inputs[3].source.value else { panic!() };
    assert_eq!((code.text.value.as_str(), code.quoted), ("007", true));
    assert!(!format!("{set:?}").contains("hush"));
    let text = "figleaf: 1\napi: a\nversion: v1\nroutes:\n  GET /a: { soap: \"${LMS_USER}\", location: \"${LMS_USER}\", returns: \"${LMS_USER}.\", timeout: \"${LMS_USER}\", status: \"${LMS_USER}\", effect: \"${LMS_USER}\" }\n";
    let (_, problems) = read(&[("m.yaml", text)]);
    assert_eq!(problems.matches("error[").count(), 6);
    assert!(!problems.contains("hush"), "{problems}");
}

#[test]
fn every_mistake_is_reported_in_one_run() {
    let (_, sources, report) = gather(&[("m.yaml", include_str!("testdata/mistakes.yaml"))]);
    let line = |d: &&crate::diagnostic::Diagnostic| {
        let place = sources.place(d.span.unwrap());
        format!("{}:{} {}: {}\n", place.line, place.column, d.code.as_str(), d.message)
    };
    let found: String = report.sorted().iter().map(line).collect();
    insta::assert_snapshot!(found, @r#"
    1:10 mapping-format: `2` is not a format this version knows
    3:10 mapping-type: expected a version such as `v1`, found `1`
    4:1 mapping-unknown-key: `titel` is not a key of a mapping
    8:10 mapping-value: the address is not an absolute http or https URL
    9:23 mapping-type: expected a duration such as `5s`, found `5`
    9:26 mapping-unknown-key: `conect` is not a key of a timeout
    10:24 mapping-value: `attempts` must be between 1 and 10
    11:13 mapping-value: `kebab` is no choice for `naming`
    12:13 mapping-type: expected `true` or `false`, found `no`
    13:61 mapping-variable-missing: `NOPE` is not set
    14:5 mapping-duplicate: `security` is written twice
    15:3 mapping-value: `9lives` is not a name for a backend
    15:37 mapping-unknown-key: `service` means nothing for an HTTP backend
    16:23 mapping-value: the address is not a PostgreSQL URL
    18:3 mapping-path: `get` is not a method; did you mean `GET`?
    19:14 mapping-path: the parameter `{x}` stands twice in the path
    20:10 mapping-path: a segment of the path is empty; a path does not end in a slash
    20:20 mapping-value: `lms` names no operation
    23:5 mapping-value: `http` beside `soap`
    24:13 mapping-type: expected a whole number, found `0201`
    25:14 mapping-value: `quary.b` is not a source
    25:28 mapping-value: expressions are not available yet
    25:41 mapping-value: this is not a path of members
    25:64 mapping-member-unknown: the path has no parameter `i`
    26:18 mapping-value: `X` must be between 400 and 599
    26:23 mapping-missing: a fault needs `status`
    27:15 mapping-path: the path does not begin with a slash
    28:11 mapping-type: expected a list such as `[orders]`, found `one`
    29:13 mapping-type: expected a day such as `2027-01-01`, found `tomorrow`
    30:3 mapping-missing: a route needs one of `soap`, `http`, `sql`, `compose`
    31:11 mapping-type: expected the keys of a route, found a list
    32:3 mapping-type: expected the keys of a route, found nothing
    "#);
}

#[test]
fn what_is_redacted_is_read_and_what_is_no_path_is_shown_at_its_place() {
    let text = "figleaf: 1\nbackends:\n  b:\n    http: https://b.test\n    redact:\n      headers: [X-Key]\n      names: [customerNo, a/b]\n      paths: [Body/get/no, //@id, Body//x]\n      keep: ['//pageToken[0]']\n      path: []\n";
    let (set, sources, report) = gather(&[("m.yaml", text)]);
    let rules = set.backends[0].redact.rules();
    let shown = |paths: &[crate::canonical::NodePath]| {
        paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        (rules.headers.join(" "), rules.names.join(" ")),
        ("X-Key".into(), "customerNo".into())
    );
    assert_eq!(
        (shown(&rules.paths), shown(&rules.keep)),
        ("Body/get/no //@id".into(), String::new())
    );
    let line = |d: &&crate::diagnostic::Diagnostic| {
        let place = sources.place(d.span.unwrap());
        format!("{}:{} {}: {}\n", place.line, place.column, d.code.as_str(), d.message)
    };
    let found: String = report.sorted().iter().map(line).collect();
    insta::assert_snapshot!(found, @r#"
    7:27 mapping-value: `a/b` is no name
    8:35 mapping-value: `Body//x` is no path: a step is empty
    9:14 mapping-value: `//pageToken[0]` is no path: an index counts from 1
    10:7 mapping-unknown-key: `path` is not a key of what is redacted
    "#);
}

#[test]
fn a_problem_inside_a_value_is_underlined_there() {
    let text =
        "figleaf: 1\nbackends:\n  b: { http: \"https://${HOST}:8080\", retry: { attemps: 2 } }\n";
    let (_, problems) = read(&[("m.yaml", text)]);
    insta::assert_snapshot!(problems, @r#"
    error[mapping-variable-missing]: `HOST` is not set
     --> m.yaml:3:23
      |
    3 |   b: { http: "https://${HOST}:8080", retry: { attemps: 2 } }
      |                       ^^^^^^^
      |
      = help: Set the variable, or give a default with ${NAME:-default}.

    error[mapping-unknown-key]: `attemps` is not a key of a retry
     --> m.yaml:3:47
      |
    3 |   b: { http: "https://${HOST}:8080", retry: { attemps: 2 } }
      |                                               ^^^^^^^
      |
      = help: did you mean `attempts`?
    "#);
}

/// Reads small files and compares one line a problem, `file:line:column code`.
fn check(files: &[(&str, &str)], expected: &[&str]) -> MappingSet {
    let (set, sources, report) = gather(files);
    let found: Vec<String> = report
        .sorted()
        .iter()
        .map(|d| {
            let place = sources.place(d.span.unwrap());
            format!("{}:{}:{} {}", place.file, place.line, place.column, d.code.as_str())
        })
        .collect();
    assert_eq!(found, expected, "{}", render_human(&report.sorted(), &sources, Style::Plain));
    set
}

fn versioned(version: &str, rest: &str) -> String {
    format!("figleaf: 1\napi: a\nversion: {version}\n{rest}")
}

fn routes(set: &MappingSet, at: usize) -> Vec<String> {
    let show = |effective: &EffectiveRoute| {
        let from = effective.inherited.map(|v| format!(" from {v}")).unwrap_or_default();
        format!("{}{from}", effective.route.key.text)
    };
    set.versions[at].routes.iter().map(show).collect()
}

#[test]
fn a_version_takes_over_replaces_and_removes_routes() {
    let v1 = versioned(
        "v1",
        "routes:\n  GET /a/{x}: { soap: b.A }\n  GET /b: { soap: b.B }\n  GET /c: { soap: b.C }\n",
    );
    let v2 = versioned(
        "v2",
        "extends: v1\nroutes:\n  GET /a/{y}: { soap: b.New }\n  GET /b: { removed: true }\n  GET /d: { soap: b.D }\n",
    );
    let v3 = versioned("v3", "extends: v2\n");
    let set = check(&[("3", &v3), ("2", &v2), ("1", &v1)], &[]);
    assert_eq!(routes(&set, 2), ["GET /a/{x}", "GET /b", "GET /c"]);
    assert_eq!(routes(&set, 1), ["GET /a/{y}", "GET /c from v1", "GET /d"]);
    assert_eq!(routes(&set, 0), ["GET /a/{y} from v2", "GET /c from v1", "GET /d from v2"]);
}

#[test]
fn versions_that_contradict_each_other_are_reported() {
    let (v1, v2) = (versioned("v1", "extends: v2\n"), versioned("v2", "extends: v1\n"));
    check(&[("1", &v1), ("2", &v2)], &["1:4:10 mapping-version", "2:4:10 mapping-version"]);
    check(&[("1", &versioned("v1", "extends: v9\n"))], &["1:4:10 mapping-version"]);
    check(&[("1", &versioned("v1", "extends: v1\n"))], &["1:4:10 mapping-version"]);
    let (a, b) = (versioned("v1", "title: A\n"), versioned("v1", "title: B\n"));
    check(&[("a", &a), ("b", &b)], &["b:4:8 mapping-version"]);
    let removed = versioned("v1", "routes:\n  GET /x: { removed: true }\n");
    check(&[("1", &removed)], &["1:5:3 mapping-value"]);
}

#[test]
fn files_share_backends_versions_and_paths() {
    let one = "figleaf: 1\nbackends:\n  b: { soap: a.wsdl }\n";
    let two = "figleaf: 1\nbackends:\n  b: { http: \"http://b.test\" }\n";
    let set = check(&[("1", one), ("2", two)], &["2:3:3 mapping-duplicate"]);
    assert!(matches!(set.backend("b").unwrap().kind, Some(BackendKind::Soap(_))));

    let a = versioned("v1", "routes:\n  GET /a/{x}: { soap: b.A }\n");
    let b = versioned("v1", "routes:\n  GET /a/{y}: { soap: b.A }\n  GET /b: { soap: b.B }\n");
    let set = check(&[("a", &a), ("b", &b)], &["b:5:3 mapping-route-collision"]);
    assert_eq!(routes(&set, 0), ["GET /a/{x}", "GET /b"]);

    let other = a.replace("api: a", "api: other");
    check(&[("a", &a), ("o", &other)], &["o:5:3 mapping-route-collision"]);
}

#[test]
fn broken_yaml_is_reported_and_the_other_files_are_read() {
    let bad = |text: &str, place: &str| {
        let expected = format!("bad:{place}");
        check(&[("bad", text), ("good", "figleaf: 1\n")], &[expected.as_str()]);
    };
    bad("figleaf: 1\napi: [a\n", "2:6 mapping-syntax");
    bad("figleaf: 1\n\tapi: a\n", "2:1 mapping-syntax");
    bad("figleaf: 1\n---\nfigleaf: 1\n", "2:1 mapping-syntax");
    bad("figleaf: !!int 1\n", "1:16 mapping-syntax");
    bad("figleaf: 1\ntitle: *nope\n", "2:8 mapping-syntax");
    bad("figleaf: 1\nfigleaf: 1\n", "2:1 mapping-duplicate");
    bad("figleaf: 1\n? [a]\n: b\n", "2:3 mapping-syntax");
    bad("", "1:1 mapping-missing");
    bad(&format!("figleaf: 1\ntitle: {}\n", "[".repeat(5000)), "2:40 mapping-syntax");
}

#[test]
fn aliases_are_followed_and_bombs_are_refused() {
    let text = "figleaf: 1\nbackends:\n  a: &a { http: \"http://a.test\" }\n  b: *a\n";
    assert_eq!(check(&[("1", text)], &[]).backends.len(), 2);
    let mut bomb = "figleaf: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let row = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb.extend(["a", &n.to_string(), ": &a", &n.to_string(), " [", &row, "]\n"]);
    }
    check(&[("1", &bomb)], &["1:7:1 mapping-syntax"]);
}

#[test]
fn scalars_are_never_guessed_at() {
    let text = versioned(
        "v1",
        "title: no\ndescription: 0777\nbackends:\n  b: { soap: 1.10, strict: \"true\" }\n",
    );
    let set = check(&[("1", &text)], &["1:7:28 mapping-type"]);
    let version = &set.versions[0];
    assert_eq!(version.title.as_ref().unwrap().value, "no");
    assert_eq!(version.description.as_ref().unwrap().value, "0777");
    let Some(BackendKind::Soap(path)) = &set.backends[0].kind else { panic!() };
    assert_eq!(path.value, "1.10");
}

#[test]
fn the_schema_accepts_the_sample_and_refuses_the_mistakes() {
    let schema = json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let json = |text| serde_saphyr::from_str::<serde_json::Value>(text).unwrap();
    // Editors read plain YAML, in which `${…}` inside braces needs quotes.
    let quoted = SAMPLE.replace("${LMS_USER}", "u").replace("${LMS_PASSWORD}", "p");
    let errors: Vec<_> = validator.iter_errors(&json(&quoted)).map(|e| e.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    for bad in ["figleaf: 2", "figleaf: 1\nrouts: {}", "figleaf: 1\nroutes: { GET /a: {} }"] {
        assert!(!validator.is_valid(&json(bad)), "{bad}");
    }
}

#[test]
fn variables_are_found_in_every_style_of_scalar() {
    let styles = "title: \"a\n  ${X} \\t b\"\ndescription: >\n  ${Y}\n  z\nbackends:\n  b: { http: 'it''s ${Z}' }\n";
    let missing = |place| format!("1:{place} mapping-variable-missing");
    let expected = ["3:3", "5:3", "8:21"].map(missing);
    let text = format!("figleaf: 1\n{styles}");
    check(&[("1", &text)], &expected.each_ref().map(String::as_str));
}

#[test]
fn braces_of_variables_and_members_need_no_quotes_in_flow() {
    let text = versioned(
        "v1",
        "routes:\n  GET /a/{x}: { http: b, path: /v2/{x}/by, query_string: { k: \"query.${K:-k}\" } }\n",
    );
    let set = check(&[("1", &text)], &[]);
    let Some(Target::Http { path: Some(path), query, .. }) =
        &set.versions[0].routes[0].route.target
    else {
        panic!()
    };
    let pieces: Vec<_> = path.value.pieces.iter().map(|piece| piece.value.clone()).collect();
    let (literal, member) = (|l: &str| Piece::Literal(l.into()), Piece::Member("x".into()));
    assert_eq!(pieces, [literal("/v2/"), member, literal("/by")]);
    assert!(matches!(&query[0].source.value, Source::Query(q) if q.name.value == "k"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any text at all, and texts that look like mappings.
    #[test]
    fn no_text_panics_and_every_span_is_inside(
        wild in "\\PC{0,80}",
        tame in "([a-z]{1,6}(: |:\n  |\n|, )|[{}\\[\\]\"'#&*!|>$%]|- |é|[$][{][A-Z]{1,3}[}]|routes:\n  |backends:\n  |GET /a[{]x[}]|figleaf: 1\n){0,30}",
    ) {
        let mutated: String = SAMPLE.chars().filter(|c| !wild.contains(*c)).collect();
        for text in [wild, tame, mutated] {
            let (_, sources, report) = gather(&[("f", &text)]);
            for diagnostic in report.sorted() {
                let span = diagnostic.span.unwrap();
                let range = span.start as usize..span.end as usize;
                prop_assert!(sources.text(span.file).get(range).is_some(), "{:?}", diagnostic);
            }
            prop_assert_eq!(report.is_empty(), render_human(&report.sorted(), &sources, Style::Plain).is_empty());
        }
    }
}
