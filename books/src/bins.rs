//! What facts name of bins, and where products belong.

use std::collections::BTreeMap;

use ledger::bins::{Home, Placed, Standing, settled, standing};
use ledger::id::{Bin, FactId, Sku, StoreId};
use rusqlite::{Connection, params};

use crate::error::{BooksError, Result};
use crate::sql;
use crate::state::State;
use crate::tx::Tx;

/// What is known of the bins of one product at a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BinsOf {
    /// What is on hand, in thousandths.
    pub on_hand: i128,
    /// What facts name of each bin.
    pub named: BTreeMap<Bin, i128>,
    /// Where it belongs.
    pub home: Option<Bin>,
}

impl BinsOf {
    /// Where its goods lie.
    pub fn standing(&self) -> Standing {
        standing(self.on_hand, &self.named, self.home.as_ref())
    }

    /// What is to be named so that goods stay where they are when it belongs elsewhere.
    pub fn settled(&self, home: Option<&Bin>) -> BTreeMap<Bin, i128> {
        settled(&self.standing(), &self.named, home)
    }
}

impl Tx<'_> {
    /// What is known of the bins of a product at the node's store.
    pub fn bins_of(&mut self, sku: &Sku) -> Result<BinsOf> {
        let on_hand = self.position(sku)?.quantity.thousandths();
        let (_, store) = self.my_store()?;
        let number = self.state.names.sku(self.conn, sku)?;
        let named = named(self.conn, store, Some(number))?.remove(&number).unwrap_or_default();
        let home = homes(self.conn, store, Some(number))?.remove(&number);
        Ok(BinsOf { on_hand: on_hand.into(), named, home })
    }

    /// What the facts up to one name of the bins of a product at the node's store.
    pub fn bins_named_at(
        &mut self,
        sku: &Sku,
        last: Option<FactId>,
    ) -> Result<BTreeMap<Bin, i128>> {
        let Some(last) = last else { return Ok(BTreeMap::new()) };
        let (_, store) = self.my_store()?;
        let number = self.state.names.sku(self.conn, sku)?;
        let rows: Vec<(String, i64)> = sql::all(
            self.conn,
            "read what was in bins",
            "SELECT bin, quantity FROM bin_entry WHERE store = ?1 AND sku = ?2 \
             AND (epoch, seq) <= (?3, ?4)",
            params![store, number, last.epoch.number(), last.seq.cast_signed()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut named = BTreeMap::new();
        for (bin, quantity) in rows {
            *named.entry(parse(&bin)?).or_insert(0) += i128::from(quantity);
        }
        Ok(named)
    }

    /// The bins that head office lists for the node's store; none where it lists none.
    pub fn listed_bins(&mut self) -> Result<Vec<Bin>> {
        let (store, _) = self.my_store()?;
        listed(self.conn, store)
    }
}

/// Notes what a fact names of bins.
pub(crate) fn index(
    state: &mut State,
    conn: &Connection,
    store: i64,
    id: FactId,
    placed: &Placed,
) -> Result<()> {
    let sku = state.names.sku(conn, &placed.sku)?;
    let lot = state.names.lot(conn, placed.lot.as_ref())?;
    sql::run(
        conn,
        "note what is in a bin",
        "INSERT INTO bin_entry (store, sku, bin, lot, epoch, seq, quantity) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT DO UPDATE SET quantity = excluded.quantity",
        params![
            store,
            sku,
            placed.bin.as_str(),
            lot,
            id.epoch.number(),
            id.seq.cast_signed(),
            placed.quantity.thousandths()
        ],
    )
    .map(drop)
}

/// Notes where a product belongs. Of several facts the newest counts, in whatever order they come.
pub(crate) fn index_home(
    state: &mut State,
    conn: &Connection,
    store: i64,
    id: FactId,
    home: &Home,
) -> Result<()> {
    let sku = state.names.sku(conn, &home.sku)?;
    sql::run(
        conn,
        "note where a product belongs",
        "INSERT INTO bin_home (store, sku, bin, epoch, seq) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT DO UPDATE SET bin = excluded.bin, epoch = excluded.epoch, \
         seq = excluded.seq WHERE (excluded.epoch, excluded.seq) >= (epoch, seq)",
        params![
            store,
            sku,
            home.bin.as_ref().map_or("", Bin::as_str),
            id.epoch.number(),
            id.seq.cast_signed()
        ],
    )
    .map(drop)
}

/// What facts name of the bins of a store, by the numbers of products: of one, or of all.
pub(crate) fn named(
    conn: &Connection,
    store: i64,
    sku: Option<i64>,
) -> Result<BTreeMap<i64, BTreeMap<Bin, i128>>> {
    let rows: Vec<(i64, String, i64)> = sql::all(
        conn,
        "read what is in bins",
        "SELECT sku, bin, quantity FROM bin_entry WHERE store = ?1 AND (?2 IS NULL OR sku = ?2)",
        params![store, sku],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut named: BTreeMap<i64, BTreeMap<Bin, i128>> = BTreeMap::new();
    for (sku, bin, quantity) in rows {
        // Added up here, where no sum is too large.
        *named.entry(sku).or_default().entry(parse(&bin)?).or_default() += i128::from(quantity);
    }
    Ok(named)
}

/// Where products belong at a store, by their numbers: one, or all.
pub(crate) fn homes(conn: &Connection, store: i64, sku: Option<i64>) -> Result<BTreeMap<i64, Bin>> {
    let rows: Vec<(i64, String)> = sql::all(
        conn,
        "read where products belong",
        "SELECT sku, bin FROM bin_home WHERE store = ?1 AND (?2 IS NULL OR sku = ?2) AND bin <> ''",
        params![store, sku],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    rows.into_iter().map(|(sku, bin)| Ok((sku, parse(&bin)?))).collect()
}

/// The bins that head office lists for a store.
pub(crate) fn listed(conn: &Connection, store: &StoreId) -> Result<Vec<Bin>> {
    let text: Option<String> = sql::first(
        conn,
        "read the bins of a store",
        "SELECT bins FROM store_profile WHERE store = ?1",
        [store.as_str()],
        |row| row.get(0),
    )?;
    let text = text.unwrap_or_default();
    text.split(',').filter(|bin| !bin.trim().is_empty()).map(|bin| parse(bin.trim())).collect()
}

pub(crate) fn parse(bin: &str) -> Result<Bin> {
    bin.parse().map_err(|source| BooksError::text("a bin", bin, source))
}
