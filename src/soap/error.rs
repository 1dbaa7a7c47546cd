//! What an envelope turns out to be, and why it is none.

use super::fault::Fault;
use super::transcode::BadEncoding;
use crate::codec::DecodeError;
use crate::xml::XmlError;

/// Why an answer is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SoapError {
    /// Not XML at all, e.g. a JSON or plain text page.
    #[error("the answer is not XML: {0}")]
    NotXml(XmlError),
    /// XML, but no envelope: `<html>…`.
    #[error("the root element is `{0}`, not a SOAP envelope")]
    NotEnvelope(String),
    /// An envelope without a body, or with two.
    #[error("the envelope has {0}")]
    Shape(&'static str),
    /// Broken XML, limits, a DTD.
    #[error(transparent)]
    Xml(XmlError),
    /// Text that is not in the encoding it claims.
    #[error("{0}")]
    Encoding(String),
    /// The payload is wrong.
    #[error(transparent)]
    Payload(DecodeError),
}

impl From<XmlError> for SoapError {
    fn from(error: XmlError) -> Self {
        Self::Xml(error)
    }
}

impl From<DecodeError> for SoapError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Xml(error) => Self::Xml(error),
            other => Self::Payload(other),
        }
    }
}

impl From<BadEncoding> for SoapError {
    fn from(error: BadEncoding) -> Self {
        Self::Encoding(error.0)
    }
}

/// What an envelope turned out to hold.
#[derive(Debug)]
pub enum Received {
    /// The operation's answer; its JSON has been or will be taken from the reader.
    Answer,
    /// A fault.
    Fault(Box<Fault>),
}
