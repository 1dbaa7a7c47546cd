//! TLS against a real rustls server. The certificates in `pem/` were made for these tests
//! and are good until 2126.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::super::*;
use super::stub::*;
use crate::diagnostic::Code;
use crate::plan::Tls;

fn pem(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/backend/tests/pem").join(name)
}

pub(super) fn trusting() -> Tls {
    Tls { ca: Some(pem("ca.pem")), cert: None, key: None }
}

fn with_identity() -> Tls {
    Tls { cert: Some(pem("client.pem")), key: Some(pem("client.key")), ..trusting() }
}

fn certificate(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(pem(name)).unwrap()
}

/// A server that answers each connection once.
fn server(wants_identity: bool) -> SocketAddr {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = ServerConfig::builder();
    let builder = if wants_identity {
        let mut roots = RootCertStore::empty();
        roots.add(certificate("ca.pem")).unwrap();
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
        builder.with_client_cert_verifier(verifier)
    } else {
        builder.with_no_client_auth()
    };
    let key = PrivateKeyDer::from_pem_file(pem("server.key")).unwrap();
    let config = builder.with_single_cert(vec![certificate("server.pem")], key).unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            if matches!(stream.read(&mut [0; 4096]), Ok(count) if count > 0) {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n<ok>");
            }
            stream.conn.send_close_notify();
            let _ = stream.flush();
            // Wait for the client to be done, so that its last bytes cause no reset.
            let _ = stream.sock.shutdown(std::net::Shutdown::Write);
            let _ = stream.sock.read_to_end(&mut Vec::new());
        }
    });
    addr
}

async fn call(addr: SocketAddr, tls: Tls) -> Result<Vec<u8>, BackendError> {
    let mut plan = plan(&format!("https://{addr}/"));
    plan.tls = Some(tls);
    plan.timeout.connect = std::time::Duration::from_secs(5);
    plan.timeout.total = std::time::Duration::from_secs(5);
    whole(&Backend::new(&plan).unwrap(), Effect::Write).await
}

#[tokio::test]
async fn a_private_authority_and_a_client_certificate_work() {
    assert_eq!(call(server(false), trusting()).await.unwrap(), b"<ok>");
    assert_eq!(call(server(true), with_identity()).await.unwrap(), b"<ok>");
}

#[tokio::test]
async fn a_missing_client_certificate_is_a_tls_error_with_a_hint() {
    let error = call(server(true), trusting()).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (Code::BackendTls, Outcome::Rejected), "{error}");
    assert!(error.detail.contains("client certificate"), "{error}");
}

#[tokio::test]
async fn an_unknown_authority_was_not_sent() {
    let tls = Tls { ca: Some(pem("client.pem")), ..trusting() };
    let error = call(server(false), tls).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (Code::BackendTls, Outcome::NotSent), "{error}");
}

#[tokio::test]
async fn plain_http_behind_an_https_address_was_not_sent() {
    let stub = Stub::new(|mut stream, _| async move {
        let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
        tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await.unwrap();
    })
    .await;
    let error = call(stub.addr, trusting()).await.unwrap_err();
    assert_eq!((error.code, error.outcome), (Code::BackendTls, Outcome::NotSent), "{error}");
}

#[tokio::test]
async fn certificates_that_cannot_be_used_are_named() {
    let refuse = |tls| {
        let mut plan = plan("https://127.0.0.1:1/");
        plan.tls = Some(tls);
        Backend::new(&plan).err().unwrap()
    };
    let problem = refuse(Tls { ca: Some(pem("none.pem")), ..trusting() });
    assert_eq!(problem.code, Code::MappingUnreadable);
    let problem = refuse(Tls { ca: Some(pem("client.key")), ..trusting() });
    assert!(problem.message.contains("holds no PEM certificate"), "{}", problem.message);
    let problem = refuse(Tls { key: None, ..with_identity() });
    assert_eq!(problem.code, Code::MappingMissing);
    let problem = refuse(Tls { key: Some(pem("server.key")), ..with_identity() });
    assert_eq!(problem.code, Code::MappingValue, "{}", problem.message);
}
