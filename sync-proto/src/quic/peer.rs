//! Who a certificate says its holder is.

use std::fmt;
use std::str::FromStr;

use ledger::id::IdError;
use ledger::time::Timestamp;
use rustls::pki_types::CertificateDer;
use thiserror::Error;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::{ChainId, Writer};

/// The scheme of the names in our certificates.
const SCHEME: &str = "evenstock://";

/// Renewal starts when one part in this many of a certificate's life is over: with 90 days, a store
/// that meets its hub once in sixty still keeps its place.
const RENEW_AFTER_PART: i64 = 3;

/// The name that a certificate carries as its one URI: `evenstock://<chain>/store/<id>` or
/// `evenstock://<chain>/hub`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerName {
    /// The chain of stores.
    pub chain: ChainId,
    /// Who in that chain.
    pub writer: Writer,
}

impl fmt::Display for PeerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.chain, self.writer)
    }
}

impl FromStr for PeerName {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parts = text.strip_prefix(SCHEME).and_then(|rest| rest.split_once('/'));
        let (chain, writer) = parts.ok_or_else(|| {
            let text = text.chars().take(2 * ledger::id::MAX_ID_LEN).collect();
            IdError::Malformed { what: "name in an Evenstock certificate", text }
        })?;
        Ok(Self { chain: chain.parse()?, writer: writer.parse()? })
    }
}

/// The serial number of a certificate, as its issuer chose it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(Box<[u8]>);

impl Serial {
    /// The number from its big-endian bytes; leading zeros don't count.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        Self(bytes[start..].into())
    }

    /// Its big-endian bytes without leading zeros.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Serial {
    /// Hexadecimal, as certificate tools print it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The fingerprint of a public key: tells whether two requests come from the same device.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 32]);

impl KeyId {
    /// The fingerprint of a key in the form of certificates (`SubjectPublicKeyInfo`, DER).
    pub(super) fn of(public_key: &[u8]) -> Self {
        Self(blake3::derive_key("evenstock public key v1", public_key))
    }

    /// A fingerprint read back from where it was kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What a certificate says. Whether it is signed by the right authority, in force and used by its
/// owner is for TLS to find out; only then is this a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Who.
    pub name: PeerName,
    /// The certificate's number, by which it can be revoked.
    pub serial: Serial,
    /// In force from.
    pub not_before: Timestamp,
    /// In force until.
    pub not_after: Timestamp,
    /// The key it certifies.
    pub key: KeyId,
}

impl Peer {
    /// Reads a certificate.
    pub fn from_certificate(der: &CertificateDer<'_>) -> Result<Self, PeerError> {
        let parsed = parse(der)?;
        let names =
            parsed.subject_alternative_name().map_err(|source| PeerError::Unreadable { source })?;
        let mut uris =
            names.iter().flat_map(|names| &names.value.general_names).filter_map(|name| {
                if let GeneralName::URI(uri) = name { Some(*uri) } else { None }
            });
        let (Some(uri), None) = (uris.next(), uris.next()) else {
            return Err(PeerError::NoName);
        };
        Ok(Self {
            name: uri.parse().map_err(|source| PeerError::BadName { source })?,
            serial: Serial::from_bytes(parsed.raw_serial()),
            not_before: moment(parsed.validity().not_before.timestamp()),
            not_after: moment(parsed.validity().not_after.timestamp()),
            key: KeyId::of(parsed.public_key().raw),
        })
    }

    /// Whether the certificate should be renewed at the next contact.
    pub fn renewal_due(&self, now: Timestamp) -> bool {
        let life = self.not_after.millis().saturating_sub(self.not_before.millis());
        now.millis().saturating_sub(self.not_before.millis()) >= life / RENEW_AFTER_PART
    }

    /// Whether the certificate has run out.
    pub fn expired(&self, now: Timestamp) -> bool {
        now > self.not_after
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (certificate {})", self.name, self.serial)
    }
}

/// Why a certificate names nobody.
#[derive(Debug, Error)]
pub enum PeerError {
    /// Not a certificate.
    #[error("the certificate cannot be read")]
    Unreadable {
        /// What the parser said.
        source: x509_parser::error::X509Error,
    },
    /// No name, or more than one.
    #[error("the certificate does not carry exactly one Evenstock name")]
    NoName,
    /// The name is not one of ours.
    #[error("the certificate's name cannot be read")]
    BadName {
        /// What is wrong with it.
        source: IdError,
    },
}

/// Parses a certificate that fills its bytes.
pub(super) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, PeerError> {
    use x509_parser::error::X509Error;
    match X509Certificate::from_der(der) {
        Ok(([], parsed)) => Ok(parsed),
        Ok(_) => Err(PeerError::Unreadable { source: X509Error::InvalidCertificate }),
        Err(error) => Err(PeerError::Unreadable {
            source: match error {
                x509_parser::nom::Err::Error(source) | x509_parser::nom::Err::Failure(source) => {
                    source
                }
                x509_parser::nom::Err::Incomplete(_) => X509Error::InvalidCertificate,
            },
        }),
    }
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds.saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        for text in ["evenstock://c-1/hub", "evenstock://c-1/store/S012"] {
            assert_eq!(text.parse::<PeerName>().unwrap().to_string(), text);
        }
        for text in [
            "evenstock://c-1/store/",
            "evenstock://c-1/store/S/1",
            "evenstock:///hub",
            "evenstock://c-1/hub/",
            "https://c-1/hub",
            "evenstock://c-1",
            "evenstock://c-1/hub?x=1",
        ] {
            assert!(text.parse::<PeerName>().is_err(), "{text}");
        }
    }

    #[test]
    fn serials_compare_as_numbers() {
        assert_eq!(Serial::from_bytes(&[0, 0x8f, 1]), Serial::from_bytes(&[0x8f, 1]));
        assert_eq!(Serial::from_bytes(&[0, 0x8f, 1]).to_string(), "8f01");
    }
}
