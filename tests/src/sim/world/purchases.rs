//! What is bought: purchases as machines begin them, speak of them, and book their goods.

use ledger::command::Command;
use ledger::fact::Fact;
use ledger::id::{PurchaseId, Sku, StoreId};
use ledger::json;
use ledger::order::OrderStep;
use ledger::purchase::{Entry, Event, Held, Holdings, Step};
use sync_proto::memory::MemoryReplica;
use sync_proto::{OrderId, OrderKind};

use super::World;
use super::orders::{party, purchase_entry, store_numbered};
use crate::dice::Dice;
use crate::sim::buyer::{self, Move, Stock};
use crate::sim::shelf;
use crate::sim::shop::{Bought, Spot};

/// From so many purchases on nobody begins another: enough for all to be under way at once.
const PURCHASES_MAX: usize = 6;

/// The account of goods that wait for a decision.
const QUARANTINE: &str = "quarantine";

impl World {
    pub(super) fn look_after_purchases(&mut self, machine: usize, mut dice: Dice, acked: bool) {
        let node = &self.nodes[machine];
        let known = node.replica.orders(OrderKind::Purchase);
        if known.is_empty() || (known.len() < PURCHASES_MAX && dice.percent(15)) {
            return self.begin_purchase(machine, &mut dice, acked);
        }
        let order = dice.pick(&known).clone();
        let id = PurchaseId::new(order.as_str()).expect("an order's number");
        let entries = entries(&node.replica, &order);
        let stock = node.writer.store().map(|store| self.bought_stock(machine, store, &id));
        let desk = (party(&node.writer), &id, stock.unwrap_or_default());
        match buyer::next(desk, &entries, &mut dice) {
            Some(Move::Say(step)) => self.tell(machine, &id, step, acked),
            Some(Move::Book(task, goods)) => {
                self.count(buyer::booked_name(&task));
                let command = Command::Purchase(task);
                let Some(fact) = self.book(machine, 0, command, goods, acked) else { return };
                let Some((purchase, step)) = Step::of_fact(&fact) else { return };
                let back = match &step {
                    Step::Return { kind, .. } => Some(*kind),
                    _ => None,
                };
                let bought = Bought { purchase: purchase.clone(), back };
                let key = (fact.store.clone(), fact.id, json::to_text(&fact));
                self.shop.bought.insert(key, bought);
                self.tell(machine, &id, step, acked);
            }
            None => {}
        }
    }

    /// A store buys for itself, or for another one too; head office for any of them.
    fn begin_purchase(&mut self, machine: usize, dice: &mut Dice, acked: bool) {
        let any = |dice: &mut Dice| store_numbered(dice.between(1, self.plan.stores as u64));
        let mut stores = vec![match self.nodes[machine].writer.store() {
            Some(store) => store.clone(),
            None => any(dice),
        }];
        if dice.percent(30) {
            stores.push(any(dice));
        }
        stores.sort();
        stores.dedup();
        let step = buyer::begin(&stores, dice);
        let parties: Vec<&StoreId> = stores.iter().collect();
        let number = self.order_number(machine, OrderKind::Purchase, &parties);
        let id = PurchaseId::new(number.as_str()).expect("an order's number");
        self.tell(machine, &id, step, acked);
    }

    /// What a store's own books hold that matters to a purchase.
    fn bought_stock(&self, machine: usize, store: &StoreId, id: &PurchaseId) -> Stock {
        let replica = &self.nodes[machine].replica;
        let texts = replica.facts_of(store, |text| text.contains(id.as_str()));
        let facts = texts.iter().map(|(_, text)| json::from_text(text).expect("it can be read"));
        let of_it = |fact: &Fact| Step::of_fact(fact).is_some_and(|(purchase, _)| purchase == id);
        let facts = facts.filter(of_it).collect();
        Stock { facts, held: self.quarantined(machine, store) }
    }

    /// What waits for a decision at a store, as people recount it.
    fn quarantined(&self, machine: usize, store: &StoreId) -> Holdings {
        let mut held = Holdings::new();
        let facts = self.nodes[machine].replica.facts_of(store, |text| text.contains(QUARANTINE));
        for (id, text) in facts {
            let Some(deal) = self.shop.deals.get(&(store.clone(), id, text)) else { continue };
            let is_it = |spot: &Spot| matches!(spot, Spot::At(_, account) if account == QUARANTINE);
            for goods in &deal.goods {
                let signs = [(&goods.from, -1), (&goods.to, 1)];
                for (_, sign) in signs.into_iter().filter(|(spot, _)| is_it(spot)) {
                    add(&mut held, &goods.sku, sign * goods.quantity);
                }
            }
        }
        held
    }

    /// Says something in a purchase's order.
    pub(super) fn tell(&mut self, machine: usize, id: &PurchaseId, step: Step, acked: bool) {
        self.count(buyer::said_name(&step));
        let node = &self.nodes[machine];
        let (by, at) = (party(&node.writer), node.now(self.ticks).wall);
        let name = step.name().to_string();
        let text = Event { by, at, operator: None, step }.to_text();
        let order = OrderId::new(id.as_str()).expect("purchases are numbered as orders");
        self.write(machine, (OrderKind::Purchase, order), (name, text), acked);
    }
}

/// What is known of a purchase at a replica.
pub(super) fn entries(replica: &MemoryReplica, order: &OrderId) -> Vec<Entry> {
    let events = replica.order(OrderKind::Purchase, order).expect("held orders can be read");
    events.iter().map(purchase_entry).collect()
}

fn add(held: &mut Holdings, sku: &Sku, thousandths: i64) {
    let there = held.entry((sku.clone(), None)).or_default();
    let thousandths = there.quantity.thousandths() + thousandths;
    *there = Held {
        quantity: shelf::quantity(thousandths),
        value: shelf::money(shelf::cost(sku, thousandths)),
    };
}
