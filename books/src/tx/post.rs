//! A node's own facts: what posting needs to know, and making a fact durable.

use std::collections::BTreeMap;

use ledger::amount::{Money, Quantity};
use ledger::cost::Position;
use ledger::fact::Fact;
use ledger::id::{BillNo, Epoch, FactId, RequestId, Sku};
use ledger::time::BusinessDate;
use rusqlite::params;
use sync_proto::limits::{MAX_FACTS_PER_CHANGE, MAX_SEALED_TEXT};

use super::Tx;
use crate::carried::{NotHere, not_here};
use crate::chain;
use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::{self, FactLink, StoreRef, StoredFact};
use crate::project::{Booking, DayRows, Owner, on_hand, project};
use crate::sql;
use crate::state::{ChainEnd, Pending, rows};

impl Tx<'_> {
    /// What the node's store has on hand of a SKU; an empty position for one never seen.
    pub fn position(&mut self, sku: &Sku) -> Result<Position> {
        let (_, store) = self.my_store()?;
        let number = self.state.names.sku(self.conn, sku)?;
        let held = on_hand(self.state, self.conn, store, number)?;
        let key = (store, number);
        let cost = self.state.costs.get_or(key, || rows::cost(self.conn, store, number))?;
        let wrong = |_| BooksError::damaged(format!("the stock of {sku}"), "it is out of range");
        Ok(Position {
            quantity: Quantity::from_thousandths(held.quantity).map_err(wrong)?,
            value: Money::from_ten_thousandths(held.value).map_err(wrong)?,
            last_cost: cost
                .map(|cost| Money::from_ten_thousandths(cost.cost))
                .transpose()
                .map_err(wrong)?,
        })
    }

    /// The positions of several SKUs, as [`post`](ledger::post::post) takes them.
    pub fn positions<'s>(
        &mut self,
        skus: impl IntoIterator<Item = &'s Sku>,
    ) -> Result<BTreeMap<Sku, Position>> {
        skus.into_iter().map(|sku| Ok((sku.clone(), self.position(sku)?))).collect()
    }

    /// The name that the next own fact must bear.
    pub fn next_fact_id(&mut self) -> Result<FactId> {
        let epoch = self.epoch()?;
        let (_, store) = self.my_store()?;
        let name = self.my_store()?.0.clone();
        let end = self.chain_end(StoreRef { name: &name, number: store }, epoch)?;
        Ok(FactId { epoch, seq: end.seq + 1 })
    }

    /// The last of the own facts that are held; none before the first.
    pub fn last_fact_id(&mut self) -> Result<Option<FactId>> {
        let next = self.next_fact_id()?;
        if next.seq > 1 {
            return Ok(Some(FactId { seq: next.seq - 1, ..next }));
        }
        let (name, number) = self.my_store()?;
        let store = StoreRef { name, number };
        let Some(epoch) = chain::epochs(self.conn, number, true)?.pop() else { return Ok(None) };
        let ChainEnd { seq, .. } = chain::end(self.conn, store, epoch, true)?;
        Ok(Some(FactId { epoch, seq }))
    }

    /// The number on paper for the next own fact of a day: store, series of the epoch, day, count.
    pub fn next_bill(&mut self, date: BusinessDate) -> Result<BillNo> {
        let epoch = self.epoch()?;
        let (name, store) = self.my_store()?;
        let name = name.clone();
        let key = (store, dates::number(date), epoch.number());
        let day = self.state.days.get_or(key, || rows::day(self.conn, key))?;
        let text = format!("{name}-{}-{}-{:05}", epoch.series(), date.compact(), day.facts + 1);
        BillNo::new(&text).map_err(|source| BooksError::text("a bill number", &text, source))
    }

    /// The fact that answers a client's request, if it was booked already.
    pub fn request(&mut self, request: &RequestId) -> Result<Option<FactId>> {
        facts::request(self.conn, request)
    }

    /// One of the node's own facts.
    pub fn fact(&mut self, id: FactId) -> Result<Option<StoredFact>> {
        let (_, store) = self.my_store()?;
        facts::find(self.conn, self.press, store, true, id)
    }

    /// One of the node's own facts, by its number on paper.
    pub fn fact_by_bill(&mut self, bill: &BillNo) -> Result<Option<StoredFact>> {
        facts::find_by_bill(self.conn, self.press, self.identity.store, bill)
    }

    /// The returns and reversals that name one of the node's own facts as their source.
    ///
    /// While facts after it are still to come from the hub, nobody can tell.
    pub fn corrections(&mut self, of: FactId) -> Result<Vec<FactLink>> {
        let (_, store) = self.my_store()?;
        if self.state.awaited(self.conn)?.reaches_beyond(of) {
            return Err(not_here(format!("what was done to fact {of}"), NotHere::Awaited));
        }
        facts::corrections(self.conn, store, of)
    }

    /// Makes the node's next fact durable, with the text that is kept and sent.
    ///
    /// `text` must be the fact's own ([`json::to_text`](ledger::json::to_text)); its id must be
    /// [`Tx::next_fact_id`].
    pub fn append_fact(&mut self, fact: &Fact, text: &str) -> Result<()> {
        let (me, store) = self.my_store()?;
        if fact.store != *me {
            let (given, me) = (fact.store.clone(), self.me().to_string());
            return Err(BooksError::NotMine { given, me });
        }
        let expected = self.next_fact_id()?;
        if fact.id != expected {
            return Err(BooksError::NotNext { given: fact.id, expected });
        }
        let date = dates::number(fact.date);
        self.make_room(date, text.len())?;

        // The end before this fact, read before the fact is among the pending ones.
        let before =
            self.chain_end(StoreRef { name: &fact.store, number: store }, fact.id.epoch)?;
        sql::run(
            self.conn,
            "store a fact",
            "INSERT INTO pending_fact (seq, epoch, date, at, text) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                fact.id.seq.cast_signed(),
                fact.id.epoch.number(),
                date,
                fact.at.millis(),
                text
            ],
        )?;
        let epoch = fact.id.epoch.number();
        let booking = Booking {
            store: &fact.store,
            number: store,
            date,
            epoch,
            owner: Owner::Me,
            carried: &[],
            day: DayRows::Moved,
        };
        project(self.state, self.conn, booking, [fact])?;
        let end = ChainEnd { seq: fact.id.seq, link: before.link.then(text) };
        self.state.chain_ends.set((store, epoch), end);
        let pending = self.state.pending(self.conn)?;
        self.state.pending =
            Some(Pending { facts: pending.facts + 1, bytes: pending.bytes + text.len(), date });
        Ok(())
    }

    /// Seals what is pending when another fact of this day and length would not fit beside it in
    /// one change, so that the pending facts always make at most one.
    fn make_room(&mut self, date: i64, len: usize) -> Result<()> {
        let pending = self.state.pending(self.conn)?;
        let full = pending.facts >= MAX_FACTS_PER_CHANGE || pending.bytes + len > MAX_SEALED_TEXT;
        if pending.facts > 0 && (full || pending.date != date) {
            self.seal_pending()?;
        }
        Ok(())
    }

    /// The end of a store's history in an epoch.
    pub(crate) fn chain_end(&mut self, store: StoreRef<'_>, epoch: Epoch) -> Result<ChainEnd> {
        let mine = self.identity.store == Some(store.number);
        let read = || chain::end(self.conn, store, epoch, mine);
        self.state.chain_ends.get_or((store.number, epoch.number()), read)
    }
}
