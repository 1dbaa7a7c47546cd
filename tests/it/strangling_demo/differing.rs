//! The five ways in which rewrites differ, one rule taken away at a time.

use std::collections::HashMap;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use figleaf::demo::candidate::{Successor, candidate};
use tempfile::TempDir;

use super::{Watched, ask};
use crate::rig::{LegacyShop, Serving, Variables, project};

/// A way, and how the mapping says that it does not matter.
const RULES: [(&str, &[&str]); 5] = [
    ("order", &["flags: { unordered: true }"]),
    (
        "decimals",
        &[r#""**.value": { decimal: true }"#, r#""lines[*].quantity": { decimal: true }"#],
    ),
    ("null", &["deliveryDate: { nullish: true }"]),
    ("one", &["note: { one_or_many: true }"]),
    ("zones", &["orderDate: { time: { ignore_zone: true } }"]),
];
/// The only place that needs two of them.
const BOTH: &str = "deliveryDate: { nullish: true, time: { ignore_zone: true } }";
const ZONE_ALONE: &str = "deliveryDate: { time: { ignore_zone: true } }";

/// Three orders in which all of it can be seen, each asked for so many times.
const ORDERS: [u64; 3] = [42, 43, 44];
const TIMES: usize = 4;

/// The successor of a shop on a free port; it stops when dropped.
struct Next {
    url: String,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Next {
    fn open(shop: &LegacyShop) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let successor = Data::new(Successor::new(shop.shop.clone(), "no ledger".into()));
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let running = candidate(listener, successor).unwrap();
                sender.send(running.handle()).unwrap();
                running.await.unwrap();
            });
        });
        Self { url, handle: receiver.recv().unwrap(), thread: Some(thread) }
    }
}

impl Drop for Next {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A route for each way, with the rules for all others; one with all rules, and one with none.
fn mapping() -> String {
    let contract = project("wsdl/shop/OrderService.wsdl");
    let mut text = format!(
        "figleaf: 1\napi: shop\nversion: v1\nbackends:\n  shop: {{ soap: {}, port: \
         OrderServiceSoap11, url: \"${{SHOP_URL}}\" }}\n  next: {{ http: \"${{NEXT_URL}}\" }}\nroutes:\n",
        contract.display()
    );
    for without in RULES.iter().map(|(way, _)| *way).chain(["", "any"]) {
        let name = if without.is_empty() { "all" } else { without };
        text += &format!(
            "  GET /{name}/{{orderId}}:\n    soap: shop.GetOrder\n    returns: order\n    \
             candidate: {{ http: next, path: \"/orders/{{orderId}}\" }}\n    stage: shadow\n"
        );
        if without == "any" {
            continue;
        }
        text += "    compare:\n      rules:\n";
        for (way, rules) in RULES.iter().filter(|(way, _)| *way != without) {
            let rules = rules.iter().map(|rule| match *way {
                "null" if without != "zones" => BOTH,
                _ => rule,
            });
            rules.for_each(|rule| text += &format!("        {rule}\n"));
        }
        if without == "null" {
            text += &format!("        {ZONE_ALONE}\n");
        }
    }
    text
}

#[actix_web::test]
async fn shadow_finds_what_was_planted_and_nothing_else() {
    let shop = LegacyShop::open();
    let next = Next::open(&shop);
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("mappings")).unwrap();
    std::fs::write(folder.path().join("mappings/shop.yaml"), mapping()).unwrap();
    let state = folder.path().join("state.db").display().to_string();
    let variables = [("SHOP_URL", shop.url.as_str()), ("NEXT_URL", next.url.as_str())];
    let arguments = ["--state", &state, "--log-level", "warn"];
    let serving = Serving::start(folder.path(), &arguments, &variables);
    let known = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let variables = Variables(HashMap::from(known));
    let watched = Watched::open(&folder.path().join("mappings"), &variables, &state).await;
    let flags = ["Order flags 4"];
    let decimals = [
        "Value lines[*].quantity 4",
        "Value lines[*].unitPrice.value 12",
        "Value payment.voucher.faceValue.value 4",
        "Value total.value 8",
    ];
    let null = ["Missing deliveryDate 8"];
    let one = ["Type note 4"];
    let zones = ["Value deliveryDate 4", "Value orderDate 4"];
    let any = [&flags[..], &decimals, &null, &one, &zones].concat();
    for (route, expected) in [
        ("all", &[][..]),
        ("order", &flags),
        ("decimals", &decimals),
        ("null", &null),
        ("one", &one),
        ("zones", &zones),
        ("any", &any),
    ] {
        let paths = ORDERS.map(|order| format!("/api/v1/{route}/{order}"));
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        ask(&serving.url(""), &paths, TIMES).await;
        let name = format!("GET /api/v1/{route}/{{orderId}}");
        let status = watched.compared(&name, (ORDERS.len() * TIMES) as u64).await;
        let mut found: Vec<_> = status
            .mismatches
            .iter()
            .map(|(class, place, n)| format!("{class} {place} {n}"))
            .collect();
        let mut expected = expected.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{route}");
    }
}
