//! Until when lots are good: as receipts say it, by store.

use ledger::id::FactId;
use ledger::lot::LotExpiry;
use rusqlite::{Connection, params};

use crate::dates;
use crate::error::Result;
use crate::sql;
use crate::state::State;

/// Notes what a fact says of a lot. Of several facts the newest counts, in whatever order they come.
pub(crate) fn index(
    state: &mut State,
    conn: &Connection,
    store: i64,
    id: FactId,
    said: &LotExpiry,
) -> Result<()> {
    let sku = state.names.sku(conn, &said.sku)?;
    let lot = state.names.lot(conn, Some(&said.lot))?;
    sql::run(
        conn,
        "note until when a lot is good",
        "INSERT INTO lot_expiry (store, sku, lot, expiry, epoch, seq) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT DO UPDATE SET expiry = excluded.expiry, epoch = excluded.epoch, \
         seq = excluded.seq WHERE (excluded.epoch, excluded.seq) >= (epoch, seq)",
        params![
            store,
            sku,
            lot,
            dates::number(said.expiry),
            id.epoch.number(),
            id.seq.cast_signed()
        ],
    )
    .map(drop)
}
