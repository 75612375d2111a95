//! What customers bring back.

use ledger::command::SaleLine;
use ledger::fact::{PaymentMethod, Priced};
use ledger::id::RequestId;

use super::Action;
use super::basket::{line_total, thousandths};
use super::day::{Draft, Sale, Scene};
use super::dice::Dice;
use super::payment::refund;
use super::rhythm;

/// Sales of which something comes back, in a thousand: on the same day, and on the next.
const SAME_DAY_PERMILLE: u64 = 6;
const NEXT_DAY_PERMILLE: u64 = 4;

/// Days in a thousand on which something comes back without a receipt.
const NO_RECEIPT_PERMILLE: u64 = 350;

/// How long it takes a customer to find out, at least.
const AFTER_SECONDS: u64 = 300;

/// What comes back on the day it was bought.
pub(super) fn of_today(scene: Scene<'_>, sales: &[Sale]) -> Vec<Draft> {
    let mut dice = scene.dice("same-day returns");
    let mut drafts = Vec::new();
    for (number, sale) in (1..).zip(returned_at_once(scene, sales)) {
        let earliest = (sale.second + AFTER_SECONDS).min(rhythm::LAST_SECOND);
        let second = dice.between(earliest, rhythm::LAST_SECOND);
        let request = scene.request("return", number);
        // The name decides between events of one second: a return must not precede its sale.
        if second > sale.second {
            drafts.extend(take_back(&mut dice, sale, request, second));
        }
    }
    drafts
}

/// What comes back the day after: never from a sale of which something came back at once.
pub(super) fn of_yesterday(scene: Scene<'_>, before: Scene<'_>, sales: &[Sale]) -> Vec<Draft> {
    let at_once: Vec<&RequestId> =
        returned_at_once(before, sales).map(|sale| &sale.request).collect();
    let mut dice = scene.dice("next-day returns");
    let mut drafts = Vec::new();
    for (number, sale) in (1..).zip(sales) {
        if dice.chance(NEXT_DAY_PERMILLE) && !at_once.contains(&&sale.request) {
            let second = rhythm::second(&mut dice, scene.store.neighbourhood, scene.date);
            let request = scene.request("late-return", number);
            drafts.extend(take_back(&mut dice, sale, request, second));
        }
    }
    drafts
}

/// Something that the store sells comes back, and nobody knows when it was bought.
pub(super) fn without_receipt(scene: Scene<'_>) -> Option<Draft> {
    let mut dice = scene.dice("returns without receipt");
    if !dice.chance(NO_RECEIPT_PERMILLE) {
        return None;
    }
    let in_pieces: Vec<_> = scene.chain.items().iter().filter(|item| !item.is_weighed()).collect();
    let product = &dice.pick(&in_pieces)?.product;
    let line = SaleLine {
        sku: product.sku.clone(),
        quantity: thousandths(1_000),
        list_price: product.price,
        discount: ledger::amount::Money::ZERO,
        tax_rate: product.tax_rate,
        priced: Priced::default(),
    };
    let payments = refund(PaymentMethod::Cash, line_total(&line));
    let second = rhythm::second(&mut dice, scene.store.neighbourhood, scene.date);
    let action = Action::Return { lines: vec![line], payments, source: None };
    Some(Draft { request: scene.request("return-without-receipt", 1), second, action })
}

/// The sales of a day of which something comes back the same day. Made again the day after.
fn returned_at_once<'a>(
    scene: Scene<'_>,
    sales: &'a [Sale],
) -> impl Iterator<Item = &'a Sale> + use<'a> {
    let mut dice = scene.dice("which come back");
    sales.iter().filter(move |_| dice.chance(SAME_DAY_PERMILLE))
}

/// A line of a sale comes back: all of it, or one piece of several.
fn take_back(dice: &mut Dice, sale: &Sale, request: RequestId, second: u64) -> Option<Draft> {
    let mut line = dice.pick(&sale.lines)?.clone();
    let one = thousandths(1_000);
    let pieces = line.quantity.thousandths() % 1_000 == 0 && line.quantity > one;
    if pieces && line.discount.is_zero() && dice.chance(500) {
        line.quantity = one;
    }
    let most = sale.payments.iter().max_by_key(|tender| tender.amount);
    let payments = refund(most?.method, line_total(&line));
    let source = Some(sale.request.clone());
    let action = Action::Return { lines: vec![line], payments, source };
    Some(Draft { request, second, action })
}
