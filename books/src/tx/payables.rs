//! What booking asks of the own store's supplier accounts, and filling their rows from facts that an
//! older version took in.

use ledger::id::{FactId, InvoiceNo, SupplierId};
use ledger::invoice::OpenReceipt;
use ledger::payable::{self, OpenInvoice};
use ledger::supplier::Supplier;

use super::Tx;
use crate::error::Result;
use crate::facts::{self, StoredFact, store_name};
use crate::payables;
use crate::project::{Booking, DayRows, Owner};
use crate::read::supplier::suppliers_called;
use crate::{dates, sql};

impl Tx<'_> {
    /// What of a receipt's goods no invoice has covered; nothing, if there is no such receipt or it
    /// was undone.
    pub fn open_receipt(&mut self, receipt: FactId) -> Result<Option<OpenReceipt>> {
        let (_, store) = self.my_store()?;
        payables::open_receipt(self.conn, store, receipt)
    }

    /// The invoice of a supplier and number that stands.
    pub fn invoice_numbered(
        &mut self,
        supplier: &SupplierId,
        number: &InvoiceNo,
    ) -> Result<Option<FactId>> {
        let (_, store) = self.my_store()?;
        payables::invoice_numbered(self.conn, store, (supplier, number))
    }

    /// The first invoice that stands and covers goods of a receipt.
    pub fn invoice_of(&mut self, receipt: FactId) -> Result<Option<FactId>> {
        let (_, store) = self.my_store()?;
        payables::invoice_of(self.conn, store, receipt)
    }

    /// The invoices of a supplier at the own store that are not paid in full, by everything that is
    /// booked.
    pub fn open_invoices(&mut self, supplier: &SupplierId) -> Result<Vec<OpenInvoice>> {
        let (_, store) = self.my_store()?;
        let entries = payables::entries(self.conn, supplier, Some(store))?;
        let days = entries.iter().flat_map(|entry| [Some(entry.date), entry.undone.map(|u| u.1)]);
        let last = days.flatten().max();
        Ok(last.map(|last| payable::account(&entries, last).open).unwrap_or_default())
    }

    /// The suppliers that go by a name: the one with this id, else those that are called so.
    pub fn suppliers_called(&mut self, name: &str) -> Result<Vec<Supplier>> {
        suppliers_called(self.conn, name)
    }

    /// Keeps what every fact that is here says of suppliers.
    pub(crate) fn show_held_payables(&mut self) -> Result<()> {
        let changes = sql::all(
            self.conn,
            "list the changes with facts",
            "SELECT store, change FROM run WHERE change != 0 ORDER BY store, epoch, first",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (store, change) in changes {
            for (_, text) in facts::of_change(self.conn, self.press, change)? {
                self.show_payable(store, text)?;
            }
        }
        if let Some(store) = self.identity.store {
            for (_, text) in facts::pending(self.conn)? {
                self.show_payable(store, text)?;
            }
        }
        Ok(())
    }

    fn show_payable(&mut self, number: i64, text: String) -> Result<()> {
        let fact = StoredFact::read(text)?.fact;
        let Some(said) = payables::said(&fact) else { return Ok(()) };
        let store = &store_name(self.conn, number)?;
        let (date, epoch) = (dates::number(fact.date), fact.id.epoch.number());
        let (owner, day) = (Owner::Other, DayRows::Kept);
        let booking = Booking { store, number, date, epoch, owner, carried: &[], day };
        payables::insert(self.conn, &mut self.state.names, booking, &said)
    }
}
