//! What changes with every message, by its name or by its looks.

use crate::codec::Form;

/// Words that names of such nodes are made of, in lower case, without what separates them.
const NAMES: &[&str] = &[
    "timestamp",
    "messageid",
    "requestid",
    "correlationid",
    "transactionid",
    "traceid",
    "spanid",
    "nonce",
    "uuid",
    "guid",
    "conversationid",
    "interactionid",
    "requesttime",
    "senttime",
    "sentat",
    "createdat",
    "creationtime",
    "requestdatetime",
    "messagedatetime",
    "sequenceno",
    "sequencenumber",
    "echotoken",
    "idempotencykey",
    "sessionid",
    "trackingid",
    "uniqueid",
];

/// Whether two values of a node differ as those of two calls always do.
pub(super) fn is_volatile(local: &str, left: &str, right: &str) -> bool {
    let name: String =
        local.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    NAMES.iter().any(|known| name.ends_with(known))
        || (is_uuid(left) && is_uuid(right))
        || (is_now(left) && is_now(right))
}

/// `8-4-4-4-12` hexadecimal digits, with or without `urn:uuid:` and braces.
fn is_uuid(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_prefix("urn:").unwrap_or(text);
    let text = text.strip_prefix("uuid:").unwrap_or(text);
    let text = text.trim_matches(['{', '}']);
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.concat().bytes().all(|b| b.is_ascii_hexdigit())
}

/// An instant with a fraction of a second: nobody writes one by hand.
fn is_now(text: &str) -> bool {
    text.contains('T') && text.contains('.') && Form::DateTime.accepts(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_two_calls_share_is_volatile() {
        let check = |local, left, right, expected| {
            assert_eq!(is_volatile(local, left, right), expected, "{local} {left} {right}");
        };
        check("MessageID", "a", "b", true);
        check("requestTimestamp", "1", "2", true);
        check("X-Correlation-Id", "1", "2", true);
        check(
            "key",
            "urn:uuid:2f1c8a66-5b0e-4c59-9a39-2a3d3a0b8f6e",
            "9d1f77f3-9f0a-4f8b-8b43-5d4ff9e6b0a1",
            true,
        );
        check("at", "2026-11-21T10:00:00.123Z", "2026-11-21T10:00:07.5Z", true);
        check("from", "2026-11-21T00:00:00", "2026-11-22T00:00:00", false);
        check("id", "42", "43", false);
        check("customerNumber", "00017", "00018", false);
    }
}
