//! A client that keeps to none of the rules: any certificate, any protocol, any bytes.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{Connection, Endpoint};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use sync_proto::quic::{ALPN_JOIN, ALPN_SYNC, CloseCode, Csr, Ended, HUB_HOST_NAME, Identity};

/// Believes anyone.
#[derive(Debug)]
struct Gullible;

impl ServerCertVerifier for Gullible {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn key(identity: &Identity) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(identity.key().pair().serialize_der()).into()
}

/// Connects with this certificate, or none, for this protocol.
pub(crate) async fn connect(hub: SocketAddr, shows: Option<&Identity>, alpn: &[u8]) -> Connection {
    let builder = rustls::ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Gullible));
    let mut tls = match shows {
        Some(identity) => builder
            .with_client_auth_cert(vec![identity.certificate().clone()], key(identity))
            .unwrap(),
        None => builder.with_no_client_auth(),
    };
    tls.alpn_protocols = vec![alpn.to_vec()];
    let config = quinn::ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls).unwrap()));
    let endpoint = Endpoint::client(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0)).unwrap();
    endpoint.connect_with(config, hub, HUB_HOST_NAME).unwrap().await.unwrap()
}

/// How a connection ends that is only waited on.
pub(crate) async fn end_of(connection: &Connection) -> Ended {
    connection.closed().await.into()
}

/// Sends bytes on a new stream; the answer, or how the connection ended.
pub(crate) async fn ask(connection: &Connection, bytes: &[u8]) -> Result<Vec<u8>, Ended> {
    let (mut send, mut recv) = connection.open_bi().await.map_err(Ended::from)?;
    let _ = send.write_all(bytes).await;
    let _ = send.finish();
    match recv.read_to_end(1 << 20).await {
        Ok(answer) => Ok(answer),
        Err(_) => Err(end_of(connection).await),
    }
}

/// A server with this identity, whatever its certificate is for. The endpoint must be kept.
pub(crate) fn serve(identity: &Identity) -> (Endpoint, SocketAddr) {
    serve_chain(identity, identity.authority())
}

/// The same, showing this authority beside its certificate.
pub(crate) fn serve_chain(
    identity: &Identity,
    authority: &CertificateDer<'static>,
) -> (Endpoint, SocketAddr) {
    let chain = vec![identity.certificate().clone(), authority.clone()];
    let mut tls = rustls::ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key(identity))
        .unwrap();
    tls.alpn_protocols = vec![ALPN_SYNC.to_vec(), ALPN_JOIN.to_vec()];
    let config =
        quinn::ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(tls).unwrap()));
    let any = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0);
    let endpoint = Endpoint::server(config, any).unwrap();
    let accepting = endpoint.clone();
    tokio::spawn(async move {
        while let Some(incoming) = accepting.accept().await {
            tokio::spawn(async move {
                if let Ok(connection) = incoming.await {
                    connection.closed().await;
                }
            });
        }
    });
    let address = endpoint.local_addr().unwrap();
    (endpoint, address)
}

/// A join request by the description of the message, written here a second time on purpose.
pub(crate) fn join_request(secret: &[u8], csr: &Csr) -> Vec<u8> {
    [&[1], secret, &length(csr.der()), csr.der()].concat()
}

/// A renewal with the byte that says so in front.
pub(crate) fn renew_request(csr: &Csr) -> Vec<u8> {
    [&[2, 1], &length(csr.der())[..], csr.der()].concat()
}

/// The answer that refuses with this code.
pub(crate) fn refusal(code: CloseCode) -> Vec<u8> {
    [&[1][..], &code.number().to_be_bytes()].concat()
}

fn length(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap().to_be_bytes()
}
