//! Transfers: an honest one, and one fault at a time.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use crate::check::example::{DAY, MORNING, cola, stock};
use crate::check::transfers::{Known, check};
use crate::check::{Check, Finding, Limits, Observed, Proposal};
use crate::cost::Position;
use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{Epoch, FactId, Sku, StoreId, TransferId};
use crate::order::{OrderStep, Party};
use crate::post::{Header, post};
use crate::time::Timestamp;
use crate::transfer::{Arrived, Carried, Deed, Entry, Event, Route, Step, Task, Wanted};

fn store(name: &str) -> StoreId {
    name.parse().unwrap()
}

fn fact_id(seq: u64) -> FactId {
    FactId { epoch: Epoch::FIRST, seq }
}

/// Ten colas at 2 each, asked for, shipped on the first day, received on the second.
struct Course {
    id: TransferId,
    entries: Vec<Entry>,
    facts: Vec<Fact>,
    kept: BTreeMap<Sku, Balance>,
}

impl Course {
    fn honest(received: &str) -> Self {
        let id: TransferId = "T-1".parse().unwrap();
        let route = Route::new(store("A"), store("B")).unwrap();
        let wanted = Wanted { sku: cola(), quantity: "10".parse().unwrap() };
        let lines = vec![wanted];
        let request = Step::Request { route: route.clone(), lines: lines.clone(), remark: None };
        let approve = Step::Approve { lines: vec![], rule: None, remark: None };
        let kept = BTreeMap::new();
        let mut course = Self { id, entries: vec![], facts: vec![], kept };
        course.say(Party::Store(store("B")), 0, request);
        course.say(Party::HeadOffice, 0, approve);
        let shipment = NonZeroU32::MIN;
        course.book("A", 0, &route, Deed::Ship { shipment, lines });
        let (quantity, value) = ("10".parse().unwrap(), "20".parse().unwrap());
        let on_the_way = [(cola(), Carried { quantity, value })].into();
        let received = received.parse().unwrap();
        let lines = vec![Arrived { sku: cola(), received, damaged: "0".parse().unwrap() }];
        let deed = Deed::Receive { shipment, part: NonZeroU32::MIN, lines, on_the_way };
        course.book("B", 1, &route, deed);
        course.kept = course.in_transit();
        course
    }

    fn say(&mut self, by: Party, day: i64, step: Step) {
        let at = Timestamp::from_millis(MORNING + day * DAY);
        self.entries.push(Entry::Said(Event { by, at, operator: None, step }));
    }

    fn book(&mut self, at: &str, day: i64, route: &Route, deed: Deed) {
        let task = Task { transfer: self.id.clone(), route: route.clone(), deed };
        let header = Header {
            id: fact_id(self.facts.len() as u64 + 7),
            store: store(at),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(MORNING + day * DAY),
            bill: "X-1".parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let position = Position {
            quantity: "10".parse().unwrap(),
            value: "20".parse().unwrap(),
            last_cost: None,
        };
        let shelf: BTreeMap<Sku, Position> = [(cola(), position)].into();
        let command = crate::command::Command::Transfer(Box::new(task));
        let fact = post(header, command, &shelf).unwrap().fact;
        self.say(Party::Store(store(at)), day, Step::of_fact(&fact).unwrap().1);
        self.facts.push(fact);
    }

    fn in_transit(&self) -> BTreeMap<Sku, Balance> {
        let mut sum = Balance::default();
        for movement in self.facts.iter().flat_map(|fact| &fact.movements) {
            for (account, quantity, value) in movement.legs() {
                if account.to_string().starts_with("in_transit") {
                    sum.quantity += i128::from(quantity.thousandths());
                    sum.value += i128::from(value.ten_thousandths());
                }
            }
        }
        [(cola(), sum)].into()
    }

    /// What is said of it so many days after the shipment.
    fn after(&self, days: i64) -> Vec<Finding> {
        let Self { id, entries, facts, kept } = self;
        let now = Timestamp::from_millis(MORNING + days * DAY);
        let reached = |_: &StoreId, fact: FactId| fact.seq <= 100;
        check(Known { id, entries, facts, kept }, reached, now, Limits::default())
    }
}

/// The step that a store's entry says.
fn step(entry: &mut Entry) -> &mut Step {
    let Entry::Said(event) = entry else { panic!("an entry that can be read") };
    &mut event.step
}

fn only(mut found: Vec<Finding>) -> Finding {
    assert_eq!(found.len(), 1, "one finding was due: {found:#?}");
    let finding = found.remove(0);
    assert_eq!(finding.subject.as_deref(), Some("T-1"));
    finding
}

#[test]
fn an_honest_transfer_has_no_findings() {
    assert_eq!(Course::honest("10").after(30), []);
    assert_eq!(Course::honest("6").after(7), []);
}

#[test]
fn goods_that_stay_on_the_way_are_found_with_their_shipment() {
    let found = only(Course::honest("6").after(8));
    assert_eq!((found.check, found.first_divergent), (Check::InTransitAge, Some(fact_id(7))));
    assert_eq!((found.store, found.sku), (Some(store("A")), Some(cola())));
    assert_eq!(found.evidence.found, Observed::Days(8));
    assert_eq!(found.proposal, Proposal::SettleTransfer);
}

#[test]
fn more_received_than_shipped_names_the_receipt() {
    let found = only(Course::honest("12").after(2));
    assert_eq!((found.check, found.first_divergent), (Check::TransferEquation, Some(fact_id(8))));
    assert_eq!(found.store, Some(store("B")));
    let quantity = |seen: &Observed| match seen {
        Observed::Stock(stock) => stock.quantity,
        other => panic!("{other:?}"),
    };
    let evidence = &found.evidence;
    assert_eq!((quantity(&evidence.expected), quantity(&evidence.found)), (10_000, 12_000));
}

#[test]
fn an_entry_without_its_fact_is_found_once_the_books_are_there() {
    let mut course = Course::honest("10");
    course.facts.remove(1);
    course.kept = course.in_transit();
    let found = only(course.after(2));
    assert_eq!((found.check, found.store), (Check::TransferFact, Some(store("B"))));
    assert_eq!(found.first_divergent, Some(fact_id(8)));
    // What has not come yet is no contradiction.
    let Step::Receive { fact, .. } = step(&mut course.entries[3]) else { panic!("a receipt") };
    *fact = fact_id(101);
    assert_eq!(course.after(2), []);
}

#[test]
fn an_entry_that_says_otherwise_than_its_fact_is_found() {
    let mut course = Course::honest("10");
    let Step::Receive { received, .. } = step(&mut course.entries[3]) else { panic!("a receipt") };
    received[0].value = "19".parse().unwrap();
    let found = course.after(2);
    let told: Vec<_> = found.iter().map(|f| (f.check, f.first_divergent)).collect();
    // And by what is said, one of the cost is still on the way.
    let both = [Check::TransferFact, Check::TransferEquation];
    assert_eq!(told, both.map(|check| (check, Some(fact_id(8)))));
    assert_eq!(found[0].evidence.expected, Observed::Stock(stock(10_000, 200_000)));
    assert_eq!(found[0].evidence.found, Observed::Stock(stock(10_000, 190_000)));
}

#[test]
fn a_fact_of_which_the_order_says_nothing_is_found() {
    let mut course = Course::honest("10");
    course.entries.remove(2);
    let found = course.after(2);
    let unsaid = found.iter().find(|f| f.check == Check::TransferFact).unwrap();
    assert_eq!((&unsaid.store, unsaid.first_divergent), (&Some(store("A")), Some(fact_id(7))));
    assert_eq!(unsaid.evidence.expected, Observed::Word("ship/1".into()));
}

#[test]
fn a_kept_balance_in_transit_that_was_changed_is_found() {
    let mut course = Course::honest("6");
    course.kept.get_mut(&cola()).unwrap().quantity -= 1_000;
    let found = only(course.after(2));
    assert_eq!((found.check, found.proposal), (Check::TransferEquation, Proposal::Rebuild));
}

#[test]
fn contradictions_of_the_parties_are_found() {
    let mut course = Course::honest("10");
    course.say(Party::HeadOffice, 1, Step::Reject { reason: "late".into() });
    let found = course.after(2);
    let words: Vec<_> = found.iter().map(|f| f.evidence.found.clone()).collect();
    let word = |text: &str| Observed::Word(text.into());
    assert!(found.iter().all(|f| f.check == Check::TransferAnomaly), "{found:#?}");
    assert_eq!(words, [word("approved-and-rejected"), word("shipped-though-rejected")]);
    let mut course = Course::honest("10");
    course.say(Party::Store(store("C")), 1, Step::Cancel { reason: "mine".into() });
    assert_eq!(only(course.after(2)).store, Some(store("C")));
}
