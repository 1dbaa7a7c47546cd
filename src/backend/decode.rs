//! The body of an answer: its content encoding undone, its size counted.

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use super::inflate::Inflate;
use super::{Answer, BackendError};
use crate::diagnostic::Code;

/// Decoded bytes for each byte received, at most.
const RATIO_MAX: u64 = 200;
/// Decoded bytes from which on the ratio counts.
const RATIO_FREE_BYTES: u64 = 1 << 20;
/// Decoded bytes handed out at once, at most.
const PIECE_BYTES_MAX: usize = 32 << 10;
/// Decoded bytes there is room for, at least.
const PIECE_BYTES_MIN: usize = 1 << 10;

/// Undoes the content encoding of one body and keeps its limits.
pub(super) struct Decoder {
    inflate: Option<Inflate>,
    pending: Bytes,
    /// Whether output may be waiting that needs no more input.
    full: bool,
    received: u64,
    decoded: u64,
    limit: u64,
}

impl Decoder {
    /// A decoder for an answer with these headers; `limit` in bytes, 0 is none.
    pub(super) fn new(
        headers: &HeaderMap,
        answer: Answer,
        limit: u64,
    ) -> Result<Self, BackendError> {
        let inflate = match answer {
            Answer::AsIs => None,
            Answer::Decoded => inflate(headers)?,
        };
        let pending = Bytes::new();
        Ok(Self { inflate, pending, full: false, received: 0, decoded: 0, limit })
    }

    /// Takes a chunk that came over the wire. Everything [`next`](Self::next) has to give
    /// must have been taken before.
    pub(super) fn push(&mut self, chunk: Bytes) -> Result<(), BackendError> {
        self.received += chunk.len() as u64;
        self.pending = chunk;
        self.within(self.received)
    }

    /// The next decoded piece; `None` asks for another chunk.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, BackendError> {
        let Some(inflate) = &mut self.inflate else {
            let piece = std::mem::take(&mut self.pending);
            self.decoded += piece.len() as u64;
            return Ok((!piece.is_empty()).then_some(piece));
        };
        while self.full || !self.pending.is_empty() {
            let room = if self.full { PIECE_BYTES_MAX } else { self.pending.len() * 4 };
            let mut piece = Vec::with_capacity(room.clamp(PIECE_BYTES_MIN, PIECE_BYTES_MAX));
            let taken = inflate.run(&self.pending, &mut piece).map_err(|_| corrupt())?;
            if taken == 0 && piece.is_empty() && !self.pending.is_empty() {
                return Err(corrupt());
            }
            self.pending = self.pending.slice(taken..);
            self.full = piece.len() == piece.capacity();
            if !piece.is_empty() {
                self.decoded += piece.len() as u64;
                self.within(self.decoded)?;
                self.within_ratio()?;
                return Ok(Some(piece.into()));
            }
        }
        Ok(None)
    }

    /// Says whether the body may end here.
    pub(super) fn finish(&self) -> Result<(), BackendError> {
        if self.inflate.as_ref().is_none_or(Inflate::is_whole) {
            return Ok(());
        }
        Err(BackendError::unknown(Code::BackendTruncated, "the compressed body is cut short"))
    }

    /// Bytes handed out so far.
    pub(super) fn decoded(&self) -> u64 {
        self.decoded
    }

    fn within(&self, bytes: u64) -> Result<(), BackendError> {
        if self.limit == 0 || bytes <= self.limit {
            return Ok(());
        }
        let detail = format!("the body exceeds {} bytes", self.limit);
        Err(BackendError::unknown(Code::BackendTooLarge, detail))
    }

    fn within_ratio(&self) -> Result<(), BackendError> {
        // What is still pending has not been decoded, but counting it only favours honest
        // bodies by less than a chunk.
        let bomb = self.decoded > RATIO_FREE_BYTES && self.decoded / RATIO_MAX > self.received;
        if !bomb {
            return Ok(());
        }
        let detail = format!("the body expands more than {RATIO_MAX} times");
        Err(BackendError::unknown(Code::BackendTooLarge, detail))
    }
}

fn corrupt() -> BackendError {
    let detail = "the body is not what its content-encoding says";
    BackendError::unknown(Code::BackendEncoding, detail)
}

fn inflate(headers: &HeaderMap) -> Result<Option<Inflate>, BackendError> {
    let mut found = None;
    for value in headers.get_all(CONTENT_ENCODING) {
        for coding in value.as_bytes().split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
            let next = if coding.is_empty() || coding.eq_ignore_ascii_case(b"identity") {
                continue;
            } else if coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip")
            {
                Inflate::gzip()
            } else if coding.eq_ignore_ascii_case(b"deflate") {
                Inflate::deflate()
            } else {
                let detail = "a content-encoding that was not asked for";
                return Err(BackendError::unknown(Code::BackendEncoding, detail));
            };
            if found.replace(next).is_some() {
                let detail = "more than one content-encoding";
                return Err(BackendError::unknown(Code::BackendEncoding, detail));
            }
        }
    }
    Ok(found)
}
