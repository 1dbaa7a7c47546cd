//! ring behind jsonwebtoken: the one cryptography of this binary.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes ring the cryptography of jsonwebtoken. Has to come before the first token.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It fails only where a provider is there already, and nobody else sets one.
        let _ = PROVIDER.install_default();
    });
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "jsonwebtoken asks for this signature")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let check = match algorithm {
        Algorithm::HS256 => Check::Mac(ring::hmac::HMAC_SHA256),
        Algorithm::RS256 => Check::Signature(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::PS256 => Check::Signature(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::ES256 => Check::Signature(&signature::ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Check::Signature(&signature::ECDSA_P384_SHA384_FIXED),
        Algorithm::EdDSA => Check::Signature(&signature::ED25519),
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    // A public key must never serve as the secret of a MAC, nor the other way round.
    if key.family() != family(*algorithm) {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    let DecodingKeyKind::SecretOrDer(key) = key.kind() else {
        return Err(ErrorKind::InvalidKeyFormat.into());
    };
    Ok(Box::new(Ring { algorithm: *algorithm, check, key: key.clone() }))
}

fn family(algorithm: Algorithm) -> jsonwebtoken::AlgorithmFamily {
    use jsonwebtoken::AlgorithmFamily as Family;
    match algorithm {
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => Family::Hmac,
        Algorithm::ES256 | Algorithm::ES384 => Family::Ec,
        Algorithm::EdDSA => Family::Ed,
        _ => Family::Rsa,
    }
}

enum Check {
    Mac(ring::hmac::Algorithm),
    Signature(&'static dyn VerificationAlgorithm),
}

struct Ring {
    algorithm: Algorithm,
    check: Check,
    key: Vec<u8>,
}

impl ::signature::Verifier<Vec<u8>> for Ring {
    fn verify(&self, message: &[u8], given: &Vec<u8>) -> Result<(), ::signature::Error> {
        let verified = match &self.check {
            Check::Mac(algorithm) => {
                ring::hmac::verify(&ring::hmac::Key::new(*algorithm, &self.key), message, given)
            }
            Check::Signature(algorithm) => {
                UnparsedPublicKey::new(*algorithm, &self.key).verify(message, given)
            }
        };
        verified.map_err(|_| ::signature::Error::new())
    }
}

impl JwtVerifier for Ring {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
