//! A replica in memory: for examples, and for tests that want a store without a disk.

mod catalog;
mod orders;
mod state;
mod stock;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ledger::chain::ChainLink;
use ledger::check::replicas::RowKey;
use ledger::id::{Epoch, FactId, StoreId};
use ledger::time::{BusinessDate, Timestamp};

use crate::carryover::Carryover;
use crate::catalog::{Catalog, CatalogError, Edits, TermEdits};
use crate::kept::{Gathering, Kept, Question};
use crate::order::{self, EventName, OrderError};
use crate::replica::{
    Applied, Batch, Head, More, Outgoing, Overview, Quarantined, Replica, ReplicaError, Row, Span,
    Summary, Tag, TakeBack, Tip, Tips, Wanted,
};
use crate::stock::{Cursor, StockPage, StoreStock};
use crate::{Actor, Admitted, ChainId, Collection, Digest, DocId, OrderId, OrderKind, Writer};
use state::{State, Stored};

/// The durable part of a store or hub, kept in memory. What a call changed is there when it
/// returns; a simulated crash keeps the replica and drops everything else.
#[derive(Debug)]
pub struct MemoryReplica {
    state: Mutex<State>,
}

impl MemoryReplica {
    /// An empty replica.
    pub fn new(chain: ChainId, me: Writer) -> Self {
        Self { state: Mutex::new(State::new(chain, me)) }
    }

    /// A copy as a backup or a cloned disk would hold it.
    #[must_use]
    pub fn backup(&self) -> Self {
        Self { state: Mutex::new(self.state().clone()) }
    }

    /// Books a fact of this store: gives it the next id, then keeps the text made for that id.
    pub fn record(&self, date: BusinessDate, text: impl FnOnce(FactId) -> String) -> FactId {
        self.state().record(date, text)
    }

    /// Says something in an order, in this replica's name. Facts that are pending are sealed first,
    /// so that no peer hears of a fact before it can have it.
    pub fn append_order(
        &self,
        kind: OrderKind,
        id: &OrderId,
        name: &EventName,
        text: &str,
        at: Timestamp,
    ) -> Result<(), ReplicaError> {
        self.state().append_order(&DocId::Order { kind, id: id.clone() }, name, text, at)
    }

    /// What the parties of an order have said so far; nothing for one that is not known.
    pub fn order(&self, kind: OrderKind, id: &OrderId) -> Result<Vec<order::Event>, OrderError> {
        self.state().order(&DocId::Order { kind, id: id.clone() })?.events()
    }

    /// The orders of a kind, by their number.
    pub fn orders(&self, kind: OrderKind) -> Vec<OrderId> {
        self.state().orders(kind)
    }

    /// Starts a new history, as whoever restores a backup does.
    pub fn open_epoch(&self) -> Epoch {
        self.state().open_epoch()
    }

    /// Edits the catalog in this replica's name.
    pub fn edit_catalog(&self, edits: &Edits, at: Timestamp) -> Result<(), CatalogError> {
        self.state().edit_catalog(edits, at)
    }

    /// Sets terms of products in this replica's name.
    pub fn edit_terms(&self, edits: &TermEdits, at: Timestamp) -> Result<(), CatalogError> {
        self.state().edit_terms(edits, at)
    }

    /// A bucket of the catalog.
    pub fn catalog(&self, bucket: u8) -> Result<Catalog, CatalogError> {
        self.state().catalog(bucket)
    }

    /// Every fact in the books.
    pub fn facts(&self) -> BTreeMap<(StoreId, FactId), String> {
        self.state().facts.clone()
    }

    /// The facts of a store whose text is wanted, in the order of their ids.
    pub fn facts_of(
        &self,
        store: &StoreId,
        mut wanted: impl FnMut(&str) -> bool,
    ) -> Vec<(FactId, String)> {
        let state = self.state();
        let own = state.facts.iter().filter(|((of, _), text)| of == store && wanted(text));
        own.map(|((_, id), text)| (*id, text.clone())).collect()
    }

    /// How many facts are booked but in no change yet.
    pub fn pending(&self) -> usize {
        self.state().pending.len()
    }

    /// Whether a bucket of the catalog holds anything.
    pub fn has_catalog(&self, bucket: u8) -> bool {
        self.state().docs.contains_key(&DocId::Catalog { bucket })
    }

    /// Every change held, in the order in which they were learned.
    pub fn changes(&self) -> Vec<(DocId, Vec<u8>)> {
        let state = self.state();
        let rows = state.rows_after(Row::START);
        rows.map(|(_, stored)| (stored.doc.clone(), stored.bytes.clone())).collect()
    }

    /// Facts that left the books for a person to decide.
    pub fn set_aside_facts(&self) -> Vec<(FactId, String)> {
        self.state().aside.clone()
    }

    /// What was refused, here and by peers.
    pub fn quarantined(&self) -> Vec<Quarantined> {
        self.state().quarantined.clone()
    }

    /// The digest of what is shared with a peer.
    pub fn root(&self, peer: &Writer) -> Digest {
        self.state().overview(peer).values().copied().sum()
    }

    /// Tells, on the hub, or awaits, on a store, what can be had at other stores. Every store is
    /// told of every other one.
    pub fn follow_stock(&self) {
        self.state().stock.follow();
    }

    /// Sets what can be had at a store, for the hub to tell.
    pub fn set_stock(&self, stock: StoreStock) {
        self.state().stock.set(stock);
    }

    /// What can be had at other stores, as far as a store has been told.
    pub fn stock(&self) -> Vec<StoreStock> {
        self.state().stock.told()
    }

    /// Sets a row of what is kept of the facts of a store: this one, or on the hub the only one. Facts
    /// themselves add nothing to it.
    pub fn keep(&self, key: RowKey, numbers: Vec<i64>) {
        self.state().kept.insert(key, numbers);
    }

    /// Sets what a store's history comes to, for the hub to tell: nothing is added up here.
    pub fn set_carryover(&self, carryover: Carryover) {
        self.state().carried.told = Some(carryover);
    }

    /// Has the hub tell, when this store meets it, what its history comes to.
    pub fn want_carryover(&self) {
        self.state().carried.wanted = true;
    }

    /// What this store's history comes to, as it has been told.
    pub fn carried(&self) -> Option<Carryover> {
        self.state().carried.told.clone()
    }

    /// The present epoch.
    pub fn epoch(&self) -> Epoch {
        self.state().epoch
    }

    /// Nothing in here panics half-way through a change, so a poisoned lock still holds a whole state.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Replica for MemoryReplica {
    fn summary(&self, peer: &Writer) -> Result<Summary, ReplicaError> {
        let mut state = self.state();
        state.seal()?;
        let root = state.overview(peer).values().copied().sum();
        Ok(Summary {
            head: state.head(peer),
            root,
            row: state.last_row(),
            stock: state.stock.summary(),
            history: state.carried.history(),
        })
    }

    fn head_of(&self, store: &StoreId, epoch: Epoch) -> Result<Option<Head>, ReplicaError> {
        Ok(self.state().head_of(store, epoch))
    }

    fn link_at(
        &self,
        store: &StoreId,
        epoch: Epoch,
        seq: u64,
    ) -> Result<Option<ChainLink>, ReplicaError> {
        Ok(self.state().link_at(store, epoch, seq))
    }

    fn collections(&self, peer: &Writer) -> Result<Overview, ReplicaError> {
        let mut state = self.state();
        state.seal()?;
        Ok(Overview { digests: state.overview(peer), row: state.last_row() })
    }

    fn tips(&self, peer: &Writer, of: &BTreeSet<Collection>) -> Result<Tips, ReplicaError> {
        let state = self.state();
        let asked = |doc: &DocId| state.shared(peer, doc).is_some_and(|group| of.contains(&group));
        let wanted = state.docs.iter().filter(|(doc, _)| asked(doc));
        let tips = wanted.map(|(doc, document)| {
            let tip = |tail: &crate::DocTail| Tip { seq: tail.seq, tag: Tag::of(&tail.hash) };
            (doc.clone(), document.tails.iter().map(|(actor, t)| (*actor, tip(t))).collect())
        });
        Ok(tips.filter(|(_, tips): &(DocId, BTreeMap<_, _>)| !tips.is_empty()).collect())
    }

    fn conflicts(&self, theirs: &Tips) -> Result<Vec<(DocId, Actor)>, ReplicaError> {
        let state = self.state();
        let differs = |doc: &DocId, actor: &Actor, tip: &Tip| {
            let held = state.stored(doc, *actor, tip.seq);
            held.is_some_and(|stored| Tag::of(&stored.hash) != tip.tag)
        };
        let entries = theirs.iter().flat_map(|(doc, tips)| tips.iter().map(move |t| (doc, t)));
        Ok(entries
            .filter(|(doc, (actor, tip))| differs(doc, actor, tip))
            .map(|(doc, (actor, _))| (doc.clone(), *actor))
            .collect())
    }

    fn missing(
        &self,
        peer: &Writer,
        wanted: &Wanted,
        span: Span,
        max_bytes: usize,
    ) -> Result<Batch, ReplicaError> {
        let theirs = |stored: &Stored| {
            let tips = wanted.theirs.get(&stored.doc);
            tips.and_then(|tips| tips.get(&stored.actor)).map_or(0, |tip| tip.seq)
        };
        let state = self.state();
        Ok(batch(&state, span, max_bytes, |stored| {
            let shared = state.shared(peer, &stored.doc);
            shared.is_some_and(|group| wanted.collections.contains(&group))
                && stored.seq > theirs(stored)
        }))
    }

    fn tail(&self, peer: &Writer, after: Row, max_bytes: usize) -> Result<Batch, ReplicaError> {
        let mut state = self.state();
        state.seal()?;
        let span = Span { after, until: state.last_row() };
        Ok(batch(&state, span, max_bytes, |stored| {
            state.shared(peer, &stored.doc).is_some() && stored.learned_from.as_ref() != Some(peer)
        }))
    }

    fn apply(&self, peer: &Writer, changes: Vec<Admitted>) -> Result<Applied, ReplicaError> {
        let mut state = self.state();
        let outcomes = changes.into_iter().map(|change| state.take_in(peer, change)).collect();
        Ok(Applied { outcomes, head: state.me.store().map_or_else(|| state.head(peer), |_| None) })
    }

    fn take_back(&self, order: &TakeBack) -> Result<(), ReplicaError> {
        self.state().take_back(order);
        Ok(())
    }

    fn set_aside(&self, doc: &DocId, actor: Actor) -> Result<(), ReplicaError> {
        self.state().drop_changes(doc, actor, 1);
        Ok(())
    }

    fn quarantine(&self, _peer: &Writer, item: &Quarantined) -> Result<(), ReplicaError> {
        self.state().quarantined.push(item.clone());
        Ok(())
    }

    fn stock_after(
        &self,
        _peer: &Writer,
        after: Cursor,
    ) -> Result<Option<StockPage>, ReplicaError> {
        Ok(self.state().stock.after(after))
    }

    fn learn_stock(&self, page: StockPage) -> Result<(), ReplicaError> {
        self.state().stock.learn(page);
        Ok(())
    }

    fn kept(&self, peer: &Writer, question: Question) -> Result<Kept, ReplicaError> {
        let mut state = self.state();
        state.seal()?;
        let mut gathering = Gathering::new(question);
        state.kept.iter().for_each(|(key, numbers)| gathering.row(key.clone(), numbers));
        Ok(gathering.finish(state.head(peer)))
    }

    fn carry_over(&self, _peer: &Writer) -> Result<Option<Carryover>, ReplicaError> {
        Ok(self.state().carried.told.clone())
    }

    fn take_over(&self, carryover: &Carryover) -> Result<(), ReplicaError> {
        self.state().take_over(carryover);
        Ok(())
    }
}

/// The rows of a span that are wanted, as many as fit.
fn batch(
    state: &State,
    span: Span,
    max_bytes: usize,
    mut wanted: impl FnMut(&Stored) -> bool,
) -> Batch {
    let mut batch = Batch { changes: Vec::new(), last: span.after, more: More::No };
    let mut bytes = 0;
    for (row, stored) in state.rows_after(span.after).take_while(|(row, _)| *row <= span.until) {
        if wanted(stored) {
            bytes += stored.bytes.len();
            if bytes > max_bytes && !batch.changes.is_empty() {
                batch.more = More::Yes;
                return batch;
            }
            batch.changes.push(Outgoing {
                doc: stored.doc.clone(),
                actor: stored.actor,
                seq: stored.seq,
                bytes: stored.bytes.clone(),
            });
        }
        batch.last = row;
    }
    batch.last = batch.last.max(span.until);
    batch
}
