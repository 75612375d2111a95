//! What was sold, day by day.

use std::collections::BTreeMap;

use ledger::amount::Quantity;
use ledger::id::{Sku, StoreId};
use ledger::movement::Account;
use ledger::time::BusinessDate;
use rusqlite::params;

use super::stock::parse_sku;
use super::{Reader, quantity};
use crate::dates;
use crate::error::Result;
use crate::facts::store_number;
use crate::sql;
use crate::state::PlaceId;

/// What a store sold of each product, day by day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoldByDay {
    /// How many days.
    pub days: usize,
    /// A number for each day, the oldest first: sold, less what was brought back. Products of which
    /// nothing was sold are left out.
    pub skus: BTreeMap<Sku, Vec<Quantity>>,
}

impl Reader {
    /// What a store sold from one day to another, both included. Days before the store's first are left
    /// out: a shop that was not open sold nothing, and that says nothing.
    pub fn sold_by_day(
        &self,
        store: &StoreId,
        from: BusinessDate,
        to: BusinessDate,
    ) -> Result<SoldByDay> {
        let Some(number) = store_number(self.conn(), store)? else {
            return Ok(SoldByDay::default());
        };
        let first: Option<i64> = sql::one(
            self.conn(),
            "find a store's first day",
            "SELECT min(date) FROM day WHERE store = ?1",
            [number],
            |row| row.get(0),
        )?;
        let Some(first) = first.map(dates::of_number).transpose()? else {
            return Ok(SoldByDay::default());
        };
        let place_of_day = days_from(from.max(first), to);
        let rows: Vec<(i64, String, i64)> = sql::all(
            self.conn(),
            "list what was sold by day",
            "SELECT date, sku.name, quantity_in - quantity_out FROM day_balance \
             JOIN sku ON sku.id = day_balance.sku \
             WHERE place = ?1 AND date BETWEEN ?2 AND ?3",
            params![
                PlaceId::of(number, &Account::Customer).0,
                dates::number(from),
                dates::number(to)
            ],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let days = place_of_day.len();
        let mut skus: BTreeMap<Sku, Vec<Quantity>> = BTreeMap::new();
        for (date, sku, sold) in rows {
            let Some(&day) = place_of_day.get(&date) else { continue };
            let daily = skus.entry(parse_sku(&sku)?).or_insert_with(|| vec![Quantity::ZERO; days]);
            daily[day] = quantity(sold)?;
        }
        Ok(SoldByDay { days, skus })
    }
}

impl Reader {
    /// How much of one product a store sold from one day to another, both included, less what was brought
    /// back.
    pub fn sold_of(
        &self,
        store: &StoreId,
        sku: &Sku,
        (from, to): (BusinessDate, BusinessDate),
    ) -> Result<Quantity> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Quantity::ZERO) };
        let sold: i64 = sql::one(
            self.conn(),
            "add up what was sold of a product",
            "SELECT coalesce(sum(quantity_in - quantity_out), 0) FROM day_balance \
             JOIN sku ON sku.id = day_balance.sku \
             WHERE place = ?1 AND sku.name = ?2 AND date BETWEEN ?3 AND ?4",
            params![
                PlaceId::of(number, &Account::Customer).0,
                sku.as_str(),
                dates::number(from),
                dates::number(to)
            ],
            |row| row.get(0),
        )?;
        quantity(sold)
    }
}

/// The place of each day, by its number.
fn days_from(from: BusinessDate, to: BusinessDate) -> BTreeMap<i64, usize> {
    let mut days = BTreeMap::new();
    let mut day = from;
    while day <= to {
        days.insert(dates::number(day), days.len());
        day = day.plus_days(1);
    }
    days
}
