//! `/openapi.json`: what it says is what happens.

use serde_json::{Value, json};

use crate::fixtures::exchanges;
use crate::rig::{Answer, Facade, LegacyShop, client};

struct Both {
    facade: Facade,
    shop: LegacyShop,
}

fn both() -> Both {
    let shop = LegacyShop::open();
    Both { facade: Facade::shop(&shop.url), shop }
}

/// Follows `$ref`s to the thing itself.
fn resolved<'d>(document: &'d Value, mut thing: &'d Value) -> &'d Value {
    while let Some(reference) = thing["$ref"].as_str() {
        thing = document.pointer(reference.strip_prefix('#').unwrap()).unwrap();
    }
    thing
}

/// An answer must be described, in its status, its media type and its schema.
#[track_caller]
fn described(document: &Value, operation: &Value, answer: &Answer, what: &str) {
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{what}: {} is not described: {answer:?}", answer.status);
    let response = resolved(document, response);
    if answer.text.is_empty() {
        assert!(response.get("content").is_none(), "{what}: a body was promised");
        return;
    }
    let content = &response["content"][answer.header("content-type")];
    assert!(content.is_object(), "{what}: {:?} in {response}", answer.headers);
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [content["schema"]],
        "components": document["components"],
    });
    let validator = jsonschema::validator_for(&schema).unwrap();
    let body = answer.json();
    let errors: Vec<String> =
        validator.iter_errors(&body).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {body}\nis not as described: {errors:#?}");
}

/// A value for a parameter: its example, its default, or the first thing of its type.
fn sample(document: &Value, parameter: &Value) -> String {
    let schema = resolved(document, &parameter["schema"]);
    let candidates = [
        &parameter["example"],
        &schema["example"],
        &schema["examples"][0],
        &schema["default"],
        &schema["enum"][0],
    ];
    match candidates.into_iter().find(|value| !value.is_null()) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None if schema["type"] == "integer" => "42".to_owned(),
        None if schema["format"] == "date" => "2009-03-14".to_owned(),
        None => "00018".to_owned(),
    }
}

#[actix_web::test]
async fn every_example_is_a_request_and_every_answer_is_described() {
    let Both { facade, shop } = both();
    let document = facade.get("/openapi.json").await.json();
    let (mut sent, mut to_shop) = (0, 0);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let what = format!("{method} {path}");
            let (mut target, mut query) = (path.clone(), Vec::new());
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let parameter = resolved(&document, parameter);
                let (name, value) =
                    (parameter["name"].as_str().unwrap(), sample(&document, parameter));
                // Cursors are signed, so there is none to make up.
                if name == "cursor" {
                    continue;
                }
                match parameter["in"].as_str().unwrap() {
                    "path" => target = target.replace(&format!("{{{name}}}"), &value),
                    "query" => query.push(format!("{name}={value}")),
                    // The version of a row nobody has read: without it, it is a 428.
                    "header" if name == "If-Match" => {}
                    other => panic!("{what}: a parameter in {other}"),
                }
            }
            let target = format!("{target}?{}", query.join("&"));
            let content = &operation["requestBody"]["content"]["application/json"];
            let body = match &content["example"] {
                Value::Null => String::new(),
                example => example.to_string(),
            };
            assert_eq!(body.is_empty(), operation.get("requestBody").is_none(), "{what}");
            let answer = facade.send(&method.to_uppercase(), &target, &body).await;
            let code = answer.text.contains("\"request-");
            assert!(!code, "{what} {target}: the example is refused: {}", answer.text);
            described(&document, operation, &answer, &what);
            sent += 1;
            to_shop += u64::from(operation.get("x-figleaf-operation").is_some());
        }
    }
    // A composed answer may have called it as well.
    assert!(shop.shop.calls() >= to_shop, "{to_shop}");
    assert!(sent >= 28 && to_shop >= 16, "{sent} {to_shop}");
}

#[actix_web::test]
async fn every_recorded_exchange_is_described() {
    for entry in exchanges() {
        let Both { facade, shop: _shop } = both();
        let document = facade.get("/openapi.json").await.json();
        let rest = &entry.fixture.rest[0];
        let (method, target) = rest.request.split_once(' ').unwrap();
        let answer = facade.send(method, target, rest.body.as_deref().unwrap_or_default()).await;
        let what = &entry.name;
        assert_eq!(answer.status, rest.status, "{what}: {answer:?}");
        described(&document, operation(&document, method, target), &answer, what);
    }
}

#[actix_web::test]
async fn every_refusal_is_described() {
    let Both { facade, shop } = both();
    let document = facade.get("/openapi.json").await.json();
    let long = format!("/api/v1/orders?customer={}", "x".repeat(9_000));
    for (method, target, body) in [
        ("GET", "/api/v1/orders/x", ""),
        ("GET", &*long, ""),
        ("POST", "/api/v1/orders", "{"),
        ("POST", "/api/v1/orders", "{\"lines\":[7]}"),
        ("POST", "/api/v1/orders", &"x".repeat(2 << 20)),
    ] {
        let answer = facade.send(method, target, body).await;
        described(&document, operation(&document, method, target), &answer, target);
    }
    drop(shop);
    let answer = facade.get("/api/v1/orders/42").await;
    assert_eq!(answer.problem(), "backend-refused");
    let operation = operation(&document, "GET", "/api/v1/orders/42");
    described(&document, operation, &answer, "refused");
    let request = client().get(facade.url("/api/v1/orders/42")).header("accept", "text/html");
    let answer = Answer::of(request.send().await.unwrap()).await;
    described(&document, operation, &answer, "accept");
}

/// The operation a target is described under.
fn operation<'d>(document: &'d Value, method: &str, target: &str) -> &'d Value {
    let target: Vec<&str> = target.split('?').next().unwrap().split('/').collect();
    let fits = |path: &str| {
        let path: Vec<&str> = path.split('/').collect();
        path.len() == target.len()
            && path.iter().zip(&target).all(|(a, b)| a == b || a.starts_with('{'))
    };
    let paths = document["paths"].as_object().unwrap();
    let found = paths.iter().find(|(path, _)| fits(path)).unwrap();
    &found.1[method.to_lowercase()]
}

#[actix_web::test]
async fn the_document_is_that_of_the_plan_and_can_be_polled() {
    let Both { facade, shop } = both();
    let answer = facade.get("/openapi.json").await;
    assert_eq!(answer.json()["openapi"].as_str().unwrap().split('.').next(), Some("3"));
    assert!(answer.json()["openapi"].as_str().unwrap().starts_with("3.1."));
    let plan = Facade::shop_plan(&shop.url);
    assert_eq!(answer.text, figleaf::openapi::to_json(&figleaf::openapi::combined(&plan)));
    let tag = answer.header("etag").to_owned();
    for (known, status) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("\"other\", {tag}"), 304),
        ("*".to_owned(), 304),
        ("\"other\"".to_owned(), 200),
    ] {
        let request = client().get(facade.url("/openapi.json")).header("if-none-match", &known);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!((answer.status, answer.header("etag")), (status, &*tag), "{known}");
        assert_eq!(answer.text.is_empty(), status == 304);
    }
}

#[actix_web::test]
async fn the_pages_work_without_a_network() {
    let Both { facade, shop: _shop } = both();
    let answer = facade.get("/docs").await;
    assert_eq!((answer.status, answer.header("location")), (308, "/docs/"));
    let page = facade.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("https://"), "{}", page.text);
    let mut parts = 0;
    for piece in page.text.split(['"', '\'']) {
        let Some(name) = piece.strip_prefix("./") else { continue };
        let part = facade.send("HEAD", &format!("/docs/{name}"), "").await;
        assert_eq!(part.status, 200, "{name}");
        parts += 1;
    }
    assert!(parts > 3, "{parts}");
    for code in figleaf::diagnostic::Code::ALL.iter().filter(|code| code.status() != 0) {
        let page = facade.get(&format!("/problems/{code}")).await;
        assert!(page.status == 200 && page.text.contains(code.title()), "{code}");
    }
    let home = facade.get("/").await.json();
    assert_eq!(home["versions"][2]["base"], "/api/v2");
}

const ONE_WAY: &str = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:o" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:o"><types><x:schema targetNamespace="urn:o"><x:element name="ping"><x:complexType/></x:element></x:schema></types><message name="In"><part name="p" element="t:ping"/></message><portType name="P"><operation name="ping"><input message="t:In"/></operation></portType><binding name="B" type="t:P"><s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/><operation name="ping"><s:operation soapAction=""/><input><s:body use="literal"/></input></operation></binding><service name="S"><port name="P" binding="t:B"><s:address location="http://o.invalid/"/></port></service></definitions>"#;

/// The only contract of which no route has a value: nothing in, nothing out, no fault.
#[test]
fn a_service_without_any_typed_value_is_described() {
    use figleaf::cli::FileSource;
    use figleaf::reload::{ProcessEnvironment, Types, load};

    let folder = tempfile::tempdir().unwrap();
    let mapping = "figleaf: 1\napi: o\nversion: v1\nbackends:\n  o:\n    soap: o.wsdl\n    url: http://o.invalid/\nroutes:\n  POST /ping:\n    soap: o.ping\n";
    std::fs::write(folder.path().join("o.wsdl"), ONE_WAY).unwrap();
    let path = folder.path().join("o.yaml");
    std::fs::write(&path, mapping).unwrap();
    let unlocked = |_: &std::path::Path| Vec::new();
    let loaded = load(&path, &ProcessEnvironment, &FileSource, &unlocked, Types::Lock);
    let plan = loaded.plan.unwrap();
    let text = figleaf::openapi::to_json(&figleaf::openapi::combined(&plan));
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(document.pointer("/paths/~1api~1v1~1ping/post").is_some(), "{}", document["paths"]);
}
