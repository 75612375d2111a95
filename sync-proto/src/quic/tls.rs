//! Who trusts whom, as rustls configurations.
//!
//! | connection | the hub shows | the store shows |
//! |---|---|---|
//! | `evenstock/1` | a certificate of the chain's authority that names the chain's hub | one that names a store |
//! | `evenstock-join/1` | the same, and the authority is the one of the join code | nothing |
//!
//! Which of the two protocols a client wants is known only inside the handshake, so the hub has one
//! configuration for both: a client *may* come without a certificate. What it shows is always
//! verified: another authority, an expired certificate or one made for servers fails the handshake.
//! A connection without a certificate never becomes a [`StoreLink`](super::StoreLink), which is made
//! from a verified certificate and nothing else. A second port for joining would keep the two
//! configurations apart but is one more hole in a firewall, and one that a shop gets wrong.
//!
//! There is no resumption and no early data: a resumed session would skip the certificate's dates,
//! early data can be replayed, and a handshake costs a third of a millisecond.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, ServerConfig,
    SignatureScheme,
};
use thiserror::Error;

use super::crypto;
use super::identity::Identity;
use super::join_code::CaFingerprint;
use super::peer::Peer;
use super::wall_clock::{TlsTime, WallClock};
use crate::{ChainId, Writer};

/// The protocol of sessions between enrolled parties.
pub const ALPN_SYNC: &[u8] = b"evenstock/1";

/// The protocol of enrolment.
pub const ALPN_JOIN: &[u8] = b"evenstock-join/1";

/// The host name in every hub's certificate. A hub is found by an address that a shop types in and is
/// known by its chain's own authority, so the name tells nothing and gives nothing away on the wire.
pub const HUB_HOST_NAME: &str = "hub.evenstock.internal";

/// Why a TLS configuration can't be made.
#[derive(Debug, Error)]
pub enum TlsError {
    /// rustls refused the key or certificate.
    #[error("cannot use the identity of {name} for TLS")]
    Identity {
        /// Whose.
        name: String,
        /// What rustls said.
        source: rustls::Error,
    },
    /// The authority's certificate can't be trusted.
    #[error("cannot use the authority's certificate")]
    Authority {
        /// What rustls said.
        source: rustls::Error,
    },
    /// A verifier can't be made.
    #[error("cannot verify certificates")]
    Verifier {
        /// What rustls said.
        source: rustls::client::VerifierBuilderError,
    },
}

/// The hub's side of both protocols.
pub(super) fn hub(hub: &Identity, clock: Arc<dyn WallClock>) -> Result<ServerConfig, TlsError> {
    let roots = Arc::new(roots(hub.authority())?);
    let clients = WebPkiClientVerifier::builder_with_provider(roots, crypto::provider())
        .allow_unauthenticated()
        .build()
        .map_err(|source| TlsError::Verifier { source })?;
    let (chain, key) = hub.chain_and_key();
    let mut config =
        ServerConfig::builder_with_details(crypto::provider(), Arc::new(TlsTime(clock)))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|source| TlsError::Identity { name: hub.me().to_string(), source })?
            .with_client_cert_verifier(clients)
            .with_single_cert(chain, key)
            .map_err(|source| TlsError::Identity { name: hub.me().to_string(), source })?;
    config.alpn_protocols = vec![ALPN_SYNC.to_vec(), ALPN_JOIN.to_vec()];
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(config)
}

/// An enrolled store's side: it shows its certificate and talks to its own chain's hub only.
pub(super) fn store(store: &Identity, clock: Arc<dyn WallClock>) -> Result<ClientConfig, TlsError> {
    let verifier = PinnedAuthority {
        inner: webpki(store.authority(), crypto::provider())?,
        chain: store.me().name.chain.clone(),
    };
    let (chain, key) = store.chain_and_key();
    // The hub has the authority's certificate: only ours goes over the wire.
    let own = chain.into_iter().take(1).collect();
    let mut config = client(clock, Arc::new(verifier))?
        .with_client_auth_cert(own, key)
        .map_err(|source| TlsError::Identity { name: store.me().to_string(), source })?;
    settle(&mut config, ALPN_SYNC);
    Ok(config)
}

/// The side of a device that has a join code and nothing else.
pub(super) fn joiner(
    authority: CaFingerprint,
    clock: Arc<dyn WallClock>,
) -> Result<ClientConfig, TlsError> {
    let verifier = PinnedFingerprint { authority, provider: crypto::provider() };
    let mut config = client(clock, Arc::new(verifier))?.with_no_client_auth();
    settle(&mut config, ALPN_JOIN);
    Ok(config)
}

type WantsClientCert = rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>;

fn client(
    clock: Arc<dyn WallClock>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<WantsClientCert, TlsError> {
    Ok(ClientConfig::builder_with_details(crypto::provider(), Arc::new(TlsTime(clock)))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|source| TlsError::Authority { source })?
        .dangerous()
        .with_custom_certificate_verifier(verifier))
}

fn settle(config: &mut ClientConfig, protocol: &[u8]) {
    config.alpn_protocols = vec![protocol.to_vec()];
    config.resumption = rustls::client::Resumption::disabled();
    config.enable_early_data = false;
}

fn roots(authority: &CertificateDer<'static>) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone()).map_err(|source| TlsError::Authority { source })?;
    Ok(roots)
}

fn webpki(
    authority: &CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, TlsError> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots(authority)?), provider)
        .build()
        .map_err(|source| TlsError::Verifier { source })
}

/// The certificate names a hub, and this chain's if one is given.
fn names_hub(
    certificate: &CertificateDer<'_>,
    chain: Option<&ChainId>,
) -> Result<(), rustls::Error> {
    let fits = |peer: &Peer| {
        peer.name.writer == Writer::Hub && chain.is_none_or(|chain| *chain == peer.name.chain)
    };
    match Peer::from_certificate(certificate) {
        Ok(peer) if fits(&peer) => Ok(()),
        Ok(_) => Err(CertificateError::NotValidForName.into()),
        Err(_) => Err(CertificateError::BadEncoding.into()),
    }
}

/// Trusts one authority, and of what it signed only the hub of one chain.
#[derive(Debug)]
struct PinnedAuthority {
    inner: Arc<WebPkiServerVerifier>,
    chain: ChainId,
}

/// Trusts the authority that has this fingerprint, which the other side sends along.
#[derive(Debug)]
struct PinnedFingerprint {
    authority: CaFingerprint,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedAuthority {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )?;
        names_hub(end_entity, Some(&self.chain))?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

impl ServerCertVerifier for PinnedFingerprint {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let pinned = intermediates
            .iter()
            .find(|certificate| CaFingerprint::of(certificate) == self.authority)
            .ok_or(CertificateError::UnknownIssuer)?;
        let inner = webpki(&pinned.clone().into_owned(), self.provider.clone())
            .map_err(|_| CertificateError::BadEncoding)?;
        let verified =
            inner.verify_server_cert(end_entity, &[], server_name, ocsp_response, now)?;
        names_hub(end_entity, None)?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let schemes = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, schemes)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let schemes = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, schemes)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
