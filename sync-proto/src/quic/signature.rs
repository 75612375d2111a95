//! What a device signs with the key that its certificate is about: who reads it needs the
//! authority's certificate and nothing else, however long the device is gone.
//!
//! ```text
//! <certificate, hexadecimal>.<signature, hexadecimal>
//! ```
//!
//! Dates are not looked at: what was signed in force stays signed. A shop that was away for long may
//! carry a certificate that has run out, and its day is over all the same.

use rcgen::SigningKey as _;
use rustls::SignatureScheme;
use rustls::pki_types::CertificateDer;
use thiserror::Error;

use super::crypto;
use super::identity::Identity;
use super::limits::MAX_CERTIFICATE;
use super::peer::{self, Peer, PeerError};
use crate::ChainId;

/// Bytes of an Ed25519 signature.
pub(super) const SIGNATURE_LEN: usize = 64;

/// What a signature is about, so that it can be taken for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// What a store says of a day that it closes.
    DayClose,
}

/// Why a signature is worth nothing.
#[derive(Debug, Error)]
pub enum SignatureError {
    /// Not of the form.
    #[error("the signature cannot be read")]
    Form,
    /// The certificate names nobody.
    #[error("the certificate beside the signature is not usable")]
    Certificate(#[from] PeerError),
    /// The certificate is of another authority or chain.
    #[error("the certificate beside the signature is not of this chain")]
    OtherAuthority,
    /// The key has signed something else.
    #[error("the signature does not fit what it stands under")]
    Forged,
    /// The key could not sign.
    #[error("cannot sign")]
    Sign(#[source] rcgen::Error),
}

/// Signs a text in a device's name.
pub fn sign(by: &Identity, purpose: Purpose, text: &str) -> Result<String, SignatureError> {
    let message = message(&by.me().name.chain, purpose, text);
    let signature = by.key().pair().sign(&message).map_err(SignatureError::Sign)?;
    Ok(format!("{}.{}", hex(by.certificate()), hex(&signature)))
}

/// Who has signed a text, as the chain's authority says.
pub fn verify(
    signature: &str,
    purpose: Purpose,
    text: &str,
    chain: &ChainId,
    authority: &CertificateDer<'_>,
) -> Result<Peer, SignatureError> {
    let (certificate, signature) = signature.split_once('.').ok_or(SignatureError::Form)?;
    if certificate.len() > 2 * MAX_CERTIFICATE || signature.len() != 2 * SIGNATURE_LEN {
        return Err(SignatureError::Form);
    }
    let (certificate, signature) = (bytes(certificate)?, bytes(signature)?);
    let issuer = peer::parse(authority)?;
    let parsed = peer::parse(&certificate)?;
    if parsed.verify_signature(Some(issuer.public_key())).is_err() {
        return Err(SignatureError::OtherAuthority);
    }
    let key = &parsed.public_key().subject_public_key.data;
    if !fits(key, &message(chain, purpose, text), &signature) {
        return Err(SignatureError::Forged);
    }
    let peer = Peer::from_certificate(&CertificateDer::from(certificate.as_slice()))?;
    if peer.name.chain != *chain {
        return Err(SignatureError::OtherAuthority);
    }
    Ok(peer)
}

/// Whether an Ed25519 key has signed a message.
pub(super) fn fits(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let known = crypto::provider().signature_verification_algorithms;
    let ed25519 = known.mapping.iter().filter(|(scheme, _)| *scheme == SignatureScheme::ED25519);
    ed25519
        .flat_map(|(_, algorithms)| algorithms.iter())
        .any(|algorithm| algorithm.verify_signature(key, message, signature).is_ok())
}

fn message(chain: &ChainId, purpose: Purpose, text: &str) -> Vec<u8> {
    let context: &[u8] = match purpose {
        Purpose::DayClose => b"evenstock day close v1\0",
    };
    [context, chain.as_str().as_bytes(), b"\0", text.as_bytes()].concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Result<Vec<u8>, SignatureError> {
    let plain = text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let pair = |at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes = (0..text.len()).step_by(2).map(pair).collect::<Option<Vec<u8>>>();
    bytes.filter(|_| plain).ok_or(SignatureError::Form)
}
