//! An answer, kept to be compared.

use std::io::Read;

use actix_web::HttpResponse;
use actix_web::body::to_bytes_limited;
use actix_web::http::header::{CONTENT_ENCODING, HeaderMap};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use crate::engine::Problem;
use crate::server::handler::Exchange;
use crate::server::hooks;
use crate::strangler::Answer;

/// Bytes of an answer that is compared. A longer one is not.
pub(super) const BYTES_MAX: usize = 4 << 20;

/// An answer that was read to its end.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// The headers of an answer, before it is sent.
pub(super) struct Head {
    headers: Vec<(String, String)>,
    zipped: bool,
}

impl Head {
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |(name, value): (
            &actix_web::http::header::HeaderName,
            &actix_web::http::header::HeaderValue,
        )| { Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())) };
        let zipped = headers.get(CONTENT_ENCODING).is_some_and(|coding| coding == "gzip");
        Self { headers: headers.iter().filter_map(text).collect(), zipped }
    }

    /// With the body that was sent; `None` where not all of it is there, or it is no text.
    pub fn with(self, answered: hooks::Answered) -> Option<Snapshot> {
        if !answered.is_whole {
            return None;
        }
        let bytes = answered.body.concat();
        let bytes = if self.zipped { unzipped(&bytes)? } else { bytes };
        let body = String::from_utf8(bytes).ok()?;
        Some(Snapshot { status: answered.status, headers: self.headers, body })
    }
}

impl Snapshot {
    /// Of a response that nobody else wants. `None` where it is too long, or breaks off.
    pub async fn of(response: HttpResponse) -> Option<Self> {
        let head = Head::of(response.headers());
        let status = response.status().as_u16();
        let bytes = to_bytes_limited(response.into_body(), BYTES_MAX).await.ok()?.ok()?;
        head.with(hooks::Answered { status, body: vec![bytes], is_whole: true })
    }

    /// Of a problem, as the caller gets it.
    pub fn of_problem(exchange: &Exchange, problem: &Problem) -> Self {
        let body = problem.body(exchange.request.uri().path(), &exchange.correlation.id);
        let body = String::from_utf8(Bytes::from(body).to_vec()).unwrap_or_default();
        Self { status: problem.status, headers: Vec::new(), body }
    }

    pub fn answer(&self) -> Answer<'_> {
        Answer { status: self.status, headers: &self.headers, body: &self.body }
    }

    /// Whether it says something of the side that gave it: no failure of its own, and a body.
    pub fn is_usable(&self) -> bool {
        self.status < 500 && self.status != 304
    }
}

fn unzipped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(BYTES_MAX as u64 + 1);
    reader.read_to_end(&mut out).ok()?;
    (out.len() <= BYTES_MAX).then_some(out)
}
