//! Figures drawn from the stock movement summary: turnover, sell-through, ABC, what stock costs.

use std::collections::BTreeMap;

use ledger::report::{
    Borders, Cell, Class, Column, Flow, Group, Moved, Rank, Row, Scope, Sheet, Summary, Turnover,
    classify, holding_cost, percent,
};

use super::goods::Goods;
use super::movements::Moves;
use super::{Key, head, sheet};
use crate::error::Result;
use crate::read::Reader;

/// What a group comes to.
#[derive(Debug, Clone, Default)]
struct Figures {
    summary: Summary,
    daily_value: i128,
    /// Products at stores that were there to sell, and those that were sold.
    stocked: i128,
    active: i128,
    holding: i128,
}

impl Figures {
    fn add(&mut self, moves: &Moves, rate: u32) {
        self.summary.add(&moves.summary);
        self.daily_value += moves.daily_value;
        let sold = moves.summary.sales().quantity > 0;
        self.active += i128::from(sold);
        self.stocked += i128::from(sold || supply(&moves.summary) > 0);
        self.holding += holding_cost(moves.daily_value, rate);
    }
}

/// What there was to sell: what customers brought back is taken off the sales instead.
fn supply(summary: &Summary) -> i128 {
    let came = Flow::ALL.into_iter().filter(|flow| flow.begins_age());
    summary.opening.quantity.max(0) + came.map(|flow| summary.flow(flow).quantity).sum::<i128>()
}

/// Sales without tax.
fn net(sales: Moved) -> i128 {
    sales.paid - sales.tax
}

impl Reader {
    /// The figures of a scope by group, and of all of it.
    fn figures(
        &self,
        (scope, by, goods): (&Scope, Group, &Goods),
        rate: impl Fn(&str) -> u32,
    ) -> Result<(BTreeMap<Key, Figures>, Figures)> {
        let mut total = Figures::default();
        let groups = self.grouped(
            (scope, by, goods),
            |store| self.moves(store, scope.period),
            |group: &mut Figures, store, moves: Moves| {
                let rate = rate(store.as_str());
                group.add(&moves, rate);
                total.add(&moves, rate);
            },
        )?;
        Ok((groups, total))
    }

    pub(super) fn turnover(&self, scope: &Scope, by: Group) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let (groups, total) = self.figures((scope, by, &goods), |_| 0)?;
        let columns = vec![
            Column::SoldQuantity,
            Column::CostOfSales,
            Column::AverageStock,
            Column::TurnoverTimes,
            Column::StockDays,
        ];
        let days = scope.period.days();
        let cells = |of: &Figures| -> Row {
            let sales = of.summary.sales();
            let cost_of_sales = sales.value;
            let turnover = Turnover { cost_of_sales, daily_stock: of.daily_value, days };
            vec![
                Cell::Number(sales.quantity),
                Cell::Number(cost_of_sales),
                Cell::Number(turnover.average_stock()),
                turnover.times().into(),
                turnover.stock_days().into(),
            ]
        };
        Ok(sheet((by, &goods), &groups, &total, columns, cells))
    }

    pub(super) fn sell_through(&self, scope: &Scope, by: Group) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let (groups, total) = self.figures((scope, by, &goods), |_| 0)?;
        let columns = vec![
            Column::Supply,
            Column::SoldQuantity,
            Column::SellThrough,
            Column::Stocked,
            Column::Active,
            Column::ActiveRate,
        ];
        let cells = |of: &Figures| -> Row {
            let (supply, sold) = (supply(&of.summary), of.summary.sales().quantity);
            vec![
                Cell::Number(supply),
                Cell::Number(sold),
                percent(sold, supply).into(),
                Cell::Number(of.stocked),
                Cell::Number(of.active),
                percent(of.active, of.stocked).into(),
            ]
        };
        Ok(sheet((by, &goods), &groups, &total, columns, cells))
    }

    pub(super) fn abc(&self, scope: &Scope, rank: Rank, borders: Borders) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let by = Group::Product;
        let (groups, total) = self.figures((scope, by, &goods), |_| 0)?;
        let amount = |of: &Figures| {
            let sales = of.summary.sales();
            match rank {
                Rank::Sales => sales.paid,
                Rank::Margin => net(sales) - sales.value,
                Rank::Quantity => sales.quantity,
            }
        };
        let groups: Vec<_> = groups.into_iter().collect();
        let amounts: Vec<i128> = groups.iter().map(|(_, of)| amount(of)).collect();
        let money = |of: &Figures| {
            let sales = of.summary.sales();
            let margin = net(sales) - sales.value;
            [
                Cell::Number(sales.quantity),
                Cell::Number(sales.paid),
                Cell::Number(margin),
                percent(margin, net(sales)).into(),
            ]
        };
        let mut columns = vec![Column::Class];
        columns.extend(head(by));
        columns.extend([
            Column::SoldQuantity,
            Column::Sales,
            Column::Margin,
            Column::MarginRate,
            Column::Share,
            Column::Through,
        ]);
        let row = |class: Class, head: Row, of: &Figures, shares: [Cell; 2]| {
            let mut row = vec![Cell::text(class.to_string())];
            row.extend(head);
            row.extend(money(of));
            row.extend(shares);
            row
        };
        let rows = classify(&amounts, borders).into_iter().map(|classed| {
            let (key, of) = &groups[classed.place];
            let shares = [Cell::Number(classed.share), Cell::Number(classed.through)];
            row(classed.class, key.cells(by, &goods), of, shares)
        });
        let rows = rows.collect();
        let mut last = vec![Cell::Empty; 1 + head(by).len()];
        last.extend(money(&total));
        last.extend([Cell::Empty, Cell::Empty]);
        Ok(Sheet { columns, rows, total: Some(last) })
    }

    pub(super) fn cost(
        &self,
        scope: &Scope,
        by: Group,
        rate: u32,
        store_rates: &[(String, u32)],
    ) -> Result<Sheet> {
        let goods = self.goods(scope)?;
        let own = |store: &str| store_rates.iter().find(|(name, _)| name == store);
        let rate_of = |store: &str| own(store).map_or(rate, |(_, rate)| *rate);
        let (groups, total) = self.figures((scope, by, &goods), rate_of)?;
        let columns = vec![
            Column::BoughtValue,
            Column::AverageStock,
            Column::HoldingCost,
            Column::Loss,
            Column::TotalCost,
        ];
        let days = scope.period.days();
        let cells = |of: &Figures| -> Row {
            let value = |flow| of.summary.flow(flow).value;
            let bought = value(Flow::Received) - value(Flow::SentBack);
            let loss = value(Flow::Lost) + value(Flow::Scrapped) - value(Flow::Found);
            let stock = Turnover { cost_of_sales: 0, daily_stock: of.daily_value, days };
            vec![
                Cell::Number(bought),
                Cell::Number(stock.average_stock()),
                Cell::Number(of.holding),
                Cell::Number(loss),
                Cell::Number(bought + of.holding + loss),
            ]
        };
        Ok(sheet((by, &goods), &groups, &total, columns, cells))
    }
}
