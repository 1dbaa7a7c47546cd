//! Which fixture a request means: spellings of one message hit it, what only looks like it
//! misses, and a miss says why.

mod torture;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use figleaf::canonical::{Element, Vocabulary, action, read_message};
use figleaf::exchange::{Asked, Collection, Entry, Fixture, Hit, Miss};
use figleaf::xml::XmlLimits;

use crate::support::contract;

/// A port with documents, rpc, SOAP encoding, overloaded operations and one without a body.
pub static DEPOT: LazyLock<Arc<Vocabulary>> = LazyLock::new(|| {
    let contract = contract(include_str!("depot.wsdl"));
    Arc::new(Vocabulary::of(&contract, 0, 0).unwrap())
});

/// What requests are compared with in most tests.
pub const PLACE: &str = r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:d="urn:depot" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body><d:Place><d:customer>Fig &amp; Leaf</d:customer><d:wanted>2026-11-21T12:00:00+02:00</d:wanted><d:total>12.50</d:total><d:urgent>true</d:urgent><d:kind>d:rush</d:kind><d:address><d:street>Main St 1</d:street><d:city>Delft</d:city></d:address><d:goods><d:article>a1</d:article><d:count>2</d:count></d:goods><d:goods xsi:type="d:Fragile"><d:article>b2</d:article><d:count>1</d:count><d:packing>foam</d:packing></d:goods></d:Place></soap:Body></soap:Envelope>"#;

/// The same for SOAP encoding.
pub const SUM: &str = r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:d="urn:depot" xmlns:r="urn:depot:rpc" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body><r:Sum soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><lines xsi:type="enc:Array" enc:arrayType="d:Line[2]"><item xsi:type="d:Line"><article xsi:type="xs:string">a1</article><count xsi:type="xs:int">2</count></item><item xsi:type="d:Line"><article xsi:type="xs:string">b2</article><count xsi:type="xs:int">1</count></item></lines><best xsi:type="d:Line"><article xsi:type="xs:string">a1</article><count xsi:type="xs:int">2</count></best></r:Sum></soap:Body></soap:Envelope>"#;

pub fn parsed(xml: &str) -> Element {
    read_message(None, xml.as_bytes(), XmlLimits::default())
        .unwrap_or_else(|problem| panic!("{problem}: {xml}"))
}

/// An envelope around a body.
pub fn envelope(body: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:d='urn:depot' \
         xmlns:r='urn:depot:rpc'><e:Body>{body}</e:Body></e:Envelope>"
    )
}

/// A fixture of the depot: its name, its operation and its request.
pub fn entry(name: &str, operation: &str, request: &str) -> Entry {
    Entry {
        name: name.to_owned(),
        backend: "depot".to_owned(),
        fixture: Fixture {
            fixture: 1,
            operation: Some(operation.to_owned()),
            ..Fixture::default()
        },
        request: Some(parsed(request)),
        response: Vec::new(),
        parts: Vec::new(),
    }
}

pub fn collection(entries: Vec<Entry>) -> Collection {
    let vocabularies = HashMap::from([("depot".to_owned(), Arc::clone(&DEPOT))]);
    let collection = Collection::new(entries, vocabularies, HashMap::new());
    assert_eq!(collection.unusable(), []);
    collection
}

/// Headers of a request that matter: the action's, and the media type.
#[derive(Debug, Default, Clone, Copy)]
pub struct Headers<'h> {
    pub action: Option<&'h str>,
    pub content_type: Option<&'h str>,
}

pub fn ask(
    collection: &Collection,
    headers: Headers<'_>,
    request: &Element,
    lenient: bool,
) -> Result<Hit, Box<Miss>> {
    let action = action(headers.action, headers.content_type);
    let states = HashMap::new();
    collection.find(Asked {
        backend: "depot",
        action: action.as_deref(),
        envelope: request,
        states: &states,
        lenient,
    })
}

pub fn hit_name(
    collection: &Collection,
    found: Result<Hit, Box<Miss>>,
) -> Result<String, Box<Miss>> {
    found.map(|hit| collection.entry(hit.entry).name.clone())
}

/// Paths and patterns of `where`.
pub fn patterns(all: &[(&str, &str)]) -> BTreeMap<String, String> {
    all.iter().map(|(path, pattern)| ((*path).to_owned(), (*pattern).to_owned())).collect()
}
