//! What the node's store still has to say of transfers and purchases, once its history has parted from the hub's and
//! the two are in step again: see [`ledger::transfer::unsaid`].
//!
//! Whatever can make facts and entries part leaves a mark in the books; it goes when all is said.

mod purchases;

use std::collections::{BTreeMap, BTreeSet};

use ledger::fact::{Body, Fact};
use ledger::id::{FactId, PurchaseId, TransferId};
use ledger::purchase;
use ledger::time::Timestamp;
use ledger::transfer::{Entry, Event, Step, unsaid};

use crate::error::{BooksError, Result};
use crate::facts::StoreRef;
use crate::transfer::party;
use crate::{Books, PurchaseFilter, Tx, meta, sql};

/// Orders that share a transaction: tills wait for it, and an order takes a millisecond to read.
const ORDERS_AT_ONCE: usize = 16;

impl Books {
    /// Lets the entries of the store's transfers and purchases tell what its books hold: says what is missing and
    /// takes back what has no fact any more. Nothing, unless its history was begun anew or
    /// something was set aside since it was last done. To be called when the books are in step with the
    /// hub, which may still bring the facts before. Gives how many entries were added.
    pub fn tell_unsaid(&self, at: Timestamp) -> Result<usize> {
        let Some(store) = self.me().store().cloned() else { return Ok(0) };
        let reader = self.reader()?;
        let Some(mark) = meta::get(reader.conn(), meta::UNSAID)? else { return Ok(0) };
        let transfers = reader.transfers()?.into_iter().map(|id| (id, Vec::new()));
        let mut transfers: BTreeMap<TransferId, Vec<FactId>> = transfers.collect();
        let purchases = reader.purchases_of(&PurchaseFilter::default())?;
        let mut purchases: BTreeMap<PurchaseId, Vec<FactId>> =
            purchases.into_iter().map(|id| (id, Vec::new())).collect();
        reader.each_fact(&store, |stored| {
            if let Some((purchase, _)) = purchase::Step::of_fact(&stored.fact) {
                purchases.entry(purchase.clone()).or_default().push(stored.fact.id);
            }
            if let Body::Transfer(booked) = stored.fact.body {
                transfers.entry(booked.transfer).or_default().push(stored.fact.id);
            }
            Ok::<_, BooksError>(())
        })?;
        let transfers: Vec<_> = transfers.into_iter().collect();
        let mut told = 0;
        for some in transfers.chunks(ORDERS_AT_ONCE) {
            let some = some.to_vec();
            told += self.write(move |tx| {
                let tell = |(id, facts): &(_, Vec<_>)| tx.tell_unsaid(id, facts, at);
                some.iter().map(tell).sum::<Result<usize>>()
            })?;
        }
        let purchases: Vec<_> = purchases.into_iter().collect();
        for some in purchases.chunks(ORDERS_AT_ONCE) {
            let some = some.to_vec();
            told += self.write(move |tx| {
                let tell = |(id, facts): &(_, Vec<_>)| tx.tell_unsaid_purchase(id, facts, at);
                some.iter().map(tell).sum::<Result<usize>>()
            })?;
        }
        self.write(move |tx| {
            if meta::get(tx.conn, meta::UNSAID)? == Some(mark) {
                meta::remove(tx.conn, meta::UNSAID)?;
            }
            Ok::<_, BooksError>(told)
        })
    }
}

impl Tx<'_> {
    /// Marks that facts and what was told of them may have parted.
    pub(crate) fn mark_unsaid(&mut self) -> Result<()> {
        if self.me().store().is_none() {
            return Ok(());
        }
        let marked = meta::get(self.conn, meta::UNSAID)?.and_then(|mark| mark.parse().ok());
        meta::set(self.conn, meta::UNSAID, &(marked.unwrap_or(0_u64) + 1).to_string())
    }

    /// Says what is unsaid of one transfer. `facts` are those known to be of it.
    fn tell_unsaid(
        &mut self,
        transfer: &TransferId,
        facts: &[FactId],
        at: Timestamp,
    ) -> Result<usize> {
        let store = self.my_store()?.0.clone();
        let (me, entries) = (party(self.me()), self.transfer(transfer)?);
        let own = entries.iter().filter_map(|entry| match entry {
            Entry::Said(Event { by, step, .. }) if *by == me => step.fact(),
            _ => None,
        });
        let mut booked: Vec<Fact> = Vec::new();
        for id in own.chain(facts.iter().copied()).collect::<BTreeSet<_>>() {
            let fact = match self.fact(id) {
                Err(BooksError::NotHere { .. }) => None,
                found => found?.map(|stored| stored.fact),
            };
            let of_it =
                |fact: &Fact| matches!(&fact.body, Body::Transfer(b) if b.transfer == *transfer);
            booked.extend(fact.filter(of_it));
        }
        let mut told = 0;
        for step in unsaid(&store, &booked, &entries) {
            if let Step::Withdraw { of, .. } = &step
                && let Some(fact) = of.fact()
                && !self.has_left(fact)?
            {
                continue;
            }
            self.tell_transfer(transfer, None, step, at)?;
            told += 1;
        }
        Ok(told)
    }

    /// Whether the fact that an entry told of has left the books: another stands in its place, it was
    /// set aside, or its epoch ended before it. One that is not held for another reason may yet come.
    fn has_left(&mut self, id: FactId) -> Result<bool> {
        match self.fact(id) {
            Err(BooksError::NotHere { .. }) => return Ok(false),
            found => {
                if found?.is_some() {
                    return Ok(true);
                }
            }
        }
        let aside = sql::first(
            self.conn,
            "look up what was set aside",
            "SELECT 1 FROM set_aside WHERE epoch = ?1 AND seq = ?2",
            rusqlite::params![id.epoch.number(), id.seq.cast_signed()],
            |row| row.get::<_, i64>(0),
        )?;
        let (name, number) = self.my_store()?;
        let name = name.clone();
        let end = self.chain_end(StoreRef { name: &name, number }, id.epoch)?;
        Ok(aside.is_some() || (end.seq > 0 && end.seq < id.seq))
    }
}
