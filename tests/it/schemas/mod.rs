//! Databases nobody here wrote: Chinook and Northwind, each served by routes a user would
//! write. Read from the folder `sql` beside the corpus; without it, or without PostgreSQL,
//! one line says what did not run.

use std::path::PathBuf;

use serde_json::Value;

use crate::postgres;
use crate::rig::{Facade, Variables, project};

/// What a request is answered with: `METHOD path [body]`, the status, and a part of the
/// answer's text.
type Case = (&'static str, u16, &'static str);

const CHINOOK: &[Case] = &[
    (
        "GET /artists?limit=2",
        200,
        r#"[{"artistId":1,"name":"AC/DC"},{"artistId":2,"name":"Accept"}]"#,
    ),
    ("GET /artists?name=acc", 200, r#"[{"artistId":2,"name":"Accept"}]"#),
    ("GET /artists/1", 200, r#"{"artistId":1,"name":"AC/DC"}"#),
    ("GET /artists/9999", 404, "row-not-found"),
    (
        "GET /artists/x",
        400,
        r#""parameter":"artistId","in":"path","detail":"must be a whole number""#,
    ),
    ("GET /artists/1/albums", 200, r#""title":"Let There Be Rock","tracks":[{"trackId":15,"#),
    ("GET /artists/25/albums", 200, "[]"),
    ("GET /albums/1", 200, r#""artistId":1,"tracks":[{"trackId":1,"#),
    ("GET /tracks?genre=1&limit=1&sort=longest", 200, r#"{"items":[{"trackId":1666,"#),
    ("GET /tracks?genre=1&limit=1&sort=longest", 200, r#""total":1297}"#),
    ("GET /tracks?composer=AC%2FDC&longer=360000", 200, r#""milliseconds":369319"#),
    ("GET /tracks?genre=1%20or%201=1", 400, "must be a whole number"),
    ("GET /tracks/1/name", 200, r#""For Those About To Rock (We Salute You)""#),
    ("GET /genres", 200, r#"[{"genreId":1,"name":"Rock"}"#),
    ("GET /genres/1/track-count", 200, "1297"),
    ("GET /media-types", 200, r#"[{"mediaTypeId":5,"name":"AAC audio file"}"#),
    ("GET /customers?country=Brazil&limit=1", 200, r#"[{"customerId":12,"#),
    (
        "GET /customers/1",
        200,
        r#""address":{"street":"Av. Brigadeiro Faria Lima, 2170","city":"São José dos Campos""#,
    ),
    (
        "GET /customers/1/invoices?limit=1",
        200,
        r#"[{"invoiceId":382,"customerId":1,"invoiceDate":"2025-08-07T00:00:00","total":8.91}]"#,
    ),
    (
        "GET /invoices/1",
        200,
        r#""total":"1.98","lines":[{"invoiceLineId":1,"unitPrice":0.99,"quantity":1,"#,
    ),
    ("GET /employees?page=3", 200, r#"[{"employeeId":7,"#),
    ("GET /sales-by-country?least=500", 200, r#"[{"country":"USA","total":523.06,"invoices":91}]"#),
    (r#"POST /playlists {"name":"Ours"}"#, 201, r#"{"playlistId":19,"name":"Ours"}"#),
    (r#"POST /playlists {"name":1}"#, 400, r#""pointer":"/name""#),
    ("GET /playlists/19", 200, r#"{"playlistId":19,"name":"Ours"}"#),
    ("PUT /playlists/19/tracks/7", 200, r#"{"affected":1}"#),
    ("PUT /playlists/19/tracks/7", 409, "The track is in the playlist already"),
    ("PUT /playlists/19/tracks/999999", 422, "database-reference"),
    ("DELETE /playlists/19/tracks/7", 200, r#"{"affected":1}"#),
    ("DELETE /playlists/19/tracks/7", 404, "row-not-found"),
];

const NORTHWIND: &[Case] = &[
    ("GET /customers?country=Germany&limit=1", 200, r#"[{"customerId":"ALFKI","#),
    ("GET /customers?company=al&country=Sweden", 200, "[]"),
    ("GET /customers/ALFKI", 200, r#""postalCode":"12209""#),
    (
        "GET /customers/ALFKI/orders?limit=1",
        200,
        r#"[{"orderId":11011,"customerId":"ALFKI","orderDate":"1998-04-09","shippedDate":"1998-04-13","freight":1.21}]"#,
    ),
    (
        "GET /orders/10248",
        200,
        r#""lines":[{"productId":11,"unitPrice":14.0,"quantity":12,"discount":0.0},"#,
    ),
    ("GET /orders/10248/lines/11", 200, r#"{"orderId":10248,"productId":11,"#),
    ("GET /orders/10248/lines/99999", 400, r#""parameter":"productId""#),
    (
        "GET /orders?customer=ALFKI&customer=ANATR&from=1998-01-01&sort=newest&limit=1",
        200,
        r#"[{"orderId":11011,"#,
    ),
    ("GET /orders?from=1998-02-30", 400, r#""parameter":"from""#),
    ("GET /orders?sort=price", 400, r#""parameter":"sort""#),
    ("GET /orders?limit=501", 400, "must be a whole number from 1 to 500"),
    ("GET /products?page=8", 200, r#"[{"productId":71,"#),
    ("GET /products?category=1&page=1", 200, r#""discontinued":true"#),
    (
        "GET /products/1",
        200,
        r#""category":{"id":1,"name":"Beverages"},"supplier":"Specialty Biscuits, Ltd.""#,
    ),
    ("GET /categories", 200, r#""products":[{"productId":1,"productName":"Chai","categoryId":1}"#),
    ("GET /categories/1/picture", 200, r#""""#),
    ("GET /employees/1", 200, r#""birthDate":"1948-12-08""#),
    (
        "GET /employees/1/territories",
        200,
        r#"[{"territoryId":"06897","territoryDescription":"Wilton","region":"Eastern"}"#,
    ),
    ("GET /suppliers?sort=country&limit=1", 200, r#"[{"supplierId":2,"#),
    (
        "GET /shippers",
        200,
        r#"[{"shipperId":1,"companyName":"Speedy Express","phone":"(503) 555-9831"}"#,
    ),
    ("GET /us-states/CA", 200, r#"{"stateId":5,"stateName":"California","stateRegion":"west"}"#),
    ("GET /us-states/XX", 204, ""),
    (
        r#"POST /shippers {"shipperId":90,"companyName":"Ours"}"#,
        201,
        r#"{"shipperId":90,"companyName":"Ours","phone":null}"#,
    ),
    (r#"POST /shippers {"shipperId":90,"companyName":"Ours"}"#, 409, "The number is taken"),
    (r#"POST /shippers {"shipperId":32768,"companyname":"x"}"#, 400, r#""pointer":"/shipperId""#),
    (r#"PATCH /products/1/price {"unitPrice":18.5}"#, 200, r#"{"affected":1}"#),
    (r#"PATCH /products/999/price {"unitPrice":18.5}"#, 404, "row-not-found"),
    ("DELETE /shippers/1", 409, "Orders are shipped by it"),
    ("DELETE /shippers/90", 200, r#"{"affected":1}"#),
    (
        r#"POST /orders/10248/lines {"productId":1,"quantity":3}"#,
        201,
        r#"{"orderId":10248,"productId":1,"unitPrice":18.5,"quantity":3}"#,
    ),
    (r#"POST /orders/10248/lines {"productId":1,"quantity":3}"#, 409, "database-duplicate"),
    ("GET /products?limit=1&page=1", 200, r#""productId":1,"#),
];

#[actix_web::test]
async fn chinook_is_served() {
    let dump = |text: String| text.split_once("\\c chinook;").unwrap().1.to_owned();
    served("chinook", dump, CHINOOK).await;
}

#[actix_web::test]
async fn northwind_is_served() {
    served("northwind", |text| text, NORTHWIND).await;
}

/// Loads a dump, serves its mapping, and asks.
async fn served(name: &str, dump: impl Fn(String) -> String, cases: &[Case]) {
    let Some(text) = read(name) else { return };
    let Some(server) = postgres::server() else { return };
    let url = server.database(&dump(text));
    let variable = format!("{}_URL", name.to_uppercase());
    let mapping = project("tests/it/schemas").join(format!("{name}.yaml"));
    let mapping = std::fs::read_to_string(mapping).unwrap();
    let facade = Facade::of(&mapping, &Variables([(variable, url)].into()));
    for (request, status, part) in cases {
        let mut words = request.splitn(3, ' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let path = format!("/api/v1{path}");
        let answer = match (method, words.next()) {
            ("GET", _) => facade.get(&path).await,
            (method, body) => facade.send(method, &path, body.unwrap_or("")).await,
        };
        assert_eq!(answer.status, *status, "{request}: {}", answer.text);
        assert!(answer.text.contains(part), "{request}: {}", answer.text);
    }
    walked(&facade, if name == "chinook" { "/api/v1/customers" } else { "/api/v1/orders" }).await;
    document(&facade).await;
}

/// By its links, a list is all there, each item once, in both directions.
async fn walked(facade: &Facade, path: &str) {
    let link = |header: &str, rel: &str| {
        let rel = format!("rel=\"{rel}\"");
        let part = header.split(", ").find(|part| part.ends_with(&rel))?;
        Some(part.split_once('<')?.1.split_once('>')?.0.to_owned())
    };
    let items = |text: &str| serde_json::from_str::<Vec<Value>>(text).unwrap();
    let (mut forth, mut pages, mut next) = (Vec::new(), Vec::new(), Some(path.to_owned()));
    while let Some(at) = next {
        let page = facade.get(&at).await;
        assert_eq!(page.status, 200, "{}", page.text);
        forth.extend(items(&page.text));
        next = link(page.header("link"), "next");
        pages.push(page);
    }
    let ids: std::collections::BTreeSet<String> = forth.iter().map(Value::to_string).collect();
    assert_eq!(ids.len(), forth.len(), "an item came twice");
    assert!(pages.len() > 3, "{} pages", pages.len());
    let (mut back, mut previous) =
        (items(&pages.last().unwrap().text), Some(pages.last().unwrap()));
    let mut held;
    while let Some(at) = previous.and_then(|page| link(page.header("link"), "prev")) {
        held = facade.get(&at).await;
        let mut earlier = items(&held.text);
        earlier.append(&mut back);
        back = earlier;
        previous = Some(&held);
    }
    assert_eq!(back, forth);
}

/// The document describes every route, and examples would be taken.
async fn document(facade: &Facade) {
    let document = facade.get("/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    let described: usize = paths.values().map(|path| path.as_object().unwrap().len()).sum();
    assert!(described >= 15, "{described} routes");
    let text = document.to_string();
    assert!(!text.to_lowercase().contains("select "), "SQL in the document");
}

fn read(name: &str) -> Option<String> {
    let folder = std::env::var_os("FIGLEAF_CORPUS")
        .map_or_else(|| project("../shared/corpus"), PathBuf::from)
        .join("../sql");
    let file = folder.join(format!("{name}-postgres.sql"));
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        crate::rig::not_run(&format!("the routes over {name}: {} is not there", file.display()));
    }
    text
}
