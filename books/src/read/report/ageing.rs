//! How old stock is (库龄).

use ledger::fold::Balance;
use ledger::report::{Buckets, Cell, Column, Group, Measured, Row, Scope, Sheet, age};
use ledger::time::BusinessDate;
use rusqlite::params;

use super::sheet;
use super::stock::sum;
use crate::dates;
use crate::error::Result;
use crate::read::Reader;
use crate::sql;

impl Reader {
    pub(super) fn ageing(&self, scope: &Scope, by: Group, buckets: &Buckets) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let at = scope.period.to();
        let of_store = |store| -> Result<Vec<(i64, Vec<Balance>)>> {
            let mut aged = Vec::new();
            for (sku, held) in self.held_on(store, scope.period)? {
                if goods.is_wanted(sku) {
                    let came = self.came(store, sku, held, (at, buckets))?;
                    aged.push((sku, age(held, came, at, buckets)));
                }
            }
            Ok(aged)
        };
        let mut total = vec![Balance::default(); buckets.count()];
        let groups = self.grouped(
            (scope, by, &goods),
            of_store,
            |group: &mut Vec<Balance>, _, aged: Vec<Balance>| {
                group.resize(buckets.count(), Balance::default());
                for (at, part) in aged.into_iter().enumerate() {
                    group[at] = sum(group[at], part);
                    total[at] = sum(total[at], part);
                }
            },
        )?;
        let mut columns =
            vec![Column::Closing(Measured::Quantity), Column::Closing(Measured::Value)];
        for class in 0..buckets.count() {
            let (from, to) = buckets.range(class);
            for measured in [Measured::Quantity, Measured::Value] {
                columns.push(Column::Age(from, to, measured));
            }
        }
        let cells = |classes: &Vec<Balance>| -> Row {
            let held = classes.iter().copied().fold(Balance::default(), sum);
            let both = |of: &Balance| [Cell::Number(of.quantity), Cell::Number(of.value)];
            std::iter::once(&held).chain(classes).flat_map(both).collect()
        };
        Ok(sheet((by, &goods), &groups, &total, columns, cells))
    }

    /// The days on which a product came to a store, the newest first, as far back as its stock asks for.
    /// What came before the last bound of the classes needs no telling apart.
    fn came(
        &self,
        store: i64,
        sku: i64,
        held: Balance,
        (at, buckets): (BusinessDate, &Buckets),
    ) -> Result<Vec<(BusinessDate, i128)>> {
        if held.quantity <= 0 {
            return Ok(Vec::new());
        }
        let horizon = i32::try_from(buckets.horizon()).unwrap_or(i32::MAX);
        let since = at.plus_days(-horizon);
        let days: Vec<(i64, i64)> = sql::all(
            self.conn(),
            "list when a product came",
            "SELECT date, sum(quantity) FROM day_flow INDEXED BY day_flow_came \
             WHERE store = ?1 AND sku = ?2 AND date BETWEEN ?3 AND ?4 AND flow IN (1, 2, 4, 5) \
             GROUP BY date ORDER BY date DESC",
            params![store, sku, dates::number(since), dates::number(at)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let day = |(date, quantity): (i64, i64)| Ok((dates::of_number(date)?, quantity.into()));
        days.into_iter().map(day).collect()
    }
}

#[cfg(test)]
mod tests {
    use ledger::report::Flow;

    #[test]
    fn the_index_holds_what_begins_an_age() {
        let codes = Flow::ALL.into_iter().filter(|flow| flow.begins_age()).map(Flow::code);
        assert_eq!(codes.collect::<Vec<_>>(), [1, 2, 4, 5]);
    }
}
