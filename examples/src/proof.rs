//! The proof that the books came out even.
//!
//! 1. Each store's part of the read model has the same digest at the hub and at the store.
//! 2. The hub's stock of each store and SKU is the store's own, and the naive recount's.
//! 3. Every document that was acknowledged stands at the hub exactly once, with its money.
//! 4. Nothing is left on the way between stores, and what was lost there is the recount's.
//! 5. The takings per store are the recount's, and so are the sums of what was paid.

use std::collections::BTreeMap;
use std::fmt;

use books::read::{Part, StockFilter};
use books::{Books, BooksError};
use ledger::fact::{Body, PaymentMethod, SignedReceipt};
use ledger::fold::Place;
use ledger::id::StoreId;
use ledger::measure::Measure;
use ledger::movement::Account;

use crate::recount::{Recount, Shop};

/// The most differences that are kept: the first ones tell the story.
const MAX_DIFFERENCES: usize = 20;

/// What was compared, and what differed.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// Stores whose digests were compared.
    pub replicas: usize,
    /// Stock figures that were compared three ways.
    pub stock_figures: usize,
    /// Products that went from store to store.
    pub products_moved: usize,
    /// Documents that were looked for at the hub.
    pub documents: usize,
    /// Facts found at the hub.
    pub facts: usize,
    /// The chain's takings, in ten-thousandths.
    pub takings: i64,
    /// Shops of the recount that no node answers for.
    pub shops_without_node: usize,
    /// What differed; nothing, if the books are even.
    pub differences: Vec<Difference>,
}

impl Proof {
    /// Whether nothing differed.
    pub fn holds(&self) -> bool {
        self.differences.is_empty() && self.shops_without_node == 0
    }
}

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In which store, or `-` between them.
    pub store: String,
    /// What was compared.
    pub what: String,
    /// What it must be.
    pub expected: String,
    /// What the hub says.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { store, what, expected, found } = self;
        write!(f, "{store}: {what}: expected {expected}, the hub has {found}")
    }
}

/// Compares the hub with its stores and with the recount.
pub fn prove(hub: &Books, nodes: &[Books], recount: &Recount) -> Result<Proof, BooksError> {
    let mut proof = Proof::default();
    let nothing = Shop::default();
    for node in nodes {
        let sync_proto::Writer::Store(store) = node.me() else { continue };
        let shop = recount.shops.get(store.as_str()).unwrap_or(&nothing);
        let mut check = Check { store: store.as_str(), proof: &mut proof };
        check.digests(hub, node, store)?;
        check.stock(hub, node, store, shop)?;
        check.documents(hub, store, shop)?;
        check.money(hub, store, shop)?;
    }
    between_stores(hub, recount, &mut proof)?;
    proof.shops_without_node = recount.shops.len().saturating_sub(proof.replicas);
    Ok(proof)
}

/// What stands in no store.
fn between_stores(hub: &Books, recount: &Recount, proof: &mut Proof) -> Result<(), BooksError> {
    let (mut on_the_way, mut lost) = (BTreeMap::new(), BTreeMap::new());
    for row in hub.reader()?.balances(None)? {
        let sums = match row.place {
            Place::Transit(_) => &mut on_the_way,
            Place::Store(_, Account::TransitLoss) => &mut lost,
            Place::Store(..) => continue,
        };
        *sums.entry(row.sku.to_string()).or_insert(0) += row.stock.quantity.thousandths();
    }
    proof.products_moved = recount.lost.len();
    let mut check = Check { store: "-", proof };
    for (sku, quantity) in on_the_way {
        check.same(&format!("{sku} on the way between stores"), 0, quantity);
    }
    for sku in recount.lost.keys().chain(lost.keys()) {
        let [due, found] = [&recount.lost, &lost].map(|sums| sums.get(sku).copied().unwrap_or(0));
        check.same(&format!("{sku} lost between stores"), due, found);
    }
    Ok(())
}

struct Check<'a> {
    store: &'a str,
    proof: &'a mut Proof,
}

impl Check<'_> {
    fn digests(&mut self, hub: &Books, node: &Books, store: &StoreId) -> Result<(), BooksError> {
        let at_hub = hub.reader()?.digest(Part::Store(store))?;
        let at_store = node.reader()?.digest(Part::Store(store))?;
        self.proof.replicas += 1;
        self.same("digest of the read model", at_store, at_hub);
        Ok(())
    }

    fn stock(
        &mut self,
        hub: &Books,
        node: &Books,
        store: &StoreId,
        shop: &Shop,
    ) -> Result<(), BooksError> {
        let figures = |books: &Books| -> Result<BTreeMap<String, (i64, i64)>, BooksError> {
            let filter = StockFilter { store: Some(store.clone()), ..Default::default() };
            let rows = books.reader()?.stock(&filter)?.into_iter();
            let figure = |row: books::read::StockRow| {
                let amounts = (row.stock.quantity.thousandths(), row.stock.value.ten_thousandths());
                (row.sku.to_string(), amounts)
            };
            Ok(rows.map(figure).collect())
        };
        let (at_hub, at_store) = (figures(hub)?, figures(node)?);
        for sku in at_store.keys().chain(at_hub.keys()) {
            let [own, seen] = [&at_store, &at_hub].map(|all| all.get(sku).copied());
            self.same(&format!("stock and value of {sku} at the store"), own, seen);
        }
        for (sku, expected) in &shop.on_hand {
            let found = at_hub.get(sku).map_or(0, |(quantity, _)| *quantity);
            self.proof.stock_figures += 1;
            self.same(&format!("stock of {sku}, in thousandths"), *expected, found);
        }
        for sku in at_hub.keys().filter(|sku| !shop.on_hand.contains_key(*sku)) {
            self.same(&format!("stock of {sku}"), "never booked", "a balance");
        }
        Ok(())
    }

    fn documents(&mut self, hub: &Books, store: &StoreId, shop: &Shop) -> Result<(), BooksError> {
        let mut found: BTreeMap<String, (usize, i64)> = BTreeMap::new();
        let mut facts = 0;
        hub.reader()?.each_fact::<BooksError>(store, |stored| {
            facts += 1;
            if let Some(request) = &stored.fact.request {
                let entry = found.entry(request.to_string()).or_default();
                *entry = (entry.0 + 1, money_of(&stored.fact.body));
            }
            Ok(())
        })?;
        self.proof.facts += facts;
        for (document, money) in &shop.documents {
            self.proof.documents += 1;
            let at_hub = found.remove(document).unwrap_or_default();
            self.same(&format!("document {document}: times, money"), (1, *money), at_hub);
        }
        for document in found.keys().filter(|name| !name.contains("opening")) {
            self.same(&format!("document {document}"), "nowhere in the input", "a fact");
        }
        Ok(())
    }

    fn money(&mut self, hub: &Books, store: &StoreId, shop: &Shop) -> Result<(), BooksError> {
        let totals = hub.reader()?.totals(Some(store), None, None)?;
        let of = |measure| totals.get(&measure).copied().unwrap_or_default();
        let net = of(Measure::SalesNet) - of(Measure::ReturnsNet);
        let paid: i64 = PaymentMethod::ALL.into_iter().map(|m| of(Measure::Paid(m))).sum();
        self.same("takings", shop.takings(), net);
        self.same("payments", shop.takings(), paid);
        self.proof.takings += net;
        Ok(())
    }

    fn same<T: PartialEq + fmt::Debug + Copy>(&mut self, what: &str, expected: T, found: T) {
        if expected != found && self.proof.differences.len() < MAX_DIFFERENCES {
            self.proof.differences.push(Difference {
                store: self.store.to_owned(),
                what: what.to_owned(),
                expected: format!("{expected:?}"),
                found: format!("{found:?}"),
            });
        }
    }
}

/// What a fact took in; negative: gave back.
fn money_of(body: &Body) -> i64 {
    let (receipt, sign) = match body {
        Body::RetailSale(receipt) => (receipt, 1),
        Body::SaleReturn { receipt, .. } => (receipt, -1),
        Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } => (receipt, -1),
        Body::Reversal { receipt: Some(SignedReceipt::OfReturn(receipt)), .. } => (receipt, 1),
        _ => return 0,
    };
    receipt.payments.iter().map(|payment| payment.amount.ten_thousandths()).sum::<i64>() * sign
}
