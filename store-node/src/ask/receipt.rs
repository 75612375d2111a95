//! Receipts on paper: what a sale's receipt says, and how often it was printed.

use std::collections::BTreeMap;

use console::receipt::{CutCause, Slip, SlipCut, SlipLine, SlipPayment, SlipTax};
use console::{Lang, format};
use ledger::amount::{AmountError, Money, TaxRate};
use ledger::fact::{Body, Cause, Fact, Receipt, ReceiptLine, SignedReceipt};
use ledger::id::{BillNo, FactId};
use ledger::profile::ProfileField;
use serde::{Deserialize, Serialize};

use super::Named;
use super::booking::names;
use crate::book::Refused;
use crate::door::Ask;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::request::FactRef;
use crate::text;

/// What a receipt says, to print it. Counts as printing it, unless it is only looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintReceipt {
    /// Of which sale, return or reversal.
    #[serde(with = "text")]
    pub fact: FactRef,
    /// Whether it goes on paper.
    #[serde(default)]
    pub purpose: Purpose,
    /// In which language goods are named: `zh` or `en`.
    pub lang: String,
}

/// What a receipt is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To be given to somebody: the next one is a copy.
    #[default]
    Print,
    /// To be looked at.
    Look,
}

impl Ask for PrintReceipt {
    const PATH: &'static str = "/v1/receipt";
    type Answer = Slip;

    fn answer(self, node: &Node) -> Result<Slip> {
        let Self { fact: which, purpose, lang } = self;
        let reader = node.books().reader()?;
        let found = match &which {
            FactRef::Id(id) => reader.fact(node.store(), *id)?,
            FactRef::Bill(bill) => reader.fact_by_bill(bill)?,
        };
        let found = found.filter(|stored| stored.fact.store == *node.store());
        let fact = found.ok_or_else(|| Refused::NoSuchFact { which: which.clone() })?.fact;
        let Some((receipt, of)) = receipt_of(&fact) else {
            return Err(Refused::NoReceiptOf { which }.into());
        };
        let of = match of {
            Of::Nothing => None,
            Of::Bill(bill) => Some(bill.clone()),
            Of::Fact(id) => reader.fact(node.store(), id)?.map(|stored| stored.fact.bill),
        };
        let slip = slip(node, &fact, receipt, Lang::from_tag(&lang))?;
        let (id, at) = (fact.id, node.now());
        let printed = match purpose {
            Purpose::Print => node.books().write(move |tx| tx.print_receipt(id, at))?,
            Purpose::Look => 0,
        };
        Ok(Slip { of, printed, ..slip })
    }
}

/// What a receipt goes back to.
enum Of<'f> {
    Nothing,
    Bill(&'f BillNo),
    Fact(FactId),
}

fn receipt_of(fact: &Fact) -> Option<(&Receipt, Of<'_>)> {
    match &fact.body {
        Body::RetailSale(receipt) => Some((receipt, Of::Nothing)),
        Body::SaleReturn { receipt, source, terms } => Some((
            receipt,
            match (source, &terms.elsewhere) {
                (Some(source), _) => Of::Fact(*source),
                (None, Some(from)) => Of::Bill(&from.bill),
                (None, None) => Of::Nothing,
            },
        )),
        Body::Reversal { of, receipt, .. } => match receipt.as_ref()? {
            SignedReceipt::OfSale(receipt) | SignedReceipt::OfReturn(receipt) => {
                Some((receipt, Of::Fact(*of)))
            }
        },
        _ => None,
    }
}

fn slip(node: &Node, fact: &Fact, receipt: &Receipt, lang: Lang) -> Result<Slip> {
    let names = names(node, fact)?;
    let profiles = node.books().reader()?.profiles(Some(node.store()))?;
    let shop = profiles.first().map(|profile| profile.get(ProfileField::Name));
    let out_of_range = |source| NodeError::from(Refused::Amount { line: 0, source });
    Ok(Slip {
        store: fact.store.clone(),
        shop: shop.unwrap_or_default(),
        kind: fact.body.kind().to_owned(),
        bill: fact.bill.clone(),
        fact: fact.id,
        date: fact.date,
        time: format::time_in(fact.at, node.zone().time_zone()),
        operator: fact.operator.clone(),
        member: fact.member.clone(),
        of: None,
        lines: receipt.lines.iter().map(|line| slip_line(line, &names, lang)).collect(),
        total: receipt.total().map_err(out_of_range)?,
        taxes: taxes(&receipt.lines).map_err(out_of_range)?,
        payments: receipt.payments.iter().map(slip_payment).collect(),
        printed: 0,
    })
}

fn slip_line(line: &ReceiptLine, names: &BTreeMap<String, Named>, lang: Lang) -> SlipLine {
    let named = names.get(line.sku.as_str());
    let name = named.map(|named| named.name(lang)).filter(|name| !name.is_empty());
    let mut rest = line.discount;
    let mut cuts = Vec::with_capacity(line.priced.reductions.len() + 1);
    for part in &line.priced.reductions {
        let cause = match &part.cause {
            Cause::Promotion(promotion) => CutCause::Promotion(promotion.to_string()),
            Cause::Basket => CutCause::Basket,
            Cause::Points => CutCause::Points,
        };
        cuts.push(SlipCut { cause, amount: part.amount });
        rest = rest.minus(part.amount).unwrap_or_default();
    }
    // What no cause is named for was given by hand.
    if rest.is_positive() {
        cuts.push(SlipCut { cause: CutCause::Hand, amount: rest });
    }
    SlipLine {
        name: name.unwrap_or(line.sku.as_str()).to_owned(),
        quantity: line.quantity,
        unit: named.map_or_else(String::new, |named| named.unit.clone()),
        price: line.list_price,
        cuts,
        total: line.total,
    }
}

/// What is contained of each rate, the highest first. Lines without tax are left out.
fn taxes(lines: &[ReceiptLine]) -> Result<Vec<SlipTax>, AmountError> {
    let mut sums: BTreeMap<u16, (Money, Money)> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.tax_rate != TaxRate::ZERO) {
        let sum = sums.entry(line.tax_rate.basis_points()).or_default();
        *sum = (sum.0.plus(line.total)?, sum.1.plus(line.tax)?);
    }
    let tax = |(rate, (gross, tax))| SlipTax { rate, gross, tax };
    Ok(sums.into_iter().rev().map(tax).collect())
}

fn slip_payment(payment: &ledger::fact::Payment) -> SlipPayment {
    let reference = payment.reference.as_ref().map(ToString::to_string).unwrap_or_default();
    SlipPayment {
        method: payment.method.name().to_owned(),
        handed: payment.amount.plus(payment.change).unwrap_or(payment.amount),
        change: payment.change,
        reference,
    }
}
