//! Where the page of a route is.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Where pages of routes are.
pub(super) const ROUTES: &str = "/routes/";
/// What a path may have as it is (RFC 3986, section 3.3).
const KEPT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'~').remove(b'.');

/// The page of a route: `/routes/GET%20/api/v1/orders/%7BorderId%7D`.
pub(super) fn of_route(route: &str) -> String {
    format!("{ROUTES}{}", utf8_percent_encode(route, KEPT))
}

/// The route whose page is asked for.
pub(super) fn route_of(path: &str) -> Option<String> {
    let name = path.strip_prefix(ROUTES)?;
    Some(percent_decode_str(name).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_back_to_its_route() {
        for route in ["GET /api/v1/orders/{orderId}", "GET /a?b#c%20\"<é", ""] {
            assert_eq!(route_of(&of_route(route)).as_deref(), Some(route));
        }
        assert_eq!(route_of("/routes/%ff"), None);
        assert_eq!(route_of("/audit"), None);
    }
}
