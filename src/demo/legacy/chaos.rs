//! Misbehaviour on demand.
//!
//! `POST /shop/_chaos` with `{"mode": "delay", "millis": 500, "times": 3}` puts it in
//! force for the next three SOAP requests; without `times` until `DELETE /shop/_chaos`.
//! `GET` tells what is in force. Faults and the long list of `ListOrders` are never spoilt.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::answers;
use super::fault::{Blame, Fault, Soap};

/// The longest a hanging answer is held, in seconds.
const HANG_SECONDS_MAX: u64 = 600;

/// What is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chaos {
    /// In which way.
    pub mode: Mode,
    /// For [`Mode::Delay`]: how long, in milliseconds.
    #[serde(default)]
    pub millis: u64,
    /// For how many requests; without it, until further notice.
    #[serde(default)]
    pub times: Option<u64>,
}

/// The ways to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The operation is run, its answer is right, but late.
    Delay,
    /// The operation is run; half of its answer is sent, and HTTP calls it complete.
    Truncated,
    /// The operation is run; after half of its answer the connection breaks.
    Cut,
    /// The operation is run; its result comes with status 500.
    Result500,
    /// The operation is run; something follows the envelope.
    Trailing,
    /// The operation is run; a document type declaration stands before the envelope.
    Doctype,
    /// Not run: no answer at all, for ten minutes.
    Hang,
    /// Not run: a login page with status 200.
    Html,
    /// Not run: a fault with status 200.
    Fault200,
    /// Not run: `Content-Encoding: gzip` over bytes that are none, status 200.
    GzipGarbage,
    /// Not run: the answer of another operation, `CheckStock`, status 200.
    OtherAnswer,
    /// Not run: status 503 with a line of plain text.
    Unavailable,
    /// Not run: status 302 to elsewhere.
    Redirect,
}

/// The answer instead of running the operation; `None` where it is to be run.
pub async fn instead(mode: Mode, millis: u64, soap: Soap) -> Option<HttpResponse> {
    let mut ok = xml(StatusCode::OK, soap);
    Some(match mode {
        Mode::Delay => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            return None;
        }
        Mode::Truncated | Mode::Cut | Mode::Result500 | Mode::Trailing | Mode::Doctype => {
            return None;
        }
        Mode::Hang => {
            tokio::time::sleep(Duration::from_secs(HANG_SECONDS_MAX)).await;
            HttpResponse::GatewayTimeout().finish()
        }
        Mode::Html => HttpResponse::Ok()
            .content_type("text/html; charset=iso-8859-1")
            .body("<html><head><title>Login</title></head><body><br>Please sign in</body></html>"),
        Mode::Fault200 => {
            ok.body(Fault::plain(Blame::Server, "SHOP-0500: batch window").envelope(soap))
        }
        Mode::GzipGarbage => ok.insert_header(("content-encoding", "gzip")).body("\u{1f}not gzip"),
        Mode::OtherAnswer => ok.body(answers::envelope(soap, &answers::stock("0", "0", &[]))),
        Mode::Unavailable => {
            HttpResponse::ServiceUnavailable().body("batch window, come back at six")
        }
        Mode::Redirect => HttpResponse::Found().insert_header(("location", "/shop/login")).finish(),
    })
}

/// The right envelope, spoilt where the mode says so.
pub fn spoil(mode: Option<Mode>, envelope: String, soap: Soap) -> HttpResponse {
    let mut ok = xml(StatusCode::OK, soap);
    match mode {
        Some(Mode::Truncated) => ok.body(half(envelope)),
        Some(Mode::Cut) => {
            // The pause in between lets the half be sent before the line breaks.
            let sent = stream::once(async { Ok(Bytes::from(half(envelope))) });
            let broken = stream::once(async {
                tokio::task::yield_now().await;
                Err(std::io::Error::other("the line went dead"))
            });
            ok.streaming(sent.chain(broken))
        }
        Some(Mode::Result500) => xml(StatusCode::INTERNAL_SERVER_ERROR, soap).body(envelope),
        Some(Mode::Trailing) => ok.body(envelope + "<trailer/>\n"),
        Some(Mode::Doctype) => {
            ok.body(envelope.replacen("<!-- ", "<!DOCTYPE shop [<!ENTITY e 'x'>]>\n<!-- ", 1))
        }
        _ => ok.body(envelope),
    }
}

fn half(mut text: String) -> String {
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(middle.unwrap_or(0));
    text
}

fn xml(status: StatusCode, soap: Soap) -> HttpResponseBuilder {
    let mut builder = HttpResponse::build(status);
    builder.content_type(soap.content_type());
    builder
}
