//! `figleaf fixtures explain`, and what `serve --replay` and `mock` say at their start and end.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::rig::{Output, Serving, figleaf, project};

/// The request of a fixture of the shop, with something put in the place of something else.
fn request(folder: &Path, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(project("fixtures/shop/GetOrder/one-line.req.xml")).unwrap();
    assert!(text.contains(from), "{from}");
    let path = folder.join("req.xml");
    std::fs::write(&path, text.replace(from, to)).unwrap();
    path.display().to_string()
}

/// A folder with the fixtures of one operation.
fn fixtures() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let to = folder.path().join("shop/GetOrder");
    std::fs::create_dir_all(&to).unwrap();
    for file in std::fs::read_dir(project("fixtures/shop/GetOrder")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    let path = folder.path().to_owned();
    (folder, path)
}

fn explain(fixtures: &Path, request: &str, more: &[&str]) -> Output {
    let (mappings, fixtures) = (project("mappings"), fixtures.display().to_string());
    let mappings = mappings.display().to_string();
    let fixed = ["fixtures", "explain", request, "--mappings", &mappings, "--fixtures", &fixtures];
    figleaf(&project("."), &[&fixed, more].concat(), &[])
}

#[test]
fn a_request_that_is_answered_ends_with_0() {
    let (folder, fixtures) = fixtures();
    let output = explain(&fixtures, &request(folder.path(), "44", "44"), &[]);
    assert_eq!(output.code, 0, "{output:?}");
    insta::assert_snapshot!(output.stdout, @r"
    backend: shop (SOAP 1.1)
    operation: GetOrder, by the element in the body
    answered by shop/GetOrder/one-line
    ");
}

#[test]
fn a_request_that_is_not_ends_with_1_and_all_differences() {
    let (folder, fixtures) = fixtures();
    let path =
        request(folder.path(), "<s:OrderID>44</s:OrderID>", "<s:OrderID>x</s:OrderID><s:Why/>");
    let output = explain(&fixtures, &path, &["--backend", "shop"]);
    assert_eq!(output.code, 1, "{output:?}");
    insta::assert_snapshot!(output.stdout.lines().take(7).collect::<Vec<_>>().join("\n"), @r"
    backend: shop (SOAP 1.1)
    operation: GetOrder, by the element in the body
    no fixture answers GetOrder: an element is missing, or one too many; the nearest is shop/GetOrder/everything
    shop/GetOrder/everything:
      Body/GetOrder/OrderID (value): `42` in the fixture, `x` in the request
      Body/GetOrder/Why (extra): nothing in the fixture, an empty one in the request
      add to the fixture: ignore: ['//OrderID', '//Why']
    ");
    let json = explain(&fixtures, &path, &["--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["answeredBy"], serde_json::Value::Null);
    assert_eq!(json["nearest"].as_array().unwrap().len(), 3);
}

#[test]
fn a_skeleton_answers_the_request_it_was_written_for() {
    let (folder, fixtures) = fixtures();
    let path = request(folder.path(), "44", "4711");
    let output = explain(&fixtures, &path, &["--write-skeleton"]);
    assert_eq!((output.code, output.stderr.as_str()), (1, "written: shop/GetOrder/skeleton\n"));
    let again = explain(&fixtures, &path, &["--write-skeleton"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.stdout.ends_with("answered by shop/GetOrder/skeleton\n"), "{}", again.stdout);
}

#[test]
fn what_cannot_be_explained_ends_with_2() {
    let (folder, fixtures) = fixtures();
    let check = |path: &str, more: &[&str], expected: &str| {
        let output = explain(&fixtures, path, more);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.stderr.contains(expected), "{}", output.stderr);
    };
    let path = request(folder.path(), "soap:Envelope", "Envelop");
    check(&path, &[], "the request is no SOAP: the root element is Envelop");
    check("nowhere.xml", &[], "nowhere.xml cannot be read");
    let path = request(folder.path(), "44", "44");
    check(&path, &["--backend", "shp"], "did you mean `shop`?");
    std::fs::write(fixtures.join("shop/GetOrder/one-line.yaml"), "fixture: 1\nnotes: x\n").unwrap();
    check(&path, &[], "one-line.yaml:2:1");
}

#[test]
fn a_replay_says_what_it_will_miss_and_what_it_did_not_need() {
    let (_folder, fixtures) = fixtures();
    let fixtures = fixtures.display().to_string();
    let folder = TempDir::new().unwrap();
    let mapping = crate::rig::shop_mapping("shop.yaml");
    std::fs::write(folder.path().join("shop.yaml"), mapping).unwrap();
    let mappings = folder.path().display().to_string();
    let arguments =
        ["--mappings", &mappings, "--fixtures", &fixtures, "--replay", "--report-unused"];
    let mut serving = Serving::start(folder.path(), &arguments, &[]);
    let said = serving.before();
    assert!(said.contains("replaying 6 fixtures: no backend is called\n"), "{said}");
    assert!(said.contains("  no fixture for POST /api/v1/orders\n"), "{said}");
    assert!(!said.contains("no fixture for GET /api/v1/orders/{orderId}\n"), "{said}");
    serving.signal("TERM");
    serving.line("6 fixtures answered nothing:");
    serving.line("  shop/GetOrder/one-line");
}
