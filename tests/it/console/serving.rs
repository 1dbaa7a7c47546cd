//! The console beside the server, as the command line opens it.

use std::net::TcpListener;
use std::path::Path;

use tempfile::TempDir;

use super::rig::TOKENS;
use crate::rig::{Answer, Serving, client, figleaf};

const MAPPING: &str = "\
figleaf: 1
api: things
version: v1
backends:
  old: { http: http://127.0.0.1:9 }
  new: { http: http://127.0.0.1:9 }
routes:
  GET /things/{id}:
    http: old
    path: /things/{id}
    candidate: { http: new, path: \"/v2/things/{id}\" }
";

fn folder(mapping: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/things.yaml"), mapping).unwrap();
    std::fs::write(folder.path().join("tokens"), TOKENS).unwrap();
    folder
}

/// Where a server says its console is.
fn console(serving: &Serving) -> String {
    let line = serving.welcome.iter().find_map(|line| line.strip_prefix("console at "));
    line.unwrap_or_else(|| panic!("no console: {}", serving.before())).to_owned()
}

async fn get(url: &str) -> Answer {
    Answer::of(client().get(url).send().await.unwrap()).await
}

#[tokio::test]
async fn it_is_where_it_is_asked_to_be_and_follows_the_store() {
    let folder = folder(MAPPING);
    let arguments = ["--console", "127.0.0.1:0", "--state", "state.db"];
    let serving = Serving::start(folder.path(), &arguments, &[]);
    let url = console(&serving);
    let page = get(&url).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("GET /api/v1/things/{id}"), "{}", page.text);
    assert_eq!(get(&format!("{url}/api/status")).await.json()["stages"]["legacy"], 1);
    let metrics = get(&format!("{url}/metrics")).await.text;
    assert!(metrics.contains("figleaf_backend_circuit_state{backend=\"new\",state=\"closed\"} 1"));
    // Callers never reach it by their own door.
    assert_eq!(get(&serving.url("/metrics")).await.status, 404);
    assert_eq!(get(&serving.url("/api/status")).await.status, 404);
}

#[tokio::test]
async fn it_is_open_by_itself_only_where_a_route_has_a_candidate() {
    let without: String = MAPPING
        .lines()
        .filter(|line| !line.contains("candidate"))
        .map(|l| format!("{l}\n"))
        .collect();
    let without = without.replace("  new: { http: http://127.0.0.1:9 }\n", "");
    let silent = folder(&without);
    let serving = Serving::start(silent.path(), &[], &[]);
    assert!(!serving.before().contains("console"), "{}", serving.before());
    // Whoever asks for it gets it all the same.
    let serving = Serving::start(silent.path(), &["--console", "127.0.0.1:0"], &[]);
    assert!(get(&console(&serving)).await.text.contains("No route has a candidate yet"));
    let folder = folder(MAPPING);
    let serving = Serving::start(folder.path(), &["--console", "off"], &[]);
    assert!(!serving.before().contains("console"), "{}", serving.before());
    // Its usual address may be somebody's: then it goes on without.
    let _taken = TcpListener::bind("127.0.0.1:9090");
    let serving = Serving::start(folder.path(), &[], &[]);
    assert!(serving.before().contains("no console: port 9090 is taken"), "{}", serving.before());
}

#[test]
fn what_it_cannot_do_it_says_at_the_start() {
    let folder = folder(MAPPING);
    let path = folder.path();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    std::fs::write(path.join("short"), "ada owner secret\n").unwrap();
    let check = |arguments: &[&str], expected: &str| {
        let serve = ["serve", "--listen", "127.0.0.1:0"];
        let output = figleaf(Path::new(path), &[&serve, arguments].concat(), &[]);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.stderr.contains(expected), "{arguments:?}: {output:?}");
    };
    check(&["--console", &address], "is taken");
    check(&["--console", "0.0.0.0:0"], "is reached from other machines, and there are no tokens");
    check(&["--console", "9090"], "an address is a number and a port");
    let short = ["--console", "0.0.0.0:0", "--console-tokens", "short"];
    check(&short, "--console-tokens short: line 1: a token has 20 bytes or more");
    assert!(!figleaf(path, &[&["serve"][..], &short].concat(), &[]).stderr.contains("secret"));
    check(&["--console", "0.0.0.0:0", "--console-tokens", "none"], "--console-tokens none: ");
}

#[tokio::test]
async fn with_tokens_it_is_open_to_other_machines() {
    let folder = folder(MAPPING);
    let arguments = ["--console", "0.0.0.0:0", "--console-tokens", "tokens"];
    let serving = Serving::start(folder.path(), &arguments, &[]);
    let url = console(&serving).replace("0.0.0.0", "127.0.0.1");
    assert_eq!(get(&url).await.status, 401);
    let with = client().get(&url).bearer_auth(super::rig::token("vera")).send().await.unwrap();
    assert_eq!(with.status(), 200);
}
