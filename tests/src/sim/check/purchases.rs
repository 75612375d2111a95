//! Purchases: the orders tell what the facts did, all of it once, and each ends or waits.

use std::collections::BTreeMap;

use ledger::fold::Balance;
use ledger::id::{PurchaseId, Sku, StoreId};
use ledger::purchase::{Line, ReturnKind, Stage};

use super::orders::is_one_however_they_come;
use crate::sim::ending::{Ending, purchase_of, purchase_status};
use crate::sim::shop::{Bought, Heap, Passing, Spot};

pub(super) fn order_does_not_matter(ending: &Ending) -> Result<(), String> {
    for (doc, events) in &ending.hub().orders {
        let now = purchase_of(doc).and_then(|id| ending.hub().purchases.get(&id));
        if let Some(now) = now
            && !is_one_however_they_come(events, now, |events| purchase_status(events))
        {
            return Err(format!("{doc} looks different when its entries come in another order"));
        }
    }
    Ok(())
}

/// What was ordered, is due again and came beyond that is what came, is to come and fell short. Of one
/// line not both is true: that too little came, and too much.
pub(super) fn lines_add_up(ending: &Ending) -> Result<(), String> {
    for (id, purchase) in &ending.hub().purchases {
        let mut ordered: BTreeMap<(&StoreId, &Sku), i128> = BTreeMap::new();
        for line in purchase.order.iter().flat_map(|(_, order)| &order.lines) {
            let sum = ordered.entry((&line.store, &line.sku)).or_default();
            *sum += i128::from(line.quantity.thousandths());
        }
        for ((store, sku), line) in &purchase.lines {
            let due = line.ordered + line.exchanged + line.over;
            let came = line.accepted.quantity + line.rejected.quantity;
            let ends = [line.open, line.short, line.over];
            let one_way = ends.iter().filter(|end| **end != 0).count() <= 1
                && ends.iter().all(|end| *end >= 0);
            let agreed = ordered.remove(&(store, sku)).unwrap_or_default() == line.ordered;
            if due != came + line.open + line.short || !one_way || !agreed {
                return Err(format!("{id}, {sku} for {store} does not add up: {line:?}"));
            }
        }
        if let Some(((store, sku), _)) = ordered.first_key_value() {
            return Err(format!("{id}: {sku} for {store} is ordered and on no line"));
        }
    }
    Ok(())
}

/// Each line against a recount of the goods that the people at the stores moved.
pub(super) fn lines_are_as_recounted(ending: &Ending) -> Result<(), String> {
    let mut recount = recount(ending);
    for (id, purchase) in &ending.hub().purchases {
        for ((store, sku), line) in &purchase.lines {
            let counted = recount.remove(&(id, store, sku)).unwrap_or_default();
            let told = Counted::of(line);
            if told != counted {
                return Err(format!(
                    "{id}, {sku} at {store}: told {told:?}, recounted {counted:?}"
                ));
            }
        }
    }
    match recount.first_key_value() {
        Some(((id, store, sku), _)) => {
            Err(format!("{id}: the order knows nothing of {sku} at {store}"))
        }
        None => Ok(()),
    }
}

/// Once goods have come, no word changes that; before, no word makes it so.
pub(super) fn stage_follows_the_goods(ending: &Ending) -> Result<(), String> {
    let recount = recount(ending);
    for (id, purchase) in &ending.hub().purchases {
        let moved = recount.keys().any(|(of, ..)| *of == id);
        let says = match purchase.stage {
            Stage::PartlyReceived | Stage::Received => true,
            Stage::ShortClosed => moved,
            _ => false,
        };
        if moved != says {
            let goods = if moved { "came" } else { "did not come" };
            return Err(format!("{id} is {:?} and its goods {goods}", purchase.stage));
        }
    }
    Ok(())
}

pub(super) fn each_is_over_or_waits(ending: &Ending) -> Result<(), String> {
    for (id, purchase) in &ending.hub().purchases {
        let over = matches!(
            purchase.stage,
            Stage::Received | Stage::ShortClosed | Stage::Rejected | Stage::Cancelled
        );
        if !over && purchase.waits_for.is_empty() {
            return Err(format!("{id} is {:?} and waits for nothing", purchase.stage));
        }
    }
    Ok(())
}

/// What moved in one line of a purchase.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    accepted: Heap,
    rejected: Heap,
    returned: Heap,
    exchanged: i128,
}

impl Counted {
    fn of(line: &Line) -> Self {
        let heap = |Balance { quantity, value }: Balance| Heap { quantity, value };
        Self {
            accepted: heap(line.accepted),
            rejected: heap(line.rejected),
            returned: heap(line.returned),
            exchanged: line.exchanged,
        }
    }

    fn add(&mut self, Passing { from, to, sku, quantity }: &Passing, bought: &Bought) {
        match (from, to) {
            (Spot::At(_, from), Spot::At(_, to)) if from == "supplier" => match to.as_str() {
                "on_hand" => self.accepted.add(sku, *quantity),
                _ => self.rejected.add(sku, *quantity),
            },
            _ => {
                self.returned.add(sku, *quantity);
                if bought.back == Some(ReturnKind::Exchange) {
                    self.exchanged += i128::from(*quantity);
                }
            }
        }
    }
}

/// What the stores moved for each line, by the facts that are in the books.
fn recount(ending: &Ending) -> BTreeMap<(&PurchaseId, &StoreId, &Sku), Counted> {
    let mut recount: BTreeMap<_, Counted> = BTreeMap::new();
    for (key, bought) in &ending.shop.bought {
        let (store, id, text) = key;
        let booked = ending.hub().facts.get(&(store.clone(), *id)) == Some(text);
        let deal = ending.shop.deals.get(key).filter(|_| booked);
        for goods in deal.into_iter().flat_map(|deal| &deal.goods) {
            let counted = recount.entry((&bought.purchase, store, &goods.sku)).or_default();
            counted.add(goods, bought);
        }
    }
    recount
}
