//! Characters, and the references that stand for them (XML 1.0, sections 2.2 and 4.1).

/// The text of a predefined entity or a character reference.
pub(super) fn resolve_reference<'b>(name: &str, utf8: &'b mut [u8; 4]) -> Option<&'b str> {
    let fixed = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                    u32::from_str_radix(hex, 16)
                }
                None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse(),
                _ => return None,
            };
            let character = char::from_u32(code.ok()?).filter(|c| is_xml_char(*c))?;
            return Some(character.encode_utf8(utf8));
        }
    };
    Some(fixed)
}

/// The `Char` production of XML 1.0, section 2.2.
#[must_use]
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether bytes may hold a character XML 1.0 does not have, or a carriage return. Without
/// a branch inside, so that it runs at the speed of memory over a whole window.
pub(super) fn is_suspicious(window: &[u8]) -> bool {
    window.chunks(4096).any(|chunk| {
        chunk.iter().fold(0_u8, |found, b| {
            found | u8::from((*b < 0x20) & (*b != b'\n') & (*b != b'\t')) | u8::from(*b == 0xEF)
        }) != 0
    })
}

/// Fails on characters XML 1.0 does not have.
pub(super) fn check_characters(text: &str) -> Result<(), &'static str> {
    let suspicious = is_suspicious(text.as_bytes());
    if suspicious && !text.chars().all(is_xml_char) {
        return Err("a character XML does not allow");
    }
    Ok(())
}
