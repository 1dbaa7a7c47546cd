//! What a backend may do instead of answering, given a good answer; and the code it gets.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::rig::{Script, project};

/// What it is, what is sent, and the code of the problem.
pub type Case = (&'static str, Script, &'static str);

const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";

pub fn good(operation: &str, name: &str) -> String {
    let of = |backend| project("fixtures").join(backend).join(operation).join(name);
    let path = if of("shop").exists() { of("shop") } else { of("shop12") };
    std::fs::read_to_string(path).unwrap()
}

pub fn wrapped(body: &str) -> String {
    format!("<e:Envelope xmlns:e='{ENVELOPE}'><e:Body>{body}</e:Body></e:Envelope>")
}

pub fn chunked(pieces: &[&str], end: &str) -> Vec<u8> {
    let mut bytes =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in pieces {
        bytes.extend(format!("{:x}\r\n{piece}\r\n", piece.len()).bytes());
    }
    bytes.extend(end.bytes());
    bytes
}

pub fn headed(headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}

pub fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub fn gzipped(body: Vec<u8>) -> Script {
    Script::answer("200 OK", "Content-Type: text/xml\r\nContent-Encoding: gzip\r\n", body)
}

const XML: &str = "Content-Type: text/xml; charset=utf-8\r\n";
const PLAIN: &str = "Content-Type: text/plain\r\n";
const FAILED: &str = "500 Internal Server Error";

/// Every way to misbehave.
pub fn cases(good: &str) -> Vec<Case> {
    [connections(good), pages(), faults(), encodings(good), documents(good), envelopes(good)]
        .concat()
}

fn connections(good: &str) -> Vec<Case> {
    let half = &good[..good.len() / 2];
    let long = format!("{XML}Content-Length: {}\r\n", good.len());
    let redirect = Script::answer("302 Found", "Location: /login\r\n", "");
    let odd = b"220 mail.example ESMTP\r\n".to_vec();
    vec![
        ("reset before the head", Script::Reset, "backend-reset"),
        ("closed before the head", Script::Close, "backend-reset"),
        ("half a head", Script::BytesThenReset(b"HTTP/1.1 200 O".to_vec()), "backend-reset"),
        ("not HTTP", Script::Bytes(odd), "backend-not-http"),
        ("hang", Script::Hang, "backend-timeout"),
        ("hang in the body", Script::BytesThenHang(headed(&long, half)), "backend-timeout"),
        ("reset in the body", Script::BytesThenReset(headed(&long, half)), "backend-reset"),
        ("half, length of the whole", Script::Bytes(headed(&long, half)), "backend-truncated"),
        ("half, length of the half", Script::answer("200 OK", XML, half), "backend-truncated"),
        ("half, until the end", Script::Bytes(headed(XML, half)), "backend-truncated"),
        ("chunks, none the last", Script::Bytes(chunked(&[good], "")), "backend-truncated"),
        ("chunks, half of it", Script::Bytes(chunked(&[half], "0\r\n\r\n")), "backend-truncated"),
        ("a chunk of no length", Script::Bytes(chunked(&[half], "zz\r\n")), "backend-not-http"),
        ("a redirect", redirect, "backend-redirect"),
    ]
}

fn pages() -> Vec<Case> {
    let page = |status, body: &str| Script::answer(status, PLAIN, body);
    let json = Script::answer("200 OK", "Content-Type: application/json\r\n", "{\"order\":{}}");
    let no_content = Script::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec());
    let login = "<html><br>Please sign in</html>";
    vec![
        ("a login page", page("200 OK", login), "backend-not-soap"),
        ("a page that is no XML", page("200 OK", "<!doctype html><p>hello"), "backend-dtd"),
        ("plain text", page("200 OK", "all is well"), "backend-not-xml"),
        ("JSON", json, "backend-not-xml"),
        ("nothing", Script::answer("200 OK", "", ""), "backend-not-xml"),
        ("no content", no_content, "backend-not-xml"),
        ("a plain 500", page(FAILED, "boom"), "backend-status"),
        ("an empty 500", page(FAILED, ""), "backend-status"),
        ("a 404 page", page("404 Not Found", login), "backend-status"),
    ]
}

fn faults() -> Vec<Case> {
    let fault = |code: &str| {
        Script::xml(wrapped(&format!(
            "<e:Fault><faultcode>e:{code}</faultcode><faultstring>secret words</faultstring>\
             </e:Fault>"
        )))
    };
    vec![
        ("a fault with 200", fault("Server"), "fault-server"),
        ("the mistake is ours", fault("MustUnderstand"), "fault-protocol"),
        ("a security fault", fault("FailedAuthentication"), "fault-security"),
    ]
}

fn encodings(good: &str) -> Vec<Case> {
    let mut flipped = gzip(good.as_bytes());
    let at = flipped.len() / 2;
    flipped[at] ^= 0x55;
    let cut = gzip(good.as_bytes());
    let cut = cut[..cut.len() - 9].to_vec();
    let bomb = gzip(&vec![b' '; 64 << 20]);
    let brotli = Script::answer("200 OK", "Content-Encoding: br\r\n", good);
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(good.encode_utf16().flat_map(u16::to_le_bytes).take(301))
        .collect();
    let charset = |name: &str, body: &[u8]| {
        Script::answer("200 OK", &format!("Content-Type: text/xml; charset={name}\r\n"), body)
    };
    let latin: Vec<u8> = wrapped("~").bytes().map(|b| if b == b'~' { 0xff } else { b }).collect();
    let long = good.to_owned() + &"<!-- more -->\n".repeat(500_000);
    vec![
        ("gzip garbage", gzipped(b"\x1fnot gzip at all".to_vec()), "backend-encoding"),
        ("gzip, a bit flipped", gzipped(flipped), "backend-encoding"),
        ("gzip, cut", gzipped(cut), "backend-truncated"),
        ("gzip bomb", gzipped(bomb), "backend-too-large"),
        ("brotli that nobody asked for", brotli, "backend-encoding"),
        ("too long", Script::xml(long), "backend-too-large"),
        ("a charset nobody knows", charset("klingon", good.as_bytes()), "backend-encoding"),
        ("bytes that are no UTF-8", Script::xml(latin), "backend-encoding"),
        ("half a UTF-16 letter", charset("utf-16", &utf16), "backend-encoding"),
    ]
}

fn documents(good: &str) -> Vec<Case> {
    let after = |more: &str| Script::xml(format!("{good}{more}"));
    let root = &good[good.find("<E_:Envelope").unwrap()..];
    let doctype = good.replacen("<!-- ", "<!DOCTYPE s [<!ENTITY e 'x'>]><!-- ", 1);
    let body = |more: &str| Script::xml(good.replacen("<E_:Body", &format!("<E_:Body{more}"), 1));
    let attributes = (0..200).fold(String::new(), |all, n| all + &format!(" a{n}='1'"));
    let long = format!(" a='{}'", "x".repeat(20_000));
    let token = format!("<!--{}--><E_:Body>", "x".repeat(2 << 20));
    let token = Script::xml(good.replacen("<E_:Body>", &token, 1));
    let deep = format!("{}{}", "<a>".repeat(500), "</a>".repeat(500));
    let header = format!("<e:Header>{deep}</e:Header>");
    let header = format!("<e:Envelope xmlns:e='{ENVELOPE}'>{header}<e:Body/></e:Envelope>");
    vec![
        ("two roots", after(root), "backend-not-xml"),
        ("bytes after the end", after("<!-- done --> ok"), "backend-not-xml"),
        ("a DOCTYPE", Script::xml(doctype), "backend-dtd"),
        ("an entity", Script::xml(wrapped("&xxe;")), "backend-not-xml"),
        ("a control character", Script::xml(wrapped("\u{1}")), "backend-not-xml"),
        ("a prefix nobody declared", Script::xml(wrapped("<q:a/>")), "backend-not-xml"),
        ("two attributes of one name", Script::xml(wrapped("<a b='' b=''/>")), "backend-not-xml"),
        ("names that do not match", Script::xml(wrapped("</e:b>")), "backend-not-xml"),
        ("deep nesting in a header", Script::xml(header), "backend-limit"),
        ("200 attributes", body(&attributes), "backend-limit"),
        ("a long attribute", body(&long), "backend-limit"),
        ("a long token", token, "backend-limit"),
    ]
}

fn envelopes(good: &str) -> Vec<Case> {
    let other = self::good("CheckStock", "nowhere.res.xml");
    let two = good.replace("</E_:Body>", "<x xmlns='urn:x'/></E_:Body>");
    let bodies = good.replace("</E_:Envelope>", "<E_:Body/></E_:Envelope>");
    let old = good
        .replace(ENVELOPE, "urn:soap:3")
        .replace("http://www.w3.org/2003/05/soap-envelope", "urn:soap:3");
    let none = format!("<e:Envelope xmlns:e='{ENVELOPE}'/>");
    vec![
        ("another operation's answer", Script::xml(other), "backend-other-answer"),
        ("an element of no contract", Script::xml(wrapped("<a/>")), "backend-other-answer"),
        ("two answers", Script::xml(two), "backend-other-answer"),
        ("an empty body", Script::xml(wrapped("")), "backend-other-answer"),
        ("no body", Script::xml(none), "backend-not-soap"),
        ("two bodies", Script::xml(bodies), "backend-not-soap"),
        ("an envelope of another time", Script::xml(old), "backend-not-soap"),
    ]
}
