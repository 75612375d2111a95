//! Balances: the sum of all movements. Folding never fails and does not depend on order.
//!
//! Sums are kept in `i128`: 2^64 movements of the largest amount still fit, so that addition is
//! commutative without exception. What looks wrong becomes an [`Anomaly`] for a person to look at.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

use crate::fact::{Body, Fact};
use crate::id::{FactId, Lot, Sku, StoreId, TransferId};
use crate::json;
use crate::movement::Account;

/// Where goods stand, seen from the whole chain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In an account of a store.
    Store(StoreId, Account),
    /// On the way, in no store.
    Transit(TransferId),
}

impl Place {
    /// The place that a store's fact means by an account.
    pub fn of(store: &StoreId, account: &Account) -> Self {
        match account {
            Account::InTransit(transfer) => Self::Transit(transfer.clone()),
            other => Self::Store(store.clone(), other.clone()),
        }
    }
}

/// A sum of movements: quantity in thousandths, value in ten-thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Thousandths of the unit.
    pub quantity: i128,
    /// Ten-thousandths of the currency unit.
    pub value: i128,
}

impl Balance {
    pub(crate) fn add(&mut self, other: Self) {
        self.quantity += other.quantity;
        self.value += other.value;
    }

    pub(crate) fn take(&mut self, other: Self) {
        self.quantity -= other.quantity;
        self.value -= other.value;
    }
}

/// What stands where: the key of a balance.
pub type BalanceKey = (Place, Sku, Option<Lot>);

/// Every balance of a chain, in a fixed order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balances {
    sums: BTreeMap<BalanceKey, Balance>,
}

impl Balances {
    /// Adds a fact's movements. The caller makes sure that no fact comes twice; [`fold`] does.
    pub fn apply(&mut self, fact: &Fact) {
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                let place = Place::of(&fact.store, account);
                let key = (place, movement.sku.clone(), movement.lot.clone());
                let quantity = i128::from(quantity.thousandths());
                let value = i128::from(value.ten_thousandths());
                self.sums.entry(key).or_default().add(Balance { quantity, value });
            }
        }
    }

    /// Adds the balances of other facts.
    pub fn merge(&mut self, other: &Self) {
        for (key, balance) in &other.sums {
            self.sums.entry(key.clone()).or_default().add(*balance);
        }
    }

    /// One balance; nothing where nothing ever moved.
    pub fn get(&self, key: &BalanceKey) -> Balance {
        self.sums.get(key).copied().unwrap_or_default()
    }

    /// What a store has on hand of a SKU, over all lots.
    pub fn on_hand(&self, store: &StoreId, sku: &Sku) -> Balance {
        let place = Place::Store(store.clone(), Account::OnHand);
        let from = (place.clone(), sku.clone(), None);
        let mut sum = Balance::default();
        let lots = self.sums.range(from..);
        for (_, balance) in lots.take_while(|((p, s, _), _)| *p == place && s == sku) {
            sum.add(*balance);
        }
        sum
    }

    /// Every balance, in the order of its key.
    pub fn iter(&self) -> impl Iterator<Item = (&BalanceKey, &Balance)> {
        self.sums.iter()
    }
}

/// Something that a person should look at. Never an error: what happened has happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anomaly {
    /// More left the shelf than was booked in (负库存).
    NegativeStock {
        /// Where.
        store: StoreId,
        /// Of what.
        sku: Sku,
        /// How much, in thousandths; negative.
        quantity: i128,
    },
    /// Nothing is on hand, yet it is worth something.
    ValueWithoutQuantity {
        /// Where.
        store: StoreId,
        /// Of what.
        sku: Sku,
        /// How much, in ten-thousandths.
        value: i128,
    },
    /// Two different facts bear the same name: a node's history has forked.
    Forked {
        /// Whose.
        store: StoreId,
        /// The name.
        id: FactId,
    },
    /// A kind of fact that this version cannot read in full. Its movements count.
    UnknownKind {
        /// Where.
        store: StoreId,
        /// Which fact.
        id: FactId,
        /// The kind's name.
        kind: Box<str>,
    },
}

/// What a set of facts adds up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// Every balance.
    pub balances: Balances,
    /// What looks wrong, in a fixed order.
    pub anomalies: Vec<Anomaly>,
}

/// Adds up facts. The result depends on the set alone: not on order, not on repetition.
pub fn fold<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Folded {
    let (set, mut anomalies) = distinct(facts);
    let mut balances = Balances::default();
    for fact in set.values() {
        balances.apply(fact);
        if let Body::Unknown { kind } = &fact.body {
            let (store, id) = (fact.store.clone(), fact.id);
            anomalies.push(Anomaly::UnknownKind { store, id, kind: kind.clone() });
        }
    }
    anomalies.extend(stock_anomalies(&balances));
    anomalies.sort();
    anomalies.dedup();
    Folded { balances, anomalies }
}

/// Each fact once. Of two that claim one name, the one whose text sorts first counts, so that
/// every replica chooses the same.
fn distinct<'a>(
    facts: impl IntoIterator<Item = &'a Fact>,
) -> (BTreeMap<(StoreId, FactId), &'a Fact>, Vec<Anomaly>) {
    let mut set: BTreeMap<(StoreId, FactId), &Fact> = BTreeMap::new();
    let mut forks = Vec::new();
    for fact in facts {
        match set.entry((fact.store.clone(), fact.id)) {
            Entry::Vacant(place) => {
                place.insert(fact);
            }
            Entry::Occupied(mut place) if *place.get() != fact => {
                forks.push(Anomaly::Forked { store: fact.store.clone(), id: fact.id });
                if json::to_text(fact) < json::to_text(place.get()) {
                    place.insert(fact);
                }
            }
            Entry::Occupied(_) => {}
        }
    }
    (set, forks)
}

fn stock_anomalies(balances: &Balances) -> Vec<Anomaly> {
    let mut on_hand: BTreeMap<(&StoreId, &Sku), Balance> = BTreeMap::new();
    for ((place, sku, _), balance) in balances.iter() {
        if let Place::Store(store, Account::OnHand) = place {
            on_hand.entry((store, sku)).or_default().add(*balance);
        }
    }
    let judge = |((store, sku), balance): ((&StoreId, &Sku), Balance)| {
        let (store, sku) = (store.clone(), sku.clone());
        if balance.quantity < 0 {
            return Some(Anomaly::NegativeStock { store, sku, quantity: balance.quantity });
        }
        (balance.quantity == 0 && balance.value != 0).then_some(Anomaly::ValueWithoutQuantity {
            store,
            sku,
            value: balance.value,
        })
    };
    on_hand.into_iter().filter_map(judge).collect()
}
