//! `figleaf verify` and what belongs to it: on the project's own fixtures, on copies of them that
//! were tampered with, and beside the real legacy shop.

use std::path::{Path, PathBuf};

use figleaf::fixture::{Facade, ReplayHow};
use tempfile::TempDir;

use crate::rig::{LegacyShop, Output, Script, Scripted, figleaf, project};

/// A copy of the project's shop: mappings, contract, fixtures.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for part in [
            "mappings/shop.yaml",
            "mappings/shop-v2.yaml",
            "wsdl/shop",
            "fixtures/shop",
            "fixtures/shop12",
        ] {
            copy(&project(part), &folder.path().join(part));
        }
        Self(folder)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap()
    }

    /// Changes a file; what is replaced has to be there.
    #[track_caller]
    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path}: {text}");
        std::fs::write(self.at(path), text.replace(from, to)).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        figleaf(self.0.path(), arguments, variables)
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    if from.is_file() {
        std::fs::copy(from, to).unwrap();
        return;
    }
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

/// The lines about one fixture.
fn about<'o>(output: &'o Output, name: &str) -> Vec<&'o str> {
    let mut lines = output.stdout.lines().skip_while(|line| !line.ends_with(name));
    let first = lines.next().unwrap_or_else(|| panic!("no {name} in {output:?}"));
    std::iter::once(first).chain(lines.take_while(|line| line.starts_with("    "))).collect()
}

#[track_caller]
fn has(output: &Output, name: &str, code: i32, expected: &[&str]) {
    assert_eq!(output.code, code, "{output:?}");
    let lines = about(output, name);
    for wanted in expected {
        assert!(lines.iter().any(|line| line.contains(wanted)), "no `{wanted}` in {lines:#?}");
    }
}

#[test]
fn the_projects_fixtures_hold_and_what_has_none_is_listed() {
    let copy = Copy::new();
    let output = copy.run(&["verify"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(!output.stdout.contains("FAILED"), "{}", output.stdout);
    assert!(about(&output, "shop/GetOrder/everything")[0].starts_with("ok "));
    assert!(output.stdout.contains("  route      GET /api/v2/orders\n"), "{}", output.stdout);
    let required = copy.run(&["verify", "--require-coverage"]);
    assert_eq!(required.code, 2, "{required:?}");
    let only = copy.run(&["verify", "--only", "shop/GetOrder/*"]);
    assert_eq!(only.code, 0);
    assert!(only.stdout.ends_with("\n6 fixtures: 6 ok, 0 failed\n"), "{}", only.stdout);
}

#[test]
fn exit_codes_tell_nothing_and_nonsense_apart() {
    let copy = Copy::new();
    std::fs::create_dir(copy.at("empty")).unwrap();
    assert_eq!(copy.run(&["verify", "--fixtures", "empty"]).code, 2);
    assert_eq!(copy.run(&["verify", "--fixtures", "nowhere"]).code, 3);
    assert_eq!(copy.run(&["verify", "--mappings", "nowhere"]).code, 3);
    assert_eq!(copy.run(&["verify", "--no-such-thing"]).code, 3);
    assert_eq!(copy.run(&["verify", "--budget", "5"]).code, 3);
    assert_eq!(copy.run(&["verify", "--help"]).code, 0);
    assert_eq!(copy.run(&["check", "--no-such-thing"]).code, 2);
}

#[test]
fn a_member_renamed_in_the_mapping_is_named() {
    let copy = Copy::new();
    copy.edit("mappings/shop-v2.yaml", "shippingAddress", "deliveryAddress");
    let output = copy.run(&["verify"]);
    has(
        &output,
        "shop12/GetOrder/v2-renamed",
        1,
        &[
            "answer: GET /api/v2/orders/42: the answer differs from v2-renamed.res.json",
            "/shippingAddress: golden an object of 4, now absent",
            "/deliveryAddress: not in the golden, now an object of 4",
        ],
    );
    assert!(about(&output, "shop/GetOrder/everything")[0].starts_with("ok "));
}

#[test]
fn a_request_that_is_built_otherwise_is_shown_beside_the_recorded_one() {
    let copy = Copy::new();
    copy.edit("mappings/shop.yaml", "default: 50", "default: 20");
    let output = copy.run(&["verify"]);
    let lines = &["the request is not the one that was recorded", "recorded 50, now 20"];
    has(&output, "shop/SearchOrders/one", 1, lines);
}

#[test]
fn an_element_renamed_in_the_contract_breaks_the_fixtures_that_have_it() {
    let copy = Copy::new();
    copy.edit("wsdl/shop/orders.xsd", "name=\"TrackingNumber\"", "name=\"ParcelNumber\"");
    let output = copy.run(&["verify"]);
    let lines = ["response", "TrackingNumber", "/trackingNumber: golden", "now absent"];
    has(&output, "shop/GetOrder/everything", 1, &lines);
    assert!(about(&output, "shop/CheckStock/nowhere")[0].starts_with("ok "));
    // One that was recorded before the change says so.
    let yaml = "fixtures/shop/CheckStock/nowhere.yaml";
    copy.edit(yaml, "operation:", "recorded: { at: 2026-01-01T00:00:00Z, by: figleaf 0.1.0, contract: 0123456789abcdef, took_ms: 1 }\noperation:");
    let output = copy.run(&["verify", "--only", "*nowhere"]);
    let note = "note: recorded against another revision of the contract; still valid";
    has(&output, "shop/CheckStock/nowhere", 0, &[note]);
}

#[test]
fn fixtures_are_held_against_the_contract_even_where_the_mapping_does_not_fit_it() {
    let copy = Copy::new();
    copy.edit("wsdl/shop/OrderInterface.wsdl", "OrderID", "OrderNumber");
    let output = copy.run(&["verify"]);
    has(&output, "shop/GetOrder/everything", 1, &["contract: the request does not fit", "OrderID"]);
    assert!(
        about(&output, "shop/CheckStock/nowhere")[1].contains("not checked: only its contract")
    );
}

#[test]
fn dead_rules_old_fixtures_and_those_nobody_reaches_are_named() {
    let copy = Copy::new();
    let yaml = "fixtures/shop/GetOrder/one-line.yaml";
    copy.edit(
        yaml,
        "operation:",
        "ignore: [Body/GetOrder/NoSuch]\nexpires: 2020-01-01\noperation:",
    );
    for ending in ["yaml", "req.xml", "res.xml", "res.json"] {
        let from = copy.at(&format!("fixtures/shop/GetOrder/everything.{ending}"));
        std::fs::copy(from, copy.at(&format!("fixtures/shop/GetOrder/zz.{ending}"))).unwrap();
    }
    copy.edit("fixtures/shop/GetOrder/zz.yaml", "everything.res.json", "zz.res.json");
    let output = copy.run(&["verify"]);
    let notes =
        ["`ignore: Body/GetOrder/NoSuch` names nothing in the request", "expired on 2020-01-01"];
    has(&output, "shop/GetOrder/one-line", 1, &notes);
    let lines = [
        "shop/GetOrder/everything answers it, and this fixture does not",
        "never answers: shop/GetOrder/everything",
    ];
    has(&output, "shop/GetOrder/zz", 1, &lines);
    std::fs::write(copy.at("fixtures/shop/GetOrder/zz.yaml"), "fixture: 1\nnonsense: 1\n").unwrap();
    let output = copy.run(&["verify"]);
    has(&output, "shop/GetOrder/zz", 1, &["files:", "nonsense"]);
}

#[test]
fn a_fixture_without_a_request_of_the_facade_is_read_by_the_routes_of_its_operation() {
    let copy = Copy::new();
    let yaml = copy.at("fixtures/shop/GetOrder/everything.yaml");
    std::fs::write(&yaml, "fixture: 1\noperation: GetOrder\n").unwrap();
    has(&copy.run(&["verify"]), "shop/GetOrder/everything", 0, &["ok "]);
    // A number where the document wants one of a few words.
    let page = copy.at("fixtures/shop/GetOrder/everything.res.xml");
    std::fs::write(page, "<html>We are closed.</html>").unwrap();
    let output = copy.run(&["verify"]);
    has(
        &output,
        "shop/GetOrder/everything",
        0,
        &["note: GET /api/v1/orders/{orderId}: backend-not-soap"],
    );
}

#[test]
fn a_ci_server_can_read_what_was_found() {
    let copy = Copy::new();
    copy.edit("mappings/shop-v2.yaml", "shippingAddress", "deliveryAddress");
    copy.run(&["verify", "--junit", "out.xml", "--require-coverage"]);
    let text = copy.read("out.xml");
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let cases: Vec<_> = root.descendants().filter(|n| n.has_tag_name("testcase")).collect();
    assert_eq!(root.attribute("tests"), Some(cases.len().to_string().as_str()));
    let suite = root.children().find(|n| n.attribute("name") == Some("shop12.GetOrder")).unwrap();
    assert_eq!((suite.attribute("tests"), suite.attribute("failures")), (Some("2"), Some("1")));
    let failed = suite.children().find(|n| n.attribute("name") == Some("v2-renamed")).unwrap();
    let failure = failed.children().find(|n| n.has_tag_name("failure")).unwrap();
    assert_eq!(failure.attribute("type"), Some("answer"));
    assert!(failure.text().unwrap().contains("/deliveryAddress: not in the golden"));
    let coverage = root.children().find(|n| n.attribute("name") == Some("coverage")).unwrap();
    assert_eq!(coverage.attribute("failures"), coverage.attribute("tests"));
    let json = copy.run(&["verify", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let failed = json["fixtures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["name"] == "shop12/GetOrder/v2-renamed");
    assert_eq!(failed.unwrap()["findings"][0]["check"], "answer");
}

#[test]
fn reads_are_sent_to_the_real_shop_and_writes_are_not() {
    let copy = Copy::new();
    let shop = LegacyShop::open();
    let live = |more: &[&str]| {
        let mut arguments = vec!["verify", "--live", "--rate", "1000/s"];
        arguments.extend_from_slice(more);
        copy.run_with(&arguments, &[("SHOP_URL", &shop.url)])
    };
    let output = live(&[]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(about(&output, "shop/GetOrder/everything")[0].starts_with("same "), "{output:?}");
    has(&output, "shop12/PlaceOrder/placed", 0, &["not checked: it is a write"]);
    let output = live(&["--budget", "1", "--backend", "shop"]);
    assert!(output.stdout.contains("not checked: the budget of 1 calls is used up"), "{output:?}");
    // Drift, planted on the side of the recording.
    let file = "fixtures/shop/GetOrder/everything.res.xml";
    copy.edit(file, "<Status>SHIPPED</Status>", "<Status>OPEN</Status>");
    copy.edit(file, "<OrderDate>", "<Gone>1</Gone><OrderDate>");
    copy.edit(file, "<Note>Ring twice.</Note>", "");
    let lines = [
        "warning: Body/GetOrderResponse/Order/Status was `OPEN`, is `SHIPPED`",
        "warning: Body/GetOrderResponse/Order/Gone is gone",
        "info: Body/GetOrderResponse/Order/Note",
    ];
    has(&live(&["--only", "*everything"]), "shop/GetOrder/everything", 0, &lines);
    copy.edit(file, "<CustomerID>00017</CustomerID>", "<CustomerID>ACME</CustomerID>");
    let lines = ["error: Body/GetOrderResponse/Order/CustomerID was a text, `ACME`, is a number"];
    has(&live(&["--only", "*everything"]), "shop/GetOrder/everything", 1, &lines);
}

#[test]
fn a_fault_in_the_place_of_a_result_is_an_error_and_so_is_no_answer() {
    let copy = Copy::new();
    let fault = copy.read("fixtures/shop/GetOrder/not-found.res.xml");
    let headers = "Content-Type: text/xml; charset=utf-8\r\n";
    let backend = Scripted::new(Script::answer("500 Internal Server Error", headers, fault));
    let url = backend.url();
    let arguments = ["verify", "--live", "--only", "shop/GetOrder/everything"];
    let output = copy.run_with(&arguments, &[("SHOP_URL", &url)]);
    has(
        &output,
        "shop/GetOrder/everything",
        1,
        &["error: Body a result was recorded, now the fault"],
    );
    backend.play(Script::Reset);
    let output = copy.run_with(&arguments, &[("SHOP_URL", &url)]);
    has(&output, "shop/GetOrder/everything", 1, &["backend-reset"]);
}

#[test]
fn a_refresh_keeps_what_a_hand_did_and_takes_only_what_was_accepted() {
    let copy = Copy::new();
    let shop = LegacyShop::open();
    let (yaml, xml) =
        ("fixtures/shop/GetOrder/everything.yaml", "fixtures/shop/GetOrder/everything.res.xml");
    let refresh = |more: &[&str]| {
        let mut arguments = vec!["fixtures", "refresh", "--only", "*/everything"];
        arguments.extend_from_slice(more);
        copy.run_with(&arguments, &[("SHOP_URL", &shop.url)])
    };
    // Nobody knows what was recorded, so everything is a conflict until it is named.
    copy.edit(xml, "<Status>SHIPPED</Status>", "<Status>OPEN</Status>");
    let golden = "fixtures/shop/GetOrder/everything.res.json";
    copy.edit(golden, "\"SHIPPED\"", "\"OPEN\"");
    let place = "Body/GetOrderResponse/Order/Status";
    has(
        &refresh(&["--accept", "all"]),
        "shop/GetOrder/everything",
        1,
        &["Status was changed by a hand to `OPEN`", "NOT TAKEN"],
    );
    let dry = refresh(&["--accept", place, "--dry-run"]);
    has(&dry, "shop/GetOrder/everything", 0, &["taken", "everything.res.json follows"]);
    assert!(copy.read(xml).contains("<Status>OPEN</Status>"));
    has(&refresh(&["--accept", place]), "shop/GetOrder/everything", 0, &["taken"]);
    assert!(copy.read(xml).contains("<Status>SHIPPED</Status>"), "{}", copy.read(xml));
    assert!(copy.read(golden).contains("\"SHIPPED\""));
    let text = copy.read(yaml);
    assert!(text.contains("leaves:") && text.contains("note: \"Every member there"), "{text}");
    assert_eq!(copy.run(&["verify"]).code, 0);
    // From now on it is known what a hand does.
    copy.edit(xml, "<Status>SHIPPED</Status>", "<Status>BILLED</Status>");
    has(
        &refresh(&[]),
        "shop/GetOrder/everything",
        0,
        &["Status stays as a hand left it: `BILLED`"],
    );
    // A folder that was recorded meanwhile: a value the backend changed, and one a hand did.
    let other = Copy::new();
    let theirs = other.at(xml);
    let text =
        copy.read(xml).replace("BILLED", "CLOSED").replace("<Quantity>12.340<", "<Quantity>13<");
    std::fs::write(&theirs, text).unwrap();
    let folder = other.at("fixtures");
    let from = ["--from", folder.to_str().unwrap()];
    let lines = [
        "Quantity was `12.340`, is `13`: NOT TAKEN",
        "Status was changed by a hand to `BILLED`, the backend says `CLOSED`: NOT TAKEN",
    ];
    has(&refresh(&from), "shop/GetOrder/everything", 1, &lines);
    let output = refresh(&[&from[..], &["--accept", "all"]].concat());
    has(
        &output,
        "shop/GetOrder/everything",
        1,
        &["Quantity was `12.340`, is `13`: taken", "`CLOSED`: NOT TAKEN"],
    );
    assert!(copy.read(xml).contains("<Quantity>13<") && copy.read(xml).contains("BILLED"));
}

#[test]
fn a_rust_test_has_a_facade_on_fixtures_in_a_line() {
    let start =
        || Facade::replaying(project("fixtures")).mappings(project("mappings")).start().unwrap();
    let facade = start();
    let before = facade.unused().len();
    let answer = facade.get("/api/v1/orders/42").unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.body.contains("\"orderId\":42"), "{}", answer.body);
    assert_eq!(facade.unused().len(), before - 1);
    assert!(!facade.unused().contains(&"shop/GetOrder/everything".to_owned()));
    assert_eq!(facade.get("/api/v1/orders/4711").unwrap().status, 501);
    let url = facade.url();
    drop(facade);
    let address = url.strip_prefix("http://").unwrap();
    assert!(std::net::TcpStream::connect(address).is_err(), "it still listens");
    let lenient = Facade::replaying(project("fixtures")).mappings(project("mappings"));
    let lenient = lenient.how(ReplayHow::Lenient).session("mine").start().unwrap();
    assert_eq!(lenient.session(), Some("mine"));
    assert_eq!(lenient.get("/api/v1/orders/4711").unwrap().status, 200);
}

#[test]
fn a_facade_that_cannot_start_says_everything_that_is_wrong() {
    let copy = Copy::new();
    copy.edit("mappings/shop.yaml", "soap: shop.GetOrder", "soap: shop.GetOrdr");
    let mapping = copy
        .read("mappings/shop.yaml")
        .replace("${SHOP_URL:-http://127.0.0.1:8081/shop}", "${NO_SUCH}");
    std::fs::write(copy.at("mappings/shop.yaml"), mapping).unwrap();
    let start = |name: &str| {
        let builder = Facade::replaying(copy.at("fixtures")).mappings(copy.at("mappings"));
        builder.var(name, "http://127.0.0.1:1/").start()
    };
    let error = start("OTHER").err().unwrap();
    let text = error.to_string();
    assert!(text.contains("GetOrdr") && text.contains("`NO_SUCH` is not set"), "{text}");
    let error = start("NO_SUCH").err().unwrap().to_string();
    assert!(error.contains("GetOrdr") && !error.contains("NO_SUCH"), "{error}");
    copy.edit("mappings/shop.yaml", "shop.GetOrdr", "shop.GetOrder");
    assert!(start("NO_SUCH").is_ok());
    std::fs::write(copy.at("fixtures/shop/GetOrder/one-line.yaml"), "fixture: 1\nwrong: 1\n")
        .unwrap();
    let error = start("NO_SUCH").err().unwrap();
    assert_eq!(error.problems.len(), 1, "{error}");
    assert!(error.to_string().contains("one-line.yaml"), "{error}");
}
