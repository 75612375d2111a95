//! What was bought, of whom, and how that went.

use super::ratio::{percent, rounded};
use crate::fact::{Body, Fact};
use crate::id::Sku;
use crate::movement::Account;
use crate::purchase::{Act, SentBack};

/// Goods of one SKU that a fact took from a supplier, or gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase<'f> {
    /// Of whom; nothing where the receipt doesn't say.
    pub supplier: &'f str,
    /// What.
    pub sku: &'f Sku,
    /// How much.
    pub bought: Bought,
}

/// How much was bought: thousandths and ten-thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bought {
    /// What was taken to the shelf.
    pub quantity: i128,
    /// What that cost.
    pub value: i128,
    /// What was set aside on arrival, for inspection or to go back.
    pub rejected: i128,
    /// What went back to the supplier, or was undone.
    pub sent_back: i128,
}

impl Bought {
    /// Adds to it.
    pub fn add(&mut self, other: Self) {
        self.quantity += other.quantity;
        self.value += other.value;
        self.rejected += other.rejected;
        self.sent_back += other.sent_back;
    }

    /// What a unit cost, in ten-thousandths.
    pub fn unit_price(self) -> Option<i128> {
        rounded(self.value * 1_000, self.quantity)
    }

    /// How much of what arrived was rejected, in hundredths of a per cent.
    pub fn rejected_share(self) -> Option<i128> {
        percent(self.rejected, self.quantity + self.rejected)
    }
}

/// What a fact bought: its movements between a supplier and the store, by line.
pub fn purchases(fact: &Fact) -> Vec<Purchase<'_>> {
    let supplier = match &fact.body {
        Body::GoodsReceipt { supplier, .. } => supplier.as_deref().unwrap_or_default(),
        Body::Invoice(invoice) => invoice.supplier.as_str(),
        Body::Purchase(Act::SentBack(SentBack { supplier: Some(supplier), .. })) => {
            supplier.as_str()
        }
        _ => "",
    };
    let mut purchases = Vec::new();
    for movement in &fact.movements {
        let (quantity, value) = (movement.quantity.thousandths(), movement.value.ten_thousandths());
        let (quantity, value) = (i128::from(quantity), i128::from(value));
        let bought = match (&movement.from, &movement.to) {
            (Account::Supplier, Account::OnHand) => Bought { quantity, value, ..Bought::default() },
            (Account::Supplier, Account::Quarantine) => {
                Bought { rejected: quantity, ..Bought::default() }
            }
            (Account::OnHand | Account::Quarantine, Account::Supplier) => {
                Bought { sent_back: quantity, ..Bought::default() }
            }
            _ => continue,
        };
        purchases.push(Purchase { supplier, sku: &movement.sku, bought });
    }
    purchases
}

/// Where a supplier's prices went in a period: its products' prices at the end against those at the
/// beginning, weighed by what was bought at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trend {
    now: i128,
    then: i128,
}

impl Trend {
    /// Adds a product: its first purchase of the period, and its last.
    pub fn add(&mut self, first: Bought, last: Bought) {
        let Some(then) = rounded(first.value * last.quantity, first.quantity) else { return };
        self.now += last.value;
        self.then += then;
    }

    /// How much dearer, in hundredths of a per cent; negative: cheaper.
    pub fn change(self) -> Option<i128> {
        percent(self.now - self.then, self.then)
    }
}
