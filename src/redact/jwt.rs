//! JSON Web Tokens (RFC 7519), encrypted ones (RFC 7516) too.

use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regex::Regex;

/// `{"alg":"none","typ":"JWT"}`
const HEADER: &str = r#"{"alg":"none","typ":"JWT"}"#;

pub(super) fn write(number: u32) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let payload = format!(r#"{{"sub":"REDACTED-J{number}"}}"#);
    format!("{}.{}.{}", part(HEADER), part(&payload), part("REDACTED"))
}

pub(super) fn read(token: &str) -> Option<u32> {
    let payload = token.split('.').nth(1)?;
    let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    let number = payload.strip_prefix(r#"{"sub":"REDACTED-J"#)?.strip_suffix(r#""}"#)?;
    let number = number.parse().ok()?;
    (write(number) == token).then_some(number)
}

/// Finds tokens: the first part is a JSON object with `alg`.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>)) {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){1,3}").ok()
    });
    let Some(form) = FORM.as_ref() else { return };
    for token in form.find_iter(text) {
        let header = token.as_str().split('.').next().unwrap_or_default();
        let header = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
        let header: Option<serde_json::Value> = serde_json::from_slice(&header).ok();
        if header.is_some_and(|header| header.get("alg").is_some()) {
            // The full stop of a sentence is not the beginning of a fourth part.
            let ends = token.as_str().matches('.').count() == 3 && token.as_str().ends_with('.');
            found(token.start()..token.end() - usize::from(ends));
        }
    }
}
