//! The copies stand alone, whatever they were copied from.

use std::net::TcpListener;

use super::fixtures::{Project, element, get_crate, wsdl};
use crate::cli::import::verify_lock;

const CRATE: [(&str, &str, &str); 1] = [("GetCrate", "GetCrate", "GetCrateResponse")];

fn schema(namespace: &str, inside: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='ISO-8859-1'?>\n<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='{namespace}'>{inside}</x:schema>"
    )
}

#[test]
fn files_of_one_name_and_of_other_encodings_are_copied() {
    let project = Project::new();
    // é in ISO-8859-1.
    let latin = |text: String| {
        text.replace('é', "\u{1}")
            .into_bytes()
            .into_iter()
            .map(|b| if b == 1 { 0xE9 } else { b })
            .collect::<Vec<u8>>()
    };
    project.contract("one/types.xsd", latin(schema("urn:1", "<x:import namespace='urn:2' schemaLocation='../two/Types.xsd'/><!-- é --><x:simpleType name='A'><x:restriction base='x:string'/></x:simpleType>")));
    project.contract("two/Types.xsd", schema("urn:2", ""));
    let text = "<x:import namespace='urn:1' schemaLocation=\"one/types.xsd\"/>".to_owned()
        + &get_crate()
        + &element("PutCrate", "<x:element xmlns:o='urn:1' name='A' type='o:A'/>");
    let operations = [CRATE[0], ("PutCrate", "PutCrate", "GetCrateResponse")];
    let source = project.contract("depot.wsdl", wsdl(&text, &operations));
    let done = project.import(&source, &[]).unwrap();
    assert_eq!(done.code, 0, "{}", done.text);
    let names: Vec<String> = project.files().into_keys().collect();
    assert_eq!(
        names,
        [
            "mappings/depot.yaml",
            "wsdl/depot/Depot.wsdl",
            "wsdl/depot/Types-2.xsd",
            "wsdl/depot/figleaf.lock.json",
            "wsdl/depot/types.xsd",
        ]
    );
    let types = project.read("wsdl/depot/types.xsd");
    assert!(types.contains("encoding='UTF-8'") && types.contains("é"), "{types}");
    assert!(types.contains("schemaLocation='Types-2.xsd'"), "{types}");
    let root = project.read("wsdl/depot/Depot.wsdl");
    assert!(root.contains("schemaLocation=\"types.xsd\""), "{root}");
    assert_eq!(verify_lock(&project.into.join("wsdl/depot")).error_count(), 0);
    // With the originals gone, the copies read the same.
    std::fs::remove_dir_all(&project.contracts).unwrap();
    let again = project.into.join("wsdl/depot/Depot.wsdl");
    let done = project.import(again.to_str().unwrap(), &["--dry-run"]).unwrap();
    assert!(done.text.contains("2 operations: 2 without loss"), "{}", done.text);
}

#[test]
fn importing_again_changes_nothing() {
    let project = Project::new();
    let source = project.contract("depot.wsdl", wsdl(&get_crate(), &CRATE));
    project.import(&source, &[]).unwrap();
    let before = project.files();
    let done = project.import(&source, &[]).unwrap();
    assert!(
        done.text.ends_with("Nothing changed: wsdl/depot is up to date.\n")
            || done.text.contains("Nothing changed"),
        "{}",
        done.text
    );
    assert_eq!(project.files(), before);
}

#[test]
fn a_changed_contract_keeps_what_a_person_wrote() {
    let project = Project::new();
    let source = project.contract("depot.wsdl", wsdl(&get_crate(), &CRATE));
    project.import(&source, &[]).unwrap();
    let file = project.into.join("mappings/depot.yaml");
    let edited = project.read("mappings/depot.yaml").replace("/crates/", "/boxes/") + "\n# mine\n";
    std::fs::write(&file, &edited).unwrap();
    let schema = get_crate().replace("x:decimal", "x:double")
        + &element("ListLids", "<x:element name='Colour' type='x:string'/>");
    let operations = [CRATE[0], ("ListLids", "ListLids", "GetCrateResponse")];
    project.contract("depot.wsdl", wsdl(&schema, &operations));
    let done = project.import(&source, &[]).unwrap();
    for line in [
        "+ operation DepotPort/ListLids",
        "~ operation DepotPort/GetCrate",
        "~ type GetCrateResponse",
        "~ file Depot.wsdl",
        "Appended to its routes: ListLids.",
    ] {
        assert!(done.text.contains(line), "{line}\n{}", done.text);
    }
    let after = project.read("mappings/depot.yaml");
    assert!(after.contains("GET /lids:\n    soap: depot.ListLids\n"), "{after}");
    let mine: String = after.split("\n  # New in").next().unwrap().to_owned();
    assert!(edited.starts_with(&mine) && after.ends_with("\n# mine\n"), "{after}");
    // And once more: nothing.
    let before = project.files();
    project.import(&source, &[]).unwrap();
    assert_eq!(project.files(), before);
    // An operation that goes is only reported.
    project.contract("depot.wsdl", wsdl(&schema, &operations[1..]));
    let done = project.import(&source, &[]).unwrap();
    assert!(done.text.contains("still has a route for `GetCrate`"), "{}", done.text);
    assert_eq!(project.read("mappings/depot.yaml"), after);
}

#[test]
fn a_folder_that_import_did_not_make_is_left_alone() {
    let project = Project::new();
    let source = project.contract("depot.wsdl", wsdl(&get_crate(), &CRATE));
    let folder = project.into.join("wsdl/depot");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("Depot.wsdl"), "mine").unwrap();
    let stop = project.import(&source, &[]).unwrap_err();
    assert!(stop.failure.message.contains("not made by import"));
    assert_eq!(project.files().len(), 1);
    assert_eq!(project.import(&source, &["--name", "depot2"]).unwrap().code, 0);
}

/// The embedded shop on a port of its own, until the test ends.
fn shop() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let shop = actix_web::web::Data::new(crate::demo::legacy::Shop::new());
        let server = crate::demo::legacy::legacy(listener, shop).unwrap();
        actix_web::rt::System::new().block_on(server).unwrap();
    });
    format!("http://{address}/shop?wsdl")
}

#[test]
fn a_contract_is_fetched_over_http() {
    let project = Project::new();
    let source = shop();
    let done = project.import(&source, &["--name", "shop"]).unwrap();
    assert_eq!(done.code, 0, "{}", done.text);
    assert_eq!(project.files().len(), 8);
    let lock = project.read("wsdl/shop/figleaf.lock.json");
    assert!(lock.contains(&source), "{lock}");
    let again = project.import(&source, &["--name", "shop"]).unwrap();
    assert!(again.text.contains("Nothing changed"), "{}", again.text);
    let missing = project.import(&source.replace("/shop?wsdl", "/nothing"), &[]).unwrap_err();
    assert!(missing.problems[0].message.contains("404"), "{}", missing.problems[0].message);
}

#[test]
fn other_hosts_are_asked_only_where_that_was_allowed() {
    let project = Project::new();
    let elsewhere = shop().replace("/shop?wsdl", "/codes.xsd");
    let text = format!("<x:import namespace='urn:1' schemaLocation='{elsewhere}'/>") + &get_crate();
    let source = project.contract("depot.wsdl", wsdl(&text, &CRATE));
    let done = project.import(&source, &[]).unwrap();
    assert_eq!(project.files().len(), 3, "{}", done.text);
    let project = Project::new();
    let source = project.contract("depot.wsdl", wsdl(&text, &CRATE));
    project.import(&source, &["--allow-host", "127.0.0.1"]).unwrap();
    assert!(project.files().contains_key("wsdl/depot/codes.xsd"));
}
