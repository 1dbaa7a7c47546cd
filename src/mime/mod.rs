//! Multipart bodies (RFC 2046, section 5.1): media types, parts as their bytes come, transfer
//! encodings, and messages of several parts to be sent.
//!
//! This room must not know SOAP, JSON or where bytes come from.

mod compose;
mod media_type;
mod multipart;
mod transfer;

pub use compose::{OwnPart, related};
pub use media_type::MediaType;
pub use multipart::{MultipartError, MultipartReader, PartHandler, PartHead};
pub use transfer::{Transfer, TransferError};
