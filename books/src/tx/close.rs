//! Closing days: what a close rests on, and where late facts go.

use ledger::close::{ClosingStock, Standing};
use ledger::fold::Balance;
use ledger::id::FactId;
use ledger::time::BusinessDate;

use super::Tx;
use crate::carried::{self, not_here};
use crate::closes::{self, Closed};
use crate::error::Result;
use crate::facts::{self, StoreRef, StoredFact};
use crate::read::shelf;

impl Tx<'_> {
    /// The day to whose book a fact of this day goes: itself, or the first one after the last that the
    /// node's store has closed.
    pub fn open_day(&mut self, date: BusinessDate) -> Result<BusinessDate> {
        let closed = match self.state.closed_through {
            Some(closed) => closed,
            None => {
                let closed = closes::through(self.conn, self.my_store()?.1)?;
                self.state.closed_through = Some(closed);
                closed
            }
        };
        Ok(closed.map_or(date, |closed| date.max(closed.plus_days(1))))
    }

    /// The days up to one that have facts of the node's store and were never closed, the oldest first; none
    /// of which facts are still to come from the hub.
    pub fn open_days(&mut self, until: BusinessDate) -> Result<Vec<BusinessDate>> {
        let store = self.written_store()?;
        let mut days = closes::open_days(self.conn, store, until)?;
        if !self.state.awaited(self.conn)?.is_empty()
            && let Some(through) = carried::awaited_through(self.conn)?
        {
            days.retain(|day| *day > through);
        }
        Ok(days)
    }

    /// The days after one that the node's store has closed, the oldest first.
    pub fn closed_after(&mut self, date: BusinessDate) -> Result<Vec<BusinessDate>> {
        let store = self.written_store()?;
        closes::closed_after(self.conn, store, date)
    }

    /// How a day of the node's store stands. Of a day whose facts are not here nobody can tell.
    pub fn closed(&mut self, date: BusinessDate) -> Result<Closed> {
        let store = self.written_store()?;
        if let Some(why) = carried::day_is_not_here(self.conn, date)? {
            return Err(not_here(date, why));
        }
        closes::state_of(self.conn, store, date)
    }

    /// The close of a day of the node's store that counts.
    pub fn close_of(&mut self, date: BusinessDate) -> Result<Option<FactId>> {
        let (_, store) = self.my_store()?;
        closes::of_day(self.conn, store, date)
    }

    /// The facts that the node's store has booked to a day, by id.
    pub fn facts_of_day(&mut self, date: BusinessDate) -> Result<Vec<StoredFact>> {
        let (_, store) = self.my_store()?;
        let texts = facts::texts_of_day(self.conn, self.press, store, true, date)?;
        let mut facts: Vec<_> = texts.into_iter().map(StoredFact::read).collect::<Result<_>>()?;
        facts.sort_by_key(|stored| stored.fact.id);
        Ok(facts)
    }

    /// What the node's store had on hand in the evening of a day: what it has now, less what later
    /// days moved.
    pub fn closing_stock(&mut self, date: BusinessDate) -> Result<ClosingStock> {
        let store = self.written_store()?;
        let mut stock = ClosingStock::default();
        shelf::each_now(self.conn, store, |sku, balance| stock.add(&sku, balance))?;
        shelf::each_flow(self.conn, store, (date.plus_days(1), None), |sku, flow| {
            let Balance { quantity, value } = flow;
            stock.add(&sku, Balance { quantity: -quantity, value: -value });
        })?;
        Ok(stock)
    }

    /// Moves a closing stock on to the evening of a later day.
    pub fn move_stock_on(
        &mut self,
        stock: &mut ClosingStock,
        after: BusinessDate,
        until: BusinessDate,
    ) -> Result<()> {
        let store = self.written_store()?;
        let days = (after.plus_days(1), Some(until));
        shelf::each_flow(self.conn, store, days, |sku, flow| stock.add(&sku, flow))
    }

    /// Where the present history of the node's store stands.
    pub fn standing(&mut self) -> Result<Standing> {
        let epoch = self.epoch()?;
        let (name, number) = self.my_store()?;
        let name = name.clone();
        let end = self.chain_end(StoreRef { name: &name, number }, epoch)?;
        Ok(Standing { epoch, seq: end.seq, link: end.link })
    }

    /// The number of the node's store, once all that closures before this one have done can be read
    /// from the tables.
    fn written_store(&mut self) -> Result<i64> {
        let (_, store) = self.my_store()?;
        self.state.flush(self.conn)?;
        Ok(store)
    }
}
