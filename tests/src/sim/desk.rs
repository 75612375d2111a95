//! Those who move goods between stores: what one of them does next for a transfer, given what is
//! known where they sit.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use ledger::id::{Sku, StoreId, TransferId};
use ledger::order::{OrderStep as _, Party};
use ledger::transfer::{
    Arrived, Deed, Entry, Event, Liable, Outcome, Route, Settled, Stage, Step, StepName, Task,
    Transfer, Wanted, status,
};

use super::shelf::{product, quantity};
use super::shop::{Passing, Spot};
use crate::dice::Dice;

/// Half a unit: goods move in no smaller parts.
pub(super) const PART: i64 = 500;

/// What is done for a transfer.
#[derive(Debug)]
pub(super) enum Move {
    /// Words that move nothing.
    Say(Step),
    /// Goods, and where they are meant to go.
    Book(Task, Vec<Passing>),
}

/// A request for some goods.
pub(super) fn request(route: Route, dice: &mut Dice) -> Step {
    let start = dice.any();
    let line = |n: u64, dice: &mut Dice| Wanted {
        sku: product(start.wrapping_add(n)),
        quantity: quantity(dice.between(1, 8) as i64 * 1_000),
    };
    let lines = (0..dice.between(1, 3)).map(|n| line(n, dice)).collect();
    Step::Request { route, lines, remark: None }
}

/// What a party does next, if there is anything for it to do.
pub(super) fn next(
    me: &Party,
    transfer: &TransferId,
    known: &[Entry],
    dice: &mut Dice,
) -> Option<Move> {
    let now = status(known);
    let desk = Desk { me, transfer, known, route: now.route.clone()?, now };
    if dice.percent(4) {
        return desk.say_once(StepName::Cancel, Step::Cancel { reason: "changed plans".into() });
    }
    match me {
        Party::HeadOffice => desk.judge(dice),
        Party::Store(store) if store == desk.route.from() => {
            if dice.percent(15) {
                desk.settle(store, dice)
            } else {
                desk.ship(dice)
            }
        }
        Party::Store(store) if store == desk.route.to() => {
            if dice.percent(15) {
                desk.settle(store, dice)
            } else {
                desk.receive(dice)
            }
        }
        Party::Store(_) => None,
    }
}

struct Desk<'a> {
    me: &'a Party,
    transfer: &'a TransferId,
    known: &'a [Entry],
    now: Transfer,
    route: Route,
}

impl Desk<'_> {
    fn judge(&self, dice: &mut Dice) -> Option<Move> {
        if dice.percent(15) {
            return self.say_once(StepName::Reject, Step::Reject { reason: "no".into() });
        }
        let less = |(sku, line): (&Sku, &ledger::transfer::Line)| Wanted {
            sku: sku.clone(),
            quantity: quantity((line.requested as i64 / 2).max(PART)),
        };
        let lines = if dice.percent(30) {
            self.now.lines.iter().filter(|(_, line)| line.requested > 0).map(less).collect()
        } else {
            Vec::new()
        };
        self.say_once(StepName::Approve, Step::Approve { lines, rule: None, remark: None })
    }

    fn ship(&self, dice: &mut Dice) -> Option<Move> {
        if self.now.cancel_asked.is_some() || self.now.stage == Stage::Rejected {
            return None;
        }
        let mut lines = Vec::new();
        for (sku, line) in &self.now.lines {
            let due = (line.approved - line.shipped.quantity) as i64;
            let more = if dice.percent(5) { PART } else { 0 };
            if due > 0 {
                let units = quantity(some_of(due, dice) + more);
                lines.push(Wanted { sku: sku.clone(), quantity: units });
            }
        }
        let shipment = next_number(&self.shipments())?;
        let goods = |line: &Wanted| {
            let shelf = at(self.route.from(), "on_hand");
            self.passing(shelf, self.way(), &line.sku, line.quantity.thousandths())
        };
        let passings: Vec<Passing> = lines.iter().map(goods).collect();
        self.book(passings, Deed::Ship { shipment, lines })
    }

    fn receive(&self, dice: &mut Dice) -> Option<Move> {
        let on_the_way = self.now.on_the_way().ok()?;
        let mut lines = Vec::new();
        for (sku, carried) in &on_the_way {
            let sent = carried.quantity.thousandths();
            let came = match dice.below(10) {
                0 => sent + PART,
                _ => some_of(sent, dice),
            };
            let broken = if dice.percent(20) { PART.min(came) } else { 0 };
            let (received, damaged) = (quantity(came - broken), quantity(broken));
            lines.push(Arrived { sku: sku.clone(), received, damaged });
        }
        if !lines.is_empty() && dice.percent(5) {
            let sku = product(dice.any());
            if !on_the_way.contains_key(&sku) {
                lines.push(Arrived { sku, received: quantity(PART), damaged: quantity(0) });
            }
        }
        let shipments: Vec<NonZeroU32> = self.shipments().into_iter().collect();
        if shipments.is_empty() {
            return None;
        }
        let shipment = *dice.pick(&shipments);
        let part = next_number(&self.parts(shipment))?;
        let mut passings = Vec::new();
        for Arrived { sku, received, damaged } in &lines {
            for (account, units) in [("on_hand", received), ("quarantine", damaged)] {
                let there = at(self.route.to(), account);
                passings.push(self.passing(self.way(), there, sku, units.thousandths()));
            }
        }
        self.book(passings, Deed::Receive { shipment, part, lines, on_the_way })
    }

    fn settle(&self, store: &StoreId, dice: &mut Dice) -> Option<Move> {
        let on_the_way = self.now.on_the_way().ok()?;
        let mut lines = Vec::new();
        let mut passings = Vec::new();
        for (sku, carried) in &on_the_way {
            let (outcome, account) = match dice.below(3) {
                0 => (Outcome::Lost, "transit_loss"),
                1 => (Outcome::Damaged, "scrap"),
                _ if store == self.route.from() => (Outcome::Returned, "on_hand"),
                _ => (Outcome::Lost, "transit_loss"),
            };
            let missing = some_of(carried.quantity.thousandths(), dice);
            lines.push(Settled { sku: sku.clone(), quantity: quantity(missing), outcome });
            passings.push(self.passing(self.way(), at(store, account), sku, missing));
        }
        let surplus = self.now.surplus().ok()?;
        for (sku, carried) in &surplus {
            let found = some_of(carried.quantity.thousandths(), dice);
            let (loss, outcome) = (at(store, "transit_loss"), Outcome::Surplus);
            lines.push(Settled { sku: sku.clone(), quantity: quantity(found), outcome });
            passings.push(self.passing(loss, self.way(), sku, found));
        }
        let settlement = next_number(&self.settlements())?;
        let (liable, reason) = (*dice.pick(&Liable::ALL), "counted".into());
        self.book(passings, Deed::Settle { settlement, lines, surplus, on_the_way, liable, reason })
    }

    fn book(&self, passings: Vec<Passing>, deed: Deed) -> Option<Move> {
        let passings: Vec<Passing> = passings.into_iter().filter(|p| p.quantity > 0).collect();
        if passings.is_empty() {
            return None;
        }
        let (transfer, route) = (self.transfer.clone(), self.route.clone());
        Some(Move::Book(Task { transfer, route, deed }, passings))
    }

    /// Nobody says a thing a second time that they know to have said.
    fn say_once(&self, name: StepName, step: Step) -> Option<Move> {
        let said = self.events().any(|event| event.by == *self.me && event.step.name() == name);
        let decided = matches!(name, StepName::Approve | StepName::Reject)
            && self
                .events()
                .any(|event| matches!(event.step, Step::Approve { .. } | Step::Reject { .. }));
        (!said && !decided).then_some(Move::Say(step))
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.known.iter().filter_map(|entry| match entry {
            Entry::Said(event) => Some(event),
            Entry::Unread(_) => None,
        })
    }

    fn shipments(&self) -> BTreeSet<NonZeroU32> {
        let shipment = |event: &Event| match event.step {
            Step::Ship { shipment, .. } => Some(shipment),
            _ => None,
        };
        self.events().filter_map(shipment).collect()
    }

    fn parts(&self, of: NonZeroU32) -> BTreeSet<NonZeroU32> {
        let part = |event: &Event| match event.step {
            Step::Receive { shipment, part, .. } if shipment == of => Some(part),
            _ => None,
        };
        self.events().filter_map(part).collect()
    }

    fn settlements(&self) -> BTreeSet<NonZeroU32> {
        let number = |event: &Event| match event.step {
            Step::Settle { settlement, .. } if event.by == *self.me => Some(settlement),
            _ => None,
        };
        self.events().filter_map(number).collect()
    }

    fn way(&self) -> Spot {
        Spot::Way(self.transfer.clone())
    }

    fn passing(&self, from: Spot, to: Spot, sku: &Sku, quantity: i64) -> Passing {
        Passing { from, to, sku: sku.clone(), quantity }
    }
}

pub(super) fn at(store: &StoreId, account: &str) -> Spot {
    Spot::At(store.clone(), account.to_owned())
}

fn next_number(taken: &BTreeSet<NonZeroU32>) -> Option<NonZeroU32> {
    taken.last().map_or(Some(NonZeroU32::MIN), |last| last.checked_add(1))
}

/// All of a quantity, or a part of it.
pub(super) fn some_of(thousandths: i64, dice: &mut Dice) -> i64 {
    let parts = thousandths / PART;
    if parts < 2 || dice.percent(55) {
        return thousandths;
    }
    dice.between(1, parts as u64 - 1) as i64 * PART
}
