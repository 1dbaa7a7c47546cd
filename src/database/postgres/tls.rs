//! TLS towards a PostgreSQL server: whom to trust, and who we are.
//!
//! `sslmode=require`, or an authority in the mapping, means that the server's certificate is
//! verified, its name included. `prefer`, PostgreSQL's default, promises no more than it does
//! anywhere: encryption where the server offers it, against those who only listen.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::Tls;

/// The protocol's name where TLS comes first (PostgreSQL 17: `sslnegotiation=direct`).
const ALPN: &[u8] = b"postgresql";

/// How to make TLS of a connection; `None` where the address says `sslmode=disable`.
/// Raises `prefer` to `require` where the mapping names an authority.
pub(super) fn connector(
    config: &mut tokio_postgres::Config,
    tls: Option<&Tls>,
) -> Result<Option<MakeRustlsConnect>, Diagnostic> {
    if config.get_ssl_mode() == SslMode::Disable {
        return match tls {
            None => Ok(None),
            Some(_) => {
                let message = "the address says `sslmode=disable`, and there is a `tls`";
                let problem = Diagnostic::nowhere(Code::MappingValue, message);
                Err(problem.help("write `sslmode=require`, or remove `tls`"))
            }
        };
    }
    let authority = tls.and_then(|tls| tls.ca.as_deref());
    if authority.is_some() {
        config.ssl_mode(SslMode::Require);
    }
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?;
    let builder = if let Some(path) = authority {
        builder.with_root_certificates(authorities(path)?)
    } else if config.get_ssl_mode() == SslMode::Require {
        builder.with_platform_verifier().map_err(|error| unusable(&error))?
    } else {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Unverified(provider)))
    };
    let mut client = match tls.map(identity).transpose()?.flatten() {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => {
            builder.with_client_auth_cert(chain, key).map_err(|error| unusable(&error))?
        }
    };
    if config.get_ssl_negotiation() == SslNegotiation::Direct {
        client.alpn_protocols = vec![ALPN.to_vec()];
    }
    Ok(Some(MakeRustlsConnect::new(client)))
}

fn unusable(error: &rustls::Error) -> Diagnostic {
    Diagnostic::nowhere(Code::MappingValue, format!("no TLS client can be built: {error}"))
        .help("check that the certificates and the key under `tls` belong together")
}

fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    std::fs::read(path).map_err(|error| {
        let message = format!("`{}` cannot be read: {error}", path.display());
        Diagnostic::nowhere(Code::MappingUnreadable, message)
    })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Diagnostic> {
    let text = read(path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    found.ok().filter(|found| !found.is_empty()).ok_or_else(|| {
        let message = format!("`{}` holds no PEM certificate", path.display());
        Diagnostic::nowhere(Code::MappingValue, message)
    })
}

fn authorities(path: &Path) -> Result<RootCertStore, Diagnostic> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    Ok(roots)
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn identity(tls: &Tls) -> Result<Option<Identity>, Diagnostic> {
    let (cert, key) = match (&tls.cert, &tls.key) {
        (None, None) => return Ok(None),
        (Some(cert), Some(key)) => (cert, key),
        _ => {
            let message = "`tls` has only one of `cert` and `key`";
            return Err(Diagnostic::nowhere(Code::MappingMissing, message));
        }
    };
    let key = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| {
        let message = format!("`{}` holds no PEM private key", key.display());
        Diagnostic::nowhere(Code::MappingValue, message)
    })?;
    Ok(Some((certificates(cert)?, key)))
}

/// Takes any certificate: what `sslmode=prefer` is. That the server holds the certificate's
/// key is checked all the same, which SCRAM's channel binding builds on.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
