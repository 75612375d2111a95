//! What is checked of the chain as a whole: balances, transfers, the catalog, and the stores as head
//! office knows them.

use std::collections::{BTreeMap, BTreeSet};

use books::Reader;
use books::read::{Fingerprint, ProductFilter};
use ledger::check::fleet::{self, Contact};
use ledger::check::transfers::{self, Known};
use ledger::check::{Finding, Terms, products, serials};
use ledger::fact::Fact;
use ledger::fold::Balance;
use ledger::id::{Epoch, FactId, StoreId, TransferId};
use ledger::order::{OrderStep, Party};
use ledger::transfer::{Entry, Event};
use sync_proto::{DocId, OrderId, OrderKind, Writer};

use super::Depth;
use super::memory::Memory;
use crate::error::Result;
use crate::hub::Hub;
use crate::registry::Standing;

/// The facts that moved goods of each transfer.
pub(super) type Moved = BTreeMap<TransferId, BTreeSet<(StoreId, FactId)>>;

/// Products whose codes are not theirs alone.
pub(super) fn catalog(reader: &Reader) -> Result<Vec<Finding>> {
    Ok(products::check(&reader.products(&ProductFilter::default())?))
}

/// Single pieces of which something cannot be, over all stores.
pub(super) fn pieces(reader: &Reader) -> Result<Vec<Finding>> {
    Ok(serials::check(reader.doubtful_pieces()?))
}

/// Every transfer, with the facts that moved its goods.
///
/// One with which nothing was wrong, and of whose goods none is on the way, is looked at again when
/// something has been added to it.
pub(super) fn transfers(
    reader: &Reader,
    mut moved: Moved,
    ends: &Ends,
    terms: &Terms,
    depth: Depth,
    memory: &mut Memory,
) -> Result<Vec<Finding>> {
    for id in reader.transfers()? {
        moved.entry(id).or_default();
    }
    let mut found = Vec::new();
    for (id, mut names) in moved {
        // Goods may have moved under a number that no order can have.
        let held = match OrderId::new(id.as_str()) {
            Ok(id) => {
                reader.document_fingerprint(&DocId::Order { kind: OrderKind::Transfer, id })?
            }
            Err(_) => Fingerprint::default(),
        };
        let held = *held.as_bytes();
        let was = memory.settled.remove(&id);
        if depth == Depth::Changed && was == Some((held, names.len())) {
            memory.settled.insert(id, (held, names.len()));
            continue;
        }
        let known_facts = names.len();
        let entries = reader.transfer(&id)?;
        names.extend(entries.iter().filter_map(named));
        let facts = facts(reader, &names, &id)?;
        let kept = reader.in_transit(&id)?;
        let known = Known { id: &id, entries: &entries, facts: &facts, kept: &kept };
        let told =
            transfers::check(known, |store, id| ends.reach(store, id), terms.now, terms.limits);
        if told.is_empty() && kept.values().all(|left| *left == Balance::default()) {
            memory.settled.insert(id, (held, known_facts));
        }
        found.extend(told);
    }
    Ok(found)
}

/// How far the books of each store go here.
pub(super) struct Ends(BTreeMap<(StoreId, Epoch), u64>);

/// The ends of all books.
pub(super) fn ends(reader: &Reader) -> Result<Ends> {
    let mut ends = BTreeMap::new();
    for status in reader.stores()? {
        for epoch in &status.epochs {
            ends.insert((status.store.clone(), epoch.epoch), epoch.seq);
        }
    }
    Ok(Ends(ends))
}

impl Ends {
    /// Whether a store's books go as far as a fact.
    pub(super) fn reach(&self, store: &StoreId, id: FactId) -> bool {
        self.0.get(&(store.clone(), id.epoch)).is_some_and(|last| *last >= id.seq)
    }
}

/// The fact that an entry names.
fn named(entry: &Entry) -> Option<(StoreId, FactId)> {
    match entry {
        Entry::Said(Event { by: Party::Store(store), step, .. }) => {
            Some((store.clone(), step.fact()?))
        }
        Entry::Said(_) | Entry::Unread(_) => None,
    }
}

/// Those of the facts that are here and about this transfer.
fn facts(
    reader: &Reader,
    names: &BTreeSet<(StoreId, FactId)>,
    id: &TransferId,
) -> Result<Vec<Fact>> {
    let mut facts = Vec::new();
    for (store, fact) in names {
        let stored = reader.fact(store, *fact)?.map(|stored| stored.fact);
        facts.extend(stored.filter(|fact| transfers::transfer_of(fact) == Some(id)));
    }
    Ok(facts)
}

/// The stores, as far as head office waits for them.
pub(super) fn stores(hub: &Hub, reader: &Reader, terms: &Terms) -> Result<Vec<Finding>> {
    let mut contacts: BTreeMap<StoreId, Contact> = BTreeMap::new();
    let mut contact = |store: &StoreId, change: &mut dyn FnMut(&mut Contact)| {
        let unknown = || Contact {
            store: store.clone(),
            heard: None,
            clock_ahead_ms: None,
            forks: Vec::new(),
            refused: Vec::new(),
        };
        change(contacts.entry(store.clone()).or_insert_with(unknown));
    };
    hub.register().read(|stores| {
        for record in stores.stores().filter(|store| store.standing() == Standing::Active) {
            let joined = record.machine.as_ref().map(|machine| machine.joined);
            let session = hub.sessions().of(&record.store);
            contact(&record.store, &mut |contact| {
                contact.heard = if session.is_some() { Some(terms.now) } else { joined };
                contact.clock_ahead_ms = session.as_ref().and_then(|at| at.clock_ahead_ms);
            });
        }
    });
    for peer in reader.peers()? {
        if let Writer::Store(store) = &peer.peer {
            // Nobody waits for a store that was shut out.
            contact(store, &mut |contact| {
                contact.heard = contact.heard.map(|heard| heard.max(peer.seen_at.unwrap_or(heard)));
            });
        }
    }
    for status in reader.stores()? {
        let forks = status.epochs.iter().filter_map(|epoch| {
            let last = FactId { epoch: epoch.epoch, seq: epoch.seq };
            Some((last, epoch.frozen.as_deref()?.into()))
        });
        let forks: Vec<_> = forks.collect();
        contact(&status.store, &mut |contact| contact.forks.clone_from(&forks));
    }
    for item in reader.quarantined()? {
        if let Some(Writer::Store(store)) = &item.peer {
            let refused = (item.doc.as_str().into(), item.reason.as_str().into());
            contact(store, &mut |contact| contact.refused.push(refused.clone()));
        }
    }
    let check = |contact: &Contact| fleet::check(contact, terms.now, terms.limits);
    Ok(contacts.values().flat_map(check).collect())
}
