//! What the writer keeps in memory between the database and its closures.

mod documents;
mod names;
mod overlay;
pub(crate) mod rows;
mod touched;
mod unjudged;

use std::collections::HashMap;

use ledger::chain::ChainLink;
use ledger::id::Epoch;
use ledger::measure::Measure;
use ledger::report::Part;
use ledger::time::BusinessDate;
use rusqlite::Connection;
use sync_proto::{Actor, Collection, Digest, DocId, DocTail, Writer};

pub(crate) use names::{Names, PlaceId, PlaceMeaning};
use overlay::Overlay;
pub(crate) use touched::Touched;
pub(crate) use unjudged::{News, Noted, Unjudged};

use crate::at_rest::Audience;
use crate::carried::Awaited;
use crate::error::{During, Result};
use crate::meta::{self, LastRows};

/// How many documents and actors are kept in memory before starting over.
const MAX_CACHED_DOCS: usize = 32 * 1024;

/// Measures of a day, in the order of [`Measure::ALL`].
pub(crate) const MEASURES: usize = Measure::ALL.len();

/// A quantity and its value: thousandths and ten-thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub(crate) quantity: i64,
    pub(crate) value: i64,
}

/// The key of what went one way on a day: store, date, SKU, and the number of the reason.
pub(crate) type DayFlowKey = (i64, i64, i64, i64);

/// What came in and what went out on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) inward: Amounts,
    pub(crate) outward: Amounts,
}

/// A store's day within one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) facts: i64,
    pub(crate) last_at: i64,
    pub(crate) measures: [i64; MEASURES],
}

impl Default for Day {
    fn default() -> Self {
        Self { facts: 0, last_at: i64::MIN, measures: [0; MEASURES] }
    }
}

/// What a unit cost when goods last came in, and the fact that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) cost: i64,
    pub(crate) epoch: u32,
    pub(crate) seq: u64,
}

/// The end of a store's history in one epoch: the last fact and the link after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainEnd {
    pub(crate) seq: u64,
    pub(crate) link: ChainLink,
}

/// A document's row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocRow {
    pub(crate) id: i64,
}

/// An actor's row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ActorRow {
    pub(crate) id: i64,
    pub(crate) frozen: Frozen,
}

/// Whether an actor's changes are still taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frozen {
    No,
    /// Its history forked; the reason is in the actor's row.
    Yes,
}

/// Whether something was added that may still be rolled back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Fresh {
    #[default]
    No,
    Yes,
}

/// The number of the hub where writers and peers are meant by number; stores count from one.
pub(crate) const HUB: i64 = 0;

/// How much is kept of a peer's refused changes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct QuarantineHeld {
    pub(crate) items: i64,
    pub(crate) bytes: i64,
}

/// The facts of this node that are in no change yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) facts: usize,
    pub(crate) bytes: usize,
    pub(crate) date: i64,
}

/// The writer's memory. Everything in it can be read from the database again.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) names: Names,
    docs: HashMap<DocId, DocRow>,
    collections: HashMap<Collection, i64>,
    actors: HashMap<Actor, ActorRow>,
    /// Whether a closure that may still fail has added a document, collection or actor.
    fresh: Fresh,
    pub(crate) balances: Overlay<(PlaceId, i64, i64), Amounts>,
    /// What is left of the sum of the facts that are awaited.
    pub(crate) carried: Overlay<(PlaceId, i64, i64), Amounts>,
    pub(crate) flows: Overlay<(PlaceId, i64, i64), Flow>,
    pub(crate) day_flows: Overlay<DayFlowKey, Part>,
    pub(crate) days: Overlay<(i64, i64, u32), Day>,
    pub(crate) costs: Overlay<(i64, i64), Option<Cost>>,
    /// On hand over all lots, at the store whose node this is. Never written: it follows from
    /// `balances`.
    pub(crate) on_hand: Overlay<i64, Amounts>,
    /// Never written: it follows from the runs and the pending facts.
    pub(crate) chain_ends: Overlay<(i64, u32), ChainEnd>,
    pub(crate) tails: Overlay<(i64, i64), Option<DocTail>>,
    pub(crate) digests: Overlay<i64, Digest>,
    pub(crate) pending: Option<Pending>,
    /// The last day that this node's store has closed, if it has closed any.
    pub(crate) closed_through: Option<Option<BusinessDate>>,
    /// The own facts that are still to come from the hub.
    awaited: Option<Awaited>,
    rows: Option<LastRows>,
    /// Whether anything is in quarantine. May say so when it no longer is.
    pub(crate) quarantined: Option<bool>,
    /// How much of each peer is in quarantine.
    pub(crate) quarantine_held: HashMap<i64, QuarantineHeld>,
    epoch: Option<Epoch>,
    /// Where what can be had may have changed since the hub last looked.
    pub(crate) touched: Touched,
    /// Where stock is still to be looked at for alerts.
    pub(crate) unjudged: Unjudged,
    /// The day of the last look that went over everything.
    pub(crate) judged_on: Option<BusinessDate>,
}

/// The scalars of [`State`], copied as a whole.
#[derive(Clone, Copy)]
struct Scalars {
    pending: Option<Pending>,
    rows: Option<LastRows>,
    epoch: Option<Epoch>,
}

/// A point to which a failing closure's changes are taken back.
pub(crate) struct Mark {
    balances: usize,
    carried: usize,
    flows: usize,
    day_flows: usize,
    days: usize,
    costs: usize,
    on_hand: usize,
    chain_ends: usize,
    tails: usize,
    digests: usize,
    scalars: Scalars,
}

impl State {
    /// Where things stand now.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            balances: self.balances.mark(),
            carried: self.carried.mark(),
            flows: self.flows.mark(),
            day_flows: self.day_flows.mark(),
            days: self.days.mark(),
            costs: self.costs.mark(),
            on_hand: self.on_hand.mark(),
            chain_ends: self.chain_ends.mark(),
            tails: self.tails.mark(),
            digests: self.digests.mark(),
            scalars: self.scalars(),
        }
    }

    /// A closure failed and its savepoint was rolled back: so is this.
    pub(crate) fn undo_to(&mut self, mark: &Mark) {
        self.balances.undo_to(mark.balances);
        self.carried.undo_to(mark.carried);
        self.flows.undo_to(mark.flows);
        self.day_flows.undo_to(mark.day_flows);
        self.days.undo_to(mark.days);
        self.costs.undo_to(mark.costs);
        self.on_hand.undo_to(mark.on_hand);
        self.chain_ends.undo_to(mark.chain_ends);
        self.tails.undo_to(mark.tails);
        self.digests.undo_to(mark.digests);
        let Scalars { pending, rows, epoch } = mark.scalars;
        (self.pending, self.rows, self.epoch) = (pending, rows, epoch);
        self.quarantine_held.clear();
        self.closed_through = None;
        self.awaited = None;
        self.names.forget_fresh();
        if self.fresh == Fresh::Yes {
            self.forget_documents();
        }
    }

    /// A closure succeeded: what it added can no longer be taken back alone.
    pub(crate) fn keep(&mut self) {
        self.names.keep_fresh();
        self.fresh = Fresh::No;
    }

    /// The commit succeeded.
    pub(crate) fn committed(&mut self) {
        self.balances.committed();
        self.carried.committed();
        self.flows.committed();
        self.day_flows.committed();
        self.days.committed();
        self.costs.committed();
        self.on_hand.committed();
        self.chain_ends.committed();
        self.tails.committed();
        self.digests.committed();
        if self.docs.len().max(self.actors.len()) > MAX_CACHED_DOCS {
            self.forget_documents();
        }
    }

    /// Writes every changed row. They stay marked until [`State::committed`], so writing twice does
    /// no harm.
    pub(crate) fn flush(&mut self, conn: &Connection) -> Result<()> {
        rows::write(conn, self).during("write the read model")
    }

    /// The epoch in which this node writes.
    pub(crate) fn epoch(&mut self, conn: &Connection) -> Result<Epoch> {
        if let Some(epoch) = self.epoch {
            return Ok(epoch);
        }
        let epoch = meta::epoch(conn)?;
        self.epoch = Some(epoch);
        Ok(epoch)
    }

    /// Starts writing in another epoch.
    pub(crate) fn set_epoch(&mut self, conn: &Connection, epoch: Epoch) -> Result<()> {
        meta::set_epoch(conn, epoch)?;
        self.epoch = Some(epoch);
        Ok(())
    }

    /// The own facts that are still to come from the hub.
    pub(crate) fn awaited(&mut self, conn: &Connection) -> Result<&mut Awaited> {
        if self.awaited.is_none() {
            self.awaited = Some(Awaited::read(conn)?);
        }
        Ok(self.awaited.get_or_insert_default())
    }

    /// The last rows given to changes.
    pub(crate) fn last_rows(&mut self, conn: &Connection) -> Result<LastRows> {
        if let Some(rows) = self.rows {
            return Ok(rows);
        }
        let rows = meta::last_rows(conn)?;
        self.rows = Some(rows);
        Ok(rows)
    }

    /// The next row for a change.
    pub(crate) fn next_row(&mut self, conn: &Connection, audience: Audience) -> Result<i64> {
        let mut rows = self.last_rows(conn)?;
        rows.any += 1;
        if audience == Audience::All {
            rows.shared = rows.any;
        }
        self.rows = Some(rows);
        Ok(rows.any)
    }

    /// The facts of this node that are in no change yet.
    pub(crate) fn pending(&mut self, conn: &Connection) -> Result<Pending> {
        if let Some(pending) = self.pending {
            return Ok(pending);
        }
        let pending = rows::pending(conn)?;
        self.pending = Some(pending);
        Ok(pending)
    }

    /// The row of a document, made if there is none.
    pub(crate) fn doc(&mut self, conn: &Connection, doc: &DocId) -> Result<DocRow> {
        if let Some(row) = self.docs.get(doc) {
            return Ok(*row);
        }
        let row = match documents::find_doc(conn, doc)? {
            Some(row) => row,
            None => {
                let store = match doc {
                    DocId::Book { store, .. } => Some(self.names.store(conn, store)?),
                    _ => None,
                };
                self.fresh = Fresh::Yes;
                let row = documents::add_doc(conn, doc, store)?;
                for collection in doc.collections() {
                    let collection = self.collection(conn, &collection)?;
                    documents::add_member(conn, collection, row)?;
                }
                row
            }
        };
        self.docs.insert(doc.clone(), row);
        Ok(row)
    }

    fn collection(&mut self, conn: &Connection, collection: &Collection) -> Result<i64> {
        if let Some(id) = self.collections.get(collection) {
            return Ok(*id);
        }
        let id = match documents::find_collection(conn, collection)? {
            Some(id) => id,
            None => {
                let store = collection.store();
                let store = store.map(|store| self.names.store(conn, store)).transpose()?;
                self.fresh = Fresh::Yes;
                documents::add_collection(conn, collection, store)?
            }
        };
        self.collections.insert(collection.clone(), id);
        Ok(id)
    }

    /// The row of an actor, made if there is none.
    pub(crate) fn actor(
        &mut self,
        conn: &Connection,
        actor: &Actor,
        writer: &Writer,
        epoch: Epoch,
    ) -> Result<ActorRow> {
        if let Some(row) = self.actors.get(actor) {
            return Ok(*row);
        }
        let row = match documents::find_actor(conn, actor)? {
            Some(row) => row,
            None => {
                let writer = self.writer(conn, writer)?;
                self.fresh = Fresh::Yes;
                documents::add_actor(conn, actor, writer, epoch)?
            }
        };
        self.actors.insert(*actor, row);
        Ok(row)
    }

    /// Takes no more changes of an actor whose history has forked.
    pub(crate) fn freeze(&mut self, conn: &Connection, actor: &Actor, why: &str) -> Result<()> {
        self.fresh = Fresh::Yes;
        self.actors.remove(actor);
        documents::freeze_actor(conn, actor, why)
    }

    /// The number of a writer: 0 is the hub.
    pub(crate) fn writer(&mut self, conn: &Connection, writer: &Writer) -> Result<i64> {
        writer.store().map_or(Ok(HUB), |store| self.names.store(conn, store))
    }

    /// An actor's last change in a document.
    pub(crate) fn tail(
        &mut self,
        conn: &Connection,
        doc: i64,
        actor: i64,
    ) -> Result<Option<DocTail>> {
        self.tails.get_or((doc, actor), || documents::tail(conn, doc, actor))
    }

    /// Moves an actor's last change in a document on, and the digests of its collections with it.
    pub(crate) fn advance(
        &mut self,
        conn: &Connection,
        doc: (&DocId, DocRow),
        actor: (&Actor, ActorRow),
        tail: DocTail,
    ) -> Result<()> {
        let ((doc_id, doc), (actor_id, actor)) = (doc, actor);
        let old = self.tail(conn, doc.id, actor.id)?;
        for collection in doc_id.collections() {
            let collection = self.collection(conn, &collection)?;
            let read = || documents::collection_digest(conn, collection);
            let mut digest = self.digests.get_or(collection, read)?;
            if let Some(old) = &old {
                digest -= Digest::of(doc_id, actor_id, old.seq, &old.hash);
            }
            digest += Digest::of(doc_id, actor_id, tail.seq, &tail.hash);
            self.digests.set(collection, digest);
        }
        self.tails.set((doc.id, actor.id), Some(tail));
        Ok(())
    }

    fn forget_documents(&mut self) {
        self.docs.clear();
        self.collections.clear();
        self.actors.clear();
    }

    fn scalars(&self) -> Scalars {
        Scalars { pending: self.pending, rows: self.rows, epoch: self.epoch }
    }
}
