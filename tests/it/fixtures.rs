//! Every recorded exchange, through the whole facade: what is sent must mean what was
//! recorded, and what was answered must become the golden JSON.

use std::collections::BTreeMap;

use figleaf::exchange::Entry;
use figleaf::fixture::Store;
use serde_json::value::RawValue;

use crate::rig::{Facade, Script, Scripted, project, same_meaning};

/// Every fixture of the demo system.
pub fn exchanges() -> Vec<Entry> {
    let (entries, problems) = Store::new(&project("fixtures")).read();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(entries.len() > 20, "{}", entries.len());
    entries
}

/// JSON as it is written, but for white space and the order of members: every scalar keeps
/// its digits.
#[derive(Debug, PartialEq, Eq)]
pub enum Exact {
    Object(BTreeMap<String, Exact>),
    Array(Vec<Exact>),
    Scalar(String),
}

pub fn exact(text: &str) -> Exact {
    match text.trim().as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).unwrap();
            Exact::Object(members.into_iter().map(|(k, v)| (k, exact(v.get()))).collect())
        }
        Some(b'[') => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(text).unwrap();
            Exact::Array(items.iter().map(|item| exact(item.get())).collect())
        }
        Some(b'"') => Exact::Scalar(format!("{:?}", serde_json::from_str::<String>(text).unwrap())),
        _ => Exact::Scalar(text.trim().to_owned()),
    }
}

pub fn contains(whole: &Exact, part: &Exact) -> bool {
    match (whole, part) {
        (Exact::Object(whole), Exact::Object(part)) => {
            part.iter().all(|(k, v)| whole.get(k).is_some_and(|w| contains(w, v)))
        }
        (whole, part) => whole == part,
    }
}

async fn replay(entry: &Entry, http_status: &str) {
    let name = &entry.name;
    let fixture = &entry.fixture;
    assert!(fixture.note.as_ref().is_some_and(|note| !note.is_empty()), "{name}");
    let [rest] = fixture.rest.as_slice() else { panic!("{name}: {:?}", fixture.rest) };
    let backend = Scripted::new(if rest.golden.is_some() {
        let headers = "Content-Type: text/xml; charset=utf-8\r\n";
        Script::answer(http_status, headers, &*entry.response)
    } else {
        Script::answer("202 Accepted", "", "")
    });
    let facade = Facade::shop(&backend.url());
    let (method, target) = rest.request.split_once(' ').unwrap();
    let answer = facade.send(method, target, rest.body.as_deref().unwrap_or_default()).await;
    let sent = backend.requests();
    assert_eq!(sent.len(), 1, "{name}: {answer:?}");
    let (head, body) = sent[0].split_once("\r\n\r\n").unwrap();
    let path = project("fixtures").join(name);
    let request = std::fs::read_to_string(path.with_extension("req.xml")).unwrap();
    same_meaning(body, &request, name);
    let head = head.to_ascii_lowercase();
    let action = format!("/{}\"", fixture.operation.as_ref().unwrap().to_ascii_lowercase());
    assert!(head.contains(&action), "{name}: {head}");
    if body.contains("http://www.w3.org/2003/05/soap-envelope") {
        assert!(head.contains("content-type: application/soap+xml; charset=utf-8; action=\""));
        assert!(!head.contains("soapaction"), "{head}");
    } else {
        assert!(head.contains("content-type: text/xml; charset=utf-8\r\n"), "{head}");
        assert!(head.contains("soapaction: \"http"), "{head}");
    }
    assert_eq!(answer.status, rest.status, "{name}: {answer:?}");
    let Some(golden) = Store::new(&project("fixtures")).golden(name, rest).unwrap() else {
        assert_eq!(answer.text, "", "{name}");
        return;
    };
    let golden = exact(std::str::from_utf8(&golden).unwrap());
    let json = exact(&answer.text);
    if rest.status < 400 {
        assert_eq!(json, golden, "{name}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/json");
    } else {
        answer.problem();
        assert!(contains(&json, &golden), "{name}: {}", answer.text);
        assert!(!answer.text.contains("NullPointer"), "{name}: {}", answer.text);
    }
}

#[actix_web::test]
async fn recorded_exchanges_mean_the_same_both_ways() {
    for entry in exchanges() {
        replay(&entry, "200 OK").await;
    }
}

#[actix_web::test]
async fn the_envelope_is_judged_and_not_the_status() {
    for entry in exchanges() {
        replay(&entry, "500 Internal Server Error").await;
    }
}
