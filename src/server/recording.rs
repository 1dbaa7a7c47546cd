//! Who hears of a request: told of its body, its calls and its answer; nobody in production.

use std::sync::Arc;

use actix_web::HttpResponse;

use super::exchange::Exchange;
use super::hooks::{Answered, Received, Recording};
use super::tee::{End, Keep, Sent, tee};
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
/// One that is too long to be kept is told as one that is not whole.
pub(super) fn answered(exchange: &Exchange, response: HttpResponse) -> HttpResponse {
    let Some(recording) = exchange.recording.clone() else { return response };
    let status = response.status().as_u16();
    let keep = Keep { bytes_max: recording.bytes_max(), room: None };
    let told = move |sent: Sent| {
        let is_whole = sent.end == End::Whole;
        recording.answered(Answered { status, body: sent.pieces, is_whole });
    };
    tee(response, keep, Box::new(told))
}
