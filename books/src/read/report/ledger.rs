//! Every fact that moved a product, with what there was after it (商品流水账).

use ledger::fact::Fact;
use ledger::fold::Balance;
use ledger::id::Sku;
use ledger::movement::Account;
use ledger::report::{Cell, Column, Direction, Measured, Row, Scope, Sheet};

use crate::error::{BooksError, Result};
use crate::read::Reader;
use crate::read::report::MAX_REPORT_ROWS;

impl Reader {
    pub(super) fn ledger(&self, scope: &Scope, sku: &Sku) -> Result<Sheet> {
        let period = scope.period;
        let mut rows = Vec::new();
        let number = self.sku_number(sku)?.unwrap_or_default();
        for (store, store_number) in self.stores_of(scope)? {
            let stood = self.stood(store_number, period)?.remove(&number).unwrap_or_default();
            let days = self.flows(&store, sku, Some(period.from()), Some(period.to()))?;
            if days.is_empty() && stood.opening == Balance::default() {
                continue;
            }
            let mut standing = stood.opening;
            let head = [Cell::text(&store), Cell::Date(period.from())];
            rows.push(row(head, [Cell::Empty, Cell::Empty], None, standing));
            for date in days.into_keys() {
                for stored in self.facts_that_moved(&store, sku, date)? {
                    let fact = &stored.fact;
                    let change = change(fact, sku);
                    standing.quantity += change.quantity;
                    standing.value += change.value;
                    let head = [Cell::text(&store), Cell::Date(date)];
                    let named = [Cell::text(&fact.bill), Cell::text(fact.body.kind())];
                    rows.push(row(head, named, Some(change), standing));
                }
                if rows.len() > MAX_REPORT_ROWS {
                    return Err(BooksError::ReportTooLong { most: MAX_REPORT_ROWS });
                }
            }
        }
        let sum = |direction, measured| Column::Sum(direction, measured);
        let columns = vec![
            Column::Store,
            Column::Date,
            Column::Bill,
            Column::Kind,
            sum(Direction::In, Measured::Quantity),
            sum(Direction::In, Measured::Value),
            sum(Direction::Out, Measured::Quantity),
            sum(Direction::Out, Measured::Value),
            Column::Closing(Measured::Quantity),
            Column::Closing(Measured::Value),
        ];
        Ok(Sheet { columns, rows, total: None })
    }
}

fn row(head: [Cell; 2], named: [Cell; 2], change: Option<Balance>, standing: Balance) -> Row {
    let mut row: Row = head.into_iter().chain(named).collect();
    let none = [Cell::Empty, Cell::Empty];
    let (came, went) = match change {
        None => (none.clone(), none),
        Some(change) if (change.quantity, change.value) < (0, 0) => {
            (none, [Cell::Number(-change.quantity), Cell::Number(-change.value)])
        }
        Some(change) => ([Cell::Number(change.quantity), Cell::Number(change.value)], none),
    };
    row.extend(came.into_iter().chain(went));
    row.extend([Cell::Number(standing.quantity), Cell::Number(standing.value)]);
    row
}

/// What a fact did to the shelf.
fn change(fact: &Fact, sku: &Sku) -> Balance {
    let mut change = Balance::default();
    for movement in fact.movements.iter().filter(|movement| movement.sku == *sku) {
        for (account, quantity, value) in movement.legs() {
            if *account == Account::OnHand {
                change.quantity += i128::from(quantity.thousandths());
                change.value += i128::from(value.ten_thousandths());
            }
        }
    }
    change
}
