//! Promotions that lines name.

use std::collections::BTreeMap;

use super::history::{PriceHistory, Sale};
use crate::check::{Evidence, Observed};
use crate::fact::{Cause, ReceiptLine};
use crate::id::{PromotionId, Sku};
use crate::promotion::Promotion;
use crate::time::Timestamp;

/// What is wrong with the first promotion of a line that was not in force.
pub(super) fn out_of_force(
    number: usize,
    line: &ReceiptLine,
    history: &PriceHistory,
    sale: Sale<'_>,
) -> Option<(Sku, Evidence)> {
    let named = line.priced.reductions.iter().filter_map(|part| match &part.cause {
        Cause::Promotion(id) => Some(id),
        Cause::Basket | Cause::Points => None,
    });
    let wrong = named.into_iter().find(|id| !history.promoted(id, &line.sku, sale))?;
    let found = Observed::Word(wrong.as_str().into());
    Some((line.sku.clone(), Evidence::on_line(number, Observed::Nothing, found)))
}

impl PriceHistory {
    /// Whether a promotion may have held for a product at the till of a sale.
    fn promoted(&self, id: &PromotionId, sku: &Sku, sale: Sale<'_>) -> bool {
        let Some(set) = self.promotions.get(id) else { return false };
        let (from, until) = sale.span;
        let changed = set.iter().map(|(at, ..)| *at).filter(|at| (from..=until).contains(at));
        let mut moments: Vec<Timestamp> = changed.chain([from]).collect();
        moments.sort_unstable();
        moments.dedup();
        moments.into_iter().any(|moment| {
            let known = set.iter().filter(|(at, ..)| *at <= moment);
            let fields: BTreeMap<_, &str> =
                known.map(|(_, field, text)| (*field, &**text)).collect();
            let Ok(promotion) = Promotion::from_fields(id.clone(), fields) else { return false };
            let store = self.membership(sale.store, moment);
            may_be_on(&promotion, sku)
                && promotion.is_for(&store)
                && sale.walls().any(|wall| promotion.window.is_open(wall))
        })
    }
}

/// Whether a product may be among its goods: which category it was in then is not known.
fn may_be_on(promotion: &Promotion, sku: &Sku) -> bool {
    let goods = &promotion.goods;
    let by_sku_alone = goods.categories.is_empty() && goods.brands.is_empty();
    goods.are_all() || !by_sku_alone || goods.skus.contains(sku)
}
