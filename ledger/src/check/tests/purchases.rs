//! Purchase orders: an honest one, and one fault at a time.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use crate::check::example::{MORNING, cola, stock};
use crate::check::purchases::{Known, check};
use crate::check::{Check, Finding, Limits, Observed, Proposal};
use crate::command::{Command, Reversed};
use crate::cost::Position;
use crate::fact::Fact;
use crate::id::{Epoch, FactId, PurchaseId, Sku, StoreId};
use crate::order::{OrderStep, Party};
use crate::post::{Header, post};
use crate::purchase::{
    Back, Basis, Delivery, Entry, Event, Inspected, OrderLine, Ordered, Pile, ReturnKind, Revision,
    SendBack, Step, Task,
};
use crate::time::Timestamp;

fn store() -> StoreId {
    "S1".parse().unwrap()
}

fn fact_id(seq: u64) -> FactId {
    FactId { epoch: Epoch::FIRST, seq }
}

/// Ten colas at 2 each, ordered by head office, taken in in two parts.
struct Course {
    id: PurchaseId,
    entries: Vec<Entry>,
    facts: Vec<Fact>,
}

impl Course {
    fn honest(parts: &[&str]) -> Self {
        let id: PurchaseId = "S1-2611-h1".parse().unwrap();
        let mut course = Self { id, entries: vec![], facts: vec![] };
        let line = OrderLine {
            store: store(),
            sku: cola(),
            quantity: "10".parse().unwrap(),
            price: "2".parse().unwrap(),
        };
        let supplier = "V7".parse().unwrap();
        let order = Ordered { supplier, lines: vec![line], expected: None, remark: None };
        let of = Revision { number: NonZeroU32::MIN, by: Party::HeadOffice };
        course.say(Party::HeadOffice, Step::Order { revision: of.number, order });
        course.say(Party::HeadOffice, Step::Approve { of, rule: None, remark: None });
        parts.iter().for_each(|part| course.deliver(part));
        course
    }

    fn say(&mut self, by: Party, step: Step) {
        let at = Timestamp::from_millis(MORNING);
        self.entries.push(Entry::Said(Event { by, at, operator: None, step }));
    }

    fn deliver(&mut self, accepted: &str) {
        let part = u32::try_from(self.facts.len()).unwrap() + 1;
        let line = Inspected {
            sku: cola(),
            lot: None,
            expiry: None,
            accepted: accepted.parse().unwrap(),
            rejected: "0".parse().unwrap(),
            price: "2".parse().unwrap(),
            weight: None,
            reason: None,
            photo: None,
        };
        self.book(Task::Deliver(Delivery {
            supplier: "V7".parse().unwrap(),
            order: Some(self.id.clone()),
            receipt: NonZeroU32::new(part).unwrap(),
            note: None,
            basis: Basis::Estimated,
            freight: None,
            lines: vec![line],
        }));
    }

    fn send_back(&mut self, of: usize, quantity: &str, kind: ReturnKind) {
        let line = Back { sku: cola(), quantity: quantity.parse().unwrap(), from: Pile::Shelf };
        self.book(Task::SendBack(Box::new(SendBack {
            receipt: self.facts[of].clone(),
            earlier: vec![],
            reversed: Reversed::No,
            number: NonZeroU32::MIN,
            kind,
            lines: vec![line],
            held: BTreeMap::default(),
            charged: BTreeMap::default(),
            reason: "too many".into(),
        })));
    }

    fn book(&mut self, task: Task) {
        let seq = self.facts.len() as u64 + 7;
        let header = Header {
            id: fact_id(seq),
            store: store(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(MORNING + i64::try_from(seq).unwrap()),
            bill: "X-1".parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let position = Position {
            quantity: "100".parse().unwrap(),
            value: "200".parse().unwrap(),
            last_cost: None,
        };
        let shelf: BTreeMap<Sku, Position> = [(cola(), position)].into();
        let fact = post(header, Command::Purchase(Box::new(task)), &shelf).unwrap().fact;
        self.say(Party::Store(store()), Step::of_fact(&fact).unwrap().1);
        self.facts.push(fact);
    }

    fn found(&self) -> Vec<Finding> {
        self.found_by(Limits::default())
    }

    fn found_by(&self, limits: Limits) -> Vec<Finding> {
        let Self { id, entries, facts } = self;
        let reached = |_: &StoreId, fact: FactId| fact.seq <= 100;
        check(Known { id, entries, facts }, reached, limits)
    }

    /// What the store told of the delivery of this number, from nought.
    fn told(&mut self, delivery: usize) -> &mut Step {
        let Entry::Said(event) = &mut self.entries[2 + delivery] else {
            panic!("one that is read")
        };
        &mut event.step
    }
}

fn only(mut found: Vec<Finding>) -> Finding {
    assert_eq!(found.len(), 1, "one finding was due: {found:#?}");
    let finding = found.remove(0);
    assert_eq!(finding.subject.as_deref(), Some("S1-2611-h1"));
    finding
}

#[test]
fn an_honest_order_has_no_findings() {
    for parts in [&[][..], &["6"], &["6", "4"], &["10.02"]] {
        assert_eq!(Course::honest(parts).found(), []);
    }
}

#[test]
fn more_received_than_ordered_names_the_delivery_until_it_goes_back() {
    let mut course = Course::honest(&["6", "5"]);
    let found = only(course.found());
    assert_eq!((found.check, found.first_divergent), (Check::OverReceipt, Some(fact_id(8))));
    assert_eq!((found.store, found.sku), (Some(store()), Some(cola())));
    assert_eq!(found.evidence.expected, Observed::Quantity(10_000));
    assert_eq!(found.evidence.found, Observed::Quantity(11_000));
    assert_eq!(found.proposal, Proposal::ReturnSurplus);
    let lax = Limits { over_receipt_points: 1_000, ..Limits::default() };
    assert_eq!(course.found_by(lax), []);
    // Exchanged goods are due again; what is given back for good is not.
    course.send_back(1, "1", ReturnKind::Refund);
    assert_eq!(course.found(), []);
    let mut course = Course::honest(&["6", "5"]);
    course.send_back(1, "1", ReturnKind::Exchange);
    course.deliver("2");
    assert_eq!(only(course.found()).evidence.found, Observed::Quantity(13_000));
}

#[test]
fn an_entry_without_its_fact_is_found_once_the_books_are_there() {
    let mut course = Course::honest(&["6", "4"]);
    course.facts.remove(1);
    let found = only(course.found());
    assert_eq!((found.check, found.first_divergent), (Check::PurchaseFact, Some(fact_id(8))));
    assert_eq!(found.evidence.found, Observed::Nothing);
    let Step::Receive { fact, .. } = course.told(1) else { panic!("a delivery") };
    *fact = fact_id(101);
    assert_eq!(course.found(), [], "what has not come yet is no contradiction");
}

#[test]
fn an_order_that_says_more_was_received_than_was_booked_is_found() {
    let mut course = Course::honest(&["6"]);
    let Step::Receive { accepted, .. } = course.told(0) else { panic!("a delivery") };
    accepted[0].quantity = "10".parse().unwrap();
    let found = only(course.found());
    assert_eq!((found.check, found.first_divergent), (Check::PurchaseFact, Some(fact_id(7))));
    assert_eq!(found.evidence.expected, Observed::Stock(stock(6_000, 120_000)));
    assert_eq!(found.evidence.found, Observed::Stock(stock(10_000, 120_000)));

    // Accepted goods told as rejected ones are as many, and elsewhere.
    let mut course = Course::honest(&["6"]);
    let Step::Receive { accepted, rejected, .. } = course.told(0) else { panic!("a delivery") };
    std::mem::swap(accepted, rejected);
    assert_eq!(only(course.found()).check, Check::PurchaseFact);
}

#[test]
fn a_fact_of_which_the_order_says_nothing_is_found() {
    let mut course = Course::honest(&["6", "4"]);
    course.entries.remove(2);
    let found = only(course.found());
    assert_eq!((found.check, found.first_divergent), (Check::PurchaseFact, Some(fact_id(7))));
    assert_eq!(found.evidence.expected, Observed::Word("receive/1".into()));
}

#[test]
fn goods_for_an_order_that_nobody_knows_are_found() {
    let mut course = Course::honest(&["6", "4"]);
    course.entries.drain(..2);
    let found = only(course.found());
    assert_eq!((found.check, found.first_divergent), (Check::PurchaseUnknown, Some(fact_id(7))));
    assert_eq!(found.proposal, Proposal::Reconnect);
}

#[test]
fn contradictions_of_the_parties_are_found() {
    let mut course = Course::honest(&["6"]);
    course.say(Party::HeadOffice, Step::Reject { reason: "late".into() });
    let found = course.found();
    let words: Vec<_> = found.iter().map(|f| (f.check, f.evidence.found.clone())).collect();
    let word = |text: &str| (Check::PurchaseAnomaly, Observed::Word(text.into()));
    assert_eq!(words, [word("approved-and-rejected"), word("received-though-rejected")]);
    let mut course = Course::honest(&["6"]);
    course.say(Party::Store("S9".parse().unwrap()), Step::Cancel { reason: "mine".into() });
    assert_eq!(only(course.found()).store, Some("S9".parse().unwrap()));
}
