//! Which encoding a document is in.

use encoding_rs::{Encoding, UTF_8};

/// The encoding of a document and the bytes of its byte order mark.
pub fn detect_encoding(
    head: &[u8],
    _charset: Option<&str>,
) -> Result<(&'static Encoding, usize), String> {
    Ok(Encoding::for_bom(head).map_or((UTF_8, 0), |found| found))
}
