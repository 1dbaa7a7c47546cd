//! An answer, kept to be compared.

use std::io::Read;

use actix_web::http::header::{CONTENT_ENCODING, HeaderMap};
use flate2::read::{MultiGzDecoder, ZlibDecoder};

use crate::engine::Problem;
use crate::server::exchange::Exchange;
use crate::server::tee::{End, Sent};
use crate::strangler::{Answer, Side};

/// Bytes of an answer that is compared. A longer one is not.
pub(super) const BYTES_MAX: usize = 4 << 20;

/// What became of an answer. Nothing is read of it here: that is not the caller's time.
pub(super) enum Given {
    /// It was sent, this much of it.
    Sent { status: u16, headers: HeaderMap, sent: Sent },
    /// A problem, as it was told.
    Problem { status: u16, body: Vec<u8> },
    /// None was given in time.
    Nothing,
}

/// An answer as it can be compared.
#[derive(Debug)]
pub(super) enum Seen {
    /// It was read to its end.
    Whole(Snapshot),
    /// There was none, or it broke off.
    Nothing,
    /// There was no room for it.
    NoRoom,
    /// It is too long, was left, or cannot be read: nothing can be said.
    Unknown,
}

/// An answer that was read to its end.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub status: u16,
    headers: Vec<(String, String)>,
    body: String,
    /// The room its body takes.
    _sent: Option<Sent>,
}

impl Given {
    /// A problem, as the caller gets it.
    pub fn problem(exchange: &Exchange, problem: &Problem) -> Self {
        let body = problem.body(exchange.request.uri().path(), &exchange.correlation.id);
        Self::Problem { status: problem.status, body }
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::Sent { sent, .. } if sent.end == End::Broke => 0,
            Self::Sent { status, .. } | Self::Problem { status, .. } => *status,
            Self::Nothing => 0,
        }
    }

    /// Bytes to be read.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Sent { sent, .. } => sent.pieces.iter().map(bytes::Bytes::len).sum(),
            Self::Problem { body, .. } => body.len(),
            Self::Nothing => 0,
        }
    }

    /// Reads it, as the answer of a side.
    pub fn seen(self, side: Side) -> Seen {
        let (status, headers, sent) = match self {
            Self::Nothing => return Seen::Nothing,
            Self::Problem { status, body } => {
                let body = String::from_utf8_lossy(&body).into_owned();
                return Seen::Whole(Snapshot { status, headers: Vec::new(), body, _sent: None });
            }
            Self::Sent { status, headers, sent } => (status, headers, sent),
        };
        match sent.end {
            End::Whole => {}
            End::Broke => return Seen::Nothing,
            End::NoRoom => return Seen::NoRoom,
            // The legacy system's would have been compared: it differs.
            End::TooLong if side == Side::Candidate => return Seen::Nothing,
            End::TooLong | End::Left => return Seen::Unknown,
        }
        let body = match body(&headers, &sent) {
            Ok(body) => body,
            // As one that is longer than what is kept.
            Err(Unread::Damaged) if side == Side::Candidate => return Seen::Nothing,
            Err(Unread::Damaged | Unread::Coding) => return Seen::Unknown,
        };
        let text = |(name, value): (&_, &actix_web::http::header::HeaderValue)| {
            let name: &actix_web::http::header::HeaderName = name;
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = headers.iter().filter_map(text).collect();
        Seen::Whole(Snapshot { status, headers, body, _sent: Some(sent) })
    }
}

impl Snapshot {
    /// A request that would be sent, as something to be compared.
    pub fn of_request(body: String) -> Self {
        Self { status: 200, headers: Vec::new(), body, _sent: None }
    }

    pub fn answer(&self) -> Answer<'_> {
        Answer { status: self.status, headers: &self.headers, body: &self.body }
    }

    /// Whether it says something of the side that gave it: no failure of its own, and a body.
    pub fn is_usable(&self) -> bool {
        self.status < 500 && self.status != 304
    }

    pub fn bytes(&self) -> usize {
        self.body.len()
    }
}

/// Why a body is not read.
#[derive(Debug)]
enum Unread {
    /// Its coding is not known here.
    Coding,
    /// It is not what its coding says, or too long.
    Damaged,
}

/// The text of a body.
fn body(headers: &HeaderMap, sent: &Sent) -> Result<String, Unread> {
    let coding = headers.get(CONTENT_ENCODING).map_or("identity", |c| c.to_str().unwrap_or("?"));
    let bytes = sent.bytes();
    let bytes = match coding.trim().to_ascii_lowercase().as_str() {
        "identity" => Some(bytes.to_vec()),
        "gzip" | "x-gzip" => unzipped(MultiGzDecoder::new(&*bytes)),
        "deflate" => unzipped(ZlibDecoder::new(&*bytes)),
        _ => return Err(Unread::Coding),
    };
    // What is no text is compared byte by byte.
    let text = String::from_utf8(bytes.ok_or(Unread::Damaged)?);
    Ok(text.unwrap_or_else(|error| error.as_bytes().iter().map(|b| char::from(*b)).collect()))
}

fn unzipped(reader: impl Read) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    reader.take(BYTES_MAX as u64 + 1).read_to_end(&mut out).ok()?;
    (out.len() <= BYTES_MAX).then_some(out)
}

#[cfg(test)]
mod tests {
    use actix_web::HttpResponse;

    use super::*;
    use crate::server::tee::{Keep, read};

    #[actix_web::test]
    async fn a_candidate_whose_body_cannot_be_read_gave_no_answer() {
        let check = async |side, coding: &'static str, expected: &str| {
            let mut response = HttpResponse::Ok();
            response.insert_header((CONTENT_ENCODING, coding));
            let response = response.body("{\"a\": 1}");
            let headers = response.headers().clone();
            let sent = read(response, Keep { bytes_max: BYTES_MAX, room: None }).await;
            let seen = format!("{:?}", Given::Sent { status: 200, headers, sent }.seen(side));
            assert!(seen.starts_with(expected), "{coding}: {seen}");
        };
        check(Side::Candidate, "identity", "Whole").await;
        check(Side::Candidate, "gzip", "Nothing").await;
        check(Side::Candidate, "deflate", "Nothing").await;
        check(Side::Candidate, "br", "Unknown").await;
        check(Side::Legacy, "gzip", "Unknown").await;
    }
}
