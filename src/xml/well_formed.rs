//! What names, characters, references and declarations may be (XML 1.0, Namespaces 1.0).

/// What stands between `<?` and `?>` of the XML declaration (XML 1.0, section 2.8).
pub(super) fn is_declaration(content: &str) -> bool {
    let space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let mut rest = content.strip_prefix("xml").unwrap_or(content);
    let mut names = ["version", "encoding", "standalone"].into_iter();
    let mut has_version = false;
    loop {
        let trimmed = rest.trim_start_matches(space);
        if trimmed.is_empty() {
            return has_version;
        }
        let Some((name, after)) = trimmed.split_once('=') else { return false };
        let name = name.trim_end_matches(space);
        let after = after.trim_start_matches(space);
        let is_next = trimmed.len() < rest.len() && names.any(|expected| expected == name);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some((value, more)) = quote.and_then(|quote| after[1..].split_once(quote)) else {
            return false;
        };
        let is_sound = match name {
            "version" => value.strip_prefix("1.").is_some_and(|minor| {
                !minor.is_empty() && minor.bytes().all(|b| b.is_ascii_digit())
            }),
            "standalone" => matches!(value, "yes" | "no"),
            _ => {
                value.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
                    && value
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
            }
        };
        if !is_next || !is_sound {
            return false;
        }
        has_version |= name == "version";
        rest = more;
    }
}

#[inline]
pub(super) fn split_name(name: &str) -> (&str, &str) {
    match name.bytes().position(|b| b == b':') {
        Some(at) => (&name[..at], &name[at + 1..]),
        None => ("", name),
    }
}

/// Whether both parts of a name are names (Namespaces in XML 1.0, section 4), judged
/// generously beyond ASCII. No prefix is fine.
#[inline]
pub(super) fn is_name(prefix: &str, local: &str) -> bool {
    let starts = |b: u8| b.is_ascii_alphabetic() || b == b'_' || b >= 0x80;
    let goes_on = |b: u8| starts(b) || b.is_ascii_digit() || b == b'-' || b == b'.';
    let is_nc_name =
        |name: &str| name.bytes().next().is_some_and(starts) && name.bytes().all(goes_on);
    is_nc_name(local) && (prefix.is_empty() || is_nc_name(prefix))
}

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
pub(super) fn is_suspicious(bytes: &[u8]) -> bool {
    bytes.chunks(4096).any(|chunk| {
        chunk.iter().fold(0_u8, |found, b| {
            found | u8::from((*b < 0x20) & (*b != b'\n') & (*b != b'\t')) | u8::from(*b == 0xEF)
        }) != 0
    })
}

/// Fails on characters XML 1.0 does not have.
pub(super) fn check_characters(text: &str) -> Result<(), &'static str> {
    if is_suspicious(text.as_bytes()) && !text.chars().all(is_xml_char) {
        return Err("a character XML does not allow");
    }
    Ok(())
}
