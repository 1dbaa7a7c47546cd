//! Links between pages (RFC 8288).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::view::{CURSOR, PAGE};

/// All but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address of another page: the request's own path and query, without what said which
/// page it was, and with what says which one is meant.
#[must_use]
pub fn link(path: &str, query: Option<&str>, page: Option<(&str, &str)>) -> String {
    let mut pairs: Vec<String> = query
        .unwrap_or("")
        .split('&')
        .filter(|pair| {
            let name = percent_decode_str(pair.split('=').next().unwrap_or(""));
            let name = name.decode_utf8_lossy();
            !pair.is_empty() && name != CURSOR && name != PAGE
        })
        .map(str::to_owned)
        .collect();
    pairs.extend(
        page.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, RESERVED))),
    );
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_page_is_the_same_question() {
        let check = |query, page, expected: &str| assert_eq!(link("/a", query, page), expected);
        check(None, None, "/a");
        check(Some("status=O%26P&cursor=x&limit=5"), None, "/a?status=O%26P&limit=5");
        check(Some("p%61ge=3"), Some(("page", "4")), "/a?page=4");
        check(Some("sort=newest"), Some(("cursor", "a_b")), "/a?sort=newest&cursor=a_b");
    }
}
