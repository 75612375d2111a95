//! The stock movement summary (进销存汇总表): opening + in − out = closing.

use ledger::report::{
    Cell, Column, Direction, Flow, Group, Measured, Moved, Note, Period, Row, Scope, Sheet, Summary,
};
use rusqlite::params;
use rustc_hash::FxHashMap;

use super::sheet;
use crate::dates;
use crate::error::{BooksError, During, Result};
use crate::read::Reader;

/// Both ways of measuring goods, in the order of the columns.
const BOTH: [Measured; 2] = [Measured::Quantity, Measured::Value];

/// What a period did to a product at a store, and what its stock was worth on the days.
#[derive(Debug, Clone, Default)]
pub(super) struct Moves {
    pub(super) summary: Summary,
    pub(super) daily_value: i128,
}

impl Reader {
    pub(super) fn movements(
        &self,
        scope: &Scope,
        by: Group,
        notes: &mut Vec<Note>,
    ) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let (mut total, mut unbalanced) = (Summary::default(), 0);
        let groups = self.grouped(
            (scope, by, &goods),
            |store| self.moves(store, scope.period),
            |group: &mut Summary, _, moves: Moves| {
                unbalanced += u64::from(!moves.summary.balances());
                total.add(&moves.summary);
                group.add(&moves.summary);
            },
        )?;
        if unbalanced > 0 {
            notes.push(Note::Unbalanced { rows: unbalanced });
        }
        Ok(sheet((by, &goods), &groups, &total, columns(), cells))
    }

    /// What a period did to a store, by the number of the SKU. Products of which there was nothing, and
    /// that did not move, are left out.
    pub(super) fn moves(&self, store: i64, period: Period) -> Result<Vec<(i64, Moves)>> {
        let mut moves: FxHashMap<i64, Moves> = FxHashMap::default();
        for (sku, stood) in self.stood(store, period)? {
            let of = moves.entry(sku).or_default();
            (of.summary.opening, of.summary.closing) = (stood.opening, stood.closing);
            of.daily_value = stood.daily_value;
        }
        let what = "add up why goods moved in a period";
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT sku, flow, quantity, value, paid, tax FROM day_flow \
                 WHERE store = ?1 AND date BETWEEN ?2 AND ?3",
            )
            .during(what)?;
        let (from, to) = (dates::number(period.from()), dates::number(period.to()));
        let mut rows = statement.query(params![store, from, to]).during(what)?;
        while let Some(row) = rows.next().during(what)? {
            let read = || -> rusqlite::Result<(i64, i64, [i64; 4])> {
                Ok((row.get(0)?, row.get(1)?, [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?]))
            };
            let (sku, flow, [quantity, value, paid, tax]) = read().during(what)?;
            let known = Flow::of_code(flow);
            let flow = known.ok_or_else(|| {
                BooksError::damaged("a day's flow", format!("its reason has the number {flow}"))
            })?;
            let moved = Moved {
                quantity: quantity.into(),
                value: value.into(),
                paid: paid.into(),
                tax: tax.into(),
            };
            moves.entry(sku).or_default().summary.add_flow(flow, moved);
        }
        Ok(moves.into_iter().filter(|(_, moves)| !moves.summary.is_nothing()).collect())
    }
}

fn columns() -> Vec<Column> {
    let mut columns = BOTH.map(Column::Opening).to_vec();
    for direction in [Direction::In, Direction::Out] {
        for flow in Flow::ALL.into_iter().filter(|flow| flow.direction() == direction) {
            columns.extend(BOTH.map(|measured| Column::Flow(flow, measured)));
        }
        columns.extend(BOTH.map(|measured| Column::Sum(direction, measured)));
    }
    columns.extend(BOTH.map(Column::Closing));
    columns
}

fn cells(summary: &Summary) -> Row {
    let both = |quantity, value| [Cell::Number(quantity), Cell::Number(value)];
    let mut row = both(summary.opening.quantity, summary.opening.value).to_vec();
    for direction in [Direction::In, Direction::Out] {
        for flow in Flow::ALL.into_iter().filter(|flow| flow.direction() == direction) {
            let moved = summary.flow(flow);
            row.extend(both(moved.quantity, moved.value));
        }
        let sum = summary.sum(direction);
        row.extend(both(sum.quantity, sum.value));
    }
    row.extend(both(summary.closing.quantity, summary.closing.value));
    row
}
