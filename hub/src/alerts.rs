//! Alerts of the chain: the hub finds in the stores' facts what the stores find.

use books::{BooksError, Looked};
use ledger::alert::Patience;

use crate::hub::Hub;

impl Hub {
    /// Brings the open alerts of all stores up to date, by the usual days. Today is the day in UTC: stores
    /// in other zones are told of what time brings a few hours earlier or later.
    pub fn look_for_alerts(&self) -> Result<Looked, BooksError> {
        self.books().look_for_alerts(self.now().utc_day(), Patience::default())
    }
}
