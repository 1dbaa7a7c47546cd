//! No secret reaches the disk: fifty of them, in every place an exchange has, redacted and
//! written, then searched for byte by byte in every spelling. And what was written still answers
//! the live request.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use figleaf::canonical::{Element, Key, Side, print, read_message};
use figleaf::exchange::{Asked, Collection, Entry, Rung};
use figleaf::redact::{RedactRules, Redaction, Redactor, TokenBook};
use figleaf::xml::XmlLimits;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::matching::{DEPOT, entry};

/// A secret and a name under which it stands; `note` where its form alone has to do.
struct Secret {
    name: &'static str,
    value: String,
}

/// Fifty secrets, no two alike.
fn secrets() -> Vec<Secret> {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let jwt = |who: &str| {
        let (head, body) = (part(r#"{"alg":"HS256"}"#), part(&format!(r#"{{"sub":"{who}"}}"#)));
        format!("{head}.{body}.{}", part("0123456789abcdef"))
    };
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
        STANDARD.encode("no key, but long enough to be one")
    );
    let named: &[(&str, &str)] = &[
        ("password", "Tr0ub4dor-and-3"),
        ("password", "p&ss<word>%2B17"),
        ("newPassword", "schlüssel/Wört9"),
        ("user_pwd", "qwertz12345!"),
        ("passphrase", "correct-horse-battery-staple"),
        ("Passwd2", "aB3$dE6&gH9"),
        ("apiKey", "k9Xw2pQz71LmNb83"),
        ("API_KEY", "1f0c7a5be2d94c3388aa"),
        ("clientSecret", "zYxWvUt987654321sRqPoN"),
        ("sessionId", "0F3A9C77B1D2E4F6A8B0"),
        ("accessToken", "opaque.token~with-all_of-them.42"),
        ("refresh-token", "8xLOxBtZp8aaQ41"),
        ("token", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("otp", "73519264"),
        ("pin", "8301947"),
        ("cvv", "90817263"),
        ("privateKey", "c2VjcmV0LWtleS1tYXRlcmlhbC0xMjM0NTY="),
        ("connectionString", "Server=db;Uid=sa;Zugang=geheim99"),
        ("binarySecret", "qUy2Fh3nRqSoU5m9hE8e/w=="),
        ("JSESSIONID", "node01x9k3jw0w1c7mzk"),
        ("cardNumber", "6759649826438453"),
        ("taxId", "86095742719"),
        ("ssn", "219099999"),
        ("iban", "GB94BARC10201530093459"),
        ("customerNo", "KD-4711-0815"),
    ];
    let formed: Vec<String> = vec![
        "4929420573595709".into(),
        "4716 2210 5188 5662".into(),
        "5425-2334-3010-9903".into(),
        "374245455400126".into(),
        "6011000991300009123".replace("123", "").replace("6011000991300009", "6011601160116611"),
        "ada.lovelace@analytical.engine.org".into(),
        "jürgen@müller-söhne.de".into(),
        "o.hara+legacy@mail.corp.co.uk".into(),
        "DE02120300000000202051".into(),
        "FR76 3000 6000 0112 3456 7890 189".into(),
        "NL20INGB0001234567".into(),
        "536-22-8726".into(),
        "AB 12 34 56 C".into(),
        "12345678Z".into(),
        "X1234567L".into(),
        "RSSMRA85T10A562S".into(),
        "1 84 12 76 451 089 46".into(),
        "529.982.247-25".into(),
        "811228-9874".into(),
        "756.9217.0769.85".into(),
        jwt("ada"),
        jwt("grace"),
        "AKIAQ3EGRZ7XN2VTJ5WD".into(),
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a".into(),
        pem,
    ];
    let named = named.iter().map(|(name, value)| Secret { name, value: (*value).to_owned() });
    let formed = formed.into_iter().map(|value| Secret { name: "note", value });
    named.chain(formed).collect()
}

/// What a text template has for a secret: `NAME`, and the value in several spellings.
fn filled(template: &str, secret: &Secret) -> String {
    let value = &secret.value;
    let said = format!("{}='{value}'", secret.name);
    let json = serde_json::json!({ secret.name: value }).to_string();
    let inner = format!("<u><{0}>{1}</{0}></u>", secret.name, xml(value));
    let percent = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    template
        .replace("NAME", secret.name)
        .replace("VALUE", &xml(value))
        .replace("PLAIN", value)
        .replace("COMMENT", &value.replace("--", "- - "))
        .replace("SAID", &xml(&said))
        .replace("JSON", &xml(&json))
        .replace("INNER_CDATA", &inner)
        .replace("INNER", &xml(&inner))
        .replace("PERCENT", &percent)
        .replace("BASE64", &STANDARD.encode(&said))
        .replace("WRAPPED", &STANDARD.encode(&json))
        .replace("HEX", &said.bytes().map(|b| format!("{b:02x}")).collect::<String>())
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const REQUEST: &str = r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:d="urn:depot" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
<e:Header>
  <s:Security><s:UsernameToken><s:Username>facade</s:Username><s:Password>VALUE</s:Password></s:UsernameToken><s:BinarySecurityToken>VALUE</s:BinarySecurityToken></s:Security>
  <d:Context NAME="VALUE"><d:NAME>VALUE</d:NAME></d:Context>
</e:Header>
<e:Body><d:Place><d:customer>Fig</d:customer><d:NAME>VALUE</d:NAME><d:NAME xsi:type="xs:string"> VALUE
</d:NAME><d:NAME><![CDATA[PLAIN]]></d:NAME>
<d:text NAME='VALUE'>INNER</d:text><d:text><![CDATA[INNER_CDATA]]></d:text><d:text>before <d:b>JSON</d:b> SAID <d:i/> after</d:text>
<d:text>JSON</d:text><d:text>{"deep": "WRAPPED"}</d:text><d:text>BASE64</d:text><d:text>HEX</d:text>
<d:text>see https://joe:PERCENT@legacy.corp.test/a?x=1&amp;NAME=PERCENT#end</d:text>
<d:text>sent NAME: "VALUE", got 500</d:text><!-- NAME=COMMENT -->
</d:Place></e:Body></e:Envelope>"#;

const RESPONSE: &str = r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:d="urn:depot"><e:Body><e:Fault><faultcode>e:Server</faultcode>
<faultstring>no login with SAID (VALUE) from 10.0.0.1</faultstring>
<detail><d:Problem code="7"><d:trace>java.lang.IllegalStateException: SAID
	at legacy.Session.open(Session.java:41)
	at VALUE(Unknown)</d:trace><d:sent>INNER</d:sent><d:items>first VALUE last</d:items><d:echo>VALUE</d:echo></d:Problem></detail></e:Fault></e:Body></e:Envelope>"#;

const ATTACHMENT: &str = "--part\r\nContent-Type: application/json\r\nAuthorization: Bearer BEARER\r\n\r\nRAWJSON\r\n--part\r\nContent-Type: text/plain\r\n\r\nNAME=\"RAW\"\r\n--part--\r\n";

fn parsed(xml: &str) -> Element {
    read_message(None, xml.as_bytes(), XmlLimits::default())
        .unwrap_or_else(|e| panic!("{e}: {xml}"))
}

fn redactor() -> Redactor {
    let rules = RedactRules { names: vec!["customer_no".to_owned()], ..RedactRules::default() };
    Redactor::new(rules)
}

/// Redacts an exchange and writes it as the recorder does.
fn record(folder: &Path, slug: &str, secret: &Secret, book: &mut TokenBook, redactor: &Redactor) {
    let mut redaction = Redaction::with(redactor, book);
    let write =
        |name: &str, text: &str| fs::write(folder.join(format!("{slug}{name}")), text).unwrap();
    let percent = utf8_percent_encode(&secret.value, NON_ALPHANUMERIC).to_string();
    let json = serde_json::json!({
        "id": 42, "rows": [{ secret.name: secret.value }], "more": { "text": format!("{}='{}'", secret.name, secret.value) },
    });
    let target = format!("/api/v1/things?{}={percent}&page=2", secret.name);
    let mut yaml = format!("rest: {}\n", redaction.target(&target).unwrap());
    let in_header = secret.value.replace('\n', " ");
    let basic = STANDARD.encode(format!("joe:{in_header}"));
    for (name, value) in [
        ("Authorization", format!("Bearer {in_header}")),
        ("Proxy-Authorization", format!("Basic {basic}")),
        ("Cookie", format!("sid=\"{in_header}\"; theme=dark")),
        ("Set-Cookie", format!("sid={percent}; Path=/")),
        ("X-Api-Key", in_header.clone()),
        ("SOAPAction", format!("\"urn:depot:Place?{}={percent}\"", secret.name)),
        ("Content-MD5", STANDARD.encode("0123456789abcdef")),
    ] {
        let value = redaction.header(name, &value).unwrap();
        yaml.push_str(&value.map_or(String::new(), |value| format!("{name}: {value}\n")));
    }
    yaml.push_str(&format!("body: {}\n", redaction.json(&json.to_string()).unwrap()));
    let mut request = parsed(&filled(REQUEST, secret));
    redaction.request(&mut request).unwrap_or_else(|unsure| panic!("{}: {unsure}", secret.name));
    // It comes in pieces, wherever the network cut it.
    let pieces: Vec<Vec<u8>> =
        filled(RESPONSE, secret).into_bytes().chunks(7).map(<[u8]>::to_vec).collect();
    let mut response = parsed(&String::from_utf8(pieces.concat()).unwrap());
    redaction.element(&mut response).unwrap();
    let parameter = redaction.named(secret.name, &secret.value).unwrap();
    let column = redaction.named(secret.name, &serde_json::Value::from(&*secret.value).to_string());
    yaml.push_str(&format!("sql: [{parameter}, {}]\n", column.unwrap()));
    let attachment = ATTACHMENT
        .replace("BEARER", &in_header)
        .replace("RAWJSON", &json.to_string())
        .replace("NAME", secret.name)
        .replace("RAW", &in_header);
    write(".txt", &redaction.text("an attachment", &attachment).unwrap());
    write(".res.json", &redaction.json(&json.to_string()).unwrap());
    write(".req.xml", &print(&request, Some(&DEPOT)));
    write(".res.xml", &print(&response, Some(&DEPOT)));
    yaml.extend(redaction.findings().iter().map(|finding| format!("- {finding}\n")));
    write(".yaml", &yaml);
}

/// Every spelling in which a secret could stand in a file.
fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
    let mut all = vec![
        secret.to_owned(),
        xml(secret),
        xml(&xml(secret)),
        json.trim_matches('"').to_owned(),
        percent.to_lowercase(),
        percent,
        hex.to_uppercase(),
        hex,
        secret.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
        secret.split(|c: char| !c.is_alphanumeric()).collect(),
    ];
    // Base64 has three ways to begin in the middle; what depends on the neighbours is cut off.
    for shift in 0..3 {
        let shifted = STANDARD.encode([&b"xyz"[..shift], secret.as_bytes()].concat());
        let core = shifted.get(4..shifted.len().saturating_sub(4)).unwrap_or_default();
        if core.len() >= 8 {
            all.push(core.to_owned());
        }
    }
    all
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn of_fifty_secrets_in_every_place_no_byte_is_written() {
    let secrets = secrets();
    assert_eq!(secrets.len(), 50);
    let folder = tempfile::tempdir().unwrap();
    let (redactor, mut book) = (redactor(), TokenBook::new([42; 32]));
    for (at, secret) in secrets.iter().enumerate() {
        // What is searched for is really there before.
        let sent = filled(REQUEST, secret);
        assert!(sent.contains(&xml(&secret.value)), "{}", secret.name);
        record(folder.path(), &format!("{at:02}"), secret, &mut book, &redactor);
    }
    let files = files(folder.path());
    assert_eq!(files.len(), 50 * 5);
    let mut found = Vec::new();
    for file in &files {
        let written = fs::read_to_string(file).unwrap();
        let slug = file.file_name().unwrap().to_str().unwrap();
        for secret in &secrets {
            for spelling in spellings(&secret.value) {
                if let Some(at) = written.find(&spelling) {
                    let line = written[..at].lines().count();
                    found.push(format!(
                        "{slug}:{line}: {} as {spelling}\n{}",
                        secret.value,
                        written.lines().nth(line.saturating_sub(1)).unwrap_or_default()
                    ));
                }
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} found:\n{}",
        found.len(),
        found[..found.len().min(12)].join("\n")
    );
}

#[test]
fn what_was_written_is_clean_and_answers_the_live_request() {
    let (redactor, mut book) = (redactor(), TokenBook::new([42; 32]));
    let folder = tempfile::tempdir().unwrap();
    for (at, secret) in secrets().iter().enumerate() {
        let slug = format!("{at:02}");
        record(folder.path(), &slug, secret, &mut book, &redactor);
        let written = fs::read_to_string(folder.path().join(format!("{slug}.req.xml"))).unwrap();
        let mut again = parsed(&written);
        let mut redaction = Redaction::new(&redactor);
        redaction.element(&mut again).unwrap();
        assert_eq!(redaction.findings(), [], "{}: {written}", secret.name);
        assert_eq!(print(&again, Some(&DEPOT)), written, "redacted twice");
        let live = parsed(&filled(REQUEST, secret));
        assert_eq!(
            key(&live, &redactor),
            key(&again, &redactor),
            "{}: {}",
            secret.name,
            secret.value
        );
        let recorded = Entry { backend: "depot".to_owned(), ..entry(&slug, "Place", &written) };
        let vocabularies = HashMap::from([("depot".to_owned(), Arc::clone(&DEPOT))]);
        let redactors = HashMap::from([("depot".to_owned(), Arc::new(redactor.clone()))]);
        let collection = Collection::new(vec![recorded], vocabularies, redactors);
        let states = HashMap::new();
        let asked = Asked {
            backend: "depot",
            action: None,
            envelope: &live,
            states: &states,
            lenient: false,
        };
        let hit = collection.find(asked).unwrap_or_else(|miss| panic!("{}: {miss:?}", secret.name));
        assert_eq!(hit.rung, Rung::Exact);
    }
}

fn key(envelope: &Element, redactor: &Redactor) -> Key {
    let mut envelope = envelope.clone();
    Redaction::for_key(redactor).element(&mut envelope).unwrap();
    let operation = DEPOT.operation("Place");
    Key::of("Place", &DEPOT.meaning(operation, Side::Request, &envelope, &[]))
}

fn lint(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_figleaf"))
        .args(["fixtures", "lint"])
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[test]
fn lint_names_the_place_and_never_the_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fixtures/shop/GetOrder");
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("a.req.xml"), "<a><pwd>hunter2222</pwd><!-- ada@lovelace.org --></a>")
        .unwrap();
    fs::write(path.join("a.res.json"), r#"{"rows": [{"iban": "DE02120300000000202051"}]}"#)
        .unwrap();
    fs::write(path.join("a.yaml"), "fixture: 1\nrest:\n- headers:\n    x-api-key: geheim4711\n")
        .unwrap();
    fs::write(path.join("a.bin"), [0xff, 0x00, 0x80]).unwrap();
    let (code, text) = lint(folder.path(), &[]);
    let expected = "\
fixtures/shop/GetOrder/a.req.xml: pwd holds a password, a key or a session
fixtures/shop/GetOrder/a.req.xml: a comment holds an e-mail address
fixtures/shop/GetOrder/a.res.json: /rows/0/iban holds a bank account
fixtures/shop/GetOrder/a.yaml: line 4 holds a password, a key or a session
3 files searched, 4 found: redact them, or name them in `keep` of the backend's `redact:`
";
    assert_eq!((code, &*text), (1, expected));
    let (code, text) = lint(folder.path(), &["fixtures/shop", "--format", "json"]);
    assert!(
        text.contains(r#""path":"/rows/0/iban","kind":"a bank account","certain":true"#),
        "{text}"
    );
    assert_eq!(code, 1);
    fs::remove_dir_all(&path).unwrap();
    let (code, text) = lint(folder.path(), &[]);
    assert_eq!((code, &*text), (0, "0 files searched, nothing found\n"));
    assert_eq!(lint(folder.path(), &["nowhere"]).0, 2);
}

#[test]
fn the_fixtures_of_the_demo_are_clean() {
    let (code, text) = lint(Path::new(env!("CARGO_MANIFEST_DIR")), &[]);
    assert_eq!(code, 0, "{text}");
}
