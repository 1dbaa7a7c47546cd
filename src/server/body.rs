//! Request bodies: bounded in size and in time.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use actix_web::web::Payload;
use futures_util::StreamExt;

use crate::diagnostic::Code;
use crate::engine::Problem;

/// Reads a whole body as text. An empty one is `None`.
pub async fn read(
    request: &HttpRequest,
    payload: Payload,
    bytes_max: usize,
    time_max: Duration,
) -> Result<Option<String>, Box<Problem>> {
    // Nothing is announced, so nothing comes (RFC 9112, section 6.3): no timer, no waiting.
    let headers = request.headers();
    if !headers.contains_key(CONTENT_LENGTH) && !headers.contains_key(TRANSFER_ENCODING) {
        return Ok(None);
    }
    let read = tokio::time::timeout(time_max, collect(request, payload, bytes_max)).await;
    let bytes = read.map_err(|_| {
        Problem::new(Code::RequestTimeout, format!("no complete body within {time_max:?}"))
    })??;
    if bytes.is_empty() {
        return Ok(None);
    }
    check_media_type(request)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Problem::new(Code::RequestMalformed, format!("the body is not UTF-8: {error}"))
    })?;
    Ok(Some(text))
}

/// Whether a request says that its body is JSON.
pub fn is_json(request: &HttpRequest) -> bool {
    check_media_type(request).is_ok()
}

async fn collect(
    request: &HttpRequest,
    mut payload: Payload,
    bytes_max: usize,
) -> Result<Vec<u8>, Box<Problem>> {
    let too_large =
        || Problem::new(Code::RequestTooLarge, format!("the limit is {bytes_max} bytes"));
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > bytes_max) {
        return Err(too_large().into());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            Problem::new(Code::RequestMalformed, "the body broke off").internal(error.to_string())
        })?;
        if bytes.len() + chunk.len() > bytes_max {
            return Err(too_large().into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn check_media_type(request: &HttpRequest) -> Result<(), Box<Problem>> {
    if let Some(coding) = request.headers().get(CONTENT_ENCODING)
        && !coding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        let detail = "a body is taken as it is, without a Content-Encoding";
        return Err(Problem::new(Code::RequestMediaType, detail).into());
    }
    let declared = request.headers().get(CONTENT_TYPE).map(|v| v.to_str().unwrap_or(""));
    let essence =
        declared.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
    {
        return Ok(());
    }
    let detail = match declared {
        Some(declared) => format!("`{declared}` is not JSON"),
        None => "a body needs a Content-Type".to_owned(),
    };
    Err(Problem::new(Code::RequestMediaType, detail).into())
}
