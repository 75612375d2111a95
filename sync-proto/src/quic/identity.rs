//! The key that a device makes for itself, and the certificate it got for it.
//!
//! The key never leaves the device. It is made durable before it is first used, so that a device
//! that loses power in the middle of joining comes back as the same one and may ask again.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use thiserror::Error;

use super::files::{self, Privacy};
use super::peer::{self, KeyId, Peer, PeerError};

/// The file of the private key, readable by its owner only.
pub const KEY_FILE: &str = "key.pem";

/// The file of the certificate, followed by that of its authority: one file, replaced in one step, so
/// that the two always belong together.
pub const CERTIFICATE_FILE: &str = "cert.pem";

/// What stands above each certificate in a PEM file.
const CERTIFICATE_LABEL: &str = "CERTIFICATE";

/// Why a key or certificate can't be used.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// A file could not be read or written.
    #[error("cannot {operation} {}", path.display())]
    File {
        /// What was tried.
        operation: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Others can read the private key.
    #[error("the private key {} can be read by others (mode {mode:o}): run `chmod 600` on it, or make a new key if someone may have copied it", path.display())]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file does not hold an Ed25519 key.
    #[error("{} is not an Ed25519 private key in PEM form", path.display())]
    BadKey {
        /// Which file.
        path: PathBuf,
        /// What the parser said.
        source: rcgen::Error,
    },
    /// The certificate file is damaged.
    #[error("{} does not hold a certificate and that of its authority", path.display())]
    BadFile {
        /// Which file.
        path: PathBuf,
    },
    /// A key or request could not be made.
    #[error("cannot make a {what}")]
    Make {
        /// What.
        what: &'static str,
        /// What the library said.
        source: rcgen::Error,
    },
    /// The certificate names nobody.
    #[error("the certificate is not usable")]
    Unusable {
        /// Why.
        #[from]
        source: PeerError,
    },
    /// The certificate was made for another key.
    #[error("the certificate of {name} was made for another key")]
    OtherKey {
        /// Whose certificate.
        name: String,
    },
    /// The certificate was not signed by the authority beside it.
    #[error("the certificate of {name} was not signed by the authority that came with it")]
    OtherAuthority {
        /// Whose certificate.
        name: String,
    },
}

/// A device's own Ed25519 key.
#[derive(Clone)]
pub struct NodeKey(Arc<KeyPair>);

impl NodeKey {
    /// Makes a key in memory only.
    pub fn generate() -> Result<Self, IdentityError> {
        KeyPair::generate_for(&PKCS_ED25519)
            .map(|pair| Self(Arc::new(pair)))
            .map_err(|source| IdentityError::Make { what: "private key", source })
    }

    /// Reads the key of a directory; `None` if it has none yet. A key that others can read is refused.
    pub fn load(dir: &Path) -> Result<Option<Self>, IdentityError> {
        let path = dir.join(KEY_FILE);
        let Some(pem) = files::read(&path)? else { return Ok(None) };
        files::refuse_exposed(&path)?;
        KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &PKCS_ED25519)
            .map(|pair| Some(Self(Arc::new(pair))))
            .map_err(|source| IdentityError::BadKey { path, source })
    }

    /// Reads the key of a directory, or makes one and returns once it is durable.
    pub fn load_or_create(dir: &Path) -> Result<Self, IdentityError> {
        if let Some(key) = Self::load(dir)? {
            return Ok(key);
        }
        let key = Self::generate()?;
        key.save(dir)?;
        Ok(key)
    }

    /// Writes the key where [`NodeKey::load`] finds it, in place of any other.
    pub fn save(&self, dir: &Path) -> Result<(), IdentityError> {
        files::create_dir(dir)?;
        files::replace(&dir.join(KEY_FILE), self.0.serialize_pem().as_bytes(), Privacy::OwnerOnly)
    }

    /// The fingerprint of the public half.
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.0.subject_public_key_info())
    }

    /// The key pair, for signing.
    pub fn pair(&self) -> &KeyPair {
        &self.0
    }

    fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.0.serialize_der()).into()
    }
}

impl fmt::Debug for NodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeKey({})", self.id())
    }
}

/// A key, the certificate for it and that of the authority that signed it: all three belong together.
#[derive(Debug, Clone)]
pub struct Identity {
    key: NodeKey,
    certificate: CertificateDer<'static>,
    authority: CertificateDer<'static>,
    me: Peer,
}

impl Identity {
    /// Puts the parts together after checking that they fit. Says nothing about dates: an expired
    /// identity still tells who one was.
    pub fn assemble(
        key: NodeKey,
        certificate: CertificateDer<'static>,
        authority: CertificateDer<'static>,
    ) -> Result<Self, IdentityError> {
        let me = Peer::from_certificate(&certificate)?;
        if me.key != key.id() {
            return Err(IdentityError::OtherKey { name: me.name.to_string() });
        }
        let issuer = peer::parse(&authority)?;
        let signed = peer::parse(&certificate)?.verify_signature(Some(issuer.public_key()));
        if signed.is_err() || !issuer.is_ca() {
            return Err(IdentityError::OtherAuthority { name: me.name.to_string() });
        }
        Ok(Self { key, certificate, authority, me })
    }

    /// Reads the identity of a directory; `None` if the device has not joined.
    pub fn load(dir: &Path) -> Result<Option<Self>, IdentityError> {
        let path = dir.join(CERTIFICATE_FILE);
        let (Some(key), Some(text)) = (NodeKey::load(dir)?, files::read(&path)?) else {
            return Ok(None);
        };
        let blocks = pem::parse_many(&text).unwrap_or_default();
        let [certificate, authority] = blocks.as_slice() else {
            return Err(IdentityError::BadFile { path });
        };
        if [certificate, authority].iter().any(|block| block.tag() != CERTIFICATE_LABEL) {
            return Err(IdentityError::BadFile { path });
        }
        let der = |block: &pem::Pem| CertificateDer::from(block.contents().to_vec());
        Self::assemble(key, der(certificate), der(authority)).map(Some)
    }

    /// Writes key and certificates where [`Identity::load`] finds them; the certificates are replaced
    /// in one step.
    pub fn save(&self, dir: &Path) -> Result<(), IdentityError> {
        if NodeKey::load(dir)?.is_none_or(|stored| stored.id() != self.key.id()) {
            self.key.save(dir)?;
        }
        let blocks = [&self.certificate, &self.authority]
            .map(|der| pem::Pem::new(CERTIFICATE_LABEL, der.to_vec()));
        let text = pem::encode_many(&blocks);
        files::replace(&dir.join(CERTIFICATE_FILE), text.as_bytes(), Privacy::Anyone)
    }

    /// Who this identity says one is.
    pub const fn me(&self) -> &Peer {
        &self.me
    }

    /// The key.
    pub const fn key(&self) -> &NodeKey {
        &self.key
    }

    /// The certificate.
    pub const fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// The certificate of the authority that signed it.
    pub const fn authority(&self) -> &CertificateDer<'static> {
        &self.authority
    }

    /// As rustls wants it.
    pub(super) fn chain_and_key(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        (vec![self.certificate.clone(), self.authority.clone()], self.key.private_key())
    }
}
