//! The certificate request: a device shows its public key and proves that it holds the other half.

use std::fmt;

use rcgen::{CertificateParams, DistinguishedName, SanType};
use rustls::pki_types::CertificateSigningRequestDer;
use thiserror::Error;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer;

use super::identity::{IdentityError, NodeKey};
use super::limits::MAX_CERTIFICATE;
use super::peer::{KeyId, PeerName};

/// A certificate request whose signature was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Csr {
    der: CertificateSigningRequestDer<'static>,
    key: KeyId,
    names: Vec<String>,
}

/// Why bytes are not a certificate request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CsrError {
    /// Not the form.
    #[error("the certificate request cannot be read")]
    Unreadable,
    /// Signed by another key than it asks a certificate for.
    #[error("the signature of the certificate request is wrong")]
    Signature,
}

impl Csr {
    /// Makes a request. A device that joins has no name yet; one that renews asks for its own.
    pub fn new(key: &NodeKey, name: Option<&PeerName>) -> Result<Self, IdentityError> {
        let make = |source| IdentityError::Make { what: "certificate request", source };
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        let names: Vec<String> = name.iter().map(ToString::to_string).collect();
        for uri in &names {
            let uri = uri.as_str().try_into().map_err(make)?;
            params.subject_alt_names.push(SanType::URI(uri));
        }
        let request = params.serialize_request(key.pair()).map_err(make)?;
        Ok(Self { der: request.into(), key: key.id(), names })
    }

    /// Reads a request and checks that its sender holds the private key.
    pub fn from_der(bytes: &[u8]) -> Result<Self, CsrError> {
        if bytes.len() > MAX_CERTIFICATE {
            return Err(CsrError::Unreadable);
        }
        let Ok(([], parsed)) = X509CertificationRequest::from_der(bytes) else {
            return Err(CsrError::Unreadable);
        };
        parsed.verify_signature().map_err(|_| CsrError::Signature)?;
        let asked = parsed.requested_extensions().into_iter().flatten();
        let names = asked
            .filter_map(|extension| match extension {
                ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
                _ => None,
            })
            .flatten()
            .map(|name| match name {
                GeneralName::URI(uri) => (*uri).to_owned(),
                other => other.to_string(),
            })
            .collect();
        let key = KeyId::of(parsed.certification_request_info.subject_pki.raw);
        Ok(Self { der: bytes.to_vec().into(), key, names })
    }

    /// The request as bytes.
    pub const fn der(&self) -> &CertificateSigningRequestDer<'static> {
        &self.der
    }

    /// The public key it asks a certificate for.
    pub const fn key(&self) -> KeyId {
        self.key
    }

    /// Whether it asks for no name but `name`. The issuer sets the names anyway; a request for
    /// someone else's shows that the two sides disagree, or worse.
    pub fn asks_only_for(&self, name: &PeerName) -> bool {
        self.names.iter().all(|asked| *asked == name.to_string())
    }
}

impl fmt::Debug for Csr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Csr(key {}, names {:?})", self.key, self.names)
    }
}
