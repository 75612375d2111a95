//! The book as a sync session sees it.
//!
//! What two replicas share: a store and the hub share that store's day books, the orders to which it
//! is party, and everything that is nobody's alone (catalog, parties, access).

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use ledger::chain::ChainLink;
use ledger::id::{Epoch, FactId, StoreId};
use rusqlite::params;
use sync_proto::carryover::{Carryover, History};
use sync_proto::kept::{Gathering, Kept, Question};
use sync_proto::replica::{
    Applied, Batch, Head, More, Outgoing, Overview, Quarantined, Replica, ReplicaError, Row, Span,
    Summary, Tag, TakeBack, Tip, Tips, Wanted,
};
use sync_proto::stock::{Cursor, StockPage};
use sync_proto::{Actor, Admitted, ChangeHash, Collection, Digest, DocId, Writer};

use crate::books::Books;
use crate::chain;
use crate::error::{BooksError, During, Result};
use crate::facts::{StoreRef, doc_id, store_number};
use crate::meta;
use crate::read::Reader;
use crate::sql;
use crate::tx::{Incoming, history};

impl Replica for Books {
    fn summary(&self, peer: &Writer) -> Result<Summary, ReplicaError> {
        let read = || {
            let reader = self.sealed_reader()?;
            let root = reader.overview(peer)?.into_values().sum();
            let (head, row) = (reader.head(peer)?, reader.last_row()?);
            let history = match self.identity().store {
                Some(store) => history(reader.conn(), store)?,
                None => History::Whole,
            };
            Ok(Summary { head, root, row, stock: reader.stock_cursor(peer)?, history })
        };
        read().map_err(failed("summarise the book"))
    }

    fn head_of(&self, store: &StoreId, epoch: Epoch) -> Result<Option<Head>, ReplicaError> {
        self.reader()
            .and_then(|reader| reader.head_of(store, epoch))
            .map_err(failed("find the end of a history"))
    }

    fn link_at(
        &self,
        store: &StoreId,
        epoch: Epoch,
        seq: u64,
    ) -> Result<Option<ChainLink>, ReplicaError> {
        self.reader()
            .and_then(|reader| reader.link_at(store, FactId { epoch, seq }))
            .map_err(failed("find a link of a history"))
    }

    fn collections(&self, peer: &Writer) -> Result<Overview, ReplicaError> {
        let read = || {
            let reader = self.sealed_reader()?;
            Ok(Overview { digests: reader.overview(peer)?, row: reader.last_row()? })
        };
        read().map_err(failed("list the collections"))
    }

    fn tips(&self, peer: &Writer, of: &BTreeSet<Collection>) -> Result<Tips, ReplicaError> {
        self.reader().and_then(|reader| reader.tips(peer, of)).map_err(failed("list what is held"))
    }

    fn conflicts(&self, theirs: &Tips) -> Result<Vec<(DocId, Actor)>, ReplicaError> {
        self.reader().and_then(|reader| reader.parted(theirs)).map_err(failed("compare histories"))
    }

    fn missing(
        &self,
        peer: &Writer,
        wanted: &Wanted,
        span: Span,
        max_bytes: usize,
    ) -> Result<Batch, ReplicaError> {
        self.reader()
            .and_then(|reader| reader.missing(peer, wanted, span, max_bytes))
            .map_err(failed("gather what a peer lacks"))
    }

    fn tail(&self, peer: &Writer, after: Row, max_bytes: usize) -> Result<Batch, ReplicaError> {
        self.sealed_reader()
            .and_then(|reader| reader.tail(peer, after, max_bytes))
            .map_err(failed("gather what is new"))
    }

    fn apply(&self, peer: &Writer, changes: Vec<Admitted>) -> Result<Applied, ReplicaError> {
        let from = peer.clone();
        let apply = || {
            let incoming = self.pack(changes)?;
            let (outcomes, done) = self.write(move |tx| {
                let outcomes = tx.apply_packed(&from, &incoming)?;
                Ok::<_, BooksError>((outcomes, incoming))
            })?;
            // Here, where nobody waits for the writer.
            drop(done);
            let head = match self.me() {
                Writer::Hub => self.reader()?.head(peer)?,
                Writer::Store(_) => None,
            };
            Ok(Applied { outcomes, head })
        };
        apply().map_err(failed("take changes in"))
    }

    fn take_back(&self, order: &TakeBack) -> Result<(), ReplicaError> {
        let order = *order;
        self.write_alone(move |tx| tx.take_back(&order)).map_err(failed("take the history back"))
    }

    fn set_aside(&self, doc: &DocId, actor: Actor) -> Result<(), ReplicaError> {
        let doc = doc.clone();
        self.write_alone(move |tx| tx.set_document_aside(&doc, actor))
            .map_err(failed("set changes aside"))
    }

    fn quarantine(&self, peer: &Writer, item: &Quarantined) -> Result<(), ReplicaError> {
        let (peer, item) = (peer.clone(), item.clone());
        self.write(move |tx| tx.quarantine(&peer, &item)).map_err(failed("record a refusal"))
    }

    fn stock_after(&self, peer: &Writer, after: Cursor) -> Result<Option<StockPage>, ReplicaError> {
        self.reader()
            .and_then(|reader| reader.stock_after(peer, after))
            .map_err(failed("gather other stores' stock"))
    }

    fn learn_stock(&self, page: StockPage) -> Result<(), ReplicaError> {
        self.write(move |tx| tx.learn_stock(&page)).map_err(failed("keep other stores' stock"))
    }

    fn kept(&self, peer: &Writer, question: Question) -> Result<Kept, ReplicaError> {
        let read = || {
            let reader = self.sealed_reader()?;
            let store = match self.me() {
                Writer::Store(_) => self.identity().store,
                Writer::Hub => reader.scope(peer)?,
            };
            let since = question.since;
            let mut gathering = Gathering::new(question);
            if let Some(store) = store {
                reader.gather_kept(store, since, &mut gathering)?;
            }
            Ok(gathering.finish(reader.head(peer)?))
        };
        read().map_err(failed("read what is kept"))
    }

    fn carry_over(&self, peer: &Writer) -> Result<Option<Carryover>, ReplicaError> {
        self.reader().and_then(|reader| reader.carry_over(peer)).map_err(failed("add a history up"))
    }

    fn take_over(&self, carryover: &Carryover) -> Result<(), ReplicaError> {
        let carryover = carryover.clone();
        self.write_alone(move |tx| tx.take_over(&carryover))
            .map_err(failed("begin the books with what is carried over"))
    }
}

fn failed(operation: &'static str) -> impl FnOnce(BooksError) -> ReplicaError {
    move |error| ReplicaError::new(operation, error)
}

impl Books {
    /// Packs changes on the caller's thread: the writer's is the one that everyone waits for.
    fn pack(&self, changes: Vec<Admitted>) -> Result<Vec<Incoming>> {
        let reader = self.reader()?;
        let mut press = reader.press();
        changes.into_iter().map(|change| Incoming::pack(change, &mut press)).collect()
    }

    /// A view in which every fact that was durable when it was asked for is in a change.
    fn sealed_reader(&self) -> Result<Reader> {
        if self.commits().borrow().pending > 0 {
            self.write(|tx| tx.seal_pending().map(drop))?;
        }
        self.reader()
    }
}

/// The next change of one actor in one document, for merging in row order. Ordered so that the
/// greatest is the one with the smallest row.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Next {
    row: std::cmp::Reverse<i64>,
    doc: i64,
    actor: i64,
    seq: u64,
    last: u64,
}

/// An actor's changes in a document.
struct Tail {
    doc: i64,
    name: DocId,
    actor: Actor,
    /// The actor's number.
    number: i64,
    /// The number of its last change.
    last: u64,
    /// The row of its first change.
    first: Option<i64>,
}

impl Reader {
    fn last_row(&self) -> Result<Row> {
        Ok(Row(meta::last_rows(self.conn())?.any.cast_unsigned()))
    }

    /// The digest of each collection that is shared with a peer and holds something.
    fn overview(&self, peer: &Writer) -> Result<BTreeMap<Collection, Digest>> {
        let scope = self.scope(peer)?;
        let rows = sql::all(
            self.conn(),
            "list the collections",
            "SELECT name, digest FROM collection WHERE store IS NULL \
             UNION ALL SELECT name, digest FROM collection WHERE store = ?1",
            [scope],
            |row| Ok((row.get::<_, String>(0)?, Digest::from_bytes(row.get(1)?))),
        )?;
        let mut digests = BTreeMap::new();
        for (name, digest) in rows {
            if digest != Digest::EMPTY {
                digests.insert(parse_collection(&name)?, digest);
            }
        }
        Ok(digests)
    }

    /// On a store its present end, on the hub the peer's newest one.
    fn head(&self, peer: &Writer) -> Result<Option<Head>> {
        if let (Some(store), Some(number)) = (self.identity().me.store(), self.identity().store) {
            let epoch = meta::epoch(self.conn())?;
            let end = chain::end(self.conn(), StoreRef { name: store, number }, epoch, true)?;
            return Ok(Some(Head { epoch, seq: end.seq, link: end.link }));
        }
        let Some(store) = peer.store() else { return Ok(None) };
        let Some(number) = store_number(self.conn(), store)? else { return Ok(None) };
        match self.epochs(number)?.last() {
            Some(epoch) => self.head_of(store, *epoch),
            None => Ok(None),
        }
    }

    fn head_of(&self, store: &StoreId, epoch: Epoch) -> Result<Option<Head>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(None) };
        let mine = self.is_mine(number);
        let end = chain::end(self.conn(), StoreRef { name: store, number }, epoch, mine)?;
        Ok((end.seq > 0).then_some(Head { epoch, seq: end.seq, link: end.link }))
    }

    fn link_at(&self, store: &StoreId, id: FactId) -> Result<Option<ChainLink>> {
        let Some(number) = store_number(self.conn(), store)? else {
            return Ok((id.seq == 0).then(|| ChainLink::genesis(store, id.epoch)));
        };
        let name = StoreRef { name: store, number };
        chain::link_at(self.conn(), &mut self.press(), name, self.is_mine(number), id)
    }

    fn tips(&self, peer: &Writer, of: &BTreeSet<Collection>) -> Result<Tips> {
        let mut tips = Tips::new();
        for (doc, id) in self.shared_docs(peer, of)? {
            let held = sql::all(
                self.conn(),
                "list the tails of a document",
                "SELECT bytes, seq, hash FROM doc_tail JOIN actor ON actor.id = doc_tail.actor \
                 WHERE doc = ?1",
                [id],
                |row| {
                    let hash = ChangeHash::from_bytes(row.get(2)?);
                    let tip = Tip { seq: row.get(1)?, tag: Tag::of(&hash) };
                    Ok((Actor::from_bytes(row.get(0)?), tip))
                },
            )?;
            if !held.is_empty() {
                tips.insert(doc, held.into_iter().collect());
            }
        }
        Ok(tips)
    }

    /// The documents of these collections that are shared with a peer.
    fn shared_docs(&self, peer: &Writer, of: &BTreeSet<Collection>) -> Result<Vec<(DocId, i64)>> {
        let scope = self.scope(peer)?;
        let mut docs = Vec::new();
        for collection in of {
            let found = sql::all(
                self.conn(),
                "list the documents of a collection",
                "SELECT doc.name, doc.id FROM collection \
                 JOIN membership ON membership.collection = collection.id \
                 JOIN doc ON doc.id = membership.doc \
                 WHERE collection.name = ?1 \
                 AND (collection.store IS NULL OR collection.store = ?2)",
                params![collection.to_string(), scope],
                |row| Ok((row.get::<_, String>(0)?, row.get(1)?)),
            )?;
            for (name, id) in found {
                docs.push((parse_doc(&name)?, id));
            }
        }
        Ok(docs)
    }

    /// Where another change is held in the place of one of theirs.
    fn parted(&self, theirs: &Tips) -> Result<Vec<(DocId, Actor)>> {
        let mut parted = Vec::new();
        for (doc, tips) in theirs {
            for (actor, tip) in tips {
                let held = sql::first(
                    self.conn(),
                    "look up a change",
                    "SELECT hash FROM change \
                     WHERE doc = (SELECT id FROM doc WHERE name = ?1) \
                     AND actor = (SELECT id FROM actor WHERE bytes = ?2) AND seq = ?3",
                    params![doc.to_string(), actor.as_bytes(), tip.seq],
                    |row| row.get(0),
                )?
                .map(ChangeHash::from_bytes);
                if held.is_some_and(|hash| Tag::of(&hash) != tip.tag) {
                    parted.push((doc.clone(), *actor));
                }
            }
        }
        Ok(parted)
    }

    fn missing(
        &self,
        peer: &Writer,
        wanted: &Wanted,
        span: Span,
        max_bytes: usize,
    ) -> Result<Batch> {
        let mut docs = BTreeMap::new();
        let mut heap = BinaryHeap::new();
        let after = span.after.0.cast_signed();
        for Tail { doc, name, actor, number, last, first } in
            self.tails_after(peer, &wanted.collections, after)?
        {
            let theirs = wanted.theirs.get(&name);
            let held = theirs.and_then(|tips| tips.get(&actor)).map_or(0, |tip| tip.seq);
            heap.extend(match first.filter(|row| held == 0 && *row > after) {
                Some(row) => {
                    Some(Next { row: std::cmp::Reverse(row), doc, actor: number, seq: 1, last })
                }
                None => self.first_after(doc, number, (held + 1, last), after)?,
            });
            docs.insert(doc, name);
        }
        if span.after == Row::START {
            self.tell_of_dropped(wanted)?;
        }
        let mut filling = Filling::new(span, max_bytes);
        while let Some(next) = heap.pop() {
            if next.row.0 > span.until.0.cast_signed() || !filling.take(self, &docs, next.row.0)? {
                break;
            }
            if next.seq < next.last {
                let seq = next.seq + 1;
                if let Some(row) = self.row_of(next.doc, next.actor, seq)? {
                    heap.push(Next { row: std::cmp::Reverse(row), seq, ..next });
                }
            }
        }
        Ok(filling.batch)
    }

    /// What a hub lacks of books that were dropped here, nobody can send: it was restored from a backup that
    /// is older than any should be.
    fn tell_of_dropped(&self, wanted: &Wanted) -> Result<()> {
        for (doc, actor, tail) in crate::tx::drop::tails(self.conn())? {
            let doc = doc_id(self.conn(), doc)?;
            let Some(actor) = crate::documents::actor(self.conn(), actor)? else { continue };
            let asked = doc.collections().iter().any(|of| wanted.collections.contains(of));
            let theirs = wanted.theirs.get(&doc).and_then(|tips| tips.get(&actor));
            if asked && theirs.is_none_or(|tip| tip.seq < tail.seq) {
                tracing::error!(
                    %doc,
                    "the hub lacks a book that was dropped here: restore it from a newer backup"
                );
            }
        }
        Ok(())
    }

    /// The actors of the documents in these collections that have changes in rows after `after`.
    ///
    /// A peer that comes back asks for batch after batch, each time of all documents of three years:
    /// so they are sifted where they lie, by one statement a collection.
    fn tails_after(
        &self,
        peer: &Writer,
        of: &BTreeSet<Collection>,
        after: i64,
    ) -> Result<Vec<Tail>> {
        let scope = self.scope(peer)?;
        let mut tails = Vec::new();
        for collection in of {
            let found = sql::all(
                self.conn(),
                "list the tails of a collection",
                "SELECT doc.name, doc.id, actor.bytes, actor.id, doc_tail.seq, \
                 (SELECT row FROM change WHERE change.doc = doc.id \
                  AND change.actor = doc_tail.actor AND change.seq = 1) \
                 FROM collection CROSS JOIN membership ON membership.collection = collection.id \
                 CROSS JOIN doc ON doc.id = membership.doc \
                 CROSS JOIN doc_tail ON doc_tail.doc = doc.id \
                 CROSS JOIN actor ON actor.id = doc_tail.actor \
                 WHERE collection.name = ?1 \
                 AND (collection.store IS NULL OR collection.store = ?2) \
                 AND (SELECT row FROM change WHERE change.doc = doc.id \
                  AND change.actor = doc_tail.actor AND change.seq = doc_tail.seq) > ?3",
                params![collection.to_string(), scope, after],
                |row| {
                    let name: String = row.get(0)?;
                    let actor = Actor::from_bytes(row.get(2)?);
                    let rest = (row.get(1)?, row.get(3)?, row.get(4)?, row.get(5)?);
                    Ok((name, actor, rest))
                },
            )?;
            for (name, actor, (doc, number, last, first)) in found {
                tails.push(Tail { doc, name: parse_doc(&name)?, actor, number, last, first });
            }
        }
        Ok(tails)
    }

    /// The first change among an actor's `first..=last` that is in a row after `after`. An actor's
    /// rows ascend with its numbers, so the place is found by halving.
    fn first_after(
        &self,
        doc: i64,
        actor: i64,
        (first, last): (u64, u64),
        after: i64,
    ) -> Result<Option<Next>> {
        let (mut low, mut high) = (first, last);
        if low > high || self.row_of(doc, actor, high)?.is_none_or(|row| row <= after) {
            return Ok(None);
        }
        if self.row_of(doc, actor, low)?.is_some_and(|row| row > after) {
            high = low;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            match self.row_of(doc, actor, middle)? {
                Some(row) if row > after => high = middle,
                _ => low = middle + 1,
            }
        }
        let row = self.row_of(doc, actor, low)?;
        Ok(row.map(|row| Next { row: std::cmp::Reverse(row), doc, actor, seq: low, last }))
    }

    fn row_of(&self, doc: i64, actor: i64, seq: u64) -> Result<Option<i64>> {
        sql::first(
            self.conn(),
            "look up a change",
            "SELECT row FROM change WHERE doc = ?1 AND actor = ?2 AND seq = ?3",
            params![doc, actor, seq],
            |row| row.get(0),
        )
    }

    /// A hub never learns a store's books from anyone but that store, so for a store it looks at the
    /// shared documents alone: two thousand sessions would otherwise each read every store's sales.
    fn tail(&self, peer: &Writer, after: Row, max_bytes: usize) -> Result<Batch> {
        let until = self.last_row()?;
        let mut filling = Filling::new(Span { after, until }, max_bytes);
        let learned_from = match peer.store() {
            None => Some(crate::state::HUB),
            Some(store) => store_number(self.conn(), store)?,
        };
        let sql = match self.identity().me {
            Writer::Hub => {
                "SELECT row, doc FROM change \
                 WHERE row > ?1 AND shared = 1 AND (learned_from IS NULL OR learned_from <> ?2) \
                 AND EXISTS (SELECT 1 FROM membership \
                     JOIN collection ON collection.id = membership.collection \
                     WHERE membership.doc = change.doc \
                     AND (collection.store IS NULL OR collection.store = ?3)) \
                 ORDER BY row"
            }
            // All that a store holds, it shares with the hub.
            Writer::Store(_) => {
                "SELECT row, doc FROM change \
                 WHERE row > ?1 AND (learned_from IS NULL OR learned_from <> ?2) \
                 AND ?3 IS NOT NULL ORDER BY row"
            }
        };
        // A peer that was never heard of has taught us nothing.
        let learned_from = learned_from.unwrap_or(i64::MIN);
        let mut statement = self.conn().prepare_cached(sql).during("list what is new")?;
        let mut rows = statement
            .query(params![after.0.cast_signed(), learned_from, self.scope(peer)?])
            .during("list what is new")?;
        let mut docs = BTreeMap::new();
        while let Some(row) = rows.next().during("list what is new")? {
            let read = || Ok((row.get(0)?, row.get(1)?));
            let (row, doc): (i64, i64) = read().during("list what is new")?;
            if let std::collections::btree_map::Entry::Vacant(place) = docs.entry(doc) {
                place.insert(doc_id(self.conn(), doc)?);
            }
            if !filling.take(self, &docs, row)? {
                break;
            }
        }
        Ok(filling.batch)
    }
}

/// A batch being filled up to a number of bytes.
struct Filling {
    batch: Batch,
    until: Row,
    left: usize,
}

impl Filling {
    /// An empty batch. As long as nothing is left out, it reaches to the end of the span.
    fn new(span: Span, max_bytes: usize) -> Self {
        let last = span.until.max(span.after);
        let batch = Batch { changes: Vec::new(), last, more: More::No };
        Self { batch, until: span.after, left: max_bytes }
    }

    /// Takes the change of a row, unless it no longer fits: then the batch ends before it, and this
    /// is false.
    fn take(&mut self, reader: &Reader, docs: &BTreeMap<i64, DocId>, row: i64) -> Result<bool> {
        let damaged = |why: &str| BooksError::damaged(format!("change row {row}"), why);
        let change = reader.press().change(reader.conn(), row)?;
        let change = change.ok_or_else(|| damaged("it is missing"))?;
        let len = change.bytes.len();
        if len > self.left && !self.batch.changes.is_empty() {
            self.batch.more = More::Yes;
            self.batch.last = self.until;
            return Ok(false);
        }
        self.left = self.left.saturating_sub(len);
        self.until = Row(row.cast_unsigned());
        let doc = docs.get(&change.doc).ok_or_else(|| damaged("its document is unknown"))?;
        let actor = crate::documents::actor(reader.conn(), change.actor)?;
        self.batch.changes.push(Outgoing {
            doc: doc.clone(),
            actor: actor.ok_or_else(|| damaged("its actor is unknown"))?,
            seq: change.seq,
            bytes: change.bytes,
        });
        Ok(true)
    }
}

fn parse_doc(name: &str) -> Result<DocId> {
    name.parse().map_err(|source| BooksError::text("a document id", name, source))
}

fn parse_collection(name: &str) -> Result<Collection> {
    name.parse().map_err(|source| BooksError::text("a collection", name, source))
}
