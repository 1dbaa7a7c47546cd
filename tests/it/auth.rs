//! Who may call: a version with `auth` and the one that extends it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;

use crate::rig::{Answer, Facade, Modern, Variables, client, compile, mapping_folder};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const V1: &str = "
figleaf: 1
api: shop
version: v1
auth: { jwt: { algorithm: HS256, key: 0123456789abcdef0123456789abcdef, audience: shop } }
backends: { orders: { http: '${SHOP_URL}' }, db: { sqlite: ':memory:' } }
routes:
  GET /me: { sql: db, query: 'select :who as who', in: { who: claim.sub }, result: one }
  GET /ours: { sql: db, query: 'select :who as who', in: { who: claim.tenant }, result: one }
  GET /things: { http: orders, path: /v2/things }
";
const V2: &str = "
figleaf: 1
api: shop
version: v2
extends: v1
";

fn token(secret: &str) -> String {
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let unsigned = format!(
        "{}.{}",
        part(r#"{"alg":"HS256","typ":"JWT"}"#),
        part(r#"{"aud":"shop","exp":4102444800,"sub":"00017"}"#)
    );
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let mac = ring::hmac::sign(&key, unsigned.as_bytes());
    format!("{unsigned}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.as_ref()))
}

async fn asked(facade: &Facade, path: &str, authorization: Option<String>) -> Answer {
    let request = client().get(facade.url(path));
    let request = match authorization {
        Some(value) => request.header("Authorization", value),
        None => request,
    };
    Answer::of(request.send().await.unwrap()).await
}

#[actix_web::test]
async fn routes_with_auth_answer_those_they_know_and_so_do_versions_that_extend_them() {
    let modern = Modern::open();
    let folder = mapping_folder(&[("v1.yaml", V1), ("v2.yaml", V2)]);
    let plan = compile(folder.path(), &Variables::shop(&modern.url));
    let facade = Facade::start(plan);
    for path in ["/api/v1/things", "/api/v2/things"] {
        for bad in [None, Some("Basic eDp5".to_owned()), Some(format!("Bearer {}", token("x")))] {
            let refused = asked(&facade, path, bad).await;
            assert_eq!(refused.status, 401, "{path}");
            assert_eq!(refused.header("www-authenticate"), "Bearer");
            assert_eq!(refused.json()["code"], json!("request-unauthenticated"));
        }
        let known = asked(&facade, path, Some(format!("bearer {}", token(SECRET)))).await;
        assert_eq!(known.status, 200, "{path}");
    }
    let bearer = || Some(format!("Bearer {}", token(SECRET)));
    assert_eq!(asked(&facade, "/api/v2/me", bearer()).await.text, r#"{"who":"00017"}"#);
    let lacking = asked(&facade, "/api/v1/ours", bearer()).await;
    assert_eq!((lacking.status, lacking.problem().as_str()), (403, "claim-missing"));
    let document = facade.get("/openapi.json").await.json();
    assert_eq!(document["paths"]["/api/v2/things"]["get"]["security"], json!([{"bearer": []}]));
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], json!("bearer"));
}
