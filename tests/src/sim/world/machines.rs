//! What happens at the machines: customers, and all that can befall a disk.

use std::collections::BTreeSet;

use sync_proto::DocId;
use sync_proto::ask::answer;
use sync_proto::memory::MemoryReplica;
use sync_proto::order;

use super::{GLANCE, HUB, Happening, ORDERS, World};
use crate::dice::Dice;
use crate::sim::network::Weather;
use crate::sim::node::{Job, Node};
use crate::sim::plan::Fault;
use crate::sim::shop::WordKey;
use crate::sim::till::Sale;

impl World {
    pub(super) fn customer(&mut self, machine: usize) {
        if self.ticks >= self.plan.clears_at || self.nodes[machine].scrapped {
            return;
        }
        let pause = self.dice.between(1, self.plan.pace_max);
        self.schedule(pause, Happening::Customer { machine });
        if self.nodes[machine].up {
            let sale = Sale::any(&mut self.dice);
            self.enqueue(machine, Job::Till(Box::new(sale)));
            if self.dice.percent(25) {
                let dice = Dice::new(self.dice.any());
                self.enqueue(machine, Job::Count(dice));
            }
        }
    }

    pub(super) fn booked(&mut self, machine: usize, life: u64) {
        if self.nodes[machine].life != life {
            return;
        }
        if let Some(job) = self.nodes[machine].booking.pop_front() {
            self.carry_out(machine, job, true);
            self.changed(machine, None);
        }
        if !self.nodes[machine].booking.is_empty() {
            self.disk(machine, |life| Happening::Booked { machine, life });
        }
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        self.trace.note(self.ticks, format_args!("{fault:?}"));
        self.count(fault.name());
        match fault {
            Fault::Break { store } => self.break_links(store),
            Fault::Partition { store, lasts } => {
                let store = &mut self.nodes[store];
                store.cut_off_until = store.cut_off_until.max(self.ticks + lasts);
                let writer = store.writer.clone();
                for machine in 0..self.nodes.len() {
                    if self.nodes[machine].writer == writer {
                        self.break_links(machine);
                    }
                }
            }
            Fault::Crash { machine, down } => self.crash(machine, down),
            Fault::ClockJump { machine, by } => self.nodes[machine].clock_ahead += by,
            Fault::SlowDisk { machine, lasts } => {
                self.nodes[machine].slow_until = self.ticks + lasts;
            }
            Fault::Backup { machine } => {
                self.nodes[machine].backup = Some(self.nodes[machine].replica.backup());
            }
            Fault::Restore { machine, down } => self.restore(machine, down),
            Fault::Clone { store, lasts } => self.clone_disk(store, lasts),
        }
    }

    pub(super) fn crash(&mut self, machine: usize, down: u64) {
        if !self.nodes[machine].up {
            return;
        }
        // What the disk was doing either happened or did not; nobody is told.
        let under_way: Vec<_> = self.nodes[machine]
            .talks
            .values_mut()
            .filter_map(|talk| Some((talk.session.config().peer.clone(), talk.asks.pop_front()?.1)))
            .collect();
        for (peer, ask) in under_way {
            if self.dice.percent(50) {
                answer(&self.nodes[machine].replica, &peer, ask);
            }
        }
        if let Some(job) = self.nodes[machine].booking.pop_front()
            && self.dice.percent(50)
        {
            self.carry_out(machine, job, false);
        }
        let node = &mut self.nodes[machine];
        node.up = false;
        node.life += 1;
        node.closed = None;
        node.booking.clear();
        self.break_links(machine);
        self.nodes[machine].talks.clear();
        self.schedule(down, Happening::Restart { machine });
    }

    pub(super) fn restore(&mut self, machine: usize, down: u64) {
        let Some(backup) = self.nodes[machine].backup.take() else { return };
        self.crash(machine, down);
        let kept = backup.facts();
        for ((store, id, _), deal) in &mut self.shop.deals {
            deal.care.excused |=
                deal.care.machine == machine && !kept.contains_key(&(store.clone(), *id));
        }
        let said = words(&backup);
        for (word, care) in &mut self.shop.words {
            if care.machine == machine && !said.contains(word) {
                care.excused = true;
                if machine == HUB {
                    *self.done.entry("word of head office lost").or_default() += 1;
                    self.shop.forgotten.insert(word.clone());
                }
            }
        }
        // Whoever restores by the command starts a new history; a folder that is put back by hand
        // goes on with the old one until it hears from the hub. Head office has the command.
        if machine == HUB || self.dice.percent(50) {
            backup.open_epoch();
        }
        self.nodes[machine].replica = backup;
        self.nodes[machine].counting = None;
        self.nodes[machine].closed = None;
        self.nodes[machine].may_part = true;
    }

    pub(super) fn clone_disk(&mut self, store: usize, lasts: u64) {
        self.nodes[store].may_part = true;
        let node = &self.nodes[store];
        let mut clone = Node::new(node.writer.clone(), node.replica.backup());
        clone.may_part = true;
        clone.clock_ahead = self.plan.begins;
        clone.cut_off_until = node.cut_off_until;
        self.nodes.push(clone);
        let machine = self.nodes.len() - 1;
        self.dial_after(machine, 100);
        self.schedule(self.plan.pace_max, Happening::Customer { machine });
        self.schedule(self.plan.desk_pace_max, Happening::Operator { machine });
        self.schedule(self.plan.close_pace_max, Happening::Evening { machine });
        self.schedule(lasts, Happening::Retire { machine });
    }

    pub(super) fn retire(&mut self, machine: usize) {
        if self.nodes[machine].scrapped {
            return;
        }
        self.crash(machine, 0);
        self.nodes[machine].scrapped = true;
        let shop = &mut self.shop;
        let cares =
            shop.deals.values_mut().map(|deal| &mut deal.care).chain(shop.words.values_mut());
        cares.filter(|care| care.machine == machine).for_each(|care| care.excused = true);
    }

    pub(super) fn restart(&mut self, machine: usize) {
        if self.nodes[machine].up || self.nodes[machine].scrapped {
            return;
        }
        self.nodes[machine].up = true;
        if machine != HUB {
            self.dial_after(machine, 10);
        }
    }

    /// The weather clears: everything works from here on.
    pub(super) fn clear(&mut self) {
        for machine in 0..self.nodes.len() {
            if machine > self.plan.stores {
                self.retire(machine);
            }
            self.nodes[machine].cut_off_until = 0;
            self.nodes[machine].slow_until = 0;
            self.restart(machine);
        }
        self.weather = Weather { latency_max: 40, loss_percent: 0 };
        self.trace.note(self.ticks, format_args!("the weather clears"));
        self.schedule(GLANCE, Happening::Glance);
    }
}

/// Everything said in the orders that a replica holds.
pub(super) fn words(replica: &MemoryReplica) -> BTreeSet<WordKey> {
    let mut words = BTreeSet::new();
    for kind in ORDERS {
        for id in replica.orders(kind) {
            let events = replica.order(kind, &id).expect("held orders can be read");
            let doc = DocId::Order { kind, id };
            let word = |e: order::Event| (doc.clone(), e.by, e.name.to_string(), e.text);
            words.extend(events.into_iter().map(word));
        }
    }
    words
}
