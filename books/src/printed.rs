//! How often receipts were printed at this node. Not replicated, and no part of the read model: a rebuild leaves it
//! alone.

use ledger::id::FactId;
use ledger::time::Timestamp;
use rusqlite::params;

use crate::error::Result;
use crate::{Tx, sql};

impl Tx<'_> {
    /// Counts that a receipt is printed, and says how often it was before.
    pub fn print_receipt(&mut self, fact: FactId, at: Timestamp) -> Result<u32> {
        let key = params![fact.epoch.number(), fact.seq.cast_signed(), at.millis()];
        let printed: u32 = sql::one(
            self.conn,
            "count a printed receipt",
            "INSERT INTO receipt_print (epoch, seq, printed, at) VALUES (?1, ?2, 1, ?3) \
             ON CONFLICT DO UPDATE SET printed = printed + 1, at = excluded.at RETURNING printed",
            key,
            |row| row.get(0),
        )?;
        Ok(printed - 1)
    }
}
