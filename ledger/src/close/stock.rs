//! What is on hand in the evening, and one number that stands for all of it.

use std::collections::BTreeMap;
use std::fmt;

use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::Sku;
use crate::movement::Account;

/// The domain of the digest's terms, so that they can collide with no other hash of the system.
const DOMAIN: &str = "evenstock closing stock v1";

/// What a store has on hand, by SKU over all lots: sales name no lot, so a lot's remainder would
/// tell nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosingStock {
    skus: BTreeMap<Sku, Balance>,
    total: Balance,
    digest: StockDigest,
}

/// A closing stock in a few numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StockSummary {
    /// Of how many SKUs there is anything, or anything missing.
    pub skus: u64,
    /// All quantities and values together.
    pub total: Balance,
    /// A hash over SKU, quantity and value of each.
    pub digest: StockDigest,
}

/// The wrapping sum of one hash per SKU. It follows each change without a look at the others, so a
/// replica that goes through a thousand days hashes what moved and not the whole shelf a thousand
/// times.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct StockDigest(u128);

impl ClosingStock {
    /// Of how many SKUs there is anything.
    pub fn size(&self) -> usize {
        self.skus.len()
    }

    /// Adds to what is on hand of a SKU.
    pub fn add(&mut self, sku: &Sku, change: Balance) {
        let before = self.skus.remove(sku).unwrap_or_default();
        let mut balance = before;
        balance.add(change);
        self.total.add(change);
        self.digest.replace(sku, before, balance);
        if balance != Balance::default() {
            self.skus.insert(sku.clone(), balance);
        }
    }

    /// Adds what a fact of the store moved onto the shelf and off it.
    pub fn fact(&mut self, fact: &Fact) {
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let quantity = i128::from(quantity.thousandths());
                    let value = i128::from(value.ten_thousandths());
                    self.add(&movement.sku, Balance { quantity, value });
                }
            }
        }
    }

    /// All of it in a few numbers.
    pub fn summary(&self) -> StockSummary {
        StockSummary { skus: self.skus.len() as u64, total: self.total, digest: self.digest }
    }
}

/// Nothing on hand counts for nothing, whether the SKU was ever there or not.
fn term(sku: &Sku, balance: Balance) -> u128 {
    if balance == Balance::default() {
        return 0;
    }
    let mut hasher = blake3::Hasher::new_derive_key(DOMAIN);
    hasher.update(&balance.quantity.to_le_bytes());
    hasher.update(&balance.value.to_le_bytes());
    hasher.update(sku.as_str().as_bytes());
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    u128::from_le_bytes(bytes)
}

impl StockDigest {
    /// A digest read back from where it was kept.
    pub const fn from_number(number: u128) -> Self {
        Self(number)
    }

    /// The digest after what is on hand of a SKU has changed.
    pub(crate) fn replace(&mut self, sku: &Sku, before: Balance, after: Balance) {
        self.0 = self.0.wrapping_sub(term(sku, before)).wrapping_add(term(sku, after));
    }
}

impl fmt::Display for StockDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for StockDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
