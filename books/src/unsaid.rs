//! What the node's store still has to say of its orders, once its history has parted from the hub's and the
//! two are in step again: see [`ledger::order::unsaid`].
//!
//! Whatever can make facts and entries part leaves a mark in the books; it goes when all is said.

use std::collections::{BTreeMap, BTreeSet};

use ledger::fact::Fact;
use ledger::id::FactId;
use ledger::order::{Entry, Event, unsaid};
use ledger::time::Timestamp;
use ledger::{purchase, transfer};

use crate::error::{BooksError, Result};
use crate::facts::StoreRef;
use crate::order::{Kept, party};
use crate::{Books, Reader, Tx, meta, sql};

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
        let mut transfers = unbooked::<transfer::Step>(&reader)?;
        let mut purchases = unbooked::<purchase::Step>(&reader)?;
        reader.each_fact(&store, |stored| {
            book::<transfer::Step>(&mut transfers, &stored.fact);
            book::<purchase::Step>(&mut purchases, &stored.fact);
            Ok::<_, BooksError>(())
        })?;
        let told = self.tell_each::<transfer::Step>(transfers, at)?
            + self.tell_each::<purchase::Step>(purchases, at)?;
        self.write(move |tx| {
            if meta::get(tx.conn, meta::UNSAID)? == Some(mark) {
                meta::remove(tx.conn, meta::UNSAID)?;
            }
            Ok::<_, BooksError>(told)
        })
    }

    /// Says what is unsaid of some orders, a few to a transaction.
    fn tell_each<S: Kept>(
        &self,
        orders: BTreeMap<S::Id, Vec<FactId>>,
        at: Timestamp,
    ) -> Result<usize> {
        let orders: Vec<_> = orders.into_iter().collect();
        let mut told = 0;
        for some in orders.chunks(ORDERS_AT_ONCE) {
            let some = some.to_vec();
            told += self.write(move |tx| {
                let tell = |(id, facts): &(S::Id, Vec<_>)| tx.tell_unsaid::<S>(id, facts, at);
                some.iter().map(tell).sum::<Result<usize>>()
            })?;
        }
        Ok(told)
    }
}

/// All orders of a kind, with no fact yet.
fn unbooked<S: Kept>(reader: &Reader) -> Result<BTreeMap<S::Id, Vec<FactId>>> {
    Ok(reader.ids::<S>()?.into_iter().map(|id| (id, Vec::new())).collect())
}

/// Notes a fact under the order that it is of, if it is of one.
fn book<S: Kept>(orders: &mut BTreeMap<S::Id, Vec<FactId>>, fact: &Fact) {
    if let Some((id, _)) = S::of_fact(fact) {
        orders.entry(id.clone()).or_default().push(fact.id);
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

    /// Says what is unsaid of one order. `facts` are those known to be of it.
    fn tell_unsaid<S: Kept>(
        &mut self,
        order: &S::Id,
        facts: &[FactId],
        at: Timestamp,
    ) -> Result<usize> {
        let store = self.my_store()?.0.clone();
        let (me, entries) = (party(self.me()), self.entries::<S>(order)?);
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
            let of_it = |fact: &Fact| S::of_fact(fact).is_some_and(|(of, _)| of == order);
            booked.extend(fact.filter(of_it));
        }
        let mut told = 0;
        for step in unsaid(&store, &booked, &entries) {
            if let Some(fact) = step.withdrawn().and_then(S::fact)
                && !self.has_left(fact)?
            {
                continue;
            }
            self.tell(order, None, step, at)?;
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
