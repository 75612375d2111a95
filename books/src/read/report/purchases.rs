//! What was bought, of whom, and how suppliers did. Read from the receipts of the days on which goods came
//! from suppliers or went back to them.

use std::collections::{BTreeMap, BTreeSet};

use ledger::fact::Body;
use ledger::id::{FactId, Sku, StoreId};
use ledger::report::{
    Bought, Cell, Column, PurchaseGroup, Row, Scope, Sheet, Trend, purchases, rounded,
};
use ledger::time::BusinessDate;
use rusqlite::params;

use super::goods::Goods;
use crate::dates;
use crate::error::Result;
use crate::facts::{self, StoredFact};
use crate::read::Reader;
use crate::sql;
use crate::state::PlaceId;

/// One line of a receipt.
struct Line {
    store: StoreId,
    date: BusinessDate,
    fact: FactId,
    supplier: Box<str>,
    number: i64,
    sku: Sku,
    bought: Bought,
}

/// What a group of lines comes to.
#[derive(Default)]
struct Buying {
    bought: Bought,
    deliveries: BTreeSet<(StoreId, FactId)>,
    products: BTreeSet<i64>,
    /// The first and the last line at which a product was bought.
    ends: BTreeMap<i64, (Bought, Bought)>,
}

impl Buying {
    fn add(&mut self, line: &Line) {
        self.bought.add(line.bought);
        self.products.insert(line.number);
        if line.bought.quantity > 0 || line.bought.rejected > 0 {
            self.deliveries.insert((line.store.clone(), line.fact));
        }
        if line.bought.quantity > 0 {
            let ends = self.ends.entry(line.number).or_insert((line.bought, line.bought));
            ends.1 = line.bought;
        }
    }

    fn counts(&self) -> [Cell; 2] {
        [Cell::Number(self.deliveries.len() as i128), Cell::Number(self.products.len() as i128)]
    }

    fn trend(&self) -> Option<i128> {
        let mut trend = Trend::default();
        self.ends.values().for_each(|(first, last)| trend.add(*first, *last));
        trend.change()
    }
}

impl Reader {
    pub(super) fn purchases(&self, scope: &Scope, by: PurchaseGroup) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let mut groups: BTreeMap<(String, i64), Buying> = BTreeMap::new();
        let mut total = Buying::default();
        for line in self.receipt_lines(scope, &goods)? {
            let key = match by {
                PurchaseGroup::Supplier => (line.supplier.to_string(), 0),
                PurchaseGroup::Product => (line.sku.to_string(), line.number),
                PurchaseGroup::Month => (line.date.month(), 0),
                PurchaseGroup::Store => (line.store.to_string(), 0),
            };
            groups.entry(key).or_default().add(&line);
            total.add(&line);
        }
        let mut columns = match by {
            PurchaseGroup::Supplier => vec![Column::Supplier],
            PurchaseGroup::Product => vec![Column::Sku, Column::Product, Column::Unit],
            PurchaseGroup::Month => vec![Column::Month],
            PurchaseGroup::Store => vec![Column::Store],
        };
        let before = columns.len();
        columns.extend([
            Column::Deliveries,
            Column::Products,
            Column::BoughtQuantity,
            Column::UnitCost,
            Column::BoughtValue,
            Column::SentBack,
        ]);
        let cells = |head: Row, of: &Buying, unit: Option<i128>| -> Row {
            let mut row = head;
            row.extend(of.counts());
            row.extend([
                Cell::Number(of.bought.quantity),
                unit.into(),
                Cell::Number(of.bought.value),
                Cell::Number(of.bought.sent_back),
            ]);
            row
        };
        let row = |((name, number), of): (&(String, i64), &Buying)| {
            let mut head = vec![Cell::text(name)];
            if by == PurchaseGroup::Product {
                head.extend([goods.name(*number), Cell::text(goods.unit(*number))]);
                return cells(head, of, of.bought.unit_price());
            }
            cells(head, of, None)
        };
        let rows = groups.iter().map(row).collect();
        let total = Some(cells(vec![Cell::Empty; before], &total, None));
        Ok(Sheet { columns, rows, total })
    }

    pub(super) fn scorecard(&self, scope: &Scope) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let mut groups: BTreeMap<Box<str>, Buying> = BTreeMap::new();
        let mut total = Buying::default();
        for line in self.receipt_lines(scope, &goods)? {
            groups.entry(line.supplier.clone()).or_default().add(&line);
            total.add(&line);
        }
        let columns = vec![
            Column::Supplier,
            Column::Deliveries,
            Column::Products,
            Column::BoughtQuantity,
            Column::BoughtValue,
            Column::Share,
            Column::Rejected,
            Column::RejectedShare,
            Column::SentBack,
            Column::PriceTrend,
        ];
        let whole = total.bought.value;
        let cells = |head: Cell, of: &Buying| -> Row {
            let mut row = vec![head];
            row.extend(of.counts());
            row.extend([
                Cell::Number(of.bought.quantity),
                Cell::Number(of.bought.value),
                rounded(of.bought.value * 10_000, whole).into(),
                Cell::Number(of.bought.rejected),
                of.bought.rejected_share().into(),
                Cell::Number(of.bought.sent_back),
                of.trend().into(),
            ]);
            row
        };
        let rows = groups.iter().map(|(name, of)| cells(Cell::text(name), of)).collect();
        Ok(Sheet { columns, rows, total: Some(cells(Cell::Empty, &total)) })
    }

    /// What receipts of a scope say, store by store in the order of their days and facts.
    fn receipt_lines(&self, scope: &Scope, goods: &Goods) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for (store, number) in self.stores_of(scope)? {
            for date in self.days_of_suppliers(number, scope)? {
                for stored in self.facts_of_suppliers(number, date)? {
                    let undone = self.undone_supplier(&store, &stored)?;
                    for purchase in purchases(&stored.fact) {
                        let Some(sku) = self.sku_number(purchase.sku)? else { continue };
                        if !goods.is_wanted(sku) {
                            continue;
                        }
                        lines.push(Line {
                            store: store.clone(),
                            date,
                            fact: stored.fact.id,
                            supplier: undone.clone().unwrap_or_else(|| purchase.supplier.into()),
                            number: sku,
                            sku: purchase.sku.clone(),
                            bought: purchase.bought,
                        });
                    }
                }
            }
        }
        Ok(lines)
    }

    fn days_of_suppliers(&self, store: i64, scope: &Scope) -> Result<Vec<BusinessDate>> {
        const SUPPLIER: i64 = 2;
        let (first, _) = PlaceId::of_whole_store(store);
        let (from, to) = (dates::number(scope.period.from()), dates::number(scope.period.to()));
        let days: Vec<i64> = sql::all(
            self.conn(),
            "list the days of receipts",
            "SELECT DISTINCT date FROM day_balance WHERE place = ?1 AND date BETWEEN ?2 AND ?3",
            params![first + SUPPLIER, from, to],
            |row| row.get(0),
        )?;
        days.into_iter().map(dates::of_number).collect()
    }

    fn facts_of_suppliers(&self, store: i64, date: BusinessDate) -> Result<Vec<StoredFact>> {
        let mine = self.is_mine(store);
        let mut found = Vec::new();
        for text in facts::texts_of_day(self.conn(), &mut self.press(), store, mine, date)? {
            // Most of a day's facts are sales; reading one costs more than looking.
            if text.contains("supplier") || text.contains('\\') {
                found.push(StoredFact::read(text)?);
            }
        }
        found.sort_unstable_by_key(|stored| stored.fact.id);
        Ok(found)
    }

    /// Whose receipt a reversal undoes.
    fn undone_supplier(&self, store: &StoreId, stored: &StoredFact) -> Result<Option<Box<str>>> {
        let Body::Reversal { of, .. } = &stored.fact.body else { return Ok(None) };
        let undone = match self.fact(store, *of) {
            Err(crate::BooksError::NotHere { .. }) => None,
            found => found?,
        };
        Ok(undone.and_then(|undone| {
            purchases(&undone.fact).first().map(|purchase| purchase.supplier.into())
        }))
    }
}
