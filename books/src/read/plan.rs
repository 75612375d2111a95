//! What a store should buy: what the books know of it, put to the ledger's rule.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use ledger::amount::Quantity;
use ledger::bounds::{Bounds, Entry as BoundsEntry, bounds};
use ledger::catalog::ProductStatus;
use ledger::id::{Sku, StoreId, SupplierId};
use ledger::plan::{
    Limits, LimitsFrom, MAX_HISTORY_DAYS, PlanLine, Standing, Terms, demand, limits, propose,
    settle,
};
use ledger::supplier::{Offer, OfferStatus, SupplierStatus};
use ledger::time::BusinessDate;

use super::bounds::BoundsRow;
use super::supplier::OfferFilter;
use super::{OnOrder, ProductFilter, Reader, StockFilter, StockRow};
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
        let awaited = self.all_on_order(Some(&plan.store))?;
        let offers = self.best_offers()?;
        let (set, member) = (self.bounds_by_sku()?, self.membership(&plan.store)?);
        let (mut lines, mut chosen) = (Vec::new(), BTreeMap::new());
        for product in self.products(&ProductFilter::default())? {
            if product.status != ProductStatus::Active {
                continue;
            }
            let sku = &product.sku;
            let (row, history) = (stock.get(sku), sold.skus.get(sku));
            let entries = set.get(sku).map(Vec::as_slice).unwrap_or_default();
            let wanted = bounds(Bounds::of(&product), entries, &member, plan.through);
            if row.is_none() && history.is_none() && wanted.min.is_none() {
                continue;
            }
            let (supplier, offer) = offers.get(sku).cloned().unzip();
            let terms = offer.as_ref().map_or(plan.terms, |offer| terms_of(offer, &plan.terms));
            let demand = demand(history.unwrap_or(&none), terms.reach());
            let (limits, limits_from) = match wanted.min.or(wanted.max) {
                Some(_) => {
                    let min = wanted.min.unwrap_or_default();
                    (Limits { min, max: wanted.max }, LimitsFrom::HeadOffice)
                }
                None => (limits(&demand, &terms, plan.reserve_days), LimitsFrom::Sales),
            };
            let standing = standing(row, awaited.get(sku));
            let proposal = propose(&standing, &limits, &demand, &terms);
            let unit_price = product.purchase_price;
            chosen.extend(offer.map(|offer| (product.sku.clone(), offer)));
            lines.push(PlanLine {
                product,
                standing,
                demand,
                limits,
                limits_from,
                supplier,
                list_price: unit_price,
                unit_price,
                terms,
                proposal,
            });
        }
        settle(&mut lines, &self.suppliers()?, &chosen);
        Ok(lines)
    }

    /// For each product the offer that asks least: of those that ask the same the one that is there
    /// first, and one without a price last.
    fn best_offers(&self) -> Result<BTreeMap<Sku, (SupplierId, Offer)>> {
        let suppliers = self.suppliers()?.into_iter();
        let active = suppliers.filter(|supplier| supplier.status == SupplierStatus::Active);
        let active: BTreeSet<SupplierId> = active.map(|supplier| supplier.id).collect();
        let mut best: BTreeMap<Sku, (SupplierId, Offer)> = BTreeMap::new();
        let rank = |offer: &Offer| (offer.price.is_none(), offer.price, offer.lead_days);
        for ((supplier, sku), offer) in self.offers(&OfferFilter::default())? {
            if offer.status != OfferStatus::Active || !active.contains(&supplier) {
                continue;
            }
            match best.entry(sku) {
                Entry::Vacant(none) => drop(none.insert((supplier, offer))),
                Entry::Occupied(mut known) if rank(&offer) < rank(&known.get().1) => {
                    known.insert((supplier, offer));
                }
                Entry::Occupied(_) => {}
            }
        }
        Ok(best)
    }

    fn bounds_by_sku(&self) -> Result<BTreeMap<Sku, Vec<BoundsEntry>>> {
        let mut set: BTreeMap<Sku, Vec<BoundsEntry>> = BTreeMap::new();
        for BoundsRow { sku, entry } in self.bounds_entries(None)? {
            set.entry(sku).or_default().push(entry);
        }
        Ok(set)
    }
}

fn terms_of(offer: &Offer, usual: &Terms) -> Terms {
    let lead_days = offer.lead_days.map_or(usual.lead_days, u32::from);
    Terms { lead_days, pack: offer.pack, minimum: offer.minimum, ..*usual }
}

fn standing(row: Option<&StockRow>, awaited: Option<&OnOrder>) -> Standing {
    let promised = row.and_then(|row| row.promised).unwrap_or_default();
    let awaited = awaited.copied().unwrap_or_default();
    Standing {
        on_hand: row.map(|row| row.stock.quantity).unwrap_or_default(),
        reserved: promised.reserved,
        incoming: promised.incoming,
        // What waits for a decision counts, or it would be ordered twice.
        on_order: awaited.on_order.plus(awaited.planned).unwrap_or(awaited.on_order),
    }
}
