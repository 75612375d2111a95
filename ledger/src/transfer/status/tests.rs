//! The courses that a transfer may take, told one by one.

use super::super::event::{Event, Liable, Step, Wanted};
use super::*;
use crate::amount::{Money, Quantity};
use crate::id::{Epoch, FactId, StoreId};
use crate::order::Goods;
use crate::time::Timestamp;

fn n(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn store(name: &str) -> Party {
    Party::Store(StoreId::new(name).unwrap())
}

fn said(by: Party, step: Step) -> Entry {
    Entry::Said(Event { by, at: Timestamp::from_millis(1), operator: None, step })
}

fn wanted(units: i64) -> Vec<Wanted> {
    vec![Wanted { sku: "X".parse().unwrap(), quantity: Quantity::units(units).unwrap() }]
}

/// So many units, at 2.5 each; none for zero.
fn goods(units: i64) -> Vec<Goods> {
    let quantity = Quantity::units(units).unwrap();
    let value = Money::from_ten_thousandths(units * 25_000).unwrap();
    let one = Goods { sku: "X".parse().unwrap(), quantity, value };
    if units == 0 { Vec::new() } else { vec![one] }
}

fn request(units: i64) -> Entry {
    let route = Route::new("A".parse().unwrap(), "B".parse().unwrap()).unwrap();
    said(store("B"), Step::Request { route, lines: wanted(units), remark: None })
}

fn approve(lines: Vec<Wanted>) -> Entry {
    said(Party::HeadOffice, Step::Approve { lines, rule: None, remark: None })
}

fn reject() -> Entry {
    said(Party::HeadOffice, Step::Reject { reason: "no".into() })
}

fn cancel() -> Entry {
    said(store("B"), Step::Cancel { reason: "too late".into() })
}

fn ship(shipment: u32, units: i64) -> Entry {
    let fact = FactId { epoch: Epoch::FIRST, seq: u64::from(shipment) };
    said(store("A"), Step::Ship { shipment: n(shipment), fact, goods: goods(units) })
}

fn receive(shipment: u32, part: u32, units: i64, broken: i64) -> Entry {
    let fact = FactId { epoch: Epoch::FIRST, seq: u64::from(shipment * 10 + part) };
    let (received, damaged) = (goods(units), goods(broken));
    let (shipment, part) = (n(shipment), n(part));
    said(store("B"), Step::Receive { shipment, part, fact, received, damaged })
}

fn settle(by: &str, lost: i64, returned: i64) -> Entry {
    settle_all(by, goods(lost), goods(returned), Vec::new())
}

fn settle_all(by: &str, lost: Vec<Goods>, returned: Vec<Goods>, surplus: Vec<Goods>) -> Entry {
    let fact = FactId { epoch: Epoch::FIRST, seq: 99 };
    let step = Step::Settle {
        settlement: n(1),
        fact,
        lost,
        damaged: Vec::new(),
        returned,
        surplus,
        liable: Liable::Carrier,
        reason: "box missing".into(),
    };
    said(store(by), step)
}

fn line(transfer: &Transfer) -> Line {
    transfer.lines[&"X".parse::<Sku>().unwrap()]
}

#[test]
fn agreeing_to_nothing_is_not_agreeing() {
    let nothing = || approve(wanted(0));
    let now = status(&[request(5), nothing()]);
    assert_eq!((now.stage, now.waits_for), (Stage::Rejected, vec![]));
    let asked_for_nothing = status(&[request(0), approve(Vec::new())]);
    assert_eq!(asked_for_nothing.stage, Stage::Rejected);
    let unseen = status(&[approve(Vec::new())]);
    assert_eq!((unseen.stage, unseen.waits_for), (Stage::Approved, vec![Waiting::Request]));
    let shipped = status(&[request(5), nothing(), ship(1, 2)]);
    assert_eq!((shipped.stage, shipped.waits_for), (Stage::Shipped, vec![Waiting::Receipt]));
    assert_eq!(shipped.anomalies, [Anomaly::ShippedThoughRejected]);
}

#[test]
fn a_transfer_goes_from_request_to_receipt() {
    let course = [request(10), approve(vec![]), ship(1, 10), receive(1, 1, 10, 0)];
    let stages: Vec<_> = (0..=4).map(|seen| status(&course[..seen]).stage).collect();
    use Stage::*;
    assert_eq!(stages, [Unknown, Requested, Approved, Shipped, Received]);
    let waits: Vec<_> = (0..=4).map(|seen| status(&course[..seen]).waits_for).collect();
    assert_eq!(waits[1], [Waiting::Approval]);
    assert_eq!(waits[2], [Waiting::Shipment]);
    assert_eq!(waits[3], [Waiting::Receipt]);
    assert_eq!(waits[4], []);
    let end = status(&course);
    assert_eq!(end.anomalies, []);
    assert_eq!(line(&end).received, Balance { quantity: 10_000, value: 250_000 });
    assert_eq!(line(&end).in_transit, Balance::default());
}

#[test]
fn shipments_and_receipts_may_come_in_parts() {
    let mut course = vec![request(10), approve(wanted(8)), ship(1, 5), receive(1, 1, 2, 1)];
    let part = status(&course);
    assert_eq!(part.stage, Stage::PartlyReceived);
    assert_eq!(part.waits_for, [Waiting::Shipment, Waiting::Receipt]);
    assert_eq!((line(&part).requested, line(&part).approved), (10_000, 8_000));
    assert_eq!(line(&part).damaged.quantity, 1_000);
    assert_eq!(line(&part).in_transit.quantity, 2_000);
    course.extend([receive(1, 2, 2, 0), ship(2, 3), settle("B", 1, 0)]);
    assert_eq!(line(&status(&course)).in_transit.quantity, 2_000);
    course.push(receive(2, 1, 2, 0));
    let end = status(&course);
    assert_eq!((end.stage, end.waits_for, end.anomalies), (Stage::Settled, vec![], vec![]));
}

#[test]
fn goods_that_have_left_are_not_cancelled() {
    let course = [request(10), approve(vec![]), cancel()];
    assert_eq!(status(&course).stage, Stage::Cancelled);
    let course = [request(10), approve(vec![]), ship(1, 10), cancel()];
    let shipped = status(&course);
    assert_eq!(shipped.stage, Stage::Shipped);
    assert_eq!(shipped.cancel_asked.unwrap().by, store("B"));
    assert_eq!(shipped.anomalies, []);
    let course = [request(10), reject(), ship(1, 10), approve(vec![])];
    let shipped = status(&course);
    assert_eq!(shipped.stage, Stage::Shipped);
    assert_eq!(
        shipped.anomalies,
        [Anomaly::ApprovedAndRejected, Anomaly::ShippedThoughRejected],
        "both are shown"
    );
}

#[test]
fn a_receipt_may_be_seen_before_its_shipment() {
    let early = status(&[receive(1, 1, 10, 0), request(10), approve(vec![])]);
    assert_eq!(early.stage, Stage::Received);
    assert!(early.waits_for.contains(&Waiting::ShipFact(n(1))));
    assert_eq!(early.anomalies, [], "what came before its shipment is not too much");
    let alone = status(&[receive(1, 1, 10, 0)]);
    assert_eq!(alone.stage, Stage::Received);
    assert!(alone.waits_for.contains(&Waiting::Request));
    let settled = status(&[settle("B", 2, 0)]);
    assert!(settled.waits_for.contains(&Waiting::ShipFact(n(1))));
}

fn by_fact(entry: &Entry, epoch: Epoch, seq: u64) -> Entry {
    let Entry::Said(event) = entry else { unreachable!() };
    let mut event = event.clone();
    match &mut event.step {
        Step::Ship { fact, .. } | Step::Receive { fact, .. } => *fact = FactId { epoch, seq },
        _ => unreachable!(),
    }
    Entry::Said(event)
}

#[test]
fn a_fact_counts_once_under_whatever_name() {
    let twice = by_fact(&receive(1, 2, 10, 0), Epoch::FIRST, 11);
    let once = receive(1, 1, 10, 0);
    let course = [request(10), approve(vec![]), ship(1, 10), once.clone(), twice, once];
    let end = status(&course);
    assert_eq!((line(&end).received.quantity, end.anomalies), (10_000, vec![]));
}

#[test]
fn two_facts_under_one_name_have_both_moved_goods() {
    // Restored from a backup, the destination received again what it had received.
    let again = by_fact(&receive(1, 1, 10, 0), Epoch::FIRST.next(), 1);
    let course = [request(10), approve(vec![]), ship(1, 10), receive(1, 1, 10, 0), again];
    let end = status(&course);
    assert_eq!(line(&end).received.quantity, 20_000);
    let name = StepName::Receive { shipment: n(1), part: n(1) };
    let over = Anomaly::OverReceived { sku: "X".parse().unwrap(), quantity: 10_000 };
    assert_eq!(end.anomalies, [Anomaly::SaidTwice { by: store("B"), name }, over]);
}

#[test]
fn what_is_taken_back_does_not_count() {
    let Entry::Said(Event { step, .. }) = ship(1, 10) else { unreachable!() };
    let of = Box::new(step);
    let back = |by| said(store(by), Step::Withdraw { withdrawal: n(1), of: of.clone() });
    let course = [request(10), approve(vec![]), back("A"), ship(1, 10)];
    let end = status(&course);
    assert_eq!((end.stage, line(&end).shipped.quantity), (Stage::Approved, 0));
    let others = [request(10), approve(vec![]), ship(1, 10), back("B")];
    assert_eq!(status(&others).stage, Stage::Shipped, "nobody takes back another's words");
    // Goods that arrived all the same are too many; nobody is waited for.
    let arrived = [request(10), approve(vec![]), back("A"), ship(1, 10), receive(1, 1, 10, 0)];
    let end = status(&arrived);
    assert!(!end.waits_for.contains(&Waiting::ShipFact(n(1))), "{:?}", end.waits_for);
    assert!(matches!(end.anomalies[..], [Anomaly::OverReceived { .. }]), "{:?}", end.anomalies);
}

#[test]
fn more_received_than_shipped_is_shown() {
    let over = status(&[request(10), approve(vec![]), ship(1, 10), receive(1, 1, 12, 0)]);
    assert_eq!(over.stage, Stage::Received);
    assert_eq!(line(&over).in_transit.quantity, -2_000);
    let sku: Sku = "X".parse().unwrap();
    assert_eq!(over.anomalies, [Anomaly::OverReceived { sku: sku.clone(), quantity: 2_000 }]);
    let over = status(&[request(10), approve(wanted(9)), ship(1, 10)]);
    assert_eq!(over.anomalies, [Anomaly::ShippedBeyondApproval { sku, quantity: 1_000 }]);
}

#[test]
fn what_arrived_unasked_is_settled() {
    let other = |units: i64| -> Vec<Goods> {
        let mut goods = goods(units);
        goods[0].sku = "Y".parse().unwrap();
        goods
    };
    let mut wrong = receive(1, 1, 8, 0);
    if let Entry::Said(Event { step: Step::Receive { received, .. }, .. }) = &mut wrong {
        received.extend(other(2));
    }
    let mut course = vec![request(10), approve(vec![]), ship(1, 10), wrong];
    let open = status(&course);
    assert_eq!(open.waits_for, [Waiting::Receipt]);
    assert_eq!(open.anomalies.len(), 1, "two of Y are there that nobody shipped");
    assert_eq!(open.surplus().unwrap().len(), 1);
    course.push(settle_all("A", Vec::new(), goods(2), other(2)));
    let end = status(&course);
    assert_eq!((end.stage, end.waits_for, end.anomalies), (Stage::Settled, vec![], vec![]));
    let y = end.lines[&"Y".parse::<Sku>().unwrap()];
    assert_eq!((y.received.quantity, y.lost.quantity), (2_000, -2_000));
    assert_eq!(y.in_transit, Balance::default());
}

#[test]
fn who_is_to_act_is_known_with_the_route() {
    let mut course = vec![request(10), approve(vec![]), ship(1, 4)];
    let route = status(&course).route;
    let parties = |transfer: &Transfer| -> Vec<_> {
        transfer.waits_for.iter().map(|what| what.party(route.as_ref())).collect()
    };
    assert_eq!(parties(&status(&course)), [Some(store("A")), Some(store("B"))]);
    assert_eq!(parties(&status(&course[..1])), [Some(Party::HeadOffice)]);
    course.remove(0);
    let early = status(&course);
    assert_eq!(early.waits_for[0], Waiting::Request);
    assert_eq!(early.waits_for[0].party(None), None);
}

#[test]
fn nobody_speaks_for_another() {
    let stranger = said(store("C"), Step::Cancel { reason: "mine".into() });
    let Entry::Said(Event { step, .. }) = ship(1, 10) else { unreachable!() };
    let by_destination = said(store("B"), step);
    let course =
        [request(10), approve(vec![]), stranger, by_destination, settle("B", 0, 3), ship(1, 10)];
    let transfer = status(&course);
    assert_eq!((transfer.stage, transfer.cancel_asked.is_none()), (Stage::Shipped, true));
    assert_eq!(line(&transfer).shipped.quantity, 10_000);
    assert_eq!(line(&transfer).returned.quantity, 0, "goods come back to the source alone");
    assert_eq!(transfer.anomalies.len(), 3);
    let back = status(&[request(10), approve(vec![]), ship(1, 3), settle("A", 0, 3), cancel()]);
    assert_eq!((back.stage, back.waits_for, back.anomalies), (Stage::Settled, vec![], vec![]));
}
