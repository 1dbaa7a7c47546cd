//! E-mail addresses.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The domain of tokens. `.invalid` is never anybody's (RFC 2606).
pub(super) const DOMAIN: &str = "@redacted.invalid";

/// Domains that are reserved for examples and tests (RFC 2606, RFC 6761), as they end.
const RESERVED: &[&str] = &[
    "example",
    "test",
    "invalid",
    "localhost",
    "example.com",
    "example.net",
    "example.org",
    "example.edu",
];

pub(super) fn write(number: u32) -> String {
    format!("redacted-{number}{DOMAIN}")
}

pub(super) fn read(address: &str) -> Option<u32> {
    let number = address.strip_prefix("redacted-")?.strip_suffix(DOMAIN)?;
    number.parse().ok().filter(|n| *n > 0)
}

/// Whether the domain belongs to nobody.
pub(super) fn is_reserved(address: &str) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    let domain = domain.to_ascii_lowercase();
    RESERVED.iter().any(|reserved| {
        domain.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Finds addresses. A `Content-ID` has the same form and is none.
pub(super) fn find(text: &str, mut found: impl FnMut(Range<usize>)) {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let local = r"[\p{L}\p{N}!#$&*+/?^_`{|}~.-]+";
        let domain = r"(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+";
        Regex::new(&format!("{local}@{domain}")).ok()
    });
    let Some(form) = FORM.as_ref() else { return };
    for address in form.find_iter(text) {
        let whole = address.as_str();
        let skipped = whole.len() - whole.trim_start_matches(['/', '.', '&', '?', '|', '{']).len();
        let is_content = text[..address.start()].ends_with("cid:");
        if !is_content && !whole[skipped..].starts_with('@') {
            found(address.start() + skipped..address.end());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_and_reserved_ones_are_nobodys() {
        let check = |text: &str, expected: &[&str]| {
            let mut all = Vec::new();
            find(text, |range| all.push(&text[range]));
            assert_eq!(all, expected, "{text}");
        };
        check("mail ada.lovelace+x@engines.co.uk.", &["ada.lovelace+x@engines.co.uk"]);
        check("<jürgen@müller.de>;b@c.io", &["jürgen@müller.de", "b@c.io"]);
        check("cid:123@apache.org, @media, a@b, x@1.2", &[]);
        assert!(is_reserved("a@shop.example") && is_reserved("a@example.com"));
        assert!(!is_reserved("a@myexample.com") && !is_reserved("a@contest"));
        assert_eq!(read(&write(7)), Some(7));
    }
}
