//! Those who buy: what one of them does next for a purchase, given what is known where they sit.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use ledger::amount::Money;
use ledger::fact::{Body, Fact};
use ledger::id::{PurchaseId, Sku, StoreId, SupplierId};
use ledger::movement::{Account, Movement};
use ledger::order::Party;
use ledger::purchase::{
    Act, Answer, Back, Basis, Clearing, Delivery, Entry, Event, Holdings, Inspected, Need,
    OrderLine, Ordered, Pile, Purchase, ReturnKind, SendBack, Shipment, Stage, Step, Task, Way,
    Word, answer, receivable, status,
};
use ledger::transfer::Wanted;

use super::desk::{PART, at, some_of};
use super::shelf::{self, money, product, quantity};
use super::shop::Passing;
use crate::dice::Dice;

/// What is done for a purchase.
#[derive(Debug)]
pub(super) enum Move {
    /// Words that move nothing.
    Say(Step),
    /// Goods, and where they are meant to go.
    Book(Box<Task>, Vec<Passing>),
}

/// What a store's own books hold that matters to a purchase.
#[derive(Debug, Default)]
pub(super) struct Stock {
    /// Its receipts and returns of the purchase.
    pub(super) facts: Vec<Fact>,
    /// What is in quarantine.
    pub(super) held: Holdings,
}

/// What a purchase for some stores begins with.
pub(super) fn begin(stores: &[StoreId], dice: &mut Dice) -> Step {
    let start = dice.below(shelf::PRODUCTS);
    let line = |n: u64, dice: &mut Dice| OrderLine {
        store: dice.pick(stores).clone(),
        sku: product(start + n),
        quantity: units(dice),
        price: price(&product(start + n)),
    };
    let lines: Vec<OrderLine> = (0..dice.between(1, 3)).map(|n| line(n, dice)).collect();
    if dice.percent(60) {
        let order = Ordered { supplier: supplier(dice), lines, expected: None, remark: None };
        return Step::Order { revision: NonZeroU32::MIN, order };
    }
    let need = |OrderLine { store, sku, quantity, .. }| Need { store, sku, quantity };
    let supplier = dice.percent(50).then(|| supplier(dice));
    Step::Request { needs: lines.into_iter().map(need).collect(), supplier, remark: None }
}

/// What a party does next, if there is anything for it to do.
pub(super) fn next(
    (me, purchase, stock): (Party, &PurchaseId, Stock),
    known: &[Entry],
    dice: &mut Dice,
) -> Option<Move> {
    let desk = Desk { me, purchase, stock, known, now: status(known) };
    let reason = || "changed plans".into();
    match (desk.now.stage, dice.below(100)) {
        (Stage::Requested, 0..70) | (Stage::Draft, 0..15) | (Stage::Submitted, 0..10) => {
            desk.order(dice)
        }
        (Stage::Draft, 15..65) | (Stage::Submitted, 10..15) => {
            desk.say(Word::Submit { remark: None })
        }
        (Stage::Draft, 65..90) | (Stage::Submitted, 15..80) => {
            desk.say(Word::Approve { rule: None, remark: None })
        }
        (Stage::Requested | Stage::Draft | Stage::Submitted, 90..95) => {
            desk.say(Word::Reject { reason: reason() })
        }
        (Stage::Approved, 0..50) => desk.say(Word::Send { remark: None }),
        (Stage::Approved, 50..65)
        | (Stage::Sent | Stage::PartlyReceived, 0..55)
        | (Stage::Received | Stage::ShortClosed, 0..15) => desk.receive(dice),
        (Stage::Sent | Stage::PartlyReceived, 55..75)
        | (Stage::Received | Stage::ShortClosed, 15..75) => desk.send_back(dice),
        (Stage::Approved | Stage::Sent | Stage::PartlyReceived, 75..83) => {
            desk.say(Word::Track(shipment(dice)))
        }
        (Stage::Approved | Stage::Sent | Stage::PartlyReceived, 83..90) => {
            desk.say(Word::Close { reason: reason() })
        }
        (stage, 95..) if stage < Stage::PartlyReceived => {
            desk.say(Word::Cancel { reason: reason() })
        }
        (stage, 90..) if stage >= Stage::PartlyReceived => desk.clear(dice),
        _ => None,
    }
}

/// What somebody does who says this.
pub(super) const fn said_name(step: &Step) -> &'static str {
    match step {
        Step::Request { .. } => "purchase requested",
        Step::Order { revision, .. } if revision.get() > 1 => "purchase order revised",
        Step::Order { .. } => "purchase ordered",
        Step::Submit { .. } => "purchase submitted",
        Step::Approve { .. } => "purchase approved",
        Step::Reject { .. } => "purchase rejected",
        Step::Send { .. } => "purchase sent",
        Step::Track { .. } => "purchase tracked",
        Step::Receive { .. } => "purchase received",
        Step::Return { kind: ReturnKind::Refund, .. } => "purchase returned for money",
        Step::Return { kind: ReturnKind::Exchange, .. } => "purchase returned for others",
        Step::Close { .. } => "purchase closed",
        Step::Cancel { .. } => "purchase cancelled",
        Step::Withdraw { .. } => "purchase entry withdrawn",
    }
}

/// What is done to goods by somebody who books this.
pub(super) fn booked_name(task: &Task) -> &'static str {
    match task {
        Task::Deliver(came) if came.lines.iter().any(|line| line.rejected.is_positive()) => {
            "delivery partly rejected"
        }
        Task::Deliver(_) => "delivery accepted",
        Task::SendBack(back) if back.lines.iter().any(|line| line.from == Pile::Quarantine) => {
            "sent back from quarantine"
        }
        Task::SendBack(_) => "sent back from the shelf",
        Task::Clear(Clearing { way: Way::Release, .. }) => "quarantine released",
        Task::Clear(Clearing { way: Way::Scrap, .. }) => "quarantine scrapped",
    }
}

struct Desk<'a> {
    me: Party,
    purchase: &'a PurchaseId,
    stock: Stock,
    known: &'a [Entry],
    now: Purchase,
}

impl Desk<'_> {
    fn say(&self, word: Word) -> Option<Move> {
        match answer(self.known, &self.me, word) {
            Ok(Answer::Say(step)) => Some(Move::Say(step)),
            Ok(Answer::Before) | Err(_) => None,
        }
    }

    /// Orders what is asked for, or something else than before.
    fn order(&self, dice: &mut Dice) -> Option<Move> {
        let line = |need: &Need| OrderLine {
            store: need.store.clone(),
            sku: need.sku.clone(),
            quantity: need.quantity,
            price: price(&need.sku),
        };
        let before = self.now.order.as_ref().map(|(_, order)| order.lines.clone());
        let mut lines = before.unwrap_or_else(|| self.now.needs.iter().map(line).collect());
        lines.first_mut()?.quantity = units(dice);
        let supplier = self.now.supplier.clone().unwrap_or_else(|| supplier(dice));
        self.say(Word::Order(Ordered { supplier, lines, expected: None, remark: None }))
    }

    fn receive(&self, dice: &mut Dice) -> Option<Move> {
        let Party::Store(store) = &self.me else { return None };
        receivable(&self.now).ok()?;
        let supplier = self.now.supplier.clone()?;
        let mut lines = Vec::new();
        let mut came = |sku: &Sku, came: i64, dice: &mut Dice| {
            let broken = if dice.percent(25) { PART.min(came) } else { 0 };
            if came > 0 {
                lines.push(inspected(sku, came - broken, broken));
            }
        };
        for ((_, sku), line) in self.now.lines.iter().filter(|((of, _), _)| of == store) {
            let due = line.open as i64;
            match dice.below(10) {
                0 => came(sku, due + PART, dice),
                1 => {}
                _ => came(sku, some_of(due, dice), dice),
            }
        }
        let other = product(dice.any());
        if dice.percent(5) && !self.now.lines.contains_key(&(store.clone(), other.clone())) {
            came(&other, PART, dice);
        }
        let mut passings = Vec::new();
        for Inspected { sku, accepted, rejected, .. } in &lines {
            for (account, units) in [("on_hand", accepted), ("quarantine", rejected)] {
                passings.push(passing(store, ("supplier", account), sku, units.thousandths()));
            }
        }
        let receipt = self.next_number(|step| match step {
            Step::Receive { receipt, .. } => Some(*receipt),
            _ => None,
        })?;
        let (order, basis) = (Some(self.purchase.clone()), Basis::Estimated);
        let delivery =
            Delivery { supplier, order, receipt, note: None, basis, freight: None, lines };
        booked(Task::Deliver(delivery), passings)
    }

    fn send_back(&self, dice: &mut Dice) -> Option<Move> {
        let Party::Store(store) = &self.me else { return None };
        let came = |fact: &&Fact| matches!(fact.body, Body::GoodsReceipt { .. });
        let receipts: Vec<&Fact> = self.stock.facts.iter().filter(came).collect();
        if receipts.is_empty() {
            return None;
        }
        let receipt = *dice.pick(&receipts);
        let of_it = |fact: &&Fact| matches!(&fact.body, Body::Purchase(Act::SentBack(sent)) if sent.receipt == receipt.id);
        let earlier: Vec<Fact> = self.stock.facts.iter().filter(of_it).cloned().collect();
        let (mut lines, mut passings) = (Vec::new(), Vec::new());
        for Movement { sku, to, quantity: all, .. } in &receipt.movements {
            let sent = earlier.iter().flat_map(|fact| &fact.movements);
            let sent = sent.filter(|m| m.sku == *sku && m.from == *to);
            let mut left = all.thousandths() - sent.map(|m| m.quantity.thousandths()).sum::<i64>();
            let from = if *to == Account::Quarantine { Pile::Quarantine } else { Pile::Shelf };
            if from == Pile::Quarantine {
                left = left.min(self.held(sku));
            }
            if left > 0 && dice.percent(60) {
                let back = some_of(left, dice);
                lines.push(Back { sku: sku.clone(), quantity: quantity(back), from });
                let account = if from == Pile::Shelf { "on_hand" } else { "quarantine" };
                passings.push(passing(store, (account, "supplier"), sku, back));
            }
        }
        let number = self.next_number(|step| match step {
            Step::Return { number, .. } => Some(*number),
            _ => None,
        })?;
        let task = SendBack {
            receipt: receipt.clone(),
            earlier,
            reversed: ledger::command::Reversed::No,
            number,
            kind: *dice.pick(&ReturnKind::ALL),
            lines,
            held: self.stock.held.clone(),
            charged: BTreeMap::default(),
            reason: "not as ordered".into(),
        };
        booked(Task::SendBack(Box::new(task)), passings)
    }

    /// Decides on something that waits in quarantine, of whatever purchase.
    fn clear(&self, dice: &mut Dice) -> Option<Move> {
        let Party::Store(store) = &self.me else { return None };
        let waiting = self.stock.held.iter().find(|(_, held)| held.quantity.is_positive());
        let ((sku, _), held) = waiting?;
        let (way, account) = *dice.pick(&[(Way::Release, "on_hand"), (Way::Scrap, "scrap")]);
        let leaves = some_of(held.quantity.thousandths(), dice);
        let lines = vec![Wanted { sku: sku.clone(), quantity: quantity(leaves) }];
        let passings = vec![passing(store, ("quarantine", account), sku, leaves)];
        let (held, reason) = (self.stock.held.clone(), "looked again".into());
        booked(Task::Clear(Clearing { way, lines, held, reason }), passings)
    }

    fn held(&self, sku: &Sku) -> i64 {
        let held = self.stock.held.get(&(sku.clone(), None));
        held.map_or(0, |held| held.quantity.thousandths())
    }

    /// The number after the last one that the party has used.
    fn next_number(&self, of: impl Fn(&Step) -> Option<NonZeroU32>) -> Option<NonZeroU32> {
        let mine = self.known.iter().filter_map(|entry| match entry {
            Entry::Said(Event { by, step, .. }) if *by == self.me => of(step),
            _ => None,
        });
        mine.max().map_or(Some(NonZeroU32::MIN), |last| last.checked_add(1))
    }
}

/// Something to book, if it moves anything.
fn booked(task: Task, passings: Vec<Passing>) -> Option<Move> {
    let passings: Vec<Passing> = passings.into_iter().filter(|p| p.quantity > 0).collect();
    (!passings.is_empty()).then(|| Move::Book(Box::new(task), passings))
}

fn inspected(sku: &Sku, accepted: i64, rejected: i64) -> Inspected {
    Inspected {
        sku: sku.clone(),
        lot: None,
        expiry: None,
        accepted: quantity(accepted),
        rejected: quantity(rejected),
        price: price(sku),
        weight: None,
        reason: (rejected > 0).then(|| "dented".into()),
        photo: None,
    }
}

fn passing(store: &StoreId, (from, to): (&str, &str), sku: &Sku, quantity: i64) -> Passing {
    Passing { from: at(store, from), to: at(store, to), sku: sku.clone(), quantity }
}

fn units(dice: &mut Dice) -> ledger::amount::Quantity {
    quantity(dice.between(1, 8) as i64 * 1_000)
}

/// What a unit of a product costs, at every supplier.
fn price(sku: &Sku) -> Money {
    money(shelf::cost(sku, 1_000))
}

fn supplier(dice: &mut Dice) -> SupplierId {
    SupplierId::new(&format!("V{}", dice.between(1, 2))).expect("a letter and a digit")
}

fn shipment(dice: &mut Dice) -> Shipment {
    let waybill = Some(dice.below(1_000).to_string().into());
    Shipment { waybill, ..Shipment::default() }
}
