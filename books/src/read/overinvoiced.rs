//! Receipts of which invoices cover more than they brought, by the rows that are kept of both: for whoever
//! judges by the facts.

use ledger::fact::Fact;
use ledger::id::{FactId, StoreId};
use rusqlite::params;

use super::Reader;
use crate::error::Result;
use crate::facts::{fact_id, store_number};
use crate::payables::STANDS;
use crate::sql;

/// A receipt of which more is covered than it brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overinvoiced {
    /// Its name.
    pub id: FactId,
    /// The receipt, if it is here and stands.
    pub receipt: Option<Fact>,
    /// The invoices that cover goods of it and stand.
    pub invoices: Vec<Fact>,
}

impl Reader {
    /// The receipts of a store of which invoices cover more than they brought.
    pub fn overinvoiced(&self, store: &StoreId) -> Result<Vec<Overinvoiced>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let receipts: Vec<(u32, i64)> = sql::all(
            self.conn(),
            "look for invoices of more than came",
            &format!(
                "SELECT DISTINCT receipt_epoch, receipt_seq FROM (SELECT receipt_epoch, receipt_seq \
                 FROM supplier_goods AS t WHERE store = ?1 AND {STANDS} \
                 GROUP BY receipt_epoch, receipt_seq, sku HAVING sum(quantity) < 0)"
            ),
            [number],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut found = Vec::with_capacity(receipts.len());
        for (epoch, seq) in receipts {
            let Some(id) = fact_id(epoch, seq) else { continue };
            let (mut receipt, mut invoices) = (None, Vec::new());
            for of in self.standing_of_receipt(number, id)? {
                let fact = self.fact(store, of)?.map(|stored| stored.fact);
                if of == id {
                    receipt = fact;
                } else {
                    invoices.extend(fact);
                }
            }
            found.push(Overinvoiced { id, receipt, invoices });
        }
        Ok(found)
    }

    /// The facts that say something of a receipt's goods and stand.
    fn standing_of_receipt(&self, store: i64, receipt: FactId) -> Result<Vec<FactId>> {
        let rows: Vec<(u32, i64)> = sql::all(
            self.conn(),
            "list what covers a receipt",
            &format!(
                "SELECT DISTINCT epoch, seq FROM supplier_goods AS t WHERE store = ?1 \
                 AND receipt_epoch = ?2 AND receipt_seq = ?3 AND {STANDS} ORDER BY epoch, seq"
            ),
            params![store, receipt.epoch.number(), receipt.seq.cast_signed()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(rows.into_iter().filter_map(|(epoch, seq)| fact_id(epoch, seq)).collect())
    }
}
