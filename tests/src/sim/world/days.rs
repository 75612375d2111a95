//! Days that stores close, by hand and by schedule, and what they had before them when they did.

use std::collections::BTreeMap;

use ledger::fact::Fact;
use ledger::id::{Sku, StoreId};
use ledger::time::BusinessDate;

use super::orders::day_of;
use super::{Happening, World};
use crate::sim::close::{self, Days, Evening};
use crate::sim::node::Job;
use crate::sim::shelf::{self, When};
use crate::sim::shop::{Heap, Sealed, Spot};

impl World {
    /// Somebody at a store, or its schedule, looks whether a day is to be closed.
    pub(super) fn evening(&mut self, machine: usize) {
        if self.ticks >= self.plan.clears_at || self.nodes[machine].scrapped {
            return;
        }
        let pause = self.dice.between(1, self.plan.close_pace_max);
        self.schedule(pause, Happening::Evening { machine });
        let evening = match self.dice.below(10) {
            0..2 => Evening::ByHand,
            2..4 => Evening::Again(self.dice.any()),
            _ => Evening::Due,
        };
        if self.nodes[machine].up {
            self.enqueue(machine, Job::Close(evening));
        }
    }

    /// Closes the days that are to be closed, all at once.
    pub(super) fn close_days(&mut self, machine: usize, evening: Evening, acked: bool) {
        let node = &self.nodes[machine];
        let Some(store) = node.writer.store().cloned() else { return };
        let at = node.now(self.ticks).wall;
        let mut days = close::days(&node.replica, &store, &self.shop);
        for date in close::to_close(&days, evening, day_of(at)) {
            self.count(match (evening, close::newest(&days[&date])) {
                (_, Some(_)) => "day closed again",
                (Evening::Due, None) => "day closed by schedule",
                (_, None) => "day closed by hand",
            });
            let sealed = self.sealed(&store, &days, date);
            let when = When { at, happened: date, date };
            let said = close::said(&self.nodes[machine].replica, &store, &days, date);
            let header = |id| shelf::header(&store, id, when);
            let fact = self.record(machine, when, Vec::new(), acked, |id| {
                ledger::close::close(header(id), said)
            });
            let text = ledger::json::to_text(&fact);
            self.nodes[machine].closed = None;
            self.shop.closes.insert((store.clone(), fact.id, text.clone()), sealed);
            days.entry(date).or_default().push((fact, text));
        }
    }

    /// What the people at a store know of a day and the days before it.
    fn sealed(&self, store: &StoreId, days: &Days, date: BusinessDate) -> Sealed {
        let mut sealed = Sealed {
            date,
            facts: BTreeMap::new(),
            accounts: BTreeMap::new(),
            on_hand: Heap::default(),
        };
        for (day, facts) in days.range(..=date) {
            for (fact, text) in facts.iter().filter(|(fact, _)| !close::is_close(fact)) {
                sealed.facts.entry(*day).or_default().insert(fact.id, text.clone());
                self.legs(store, fact, text, |account, sku, quantity| {
                    if account == "on_hand" {
                        sealed.on_hand.add(sku, quantity);
                    }
                    if *day == date {
                        let gained = sealed.accounts.entry(account.to_owned()).or_default();
                        gained.add(sku, quantity);
                    }
                });
            }
        }
        sealed.accounts.retain(|_, gained| *gained != Heap::default());
        sealed
    }

    /// What people meant a fact to take from accounts and to add to them.
    fn legs(&self, store: &StoreId, fact: &Fact, text: &str, mut leg: impl FnMut(&str, &Sku, i64)) {
        let Some(deal) = self.shop.deals.get(&(store.clone(), fact.id, text.to_owned())) else {
            return;
        };
        let name = |spot: &Spot| match spot {
            Spot::At(_, account) => account.clone(),
            Spot::Way(_) => "in_transit".to_owned(),
        };
        for goods in &deal.goods {
            leg(&name(&goods.from), &goods.sku, -goods.quantity);
            leg(&name(&goods.to), &goods.sku, goods.quantity);
        }
    }
}
