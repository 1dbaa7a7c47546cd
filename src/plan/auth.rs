//! Who may call, as data.

use super::Secret;

/// Callers prove who they are by a JSON Web Token (RFC 7519) in `Authorization: Bearer`.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthPlan {
    /// The one algorithm tokens may be signed with.
    pub algorithm: JwtAlgorithm,
    /// The issuer's public key as PEM, or the shared secret of the HS algorithms.
    pub key: Secret,
    /// The `iss` a token must have.
    pub issuer: Option<String>,
    /// The `aud` a token must have.
    pub audience: Option<String>,
}

/// Signature algorithms (RFC 7518, section 3.1; RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JwtAlgorithm {
    /// HMAC with SHA-256: a shared secret of at least 32 bytes.
    Hs256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl JwtAlgorithm {
    /// All of them, in the order of [`NAMES`](Self::NAMES).
    pub const ALL: &'static [Self] =
        &[Self::Hs256, Self::Rs256, Self::Ps256, Self::Es256, Self::Es384, Self::EdDsa];
    /// As tokens write them.
    pub const NAMES: &'static [&'static str] =
        &["HS256", "RS256", "PS256", "ES256", "ES384", "EdDSA"];
}
