//! Closed days as head office sees them: who has signed a close.

use ledger::check::close::{Signature, Witness};
use ledger::close::DayClose;
use ledger::id::StoreId;
use serde::{Deserialize, Serialize};
use sync_proto::Writer;
use sync_proto::quic::signature::{Purpose, verify};
use sync_proto::replica::Replica as _;

use crate::hub::Hub;

/// Who has signed a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedBy {
    /// The machine that stands for the store.
    Machine,
    /// A machine that stood for the store before.
    FormerMachine,
    /// Nobody.
    Nobody,
    /// Someone else, or the text was changed since.
    Someone,
}

/// Who has signed this close of a store. The certificate beside the signature says whose the key is,
/// and the chain's own authority whether that is true; no list of keys is needed, however long the
/// machine is gone.
pub(crate) fn signed_by(hub: &Hub, store: &StoreId, close: &DayClose) -> SignedBy {
    let Some(signature) = close.signature() else { return SignedBy::Nobody };
    let (chain, authority) = (&hub.config().chain, hub.authority().certificate());
    let text = close.statement();
    match verify(signature, Purpose::DayClose, text, chain, authority) {
        Ok(peer) if peer.name.writer == Writer::Store(store.clone()) => {
            let present = hub.register().read(|registry| {
                let machine = registry.store(store).and_then(|store| store.machine.as_ref());
                machine.is_some_and(|machine| machine.key == peer.key)
            });
            if present { SignedBy::Machine } else { SignedBy::FormerMachine }
        }
        _ => SignedBy::Someone,
    }
}

/// What the hub can say of a close beside the facts.
pub(crate) fn witness(hub: &Hub, store: &StoreId, close: &DayClose) -> Witness {
    let signature = match signed_by(hub, store, close) {
        SignedBy::Machine | SignedBy::FormerMachine => Signature::Good,
        SignedBy::Nobody | SignedBy::Someone => Signature::Bad,
    };
    let history = close.figures().history;
    // A link that cannot be read is for `hub verify` to tell.
    let link = hub.books().link_at(store, history.epoch, history.seq).ok().flatten();
    Witness { signature, link }
}
