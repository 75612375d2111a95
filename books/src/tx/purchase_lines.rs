//! What is to come of purchase orders: rows that follow from the orders and change with them, so that
//! nobody who plans reads an order.

use ledger::id::PurchaseId;
use ledger::purchase::{Entry, Promise, Purchase, status};
use rusqlite::params;
use sync_proto::order::Event;

use super::Tx;
use crate::dates;
use crate::error::Result;
use crate::order::entry;
use crate::sql;

impl Tx<'_> {
    /// Replaces an order's rows by what its parties say now.
    pub(super) fn show_purchase(&mut self, id: &PurchaseId, events: &[Event]) -> Result<()> {
        let entries: Vec<Entry> = events.iter().map(entry).collect();
        let now = status(&entries);
        sql::run(
            self.conn,
            "replace the lines of a purchase order",
            "DELETE FROM purchase_line WHERE purchase = ?1",
            [id.as_str()],
        )?;
        self.show_promise(id, &now, &entries)?;
        let open = !now.waits_for.is_empty() || !now.anomalies.is_empty();
        let keep = if open {
            "INSERT INTO purchase_open (purchase) VALUES (?1) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM purchase_open WHERE purchase = ?1"
        };
        sql::run(self.conn, "say whether a purchase order is open", keep, [id.as_str()])?;
        let expected = now.expected.map(|date| date.to_string());
        for (store, sku, open) in now.open_lines() {
            let store = self.state.names.store(self.conn, store)?;
            let sku = self.state.names.sku(self.conn, sku)?;
            sql::run(
                self.conn,
                "store a line of a purchase order",
                "INSERT INTO purchase_line \
                 (purchase, store, sku, supplier, expected, on_order, planned) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    id.as_str(),
                    store,
                    sku,
                    now.supplier.as_ref().map(ledger::id::SupplierId::as_str),
                    expected,
                    open.on_order.thousandths(),
                    open.planned.thousandths()
                ],
            )?;
        }
        Ok(())
    }

    /// Which receipts came for an order, and by when they were to.
    fn show_promise(&mut self, id: &PurchaseId, now: &Purchase, entries: &[Entry]) -> Result<()> {
        sql::run(
            self.conn,
            "replace the receipts of a purchase order",
            "DELETE FROM purchase_receipt WHERE purchase = ?1",
            [id.as_str()],
        )?;
        let Promise { due, sent, deliveries } = now.promise(entries);
        for (store, fact) in deliveries {
            let store = self.state.names.store(self.conn, &store)?;
            sql::run(
                self.conn,
                "store a receipt of a purchase order",
                "INSERT INTO purchase_receipt (store, epoch, seq, purchase, supplier, due, sent) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    store,
                    fact.epoch.number(),
                    fact.seq.cast_signed(),
                    id.as_str(),
                    now.supplier.as_ref().map(ledger::id::SupplierId::as_str),
                    due.map(dates::number),
                    sent.map(dates::number)
                ],
            )?;
        }
        Ok(())
    }
}
