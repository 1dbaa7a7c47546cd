//! The only way data gets into XML.

use super::is_xml_char;

/// Appends text content with everything escaped that could be markup or be changed by a
/// parser (`\r`). Fails on the first character XML 1.0 cannot carry at all, and then has
/// written nothing.
pub fn write_text(out: &mut Vec<u8>, text: &str) -> Result<(), char> {
    write_escaped(out, text, false)
}

/// Appends an attribute value, for use between double quotes.
pub fn write_attribute_value(out: &mut Vec<u8>, text: &str) -> Result<(), char> {
    write_escaped(out, text, true)
}

fn write_escaped(out: &mut Vec<u8>, text: &str, attribute: bool) -> Result<(), char> {
    let plain =
        text.bytes().all(|b| (b' '..0x80).contains(&b) && !matches!(b, b'<' | b'>' | b'&' | b'"'));
    if plain {
        out.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    if let Some(bad) = text.chars().find(|c| !is_xml_char(*c)) {
        return Err(bad);
    }
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape: &[u8] = match byte {
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'&' => b"&amp;",
            b'\r' => b"&#13;",
            b'"' if attribute => b"&quot;",
            b'\n' if attribute => b"&#10;",
            b'\t' if attribute => b"&#9;",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[from..at]);
        out.extend_from_slice(escape);
        from = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[from..]);
    Ok(())
}
