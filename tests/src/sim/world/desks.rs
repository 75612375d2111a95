//! What is booked and said at the machines, and noted down in the naive model.

use ledger::command::Command;
use ledger::fact::Fact;
use ledger::id::{FactId, TransferId};
use ledger::order::OrderStep;
use ledger::transfer::{Entry, Event, Route, Step};
use sync_proto::memory::MemoryReplica;
use sync_proto::{OrderId, OrderKind, Writer};

use super::orders::{day_of, party, store_numbered, transfer_entry};
use super::{Happening, World};
use crate::dice::Dice;
use crate::sim::desk::{self, Move};
use crate::sim::node::Job;
use crate::sim::shelf::{self, When};
use crate::sim::shop::{Care, Deal, Passing};
use crate::sim::till::Sale;

/// From so many transfers on nobody asks for another: enough for all to be under way at once.
const TRANSFERS_MAX: usize = 8;

impl World {
    /// Somebody at a machine looks after transfers and purchases.
    pub(super) fn operator(&mut self, machine: usize) {
        if self.ticks >= self.plan.clears_at || self.nodes[machine].scrapped {
            return;
        }
        let pause = self.dice.between(1, self.plan.desk_pace_max);
        self.schedule(pause, Happening::Operator { machine });
        if self.nodes[machine].up {
            for job in [Job::Desk, Job::Buyer] {
                let dice = Dice::new(self.dice.any());
                self.enqueue(machine, job(dice));
            }
        }
    }

    /// Has a machine book something, once its disk comes to it.
    pub(super) fn enqueue(&mut self, machine: usize, job: Job) {
        let booking = &mut self.nodes[machine].booking;
        booking.push_back(job);
        if booking.len() == 1 {
            self.disk(machine, |life| Happening::Booked { machine, life });
        }
    }

    /// Makes what was asked for durable. What is not acknowledged may have happened all the same.
    pub(super) fn carry_out(&mut self, machine: usize, job: Job, acked: bool) {
        match job {
            Job::Till(sale) => self.sell(machine, &sale, acked),
            Job::Desk(dice) => self.look_after_transfers(machine, dice, acked),
            Job::Buyer(dice) => self.look_after_purchases(machine, dice, acked),
            Job::Count(dice) => self.stocktake(machine, dice, acked),
            Job::Close(evening) => self.close_days(machine, evening, acked),
        }
    }

    pub(super) fn sell(&mut self, machine: usize, sale: &Sale, acked: bool) {
        let Some(store) = self.nodes[machine].writer.store() else { return };
        let days = if sale.late { -1 } else { 0 };
        let goods = sale.passings(store);
        self.count(sale.name);
        self.book(machine, days, sale.command.clone(), goods, acked);
    }

    fn look_after_transfers(&mut self, machine: usize, mut dice: Dice, acked: bool) {
        let known = self.nodes[machine].replica.orders(OrderKind::Transfer);
        if known.is_empty() || (known.len() < TRANSFERS_MAX && dice.percent(25)) {
            return self.request(machine, &mut dice, acked);
        }
        let order = dice.pick(&known).clone();
        let id = transfer_id(&order);
        let me = party(&self.nodes[machine].writer);
        let mut entries = entries(&self.nodes[machine].replica, &order);
        if dice.percent(30) {
            let papers = self.papers(machine, &order, &entries);
            if papers.iter().any(|entry| !entries.contains(entry)) {
                self.count("papers read");
            }
            entries.extend(papers);
        }
        match desk::next(&me, &id, &entries, &mut dice) {
            Some(Move::Say(step)) => self.say(machine, &id, step, acked),
            Some(Move::Book(task, goods)) => {
                let command = Command::Transfer(Box::new(task));
                let fact = self.book(machine, 0, command, goods, acked);
                if let Some((_, step)) = fact.as_ref().and_then(Step::of_fact) {
                    self.say(machine, &id, step, acked);
                }
            }
            None => {}
        }
    }

    /// What comes with the goods on paper: all that the source knows, though no network brought it.
    fn papers(&self, machine: usize, order: &OrderId, known: &[Entry]) -> Vec<Entry> {
        let Some(route) = ledger::transfer::status(known).route else { return Vec::new() };
        if self.nodes[machine].writer.store() != Some(route.to()) {
            return Vec::new();
        }
        let source = Writer::Store(route.from().clone());
        let source = self.nodes.iter().find(|node| node.writer == source);
        source.map(|node| entries(&node.replica, order)).unwrap_or_default()
    }

    /// A store asks for goods or offers some; head office has stores move them.
    fn request(&mut self, machine: usize, dice: &mut Dice, acked: bool) {
        let stores = self.plan.stores as u64;
        let me = match self.nodes[machine].writer.store() {
            Some(store) => store.clone(),
            None => store_numbered(dice.between(1, stores)),
        };
        // Where there is one store alone, the other end never answers.
        let number = if stores == 1 { 9 } else { dice.between(1, stores) };
        let other = store_numbered(number);
        let ends = if dice.percent(50) { (me, other) } else { (other, me) };
        let Ok(route) = Route::new(ends.0, ends.1) else { return };
        let parties = [route.from(), route.to()];
        let number = self.order_number(machine, OrderKind::Transfer, &parties);
        let id = TransferId::new(number.as_str()).expect("an order's number");
        self.say(machine, &id, desk::request(route, dice), acked);
    }

    /// Says something in a transfer's order.
    pub(super) fn say(&mut self, machine: usize, id: &TransferId, step: Step, acked: bool) {
        self.count(said_name(&step));
        let node = &self.nodes[machine];
        let (by, at) = (party(&node.writer), node.now(self.ticks).wall);
        let name = step.name().to_string();
        let text = Event { by, at, operator: None, step }.to_text();
        let order = OrderId::new(id.as_str()).expect("transfers are numbered as orders");
        self.write(machine, (OrderKind::Transfer, order), (name, text), acked);
    }

    /// Books a fact, some days from today.
    pub(super) fn book(
        &mut self,
        machine: usize,
        days: i32,
        command: Command,
        goods: Vec<Passing>,
        acked: bool,
    ) -> Option<Fact> {
        let node = &mut self.nodes[machine];
        let store = node.writer.store()?.clone();
        let at = node.now(self.ticks).wall;
        let happened = day_of(at).plus_days(days);
        let date = node.open_day(&store, happened);
        if date != happened {
            self.count("late fact");
        }
        let when = When { at, happened, date };
        Some(
            self.record(machine, when, goods, acked, |id| shelf::booked(&store, id, when, command)),
        )
    }

    /// Makes a fact durable and notes it down.
    pub(super) fn record(
        &mut self,
        machine: usize,
        When { happened, date, .. }: When,
        goods: Vec<Passing>,
        acked: bool,
        fact: impl FnOnce(FactId) -> Fact,
    ) -> Fact {
        let mut booked = None;
        let id = self.nodes[machine].replica.record(date, |id| {
            let fact = booked.insert(fact(id));
            ledger::json::to_text(fact)
        });
        let booked = booked.expect("a fact that is recorded is made");
        self.trace.note(self.ticks, format_args!("{machine} books {id} on {date}"));
        let care = Care { machine, acked, excused: false };
        let key = (booked.store.clone(), id, ledger::json::to_text(&booked));
        let fact = booked.clone();
        self.shop.deals.insert(key, Deal { fact, happened, date, goods, care });
        booked
    }
}

/// What somebody does who says this.
const fn said_name(step: &Step) -> &'static str {
    match step {
        Step::Request { .. } => "transfer requested",
        Step::Approve { .. } => "transfer approved",
        Step::Reject { .. } => "transfer rejected",
        Step::Ship { .. } => "transfer shipped",
        Step::Receive { .. } => "transfer received",
        Step::Settle { surplus, .. } if !surplus.is_empty() => "transfer surplus settled",
        Step::Settle { .. } => "transfer settled",
        Step::Cancel { .. } => "transfer cancelled",
        Step::Withdraw { .. } => "transfer entry withdrawn",
    }
}

/// What is known of a transfer at a replica.
pub(super) fn entries(replica: &MemoryReplica, order: &OrderId) -> Vec<Entry> {
    let events = replica.order(OrderKind::Transfer, order).expect("held orders can be read");
    events.iter().map(transfer_entry).collect()
}

fn transfer_id(order: &OrderId) -> TransferId {
    TransferId::new(order.as_str()).expect("these orders are numbered as transfers")
}
