//! What is owed to suppliers, by age.

use ledger::payable::{Account, account};
use ledger::report::{Cell, Column, Measured, Row, Scope, Sheet};

use crate::error::Result;
use crate::read::Reader;

impl Reader {
    /// What is owed to each supplier at the end of a day, by how long it has been due (应付账龄).
    pub(super) fn payables(&self, scope: &Scope) -> Result<Sheet> {
        let at = scope.period.to();
        let stores = self.stores_of(scope)?;
        let columns = vec![
            Column::Supplier,
            Column::NotDue,
            Column::Age(1, Some(30), Measured::Value),
            Column::Age(31, Some(60), Measured::Value),
            Column::Age(61, Some(90), Measured::Value),
            Column::Age(91, None, Measured::Value),
            Column::PaidAhead,
            Column::Owed,
        ];
        let mut rows = Vec::new();
        let mut total = vec![0_i128; columns.len() - 1];
        for supplier in self.suppliers()? {
            let mut entries = Vec::new();
            for (store, _) in &stores {
                entries.extend(self.supplier_entries(&supplier.id, Some(store))?);
            }
            entries.retain(|entry| entry.date <= at);
            for entry in &mut entries {
                entry.undone = entry.undone.filter(|(_, date)| *date <= at);
            }
            let figures = figures(&account(&entries, at));
            if figures.iter().all(|figure| *figure == 0) {
                continue;
            }
            total.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
            rows.push(row(Cell::text(&supplier.id), &figures));
        }
        Ok(Sheet { columns, rows, total: Some(row(Cell::Empty, &total)) })
    }
}

fn figures(account: &Account) -> [i128; 7] {
    let ageing = &account.ageing;
    [
        ageing.not_due,
        ageing.to_30,
        ageing.to_60,
        ageing.to_90,
        ageing.over_90,
        account.unapplied,
        account.balance,
    ]
}

fn row(first: Cell, figures: &[i128]) -> Row {
    let mut row = vec![first];
    row.extend(figures.iter().map(|figure| Cell::Number(*figure)));
    row
}
