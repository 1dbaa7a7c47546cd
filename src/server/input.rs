//! A request's head → what the engine binds from.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::exchange::Exchange;
use crate::diagnostic::Code;
use crate::engine::{Input, Problem};

/// Takes path, query and the headers named (in lower case), decoded.
///
/// # Errors
/// Where path or query are not UTF-8.
pub(super) fn take<'e>(
    exchange: &'e Exchange,
    headers: impl Iterator<Item = &'e str>,
    body: Option<&'e str>,
) -> Result<Input<'e>, Box<Problem>> {
    let request = &exchange.request;
    let mut input = Input { body, ..Input::default() };
    for (name, value) in path_parameters(exchange) {
        let value = percent_decode_str(value).decode_utf8().map_err(|_| {
            Problem::new(Code::RequestNotFound, format!("the path parameter `{name}` is not UTF-8"))
        })?;
        input.path.push((name, value));
    }
    let query = exchange.query().unwrap_or("");
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |text: &str| -> Option<Cow<'static, str>> {
            let spaced = text.replace('+', " ");
            Some(Cow::Owned(percent_decode_str(&spaced).decode_utf8().ok()?.into_owned()))
        };
        let (Some(name), Some(value)) = (plain(name), plain(value)) else {
            return Err(Box::new(Problem::new(Code::RequestInvalid, "the query is not UTF-8")));
        };
        input.query.push((name, value));
    }
    for name in headers {
        let mut lines = request.headers().get_all(name).map(|value| {
            std::str::from_utf8(value.as_bytes()).map_err(|_| {
                let detail = format!("the header `{name}` is not UTF-8");
                Box::new(Problem::new(Code::RequestInvalid, detail))
            })
        });
        let Some(first) = lines.next().transpose()? else { continue };
        // Several lines are one value (RFC 9110, section 5.3); none of them is passed over.
        let value = lines.try_fold(Cow::Borrowed(first), |value, line| {
            line.map(|line| Cow::Owned(format!("{value}, {line}")))
        })?;
        input.headers.push((name, value));
    }
    Ok(input)
}

/// Path parameters by name, still percent-encoded.
pub(super) fn path_parameters(exchange: &Exchange) -> impl Iterator<Item = (&str, &str)> {
    let names =
        exchange.route().path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
    names.zip(exchange.parameters.iter().map(String::as_str))
}
