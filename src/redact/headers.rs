//! HTTP headers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::place::{At, Holds};
use super::{Kind, Redaction, Unsure};

/// What becomes of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    /// The scheme stays, what stands behind it is a secret.
    Credentials,
    /// All of it is a secret.
    Whole,
    /// The values of cookies are secrets.
    Cookies,
    /// The value of one cookie is a secret.
    SetCookie,
    /// It is not written.
    Leave,
}

/// Headers, what becomes of them, and why.
const HEADERS: &[(&str, Action, &str)] = &[
    ("authorization", Action::Credentials, "who calls, and the proof"),
    ("proxy-authorization", Action::Credentials, "the same, for a proxy"),
    ("x-amz-security-token", Action::Whole, "a session of AWS"),
    ("x-api-key", Action::Whole, "lets in"),
    ("api-key", Action::Whole, "lets in"),
    ("apikey", Action::Whole, "lets in"),
    ("x-auth-token", Action::Whole, "lets in"),
    ("x-access-token", Action::Whole, "lets in"),
    ("x-csrf-token", Action::Whole, "belongs to a session"),
    ("x-xsrf-token", Action::Whole, "belongs to a session"),
    ("ocp-apim-subscription-key", Action::Whole, "lets in, at Azure"),
    ("x-functions-key", Action::Whole, "lets in, at Azure"),
    ("x-goog-api-key", Action::Whole, "lets in, at Google"),
    ("x-vault-token", Action::Whole, "lets in, at Vault"),
    ("private-token", Action::Whole, "lets in, at GitLab"),
    ("x-forwarded-client-cert", Action::Whole, "who calls, as a proxy saw it"),
    ("sm_user", Action::Whole, "who calls, as SiteMinder saw it"),
    ("cookie", Action::Cookies, "sessions"),
    ("set-cookie", Action::SetCookie, "a session"),
    ("set-cookie2", Action::SetCookie, "a session"),
    ("authentication-info", Action::Whole, "proof of a password"),
    ("proxy-authentication-info", Action::Whole, "proof of a password"),
    ("dpop", Action::Whole, "proof of a key"),
    ("signature", Action::Leave, "signs what is redacted"),
    ("signature-input", Action::Leave, "of a signature"),
    ("digest", Action::Leave, "of what is redacted: a short secret could be found by it"),
    ("content-digest", Action::Leave, "of what is redacted"),
    ("repr-digest", Action::Leave, "of what is redacted"),
    ("content-md5", Action::Leave, "of what is redacted"),
    ("content-length", Action::Leave, "of what is redacted"),
];

/// Headers whose values look random and let nobody in.
const HARMLESS: &str = "etag if-match if-none-match if-range x-request-id request-id x-correlation-id \
    x-amzn-trace-id x-cloud-trace-context traceparent tracestate b3 baggage content-type \
    content-disposition content-id content-location location link server via user-agent \
    soapaction accept accept-encoding accept-language cache-control content-security-policy \
    strict-transport-security alt-svc report-to nel server-timing sec-websocket-key \
    sec-websocket-accept x-powered-by x-ms-request-id mime-version date expires last-modified";

/// Each header with what is written of it, and why.
pub(super) fn table() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    HEADERS.iter().map(|(name, action, why)| {
        let what = match action {
            Action::Credentials => "the scheme, and tokens",
            Action::Whole => "a token",
            Action::Cookies => "names, and tokens",
            Action::SetCookie => "the name, a token, the attributes",
            Action::Leave => "nothing",
        };
        (*name, what, *why)
    })
}

/// The headers that carry credentials, as a text may quote them.
pub(super) fn with_credentials() -> impl Iterator<Item = &'static str> {
    let quoted = |action: &Action| *action != Action::Leave;
    HEADERS.iter().filter(move |(_, action, _)| quoted(action)).map(|(name, _, _)| *name)
}

/// Whether there are names outside of quotes, and each quote is closed.
fn has_parameters(value: &str) -> bool {
    let quotes = value.matches('"').count();
    quotes > 0 && quotes.is_multiple_of(2) && value.split('"').step_by(2).any(|piece| piece.contains('='))
}

impl Redaction<'_> {
    /// A header; `None` where it is not to be written at all.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn header(&mut self, name: &str, value: &str) -> Result<Option<String>, Unsure> {
        let lower = name.to_ascii_lowercase();
        if HEADERS.iter().any(|(known, action, _)| *known == lower && *action == Action::Leave) {
            return Ok(None);
        }
        let place = format!("the header {name}");
        self.message(&place, |this, before: Option<String>| {
            let value = before.unwrap_or_else(|| value.to_owned());
            let redacted = this.header_value(&lower, &value, At::text());
            redacted.unwrap_or(value)
        })
        .map(Some)
    }

    /// The value of a header; `None` leaves it as it is.
    pub(super) fn header_value(&mut self, name: &str, value: &str, at: At<'_>) -> Option<String> {
        let name = name.to_ascii_lowercase();
        if self.redactor.has_header(&name) || self.redactor.names(&name) {
            return self.whole(value, Kind::Named, At { name: &name, ..at });
        }
        if self.redactor.keeps(&name) {
            return None;
        }
        let known = HEADERS.iter().find(|(known, ..)| *known == name).map(|(_, action, _)| *action);
        match known {
            Some(Action::Credentials) => self.credentials(value, at),
            Some(Action::Whole) => self.whole(value, Kind::Secret, At { name: &name, ..at }),
            Some(Action::Cookies) => self.cookies(value, usize::MAX, at),
            Some(Action::SetCookie) => self.cookies(value, 1, at),
            Some(Action::Leave) | None => {
                let (holds, _) = self.redactor.holds(&name);
                let is_harmless = HARMLESS.split(' ').any(|harmless| harmless == name);
                let name = if is_harmless && holds == Holds::Anything { "" } else { &*name };
                self.value(value, At { name, holds, ..at })
            }
        }
    }

    /// `Bearer …`, `Basic …`, `Digest …`: the scheme says how to go on.
    fn credentials(&mut self, value: &str, at: At<'_>) -> Option<String> {
        let at = At { name: "authorization", ..at };
        let Some((scheme, secret)) = value.trim_start().split_once(' ') else {
            return self.whole(value, Kind::Secret, at);
        };
        let start = value.len() - value.trim_start().len() + scheme.len() + 1;
        let redacted = if scheme.eq_ignore_ascii_case("basic") {
            self.basic(secret, at)?
        } else if has_parameters(secret) {
            self.parameters(secret, at)?
        } else {
            self.whole(secret, Kind::Secret, at)?
        };
        Some(format!("{}{redacted}", &value[..start]))
    }

    /// `user:password` in base64 (RFC 7617).
    pub(super) fn basic(&mut self, value: &str, at: At<'_>) -> Option<String> {
        let pair = STANDARD.decode(value.trim()).ok().and_then(|b| String::from_utf8(b).ok());
        let Some((user, password)) = pair.as_deref().and_then(|pair| pair.split_once(':')) else {
            // In a sentence, `basic` is followed by a word.
            let is_said = value.bytes().all(|b| b.is_ascii_lowercase());
            return if is_said { None } else { self.whole(value, Kind::Secret, at) };
        };
        let at = At { name: "authorization", ..at };
        let new_user = self.whole(user, Kind::Secret, at);
        let new_password = self.whole(password, Kind::Secret, at);
        if new_user.is_none() && new_password.is_none() {
            return None;
        }
        let user = new_user.as_deref().unwrap_or(user);
        Some(STANDARD.encode(format!("{user}:{}", new_password.as_deref().unwrap_or(password))))
    }

    /// `username="…", response="…"`: what stands between quotes.
    fn parameters(&mut self, value: &str, at: At<'_>) -> Option<String> {
        let mut pieces: Vec<String> = value.split('"').map(str::to_owned).collect();
        let mut has_changed = false;
        for piece in pieces.iter_mut().skip(1).step_by(2) {
            if let Some(redacted) = self.whole(piece, Kind::Secret, at) {
                *piece = redacted;
                has_changed = true;
            }
        }
        has_changed.then(|| pieces.join("\""))
    }

    /// `name=value; name=value`: the first so many are cookies, then come attributes.
    fn cookies(&mut self, value: &str, count: usize, at: At<'_>) -> Option<String> {
        let mut has_changed = false;
        let mut pieces: Vec<String> = value.split(';').map(str::to_owned).collect();
        for piece in pieces.iter_mut().take(count) {
            let (name, secret) = match piece.split_once('=') {
                Some((name, secret)) => (name.to_owned(), secret.to_owned()),
                None => continue,
            };
            let bare = secret.trim().trim_matches('"');
            let at = At { name: name.trim(), ..at };
            if let Some(redacted) = self.whole(bare, Kind::Secret, at) {
                *piece = format!("{name}={}", secret.replacen(bare, &redacted, 1));
                has_changed = true;
            }
        }
        has_changed.then(|| pieces.join(";"))
    }
}
