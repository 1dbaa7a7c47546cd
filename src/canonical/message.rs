//! The body of an HTTP message → tree: its charset, and its parts where it has several.

use sha2::{Digest, Sha256};

use super::read::{ReadProblem, read};
use super::tree::{Element, Item};
use crate::mime::{
    MediaType, MultipartError, MultipartReader, PartHandler, PartHead, Transfer, TransferError,
};
use crate::xml::encoding::{EncodingError, decode};
use crate::xml::{XmlError, XmlLimits};

/// Bytes of all parts of one message.
const PARTS_BYTES_MAX: usize = 256 << 20;
/// The namespace of XOP (XOP 1.0, section 4).
const XOP: &str = "http://www.w3.org/2004/08/xop/include";

/// Reads the body of an HTTP message by its `Content-Type`: in the charset that it, a byte order
/// mark or the XML declaration names; of several parts the root part. What refers to another part
/// (`xop:Include`, `href="cid:…"`) has the digest of that part instead, so that what is equal in
/// two messages does not depend on the ids of their parts.
///
/// # Errors
/// Where it is not well-formed, not in its encoding, or crosses a limit.
pub fn read_message(
    content_type: Option<&str>,
    body: &[u8],
    limits: XmlLimits,
) -> Result<Element, ReadProblem> {
    let media = MediaType::parse(content_type.unwrap_or_default());
    if !media.is_multipart() {
        return read_text(body, media.parameter("charset"), limits);
    }
    let boundary = media.parameter("boundary").unwrap_or_default();
    let mut parts = Parts::default();
    let mut reader = MultipartReader::new(boundary)?;
    reader.feed(body, &mut parts)?;
    reader.finish()?;
    let start = media.parameter("start").map(bare);
    let root = start.and_then(|start| parts.all.iter().position(|part| part.id == start));
    let root = root.unwrap_or_default();
    if parts.all.is_empty() {
        return Err(MultipartError::Malformed("there is no part".to_owned()).into());
    }
    let root = parts.all.swap_remove(root);
    let media = MediaType::parse(&root.content_type);
    let mut envelope = read_text(&root.bytes, media.parameter("charset"), limits)?;
    put_digests(&mut envelope, &parts.all);
    Ok(envelope)
}

fn read_text(
    bytes: &[u8],
    charset: Option<&str>,
    limits: XmlLimits,
) -> Result<Element, ReadProblem> {
    let text = decode(bytes, charset).map_err(|error| match error {
        EncodingError::Unknown(name) => {
            ReadProblem::Encoding(format!("`{name}` is no encoding we read"))
        }
        EncodingError::Malformed { encoding: "UTF-8", at, .. } => {
            XmlError::NotUtf8 { offset: at as u64 }.into()
        }
        EncodingError::Malformed { encoding, .. } => {
            ReadProblem::Encoding(format!("bytes that are not {encoding}"))
        }
    })?;
    read(text.as_bytes(), limits)
}

#[derive(Default)]
struct Part {
    id: String,
    content_type: String,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Parts {
    all: Vec<Part>,
    open: Option<(Transfer, Part)>,
    bytes: usize,
}

impl Parts {
    fn decoded(&mut self, bytes: &[u8], last: bool) -> Result<(), ReadProblem> {
        let Some((transfer, part)) = &mut self.open else { return Ok(()) };
        let before = part.bytes.len();
        transfer.feed(bytes, last, &mut part.bytes).map_err(|error| malformed(&error))?;
        self.bytes += part.bytes.len() - before;
        if self.bytes > PARTS_BYTES_MAX {
            let (what, limit) = ("bytes of parts", PARTS_BYTES_MAX);
            return Err(MultipartError::Limit { what, limit }.into());
        }
        Ok(())
    }
}

impl PartHandler for Parts {
    type Error = ReadProblem;

    fn part(&mut self, head: PartHead) -> Result<(), ReadProblem> {
        let encoding = head.field("content-transfer-encoding").unwrap_or_default();
        let transfer = Transfer::of(encoding).map_err(|error| malformed(&error))?;
        let part = Part {
            id: bare(head.field("content-id").unwrap_or_default()).to_owned(),
            content_type: head.field("content-type").unwrap_or_default().to_owned(),
            bytes: Vec::new(),
        };
        self.open = Some((transfer, part));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), ReadProblem> {
        self.decoded(bytes, false)
    }

    fn end(&mut self) -> Result<(), ReadProblem> {
        self.decoded(&[], true)?;
        self.all.extend(self.open.take().map(|(_, part)| part));
        Ok(())
    }
}

fn malformed(error: &TransferError) -> ReadProblem {
    MultipartError::Malformed(error.to_string()).into()
}

/// An id without its angle brackets.
fn bare(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id).trim()
}

/// Depth is bounded by that of the tree, which is bounded by its limits.
fn put_digests(element: &mut Element, parts: &[Part]) {
    for attribute in &mut element.attributes {
        if attribute.name.is("", "href")
            && let Some(digest) = digest(&attribute.value, parts)
        {
            attribute.value = format!("cid:{digest}");
        }
    }
    for item in &mut element.content {
        let Item::Element(child) = item else { continue };
        let href = child.attribute("", "href").filter(|_| child.name.is(XOP, "Include"));
        match href.and_then(|href| digest(href, parts)) {
            Some(digest) => *item = Item::Text(digest),
            None => put_digests(child, parts),
        }
    }
}

/// The digest of the part that a `cid:` reference means (RFC 2392).
fn digest(reference: &str, parts: &[Part]) -> Option<String> {
    let id = reference.trim().strip_prefix("cid:")?;
    let decoded = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
    let part =
        parts.iter().find(|part| !part.id.is_empty() && (part.id == *decoded || part.id == id))?;
    let hex: String = Sha256::digest(&part.bytes).iter().map(|b| format!("{b:02x}")).collect();
    Some(format!("sha-256-{hex}"))
}
