//! The world when it has come to rest, as plain data: what each machine holds, and what the naive
//! model says. The checks read nothing else, so that a test can plant a fault in it.

use std::collections::{BTreeMap, BTreeSet};

use ledger::catalog::{Product, Term};
use ledger::fold::{Balance, Place, fold};
use ledger::id::{Epoch, FactId, PurchaseId, Sku, StoreId, TransferId};
use ledger::purchase::{self, Purchase};
use ledger::transfer::{self, Transfer};
use sync_proto::catalog::Conflict;
use sync_proto::replica::{Head, Replica};
use sync_proto::{CATALOG_BUCKETS, DocId, OrderKind, Writer, day_book, order};

use super::World;
use super::close::Days;
use super::node::Node;
use super::shop::{Shop, Spot};
use super::world::{HUB, ORDERS, purchase_entry, transfer_entry};

pub(super) type Facts = BTreeMap<(StoreId, FactId), String>;

/// The facts in a change of a day book.
pub(super) type Change = (DocId, Vec<(FactId, String)>);

/// A part of the catalog as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) products: Vec<Product>,
    pub(super) conflicts: Vec<Conflict>,
    /// What is kept beside the products: their price lists.
    pub(super) terms: Vec<(Sku, Term, String)>,
}

/// What has been said in each order.
pub(super) type Orders = BTreeMap<DocId, Vec<order::Event>>;

/// The world at rest.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The hub first, then the stores' machines, then clones.
    pub(super) machines: Vec<Holding>,
    /// How many stores there are.
    pub(super) stores: usize,
    /// Whether some disk was restored or cloned, so that histories may have parted.
    pub(super) may_part: bool,
    pub(super) shop: Shop,
}

/// What one machine holds.
#[derive(Debug, Clone)]
pub(super) struct Holding {
    pub(super) writer: Writer,
    /// Whether its history may have parted from the hub's.
    pub(super) may_part: bool,
    pub(super) facts: Facts,
    /// The facts in each change of a day book; of the hub alone.
    pub(super) changes: Vec<Change>,
    /// The end of each chain of facts.
    pub(super) heads: BTreeMap<(StoreId, Epoch), Head>,
    pub(super) aside: BTreeSet<(FactId, String)>,
    pub(super) catalog: BTreeMap<u8, Bucket>,
    pub(super) orders: Orders,
    pub(super) transfers: BTreeMap<TransferId, Transfer>,
    pub(super) purchases: BTreeMap<PurchaseId, Purchase>,
    /// The facts of each store by day; of the hub alone.
    pub(super) days: BTreeMap<StoreId, Days>,
    /// What is where, as the ledger adds it up.
    pub(super) stock: BTreeMap<(Spot, Sku), Balance>,
}

impl Ending {
    pub(super) fn of(world: &World) -> Result<Self, String> {
        let machines: Result<_, _> = world.nodes.iter().map(Holding::of).collect();
        Ok(Self {
            machines: machines?,
            stores: world.plan.stores,
            may_part: world.parting_is_possible(),
            shop: world.shop.clone(),
        })
    }

    pub(super) fn hub(&self) -> &Holding {
        &self.machines[HUB]
    }

    /// The stores' own machines, without clones.
    pub(super) fn stores(&self) -> &[Holding] {
        &self.machines[1..=self.stores]
    }
}

impl Holding {
    fn of(node: &Node) -> Result<Self, String> {
        let replica = &node.replica;
        let facts = replica.facts();
        let mut heads = BTreeMap::new();
        for (store, id) in facts.keys() {
            let key = (store.clone(), id.epoch);
            if !heads.contains_key(&key)
                && let Some(head) = replica.head_of(store, id.epoch).map_err(text)?
            {
                heads.insert(key, head);
            }
        }
        let mut catalog = BTreeMap::new();
        for bucket in (0..CATALOG_BUCKETS).filter(|bucket| replica.has_catalog(*bucket)) {
            let held = replica.catalog(bucket).map_err(text)?;
            let part = Bucket {
                products: held.products().map_err(text)?,
                conflicts: held.conflicts().map_err(text)?,
                terms: held.terms().map_err(text)?,
            };
            catalog.insert(bucket, part);
        }
        let mut orders = Orders::new();
        for kind in ORDERS {
            for id in replica.orders(kind) {
                let events = replica.order(kind, &id).map_err(text)?;
                orders.insert(DocId::Order { kind, id }, events);
            }
        }
        let (transfers, purchases) = (transfers(&orders), purchases(&orders));
        let is_hub = node.writer == Writer::Hub;
        let days = if is_hub { days(&facts)? } else { BTreeMap::new() };
        Ok(Self {
            writer: node.writer.clone(),
            may_part: node.may_part,
            changes: if is_hub { changes(node)? } else { Vec::new() },
            stock: stock(&days),
            days,
            facts,
            heads,
            aside: replica.set_aside_facts().into_iter().collect(),
            catalog,
            orders,
            transfers,
            purchases,
        })
    }
}

/// How far each transfer has come.
pub(super) fn transfers(orders: &Orders) -> BTreeMap<TransferId, Transfer> {
    let of = |(doc, events): (_, &Vec<_>)| Some((transfer_of(doc)?, transfer_status(events)));
    orders.iter().filter_map(of).collect()
}

/// How far each purchase has come.
pub(super) fn purchases(orders: &Orders) -> BTreeMap<PurchaseId, Purchase> {
    let of = |(doc, events): (_, &Vec<_>)| Some((purchase_of(doc)?, purchase_status(events)));
    orders.iter().filter_map(of).collect()
}

/// How far a transfer has come, from its order's events in their order.
pub(super) fn transfer_status<'a>(events: impl IntoIterator<Item = &'a order::Event>) -> Transfer {
    let entries: Vec<_> = events.into_iter().map(transfer_entry).collect();
    transfer::status(&entries)
}

/// The same of a purchase.
pub(super) fn purchase_status<'a>(events: impl IntoIterator<Item = &'a order::Event>) -> Purchase {
    let entries: Vec<_> = events.into_iter().map(purchase_entry).collect();
    purchase::status(&entries)
}

/// The transfer that a document is the order of.
pub(super) fn transfer_of(doc: &DocId) -> Option<TransferId> {
    match doc {
        DocId::Order { kind: OrderKind::Transfer, id } => TransferId::new(id.as_str()).ok(),
        _ => None,
    }
}

/// The purchase that a document is the order of.
pub(super) fn purchase_of(doc: &DocId) -> Option<PurchaseId> {
    match doc {
        DocId::Order { kind: OrderKind::Purchase, id } => PurchaseId::new(id.as_str()).ok(),
        _ => None,
    }
}

/// The facts of each store by day, in the order of their ids.
pub(super) fn days(facts: &Facts) -> Result<BTreeMap<StoreId, Days>, String> {
    let mut stores: BTreeMap<StoreId, Days> = BTreeMap::new();
    for ((store, id), text) in facts {
        let fact = ledger::json::from_text(text)
            .map_err(|error| format!("{store} {id} cannot be read: {error}"))?;
        let days = stores.entry(store.clone()).or_default();
        days.entry(fact.date).or_default().push((fact, text.clone()));
    }
    Ok(stores)
}

/// What is where, as the ledger adds it up.
pub(super) fn stock(days: &BTreeMap<StoreId, Days>) -> BTreeMap<(Spot, Sku), Balance> {
    let facts = days.values().flat_map(|days| days.values()).flatten().map(|(fact, _)| fact);
    let folded = fold(facts);
    let mut stock: BTreeMap<(Spot, Sku), Balance> = BTreeMap::new();
    for ((place, sku, _), balance) in folded.balances.iter() {
        let spot = match place {
            Place::Store(store, account) => Spot::At(store.clone(), account.to_string()),
            Place::Transit(transfer) => Spot::Way(transfer.clone()),
        };
        let sum = stock.entry((spot, sku.clone())).or_default();
        sum.quantity += balance.quantity;
        sum.value += balance.value;
    }
    stock
}

fn changes(node: &Node) -> Result<Vec<Change>, String> {
    let books = node.replica.changes().into_iter();
    let books = books.filter(|(doc, _)| matches!(doc, DocId::Book { .. }));
    let read = |(doc, bytes): (DocId, Vec<u8>)| {
        let facts = day_book::facts(&doc, [bytes.as_slice()]).map_err(text)?;
        Ok((doc, facts))
    };
    books.map(read).collect()
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
