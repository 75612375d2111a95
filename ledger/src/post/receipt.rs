//! Sales and returns: lines priced to the coin, payments that add up, goods at cost.

use std::collections::BTreeMap;

use super::shelf::Shelf;
use super::{
    MAX_PAYMENTS, MAX_REDUCTIONS, PostError, amount_at, check_count, not_negative, positive,
};
use crate::amount::{AmountError, Money, Quantity};
use crate::command::{ReturnSource, Reversed, SaleLine, Tender};
use crate::fact::{
    Body, Condition, Fact, Payment, PaymentMethod, Receipt, ReceiptLine, ReturnTerms,
};
use crate::id::{FactId, Sku};
use crate::movement::{Account, Movement};

pub(super) fn sell(
    shelf: &mut Shelf<'_>,
    lines: &[SaleLine],
    tenders: &[Tender],
) -> Result<Body, PostError> {
    let receipt_lines = price(lines)?;
    for (line, sold) in (1..).zip(&receipt_lines) {
        shelf.take(&sold.sku, sold.quantity, Account::Customer).map_err(amount_at(line))?;
    }
    let due = Money::sum(receipt_lines.iter().map(|line| line.total)).map_err(amount_at(0))?;
    let payments = settle(tenders, due)?;
    Ok(Body::RetailSale(Receipt { lines: receipt_lines, payments }))
}

pub(super) fn take_back(
    shelf: &mut Shelf<'_>,
    lines: &[SaleLine],
    tenders: &[Tender],
    source: Option<&ReturnSource>,
    terms: ReturnTerms,
) -> Result<Body, PostError> {
    let receipt_lines = price(lines)?;
    match source {
        Some(source) => put_back_from(shelf, &receipt_lines, source)?,
        None => {
            for (line, given) in (1..).zip(&receipt_lines) {
                let put =
                    shelf.put_at_known_cost(&given.sku, None, given.quantity, Account::Customer);
                put.map_err(amount_at(line))?;
            }
        }
    }
    match terms.condition {
        Condition::Sellable => {}
        Condition::Damaged => shelf.send_on(&Account::Quarantine).map_err(amount_at(0))?,
        Condition::Worthless => shelf.send_on(&Account::Scrap).map_err(amount_at(0))?,
    }
    let due = Money::sum(receipt_lines.iter().map(|line| line.total)).map_err(amount_at(0))?;
    let payments = refund(tenders, due)?;
    let receipt = Receipt { lines: receipt_lines, payments };
    Ok(Body::SaleReturn { receipt, source: source.map(|source| source.sale.id), terms })
}

fn price(lines: &[SaleLine]) -> Result<Vec<ReceiptLine>, PostError> {
    check_count(lines.len())?;
    let found = lines.iter().map(|line| line.priced.reductions.len()).sum();
    if found > MAX_REDUCTIONS {
        return Err(PostError::TooManyReductions { found });
    }
    (1..).zip(lines).map(|(line, given)| price_line(line, given)).collect()
}

fn price_line(line: usize, given: &SaleLine) -> Result<ReceiptLine, PostError> {
    let SaleLine { sku, quantity, list_price, discount, tax_rate, priced } = given.clone();
    positive(line, &sku, quantity)?;
    not_negative(line, &sku, list_price)?;
    not_negative(line, &sku, discount)?;
    let gross = list_price.times(quantity).map_err(amount_at(line))?.to_coins();
    if discount > gross {
        return Err(PostError::DiscountTooLarge { line, sku, discount, gross });
    }
    check_reductions(line, given)?;
    let total = gross.minus(discount).map_err(amount_at(line))?;
    let tax = total.contained_tax(tax_rate).map_err(amount_at(line))?;
    Ok(ReceiptLine { sku, quantity, list_price, discount, tax_rate, tax, total, priced })
}

/// The named parts of a discount are more than nothing each, and together no more than it.
fn check_reductions(line: usize, given: &SaleLine) -> Result<(), PostError> {
    let reductions = &given.priced.reductions;
    let named = Money::sum(reductions.iter().map(|part| part.amount)).map_err(amount_at(line))?;
    if named > given.discount || reductions.iter().any(|part| !part.amount.is_positive()) {
        let (sku, discount) = (given.sku.clone(), given.discount);
        return Err(PostError::BadReductions { line, sku, discount });
    }
    Ok(())
}

/// Turns what was handed over into payments that add up to what is due; change comes out of the
/// cash.
fn settle(tenders: &[Tender], due: Money) -> Result<Vec<Payment>, PostError> {
    let paid = check_tenders(tenders)?;
    if tenders.is_empty() {
        return Ok(in_cash(due));
    }
    if paid < due {
        return Err(PostError::Underpaid { paid, due });
    }
    let mut change = paid.minus(due).map_err(amount_at(0))?;
    let mut payments = Vec::with_capacity(tenders.len());
    for tender in tenders.iter().rev() {
        let back = match tender.method {
            PaymentMethod::Cash => change.min(tender.amount),
            PaymentMethod::Card
            | PaymentMethod::Transfer
            | PaymentMethod::Mobile
            | PaymentMethod::StoredValue => Money::ZERO,
        };
        change = change.minus(back).map_err(amount_at(0))?;
        let amount = tender.amount.minus(back).map_err(amount_at(0))?;
        let (method, reference) = (tender.method, tender.reference.clone());
        payments.push(Payment { method, amount, change: back, reference });
    }
    if !change.is_zero() {
        return Err(PostError::Overpaid { paid, due });
    }
    payments.reverse();
    Ok(payments)
}

fn refund(tenders: &[Tender], due: Money) -> Result<Vec<Payment>, PostError> {
    let paid = check_tenders(tenders)?;
    if tenders.is_empty() {
        return Ok(in_cash(due));
    }
    if paid != due {
        return Err(PostError::RefundDiffers { paid, due });
    }
    let payment = |tender: &Tender| Payment {
        method: tender.method,
        amount: tender.amount,
        change: Money::ZERO,
        reference: tender.reference.clone(),
    };
    Ok(tenders.iter().map(payment).collect())
}

pub(super) fn check_tenders(tenders: &[Tender]) -> Result<Money, PostError> {
    if tenders.len() > MAX_PAYMENTS {
        return Err(PostError::TooManyPayments { found: tenders.len() });
    }
    if let Some(Tender { method, amount, .. }) = tenders.iter().find(|t| !t.amount.is_positive()) {
        return Err(PostError::EmptyPayment { method: *method, amount: *amount });
    }
    Money::sum(tenders.iter().map(|tender| tender.amount)).map_err(amount_at(0))
}

fn in_cash(due: Money) -> Vec<Payment> {
    if due.is_zero() {
        return Vec::new();
    }
    vec![Payment { method: PaymentMethod::Cash, amount: due, change: Money::ZERO, reference: None }]
}

/// Puts goods back at the cost at which they left. The last unit given back takes what is left of
/// that cost, so that a sale returned in parts comes back whole.
fn put_back_from(
    shelf: &mut Shelf<'_>,
    lines: &[ReceiptLine],
    source: &ReturnSource,
) -> Result<(), PostError> {
    let sale = &source.sale;
    if let Reversed::By(by) = source.reversed {
        return Err(PostError::AlreadyReversed { id: sale.id, by });
    }
    let Body::RetailSale(receipt) = &sale.body else {
        return Err(PostError::NotASale { id: sale.id });
    };
    let sold = shares(sale, receipt).map_err(amount_at(0))?;
    let mut left = sold.clone();
    for earlier in &source.returns {
        if let Body::SaleReturn { receipt, .. } = &earlier.body {
            for (sku, share) in shares(earlier, receipt).map_err(amount_at(0))? {
                let rest = left.entry(sku).or_default();
                *rest = rest.minus(share).map_err(amount_at(0))?;
            }
        }
    }
    for (line, given) in (1..).zip(lines) {
        let sold = sold.get(&given.sku).copied().unwrap_or_default();
        let rest = left.entry(given.sku.clone()).or_default();
        check_rest(sale.id, given, sold, *rest)?;
        let cost = if given.quantity == rest.quantity {
            rest.cost
        } else {
            sold.cost.share(given.quantity, sold.quantity).map_err(amount_at(line))?
        };
        let back = Share { quantity: given.quantity, money: given.total, cost };
        *rest = rest.minus(back).map_err(amount_at(line))?;
        let movement = Movement {
            from: Account::Customer,
            to: Account::OnHand,
            sku: given.sku.clone(),
            lot: None,
            quantity: given.quantity,
            value: cost,
        };
        shelf.put(movement).map_err(amount_at(line))?;
    }
    Ok(())
}

/// Refuses to take back more goods, or pay back more money, than the sale has left.
fn check_rest(
    sale: FactId,
    given: &ReceiptLine,
    sold: Share,
    rest: Share,
) -> Result<(), PostError> {
    let sku = given.sku.clone();
    if given.quantity > rest.quantity {
        let (asked, sold, left) = (given.quantity, sold.quantity, rest.quantity);
        return Err(PostError::ReturnsTooMuch { sale, sku, asked, sold, left });
    }
    if given.total > rest.money {
        let (asked, paid, left) = (given.total, sold.money, rest.money);
        return Err(PostError::RefundsTooMuch { sale, sku, asked, paid, left });
    }
    Ok(())
}

/// What of one SKU stands on a receipt: goods, money and cost.
#[derive(Clone, Copy, Default)]
struct Share {
    quantity: Quantity,
    money: Money,
    cost: Money,
}

impl Share {
    fn minus(self, other: Self) -> Result<Self, AmountError> {
        Ok(Self {
            quantity: self.quantity.minus(other.quantity)?,
            money: self.money.minus(other.money)?,
            cost: self.cost.minus(other.cost)?,
        })
    }
}

/// The receipt of a fact by SKU, with the cost at which the goods passed the counter.
fn shares(fact: &Fact, receipt: &Receipt) -> Result<BTreeMap<Sku, Share>, AmountError> {
    let mut shares: BTreeMap<Sku, Share> = BTreeMap::new();
    for line in &receipt.lines {
        let share = shares.entry(line.sku.clone()).or_default();
        share.quantity = share.quantity.plus(line.quantity)?;
        share.money = share.money.plus(line.total)?;
    }
    let over_counter = |m: &&Movement| m.to == Account::Customer || m.from == Account::Customer;
    for movement in fact.movements.iter().filter(over_counter) {
        let share = shares.entry(movement.sku.clone()).or_default();
        share.cost = share.cost.plus(movement.value)?;
    }
    Ok(shares)
}
