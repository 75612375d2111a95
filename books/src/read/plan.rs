//! What a store should buy: what the books know of it, put to the ledger's rule.

use std::collections::BTreeMap;

use ledger::amount::Quantity;
use ledger::catalog::{Product, ProductStatus};
use ledger::id::{Sku, StoreId};
use ledger::plan::{
    Limits, LimitsFrom, MAX_HISTORY_DAYS, PlanLine, Standing, Terms, demand, limits, propose,
};
use ledger::time::BusinessDate;

use super::{ProductFilter, Reader, StockFilter, StockRow};
use crate::error::Result;

/// For what a purchase plan is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFor {
    /// For which store.
    pub store: StoreId,
    /// The last day whose sales count: the last one that is over.
    pub through: BusinessDate,
    /// How many days of sales count.
    pub days: u32,
    /// How products are bought of which nothing better is known.
    pub terms: Terms,
    /// For how many days' sales a store keeps a reserve of products that have no minimum.
    pub reserve_days: u32,
}

impl Reader {
    /// What a store should buy, by SKU: a line for each product for sale that it has, sells, awaits or
    /// is to have.
    pub fn purchase_plan(&self, plan: &PlanFor) -> Result<Vec<PlanLine>> {
        let days = plan.days.clamp(1, MAX_HISTORY_DAYS);
        let back = i32::try_from(days - 1).unwrap_or(0);
        let sold = self.sold_by_day(&plan.store, plan.through.plus_days(-back), plan.through)?;
        let filter = StockFilter { store: Some(plan.store.clone()), ..StockFilter::default() };
        let stock = self.stock(&filter)?.into_iter().map(|row| (row.sku.clone(), row));
        let stock: BTreeMap<Sku, StockRow> = stock.collect();
        let none = vec![Quantity::ZERO; sold.days];
        let mut lines = Vec::new();
        for product in self.products(&ProductFilter::default())? {
            if product.status != ProductStatus::Active {
                continue;
            }
            let row = stock.get(&product.sku);
            let history = sold.skus.get(&product.sku);
            if row.is_none() && history.is_none() && product.min_stock.is_none() {
                continue;
            }
            let demand = demand(history.unwrap_or(&none), plan.terms.reach());
            let (limits, limits_from) = match product.min_stock.or(product.max_stock) {
                Some(_) => (set_limits(&product), LimitsFrom::HeadOffice),
                None => (limits(&demand, &plan.terms, plan.reserve_days), LimitsFrom::Sales),
            };
            let standing = row.map(standing).unwrap_or_default();
            let proposal = propose(&standing, &limits, &demand, &plan.terms);
            let terms = plan.terms;
            lines.push(PlanLine {
                product,
                standing,
                demand,
                limits,
                limits_from,
                terms,
                proposal,
            });
        }
        Ok(lines)
    }
}

fn set_limits(product: &Product) -> Limits {
    Limits { min: product.min_stock.unwrap_or_default(), max: product.max_stock }
}

fn standing(row: &StockRow) -> Standing {
    let promised = row.promised.unwrap_or_default();
    Standing {
        on_hand: row.stock.quantity,
        reserved: promised.reserved,
        incoming: promised.incoming,
        on_order: Quantity::ZERO,
    }
}
