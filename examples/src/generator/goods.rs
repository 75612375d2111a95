//! The goods behind the counter: opening stock, deliveries, counts, waste.

use std::collections::BTreeMap;

use ledger::amount::Quantity;
use ledger::command::{AdjustLine, InboundLine};
use ledger::id::Sku;

use super::basket::thousandths;
use super::day::{Draft, Sale, Scene};
use super::products::Item;
use super::stores::Store;
use super::{Action, Chain, rhythm};

/// Days of sales in the opening stock.
const OPENING_DAYS: u64 = 6;

/// What stands on the shelf even if nobody is expected to want it: pieces, and grams.
const LEAST_PIECES: u64 = 4;
const LEAST_GRAMS: u64 = 5_000;

/// A bag of weighed goods, for the opening stock.
const USUAL_GRAMS: u64 = 600;

/// Pieces come in cases of so many, rounded up: stock drifts up a little, as it does.
const CASE: i64 = 3_000;

/// Items missing from a delivery, in a thousand; some are sold below zero soon after.
const SHORT_PERMILLE: u64 = 60;

/// The two centres that deliver, and when: fresh goods before the rest.
const FRESH_CENTRE: (&str, u64) = ("鲜食配送中心 Fresh food centre", 5 * 3_600 + 600);
const DRY_CENTRE: (&str, u64) = ("常温配送中心 Dry goods centre", 5 * 3_600 + 2_400);

/// Each store counts some shelves once a week, before it opens.
const COUNT_SECOND: u64 = 5 * 3_600 + 3_000;
const COUNT_LINES_MOST: u64 = 5;

/// What is past its time goes when the door is shut.
const SCRAP_SECOND: u64 = rhythm::LAST_SECOND + 60;

/// Fresh items of which something is left over, in a thousand of those that sold.
const LEFT_OVER_PERMILLE: u64 = 180;

/// The stock with which a store's books open.
pub(super) fn opening(chain: &Chain, store: &Store) -> Vec<InboundLine> {
    let scale = chain.scale();
    let mut dice = store.dice(scale.seed, "opening", scale.first_day);
    // A basket holds about two and a half lines.
    let lines_a_day = u64::from(scale.sales_per_day) * store.size_permille * 5 / 2_000;
    let line = |(at, item): (usize, &Item)| {
        let share = chain.demand.share(store.neighbourhood, at);
        let wanted = lines_a_day * OPENING_DAYS * share / 1_000_000 * dice.between(60, 140) / 100;
        let quantity = if item.is_weighed() {
            thousandths((wanted * USUAL_GRAMS).max(LEAST_GRAMS))
        } else {
            thousandths(wanted.max(LEAST_PIECES) * 1_000)
        };
        inbound(item, quantity, Scene { chain, store, date: scale.first_day })
    };
    chain.items().iter().enumerate().map(line).collect()
}

/// The deliveries of the morning: what was sold the day before, nearly all of it.
pub(super) fn deliveries(scene: Scene<'_>, yesterday: &[Sale]) -> Vec<Draft> {
    let mut sold: BTreeMap<&Sku, i64> = BTreeMap::new();
    for line in yesterday.iter().flat_map(|sale| &sale.lines) {
        *sold.entry(&line.sku).or_default() += line.quantity.thousandths();
    }
    let mut dice = scene.dice("deliveries");
    let mut lines: [Vec<InboundLine>; 2] = [Vec::new(), Vec::new()];
    for item in scene.chain.items() {
        let Some(sold) = sold.get(&item.product.sku) else { continue };
        if dice.chance(SHORT_PERMILLE) {
            continue;
        }
        let wanted = if item.is_weighed() { *sold } else { (sold + CASE - 1) / CASE * CASE };
        let wanted = thousandths(wanted.unsigned_abs());
        let centre = usize::from(!item.category.comes_fresh());
        lines[centre].push(inbound(item, wanted, scene));
    }
    let draft = |(number, ((supplier, second), lines))| {
        let action = Action::Receive { lines, supplier };
        Draft { request: scene.request("delivery", number), second, action }
    };
    let centres = [FRESH_CENTRE, DRY_CENTRE].into_iter().zip(lines);
    (1..).zip(centres.filter(|(_, lines)| !lines.is_empty())).map(draft).collect()
}

/// What a count of some shelves finds.
pub(super) fn count(scene: Scene<'_>) -> Option<Draft> {
    let day = rhythm::day_number(scene.date).unsigned_abs();
    if day % 7 != scene.store.index % 7 {
        return None;
    }
    let mut dice = scene.dice("count");
    let mut lines: Vec<AdjustLine> = Vec::new();
    for _ in 0..dice.between(1, COUNT_LINES_MOST) {
        let item = dice.pick(scene.chain.items())?;
        let off = thousandths(if item.is_weighed() { dice.between(20, 400) } else { 1_000 });
        // More is missing than turns up.
        let quantity = if dice.chance(700) { off.negated() } else { off };
        if lines.iter().all(|line| line.sku != item.product.sku) {
            lines.push(AdjustLine { sku: item.product.sku.clone(), lot: None, quantity });
        }
    }
    let action = Action::Adjust { lines, reason: "货架盘点 shelf count" };
    Some(Draft { request: scene.request("count", 1), second: COUNT_SECOND, action })
}

/// What is thrown away in the evening.
pub(super) fn scrap(scene: Scene<'_>, today: &[Sale]) -> Option<Draft> {
    let mut dice = scene.dice("scrap");
    let mut lines = Vec::new();
    for item in scene.chain.items().iter().filter(|item| item.category.is_fresh()) {
        let sku = &item.product.sku;
        let sold = today.iter().flat_map(|sale| &sale.lines).any(|line| line.sku == *sku);
        if sold && dice.chance(LEFT_OVER_PERMILLE) {
            let left =
                if item.is_weighed() { dice.between(50, 600) } else { dice.between(1, 3) * 1_000 };
            lines.push(AdjustLine { sku: sku.clone(), lot: None, quantity: thousandths(left) });
        }
    }
    let action = Action::Scrap { lines, reason: "当日过期 past its day" };
    let draft = Draft { request: scene.request("scrap", 1), second: SCRAP_SECOND, action };
    Some(draft)
        .filter(|draft| !matches!(&draft.action, Action::Scrap { lines, .. } if lines.is_empty()))
}

fn inbound(item: &Item, quantity: Quantity, scene: Scene<'_>) -> InboundLine {
    let price = item.cost_on(scene.chain.scale().seed, scene.date);
    let cost = price.times(quantity).expect("a delivery is far below the limit").to_coins();
    InboundLine { sku: item.product.sku.clone(), lot: None, quantity, cost }
}
