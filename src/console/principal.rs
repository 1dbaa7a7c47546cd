//! Who asks.

use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, COOKIE};

use super::sessions::Sessions;
use super::{Access, Role};

/// The cookie that names a session.
pub(super) const COOKIE_NAME: &str = "figleaf_console";
/// Who the audit names where nobody is asked who they are.
const LOCAL: &str = "local";

/// Somebody who is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Principal {
    /// As the audit names them.
    pub name: String,
    pub role: Role,
    /// What the forms on their pages are bound to.
    pub bound: String,
    /// Whether they can leave.
    pub session: bool,
}

/// Who asks: by the token in `Authorization`, by a session, or just somebody at this machine.
pub(super) fn principal(
    access: &Access,
    sessions: &Sessions,
    request: &HttpRequest,
) -> Option<Principal> {
    let Access::Tokens(tokens) = access else {
        let (name, bound) = (LOCAL.to_owned(), LOCAL.to_owned());
        return Some(Principal { name, role: Role::Owner, bound, session: false });
    };
    if let Some(token) = bearer(request) {
        // Who shows a token is known by it, or not at all.
        let holder = tokens.holder(token)?;
        let bound = format!("token {}", holder.name);
        return Some(Principal {
            name: holder.name.clone(),
            role: holder.role,
            bound,
            session: false,
        });
    }
    let session = session(request)?;
    let (name, role) = sessions.holder(session)?;
    Some(Principal { name, role, bound: format!("session {session}"), session: true })
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The session a browser names.
pub(super) fn session(request: &HttpRequest) -> Option<&str> {
    let cookies = request.headers().get_all(COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}
