//! The chain's certificate authority: it says who is a store of the chain and who is its hub.
//!
//! Its certificate is what every store pins, so its key is the one secret that a chain can't replace
//! without visiting each shop. It lies in the hub's folder, readable by the hub's user only:
//!
//! ```text
//! identity/authority/   the authority: key.pem, cert.pem
//! identity/             the hub's own, as stores see it: key.pem, cert.pem
//! ```

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ledger::id::StoreId;
use ledger::time::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ED25519, PublicKeyData,
    SanType, SerialNumber, date_time_ymd,
};
use sync_proto::quic::{
    CertificateDer, Csr, HUB_HOST_NAME, Identity, IdentityError, Issued, JoinCode, JoinCodeError,
    NodeKey, Peer, PeerName,
};
use sync_proto::{ChainId, Writer};
use thiserror::Error;
use x509_parser::prelude::{FromDer, X509Certificate};

/// How long a store's certificate is in force. A shop may be cut off for weeks: it renews from the
/// 30th day on, so one that meets its hub every other month never drops out.
pub const STORE_LIFE: Duration = days(90);

/// How long the hub's own certificate is in force. It renews itself without anyone's help.
pub const HUB_LIFE: Duration = days(90);

/// How long the authority is in force: longer than a till, since replacing it means a visit to each shop.
pub const AUTHORITY_LIFE: Duration = days(30 * 365);

/// Certificates start this much in the past: a till's clock may be days behind the hub's.
pub const BACKDATED: Duration = days(2);

/// Where the authority lies within the hub's identity folder.
const AUTHORITY_DIR: &str = "authority";

/// The file of the authority's certificate.
const CERTIFICATE_FILE: &str = "cert.pem";

/// The label of a certificate in a PEM file.
const CERTIFICATE_LABEL: &str = "CERTIFICATE";

/// Random bytes of a serial number: they never collide, and tell nothing about how many there are.
const SERIAL_LEN: usize = 16;

/// Signs certificates for one chain.
#[derive(Debug)]
pub struct Authority {
    chain: ChainId,
    key: NodeKey,
    certificate: CertificateDer<'static>,
}

/// A certificate and what the hub should remember of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuance {
    /// What the store gets.
    pub issued: Issued,
    /// What it says: name, serial number, dates, key.
    pub peer: Peer,
}

/// Why a certificate could not be issued, or the authority not be used.
#[derive(Debug, Error)]
pub enum CaError {
    /// A second authority would make every store's pin worthless.
    #[error("there is an authority already in {}", dir.display())]
    Exists {
        /// Where.
        dir: PathBuf,
    },
    /// A file could not be read or written.
    #[error("cannot {operation} {}", path.display())]
    File {
        /// What was tried.
        operation: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The authority's certificate is damaged or not its own.
    #[error("{} does not hold the certificate of this chain's authority", path.display())]
    BadCertificate {
        /// Which file.
        path: PathBuf,
    },
    /// The key or an identity can't be used.
    #[error("cannot use a key or certificate of the hub")]
    Identity {
        /// Why.
        #[from]
        source: IdentityError,
    },
    /// The request asks for a name that is not the store's.
    #[error("the certificate request names someone other than {name}")]
    Names {
        /// The enrolled name.
        name: PeerName,
    },
    /// The request's key is of a kind that none of our programs makes.
    #[error("the certificate request of {name} is not for an Ed25519 key")]
    KeyKind {
        /// The enrolled name.
        name: PeerName,
    },
    /// A certificate could not be made.
    #[error("cannot sign a certificate for {subject}")]
    Sign {
        /// Whose.
        subject: String,
        /// What the library said.
        source: rcgen::Error,
    },
    /// The operating system gave no random numbers.
    #[error("the system gave no random numbers for a serial number")]
    NoRandomness,
}

impl Authority {
    /// Makes the authority of a new chain in the hub's identity folder and returns when it is durable. After a
    /// crash in the middle, the same call goes on with the key that was made.
    pub fn create(identity: &Path, chain: ChainId, now: Timestamp) -> Result<Self, CaError> {
        let dir = identity.join(AUTHORITY_DIR);
        let path = dir.join(CERTIFICATE_FILE);
        if path.exists() {
            return Err(CaError::Exists { dir });
        }
        let key = NodeKey::load_or_create(&dir)?;
        let mut params = in_force(now, AUTHORITY_LIFE)?;
        params.distinguished_name.push(DnType::CommonName, chain.as_str());
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params
            .self_signed(key.pair())
            .map_err(|source| CaError::Sign { subject: format!("chain {chain}"), source })?;
        write_durably(&path, certificate.pem().as_bytes()).map_err(|source| CaError::File {
            operation: "write",
            path,
            source,
        })?;
        Ok(Self { chain, key, certificate: certificate.into() })
    }

    /// Reads the authority from the hub's identity folder; `None` if none was made there.
    pub fn load(identity: &Path, chain: &ChainId) -> Result<Option<Self>, CaError> {
        let dir = identity.join(AUTHORITY_DIR);
        let path = dir.join(CERTIFICATE_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(CaError::File { operation: "read", path, source }),
        };
        let key = NodeKey::load(&dir)?;
        let block = pem::parse(&text).ok().filter(|block| block.tag() == CERTIFICATE_LABEL);
        let (Some(key), Some(block)) = (key, block) else {
            return Err(CaError::BadCertificate { path });
        };
        let certificate = CertificateDer::from(block.into_contents());
        let authority = Self { chain: chain.clone(), key, certificate };
        if authority.owns_its_certificate() {
            Ok(Some(authority))
        } else {
            Err(CaError::BadCertificate { path })
        }
    }

    /// The chain it speaks for.
    pub const fn chain(&self) -> &ChainId {
        &self.chain
    }

    /// Its certificate, which stores pin.
    pub const fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// A new code with which one device can join. Whose code it is, how long it lives and whether it was
    /// used is for the hub to remember, by [`JoinSecret::digest`](sync_proto::quic::JoinSecret::digest).
    pub fn join_code(&self) -> Result<JoinCode, JoinCodeError> {
        JoinCode::generate(&self.certificate)
    }

    /// Certifies a store's key, at enrolment and at each renewal. Name, dates and use are ours to say, the
    /// request gives only the key; one that asks for another name is refused.
    pub fn certify_store(
        &self,
        store: &StoreId,
        request: &Csr,
        now: Timestamp,
    ) -> Result<Issuance, CaError> {
        let name = self.name_of(Writer::Store(store.clone()));
        if !request.asks_only_for(&name) {
            return Err(CaError::Names { name });
        }
        let mut params = leaf(&name, in_force(now, STORE_LIFE)?)?;
        params.distinguished_name.push(DnType::CommonName, store.as_str());
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let issued = self.sign(&name, &params, request)?;
        let peer = Peer::from_certificate(&issued.certificate).map_err(IdentityError::from)?;
        Ok(Issuance { issued, peer })
    }

    /// The hub's own identity, read from its folder, or made or renewed there if that is due.
    pub fn hub_identity(&self, identity: &Path, now: Timestamp) -> Result<Identity, CaError> {
        let current = Identity::load(identity)?;
        if let Some(current) = current
            && current.authority() == &self.certificate
            && !current.me().renewal_due(now)
        {
            return Ok(current);
        }
        let key = NodeKey::load_or_create(identity)?;
        let name = self.name_of(Writer::Hub);
        let mut params = leaf(&name, in_force(now, HUB_LIFE)?)?;
        params.distinguished_name.push(DnType::CommonName, HUB_HOST_NAME);
        let host = HUB_HOST_NAME.try_into().map_err(|source| refused(&name, source))?;
        params.subject_alt_names.push(SanType::DnsName(host));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let issued = self.sign(&name, &params, &Csr::new(&key, Some(&name))?)?;
        let fresh = Identity::assemble(key, issued.certificate, issued.authority)?;
        fresh.save(identity)?;
        Ok(fresh)
    }

    fn name_of(&self, writer: Writer) -> PeerName {
        PeerName { chain: self.chain.clone(), writer }
    }

    fn sign(
        &self,
        name: &PeerName,
        params: &CertificateParams,
        request: &Csr,
    ) -> Result<Issued, CaError> {
        let key = CertificateSigningRequestParams::from_der(request.der())
            .map_err(|source| refused(name, source))?
            .public_key;
        if *key.algorithm() != PKCS_ED25519 {
            return Err(CaError::KeyKind { name: name.clone() });
        }
        let certificate = params
            .signed_by(&key, &self.issuer().map_err(|source| refused(name, source))?)
            .map_err(|source| refused(name, source))?;
        Ok(Issued { certificate: certificate.into(), authority: self.certificate.clone() })
    }

    fn issuer(&self) -> Result<Issuer<'_, &KeyPair>, rcgen::Error> {
        Issuer::from_ca_cert_der(&self.certificate, self.key.pair())
    }

    /// Whether the certificate is for the key beside it and names this chain.
    fn owns_its_certificate(&self) -> bool {
        X509Certificate::from_der(&self.certificate).is_ok_and(|(rest, parsed)| {
            let mut names = parsed.subject().iter_common_name();
            let named = names.next().and_then(|name| name.as_str().ok());
            rest.is_empty()
                && parsed.is_ca()
                && named == Some(self.chain.as_str())
                && parsed.public_key().raw == self.key.pair().subject_public_key_info()
        })
    }
}

/// What every certificate below the authority has in common.
fn leaf(name: &PeerName, mut params: CertificateParams) -> Result<CertificateParams, CaError> {
    let uri = name.to_string().as_str().try_into().map_err(|source| refused(name, source))?;
    params.subject_alt_names = vec![SanType::URI(uri)];
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// Empty parameters with dates and a serial number.
fn in_force(now: Timestamp, life: Duration) -> Result<CertificateParams, CaError> {
    let mut serial = [0; SERIAL_LEN];
    getrandom::fill(&mut serial).map_err(|_| CaError::NoRandomness)?;
    // A serial number is positive and without leading zeros.
    serial[0] = serial[0] & 0x7f | 0x40;
    let since_1970 = Duration::from_millis(u64::try_from(now.millis()).unwrap_or(0));
    let start = date_time_ymd(1970, 1, 1) + since_1970.saturating_sub(BACKDATED);
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.not_before = start;
    params.not_after = start + BACKDATED + life;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}

/// Writes a file so that after a crash it is whole or absent.
fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = File::create(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
}

fn refused(name: &PeerName, source: rcgen::Error) -> CaError {
    CaError::Sign { subject: name.to_string(), source }
}

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 60 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_305_600_000);

    fn later(life: Duration) -> Timestamp {
        Timestamp::from_millis(NOW.millis() + i64::try_from(life.as_millis()).unwrap())
    }

    fn chain() -> ChainId {
        "chain-1".parse().unwrap()
    }

    fn store() -> StoreId {
        "S012".parse().unwrap()
    }

    #[test]
    fn an_authority_is_made_once_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Authority::load(dir.path(), &chain()).unwrap().is_none());
        let made = Authority::create(dir.path(), chain(), NOW).unwrap();
        let again = Authority::create(dir.path(), chain(), NOW);
        assert!(matches!(again, Err(CaError::Exists { .. })), "{again:?}");
        let found = Authority::load(dir.path(), &chain()).unwrap().unwrap();
        assert_eq!(found.certificate(), made.certificate());
        let stray = Authority::load(dir.path(), &"chain-2".parse().unwrap());
        assert!(matches!(stray, Err(CaError::BadCertificate { .. })), "{stray:?}");
    }

    #[test]
    fn a_crash_before_the_certificate_is_written_keeps_the_key() {
        let dir = tempfile::tempdir().unwrap();
        let key = NodeKey::load_or_create(&dir.path().join(AUTHORITY_DIR)).unwrap();
        assert!(Authority::load(dir.path(), &chain()).unwrap().is_none());
        let made = Authority::create(dir.path(), chain(), NOW).unwrap();
        assert_eq!(made.key.id(), key.id());
    }

    #[test]
    fn a_certificate_says_what_the_authority_decides() {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::create(dir.path(), chain(), NOW).unwrap();
        let key = NodeKey::generate().unwrap();
        let request = Csr::new(&key, None).unwrap();
        let first = authority.certify_store(&store(), &request, NOW).unwrap();
        assert_eq!(first.peer.name.to_string(), "evenstock://chain-1/store/S012");
        assert_eq!(first.peer.key, key.id());
        assert!(first.peer.not_before < NOW && !first.peer.expired(later(STORE_LIFE)));
        assert!(first.peer.expired(later(STORE_LIFE + days(1))));
        assert!(first.peer.renewal_due(later(days(31))) && !first.peer.renewal_due(NOW));
        let second = authority.certify_store(&store(), &request, NOW).unwrap();
        assert_ne!(first.peer.serial, second.peer.serial);

        let of_another = PeerName { chain: chain(), writer: "store/S013".parse().unwrap() };
        for wrong in [of_another, authority.name_of(Writer::Hub)] {
            let request = Csr::new(&key, Some(&wrong)).unwrap();
            let refused = authority.certify_store(&store(), &request, NOW);
            assert!(matches!(refused, Err(CaError::Names { .. })), "{wrong}");
        }
        let right = Csr::new(&key, Some(&first.peer.name)).unwrap();
        assert!(authority.certify_store(&store(), &right, NOW).is_ok());
    }

    #[test]
    fn only_the_kind_of_key_that_our_programs_make_is_certified() {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::create(dir.path(), chain(), NOW).unwrap();
        let other = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let request = CertificateParams::default().serialize_request(&other).unwrap();
        let request = Csr::from_der(request.der()).unwrap();
        let refused = authority.certify_store(&store(), &request, NOW);
        assert!(matches!(refused, Err(CaError::KeyKind { .. })), "{refused:?}");
    }

    #[test]
    fn the_hub_keeps_its_certificate_until_it_is_due() {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::create(dir.path(), chain(), NOW).unwrap();
        let first = authority.hub_identity(dir.path(), NOW).unwrap();
        assert_eq!(first.me().name.to_string(), "evenstock://chain-1/hub");
        let same = authority.hub_identity(dir.path(), later(days(20))).unwrap();
        assert_eq!(same.me(), first.me());
        let renewed = authority.hub_identity(dir.path(), later(days(40))).unwrap();
        assert_ne!(renewed.me().serial, first.me().serial);
        assert_eq!(renewed.me().key, first.me().key);
    }

    #[cfg(unix)]
    #[test]
    fn the_authority_key_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        Authority::create(dir.path(), chain(), NOW).unwrap();
        let path = dir.path().join(AUTHORITY_DIR).join(sync_proto::quic::KEY_FILE);
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
