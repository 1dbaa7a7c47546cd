//! Locations of documents: URLs (RFC 3986, section 5) and file paths, resolved as text.

/// The location that `reference`, written in the document at `base`, means.
///
/// A base without a scheme is a file path; so is then the result, unless the reference
/// has a scheme. Case and percent escapes are kept; a fragment is dropped.
#[must_use]
pub fn resolve_location(base: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or(reference).trim();
    if scheme(reference).is_some() {
        return normalise_url(reference);
    }
    let reference = reference.replace('\\', "/");
    match scheme(base) {
        Some(_) => resolve_url(base, &reference),
        None => resolve_path(base, &reference),
    }
}

/// The scheme of a URL, `None` for a file path. A drive letter is no scheme.
#[must_use]
pub fn scheme(location: &str) -> Option<&str> {
    let (scheme, _) = location.split_once(':')?;
    let mut bytes = scheme.bytes();
    let letters = bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    (letters && scheme.len() > 1).then_some(scheme)
}

/// The last segment of a location without its extensions, as a name for people.
#[must_use]
pub fn stem(location: &str) -> &str {
    let path = location.split(['?', '#']).next().unwrap_or(location);
    let file = path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path);
    file.split('.').find(|part| !part.is_empty()).unwrap_or(file)
}

fn resolve_path(base: &str, reference: &str) -> String {
    if reference.starts_with('/') || is_drive(reference) {
        return normalise(reference);
    }
    if reference.is_empty() {
        return normalise(base);
    }
    let folder = base.rfind(['/', '\\']).map_or("", |at| &base[..=at]);
    normalise(&format!("{folder}{reference}"))
}

fn is_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

fn resolve_url(base: &str, reference: &str) -> String {
    let Some((origin, path, query)) = split_url(base) else { return reference.to_owned() };
    if reference.is_empty() {
        return format!("{origin}{}{query}", normalise(path));
    }
    if let Some(rest) = reference.strip_prefix("//") {
        let scheme = scheme(base).unwrap_or("http");
        return normalise_url(&format!("{scheme}://{rest}"));
    }
    let (reference_path, reference_query) = split_query(reference);
    let path = if reference_path.is_empty() {
        path.to_owned()
    } else if reference_path.starts_with('/') {
        reference_path.to_owned()
    } else {
        let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
        format!("{folder}{reference_path}")
    };
    format!("{origin}{}{reference_query}", normalise(&path))
}

fn normalise_url(url: &str) -> String {
    match split_url(url) {
        Some((origin, path, query)) => format!("{origin}{}{query}", normalise(path)),
        None => url.to_owned(),
    }
}

/// Origin with scheme, path, and query with its `?`. `None` for a URL without a hierarchy.
fn split_url(url: &str) -> Option<(&str, &str, &str)> {
    let after_scheme = url.find(':')? + 1;
    let rest = &url[after_scheme..];
    let authority =
        rest.strip_prefix("//").map_or(0, |r| 2 + r.find(['/', '?']).unwrap_or(r.len()));
    let (origin, tail) = url.split_at(after_scheme + authority);
    if !tail.is_empty() && !tail.starts_with(['/', '?']) {
        return None;
    }
    let (path, query) = split_query(tail);
    Some((origin, path, query))
}

fn split_query(text: &str) -> (&str, &str) {
    text.split_at(text.find('?').unwrap_or(text.len()))
}

/// Takes `.` and `..` segments out.
fn normalise(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." if !last => {}
            "" if !last && !kept.is_empty() => {}
            ".." if kept.last().is_some_and(|above| !matches!(*above, "" | "..")) => {
                kept.pop();
            }
            ".." if absolute => {}
            segment => kept.push(segment),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_against_paths_and_urls() {
        let check = |base, reference, expected: &str| {
            assert_eq!(resolve_location(base, reference), expected, "{base} + {reference}");
        };
        check("a/b.wsdl", "c.xsd", "a/c.xsd");
        check("b.wsdl", "./x/../c d.xsd", "c d.xsd");
        check("../a/b.wsdl", "../../c.xsd", "../../c.xsd");
        check("/a/b.wsdl", "../../c.xsd", "/c.xsd");
        check("/a/b.wsdl", "x\\c.xsd", "/a/x/c.xsd");
        check("/a/b.wsdl", "/c.xsd", "/c.xsd");
        check("/a/b.wsdl", "http://h/x/../c.xsd?a=b#f", "http://h/c.xsd?a=b");
        check("http://h/s/Svc?wsdl", "Svc?xsd=1", "http://h/s/Svc?xsd=1");
        check("http://h/s/Svc?wsdl", "?xsd=1", "http://h/s/Svc?xsd=1");
        check("http://h/s/Svc?wsdl", "../C%20d.xsd", "http://h/C%20d.xsd");
        check("https://h", "c.xsd", "https://h/c.xsd");
        check("https://h/a", "//g/c.xsd", "https://g/c.xsd");
        check("file:///a/b.wsdl", "../c.xsd", "file:///c.xsd");
        check("C:\\a\\b.wsdl", "c.xsd", "C:\\a\\c.xsd");
        check("a/b.wsdl", "classpath:x/y.xsd", "classpath:x/y.xsd");
    }

    #[test]
    fn a_stem_names_a_contract() {
        assert_eq!(stem("a/Order.Service.wsdl"), "Order");
        assert_eq!(stem("http://h/erp/Orders.svc?wsdl"), "Orders");
        assert_eq!(stem("x"), "x");
    }
}
