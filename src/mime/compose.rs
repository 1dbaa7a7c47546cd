//! A message of several parts to be sent (RFC 2387).

use sha2::{Digest, Sha256};

/// Bytes of the hash that a boundary has.
const BOUNDARY_HASH_BYTES: usize = 16;

/// A part to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPart<'p> {
    /// Its `Content-Type`.
    pub content_type: &'p str,
    /// Its `Content-ID`, without angle brackets.
    pub id: String,
    /// Its bytes, sent as they are.
    pub bytes: &'p [u8],
}

/// A `multipart/related` body and its `Content-Type`; the first part is the root, whose
/// media type is `root_type`.
#[must_use]
pub fn related(root_type: &str, parts: &[OwnPart<'_>]) -> (String, Vec<u8>) {
    let boundary = boundary(parts);
    let bytes: usize = parts.iter().map(|part| part.bytes.len() + 256).sum();
    let mut out = Vec::with_capacity(bytes);
    for part in parts {
        let head = format!(
            "--{boundary}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: binary\r\n\
             Content-ID: <{}>\r\n\r\n",
            part.content_type, part.id
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(part.bytes);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let start = parts.first().map_or("", |part| part.id.as_str());
    let content_type = format!(
        "multipart/related; type=\"{root_type}\"; start=\"<{start}>\"; boundary=\"{boundary}\""
    );
    (content_type, out)
}

/// A boundary that stands in none of the parts: nobody can write one that has the hash of
/// what it stands in.
fn boundary(parts: &[OwnPart<'_>]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.bytes);
    }
    let hash = hash.finalize();
    hash[..BOUNDARY_HASH_BYTES]
        .iter()
        .fold("figleaf-".to_owned(), |all, b| all + &format!("{b:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_between_boundaries_of_their_own_hash() {
        let part = |id: &str, bytes| OwnPart { content_type: "text/xml", id: id.to_owned(), bytes };
        let parts = [part("root@x", b"<a/>".as_slice()), part("p=1@x", b"\x00\xff")];
        let (content_type, body) = related("text/xml", &parts);
        let boundary = content_type.rsplit('"').nth(1).unwrap();
        assert_eq!(
            content_type,
            format!(
                r#"multipart/related; type="text/xml"; start="<root@x>"; boundary="{boundary}""#
            )
        );
        let head = |id: &str| {
            format!(
                "--{boundary}\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{id}>\r\n\r\n"
            )
        };
        let (root, second) = (head("root@x"), head("p=1@x"));
        let end = format!("\r\n--{boundary}--\r\n");
        let expected =
            [root.as_bytes(), b"<a/>\r\n", second.as_bytes(), b"\x00\xff", end.as_bytes()];
        assert_eq!(body, expected.concat());
    }
}
