//! What a memory replica holds, and the rules for taking changes in.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ledger::chain::ChainLink;
use ledger::check::replicas::RowKey;
use ledger::id::{Epoch, FactId, StoreId};
use ledger::time::{BusinessDate, Timestamp};

use super::stock::Stock;
use crate::carryover::{Carryover, History};
use crate::replica::{Head, Outcome, Quarantined, RefusedBy, ReplicaError, Row, TakeBack};
use crate::{
    Actor, Admitted, AdmittedFact, ChainId, ChangeHash, Claim, Collection, Content, Digest, DocId,
    DocTail, Writer, day_book, genesis_hash,
};

#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) chain: ChainId,
    pub(super) me: Writer,
    pub(super) epoch: Epoch,
    next_seq: u64,
    /// Facts that are durable but in no change yet.
    pub(super) pending: VecDeque<(FactId, BusinessDate, String)>,
    /// The changes in the order in which they were learned. Rows are never used twice.
    rows: BTreeMap<Row, Stored>,
    last_row: Row,
    pub(super) docs: BTreeMap<DocId, Document>,
    /// The links of each store and epoch, from the first fact on.
    links: BTreeMap<(StoreId, Epoch), Vec<ChainLink>>,
    pub(super) facts: BTreeMap<(StoreId, FactId), String>,
    pub(super) aside: Vec<(FactId, String)>,
    pub(super) quarantined: Vec<Quarantined>,
    pub(super) stock: Stock,
    pub(super) kept: BTreeMap<RowKey, Vec<i64>>,
    pub(super) carried: Carried,
}

/// What a history comes to: as the hub tells it, or as a store was told.
#[derive(Debug, Clone, Default)]
pub(super) struct Carried {
    pub(super) told: Option<Carryover>,
    /// On a store: whether it is still to be told.
    pub(super) wanted: bool,
}

impl Carried {
    pub(super) fn history(&self) -> History {
        match &self.told {
            _ if self.wanted => History::Wanted,
            Some(_) => History::Awaited,
            None => History::Whole,
        }
    }
}

/// A change as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) doc: DocId,
    pub(super) actor: Actor,
    pub(super) seq: u64,
    pub(super) hash: ChangeHash,
    max_op: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) learned_from: Option<Writer>,
    /// The facts it adds.
    facts: Vec<FactId>,
}

/// Where the changes of a document are.
#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    pub(super) tails: BTreeMap<Actor, DocTail>,
    rows: BTreeMap<(Actor, u64), Row>,
    hashes: BTreeSet<ChangeHash>,
}

impl State {
    pub(super) const fn new(chain: ChainId, me: Writer) -> Self {
        Self {
            chain,
            me,
            epoch: Epoch::FIRST,
            next_seq: 1,
            pending: VecDeque::new(),
            rows: BTreeMap::new(),
            last_row: Row::START,
            docs: BTreeMap::new(),
            links: BTreeMap::new(),
            facts: BTreeMap::new(),
            aside: Vec::new(),
            quarantined: Vec::new(),
            stock: Stock::new(),
            kept: BTreeMap::new(),
            carried: Carried { told: None, wanted: false },
        }
    }

    pub(super) fn record(
        &mut self,
        date: BusinessDate,
        text: impl FnOnce(FactId) -> String,
    ) -> FactId {
        let id = FactId { epoch: self.epoch, seq: self.next_seq };
        let store = self.me.store().expect("only stores record facts").clone();
        let text = text(id);
        self.next_seq += 1;
        self.extend_chain(&store, id.epoch, &text);
        self.facts.insert((store, id), text.clone());
        self.pending.push_back((id, date, text));
        id
    }

    /// Turns pending facts into changes. A change holds facts that follow each other, so that
    /// changes in row order bring the facts in order.
    pub(super) fn seal(&mut self) -> Result<(), ReplicaError> {
        while let Some((first, date, _)) = self.pending.front() {
            let (epoch, date) = (first.epoch, *date);
            let store = self.me.store().expect("only stores record facts").clone();
            let doc = DocId::Book { store, date };
            let run = self.pending.iter().take_while(|(_, day, _)| *day == date);
            let facts: Vec<(FactId, &str)> = run.map(|(id, _, text)| (*id, &**text)).collect();
            let facts = &facts[..day_book::batch_len(&facts)];
            let actor = Actor::derive(&self.chain, &self.me, epoch);
            let tail = self.docs.get(&doc).and_then(|held| held.tails.get(&actor)).copied();
            // The time a change was written means nothing; zero keeps simulated runs alike.
            let at = Timestamp::from_millis(0);
            let change = day_book::seal(&doc, actor, tail.as_ref(), facts, at)
                .map_err(|error| ReplicaError::new("seal facts", error))?;
            let ids: Vec<FactId> = facts.iter().map(|(id, _)| *id).collect();
            self.pending.drain(..ids.len());
            self.keep(&doc, actor, change.tail(), change.bytes, None, ids);
        }
        Ok(())
    }

    /// The changes held of a document.
    pub(super) fn changes_of(&self, doc: &DocId) -> impl Iterator<Item = &[u8]> {
        let rows = self.docs.get(doc).into_iter().flat_map(|held| held.rows.values());
        rows.filter_map(|row| self.rows.get(row)).map(|stored| stored.bytes.as_slice())
    }

    /// The group in which this replica and the peer compare a document, if they share it.
    pub(super) fn shared(&self, peer: &Writer, doc: &DocId) -> Option<Collection> {
        doc.shared_with(self.me.store().or(peer.store())?)
    }

    pub(super) fn overview(&self, peer: &Writer) -> BTreeMap<Collection, Digest> {
        let mut digests = BTreeMap::new();
        for (doc, document) in &self.docs {
            let Some(collection) = self.shared(peer, doc) else { continue };
            let terms = document.tails.iter().map(|(a, t)| Digest::of(doc, a, t.seq, &t.hash));
            *digests.entry(collection).or_insert(Digest::EMPTY) += terms.sum();
        }
        digests.retain(|_, digest| *digest != Digest::EMPTY);
        digests
    }

    pub(super) const fn last_row(&self) -> Row {
        self.last_row
    }

    pub(super) fn rows_after(&self, after: Row) -> impl Iterator<Item = (Row, &Stored)> {
        self.rows.range(Row(after.0 + 1)..).map(|(row, stored)| (*row, stored))
    }

    pub(super) fn stored(&self, doc: &DocId, actor: Actor, seq: u64) -> Option<&Stored> {
        self.rows.get(self.docs.get(doc)?.rows.get(&(actor, seq))?)
    }

    /// On a store its present end, on the hub the peer's newest one.
    pub(super) fn head(&self, peer: &Writer) -> Option<Head> {
        if let Some(store) = self.me.store() {
            let fresh =
                || Head { epoch: self.epoch, seq: 0, link: ChainLink::genesis(store, self.epoch) };
            return Some(self.head_of(store, self.epoch).unwrap_or_else(fresh));
        }
        let store = peer.store()?;
        let epochs = self.links.keys().filter(|(of, _)| of == store);
        self.head_of(store, epochs.map(|(_, epoch)| *epoch).max()?)
    }

    pub(super) fn head_of(&self, store: &StoreId, epoch: Epoch) -> Option<Head> {
        let links = self.links.get(&(store.clone(), epoch))?;
        Some(Head { epoch, seq: links.len() as u64, link: *links.last()? })
    }

    pub(super) fn link_at(&self, store: &StoreId, epoch: Epoch, seq: u64) -> Option<ChainLink> {
        let Some(index) = seq.checked_sub(1) else {
            return Some(ChainLink::genesis(store, epoch));
        };
        self.links.get(&(store.clone(), epoch))?.get(usize::try_from(index).ok()?).copied()
    }

    pub(super) fn take_in(&mut self, peer: &Writer, change: Admitted) -> Outcome {
        if let Some(held) = self.stored(&change.doc, change.actor, change.seq)
            && held.hash == change.hash
        {
            return Outcome::Duplicate;
        }
        match self.place(&change) {
            Ok(()) => {
                let facts = match &change.content {
                    Content::Facts(facts) => facts.clone(),
                    Content::Document => Vec::new(),
                };
                for fact in &facts {
                    self.learn(fact);
                }
                let ids = facts.iter().map(|fact| fact.fact.id).collect();
                let tail = change.tail();
                self.keep(&change.doc, change.actor, tail, change.bytes, Some(peer.clone()), ids);
                Outcome::Applied
            }
            Err(reason) => {
                self.quarantined.push(Quarantined {
                    doc: change.doc,
                    refused_by: RefusedBy::Us,
                    claim: Some(Claim {
                        actor: change.actor,
                        seq: change.seq,
                        hash: Some(change.hash),
                    }),
                    reason: reason.clone(),
                });
                Outcome::Quarantined(reason)
            }
        }
    }

    /// Whether a change can stand on what is held.
    fn place(&self, change: &Admitted) -> Result<(), String> {
        if self.stored(&change.doc, change.actor, change.seq).is_some() {
            return Err("another change is held in its place".to_owned());
        }
        let document = self.docs.get(&change.doc);
        let tail = document.and_then(|held| held.tails.get(&change.actor));
        change.follows(tail).map_err(|reason| reason.to_string())?;
        let genesis = genesis_hash(&change.doc);
        let held = |dep: &ChangeHash| {
            *dep == genesis || document.is_some_and(|held| held.hashes.contains(dep))
        };
        if !change.deps.iter().all(held) {
            return Err("a change that it builds on is missing".to_owned());
        }
        let Content::Facts(facts) = &change.content else { return Ok(()) };
        let mut end: Option<(u64, ChainLink)> = None;
        for AdmittedFact { fact, text } in facts {
            let (store, FactId { epoch, seq }) = (&fact.store, fact.id);
            let held = self.head_of(store, epoch);
            let known = held.map_or(0, |head| head.seq);
            let (last, link) = end.unwrap_or_else(|| {
                let genesis = || ChainLink::genesis(store, epoch);
                (known, held.map_or_else(genesis, |head| head.link))
            });
            if seq <= known {
                // A fact that was set aside with its change and comes back in another.
                let before = self.link_at(store, epoch, seq - 1);
                if self.facts.contains_key(&(store.clone(), fact.id)) {
                    return Err(format!("fact {} is held in another change", fact.id));
                }
                if before.map(|link| link.then(text)) != self.link_at(store, epoch, seq) {
                    return Err(format!("another fact {} is held", fact.id));
                }
            } else if seq == last + 1 {
                end = Some((seq, link.then(text)));
            } else {
                return Err(format!("the facts before {} are missing", fact.id));
            }
        }
        Ok(())
    }

    fn learn(&mut self, fact: &AdmittedFact) {
        let AdmittedFact { fact, text } = fact;
        let known = self.head_of(&fact.store, fact.id.epoch).map_or(0, |head| head.seq);
        if fact.id.seq > known {
            self.extend_chain(&fact.store, fact.id.epoch, text);
        }
        self.aside.retain(|(id, aside)| *id != fact.id || aside != text);
        self.facts.insert((fact.store.clone(), fact.id), text.clone());
    }

    fn extend_chain(&mut self, store: &StoreId, epoch: Epoch, text: &str) {
        let links = self.links.entry((store.clone(), epoch)).or_default();
        let before = links.last().copied().unwrap_or_else(|| ChainLink::genesis(store, epoch));
        links.push(before.then(text));
    }

    pub(super) fn keep(
        &mut self,
        doc: &DocId,
        actor: Actor,
        tail: DocTail,
        bytes: Vec<u8>,
        learned_from: Option<Writer>,
        facts: Vec<FactId>,
    ) {
        self.last_row = Row(self.last_row.0 + 1);
        let document = self.docs.entry(doc.clone()).or_default();
        document.tails.insert(actor, tail);
        document.rows.insert((actor, tail.seq), self.last_row);
        document.hashes.insert(tail.hash);
        let DocTail { seq, hash, max_op } = tail;
        let doc = doc.clone();
        let stored = Stored { doc, actor, seq, hash, max_op, bytes, learned_from, facts };
        self.rows.insert(self.last_row, stored);
    }

    pub(super) fn take_back(&mut self, order: &TakeBack) {
        let store = self.me.store().expect("only a store takes back").clone();
        if let Some(after) = order.set_aside_after {
            let gone = |id: &FactId| id.epoch == order.epoch && id.seq > after;
            let actor = Actor::derive(&self.chain, &self.me, order.epoch);
            let mut cuts: BTreeMap<DocId, u64> = BTreeMap::new();
            for stored in self.rows.values().filter(|stored| stored.actor == actor) {
                if stored.facts.iter().any(gone) {
                    let cut = cuts.entry(stored.doc.clone()).or_insert(stored.seq);
                    *cut = stored.seq.min(*cut);
                }
            }
            for (doc, seq) in cuts {
                self.drop_changes(&doc, actor, seq);
            }
            let pending: Vec<FactId> = self.pending.iter().map(|(id, ..)| *id).collect();
            for id in pending.iter().filter(|id| gone(id)) {
                self.put_aside(*id);
            }
            self.pending.retain(|(id, ..)| !gone(id));
            if let Some(links) = self.links.get_mut(&(store, order.epoch)) {
                links.truncate(usize::try_from(after).unwrap_or(usize::MAX));
            }
        }
        self.epoch = self.epoch.max(order.above);
        self.open_epoch();
    }

    /// Begins with what the hub told of the history.
    pub(super) fn take_over(&mut self, carryover: &Carryover) {
        self.carried = Carried { told: Some(carryover.clone()), wanted: false };
        let last = carryover.heads.last().map_or(self.epoch, |head| head.epoch);
        self.epoch = self.epoch.max(last);
        self.open_epoch();
    }

    /// Starts a new history.
    pub(super) const fn open_epoch(&mut self) -> Epoch {
        self.epoch = self.epoch.next();
        self.next_seq = 1;
        self.epoch
    }

    /// Takes an actor's changes in a document, from one number on, out of the books.
    pub(super) fn drop_changes(&mut self, doc: &DocId, actor: Actor, from: u64) {
        let Some(document) = self.docs.get_mut(doc) else { return };
        let rows: Vec<Row> =
            document.rows.range((actor, from)..=(actor, u64::MAX)).map(|(_, r)| *r).collect();
        document.rows.retain(|(of, seq), _| *of != actor || *seq < from);
        let mut facts = Vec::new();
        for stored in rows.iter().filter_map(|row| self.rows.remove(row)) {
            document.hashes.remove(&stored.hash);
            facts.extend(stored.facts);
        }
        document.tails.remove(&actor);
        let last = document.rows.range((actor, 0)..=(actor, u64::MAX)).next_back();
        if let Some(stored) = last.and_then(|(_, row)| self.rows.get(row)) {
            let Stored { seq, hash, max_op, .. } = *stored;
            document.tails.insert(actor, DocTail { seq, hash, max_op });
        }
        for id in facts {
            self.put_aside(id);
        }
    }

    fn put_aside(&mut self, id: FactId) {
        let Some(store) = self.me.store().cloned() else { return };
        if let Some(text) = self.facts.remove(&(store, id)) {
            self.aside.push((id, text));
        }
    }
}
