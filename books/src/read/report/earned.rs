//! What was earned, and what tax there is on it. Read from the facts of the period, since neither operators nor
//! members nor rates are kept by day; and by the entries from which vouchers are made, so that reports and
//! vouchers say the same.

use std::collections::BTreeMap;

use ledger::amount::TaxRate;
use ledger::fact::Fact;
use ledger::id::Sku;
use ledger::report::{Cell, Column, MarginGroup, Note, Row, Scope, Sheet, percent};
use ledger::voucher::{Entry, Role, entries};

use super::MAX_REPORT_ROWS;
use crate::error::{BooksError, Result};
use crate::read::Reader;

/// What some sales come to, in ten-thousandths.
#[derive(Debug, Clone, Copy, Default)]
struct Earned {
    net_sales: i128,
    cost_of_sales: i128,
    cost_adjustments: i128,
    loss: i128,
}

/// What tax there is, in ten-thousandths.
#[derive(Debug, Clone, Copy, Default)]
struct Taxed {
    net_sales: i128,
    output: i128,
    input: i128,
}

impl Earned {
    fn add(&mut self, entry: &Entry<'_>) {
        match entry.role {
            Role::Revenue => self.net_sales -= entry.amount,
            Role::CostOfSales => self.cost_of_sales += entry.amount,
            Role::CostAdjustment => self.cost_adjustments += entry.amount,
            Role::Scrap | Role::CountLoss | Role::CountGain | Role::TransitLoss => {
                self.loss += entry.amount;
            }
            _ => {}
        }
    }

    const fn margin(self) -> i128 {
        self.net_sales - self.cost_of_sales
    }

    fn margin_cells(self) -> [Cell; 4] {
        [
            Cell::Number(self.net_sales),
            Cell::Number(self.cost_of_sales),
            Cell::Number(self.margin()),
            percent(self.margin(), self.net_sales).into(),
        ]
    }

    fn profit_cells(self) -> Row {
        let mut row = self.margin_cells().to_vec();
        row.extend([
            Cell::Number(self.cost_adjustments),
            Cell::Number(self.loss),
            Cell::Number(self.margin() - self.cost_adjustments - self.loss),
        ]);
        row
    }
}

impl Taxed {
    fn add(&mut self, entry: &Entry<'_>) {
        match entry.role {
            Role::Revenue => self.net_sales -= entry.amount,
            Role::OutputTax => self.output -= entry.amount,
            Role::InputTax => self.input += entry.amount,
            _ => {}
        }
    }

    fn cells(self) -> [Cell; 4] {
        [
            Cell::Number(self.net_sales),
            Cell::Number(self.output),
            Cell::Number(self.input),
            Cell::Number(self.output - self.input),
        ]
    }
}

const MARGIN: [Column; 4] =
    [Column::NetSales, Column::CostOfSales, Column::Margin, Column::MarginRate];

impl Reader {
    /// Sales, what they cost, and what was earned on them (毛利).
    pub(super) fn margin(
        &self,
        scope: &Scope,
        by: MarginGroup,
        notes: &mut Vec<Note>,
    ) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let numbers = goods.numbers();
        let is_wanted = |sku: &Sku| numbers.get(sku).is_none_or(|at| goods.is_wanted(*at));
        let mut groups: BTreeMap<String, Earned> = BTreeMap::new();
        let mut total = Earned::default();
        self.each_entry(scope, notes, |fact, entry| {
            let Some(sku) = entry.sku.filter(|sku| is_wanted(sku)) else { return Ok(()) };
            if !matches!(entry.role, Role::Revenue | Role::CostOfSales) {
                return Ok(());
            }
            let known = |name: Option<String>| name.unwrap_or_default();
            let key = match by {
                MarginGroup::Product => sku.to_string(),
                MarginGroup::Store => fact.store.to_string(),
                MarginGroup::Operator => known(fact.operator.as_ref().map(ToString::to_string)),
                MarginGroup::Member => known(fact.member.as_ref().map(ToString::to_string)),
            };
            groups.entry(key).or_default().add(entry);
            total.add(entry);
            if groups.len() > MAX_REPORT_ROWS {
                return Err(BooksError::ReportTooLong { most: MAX_REPORT_ROWS });
            }
            Ok(())
        })?;
        let mut columns = match by {
            MarginGroup::Product => vec![Column::Sku, Column::Product],
            MarginGroup::Store => vec![Column::Store],
            MarginGroup::Operator => vec![Column::Operator],
            MarginGroup::Member => vec![Column::Member],
        };
        let before = columns.len();
        columns.extend(MARGIN);
        let row = |(key, earned): (&String, &Earned)| {
            let mut row = vec![Cell::text(key)];
            if by == MarginGroup::Product {
                let number = key.parse::<Sku>().ok().and_then(|sku| numbers.get(&sku).copied());
                row.push(number.map_or(Cell::Empty, |number| goods.name(number)));
            }
            row.extend(earned.margin_cells());
            row
        };
        let mut last = vec![Cell::Empty; before];
        last.extend(total.margin_cells());
        Ok(Sheet { columns, rows: groups.iter().map(row).collect(), total: Some(last) })
    }

    /// Profit and loss as far as goods go: margin, less corrections of cost and losses (毛利表).
    pub(super) fn profit(&self, scope: &Scope, notes: &mut Vec<Note>) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let numbers = goods.numbers();
        let is_wanted = |sku: &Sku| numbers.get(sku).is_none_or(|at| goods.is_wanted(*at));
        let mut stores: BTreeMap<String, Earned> = BTreeMap::new();
        let mut total = Earned::default();
        self.each_entry(scope, notes, |fact, entry| {
            if entry.sku.is_some_and(is_wanted) {
                stores.entry(fact.store.to_string()).or_default().add(entry);
                total.add(entry);
            }
            Ok(())
        })?;
        let mut columns = vec![Column::Store];
        columns.extend(MARGIN);
        columns.extend([Column::CostAdjustments, Column::Loss, Column::GrossProfit]);
        let cells = |first: Cell, of: &Earned| {
            let mut row = vec![first];
            row.extend(of.profit_cells());
            row
        };
        let rows = stores.iter().map(|(store, earned)| cells(Cell::text(store), earned)).collect();
        Ok(Sheet { columns, rows, total: Some(cells(Cell::Empty, &total)) })
    }

    /// Tax on what was sold by rate, and tax that suppliers asked for (增值税汇总).
    pub(super) fn tax(&self, scope: &Scope, notes: &mut Vec<Note>) -> Result<Sheet> {
        let mut rates: BTreeMap<Option<TaxRate>, Taxed> = BTreeMap::new();
        let mut total = Taxed::default();
        self.each_entry(scope, notes, |_, entry| {
            if matches!(entry.role, Role::Revenue | Role::OutputTax | Role::InputTax) {
                rates.entry(entry.rate).or_default().add(entry);
                total.add(entry);
            }
            Ok(())
        })?;
        let columns = vec![
            Column::Rate,
            Column::NetSales,
            Column::OutputTax,
            Column::InputTax,
            Column::TaxDue,
        ];
        let cells = |rate: Option<TaxRate>, taxed: &Taxed| {
            let mut row: Row = vec![rate.map(|rate| i128::from(rate.basis_points())).into()];
            row.extend(taxed.cells());
            row
        };
        let rows = rates.iter().map(|(rate, taxed)| cells(*rate, taxed)).collect();
        Ok(Sheet { columns, rows, total: Some(cells(None, &total)) })
    }

    /// Goes through what the facts of a scope come to, and notes how many can't be told.
    fn each_entry(
        &self,
        scope: &Scope,
        notes: &mut Vec<Note>,
        mut each: impl FnMut(&Fact, &Entry<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut left_out = 0;
        for (store, _) in self.stores_of(scope)? {
            for date in self.days(&store)? {
                if date < scope.period.from() || date > scope.period.to() {
                    continue;
                }
                for stored in self.facts_of_day(&store, date)? {
                    let undone = self.undone_by(&stored.fact)?;
                    let mut found = Vec::new();
                    match entries(&stored.fact, undone.as_ref(), &mut found) {
                        Ok(()) => {
                            found.iter().try_for_each(|entry| each(&stored.fact, entry))?;
                        }
                        Err(_) => left_out += 1,
                    }
                }
            }
        }
        if left_out > 0 {
            notes.push(Note::LeftOut { facts: left_out });
        }
        Ok(())
    }
}
