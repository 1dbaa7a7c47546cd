//! Who a backend takes us for, and who may call us, as it is written.

use super::fields::Fields;
use super::interpolate::Text;
use super::keys::{AUTH, BASIC, JWT, SECURITY, TLS, USERNAME_TOKEN};
use super::node::Spanned;
use super::reader::Context;
use crate::diagnostic::Code;
use crate::plan::{AuthPlan, JwtAlgorithm, Secret};

/// Certificates, PEM. A value taken from `${file:…}` is the certificate or key itself, not
/// a path; `Text::outside` and the text's first line tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Authorities to trust.
    pub ca: Option<Spanned<Text>>,
    /// Our certificate chain.
    pub cert: Option<Spanned<Text>>,
    /// Our key.
    pub key: Option<Spanned<Secret>>,
}

/// The UsernameToken profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsernameToken {
    /// The user.
    pub username: Spanned<Text>,
    /// The password.
    pub password: Spanned<Secret>,
    /// Whether the digest is sent.
    pub digest: Option<Spanned<bool>>,
}

/// User and password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basic {
    /// The user.
    pub username: Spanned<Text>,
    /// The password.
    pub password: Spanned<Secret>,
}

fn spanned<T>(fields: &Fields<'_>, name: &str, value: T) -> Option<Spanned<T>> {
    let span = fields.get(name)?.value.span;
    Some(Spanned::new(value, span))
}

pub(super) fn tls(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Spanned<Tls>> {
    let inner = fields.section(cx, "tls", &TLS)?;
    let tls = Tls {
        ca: inner.text(cx, "ca"),
        cert: inner.text(cx, "cert"),
        key: secret(cx, &inner, "key"),
    };
    for (one, other) in [("cert", "key"), ("key", "cert")] {
        if let (Some(entry), None) = (inner.get(one), inner.get(other)) {
            let message = format!("`{one}` without `{other}`");
            cx.error(Code::MappingMissing, entry.key.span, message);
        }
    }
    spanned(fields, "tls", tls)
}

fn secret(cx: &mut Context<'_>, fields: &Fields<'_>, name: &str) -> Option<Spanned<Secret>> {
    Some(fields.text(cx, name)?.map(|text| Secret::new(text.value)))
}

pub(super) fn username_token(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
) -> Option<Spanned<UsernameToken>> {
    let security = fields.section(cx, "security", &SECURITY)?;
    let inner = security.section(cx, "username_token", &USERNAME_TOKEN)?;
    let username = inner.text(cx, "username");
    let password = secret(cx, &inner, "password");
    let digest = inner.boolean(cx, "digest");
    let token = UsernameToken { username: username?, password: password?, digest };
    spanned(&security, "username_token", token)
}

pub(super) fn basic(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Spanned<Basic>> {
    let inner = fields.section(cx, "basic", &BASIC)?;
    let (username, password) = (inner.text(cx, "username"), secret(cx, &inner, "password"));
    spanned(fields, "basic", Basic { username: username?, password: password? })
}

pub(super) fn auth(cx: &mut Context<'_>, fields: &Fields<'_>) -> Option<Spanned<AuthPlan>> {
    let outer = fields.section(cx, "auth", &AUTH)?;
    let inner = outer.section(cx, "jwt", &JWT)?;
    let algorithm = inner.word(cx, "algorithm", JwtAlgorithm::ALL);
    let key = secret(cx, &inner, "key");
    let issuer = inner.string(cx, "issuer").map(|issuer| issuer.value);
    let audience = inner.string(cx, "audience").map(|audience| audience.value);
    let (algorithm, key) = (algorithm?.value, key?.value);
    spanned(fields, "auth", AuthPlan { algorithm, key, issuer, audience })
}
