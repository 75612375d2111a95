//! What was on hand at the end of a day: by product and store, and as a table of both.

use std::collections::BTreeMap;

use ledger::fold::Balance;
use ledger::id::StoreId;
use ledger::report::{Cell, Column, Group, Measured, Period, Row, Scope, Sheet, rounded};

use super::sheet;
use crate::error::Result;
use crate::read::Reader;

impl Reader {
    pub(super) fn stock_of_day(&self, scope: &Scope) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let mut total = Balance::default();
        let groups = self.grouped(
            (scope, Group::StoreAndProduct, &goods),
            |store| self.held_on(store, scope.period),
            |group: &mut Balance, _, held: Balance| {
                *group = sum(*group, held);
                total = sum(total, held);
            },
        )?;
        let columns = vec![
            Column::Closing(Measured::Quantity),
            Column::UnitCost,
            Column::Closing(Measured::Value),
        ];
        let cells = |held: &Balance| -> Row {
            let unit = rounded(held.value * 1_000, held.quantity);
            vec![Cell::Number(held.quantity), unit.into(), Cell::Number(held.value)]
        };
        let mut sheet = sheet((Group::StoreAndProduct, &goods), &groups, &total, columns, cells);
        // Pieces and kilograms have no common price.
        if let Some(cell) = sheet.total.as_mut().and_then(|total| total.iter_mut().rev().nth(1)) {
            *cell = Cell::Empty;
        }
        Ok(sheet)
    }

    pub(super) fn matrix(&self, scope: &Scope) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let stores: Vec<StoreId> =
            self.stores_of(scope)?.into_iter().map(|(store, _)| store).collect();
        let mut total = BTreeMap::new();
        let groups = self.grouped(
            (scope, Group::Product, &goods),
            |store| self.held_on(store, scope.period),
            |group: &mut BTreeMap<StoreId, i128>, store, held: Balance| {
                *group.entry(store.clone()).or_default() += held.quantity;
                *total.entry(store.clone()).or_default() += held.quantity;
            },
        )?;
        let mut columns = vec![Column::Closing(Measured::Quantity)];
        columns.extend(stores.iter().cloned().map(Column::At));
        let cells = |held: &BTreeMap<StoreId, i128>| -> Row {
            let mut row = vec![Cell::Number(held.values().sum())];
            row.extend(stores.iter().map(|store| Cell::from(held.get(store).copied())));
            row
        };
        Ok(sheet((Group::Product, &goods), &groups, &total, columns, cells))
    }

    /// What a store had at the end of the last day of a period, by the number of the SKU.
    pub(super) fn held_on(&self, store: i64, period: Period) -> Result<Vec<(i64, Balance)>> {
        let stood = self.stood(store, Period::day(period.to()))?;
        let held = stood.into_iter().map(|(sku, stood)| (sku, stood.closing));
        Ok(held.filter(|(_, held)| *held != Balance::default()).collect())
    }
}

pub(super) fn sum(a: Balance, b: Balance) -> Balance {
    Balance { quantity: a.quantity + b.quantity, value: a.value + b.value }
}
