//! An answer of several parts: the one with the envelope is read as it comes, attachments are
//! kept for it to refer to (SOAP Messages with Attachments; XOP 1.0, section 4; RFC 2387).

use std::collections::HashMap;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::error::SoapError;
use crate::mime::{
    MediaType, MultipartError, MultipartReader, PartHandler, PartHead, Transfer, TransferError,
};

/// What the root part is read into.
pub(super) trait RootText {
    /// The root part begins, with its own charset.
    fn begin(&mut self, charset: Option<&str>);
    /// The next bytes of it.
    fn feed(&mut self, bytes: &[u8]) -> Result<(), SoapError>;
}

/// A part that the contract binds to an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentMember {
    /// The message part, which the attachment's `Content-ID` begins with (WS-I Attachments
    /// Profile 1.0, R2933).
    pub part: Arc<str>,
    /// `"photo":`, ready to be written; empty where it is not shown.
    pub key: Box<[u8]>,
}

/// An attachment that came.
#[derive(Debug)]
pub(super) struct Attachment {
    pub(super) id: String,
    pub(super) content_type: Option<String>,
    pub(super) bytes: Vec<u8>,
    pub(super) used: bool,
}

/// One multipart answer.
#[derive(Debug)]
pub(super) struct Package {
    /// `None` until the boundary is known.
    reader: Option<MultipartReader>,
    /// Bytes before that.
    head: Vec<u8>,
    parts: Parts,
}

#[derive(Debug)]
struct Parts {
    /// The root's `Content-ID`; without it the first part is the root.
    start: Option<String>,
    seen: usize,
    has_root: bool,
    open: Option<(Transfer, Option<Attachment>)>,
    attachments: Vec<Attachment>,
    /// Bytes of attachments that may still come.
    room: usize,
}

/// Bytes of attachments kept of one answer, whatever the backend's own limit.
const ATTACHMENTS_BYTES_MAX: usize = 256 << 20;
/// Bytes in which the first boundary has to begin, where the media type names none.
const UNNAMED_BYTES_MAX: usize = 4 << 10;

impl Package {
    pub(super) fn new(media: &MediaType) -> Result<Self, MultipartError> {
        let reader = media.parameter("boundary").map(MultipartReader::new).transpose()?;
        let start = media.parameter("start").map(|start| bare(start).to_owned());
        let parts = Parts {
            start,
            seen: 0,
            has_root: false,
            open: None,
            attachments: Vec::new(),
            room: ATTACHMENTS_BYTES_MAX,
        };
        Ok(Self { reader, head: Vec::new(), parts })
    }

    pub(super) fn feed(&mut self, bytes: &[u8], root: &mut impl RootText) -> Result<(), SoapError> {
        let Self { reader, head, parts } = self;
        let mut into = Into { parts, root };
        if let Some(reader) = reader {
            return reader.feed(bytes, &mut into);
        }
        // Some servers name no boundary; then the first line is one.
        head.extend_from_slice(bytes);
        let Some(boundary) = first_line(head) else {
            if head.len() > UNNAMED_BYTES_MAX {
                let message = "the media type names no boundary".to_owned();
                return Err(MultipartError::Malformed(message).into());
            }
            return Ok(());
        };
        let mut opened = MultipartReader::new(&boundary)?;
        opened.feed(head, &mut into)?;
        *reader = Some(opened);
        head.clear();
        Ok(())
    }

    /// Says that the body ended.
    pub(super) fn finish(&mut self, root: &mut impl RootText) -> Result<(), SoapError> {
        match &self.reader {
            Some(reader) => reader.finish()?,
            None => return Err(MultipartError::Truncated.into()),
        }
        if self.parts.has_root {
            return Ok(());
        }
        // `start` names a part that is not there; then it is the first, as without it.
        if self.parts.attachments.is_empty() {
            return Err(MultipartError::Malformed("there is no part".to_owned()).into());
        }
        let first = self.parts.attachments.remove(0);
        let media = MediaType::parse(first.content_type.as_deref().unwrap_or_default());
        root.begin(media.parameter("charset"));
        root.feed(&first.bytes)
    }

    /// The attachments, once all came.
    pub(super) fn into_attachments(self) -> Attachments {
        Attachments::new(self.parts.attachments)
    }
}

/// The attachments of an answer.
#[derive(Debug, Default)]
pub(super) struct Attachments {
    pub(super) all: Vec<Attachment>,
    /// By `Content-ID`; of two of one id the first.
    by_id: HashMap<String, usize>,
}

impl Attachments {
    pub(super) fn new(all: Vec<Attachment>) -> Self {
        let mut by_id = HashMap::with_capacity(all.len());
        for (at, attachment) in all.iter().enumerate().filter(|(_, a)| !a.id.is_empty()) {
            by_id.entry(attachment.id.clone()).or_insert(at);
        }
        Self { all, by_id }
    }

    /// Bytes of all of them.
    pub(super) fn bytes(&self) -> usize {
        self.all.iter().map(|attachment| attachment.bytes.len()).sum()
    }

    /// The attachment a `cid:` reference means (RFC 2392); of two of one id the first.
    pub(super) fn find(&mut self, reference: &str) -> Option<&mut Attachment> {
        let id = reference.trim().strip_prefix("cid:")?;
        let decoded = percent_decode_str(id).decode_utf8_lossy();
        let at = self.by_id.get(&*decoded).or_else(|| self.by_id.get(id))?;
        self.all.get_mut(*at)
    }

    /// The attachment that is a message part: by its id, else the next in order of those that
    /// nothing refers to, so all references are to be followed before.
    pub(super) fn take_part(&mut self, part: &str) -> Option<&mut Attachment> {
        let named = |a: &Attachment| {
            let id = percent_decode_str(&a.id).decode_utf8_lossy();
            !a.used && (*id == *part || id.strip_prefix(part).is_some_and(|r| r.starts_with('=')))
        };
        let at = self.all.iter().position(named);
        let at = at.or_else(|| self.all.iter().position(|a| !a.used && !is_named(a)))?;
        self.all.get_mut(at)
    }
}

/// Whether an id says which message part the attachment is.
fn is_named(attachment: &Attachment) -> bool {
    attachment.id.split('@').next().is_some_and(|id| id.contains('='))
}

struct Into<'p, R> {
    parts: &'p mut Parts,
    root: &'p mut R,
}

impl<R: RootText> PartHandler for Into<'_, R> {
    type Error = SoapError;

    fn part(&mut self, head: PartHead) -> Result<(), SoapError> {
        let parts = &mut *self.parts;
        let encoding = head.field("content-transfer-encoding").unwrap_or_default();
        let transfer = Transfer::of(encoding).map_err(|error| malformed(&error))?;
        let id = bare(head.field("content-id").unwrap_or_default()).to_owned();
        parts.seen += 1;
        let is_root = !parts.has_root
            && match &parts.start {
                Some(start) => *start == id,
                None => parts.seen == 1,
            };
        let content_type = head.field("content-type").map(str::to_owned);
        if is_root {
            parts.has_root = true;
            let media = MediaType::parse(content_type.as_deref().unwrap_or_default());
            self.root.begin(media.parameter("charset"));
            parts.open = Some((transfer, None));
        } else {
            let attachment = Attachment { id, content_type, bytes: Vec::new(), used: false };
            parts.open = Some((transfer, Some(attachment)));
        }
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), SoapError> {
        self.decoded(bytes, false)
    }

    fn end(&mut self) -> Result<(), SoapError> {
        self.decoded(&[], true)?;
        if let Some((_, Some(attachment))) = self.parts.open.take() {
            self.parts.attachments.push(attachment);
        }
        Ok(())
    }
}

impl<R: RootText> Into<'_, R> {
    fn decoded(&mut self, bytes: &[u8], last: bool) -> Result<(), SoapError> {
        match &mut self.parts.open {
            Some((transfer, Some(attachment))) => {
                let before = attachment.bytes.len();
                transfer
                    .feed(bytes, last, &mut attachment.bytes)
                    .map_err(|error| malformed(&error))?;
                let left = self.parts.room.checked_sub(attachment.bytes.len() - before);
                let (what, limit) = ("bytes of attachments", ATTACHMENTS_BYTES_MAX);
                self.parts.room = left.ok_or(MultipartError::Limit { what, limit })?;
                Ok(())
            }
            Some((transfer, None)) => {
                let mut decoded = Vec::with_capacity(bytes.len());
                transfer.feed(bytes, last, &mut decoded).map_err(|error| malformed(&error))?;
                self.root.feed(&decoded)
            }
            None => Ok(()),
        }
    }
}

fn malformed(error: &TransferError) -> SoapError {
    MultipartError::Malformed(error.to_string()).into()
}

/// An id without its angle brackets.
fn bare(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id).trim()
}

/// The boundary that the first line with anything in it is, once it is whole.
fn first_line(bytes: &[u8]) -> Option<String> {
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace())?;
    let line = &bytes[start..];
    let end = line.iter().position(|b| *b == b'\n')?;
    let line = std::str::from_utf8(&line[..end]).ok()?;
    line.strip_prefix("--").map(|boundary| boundary.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl RootText for Nothing {
        fn begin(&mut self, _charset: Option<&str>) {}

        fn feed(&mut self, _bytes: &[u8]) -> Result<(), SoapError> {
            Ok(())
        }
    }

    #[test]
    fn attachments_are_kept_within_their_limit() {
        let check = |room: usize, expected: bool| {
            let media = MediaType::parse("multipart/related; boundary=b");
            let mut package = Package::new(&media).unwrap();
            assert_eq!(package.parts.room, ATTACHMENTS_BYTES_MAX);
            package.parts.room = room;
            let body = b"--b\n\nroot is not counted\n--b\n\n12345\n--b\n\n678\n--b--";
            let fed = body.chunks(2).try_for_each(|bytes| package.feed(bytes, &mut Nothing));
            match fed {
                Ok(()) => assert!(expected, "{room}"),
                Err(error) => {
                    let text = "the multipart body has more than 268435456 bytes of attachments";
                    assert_eq!((expected, error.to_string().as_str()), (false, text), "{room}");
                }
            }
        };
        check(8, true);
        check(7, false);
    }
}
