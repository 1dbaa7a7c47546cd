//! Attachments put into the JSON that refers to them, as base64.
//!
//! A reference met while the envelope was read stands in the JSON as a mark: a noncharacter of
//! Unicode around a number. XML allows it and nobody sends it; a server that does all the same
//! gets its own attachment in that place, and only there.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::links::{REFERENCES_MAX, too_many_references};
use super::package::{Attachment, AttachmentMember, Attachments};
use crate::codec::Violations;
use crate::codec::{DecodeError, Violation};
use crate::diagnostic::Code;
use crate::xml::XmlError;

/// How many times the bytes of all attachments may stand in one answer.
const TIMES_MAX: usize = 4;
/// Bytes of attachments that may stand in any answer.
const FILLED_BYTES_MIN: usize = 1 << 20;
/// Bytes of attachments that stand in one answer at most.
const FILLED_BYTES_MAX: usize = 256 << 20;
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
    references_left: usize,
}

impl<'f> Filling<'f> {
    pub(super) fn new(attachments: &'f mut Attachments, references: &'f [String]) -> Self {
        let times = attachments.bytes().saturating_mul(TIMES_MAX);
        let bytes_left = times.clamp(FILLED_BYTES_MIN, FILLED_BYTES_MAX);
        let violations = Violations::default();
        Self { attachments, references, violations, bytes_left, references_left: REFERENCES_MAX }
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
            // A text may begin like that and mean nothing by it.
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
            if !was_put {
                let what: Cow<'_, str> = reference.chars().take(80).collect();
                self.deviates(Code::ViolationAttachmentMissing, &what);
            }
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

    /// Writes an attachment, if there is one.
    fn put(&mut self, reference: &str, out: &mut Vec<u8>) -> Result<bool, DecodeError> {
        let Some(attachment) = self.attachments.find(reference) else { return Ok(false) };
        let left = self.references_left.checked_sub(1);
        self.references_left = left.ok_or_else(too_many_references)?;
        self.bytes_left = spend(self.bytes_left, attachment)?;
        write(attachment, out);
        Ok(true)
    }

    /// Members that are attachments, put before those of an object. Comes last: one that is
    /// found by its place is none that something refers to.
    pub(super) fn members(
        &mut self,
        members: &[AttachmentMember],
        json: Vec<u8>,
    ) -> Result<Vec<u8>, DecodeError> {
        if members.is_empty() {
            return Ok(json);
        }
        let is_object = json.first() == Some(&b'{');
        let mut out = vec![b'{'];
        for member in members {
            match self.attachments.take_part(&member.part) {
                None => self.deviates(Code::ViolationAttachmentMissing, &member.part),
                Some(attachment) if member.key.is_empty() || !is_object => attachment.used = true,
                Some(attachment) => {
                    self.bytes_left = spend(self.bytes_left, attachment)?;
                    out.extend_from_slice(&member.key);
                    out.push(b'"');
                    write(attachment, &mut out);
                    out.extend_from_slice(b"\",");
                }
            }
        }
        if !is_object {
            return Ok(json);
        }
        let rest = &json[1..];
        if rest.first() == Some(&b'}') && out.len() > 1 {
            out.pop();
        }
        out.extend_from_slice(rest);
        Ok(out)
    }

    /// What came and has no place in the JSON is named.
    pub(super) fn unused(mut self) -> Violations {
        let count = self.attachments.all.iter().filter(|a| !a.used).count();
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

/// What is left once an attachment is written.
fn spend(left: usize, attachment: &Attachment) -> Result<usize, XmlError> {
    let what = "times the bytes of its attachments in an answer, or 256 MiB";
    let too_many = || XmlError::limit(what, TIMES_MAX as u64, 0);
    left.checked_sub(attachment.bytes.len()).ok_or_else(too_many)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_stays_within_its_limits() {
        let check = |bytes: usize, references: usize, expected: Result<&str, &str>| {
            let attachment = |id: &str| {
                let (id, bytes) = (id.to_owned(), b"figleaf".to_vec());
                Attachment { id, content_type: None, bytes, used: false }
            };
            let mut attachments = Attachments::new(vec![attachment("a"), attachment("photo=1@b")]);
            let marks = ["cid:a".to_owned()];
            let mut filling = Filling::new(&mut attachments, &marks);
            assert_eq!(filling.references_left, REFERENCES_MAX);
            assert_eq!(filling.bytes_left, FILLED_BYTES_MIN);
            (filling.bytes_left, filling.references_left) = (bytes, references);
            let json = format!(r#"{{"a":"cid:a","b":"{}","c":"cid:none"}}"#, mark(0));
            let member = AttachmentMember { part: "photo".into(), key: (*b"\"p\":").into() };
            let filled = filling.fill(json.as_bytes());
            let filled = filled.and_then(|json| filling.members(&[member], json));
            let told = filled.map(|json| String::from_utf8(json).unwrap());
            let told = told.map_err(|error| error.to_string());
            match expected {
                Ok(json) => assert_eq!(told.as_deref(), Ok(json)),
                Err(part) => assert!(told.as_ref().unwrap_err().contains(part), "{told:?}"),
            }
        };
        let whole = r#"{"p":"ZmlnbGVhZg==","a":"ZmlnbGVhZg==","b":"ZmlnbGVhZg==","c":"cid:none"}"#;
        check(21, 2, Ok(whole));
        check(20, 2, Err("times the bytes of its attachments"));
        check(13, 2, Err("times the bytes of its attachments"));
        check(21, 1, Err("references to attachments"));
    }
}
