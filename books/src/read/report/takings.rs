//! What customers paid, and were paid back, by payment method (收银日报). Read from the facts of the days.

use std::collections::BTreeMap;

use ledger::fact::{Fact, PaymentMethod};
use ledger::id::{FactId, Operator, StoreId, TillId};
use ledger::report::{Cell, Column, Row, Scope, Sheet, TakingsGroup};
use ledger::shift::{Way, money_of};
use ledger::time::BusinessDate;

use crate::error::{BooksError, Result};
use crate::read::Reader;
use crate::read::report::MAX_REPORT_ROWS;

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    store: StoreId,
    date: Option<BusinessDate>,
    shift: Option<FactId>,
    operator: Option<Operator>,
    method: PaymentMethod,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, Default)]
struct Takings {
    receipts: i128,
    taken: i128,
    paid_back: i128,
}

impl Takings {
    fn add(&mut self, way: Way, amount: i128) {
        match way {
            Way::In => self.taken += amount,
            Way::Out => self.paid_back += amount,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            receipts: self.receipts + other.receipts,
            taken: self.taken + other.taken,
            paid_back: self.paid_back + other.paid_back,
        }
    }

    fn cells(self) -> [Cell; 4] {
        let net = self.taken - self.paid_back;
        [self.receipts, self.taken, self.paid_back, net].map(Cell::Number)
    }
}

impl Reader {
    pub(super) fn takings(&self, scope: &Scope, by: TakingsGroup) -> Result<Sheet> {
        let (period, mut groups) = (scope.period, BTreeMap::new());
        let mut tills: BTreeMap<(StoreId, FactId), TillId> = BTreeMap::new();
        for (store, _) in self.stores_of(scope)? {
            if by == TakingsGroup::Shift {
                let of = |shift: crate::ShiftRow| ((store.clone(), shift.id), shift.till);
                tills.extend(self.shifts(&store)?.into_iter().map(of));
            }
            let days = self.days(&store)?;
            for date in days.into_iter().filter(|day| (period.from()..=period.to()).contains(day)) {
                for stored in self.facts_of_day(&store, date)? {
                    count(&mut groups, by, &stored.fact);
                }
                if groups.len() > MAX_REPORT_ROWS {
                    return Err(BooksError::ReportTooLong { most: MAX_REPORT_ROWS });
                }
            }
        }
        let mut columns = vec![Column::Store];
        columns.extend(match by {
            TakingsGroup::Day => vec![Column::Date],
            TakingsGroup::Shift => vec![Column::Date, Column::Till, Column::Shift],
            TakingsGroup::Operator => vec![Column::Operator],
            TakingsGroup::Store => vec![],
        });
        columns.push(Column::Method);
        let heads = columns.len();
        columns.extend([Column::Receipts, Column::Taken, Column::PaidBack, Column::NetTaken]);
        let sum = groups.values().fold(Takings::default(), |sum, more| sum.plus(*more));
        let rows = groups.iter().map(|(key, takings)| {
            let till = key.shift.and_then(|shift| tills.get(&(key.store.clone(), shift)));
            head(key, by, till).into_iter().chain(takings.cells()).collect()
        });
        let rows = rows.collect();
        let total = vec![Cell::Empty; heads].into_iter().chain(sum.cells()).collect();
        Ok(Sheet { columns, rows, total: Some(total) })
    }
}

/// Counts a fact's payments, if it has any.
fn count(groups: &mut BTreeMap<Key, Takings>, by: TakingsGroup, fact: &Fact) {
    let Some((receipt, way)) = money_of(fact) else { return };
    let key = |method| Key {
        store: fact.store.clone(),
        date: matches!(by, TakingsGroup::Day | TakingsGroup::Shift).then_some(fact.date),
        shift: fact.shift.filter(|_| by == TakingsGroup::Shift),
        operator: fact.operator.clone().filter(|_| by == TakingsGroup::Operator),
        method,
    };
    for method in PaymentMethod::ALL {
        let paid = receipt.payments.iter().filter(|payment| payment.method == method);
        let sum: Option<i128> =
            paid.map(|payment| i128::from(payment.amount.ten_thousandths())).reduce(|a, b| a + b);
        if let Some(sum) = sum {
            let takings = groups.entry(key(method)).or_default();
            takings.receipts += 1;
            takings.add(way, sum);
        }
    }
}

fn head(key: &Key, by: TakingsGroup, till: Option<&TillId>) -> Row {
    let date = || key.date.map_or(Cell::Empty, Cell::Date);
    let operator = || key.operator.as_ref().map_or(Cell::Empty, Cell::text);
    let mut head = vec![Cell::text(&key.store)];
    match by {
        TakingsGroup::Day => head.push(date()),
        TakingsGroup::Shift => {
            let shift = key.shift.map_or(Cell::Empty, Cell::text);
            head.extend([date(), till.map_or(Cell::Empty, Cell::text), shift]);
        }
        TakingsGroup::Operator => head.push(operator()),
        TakingsGroup::Store => {}
    }
    head.push(Cell::text(key.method.name()));
    head
}
