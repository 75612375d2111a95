//! What was counted for stocktakes that are over, place by place.

use ledger::id::{Bin, FactId, Sku};
use ledger::stocktake::CountLine;
use rusqlite::{Connection, params};

use super::{count_line, one, read_line};
use crate::Reader;
use crate::error::Result;
use crate::sql;

/// Keeps the lines of the sheet as evidence of the fact that it came to.
pub(super) fn keep(conn: &Connection, fact: FactId) -> Result<()> {
    sql::run(
        conn,
        "keep the lines of the stocktake",
        "INSERT INTO stocktake_evidence \
         (epoch, seq, line, sku, lot, bin, operator, quantity, round, anchor, book, at) \
         SELECT ?1, ?2, id, sku, lot, bin, operator, quantity, round, anchor, book, at \
         FROM stocktake_line",
        params![fact.epoch.number(), fact.seq.cast_signed()],
    )
    .map(drop)
}

impl Reader {
    /// What was counted for a stocktake of this machine, in that order.
    pub fn counted_for(&self, fact: FactId) -> Result<Vec<CountLine>> {
        let rows = sql::all(
            self.conn(),
            "read the lines of a stocktake that is over",
            "SELECT name, lot, bin, operator, quantity, round, anchor, book \
             FROM stocktake_evidence AS kept JOIN sku ON sku.id = kept.sku \
             WHERE epoch = ?1 AND seq = ?2 ORDER BY line",
            params![fact.epoch.number(), fact.seq.cast_signed()],
            read_line,
        )?;
        rows.into_iter().map(count_line).collect()
    }

    /// The products that were at a place when they were counted last: a later count at other places alone, or of
    /// none there, takes them away from it.
    pub fn counted_at(&self, bin: &Bin) -> Result<Vec<Sku>> {
        let rows = sql::all(
            self.conn(),
            "look up what was counted at a place",
            "SELECT DISTINCT sku.name FROM stocktake_evidence AS here JOIN sku ON sku.id = here.sku \
             WHERE here.bin = ?1 AND here.quantity > 0 AND NOT EXISTS \
               (SELECT 1 FROM stocktake_evidence AS later WHERE later.sku = here.sku \
                AND (later.epoch, later.seq) > (here.epoch, here.seq)) \
             ORDER BY sku.name",
            [bin.as_str()],
            |row| row.get::<_, String>(0),
        )?;
        rows.iter().map(|name| one("a SKU", name)).collect()
    }
}
