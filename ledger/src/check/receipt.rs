//! Receipts: each line comes to quantity × price − discount, to the coin; none is sold below
//! nothing; the payments add up to the lines; and the goods on it are those that moved over the
//! counter. It needs no catalog: a receipt carries its own prices.
//!
//! *Fails on*: a payment or total that was changed; a negative price, or a discount beyond the
//! price; a line whose goods did not leave the shelf. A receipt that was reversed since passes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::{Body, Fact, Receipt, ReceiptLine, SignedReceipt};
use crate::id::{FactId, Sku};
use crate::movement::{Account, Movement};

/// How far a line's total may be off, in ten-thousandths: one coin, since another program may round
/// a tie the other way.
const ROUNDING: i128 = 100;

/// Which way the goods of a receipt go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Out,
    Back,
}

/// How many findings wait for a reversal: where more receipts are wrong, one fault is behind all of them,
/// and they are told at once.
const MAX_HELD: usize = 2_000;

/// What receipts are found to be, until it is known which of them were undone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Receipts {
    told: Vec<Finding>,
    /// From each fact that was undone to the one that undid it.
    undone: BTreeMap<FactId, FactId>,
}

impl Receipts {
    /// Takes a fact in, with what is told about its receipt.
    pub fn fact(
        &mut self,
        fact: &Fact,
        told: impl IntoIterator<Item = Finding>,
        found: &mut Vec<Finding>,
    ) {
        let to = if self.told.len() < MAX_HELD { &mut self.told } else { found };
        to.extend(told);
        if let Body::Reversal { of, .. } = &fact.body {
            self.undone.insert(*of, fact.id);
        }
    }

    /// What stands. A wrong receipt that was undone is right again, and so is what undid it, though it
    /// bears the same mistake.
    pub fn finish(self, found: &mut Vec<Finding>) {
        let Self { told, undone } = self;
        let wrong: BTreeSet<_> = told
            .iter()
            .filter_map(|finding| Some((finding.check, finding.first_divergent?)))
            .collect();
        let mended: BTreeSet<_> = wrong
            .iter()
            .filter_map(|(check, of)| Some([(*check, *of), (*check, *undone.get(of)?)]))
            .flatten()
            .collect();
        let stands = |finding: &Finding| {
            finding.first_divergent.is_none_or(|fact| !mended.contains(&(finding.check, fact)))
        };
        found.extend(told.into_iter().filter(stands));
    }
}

/// Checks a fact's receipt, if it has one. Each check tells the first place only: one mistake
/// shows on many lines.
pub fn check(fact: &Fact) -> Vec<Finding> {
    let Some((receipt, way)) = receipt_of(fact) else { return Vec::new() };
    let told = [
        payments(receipt).map(|evidence| (Check::Payments, evidence)),
        lines(receipt, line_total).map(|evidence| (Check::LineTotal, evidence)),
        lines(receipt, below_nothing).map(|evidence| (Check::BelowNothing, evidence)),
    ];
    let finding =
        |(check, evidence)| Finding::at(check, fact, evidence, Proposal::ReverseAndRebook);
    let mut found: Vec<_> = told.into_iter().flatten().map(finding).collect();
    if let Some((sku, evidence)) = goods(fact, receipt, way) {
        let finding = finding((Check::ReceiptGoods, evidence));
        found.push(Finding { sku: Some(sku), ..finding });
    }
    found
}

fn receipt_of(fact: &Fact) -> Option<(&Receipt, Way)> {
    match &fact.body {
        Body::RetailSale(receipt)
        | Body::Reversal { receipt: Some(SignedReceipt::OfReturn(receipt)), .. } => {
            Some((receipt, Way::Out))
        }
        Body::SaleReturn { receipt, .. }
        | Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } => {
            Some((receipt, Way::Back))
        }
        Body::Opening
        | Body::GoodsReceipt { .. }
        | Body::Purchase(_)
        | Body::Reversal { receipt: None, .. }
        | Body::StockAdjustment { .. }
        | Body::Scrap { .. }
        | Body::Assembly(_)
        | Body::Transfer(_)
        | Body::DayClose(_)
        | Body::Statement { .. }
        | Body::Stocktake { .. }
        | Body::Invoice(_)
        | Body::SupplierPayment(_)
        | Body::Shift(_)
        | Body::AlertAck(_)
        | Body::BinMove { .. }
        | Body::BinHome { .. }
        | Body::Value(_)
        | Body::Unknown { .. } => None,
    }
}

fn payments(receipt: &Receipt) -> Option<Evidence> {
    let due: i128 = receipt.lines.iter().map(|line| i128::from(line.total.ten_thousandths())).sum();
    let amounts = receipt.payments.iter().map(|payment| payment.amount.ten_thousandths());
    let paid: i128 = amounts.map(i128::from).sum();
    (paid != due).then_some(Evidence::new(Observed::Money(due), Observed::Money(paid)))
}

/// The first line that a judge objects to.
fn lines(
    receipt: &Receipt,
    judge: impl Fn(&ReceiptLine) -> Option<(i128, i128)>,
) -> Option<Evidence> {
    let judged = |(number, line)| judge(line).map(|(due, found)| (number, due, found));
    (1..).zip(&receipt.lines).find_map(judged).map(|(number, due, found)| {
        Evidence::on_line(number, Observed::Money(due), Observed::Money(found))
    })
}

fn line_total(line: &ReceiptLine) -> Option<(i128, i128)> {
    // Prices out of range multiply to no amount of money; what they come to is then unknown.
    let gross = line.list_price.times(line.quantity).ok()?.to_coins();
    let due = i128::from(gross.ten_thousandths()) - i128::from(line.discount.ten_thousandths());
    let total = i128::from(line.total.ten_thousandths());
    ((total - due).abs() > ROUNDING).then_some((due, total))
}

/// The lowest of a line's amounts, if one is below nothing.
fn below_nothing(line: &ReceiptLine) -> Option<(i128, i128)> {
    let amounts = [line.list_price, line.discount, line.total];
    let lowest = amounts.into_iter().min()?;
    lowest.is_negative().then(|| (0, i128::from(lowest.ten_thousandths())))
}

/// The first SKU of which the receipt says otherwise than the movements.
fn goods(fact: &Fact, receipt: &Receipt, way: Way) -> Option<(Sku, Evidence)> {
    // Nearly every sale moves its lines one by one, and then there is nothing to add up.
    let sold = |(line, movement): (&ReceiptLine, &Movement)| {
        movement.to == Account::Customer
            && movement.from != Account::Customer
            && (&movement.sku, movement.quantity) == (&line.sku, line.quantity)
    };
    let (lines, movements) = (&receipt.lines, &fact.movements);
    if way == Way::Out && lines.len() == movements.len() && lines.iter().zip(movements).all(sold) {
        return None;
    }
    let mut sums: BTreeMap<&Sku, (i128, i128)> = BTreeMap::new();
    for line in &receipt.lines {
        sums.entry(&line.sku).or_default().0 += i128::from(line.quantity.thousandths());
    }
    for movement in &fact.movements {
        for (account, quantity, _) in movement.legs() {
            if *account == Account::Customer {
                let quantity = i128::from(quantity.thousandths());
                let moved = if way == Way::Out { quantity } else { -quantity };
                sums.entry(&movement.sku).or_default().1 += moved;
            }
        }
    }
    let (sku, (due, moved)) = sums.into_iter().find(|(_, (due, moved))| due != moved)?;
    Some((sku.clone(), Evidence::new(Observed::Quantity(due), Observed::Quantity(moved))))
}
