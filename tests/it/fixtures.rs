//! Every recorded exchange, through the whole facade: what is sent must mean what was
//! recorded, and what was answered must become the golden JSON.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::rig::{Facade, Script, Scripted, project, same_meaning};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    operation: String,
    note: String,
    pub route: String,
    #[serde(default)]
    pub request: String,
    pub status: u16,
    golden: Option<String>,
}

pub fn exchanges() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(project("fixtures/shop")).unwrap();
    let mut paths: Vec<PathBuf> = folders
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    paths.sort();
    assert!(paths.len() > 20, "{}", paths.len());
    paths
}

pub fn exchange(path: &Path) -> Exchange {
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
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

async fn replay(path: &Path, http_status: &str) {
    let name = path.display().to_string();
    let exchange = exchange(path);
    assert!(!exchange.note.is_empty(), "{name}");
    let recorded = |end: &str| std::fs::read(path.with_extension(end)).unwrap();
    let backend = Scripted::new(if exchange.golden.is_some() {
        let headers = "Content-Type: text/xml; charset=utf-8\r\n";
        Script::answer(http_status, headers, recorded("res.xml"))
    } else {
        Script::answer("202 Accepted", "", "")
    });
    let facade = Facade::shop(&backend.url());
    let (method, target) = exchange.route.split_once(' ').unwrap();
    let answer = facade.send(method, target, &exchange.request).await;
    let sent = backend.requests();
    assert_eq!(sent.len(), 1, "{name}: {answer:?}");
    let (head, body) = sent[0].split_once("\r\n\r\n").unwrap();
    same_meaning(body, &String::from_utf8(recorded("req.xml")).unwrap(), &name);
    let head = head.to_ascii_lowercase();
    let action = format!("/{}\"", exchange.operation.to_ascii_lowercase());
    assert!(head.contains(&action), "{name}: {head}");
    if body.contains("http://www.w3.org/2003/05/soap-envelope") {
        assert!(head.contains("content-type: application/soap+xml; charset=utf-8; action=\""));
        assert!(!head.contains("soapaction"), "{head}");
    } else {
        assert!(head.contains("content-type: text/xml; charset=utf-8\r\n"), "{head}");
        assert!(head.contains("soapaction: \"http"), "{head}");
    }
    assert_eq!(answer.status, exchange.status, "{name}: {answer:?}");
    let Some(golden) = exchange.golden else {
        assert_eq!(answer.text, "", "{name}");
        return;
    };
    let golden = exact(&std::fs::read_to_string(path.with_file_name(golden)).unwrap());
    let json = exact(&answer.text);
    if exchange.status < 400 {
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
    for path in exchanges() {
        replay(&path, "200 OK").await;
    }
}

#[actix_web::test]
async fn the_envelope_is_judged_and_not_the_status() {
    for path in exchanges() {
        replay(&path, "500 Internal Server Error").await;
    }
}
