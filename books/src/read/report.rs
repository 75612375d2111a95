//! Reports: a question in, columns and rows out.
//!
//! What stood where before and after a period follows from the balances and the days between; what came and
//! went, and why, is kept by day. Only the reports that name facts read any.

mod ageing;
mod earned;
mod figures;
mod goods;
mod ledger;
mod movements;
mod payables;
mod purchases;
mod stock;
mod stood;
mod takings;

use std::collections::BTreeMap;

use ::ledger::id::{Sku, StoreId};
use ::ledger::report::{Answer, Cell, Column, Group, Note, Question, Report, Row, Scope, Sheet};

use self::goods::Goods;
use super::Reader;
use crate::error::{BooksError, Result};
use crate::facts::store_number;

/// The most rows of a report: what a spreadsheet still opens, and about 100 MB here.
pub const MAX_REPORT_ROWS: usize = 100_000;

impl Reader {
    /// Answers a question about a period.
    pub fn report(&self, question: &Question) -> Result<Answer> {
        let Question { report, scope } = question;
        let mut notes = Vec::new();
        let sheet = match report {
            Report::Movements { by } => self.movements(scope, *by, &mut notes),
            Report::Stock => self.stock_of_day(scope),
            Report::Matrix => self.matrix(scope),
            Report::Ledger { sku } => self.ledger(scope, sku),
            Report::Ageing { by, buckets } => self.ageing(scope, *by, buckets),
            Report::Turnover { by } => self.turnover(scope, *by),
            Report::SellThrough { by } => self.sell_through(scope, *by),
            Report::Abc { rank, borders } => self.abc(scope, *rank, *borders),
            Report::Purchases { by } => self.purchases(scope, *by),
            Report::Takings { by } => self.takings(scope, *by),
            Report::Suppliers => self.scorecard(scope),
            Report::Cost { by, rate, store_rates } => self.cost(scope, *by, *rate, store_rates),
            Report::Margin { by } => self.margin(scope, *by, &mut notes),
            Report::Profit => self.profit(scope, &mut notes),
            Report::Tax => self.tax(scope, &mut notes),
            Report::Payables => self.payables(scope),
        }?;
        self.note_what_is_not_here(question, &mut notes)?;
        Ok(Answer { question: question.clone(), sheet, notes })
    }

    /// Days that are not here are missing from whatever reads them.
    fn note_what_is_not_here(&self, question: &Question, notes: &mut Vec<Note>) -> Result<()> {
        let carried = self.carried()?;
        let from = question.scope.period.from();
        if let Some(through) = carried.awaited_through.filter(|through| *through >= from) {
            notes.push(Note::Awaited { through: through.to_string() });
        }
        let reads_facts = match question.report {
            Report::Ledger { .. }
            | Report::Purchases { .. }
            | Report::Takings { .. }
            | Report::Suppliers
            | Report::Margin { .. }
            | Report::Profit
            | Report::Tax => true,
            Report::Movements { .. }
            | Report::Stock
            | Report::Matrix
            | Report::Ageing { .. }
            | Report::Turnover { .. }
            | Report::SellThrough { .. }
            | Report::Abc { .. }
            | Report::Payables
            | Report::Cost { .. } => false,
        };
        let dropped = carried.dropped_through.filter(|through| reads_facts && *through >= from);
        if let Some(through) = dropped {
            notes.push(Note::Dropped { through: through.to_string() });
        }
        Ok(())
    }

    /// The stores of a scope and their numbers, by name.
    fn stores_of(&self, scope: &Scope) -> Result<Vec<(StoreId, i64)>> {
        if scope.stores.is_empty() {
            return self.stores_by_name();
        }
        let mut stores = BTreeMap::new();
        for store in &scope.stores {
            let number = store_number(self.conn(), store)?;
            let number = number.ok_or_else(|| BooksError::UnknownStore { store: store.clone() })?;
            stores.insert(store.clone(), number);
        }
        Ok(stores.into_iter().collect())
    }

    /// Adds the products of every store of a scope up, group by group. `of_store` gives what there is of a
    /// store by SKU number.
    fn grouped<T: Default, V>(
        &self,
        (scope, by, goods): (&Scope, Group, &Goods),
        of_store: impl Fn(i64) -> Result<Vec<(i64, V)>>,
        mut add: impl FnMut(&mut T, &StoreId, V),
    ) -> Result<BTreeMap<Key, T>> {
        let mut groups = BTreeMap::new();
        for (store, number) in self.stores_of(scope)? {
            for (sku, value) in of_store(number)? {
                if !goods.is_wanted(sku) {
                    continue;
                }
                let key = Key::of(by, &store, sku, goods)?;
                add(groups.entry(key).or_default(), &store, value);
                if groups.len() > MAX_REPORT_ROWS {
                    return Err(BooksError::ReportTooLong { most: MAX_REPORT_ROWS });
                }
            }
        }
        Ok(groups)
    }
}

/// What a row is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    store: Option<StoreId>,
    category: Option<Box<str>>,
    sku: Option<Sku>,
    /// The number of the SKU.
    number: i64,
}

impl Key {
    fn of(by: Group, store: &StoreId, number: i64, goods: &Goods) -> Result<Self> {
        let sku = || goods.sku(number).cloned();
        let none = Self::default();
        Ok(match by {
            Group::StoreAndProduct => {
                Self { store: Some(store.clone()), sku: Some(sku()?), number, ..none }
            }
            Group::Product => Self { sku: Some(sku()?), number, ..none },
            Group::Category => Self { category: Some(goods.category(number).into()), ..none },
            Group::Store => Self { store: Some(store.clone()), ..none },
        })
    }

    /// The cells before the figures.
    fn cells(&self, by: Group, goods: &Goods) -> Row {
        let store = || self.store.as_ref().map_or(Cell::Empty, Cell::text);
        let sku = || self.sku.as_ref().map_or(Cell::Empty, Cell::text);
        let (name, unit) = (goods.name(self.number), Cell::text(goods.unit(self.number)));
        match by {
            Group::StoreAndProduct => vec![store(), sku(), name, unit],
            Group::Product => vec![sku(), name, Cell::text(goods.category(self.number)), unit],
            Group::Category => vec![Cell::text(self.category.as_deref().unwrap_or_default())],
            Group::Store => vec![store()],
        }
    }
}

/// The columns before the figures.
fn head(by: Group) -> Vec<Column> {
    match by {
        Group::StoreAndProduct => {
            vec![Column::Store, Column::Sku, Column::Product, Column::Unit]
        }
        Group::Product => vec![Column::Sku, Column::Product, Column::Category, Column::Unit],
        Group::Category => vec![Column::Category],
        Group::Store => vec![Column::Store],
    }
}

/// A sheet of groups, and what they come to.
fn sheet<T>(
    (by, goods): (Group, &Goods),
    groups: &BTreeMap<Key, T>,
    total: &T,
    figures: Vec<Column>,
    cells: impl Fn(&T) -> Row,
) -> Sheet {
    let mut columns = head(by);
    let before = columns.len();
    columns.extend(figures);
    let row = |(key, group): (&Key, &T)| {
        let mut row = key.cells(by, goods);
        row.extend(cells(group));
        row
    };
    let mut last = vec![Cell::Empty; before];
    last.extend(cells(total));
    Sheet { columns, rows: groups.iter().map(row).collect(), total: Some(last) }
}
