//! An answer as the bytes and the header it comes with.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

const ENVELOPE: &str = "<env:Envelope xmlns:env='http://schemas.xmlsoap.org/soap/envelope/' xmlns:c='urn:case' \
     xmlns:soapenc='http://schemas.xmlsoap.org/soap/encoding/' \
     xmlns:xs='http://www.w3.org/2001/XMLSchema' \
     xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><env:Body>";

/// What comes over the wire.
pub struct Wire {
    pub bytes: Vec<u8>,
    /// The `charset` of its `Content-Type`.
    pub charset: Option<String>,
    /// Whether the HTTP status says that the call failed.
    pub failed: bool,
}

impl Wire {
    /// A text of a case by the words after `answer` or `refused`.
    pub fn new(words: &str, text: &str) -> Self {
        let mut words = words.split(' ').skip(1);
        let (mut label, mut charset) = ("utf-8", None);
        let (mut mark, mut is_verbatim, mut failed) = (false, false, false);
        while let Some(word) = words.next() {
            match word {
                "as" => label = words.next().unwrap(),
                "http" => charset = words.next().map(str::to_owned),
                "failed" => failed = true,
                "bom" => mark = true,
                "verbatim" => is_verbatim = true,
                other => panic!("no such word: {other}"),
            }
        }
        let text = if is_verbatim { text.to_owned() } else { envelope(text) };
        let text = if mark { format!("\u{FEFF}{text}") } else { text };
        Self { bytes: encode(&text, label), charset, failed }
    }
}

pub fn is_envelope(xml: &str) -> bool {
    xml.contains("Envelope")
}

/// What is no envelope goes into one, behind its XML declaration.
pub fn envelope(xml: &str) -> String {
    let xml = xml.trim_start();
    if is_envelope(xml) {
        return xml.to_owned();
    }
    let (declaration, body) = match xml.split_once("?>") {
        Some((declaration, body)) if declaration.starts_with("<?xml ") => {
            (format!("{declaration}?>"), body)
        }
        _ => (String::new(), xml),
    };
    format!("{declaration}{ENVELOPE}{}</env:Body></env:Envelope>", body.trim())
}

fn encode(text: &str, label: &str) -> Vec<u8> {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap();
    if encoding == UTF_16LE {
        return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    if encoding == UTF_16BE {
        return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    }
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{label} has no way to write {text}");
    bytes.into_owned()
}
