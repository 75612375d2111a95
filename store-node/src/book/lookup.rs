//! What booking needs to know of the books. The node answers from inside its transaction; tests
//! answer from a map.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use books::BinsOf;
use ledger::alert::Cause;
use ledger::amount::Money;
use ledger::basket::Place;
use ledger::catalog::{Product, Tracking};
use ledger::command::Reversed;
use ledger::cost::Position;
use ledger::fact::Fact;
use ledger::id::{
    Bin, FactId, InvoiceNo, LetterNo, MemberId, PurchaseId, Sku, StoreId, SupplierId,
};
use ledger::invoice::OpenReceipt;
use ledger::payable::OpenInvoice;
use ledger::promotion::Promotion;
use ledger::returns::Rules;
use ledger::scope::Membership;
use ledger::serial::{Entry, Piece};
use ledger::shift::Drawer;
use ledger::supplier::Supplier;
use ledger::time::LocalTime;

use crate::home::TillRules;
use crate::request::FactRef;

/// The books, as booking sees them.
pub(crate) trait Lookup {
    /// What a failed look-up is.
    type Error: Error;

    /// The product with this SKU or barcode.
    fn product(&mut self, item: &str) -> Result<Option<Product>, Self::Error>;

    /// What a basket is priced by.
    fn counter(&mut self) -> Result<Arc<Counter>, Self::Error>;

    /// What this store has on hand.
    fn position(&mut self, sku: &Sku) -> Result<Position, Self::Error>;

    /// What is known of the bins of a product.
    fn bins_of(&mut self, sku: &Sku) -> Result<BinsOf, Self::Error>;

    /// The bins that head office lists for this store; none where it lists none.
    fn listed_bins(&mut self) -> Result<Vec<Bin>, Self::Error>;

    /// What is kept of a product's stock.
    fn tracking(&mut self, sku: &Sku) -> Result<Tracking, Self::Error>;

    /// The story of a piece, as far as it is known here.
    fn story(&mut self, piece: &Piece) -> Result<Vec<Entry>, Self::Error>;

    /// Whether an alert is open here.
    fn has_alert(&mut self, cause: &Cause) -> Result<bool, Self::Error>;

    /// A fact of this store.
    fn fact(&mut self, which: &FactRef) -> Result<Option<Fact>, Self::Error>;

    /// The suppliers that go by a name.
    fn suppliers(&mut self, name: &str) -> Result<Vec<Supplier>, Self::Error>;

    /// What of a receipt's goods no invoice has covered; nothing if it does not stand.
    fn open_receipt(&mut self, receipt: FactId) -> Result<Option<OpenReceipt>, Self::Error>;

    /// The prices at which this store's goods of an order were ordered.
    fn ordered_at(&mut self, order: &PurchaseId) -> Result<BTreeMap<Sku, Money>, Self::Error>;

    /// The first invoice that covers goods of a receipt.
    fn invoice_of(&mut self, receipt: FactId) -> Result<Option<FactId>, Self::Error>;

    /// The invoice of a supplier and number that stands.
    fn invoice_numbered(
        &mut self,
        supplier: &SupplierId,
        number: &InvoiceNo,
    ) -> Result<Option<FactId>, Self::Error>;

    /// The invoices of a supplier that are not paid in full.
    fn open_invoices(&mut self, supplier: &SupplierId) -> Result<Vec<OpenInvoice>, Self::Error>;

    /// What went through the till of a shift of this store.
    fn drawer(&mut self, shift: FactId) -> Result<Drawer, Self::Error>;

    /// What this store may spend of a member's stored value, in ten-thousandths.
    fn value_rights(&mut self, member: &MemberId) -> Result<i64, Self::Error>;

    /// What a letter of head office allows this store to pay out to a member.
    fn may_pay_out(
        &mut self,
        letter: &LetterNo,
        member: &MemberId,
    ) -> Result<Option<Money>, Self::Error>;

    /// What was done to a fact since.
    fn aftermath(&mut self, fact: &Fact) -> Result<Aftermath, Self::Error>;
}

/// What baskets are priced by, at one moment.
#[derive(Debug)]
pub(crate) struct Counter {
    /// The promotions of this store, whether they hold now or not.
    pub(crate) promotions: Arc<[Promotion]>,
    /// The store with its groups.
    pub(crate) store: Arc<Membership>,
    /// What the clock on its wall has shown.
    pub(crate) wall: LocalTime,
    /// What the store's settings say of the till.
    pub(crate) rules: TillRules,
    /// When goods may come back.
    pub(crate) returns: Rules,
    /// For how many days the stock of products would last, where a promotion asks.
    pub(crate) stock_days: BTreeMap<Sku, u32>,
}

impl Counter {
    /// One at which nothing is sold but at prices that somebody says.
    pub(crate) fn closed(store: StoreId, wall: LocalTime) -> Arc<Self> {
        Arc::new(Self {
            promotions: Arc::new([]),
            store: Arc::new(Membership::alone(store)),
            wall,
            rules: TillRules::default(),
            returns: Rules::default(),
            stock_days: BTreeMap::new(),
        })
    }

    /// Where and when a basket is priced.
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            store: &self.store,
            wall: self.wall,
            rounding: self.rules.rounding(),
            wholesale_tax: self.rules.wholesale_tax(),
        }
    }
}

/// What was done to a fact after it was booked.
#[derive(Debug, Clone)]
pub(crate) struct Aftermath {
    /// Returns against it that stand.
    pub(crate) returns: Vec<Fact>,
    /// Whether it was undone.
    pub(crate) reversed: Reversed,
}

impl Aftermath {
    /// Whether the fact was not undone.
    pub(crate) fn stands(&self) -> bool {
        self.reversed == Reversed::No
    }
}
