//! Invoices: the difference between what goods were taken to cost and what they cost.

use std::collections::BTreeMap;

use super::shelf::Shelf;
use super::{PostError, amount_at, check_count, not_negative, positive, remark};
use crate::amount::{AmountError, Money, Quantity};
use crate::fact::Body;
use crate::id::Sku;
use crate::invoice::{
    Covered, Draft, Invoice, InvoiceError, InvoiceLine, MAX_COVERED, MAX_RECEIPTS, Tolerance,
    compare, cover, open_goods,
};

/// Books an invoice that matches, or whose differences somebody has accepted.
pub(super) fn book(shelf: &mut Shelf<'_>, draft: Draft) -> Result<Body, PostError> {
    check_receipts(&draft)?;
    check_count(draft.lines.len())?;
    for (line, given) in (1..).zip(&draft.lines) {
        positive(line, &given.sku, given.quantity)?;
        not_negative(line, &given.sku, given.net)?;
        not_negative(line, &given.sku, given.tax)?;
    }
    let open = open_goods(&draft.receipts).map_err(amount_at(0))?;
    let compared = compare(&draft.lines, &open, &draft.ordered, Tolerance::usual());
    let mut differing = compared.map_err(amount_at(0))?;
    differing.retain(|line| !line.matches());
    let accepted = match draft.accept {
        Some(reason) if !differing.is_empty() => Some(remark(reason)?),
        // Who accepts what needs no acceptance says nothing.
        _ if differing.is_empty() => None,
        _ => return Err(InvoiceError::Differs { lines: differing }.into()),
    };
    let covers = cover(&draft.lines, &draft.receipts).map_err(amount_at(0))?;
    if covers.len() > MAX_COVERED {
        return Err(InvoiceError::TooLong.into());
    }
    adjust(shelf, &draft.lines, &covers).map_err(amount_at(0))?;
    let Draft { supplier, number, dated, due, lines, receipts, .. } = draft;
    let receipts = receipts.into_iter().map(|receipt| receipt.id).collect();
    let invoice = Invoice { supplier, number, dated, due, receipts, lines, covers, accepted };
    // Sums that cannot be told are not booked either.
    invoice.net().and_then(|net| net.plus(invoice.tax()?)).map_err(amount_at(0))?;
    Ok(Body::Invoice(Box::new(invoice)))
}

fn check_receipts(draft: &Draft) -> Result<(), InvoiceError> {
    if let Some(first) = draft.known {
        let (supplier, number) = (draft.supplier.clone(), draft.number.clone());
        return Err(InvoiceError::Twice { supplier, number, first });
    }
    match draft.receipts.len() {
        0 => return Err(InvoiceError::NoReceipts),
        1..=MAX_RECEIPTS => {}
        _ => return Err(InvoiceError::TooLong),
    }
    let settled = |goods: &BTreeMap<_, crate::invoice::Received>| {
        !goods.values().any(|goods| goods.quantity.is_positive())
    };
    match draft.receipts.iter().find(|receipt| settled(&receipt.goods)) {
        Some(receipt) => Err(InvoiceError::Settled { receipt: receipt.id }),
        None => Ok(()),
    }
}

/// What the invoice asks for one product, and what it covers.
#[derive(Default)]
struct Share {
    invoiced: Quantity,
    net: Money,
    covered: Quantity,
    estimate: Money,
}

/// Moves what the goods cost beyond their estimate, product by product: for those on hand to the
/// stock, for those that have left to the cost of the period.
fn adjust(
    shelf: &mut Shelf<'_>,
    lines: &[InvoiceLine],
    covers: &[Covered],
) -> Result<(), AmountError> {
    let mut shares: BTreeMap<&Sku, Share> = BTreeMap::new();
    for line in lines {
        let share = shares.entry(&line.sku).or_default();
        share.invoiced = share.invoiced.plus(line.quantity)?;
        share.net = share.net.plus(line.net)?;
    }
    for covered in covers {
        let share = shares.entry(&covered.sku).or_default();
        share.covered = share.covered.plus(covered.quantity)?;
        share.estimate = share.estimate.plus(covered.estimate)?;
    }
    for (sku, share) in shares {
        // What is paid for and never came is no stock.
        let for_goods = share.net.share(share.covered, share.invoiced)?;
        let difference = for_goods.minus(share.estimate)?;
        let to_stock = shelf.adjust_cost(sku, share.covered, difference)?;
        shelf.charge(sku, share.net.minus(share.estimate)?.minus(to_stock)?);
    }
    Ok(())
}
