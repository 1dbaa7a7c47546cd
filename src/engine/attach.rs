//! Members of a request that go beside the envelope, as attachments (SOAP Messages with
//! Attachments, section 3; WS-I Attachments Profile 1.0).

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::bind::{Arguments, encode, locate};
use super::input::InputProblem;
use super::problem::Problem;
use crate::codec::{EncodeProblem, Json};
use crate::mime::{OwnPart, related};
use crate::plan::{AttachmentPart, SoapCall};
use crate::soap::media_type;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Set where it differs from that of the call: the message has several parts.
    pub content_type: Option<String>,
    /// The body of the HTTP request.
    pub bytes: Vec<u8>,
}

/// Writes the message of a request: an envelope, with attachments where the operation has
/// some.
///
/// # Errors
/// Everything in which the arguments do not fit the operation.
pub fn message(call: &SoapCall, arguments: &Arguments<'_>) -> Result<Message, Box<Problem>> {
    let (envelope, attached) = match (encode(call, arguments), attached(call, &arguments.body)) {
        (Ok(envelope), Ok(attached)) => (envelope, attached),
        (envelope, attached) => {
            let mut problems = envelope.err().unwrap_or_default();
            problems.extend(attached.err().unwrap_or_default());
            return Err(Box::new(Problem::invalid(problems)));
        }
    };
    if call.attachments.is_empty() {
        return Ok(Message { content_type: None, bytes: envelope });
    }
    let mut parts = vec![OwnPart {
        content_type: &call.content_type,
        id: "root@figleaf".to_owned(),
        bytes: &envelope,
    }];
    parts.extend(call.attachments.iter().zip(&attached).map(|(attachment, bytes)| OwnPart {
        content_type: &attachment.content_type,
        id: content_id(&attachment.part),
        bytes,
    }));
    let (content_type, bytes) = related(media_type(&call.envelope), &parts);
    Ok(Message { content_type: Some(content_type), bytes })
}

/// `part=figleaf@figleaf`, the part's name as a URL has it (Attachments Profile, R2933).
fn content_id(part: &str) -> String {
    let name = percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC);
    format!("{name}=1@figleaf")
}

/// The arguments that belong into the envelope.
pub(super) fn enveloped<'r>(call: &SoapCall, body: &Json<'r>) -> Option<Json<'r>> {
    if call.attachments.is_empty() {
        return None;
    }
    let Json::Object(entries) = body else { return None };
    let is_attached = |name: &str| call.attachments.iter().any(|a| *a.member == *name);
    let left = entries.iter().filter(|(name, _)| !is_attached(name)).cloned();
    Some(Json::Object(left.collect()))
}

/// The bytes of each attachment.
fn attached(call: &SoapCall, body: &Json<'_>) -> Result<Vec<Vec<u8>>, Vec<InputProblem>> {
    let mut all = Vec::new();
    let mut problems = Vec::new();
    for attachment in &call.attachments {
        match bytes(attachment, body) {
            Ok(bytes) => all.push(bytes),
            Err(detail) => {
                let pointer = format!("/{}", attachment.member);
                problems.push(locate(call, EncodeProblem { pointer, detail }));
            }
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

fn bytes(attachment: &AttachmentPart, body: &Json<'_>) -> Result<Vec<u8>, String> {
    let entries = match body {
        Json::Object(entries) => &entries[..],
        _ => &[],
    };
    let value = entries.iter().find(|(name, _)| **name == *attachment.member).map(|(_, v)| v);
    let text = match value {
        Some(Json::String(text) | Json::Lexical(text)) => text,
        None | Some(Json::Null) => return Err("is required".to_owned()),
        Some(other) => return Err(format!("must be a string, is {}", other.kind())),
    };
    let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    BASE64.decode(&packed).map_err(|_| "must be base64".to_owned())
}
