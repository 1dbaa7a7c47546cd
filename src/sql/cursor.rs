//! Cursors of paging: the keys of a row, signed, good for one route, order and filter only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

/// Bytes of a cursor's text; a longer one is refused. Keys of 2,900 bytes fit.
pub const CURSOR_BYTES_MAX: usize = 4096;

/// The form of cursors: the first byte of each.
const VERSION: u8 = 1;
/// The first byte of what a cursor is bound to, when that is digested: never a version.
const BOUND: u8 = 0;
/// Bytes of the digest of what a cursor is bound to.
const BOUND_BYTES: usize = 16;
/// Bytes of the signature: HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;
/// The flag of cursors that lead back.
const BACKWARD: u8 = 1;

/// The key cursors are signed with.
pub struct CursorKey(hmac::Key);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey(****)")
    }
}

/// Where a page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Whether it leads back.
    pub backward: bool,
    /// The key columns' values, each as JSON text.
    pub keys: Vec<String>,
}

/// Why a cursor is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Not one of ours, or changed.
    #[error("is not a cursor of this route")]
    Unknown,
    /// Ours, but of other parameters.
    #[error("belongs to another order or other filters")]
    Other,
    /// Too old.
    #[error("has expired")]
    Expired,
}

impl CursorKey {
    /// A key from a secret of any length.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// A cursor as text. `bound` is everything it is good for: route, order, filters and
    /// their values. `expires` is in seconds since the epoch, the last it is good in.
    ///
    /// Keys that make it longer than [`CURSOR_BYTES_MAX`] give a cursor that is refused.
    #[must_use]
    pub fn seal(&self, cursor: &Cursor, bound: &[u8], expires: u64) -> String {
        let mut bytes = vec![VERSION, if cursor.backward { BACKWARD } else { 0 }];
        bytes.extend(expires.to_be_bytes());
        bytes.extend(self.digest(bound));
        for key in &cursor.keys {
            // A longer key makes the text longer than any that is opened.
            bytes.extend(u32::try_from(key.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(key.as_bytes());
        }
        let signature = hmac::sign(&self.0, &bytes);
        bytes.extend(signature.as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A cursor from its text, if it is good here and `now`.
    pub fn open(&self, text: &str, bound: &[u8], now: u64) -> Result<Cursor, CursorError> {
        if text.len() > CURSOR_BYTES_MAX {
            return Err(CursorError::Unknown);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Unknown)?;
        let signed = bytes.len().checked_sub(SIGNATURE_BYTES).ok_or(CursorError::Unknown)?;
        let (signed, signature) = bytes.split_at(signed);
        // Compares in constant time.
        hmac::verify(&self.0, signed, signature).map_err(|_| CursorError::Unknown)?;
        let (cursor, digest, expires) = read(signed).ok_or(CursorError::Unknown)?;
        if digest != self.digest(bound) {
            return Err(CursorError::Other);
        }
        if now > expires {
            return Err(CursorError::Expired);
        }
        Ok(cursor)
    }

    /// What tells one `bound` from another, and nothing of it to those without the key.
    fn digest(&self, bound: &[u8]) -> [u8; BOUND_BYTES] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&[BOUND]);
        context.update(bound);
        let mut digest = [0; BOUND_BYTES];
        digest.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        digest
    }
}

/// What was signed: a cursor, what it is bound to, and when it expires.
fn read(bytes: &[u8]) -> Option<(Cursor, [u8; BOUND_BYTES], u64)> {
    let (&[version, flags], bytes) = bytes.split_first_chunk()?;
    let (expires, bytes) = bytes.split_first_chunk()?;
    let (digest, mut bytes) = bytes.split_first_chunk()?;
    if version != VERSION {
        return None;
    }
    let mut keys = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (key, rest) = rest.split_at_checked(length)?;
        keys.push(String::from_utf8(key.to_vec()).ok()?);
        bytes = rest;
    }
    let cursor = Cursor { backward: flags & BACKWARD != 0, keys };
    bytes.is_empty().then_some((cursor, *digest, u64::from_be_bytes(*expires)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursor(backward: bool, keys: &[&str]) -> Cursor {
        Cursor { backward, keys: keys.iter().map(|key| (*key).to_owned()).collect() }
    }

    #[test]
    fn a_cursor_is_good_for_what_it_was_made_for_and_until_it_expires() {
        let key = CursorKey::new(b"secret");
        let next = cursor(false, &["\"2024-01-31\"", "17"]);
        let text = key.seal(&next, b"GET /invoices newest", 1000);
        assert_eq!(key.open(&text, b"GET /invoices newest", 1000), Ok(next));
        let open = |bound: &[u8], now| key.open(&text, bound, now).unwrap_err();
        assert_eq!(open(b"GET /invoices newest", 1001), CursorError::Expired);
        assert_eq!(open(b"GET /invoices number", 0), CursorError::Other);
        assert_eq!(open(b"", 0), CursorError::Other);
        let other = CursorKey::new(b"another");
        assert_eq!(other.open(&text, b"GET /invoices newest", 0), Err(CursorError::Unknown));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let key = CursorKey::new(b"");
        let long = "A".repeat(CURSOR_BYTES_MAX + 1);
        for text in ["", "A", "AAAA", "not base64!", "ä", "====", &*long] {
            assert_eq!(key.open(text, b"", 0), Err(CursorError::Unknown), "{text}");
        }
        // The digest of a bound is no signature of a cursor.
        let digest = key.digest(b"x");
        let text = URL_SAFE_NO_PAD.encode([&[BOUND, b'x'][..], &digest].concat());
        assert_eq!(key.open(&text, b"", 0), Err(CursorError::Unknown));
    }

    #[test]
    fn keys_fit_up_to_the_promised_length_and_are_refused_beyond_the_limit() {
        let key = CursorKey::new(b"secret");
        for (length, fits) in [(2900, true), (3100, false)] {
            let long = cursor(true, &[&"x".repeat(length)]);
            let text = key.seal(&long, b"", 0);
            assert_eq!(text.len() <= CURSOR_BYTES_MAX, fits, "{}", text.len());
            assert_eq!(key.open(&text, b"", 0).is_ok(), fits);
        }
    }

    #[test]
    fn a_key_is_not_printed() {
        assert_eq!(format!("{:?}", CursorKey::new(b"secret")), "CursorKey(****)");
    }

    proptest! {
        #[test]
        fn any_keys_come_back(
            backward: bool,
            keys in prop::collection::vec("\\PC{0,20}", 0..6),
            bound in prop::collection::vec(any::<u8>(), 0..40),
            expires: u64,
        ) {
            let key = CursorKey::new(b"secret");
            let cursor = Cursor { backward, keys };
            let text = key.seal(&cursor, &bound, expires);
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            prop_assert_eq!(key.open(&text, &bound, expires), Ok(cursor));
        }

        #[test]
        fn any_changed_byte_is_refused(key in "[a-z]{0,9}", at: prop::sample::Index, by in 1u8..) {
            let signer = CursorKey::new(b"secret");
            let text = signer.seal(&cursor(false, &[&key]), b"here", 9);
            let mut bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
            let at_byte = at.index(bytes.len());
            bytes[at_byte] ^= by;
            let changed = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(signer.open(&changed, b"here", 0), Err(CursorError::Unknown));
            let mut letters = text.into_bytes();
            let at_letter = at.index(letters.len());
            letters[at_letter] ^= by;
            if let Ok(changed) = String::from_utf8(letters) {
                prop_assert_eq!(signer.open(&changed, b"here", 0), Err(CursorError::Unknown));
            }
        }
    }
}
