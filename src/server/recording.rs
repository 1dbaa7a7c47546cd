//! Who hears of a request: told of its body, its calls and its answer; nobody in production.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

use super::handler::Exchange;
use super::hooks::{Answered, Received, Recording};
use super::{soap, sql};
use crate::backend;
use crate::plan::Translator;

/// Begins to listen to a request, where somebody wants to hear of it. Routes that pass requests
/// on to an HTTP service are not heard.
pub(super) fn begin(exchange: &Exchange) -> Option<Arc<dyn Recording>> {
    let recorder = exchange.running.hooks.recorder.as_ref()?;
    let route = exchange.route();
    if matches!(route.translator, Translator::Http(_)) {
        return None;
    }
    let request = &exchange.request;
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let value = |name: &str| {
        let value = request.headers().get(name)?.to_str().ok()?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    };
    let mut headers: Vec<_> =
        header_names(&route.translator).into_iter().filter_map(value).collect();
    headers.sort();
    headers.dedup();
    recorder.begin(Received {
        route: route.id.clone(),
        method: request.method().as_str().to_owned(),
        target: target.to_owned(),
        headers,
    })
}

/// Headers a route takes values from.
fn header_names(translator: &Translator) -> Vec<&str> {
    match translator {
        Translator::Soap(call) => soap::header_names(call).collect(),
        Translator::Sql(call) => sql::header_names(call).collect(),
        Translator::Compose(call) => {
            call.parts.iter().flat_map(|part| header_names(&part.translator)).collect()
        }
        Translator::Http(_) => Vec::new(),
    }
}

/// Who hears of a request's calls.
pub(super) fn witness(exchange: &Exchange) -> Option<Arc<dyn backend::Witness>> {
    exchange.recording.clone().map(|recording| recording as Arc<dyn backend::Witness>)
}

/// Tells of the body the caller sent.
pub(super) fn body(exchange: &Exchange, text: Option<&str>) {
    if let (Some(recording), Some(text)) = (&exchange.recording, text) {
        recording.body(text);
    }
}

/// Tells of an answer: at once where all of it is there, with its last byte where it is streamed.
pub(super) fn answered(exchange: &Exchange, response: HttpResponse) -> HttpResponse {
    let Some(recording) = exchange.recording.clone() else { return response };
    let status = response.status().as_u16();
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => {
            recording.answered(Answered { status, body: vec![bytes.clone()], is_whole: true });
            BoxBody::new(bytes)
        }
        Err(body) => {
            let answered = Answered { status, body: Vec::new(), is_whole: false };
            BoxBody::new(Tee { body, recording, bytes: 0, answered: Some(answered) })
        }
    })
}

/// A body that is told of as it is sent.
struct Tee {
    body: BoxBody,
    recording: Arc<dyn Recording>,
    /// Bytes sent.
    bytes: usize,
    /// What is told; taken with it.
    answered: Option<Answered>,
}

impl Tee {
    fn piece(&mut self, piece: &Bytes) {
        self.bytes += piece.len();
        let Some(answered) = &mut self.answered else { return };
        if self.bytes <= self.recording.bytes_max() {
            answered.body.push(piece.clone());
        } else {
            // Too long to be kept: told as one that is not whole.
            answered.body.clear();
            self.end(false);
        }
    }

    fn end(&mut self, is_whole: bool) {
        if let Some(answered) = self.answered.take() {
            self.recording.answered(Answered { is_whole, ..answered });
        }
    }
}

impl MessageBody for Tee {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let polled = self.body.as_pin_mut().poll_next(cx);
        match &polled {
            Poll::Ready(Some(Ok(piece))) => self.piece(&piece.clone()),
            Poll::Ready(Some(Err(_))) => self.end(false),
            Poll::Ready(None) => self.end(true),
            Poll::Pending => {}
        }
        polled
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        // The server does not ask for the end of a body whose length it knows.
        let is_whole = self.body.size() == BodySize::Sized(self.bytes as u64);
        self.end(is_whole);
    }
}
