//! Any bytes with any charset, mark and declaration, in agreement and in conflict: never a
//! panic; what is decoded is what `encoding_rs` says; chunks do not matter, and the answer is
//! that of the same text in UTF-8.
#![no_main]

use encoding_rs::Encoding;
use figleaf::xml::encoding::{decode, detect};
use figleaf_fuzz::{operation, read};
use libfuzzer_sys::fuzz_target;

/// What `Content-Type` says; `fuzz/seed` counts on the order.
const CHARSETS: [Option<&str>; 12] = [
    None,
    Some("utf-8"),
    Some("UTF-16"),
    Some("utf-16le"),
    Some("UTF-16BE"),
    Some("iso-8859-1"),
    Some("\"ISO-8859-15\""),
    Some("windows-1252"),
    Some("shift_jis"),
    Some("gb18030"),
    Some("iso-2022-jp"),
    Some("no-such-charset"),
];

/// The bytes as they are, or the text they are in another encoding: else no fuzzer finds one.
fn transmitted(how: u8, bytes: &[u8]) -> Vec<u8> {
    let wide = |mark: &str, little: bool| {
        let text = format!("{mark}{}", String::from_utf8_lossy(bytes));
        let pair = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(pair).collect()
    };
    match how % 8 {
        0 => bytes.to_vec(),
        1 => [b"\xEF\xBB\xBF", bytes].concat(),
        2 => wide("\u{FEFF}", true),
        3 => wide("\u{FEFF}", false),
        4 => wide("", true),
        5 => wide("", false),
        6 => {
            let text = String::from_utf8_lossy(bytes);
            encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
        }
        _ => encoding_rs::SHIFT_JIS.encode(&String::from_utf8_lossy(bytes)).0.into_owned(),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [number, charset, how, chunk, rest @ ..] = bytes else { return };
    // Beyond the table, the message says the charset itself, up to its first line end.
    let (own, rest) = match (*charset, rest.iter().position(|b| *b == b'\n')) {
        (200.., Some(end)) => (std::str::from_utf8(&rest[..end]).ok(), &rest[end + 1..]),
        _ => (CHARSETS[usize::from(*charset) % CHARSETS.len()], rest),
    };
    let sent = transmitted(*how, rest);
    let operation = operation(*number);

    let whole = read(operation, own, &sent, sent.len());
    assert_eq!(whole, read(operation, own, &sent, usize::from(*chunk)), "chunks matter");

    let text = decode(&sent, own);
    match detect(&sent, own) {
        Err(_) => assert!(text.is_err() && whole.is_none()),
        Ok(found) => {
            // A mark decides, whatever else is said.
            if let Some((encoding, length)) = Encoding::for_bom(&sent) {
                assert_eq!((found.encoding, found.mark_bytes), (encoding, length));
            }
            let body = &sent[found.mark_bytes..];
            let theirs = found.encoding.decode_without_bom_handling_and_without_replacement(body);
            assert_eq!(text.as_deref().ok(), theirs.as_deref());
        }
    }
    match text {
        Err(_) => assert!(whole.is_none(), "an answer of bytes that are no text"),
        // A second mark is a character; and no text of ours starts with `<` and NUL.
        Ok(text) if text.starts_with('\u{FEFF}') || text.starts_with("<\0") => {}
        Ok(text) if text.starts_with("\0<") => {}
        Ok(text) => {
            assert_eq!(whole, read(operation, Some("utf-8"), text.as_bytes(), text.len()));
        }
    }
});
