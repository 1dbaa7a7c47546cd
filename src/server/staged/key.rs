//! What a request is assigned by, and what shape it has.

use actix_web::web::Payload;
use bytes::Bytes;
use percent_encoding::percent_decode_str;

use super::body;
use crate::codec::{Json, JsonLimits, parse_json};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::plan::AssignmentKey;
use crate::server::body::{is_json, read};
use crate::server::exchange::Exchange;
use crate::server::input::path_parameters;

/// Bytes of one key that count.
const KEY_BYTES_MAX: usize = 256;

/// The key of a request: the first of these that is there.
fn key(exchange: &Exchange, keys: &[AssignmentKey], body: Option<&Json<'_>>) -> Option<String> {
    let found = keys.iter().find_map(|key| match key {
        AssignmentKey::Claim(name) => {
            let value = exchange.claims.get(name.as_str())?;
            let text = serde_json::from_str::<String>(value.get());
            Some(text.unwrap_or_else(|_| value.get().to_owned()))
        }
        AssignmentKey::Header(name) => {
            let value = exchange.request.headers().get(name.as_str())?;
            value.to_str().ok().map(str::to_owned)
        }
        AssignmentKey::Path(name) => {
            let (_, value) = path_parameters(exchange).find(|(known, _)| known == name)?;
            Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
        }
        AssignmentKey::Body(names) => match names.iter().try_fold(body?, member)? {
            Json::String(text) | Json::Number(text) => Some(text.clone().into_owned()),
            _ => None,
        },
    });
    found.filter(|key| !key.is_empty() && key.len() <= KEY_BYTES_MAX)
}

fn member<'j, 'b>(json: &'j Json<'b>, name: &String) -> Option<&'j Json<'b>> {
    match json {
        Json::Object(members) => members.iter().find(|(n, _)| n == name).map(|(_, value)| value),
        _ => None,
    }
}

/// The key of a request, and its payload again: it is read before it is known who answers
/// where the key is in it.
pub(super) async fn assigned(
    exchange: &Exchange,
    keys: &[AssignmentKey],
    payload: Payload,
) -> Result<(Payload, Option<String>), Box<Problem>> {
    let request = &exchange.request;
    let from_body = keys.iter().any(|key| matches!(key, AssignmentKey::Body(_)));
    if !from_body || !is_json(request) {
        return Ok((payload, key(exchange, keys, None)));
    }
    let (bytes_max, time_max) = (exchange.route().request_bytes, exchange.shared.body_time_max);
    let text = read(request, payload, bytes_max, time_max).await?.unwrap_or_default();
    let key = {
        // What is no JSON is somebody's to refuse: the legacy system's, as before.
        let json = parse_json(&text, JsonLimits::default()).ok();
        key(exchange, keys, json.as_ref())
    };
    let again = body::again(request, Bytes::from(text)).await;
    let lost = || Problem::new(Code::RequestInternal, "").internal("the body was lost".to_owned());
    Ok((again.ok_or_else(lost)?, key))
}

/// The shape of a request: its method, the names of its query parameters, and short words among
/// their values, which are those of enumerations mostly.
pub(super) fn shape(exchange: &Exchange) -> String {
    const WORD_BYTES_MAX: usize = 16;
    let query = exchange.query().unwrap_or("");
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let is_word = !value.is_empty()
                && value.len() <= WORD_BYTES_MAX
                && value.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-'));
            if is_word { format!("{name}={value}") } else { name.to_owned() }
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut shape = format!("{} {}", exchange.request.method(), pairs.join("&"));
    // A path of another length is another kind of id.
    for (name, value) in path_parameters(exchange) {
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        let kind = if digits { "number" } else { "text" };
        shape.push_str(&format!(" {name}:{kind}{}", value.len().min(WORD_BYTES_MAX)));
    }
    shape
}
