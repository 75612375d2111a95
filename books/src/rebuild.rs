//! Building the read model anew from the changes and the pending facts.
//!
//! Each stored change passes admission again, as if it came from its author today, and then goes the
//! way of every received change. So a rebuilt model differs from the kept one only where the kept one
//! is wrong: `verify` rests on that.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ledger::id::StoreId;
use rusqlite::Connection;
use sync_proto::catalog::Catalog;
use sync_proto::party::Parties;
use sync_proto::profile::Profiles;
use sync_proto::{Admission, Admitted, AdmittedFact, Content, DocId, WireChange, Writer};

use crate::at_rest::{Press, StoredChange};
use crate::books::{Books, Identity};
use crate::carried::{self, OF_CARRIED};
use crate::chain::{self, Place, Run};
use crate::dates;
use crate::documents;
use crate::error::{BooksError, During, Result};
use crate::facts::{self, StoreRef, StoredFact};
use crate::project::{Booking, DayRows, Owner, project};
use crate::sql;
use crate::state::{ActorRow, ChainEnd, Frozen, State};
use crate::tx::{Tx, drop, events_of, run_of};

/// How far a rebuild or a check has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Changes done.
    pub done: u64,
    /// Changes in all.
    pub total: u64,
}

/// What was built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Changes read.
    pub changes: u64,
    /// Facts in them, and pending ones.
    pub facts: u64,
}

/// After this many changes the rows so far are written, which bounds what is kept in memory.
const FLUSH_EVERY: u64 = 64;

/// Everything that is built here, and nothing else. Each with those of its rows, as `t`, that no change can
/// make again, because the facts behind them are not here: they stay.
const READ_MODEL: [(&str, &str); 37] = [
    ("alert_ack", OF_CARRIED),
    ("balance", NONE),
    ("bin_entry", OF_CARRIED),
    ("bin_home", OF_CARRIED),
    ("catalog_conflict", NONE),
    ("cost", NONE),
    ("day", OF_DROPPED_DAYS),
    ("day_balance", OF_DROPPED_DAYS),
    ("day_close", OF_CARRIED),
    ("day_flow", OF_DROPPED_DAYS),
    ("delivery", OF_CARRIED),
    ("doc_tail", NONE),
    ("fact_link", OF_CARRIED),
    ("lot_expiry", OF_CARRIED),
    ("offer_field", NONE),
    ("price_entry", NONE),
    ("product", NONE),
    ("product_code", NONE),
    ("purchase_line", NONE),
    ("purchase_open", NONE),
    ("purchase_receipt", NONE),
    ("product_proposal", NONE),
    ("promotion_field", NONE),
    ("product_verdict", NONE),
    ("request", OF_CARRIED),
    ("serial_entry", OF_CARRIED),
    ("shift_fact", OF_CARRIED),
    ("stock_bounds", NONE),
    ("store_profile", NONE),
    ("supplier_entry", OF_CARRIED),
    ("supplier_field", NONE),
    ("supplier_goods", OF_CARRIED),
    ("transfer_line", NONE),
    ("transfer_open", NONE),
    ("value_entry", OF_CARRIED),
    ("value_letter", NONE),
    // Last, because the ones before ask it which facts are not here.
    ("run", "t.change = 0"),
];

const NONE: &str = "0";

/// Days are dropped from the oldest on; their numbers sort as they do.
const OF_DROPPED_DAYS: &str = "t.date <= (SELECT CAST(replace(value, '-', '') AS INTEGER) FROM meta \
     WHERE key = 'dropped_through')";

impl Books {
    /// Throws the read model away and builds it again from the changes, in one transaction: after an
    /// error everything is as it was. Writes wait meanwhile.
    pub fn rebuild(&self, progress: impl FnMut(Progress) + Send + 'static) -> Result<Rebuilt> {
        let mut progress = progress;
        self.write_alone(move |tx| in_place(tx, &mut progress))
    }
}

/// Builds the read model of `tx` again. Needs the transaction for itself.
pub(crate) fn in_place(tx: &mut Tx<'_>, progress: &mut dyn FnMut(Progress)) -> Result<Rebuilt> {
    for (table, stays) in READ_MODEL {
        let delete = format!("DELETE FROM {table} AS t WHERE ({stays}) IS NOT TRUE");
        tx.conn.execute(&delete, []).during("drop the read model")?;
    }
    tx.conn
        .execute("UPDATE collection SET digest = zeroblob(16)", [])
        .during("drop the read model")?;
    *tx.state = State::default();
    if let Some(store) = tx.identity.store {
        carried::seed(tx.conn, store)?;
    }
    let mut press = Press::new()?;
    let source = Source { conn: tx.conn, press: &mut press };
    let built = build(source, tx, progress, &mut |problem| Err(problem))?;
    // Nothing else in this transaction; what the memory says is what the tables will say.
    *tx.state = State::default();
    Ok(built)
}

/// Copies the rows that no change can make again into the empty tables of another file.
pub(crate) fn keep_what_stays(
    from: &Connection,
    to: &Connection,
    store: Option<i64>,
) -> Result<()> {
    let copied = || -> rusqlite::Result<()> {
        for (table, stays) in READ_MODEL.iter().filter(|(_, stays)| *stays != NONE) {
            copy(from, to, &format!("SELECT * FROM {table} AS t WHERE ({stays}) IS TRUE"), table)?;
        }
        copy(from, to, carried::BALANCES, "balance")?;
        let Some(store) = store else { return Ok(()) };
        let costs = format!("SELECT {store}, sku, cost, epoch, seq FROM carried_cost");
        copy(from, to, &costs, "cost")
    };
    copied().during("copy what is carried")
}

fn copy(from: &Connection, to: &Connection, read: &str, table: &str) -> rusqlite::Result<()> {
    let mut statement = from.prepare(read)?;
    let columns = statement.column_count();
    let places: Vec<String> = (1..=columns).map(|at| format!("?{at}")).collect();
    let mut insert = to.prepare(&format!("INSERT INTO {table} VALUES ({})", places.join(", ")))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let values: rusqlite::Result<Vec<rusqlite::types::Value>> =
            (0..columns).map(|column| row.get(column)).collect();
        insert.execute(rusqlite::params_from_iter(values?))?;
    }
    Ok(())
}

/// Where changes are read from.
pub(crate) struct Source<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) press: &'a mut Press,
}

/// Builds a read model in `target`, whose tables are empty, from the changes in `source`. What is
/// wrong with a change goes to `problem`, which may end the building or let it go on without.
pub(crate) fn build(
    mut source: Source<'_>,
    target: &mut Tx<'_>,
    progress: &mut dyn FnMut(Progress),
    problem: &mut dyn FnMut(BooksError) -> Result<()>,
) -> Result<Rebuilt> {
    let total = count(source.conn)?;
    let dropped_through = carried::dropped_through(source.conn)?.map(dates::number);
    let mut builder = Builder { dropped_through, ..Builder::default() };
    builder.dropped_tails(&source, target)?;
    let mut last = 0;
    while let Some(row) = next_row(source.conn, last)? {
        last = row;
        let done = builder.change(&mut source, target, row);
        if let Err(error) = done {
            problem(error)?;
        }
        builder.built.changes += 1;
        if builder.built.changes.is_multiple_of(FLUSH_EVERY) {
            target.state.flush(target.conn)?;
            target.state.committed();
            progress(Progress { done: builder.built.changes, total });
        }
    }
    for (row, why) in builder.link_the_late(&mut source, target)? {
        problem(BooksError::damaged(format!("change row {row}"), why))?;
    }
    if let Err(error) = builder.pending(&source, target) {
        problem(error)?;
    }
    for bucket in std::mem::take(&mut builder.buckets) {
        if let Err(error) = show_bucket(&mut source, target, bucket) {
            problem(error)?;
        }
    }
    for bucket in std::mem::take(&mut builder.parties) {
        if let Err(error) = show_parties(&mut source, target, bucket) {
            problem(error)?;
        }
    }
    for doc in std::mem::take(&mut builder.orders) {
        if let Err(error) = show_order(&mut source, target, &doc) {
            problem(error)?;
        }
    }
    target.state.flush(target.conn)?;
    progress(Progress { done: builder.built.changes, total });
    Ok(builder.built)
}

#[derive(Default)]
struct Builder {
    built: Rebuilt,
    /// The last day whose rows were kept when its book was dropped.
    dropped_through: Option<i64>,
    ends: HashMap<(i64, u32), ChainEnd>,
    /// Changes whose facts follow ones that were learned after them, and what was missing.
    late: BTreeMap<i64, String>,
    buckets: BTreeSet<u8>,
    parties: BTreeSet<u8>,
    orders: BTreeSet<DocId>,
}

impl Builder {
    fn change(&mut self, source: &mut Source<'_>, target: &mut Tx<'_>, row: i64) -> Result<()> {
        let admitted = read(source, target.identity, row)?;
        self.advance(target, &admitted)?;
        match (&admitted.doc, &admitted.content) {
            (DocId::Book { .. }, Content::Facts(facts)) => {
                if let Some(why) = self.book(target, &admitted, facts, row)? {
                    self.late.insert(row, why);
                }
            }
            (DocId::Catalog { bucket }, _) => {
                self.buckets.insert(*bucket);
            }
            (DocId::Party { bucket }, _) => {
                self.parties.insert(*bucket);
            }
            (DocId::Order { .. }, _) => {
                self.orders.insert(admitted.doc);
            }
            _ => {}
        }
        Ok(())
    }

    /// Moves the document's tail on, after checking that no change is missing before this one.
    fn advance(&self, target: &mut Tx<'_>, change: &Admitted) -> Result<()> {
        let doc = target.state.doc(target.conn, &change.doc)?;
        let actor = target.state.actor(target.conn, &change.actor, &change.writer, change.epoch)?;
        let tail = target.state.tail(target.conn, doc.id, actor.id)?;
        change.follows(tail.as_ref()).map_err(|reason| {
            BooksError::damaged(
                format!("change {} of actor {} in {}", change.seq, change.actor, change.doc),
                reason.to_string(),
            )
        })?;
        let (docs, actors) = ((&change.doc, doc), (&change.actor, actor));
        target.state.advance(target.conn, docs, actors, change.tail())
    }

    /// Begins each book that was dropped with its last change, so that its digest speaks for it.
    fn dropped_tails(&self, source: &Source<'_>, target: &mut Tx<'_>) -> Result<()> {
        for (doc, actor, tail) in drop::tails(source.conn)? {
            let doc_id = facts::doc_id(source.conn, doc)?;
            let damaged = || BooksError::damaged(format!("actor {actor}"), "it is missing");
            let actor_id = documents::actor(source.conn, actor)?.ok_or_else(damaged)?;
            let doc = target.state.doc(target.conn, &doc_id)?;
            let actor = ActorRow { id: actor, frozen: Frozen::No };
            target.state.advance(target.conn, (&doc_id, doc), (&actor_id, actor), tail)?;
        }
        Ok(())
    }

    /// Whether a day's rows are here already.
    fn day_rows(&self, owner: Owner, date: i64) -> DayRows {
        let kept = owner == Owner::Me && self.dropped_through.is_some_and(|last| date <= last);
        if kept { DayRows::Kept } else { DayRows::Moved }
    }

    /// Books a change's facts; what is missing if they cannot be linked yet.
    fn book(
        &mut self,
        target: &mut Tx<'_>,
        change: &Admitted,
        facts: &[AdmittedFact],
        row: i64,
    ) -> Result<Option<String>> {
        let DocId::Book { store, date } = &change.doc else { return Ok(None) };
        let number = target.state.names.store(target.conn, store)?;
        let name = StoreRef { name: store, number };
        let damaged = |why: String| BooksError::damaged(format!("change row {row}"), why);
        let (first, last) =
            run_of(facts).ok_or_else(|| damaged("its facts are not consecutive".to_owned()))?;
        let key = (number, change.epoch.number());
        let end = match self.ends.get(&key) {
            Some(end) => *end,
            None => chain::end(target.conn, name, change.epoch, false)?,
        };
        let base = match chain::place(target.conn, name, change.epoch, end, (first, last))? {
            Place::AtEnd(base) | Place::InHole(base) => base,
            Place::Taken(why) => return Err(damaged(why)),
            Place::Early(why) => return Ok(Some(why)),
        };
        let link = facts.iter().fold(base, |link, fact| link.then(&fact.text));
        let (owner, date) = (owner(target.identity, number), dates::number(*date));
        let epoch = change.epoch.number();
        let day = self.day_rows(owner, date);
        let booking = Booking { store, number, date, epoch, owner, carried: &[], day };
        project(target.state, target.conn, booking, facts.iter().map(|fact| &fact.fact))?;
        let run = Run { store: number, epoch: change.epoch.number(), first, last };
        chain::insert_run(target.conn, run, row, &link)?;
        if last > end.seq {
            self.ends.insert(key, ChainEnd { seq: last, link });
        }
        self.built.facts += facts.len() as u64;
        Ok(None)
    }

    /// Books the changes that had to wait for others. Gives those that wait in vain.
    fn link_the_late(
        &mut self,
        source: &mut Source<'_>,
        target: &mut Tx<'_>,
    ) -> Result<BTreeMap<i64, String>> {
        loop {
            let waiting = std::mem::take(&mut self.late);
            let before = waiting.len();
            for row in waiting.into_keys() {
                let admitted = read(source, target.identity, row)?;
                if let Content::Facts(facts) = &admitted.content
                    && let Some(why) = self.book(target, &admitted, facts, row)?
                {
                    self.late.insert(row, why);
                }
            }
            if self.late.is_empty() || self.late.len() == before {
                return Ok(std::mem::take(&mut self.late));
            }
        }
    }

    /// Books the facts that are in no change yet.
    fn pending(&mut self, source: &Source<'_>, target: &mut Tx<'_>) -> Result<()> {
        let pending = facts::pending(source.conn)?;
        let Some((store, number)) = target.identity.me.store().zip(target.identity.store) else {
            return Ok(());
        };
        for (id, text) in pending {
            let fact = StoredFact::read(text)?.fact;
            let end = match self.ends.get(&(number, id.epoch.number())) {
                Some(end) => *end,
                None => chain::end(target.conn, StoreRef { name: store, number }, id.epoch, false)?,
            };
            if fact.id != id || id.seq != end.seq + 1 {
                let why = format!("it does not follow fact {}", end.seq);
                return Err(BooksError::damaged(format!("pending fact {id}"), why));
            }
            let (owner, date) = (owner(target.identity, number), dates::number(fact.date));
            let (epoch, day) = (id.epoch.number(), self.day_rows(owner, date));
            let booking = Booking { store, number, date, epoch, owner, carried: &[], day };
            project(target.state, target.conn, booking, [&fact])?;
            self.ends.insert((number, id.epoch.number()), ChainEnd { seq: id.seq, ..end });
            self.built.facts += 1;
        }
        Ok(())
    }
}

fn owner(identity: &Identity, store: i64) -> Owner {
    if identity.store == Some(store) { Owner::Me } else { Owner::Other }
}

/// Reads a stored change through admission, and checks that its row says the same of it.
pub(crate) fn read(source: &mut Source<'_>, identity: &Identity, row: i64) -> Result<Admitted> {
    let damaged = |why: String| BooksError::damaged(format!("change row {row}"), why);
    let stored = source.press.change(source.conn, row)?;
    let StoredChange { doc, actor, seq, hash, bytes } =
        stored.ok_or_else(|| damaged("it is missing".to_owned()))?;
    let doc = facts::doc_id(source.conn, doc)?;
    let admitted = admission(identity, &doc)?
        .admit(WireChange { doc, bytes })
        .map_err(|refusal| damaged(refusal.reason.to_string()))?;
    let known = documents::actor(source.conn, actor)?;
    if (known, seq, hash) != (Some(admitted.actor), admitted.seq, admitted.hash) {
        return Err(damaged("it is not the change that its row names".to_owned()));
    }
    Ok(admitted)
}

/// The door through which a document's changes come, whoever made them.
fn admission(identity: &Identity, doc: &DocId) -> Result<Admission> {
    let chain = identity.chain.clone();
    Ok(match doc {
        DocId::Book { store, .. } => {
            Admission::new(chain, Writer::Hub, Writer::Store(store.clone()))
        }
        // Seen from a store that shares it, any author's part of a document may come from the hub.
        _ => {
            let party = match doc {
                DocId::Order { id, .. } => id.parties().into_iter().next(),
                _ => None,
            };
            let seen_from = identity.me.store().cloned().or(party).map_or_else(any_store, Ok)?;
            Admission::new(chain, Writer::Store(seen_from), Writer::Hub)
        }
    })
}

/// A store of which nothing is asked but not to be the hub.
fn any_store() -> Result<StoreId> {
    StoreId::new("any").map_err(|source| BooksError::text("a store id", "any", source))
}

fn show_bucket(source: &mut Source<'_>, target: &mut Tx<'_>, bucket: u8) -> Result<()> {
    let doc = DocId::Catalog { bucket };
    let held = documents::bytes(source.conn, source.press, &doc)?;
    let catalog = Catalog::load(bucket, held.iter().map(Vec::as_slice))
        .map_err(|error| BooksError::document("read", doc.to_string(), error))?;
    target.show_catalog(bucket, &catalog)
}

fn show_parties(source: &mut Source<'_>, target: &mut Tx<'_>, bucket: u8) -> Result<()> {
    let doc = DocId::Party { bucket };
    let held = documents::bytes(source.conn, source.press, &doc)?;
    let held = || held.iter().map(Vec::as_slice);
    let parties = Parties::load(bucket, held())
        .map_err(|error| BooksError::document("read", doc.to_string(), error))?;
    let profiles = Profiles::load(bucket, held())
        .map_err(|error| BooksError::document("read", doc.to_string(), error))?;
    target.show_parties(bucket, &parties)?;
    target.show_profiles(bucket, &profiles)
}

fn show_order(source: &mut Source<'_>, target: &mut Tx<'_>, doc: &DocId) -> Result<()> {
    let held = documents::bytes(source.conn, source.press, doc)?;
    let events = events_of(doc, &held)
        .map_err(|error| BooksError::document("read", doc.to_string(), error))?;
    target.show_order(doc, &events)
}

fn count(conn: &Connection) -> Result<u64> {
    conn.query_row("SELECT count(*) FROM change", [], |row| row.get(0)).during("count the changes")
}

fn next_row(conn: &Connection, after: i64) -> Result<Option<i64>> {
    sql::one(
        conn,
        "find the next change",
        "SELECT min(row) FROM change WHERE row > ?1",
        [after],
        |row| row.get(0),
    )
}
