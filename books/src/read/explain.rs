//! Where a number comes from: days, and the facts of each day.

use std::collections::BTreeMap;

use ledger::amount::AmountError;
use ledger::fact::Fact;
use ledger::id::{Sku, StoreId};
use ledger::movement::Account;
use ledger::time::BusinessDate;
use rusqlite::params;

use super::stock::{StockAmounts, stock_amounts};
use super::{Reader, StockFilter};
use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::{self, StoredFact, store_number};
use crate::sql;
use crate::state::PlaceId;

/// A number of stock and the days that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Where.
    pub store: StoreId,
    /// Of what.
    pub sku: Sku,
    /// What was on hand before the first day.
    pub opening: StockAmounts,
    /// The days on which it moved.
    pub days: Vec<DayExplained>,
    /// What was on hand after the last day.
    pub closing: StockAmounts,
}

/// One day of a SKU: opening + in − out = closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayExplained {
    /// The day.
    pub date: BusinessDate,
    /// What was on hand in the morning.
    pub opening: StockAmounts,
    /// What came and went.
    pub flow: FlowAmounts,
    /// What was on hand in the evening.
    pub closing: StockAmounts,
    /// The facts that moved it, by id.
    pub facts: Vec<StoredFact>,
}

/// What came in and what went out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FlowAmounts {
    /// Came in.
    pub inward: StockAmounts,
    /// Went out, as positive amounts.
    pub outward: StockAmounts,
}

impl Reader {
    /// Explains what a store has on hand of a SKU by the days of a range and their facts. An open end
    /// of the range reaches as far as the books do.
    pub fn explain(
        &self,
        store: &StoreId,
        sku: &Sku,
        from: Option<BusinessDate>,
        to: Option<BusinessDate>,
    ) -> Result<Explained> {
        let opening = match from {
            Some(from) => self.on_hand_at(store, sku, from.plus_days(-1))?,
            None => StockAmounts::default(),
        };
        let mut days = Vec::new();
        let mut standing = opening;
        for (date, flow) in self.flows(store, sku, from, to)? {
            let closing = after(standing, flow).map_err(|source| {
                BooksError::document("add up", format!("{sku} at {store} on {date}"), source)
            })?;
            let facts = self.facts_that_moved(store, sku, date)?;
            days.push(DayExplained { date, opening: standing, flow, closing, facts });
            standing = closing;
        }
        Ok(Explained { store: store.clone(), sku: sku.clone(), opening, days, closing: standing })
    }

    fn on_hand_at(&self, store: &StoreId, sku: &Sku, date: BusinessDate) -> Result<StockAmounts> {
        let (store, sku) = (Some(store.clone()), Some(sku.clone()));
        let rows = self.stock(&StockFilter { store, sku, at: Some(date) })?;
        Ok(rows.first().map(|row| row.stock).unwrap_or_default())
    }

    pub(super) fn flows(
        &self,
        store: &StoreId,
        sku: &Sku,
        from: Option<BusinessDate>,
        to: Option<BusinessDate>,
    ) -> Result<BTreeMap<BusinessDate, FlowAmounts>> {
        let (Some(store), Some(sku)) = (store_number(self.conn(), store)?, self.sku_number(sku)?)
        else {
            return Ok(BTreeMap::new());
        };
        let from = from.map_or(i64::MIN, dates::number);
        let to = to.map_or(i64::MAX, dates::number);

        let flow = |(date, [quantity_in, value_in, quantity_out, value_out]): (i64, [i64; 4])| {
            let flow = FlowAmounts {
                inward: stock_amounts(quantity_in, value_in)?,
                outward: stock_amounts(quantity_out, value_out)?,
            };
            Ok((dates::of_number(date)?, flow))
        };
        sql::all(
            self.conn(),
            "list the days of a SKU",
            "SELECT days.date, quantity_in, value_in, quantity_out, value_out \
             FROM (SELECT DISTINCT date FROM day \
             WHERE store = ?1 AND date BETWEEN ?4 AND ?5) AS days \
             CROSS JOIN day_balance ON place = ?2 AND day_balance.date = days.date \
             AND day_balance.sku = ?3 \
             ORDER BY days.date",
            params![store, PlaceId::on_hand(store).0, sku, from, to],
            |row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])),
        )?
        .into_iter()
        .map(flow)
        .collect()
    }

    pub(super) fn facts_that_moved(
        &self,
        store: &StoreId,
        sku: &Sku,
        date: BusinessDate,
    ) -> Result<Vec<StoredFact>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let mine = self.is_mine(number);
        let texts = facts::texts_of_day(self.conn(), &mut self.press(), number, mine, date)?;
        let mut moved = Vec::new();
        for text in texts {
            // Most of a day's facts do not name the SKU, and reading a fact costs more than looking.
            // A text with escapes may spell it otherwise.
            if !text.contains(sku.as_str()) && !text.contains('\\') {
                continue;
            }
            let fact = StoredFact::read(text)?;
            if moves(&fact.fact, sku) {
                moved.push(fact);
            }
        }
        moved.sort_unstable_by_key(|fact| fact.fact.id);
        Ok(moved)
    }
}

fn moves(fact: &Fact, sku: &Sku) -> bool {
    fact.movements.iter().any(|movement| {
        movement.sku == *sku && (movement.from == Account::OnHand || movement.to == Account::OnHand)
    })
}

fn after(standing: StockAmounts, flow: FlowAmounts) -> Result<StockAmounts, AmountError> {
    let FlowAmounts { inward, outward } = flow;
    Ok(StockAmounts {
        quantity: standing.quantity.plus(inward.quantity)?.minus(outward.quantity)?,
        value: standing.value.plus(inward.value)?.minus(outward.value)?,
    })
}
