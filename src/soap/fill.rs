//! Attachments put into the JSON that refers to them, as base64.
//!
//! A reference met while the envelope was read stands in the JSON as a mark: a noncharacter of
//! Unicode around a number. XML allows it and nobody sends it; a server that does all the same
//! gets its own attachment in that place, and only there.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::package::{Attachment, AttachmentMember, Attachments};
use crate::codec::Violations;
use crate::codec::{DecodeError, Violation};
use crate::diagnostic::Code;
use crate::xml::XmlError;

/// How many times the bytes of all attachments may stand in one answer.
const TIMES_MAX: usize = 4;
/// Bytes of attachments that may stand in any answer.
const FILLED_BYTES_MIN: usize = 1 << 20;
/// Never assigned, and meant for use inside of a program (Unicode 16, section 23.7).
const MARK: &str = "\u{fdd0}";

/// The text that stands for a reference until its attachment is there.
pub(super) fn mark(index: usize) -> String {
    format!("{MARK}{index}{MARK}")
}

/// What attachments are put into.
pub(super) struct Filling<'f> {
    pub(super) attachments: &'f mut Attachments,
    /// References that stand as marks, by number.
    pub(super) references: &'f [String],
    pub(super) violations: Violations,
    bytes_left: usize,
}

impl<'f> Filling<'f> {
    pub(super) fn new(attachments: &'f mut Attachments, references: &'f [String]) -> Self {
        let bytes_left = (attachments.bytes() * TIMES_MAX).max(FILLED_BYTES_MIN);
        Self { attachments, references, violations: Violations::default(), bytes_left }
    }

    /// The JSON with every reference replaced. One that leads nowhere is null where it is all
    /// there is, and a violation.
    pub(super) fn fill(&mut self, json: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let mut out = Vec::with_capacity(json.len());
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'"', &json[at..]) {
            out.extend_from_slice(&json[at..at + found]);
            let start = at + found + 1;
            let end = string_end(json, start);
            self.string(&json[start..end], &mut out)?;
            at = (end + 1).min(json.len());
        }
        out.extend_from_slice(&json[at..]);
        Ok(out)
    }

    fn string(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError> {
        let start = out.len();
        out.push(b'"');
        let mut rest = text;
        let mut is_whole = false;
        if text.starts_with(b"cid:") {
            let reference = String::from_utf8_lossy(text);
            if self.put(&reference, out)? {
                rest = &[];
            }
        }
        while let Some(at) = memchr::memmem::find(rest, MARK.as_bytes()) {
            let inner = &rest[at + MARK.len()..];
            let end = memchr::memmem::find(inner, MARK.as_bytes());
            let number = end.and_then(|end| std::str::from_utf8(&inner[..end]).ok()?.parse().ok());
            let reference = number.and_then(|n: usize| self.references.get(n)).cloned();
            let (Some(end), Some(reference)) = (end, reference) else {
                out.extend_from_slice(&rest[..at + MARK.len()]);
                rest = inner;
                continue;
            };
            out.extend_from_slice(&rest[..at]);
            let was_put = self.put(&reference, out)?;
            is_whole = !was_put && rest.len() == text.len() && at == 0;
            is_whole &= end + 2 * MARK.len() == text.len();
            rest = &inner[end + MARK.len()..];
        }
        if is_whole {
            out.truncate(start);
            out.extend_from_slice(b"null");
            return Ok(());
        }
        out.extend_from_slice(rest);
        out.push(b'"');
        Ok(())
    }

    /// Writes an attachment, if there is one; that there is none is a violation.
    fn put(&mut self, reference: &str, out: &mut Vec<u8>) -> Result<bool, DecodeError> {
        let Some(attachment) = self.attachments.find(reference) else {
            let what: Cow<'_, str> = reference.chars().take(80).collect();
            self.deviates(Code::ViolationAttachmentMissing, &what);
            return Ok(false);
        };
        let left = self.bytes_left.checked_sub(attachment.bytes.len());
        self.bytes_left = left.ok_or_else(too_many)?;
        write(attachment, out);
        Ok(true)
    }

    /// Members that are attachments, put before those of an object.
    pub(super) fn members(&mut self, members: &[AttachmentMember], json: Vec<u8>) -> Vec<u8> {
        if members.is_empty() {
            return json;
        }
        let is_object = json.first() == Some(&b'{');
        let mut out = vec![b'{'];
        for member in members {
            match self.attachments.take_part(&member.part) {
                None => self.deviates(Code::ViolationAttachmentMissing, &member.part),
                Some(attachment) if member.key.is_empty() || !is_object => attachment.used = true,
                Some(attachment) => {
                    out.extend_from_slice(&member.key);
                    out.push(b'"');
                    write(attachment, &mut out);
                    out.extend_from_slice(b"\",");
                }
            }
        }
        if !is_object {
            return json;
        }
        let rest = &json[1..];
        if rest.first() == Some(&b'}') && out.len() > 1 {
            out.pop();
        }
        out.extend_from_slice(rest);
        out
    }

    /// What came and has no place in the JSON is named.
    pub(super) fn unused(mut self) -> Violations {
        let count = self.attachments.0.iter().filter(|a| !a.used).count();
        for _ in 0..count {
            self.deviates(Code::ViolationAttachmentUnused, "an attachment");
        }
        self.violations
    }

    fn deviates(&mut self, code: Code, what: &str) {
        let violation = || Violation { code, path: "/".to_owned(), what: what.to_owned() };
        self.violations.push(violation);
    }
}

fn too_many() -> DecodeError {
    let what = "times the bytes of its attachments in an answer";
    XmlError::limit(what, TIMES_MAX as u64, 0).into()
}

fn write(attachment: &mut Attachment, out: &mut Vec<u8>) {
    attachment.used = true;
    let from = out.len();
    let length = base64::encoded_len(attachment.bytes.len(), true).unwrap_or_default();
    out.resize(from + length, 0);
    // The room is what the encoding needs, so it cannot fail.
    let _ = STANDARD.encode_slice(&attachment.bytes, &mut out[from..]);
}

/// Where a string that starts here ends: at its quote.
fn string_end(json: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &json[at..]) {
        at += found;
        if json[at] == b'"' {
            return at;
        }
        at = (at + 2).min(json.len());
    }
    json.len()
}
