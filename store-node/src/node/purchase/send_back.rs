//! Purchase returns: goods go back to their supplier, at the cost at which they came.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use books::Tx;
use ledger::fact::{Body, Fact};
use ledger::id::PurchaseId;
use ledger::movement::Account;
use ledger::purchase::{Act, Back, Entry, Event, Pile, ReturnKind, SendBack, SentBack, Step, Task};

use super::charged::charged;
use super::receive::sums;
use super::{Stamp, before, book, me, repeated};
use crate::book::Refused;
use crate::book::lookup::{Aftermath, Lookup as _};
use crate::error::Result;
use crate::node::catalog::Products;
use crate::node::lookup::InTx;
use crate::node::{Node, When};
use crate::request::{About, FactRef};

/// Goods that go back, as a person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoingBack {
    /// The receipt that they came with.
    pub receipt: FactRef,
    /// What goes back, and from where.
    pub lines: Vec<Back>,
    /// Whether others are to come in their place.
    pub kind: ReturnKind,
    /// Why.
    pub reason: Box<str>,
}

impl Node {
    /// Sends goods back to their supplier. When this returns, it is durable.
    pub fn send_back(&self, about: About, back: GoingBack) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        let products = Products::new();
        let counter = self.counter(&[], &products, stamp.at)?;
        let mut rates = BTreeMap::new();
        for Back { sku, .. } in &back.lines {
            let product = self.product(sku.as_str())?;
            rates.extend(product.map(|product| (sku.clone(), product.tax_rate)));
        }
        self.books().write(move |tx| {
            let mut books = InTx { tx, products: &products, counter: &counter };
            let which = || Refused::NoSuchFact { which: back.receipt.clone() };
            let receipt = books.fact(&back.receipt)?.ok_or_else(which)?;
            if let Some(fact) = before(books.tx, &about)? {
                let same = back.is(&fact, &receipt).into();
                return repeated(&about, fact, same);
            }
            let Aftermath { returns: earlier, reversed } = books.aftermath(&receipt)?;
            let order = match &receipt.body {
                Body::GoodsReceipt { delivery: Some(delivery), .. } => delivery.order.as_ref(),
                _ => None,
            };
            let number = number(books.tx, &stamp, order, &earlier)?;
            let held = books.tx.quarantined(&back.lines.iter().map(|line| &line.sku).collect())?;
            let charged = charged(books.tx, &receipt, &rates)?;
            let GoingBack { lines, kind, reason, .. } = back;
            let back =
                SendBack { receipt, earlier, reversed, number, kind, lines, held, charged, reason };
            let fact = book(tx, &stamp, &about, Task::SendBack(Box::new(back)))?;
            Ok((fact, When::Now))
        })
    }
}

/// The number of the store's next return for an order; for a receipt without one, of its next return.
fn number(
    tx: &mut Tx<'_>,
    stamp: &Stamp,
    order: Option<&PurchaseId>,
    earlier: &[Fact],
) -> Result<NonZeroU32> {
    let Some(order) = order else {
        let next = u32::try_from(earlier.len()).unwrap_or(u32::MAX).saturating_add(1);
        return Ok(NonZeroU32::new(next).unwrap_or(NonZeroU32::MIN));
    };
    let me = me(stamp);
    let numbers = tx.purchase(order)?.into_iter().filter_map(|entry| match entry {
        Entry::Said(Event { by, step: Step::Return { number, .. }, .. }) if by == me => {
            Some(number)
        }
        _ => None,
    });
    Ok(numbers.max().map_or(NonZeroU32::MIN, |last| last.saturating_add(1)))
}

impl GoingBack {
    /// Whether a fact is this return.
    fn is(&self, fact: &Fact, of: &Fact) -> bool {
        let Body::Purchase(Act::SentBack(SentBack { receipt, kind, reason, .. })) = &fact.body
        else {
            return false;
        };
        let same_from = |pile: Pile, account: &Account| {
            let asked = self.lines.iter().filter(|line| line.from == pile);
            let sent = fact.movements.iter().filter(|m| m.to == Account::Supplier);
            sums(asked.map(|line| (&line.sku, line.quantity)))
                == sums(sent.filter(|m| m.from == *account).map(|m| (&m.sku, m.quantity)))
        };
        *receipt == of.id
            && *kind == self.kind
            && *reason == self.reason
            && same_from(Pile::Shelf, &Account::OnHand)
            && same_from(Pile::Quarantine, &Account::Quarantine)
    }
}
