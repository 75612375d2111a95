//! Turning join codes into certificates, and keeping certificates fresh.

use ledger::time::Timestamp;
use sync_proto::quic::{CloseCode, Csr, EnrolRefusal, Enroller, Issued, JoinSecret, Peer};

use crate::ca::{CaError, Issuance};
use crate::error::HubError;
use crate::events::What;
use crate::hub::{Hub, WeakHub};

/// Characters of a key's fingerprint that are shown to people.
const SHOWN_KEY: usize = 16;

/// The hub's decisions about certificates, as its listener asks for them. It does not keep the hub
/// open: connections that are still closing must not hold the books of a hub that has stopped.
pub(crate) struct Desk(WeakHub);

impl Desk {
    /// The desk of a hub.
    pub(crate) fn of(hub: &Hub) -> Self {
        Self(hub.downgrade())
    }

    fn hub(&self) -> Result<Hub, CloseCode> {
        self.0.upgrade().ok_or(CloseCode::Stopping)
    }
}

impl Enroller for Desk {
    fn enrol(
        &self,
        secret: &JoinSecret,
        csr: &Csr,
        now: Timestamp,
    ) -> Result<Issued, EnrolRefusal> {
        let hub = self.hub().map_err(EnrolRefusal::Standing)?;
        let digest = secret.digest();
        let redeem = || hub.register().read(|r| r.redeem(&digest, csr.key(), now));
        let store = redeem().map_err(refusal)?;
        let Issuance { issued, peer } =
            hub.authority().certify_store(&store, csr, now).map_err(unsigned)?;
        // The code is judged again where it is spent: two machines may come with it at once.
        let spent = hub.register().decide(|registry| {
            registry.redeem(&digest, csr.key(), now).map_err(Undecided::Refused)?;
            let update = registry.joined(&digest, &peer, now);
            update.ok_or(Undecided::Refused(CloseCode::CodeUnknown))
        });
        spent.map_err(EnrolRefusal::from)?;
        // A machine that was replaced is shown out; the new one is not connected yet.
        hub.shut_out(&store);
        let key = peer.key.to_string().chars().take(SHOWN_KEY).collect();
        hub.note_event(Some(&store), What::Joined { key });
        Ok(issued)
    }

    fn renew(&self, peer: &Peer, csr: &Csr, now: Timestamp) -> Result<Issued, EnrolRefusal> {
        let hub = self.hub().map_err(EnrolRefusal::Standing)?;
        let store = peer.name.writer.store().ok_or(EnrolRefusal::Names)?;
        self.standing(peer, now).map_err(EnrolRefusal::Standing)?;
        // A certificate is renewed for the key it has; another key is another machine, which
        // needs a join code.
        if csr.key() != peer.key {
            return Err(EnrolRefusal::Names);
        }
        let Issuance { issued, peer } =
            hub.authority().certify_store(store, csr, now).map_err(unsigned)?;
        let kept = hub.register().decide(|registry| {
            registry.admits(store, peer.key).map_err(Undecided::Refused)?;
            let update = registry.renewed(store, &peer);
            update.ok_or(Undecided::Refused(CloseCode::Revoked))
        });
        kept.map_err(EnrolRefusal::from)?;
        hub.note_event(Some(store), What::Renewed { until: peer.not_after });
        Ok(issued)
    }

    fn standing(&self, peer: &Peer, _: Timestamp) -> Result<(), CloseCode> {
        let store = peer.name.writer.store().ok_or(CloseCode::CertificateUnusable)?;
        self.hub()?.register().read(|registry| registry.admits(store, peer.key))
    }
}

/// Why a decision came to nothing.
enum Undecided {
    /// It was not to be.
    Refused(CloseCode),
    /// It could not be made durable.
    Failed(HubError),
}

impl From<HubError> for Undecided {
    fn from(error: HubError) -> Self {
        Self::Failed(error)
    }
}

impl From<Undecided> for EnrolRefusal {
    fn from(undecided: Undecided) -> Self {
        match undecided {
            Undecided::Refused(code) => refusal(code),
            Undecided::Failed(source) => Self::Failed { source: source.into() },
        }
    }
}

fn refusal(code: CloseCode) -> EnrolRefusal {
    match code {
        CloseCode::CodeUnknown => EnrolRefusal::CodeUnknown,
        CloseCode::CodeUsed => EnrolRefusal::CodeUsed,
        CloseCode::CodeExpired => EnrolRefusal::CodeExpired,
        other => EnrolRefusal::Standing(other),
    }
}

fn unsigned(error: CaError) -> EnrolRefusal {
    match error {
        CaError::Names { .. } => EnrolRefusal::Names,
        other => EnrolRefusal::Failed { source: other.into() },
    }
}
