//! One issuer's tokens.

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::value::RawValue;

use super::provider;
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::plan::{AuthPlan, JwtAlgorithm};

/// Bytes of a token.
const TOKEN_BYTES_MAX: usize = 8 << 10;
/// Seconds by which the issuer's clock and ours may differ.
const LEEWAY_SECONDS: u64 = 30;
/// Bytes of a shared secret (RFC 7518, section 3.2: as long as the hash).
const SECRET_BYTES_MIN: usize = 32;

/// What a token says, by name: each claim as JSON text.
pub type Claims = HashMap<Box<str>, Box<RawValue>>;

/// Verifies the tokens of one issuer.
pub struct Verifier {
    key: DecodingKey,
    validation: Validation,
}

impl Verifier {
    /// Reads the key.
    ///
    /// # Errors
    /// Where it is no key of the algorithm.
    pub fn new(plan: &AuthPlan) -> Result<Self, String> {
        provider::install();
        let text = plan.key.expose().as_bytes();
        let (algorithm, key) = match plan.algorithm {
            JwtAlgorithm::Hs256 if text.len() < SECRET_BYTES_MIN => {
                return Err(format!("the secret of HS256 has less than {SECRET_BYTES_MIN} bytes"));
            }
            JwtAlgorithm::Hs256 => (Algorithm::HS256, Ok(DecodingKey::from_secret(text))),
            JwtAlgorithm::Rs256 => (Algorithm::RS256, DecodingKey::from_rsa_pem(text)),
            JwtAlgorithm::Ps256 => (Algorithm::PS256, DecodingKey::from_rsa_pem(text)),
            JwtAlgorithm::Es256 => (Algorithm::ES256, DecodingKey::from_ec_pem(text)),
            JwtAlgorithm::Es384 => (Algorithm::ES384, DecodingKey::from_ec_pem(text)),
            JwtAlgorithm::EdDsa => (Algorithm::EdDSA, DecodingKey::from_ed_pem(text)),
        };
        let key = key.map_err(|error| {
            format!("the key is no public key of {algorithm:?} in PEM: {error}")
        })?;
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY_SECONDS;
        validation.validate_nbf = true;
        let mut required = vec!["exp"];
        if let Some(issuer) = &plan.issuer {
            validation.set_issuer(&[issuer]);
            required.push("iss");
        }
        match &plan.audience {
            Some(audience) => {
                validation.set_audience(&[audience]);
                required.push("aud");
            }
            None => validation.validate_aud = false,
        }
        validation.set_required_spec_claims(&required);
        Ok(Self { key, validation })
    }

    /// The claims of a request's token.
    ///
    /// # Errors
    /// `request-unauthenticated`, without saying why.
    pub fn claims(&self, request: &HttpRequest) -> Result<Claims, Box<Problem>> {
        let mut headers = request.headers().get_all(AUTHORIZATION);
        let (Some(header), None) = (headers.next(), headers.next()) else {
            return Err(refused("there is not one Authorization header"));
        };
        let token = header.to_str().ok().and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        self.verify(token.ok_or_else(|| refused("the Authorization header is no bearer token"))?)
    }

    fn verify(&self, token: &str) -> Result<Claims, Box<Problem>> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(refused("the token is too long"));
        }
        jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation)
            .map(|data| data.claims)
            .map_err(|error| refused(&error.to_string()))
    }
}

fn refused(why: &str) -> Box<Problem> {
    Problem::new(Code::RequestUnauthenticated, "").internal(why).into()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

    use super::*;
    use crate::plan::Secret;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    /// 2100-01-01
    const FUTURE: u64 = 4_102_444_800;

    fn plan(algorithm: JwtAlgorithm, key: &str) -> AuthPlan {
        AuthPlan {
            algorithm,
            key: Secret::new(key.to_owned()),
            issuer: Some("https://id.example".to_owned()),
            audience: Some("shop".to_owned()),
        }
    }

    fn unsigned(algorithm: &str, claims: &str) -> String {
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}", part(&format!(r#"{{"alg":"{algorithm}"}}"#)), part(claims))
    }

    fn hs256(algorithm: &str, claims: &str, secret: &str) -> String {
        let unsigned = unsigned(algorithm, claims);
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
        let mac = ring::hmac::sign(&key, unsigned.as_bytes());
        format!("{unsigned}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.as_ref()))
    }

    fn good() -> String {
        format!(
            r#"{{"iss":"https://id.example","aud":["shop","x"],"exp":{FUTURE},"sub":"00017","n":1.50}}"#
        )
    }

    #[test]
    fn claims_of_a_good_token_are_handed_on_digit_for_digit() {
        let verifier = Verifier::new(&plan(JwtAlgorithm::Hs256, SECRET)).unwrap();
        let claims = verifier.verify(&hs256("HS256", &good(), SECRET)).unwrap();
        assert_eq!(claims["sub"].get(), r#""00017""#);
        assert_eq!(claims["n"].get(), "1.50");
    }

    #[test]
    fn a_token_is_refused_for_any_doubt() {
        let verifier = Verifier::new(&plan(JwtAlgorithm::Hs256, SECRET)).unwrap();
        let check = |token: String, why: &str| {
            let problem = verifier.verify(&token).unwrap_err();
            assert_eq!((problem.status, problem.detail.as_str()), (401, ""));
            let internal = problem.internal.unwrap();
            assert!(internal.contains(why), "{internal}");
        };
        let signed = |claims: &str| hs256("HS256", claims, SECRET);
        check(hs256("HS256", &good(), "another secret"), "InvalidSignature");
        check(format!("{}.", unsigned("none", &good())), "JSON");
        check(hs256("HS512", &good(), SECRET), "InvalidAlgorithm");
        check(signed(&good().replace(&FUTURE.to_string(), "1")), "ExpiredSignature");
        check(signed(&good().replace("id.example", "evil.example")), "InvalidIssuer");
        check(signed(&good().replace("\"shop\"", "\"other\"")), "InvalidAudience");
        check(signed(r#"{"sub":"1"}"#), "Missing");
        check(signed("[]"), "JSON");
        check("a.b".to_owned(), "InvalidToken");
        check("x".repeat(TOKEN_BYTES_MAX + 1), "too long");
    }

    #[test]
    fn a_public_key_is_no_secret_of_a_mac() {
        let rng = SystemRandom::new();
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &rng)
                .unwrap();
        // SubjectPublicKeyInfo of a P-256 point (RFC 5480).
        let mut der = vec![
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
            0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ];
        der.extend_from_slice(pair.public_key().as_ref());
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            base64::prelude::BASE64_STANDARD.encode(der)
        );
        let verifier = Verifier::new(&plan(JwtAlgorithm::Es256, &pem)).unwrap();
        let unsigned = unsigned("ES256", &good());
        let signature = pair.sign(&rng, unsigned.as_bytes()).unwrap();
        let token = format!("{unsigned}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref()));
        assert!(verifier.verify(&token).is_ok());
        assert!(verifier.verify(&hs256("HS256", &good(), &pem)).is_err());
        assert!(Verifier::new(&plan(JwtAlgorithm::Rs256, &pem)).is_err());
        assert!(Verifier::new(&plan(JwtAlgorithm::Hs256, "short")).is_err());
    }
}
