//! Which characters the bytes mean (XML 1.0, section 2.11 and appendix F; RFC 7303).

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a document its encoding declaration is looked for, in bytes: who has as many of
/// them, or all there are, need not wait for more.
pub const DECLARATION_BYTES_MAX: usize = 1024;

/// The encoding of a document, and how many bytes of byte order mark to pass over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Length of the byte order mark in bytes, 0 where there is none.
    pub mark_bytes: usize,
}

/// Why bytes could not become text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EncodingError {
    /// An encoding is named that is not known or not allowed.
    Unknown(String),
    /// Some bytes are no characters of the encoding.
    Malformed {
        /// The encoding's name.
        encoding: &'static str,
        /// The text with U+FFFD where bytes were wrong.
        lossy: String,
        /// Byte offset in `lossy` of the first wrong place.
        at: usize,
    },
}

/// Finds the encoding from a document's first bytes and the `charset` of its media type.
///
/// A byte order mark outranks everything (RFC 7303, section 3), then comes the charset,
/// then what the bytes of `<?` show, then the XML declaration, then UTF-8.
///
/// # Errors
/// An encoding name that is unknown, or one that no XML is read in (UTF-7, UTF-32, EBCDIC).
pub fn detect(first_bytes: &[u8], http_charset: Option<&str>) -> Result<Detected, EncodingError> {
    if matches!(first_bytes, [0, 0, 0xFE, 0xFF, ..] | [0xFF, 0xFE, 0, 0, ..]) {
        return Err(EncodingError::Unknown("UTF-32".to_owned()));
    }
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(first_bytes) {
        return Ok(Detected { encoding, mark_bytes });
    }
    let without_mark = |encoding| Detected { encoding, mark_bytes: 0 };
    if let Some(wide) = wide_by_pattern(first_bytes) {
        return Ok(without_mark(wide));
    }
    let label = match http_charset.map(unquote).filter(|label| !label.is_empty()) {
        Some(charset) => Some(charset.to_owned()),
        None => declared(first_bytes),
    };
    let Some(label) = label else { return Ok(without_mark(UTF_8)) };
    // A label that says UTF-16 over bytes that are not is a habit of servers that write a
    // declaration into a string and then send it as UTF-8.
    if label.to_ascii_lowercase().starts_with("utf-16") {
        return Ok(without_mark(UTF_8));
    }
    Encoding::for_label_no_replacement(label.as_bytes())
        .map(without_mark)
        .ok_or(EncodingError::Unknown(label))
}

/// A whole document as text, without its byte order mark.
///
/// # Errors
/// See [`EncodingError`].
pub fn decode(bytes: &[u8], http_charset: Option<&str>) -> Result<String, EncodingError> {
    let Detected { encoding, mark_bytes } = detect(bytes, http_charset)?;
    let body = &bytes[mark_bytes..];
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(body) {
        return Ok(text.into_owned());
    }
    let lossy = encoding.decode_without_bom_handling(body).0.into_owned();
    let at = lossy.find('\u{FFFD}').unwrap_or(0);
    Err(EncodingError::Malformed { encoding: encoding.name(), lossy, at })
}

fn wide_by_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    }
}

fn declared(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES_MAX)];
    let inside = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(inside, b"?>")?;
    let declaration = std::str::from_utf8(&inside[..end]).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(label, _)| label.trim().to_owned())
}

fn unquote(charset: &str) -> &str {
    charset.trim().trim_matches(['"', '\'']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], charset: Option<&str>, expected: &str) {
        assert_eq!(decode(bytes, charset).as_deref(), Ok(expected), "{bytes:?} {charset:?}");
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn the_mark_then_the_charset_then_the_declaration_decide() {
        check("<a>é</a>".as_bytes(), None, "<a>é</a>");
        check(b"\xEF\xBB\xBF<a/>", Some("iso-8859-1"), "<a/>");
        check(b"<a>\xE9</a>", Some("\"ISO-8859-1\""), "<a>é</a>");
        check(
            b"<?xml version='1.0' encoding = \"windows-1252\"?><a>\x80</a>",
            None,
            "<?xml version='1.0' encoding = \"windows-1252\"?><a>€</a>",
        );
        check("<?xml encoding='latin1'?>é".as_bytes(), Some("utf-8"), "<?xml encoding='latin1'?>é");
    }

    #[test]
    fn utf_16_is_read_with_and_without_a_mark() {
        for little in [true, false] {
            check(&utf16("<a>é</a>", little), None, "<a>é</a>");
            check(&utf16("\u{FEFF}<a>é</a>", little), None, "<a>é</a>");
        }
        check(b"<?xml encoding='utf-16'?><a/>", None, "<?xml encoding='utf-16'?><a/>");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(decode(b"<a/>", Some("utf-7")), Err(EncodingError::Unknown("utf-7".to_owned())));
        assert!(decode(&[0, 0, 0xFE, 0xFF, 0, 0, 0, b'<'], None).is_err());
        let Err(EncodingError::Malformed { at, .. }) = decode(b"<a>\xE9</a>", None) else {
            panic!("latin-1 bytes are not UTF-8")
        };
        assert_eq!(at, 3);
    }
}
