//! A chain of stores for tests: an authority that signs whatever it is told to, an enroller that keeps its
//! books in memory, and a clock that is set by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use ledger::id::StoreId;
use ledger::time::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, SanType, date_time_ymd,
};
use sync_proto::quic::{
    CertificateDer, CloseCode, Csr, Dialer, EnrolRefusal, Enroller, HUB_HOST_NAME, Identity,
    Issued, JoinCode, JoinSecret, KeyId, Listener, ListenerHandle, NodeKey, Peer, PeerName,
    SecretDigest, StoreLink, WallClock,
};
use sync_proto::{ChainId, Writer};
use tokio::sync::mpsc;

pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;
const START: i64 = 1_795_305_600_000; // 2026-11-22

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl WallClock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Signs anything, also what no authority should.
pub(crate) struct Authority {
    pub(crate) chain: ChainId,
    key: NodeKey,
    pub(crate) certificate: CertificateDer<'static>,
    serials: AtomicI64,
}

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Client,
    Server,
}

impl Authority {
    pub(crate) fn new(chain: &str) -> Self {
        let key = NodeKey::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, chain);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let certificate = params.self_signed(key.pair()).unwrap().into();
        Self { chain: chain.parse().unwrap(), key, certificate, serials: AtomicI64::new(1) }
    }

    pub(crate) fn name(&self, writer: Writer) -> PeerName {
        PeerName { chain: self.chain.clone(), writer }
    }

    pub(crate) fn certify(
        &self,
        name: &PeerName,
        csr: &Csr,
        usage: Use,
        force: std::ops::Range<i64>,
    ) -> Issued {
        let moment = |millis: i64| {
            let since = std::time::Duration::from_millis(u64::try_from(millis).unwrap());
            date_time_ymd(1970, 1, 1) + since
        };
        let mut params = CertificateParams::default();
        params.subject_alt_names =
            vec![SanType::URI(name.to_string().as_str().try_into().unwrap())];
        params.not_before = moment(force.start);
        params.not_after = moment(force.end);
        params.serial_number =
            Some(self.serials.fetch_add(1, Ordering::SeqCst).unsigned_abs().into());
        params.extended_key_usages = vec![match usage {
            Use::Client => ExtendedKeyUsagePurpose::ClientAuth,
            Use::Server => ExtendedKeyUsagePurpose::ServerAuth,
        }];
        if usage == Use::Server {
            params.subject_alt_names.push(SanType::DnsName(HUB_HOST_NAME.try_into().unwrap()));
        }
        let issuer = Issuer::from_ca_cert_der(&self.certificate, self.key.pair()).unwrap();
        let request = CertificateSigningRequestParams::from_der(csr.der()).unwrap();
        let certificate = params.signed_by(&request.public_key, &issuer).unwrap();
        Issued { certificate: certificate.into(), authority: self.certificate.clone() }
    }

    /// An identity in force from two days ago for 90 days; a server's for ten years.
    pub(crate) fn identity(&self, writer: Writer, usage: Use) -> Identity {
        self.identity_named(&self.name(writer), usage)
    }

    /// The same with any name.
    pub(crate) fn identity_named(&self, name: &PeerName, usage: Use) -> Identity {
        let key = NodeKey::generate().unwrap();
        let csr = Csr::new(&key, None).unwrap();
        let days = if usage == Use::Server { 3_650 } else { 90 };
        let force = START - 2 * DAY..START + days * DAY;
        let issued = self.certify(name, &csr, usage, force);
        Identity::assemble(key, issued.certificate, issued.authority).unwrap()
    }
}

#[derive(Debug)]
struct Code {
    store: StoreId,
    until: Timestamp,
    used_by: Option<KeyId>,
}

/// The hub's books about its stores, in memory.
pub(crate) struct Office {
    authority: Arc<Authority>,
    codes: Mutex<BTreeMap<SecretDigest, Code>>,
    revoked: Mutex<BTreeSet<StoreId>>,
}

impl Office {
    pub(crate) fn invite(&self, store: &str, now: Timestamp) -> JoinCode {
        let code = JoinCode::generate(&self.authority.certificate).unwrap();
        let until = Timestamp::from_millis(now.millis() + DAY);
        let entry = Code { store: store.parse().unwrap(), until, used_by: None };
        self.codes.lock().unwrap().insert(code.secret().digest(), entry);
        code
    }

    pub(crate) fn revoke(&self, store: &str) {
        self.revoked.lock().unwrap().insert(store.parse().unwrap());
    }

    fn issue(&self, store: &StoreId, csr: &Csr, now: Timestamp) -> Result<Issued, EnrolRefusal> {
        let name = self.authority.name(Writer::Store(store.clone()));
        if !csr.asks_only_for(&name) {
            return Err(EnrolRefusal::Names);
        }
        let force = now.millis() - DAY..now.millis() + 90 * DAY;
        Ok(self.authority.certify(&name, csr, Use::Client, force))
    }
}

impl Enroller for Office {
    fn enrol(
        &self,
        secret: &JoinSecret,
        csr: &Csr,
        now: Timestamp,
    ) -> Result<Issued, EnrolRefusal> {
        let mut codes = self.codes.lock().unwrap();
        let code = codes.get_mut(&secret.digest()).ok_or(EnrolRefusal::CodeUnknown)?;
        if now > code.until {
            return Err(EnrolRefusal::CodeExpired);
        }
        if *code.used_by.get_or_insert(csr.key()) != csr.key() {
            return Err(EnrolRefusal::CodeUsed);
        }
        self.issue(&code.store, csr, now)
    }

    fn renew(&self, peer: &Peer, csr: &Csr, now: Timestamp) -> Result<Issued, EnrolRefusal> {
        self.issue(peer.name.writer.store().unwrap(), csr, now)
    }

    fn standing(&self, peer: &Peer, _: Timestamp) -> Result<(), CloseCode> {
        let store = peer.name.writer.store().unwrap();
        if self.revoked.lock().unwrap().contains(store) { Err(CloseCode::Revoked) } else { Ok(()) }
    }
}

/// A running hub on loopback.
pub(crate) struct Hub {
    pub(crate) authority: Arc<Authority>,
    pub(crate) office: Arc<Office>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) address: SocketAddr,
    pub(crate) me: Identity,
    pub(crate) handle: ListenerHandle,
    pub(crate) dialer: Dialer,
    arrivals: tokio::sync::Mutex<mpsc::UnboundedReceiver<StoreLink>>,
}

impl Hub {
    pub(crate) fn start() -> Self {
        Self::start_as("chain-1")
    }

    pub(crate) fn start_as(chain: &str) -> Self {
        let authority = Arc::new(Authority::new(chain));
        let clock = Arc::new(HandClock(AtomicI64::new(START)));
        let office = Arc::new(Office {
            authority: authority.clone(),
            codes: Mutex::default(),
            revoked: Mutex::default(),
        });
        let me = authority.identity(Writer::Hub, Use::Server);
        let any = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0);
        let mut listener = Listener::bind(any, &me, office.clone(), clock.clone()).unwrap();
        let handle = listener.handle();
        let (sender, arrivals) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(link) = listener.next().await {
                if sender.send(link).is_err() {
                    return;
                }
            }
        });
        Self {
            address: handle.local_addr().unwrap(),
            dialer: Dialer::bind(clock.clone()).unwrap(),
            arrivals: tokio::sync::Mutex::new(arrivals),
            me,
            authority,
            office,
            clock,
            handle,
        }
    }

    pub(crate) fn invite(&self, store: &str) -> JoinCode {
        self.office.invite(store, self.clock.now())
    }

    /// An enrolled store, without the exchange.
    pub(crate) fn store(&self, store: &str) -> Identity {
        self.authority.identity(Writer::Store(store.parse().unwrap()), Use::Client)
    }

    /// The next store that wants a session.
    pub(crate) async fn arrival(&self) -> StoreLink {
        self.arrivals.lock().await.recv().await.unwrap()
    }
}
