//! What baskets are priced by at this store, and what one would cost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use books::BooksError;
use books::read::StockFilter;
use ledger::id::Sku;
use ledger::promotion::{Age, Deal, Promotion};
use ledger::scope::Membership;
use ledger::time::Timestamp;

use super::Node;
use super::catalog::Products;
use super::lookup::InTx;
use crate::book::lookup::Counter;
use crate::book::{self, BookError, Drafted};
use crate::error::Result;
use crate::request::{About, Request, Sell, Task};

/// Over how many days sales are looked at to say for how long a stock will last: four whole weeks.
const SALES_DAYS: i32 = 28;

/// The days for which a stock lasts of which nothing is sold: more than any step of a clearance.
const FOR_EVER: u32 = u32::MAX;

impl Node {
    /// What a sale would be, and what a person should know about it. Nothing is booked.
    pub(crate) fn quote(&self, about: About, sell: Sell) -> Result<Drafted> {
        let mut request = Request { about, task: sell.into() };
        let stamp = self.stamp();
        let products = self.scanned(std::slice::from_mut(&mut request), stamp.at)?;
        let counter = self.counter(std::slice::from_ref(&request), &products, stamp.at)?;
        Ok(self.books().write(move |tx| -> Result<_, BookError<BooksError>> {
            let header = stamp.header(tx, &request.about)?;
            let mut books = InTx { tx, products: &products, counter: &counter };
            book::draft(&request, header, &mut books)
        })?)
    }

    /// The promotions that are for this store, whether they hold now or not.
    pub(crate) fn promotions(&self) -> Result<Arc<[Promotion]>> {
        self.inner.shelf.promotions(self)
    }

    /// What the baskets of requests are priced by at a moment.
    pub(super) fn counter(
        &self,
        requests: &[Request],
        products: &Products,
        at: Timestamp,
    ) -> Result<Arc<Counter>> {
        let (store, promotions) = match requests.iter().any(leaves_prices_open) {
            true => (self.inner.shelf.store(self)?, self.inner.shelf.promotions(self)?),
            false => (Arc::new(Membership::alone(self.store().clone())), Vec::new().into()),
        };
        let wall = self.wall(at);
        let held = promotions.iter().filter(|promotion| promotion.holds(&store, wall));
        let stock_days = self.stock_days(held, products)?;
        let (rules, returns) = (self.config().till.clone(), self.config().returns.rules());
        Ok(Arc::new(Counter { promotions, store, wall, rules, returns, stock_days }))
    }

    /// For how many days the stock of those products lasts that are cleared by it.
    fn stock_days<'p>(
        &self,
        promotions: impl Iterator<Item = &'p Promotion>,
        products: &Products,
    ) -> Result<BTreeMap<Sku, u32>> {
        let by_stock = |promotion: &&Promotion| {
            matches!(promotion.deal, Deal::Clearance { by: Age::Stock, .. })
        };
        let clearing: Vec<&Promotion> = promotions.filter(by_stock).collect();
        let wanted = products
            .values()
            .flatten()
            .map(|found| &found.product)
            .filter(|product| clearing.iter().any(|promotion| promotion.goods.cover(product)));
        let wanted: BTreeSet<&Sku> = wanted.map(|product| &product.sku).collect();
        let mut days = BTreeMap::new();
        if wanted.is_empty() {
            return Ok(days);
        }
        let reader = self.books().reader()?;
        let today = self.today();
        let from = today.plus_days(1 - SALES_DAYS);
        for sku in wanted {
            let store = Some(self.store().clone());
            let filter = StockFilter { store, sku: Some(sku.clone()), at: None };
            let on_hand = reader.stock(&filter)?.pop().map(|row| row.stock.quantity);
            let on_hand = on_hand.unwrap_or_default().thousandths();
            let sold = reader.sold_of(self.store(), sku, (from, today))?.thousandths();
            let lasts = match (on_hand, sold) {
                (..=0, _) => 0,
                (_, ..=0) => FOR_EVER,
                (on_hand, sold) => {
                    let days = i128::from(on_hand) * i128::from(SALES_DAYS) / i128::from(sold);
                    u32::try_from(days).unwrap_or(FOR_EVER)
                }
            };
            days.insert(sku.clone(), lasts);
        }
        Ok(days)
    }
}

/// Whether a request leaves a price to the price lists.
fn leaves_prices_open(request: &Request) -> bool {
    let sell = match &request.task {
        Task::Sell(sell) => sell,
        Task::Exchange(exchange) => &exchange.take,
        _ => return false,
    };
    sell.lines.iter().any(|line| line.price.is_none())
}
