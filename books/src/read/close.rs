//! Closed days.

use ledger::id::StoreId;
use ledger::time::BusinessDate;

use super::Reader;
use crate::closes;
use crate::error::Result;
use crate::facts::{self, StoredFact, store_number};

impl Reader {
    /// The last day that a store has closed.
    pub fn closed_through(&self, store: &StoreId) -> Result<Option<BusinessDate>> {
        match store_number(self.conn(), store)? {
            Some(number) => closes::through(self.conn(), number),
            None => Ok(None),
        }
    }

    /// The closes of a store that count, one for each of so many days, the last day first; without those
    /// whose facts are not here.
    pub fn closes(&self, store: &StoreId, days: usize) -> Result<Vec<StoredFact>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let mine = self.is_mine(number);
        let find = |id| facts::find_here(self.conn(), &mut self.press(), number, mine, id);
        let found = closes::newest(self.conn(), number, days)?.into_iter().map(find);
        found.filter_map(Result::transpose).collect()
    }

    /// The days of a store up to one that have facts and were never closed, the oldest first.
    pub fn open_days(&self, store: &StoreId, until: BusinessDate) -> Result<Vec<BusinessDate>> {
        match store_number(self.conn(), store)? {
            Some(number) => closes::open_days(self.conn(), number, until),
            None => Ok(Vec::new()),
        }
    }

    /// The last day up to one on which a store has booked anything.
    pub fn last_day(&self, store: &StoreId, until: BusinessDate) -> Result<Option<BusinessDate>> {
        match store_number(self.conn(), store)? {
            Some(number) => closes::last_day(self.conn(), number, until),
            None => Ok(None),
        }
    }
}
