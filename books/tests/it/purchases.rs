//! Purchase orders: told in one document, booked where the goods come in, added up for whoever plans.

mod apart;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use books::read::OnOrder;
use books::{Books, PurchaseFilter, WhichPurchases};
use ledger::command::{Command, Reversed};
use ledger::fact::Fact;
use ledger::id::{Epoch, PurchaseId, StoreId};
use ledger::order::{OrderStep, Party};
use ledger::purchase::{
    Back, Basis, Clearing, Delivery, Inspected, OrderLine, Ordered, Pile, ReturnKind, Revision,
    SendBack, Stage, Step, Task, Way, status,
};
use ledger::time::{BusinessDate, Timestamp};
use ledger::transfer::Wanted;
use sync_proto::Writer;
use sync_proto::replica::{Replica, TakeBack};

use super::shop::{
    Place, ShopError, assert_in_step, assert_whole, book, day, money, post_in, read_model, seal,
    send, sku, store, units,
};

const AT: Timestamp = Timestamp::from_millis(1_795_312_800_000);

fn named(name: &str) -> StoreId {
    StoreId::new(name).unwrap()
}

/// An order that these books begin, of so much cola for each store.
fn order(books: &Books, wanted: &[(&str, i64)]) -> PurchaseId {
    order_by(books, wanted, Some(day(9)))
}

/// The same of ten for the first store, without a day.
fn undated(books: &Books) -> PurchaseId {
    order_by(books, &[("S1", 10)], None)
}

fn order_by(books: &Books, wanted: &[(&str, i64)], expected: Option<BusinessDate>) -> PurchaseId {
    let line = |(name, quantity): &(&str, i64)| OrderLine {
        store: named(name),
        sku: sku("cola"),
        quantity: units(*quantity),
        price: money("2.5"),
    };
    let order = Ordered {
        supplier: "V7".parse().unwrap(),
        lines: wanted.iter().map(line).collect(),
        expected,
        remark: None,
    };
    let stores: BTreeSet<StoreId> = order.lines.iter().map(|line| line.store.clone()).collect();
    let begun = books.write(move |tx| {
        let id = tx.new_purchase(&stores, AT)?;
        tx.tell_purchase(&id, None, Step::Order { revision: NonZeroU32::MIN, order }, AT)?;
        Ok::<_, books::BooksError>(id)
    });
    begun.unwrap()
}

fn approve(books: &Books, id: &PurchaseId, by: Party) {
    let of = Revision { number: NonZeroU32::MIN, by };
    let (id, step) = (id.clone(), Step::Approve { of, rule: None, remark: None });
    books.write(move |tx| tx.tell_purchase(&id, None, step, AT)).unwrap();
}

fn delivery(order: &PurchaseId, accepted: i64, rejected: i64, note: &str) -> Delivery {
    let line = Inspected {
        sku: sku("cola"),
        lot: Some(format!("L-{note}").parse().unwrap()),
        expiry: None,
        accepted: units(accepted),
        rejected: units(rejected),
        price: money("2.5"),
        weight: None,
        reason: None,
        photo: None,
    };
    Delivery {
        supplier: "V7".parse().unwrap(),
        order: Some(order.clone()),
        receipt: NonZeroU32::new(u32::try_from(accepted).unwrap()).unwrap_or(NonZeroU32::MIN),
        note: Some(note.parse().unwrap()),
        basis: Basis::Estimated,
        freight: None,
        lines: vec![line],
    }
}

/// Books something of an order and tells the others, in one step.
fn do_and_tell(books: &Books, task: Task) -> Fact {
    let done = books.write(move |tx| {
        let fact = post_in(tx, day(0), None, Command::Purchase(Box::new(task)))?;
        if let Some((order, step)) = Step::of_fact(&fact) {
            tx.tell_purchase(order, None, step, AT)?;
        }
        Ok::<_, ShopError>(fact)
    });
    done.unwrap()
}

fn quarantined(books: &Books) -> ledger::purchase::Holdings {
    books.write(|tx| tx.quarantined(&BTreeSet::from([&sku("cola")]))).unwrap()
}

fn stage(books: &Books, id: &PurchaseId) -> Stage {
    let now = status(&books.reader().unwrap().purchase(id).unwrap());
    assert_eq!(now.anomalies, []);
    now.stage
}

fn on_order(books: &Books, at: Option<&str>) -> (i64, i64) {
    let reader = books.reader().unwrap();
    let OnOrder { on_order, planned } =
        reader.on_order(&sku("cola"), at.map(named).as_ref()).unwrap();
    (on_order.thousandths() / 1_000, planned.thousandths() / 1_000)
}

fn listed(books: &Books, which: WhichPurchases) -> Vec<PurchaseId> {
    let filter = PurchaseFilter { which, ..PurchaseFilter::default() };
    books.reader().unwrap().purchases_of(&filter).unwrap()
}

#[test]
fn a_purchase_is_told_in_one_order_and_booked_where_goods_come_in() {
    let place = Place::new();
    let (shop, hub) = (place.open("1.db", store("S1")), place.open("h.db", Writer::Hub));
    let id = order(&shop, &[("S1", 24)]);
    assert_eq!(id.as_str(), "S1-2611-s1A1");
    assert_eq!(order(&shop, &[("S1", 1)]).as_str(), "S1-2611-s1A2", "each has its own number");
    assert_eq!(on_order(&shop, Some("S1")), (0, 25), "nobody has agreed to it");
    approve(&shop, &id, Party::Store(named("S1")));
    assert_eq!(on_order(&shop, None), (24, 1));
    assert_eq!(listed(&shop, WhichPurchases::Late(day(9))), []);
    assert_eq!(listed(&shop, WhichPurchases::Late(day(10))), std::slice::from_ref(&id));

    let first = do_and_tell(&shop, Task::Deliver(delivery(&id, 10, 2, "SH-1")));
    assert_eq!(on_order(&shop, None), (12, 1));
    let found = |note: &str| {
        let (supplier, note) = ("V7".parse().unwrap(), note.parse().unwrap());
        shop.write(move |tx| tx.delivery(&supplier, &note)).unwrap()
    };
    assert_eq!((found("SH-1"), found("SH-2")), (Some(first.id), None));

    let held = quarantined(&shop);
    let quantities: Vec<_> = held.values().map(|held| held.quantity).collect();
    assert_eq!(quantities, [units(2)]);
    let line = Back { sku: sku("cola"), quantity: units(1), from: Pile::Quarantine };
    let back = SendBack {
        receipt: first.clone(),
        earlier: Vec::new(),
        reversed: Reversed::No,
        number: NonZeroU32::MIN,
        kind: ReturnKind::Exchange,
        lines: vec![line],
        held,
        charged: BTreeMap::default(),
        reason: "leaking".into(),
    };
    let returned = do_and_tell(&shop, Task::SendBack(Box::new(back)));
    assert_eq!(on_order(&shop, None), (13, 1), "it is due again");
    let links = shop.write(move |tx| tx.corrections(first.id)).unwrap();
    assert_eq!(links.iter().map(|link| link.id).collect::<Vec<_>>(), [returned.id]);
    let lines = vec![Wanted { sku: sku("cola"), quantity: units(1) }];
    let held = quarantined(&shop);
    let release = Clearing { way: Way::Release, lines, held, reason: "fine".into() };
    do_and_tell(&shop, Task::Clear(release));
    assert_eq!(quarantined(&shop).values().map(|held| held.quantity).max(), Some(units(0)));
    do_and_tell(&shop, Task::Deliver(delivery(&id, 13, 0, "SH-2")));

    send(&shop, &hub);
    for books in [&shop, &hub] {
        assert_eq!(stage(books, &id), Stage::Received);
        assert_eq!(on_order(books, None), (0, 1));
        assert!(listed(books, WhichPurchases::All).contains(&id));
        assert!(!listed(books, WhichPurchases::Open).contains(&id), "it is over");
        assert_whole(books);
    }
    assert_in_step(&shop, &hub);
    let before = read_model(&place.file("1.db"));
    assert_eq!(before["delivery"].len(), 2);
    shop.rebuild(|_| {}).unwrap();
    assert_eq!(before, read_model(&place.file("1.db")));
    assert_eq!(read_model(&place.file("h.db"))["delivery"].len(), 0, "they are the store's own");
}

#[test]
fn requests_of_one_transaction_see_each_other_s_quarantine() {
    let place = Place::new();
    let shop = place.open("1.db", store("S1"));
    let id = order(&shop, &[("S1", 24)]);
    let deliver = delivery(&id, 1, 3, "SH-1");
    let held = shop.write(move |tx| {
        post_in(tx, day(0), None, Command::Purchase(Box::new(Task::Deliver(deliver))))?;
        Ok::<_, ShopError>(tx.quarantined(&BTreeSet::from([&sku("cola")]))?)
    });
    let held: Vec<_> = held.unwrap().values().map(|held| held.quantity).collect();
    assert_eq!(held, [units(3)]);
    assert_whole(&shop);
}

#[test]
fn head_office_buys_for_several_stores() {
    let place = Place::new();
    let (one, two) = (place.open("1.db", store("S1")), place.open("2.db", store("S2")));
    let hub = place.open("h.db", Writer::Hub);
    for books in [&one, &two] {
        book(books, day(0), super::shop::receive("cola", 1, "2"));
        send(books, &hub);
    }
    let id = order(&hub, &[("S1", 10), ("S2", 20)]);
    assert_eq!(id.as_str(), "S1+S2-2611-hA1");
    approve(&hub, &id, Party::HeadOffice);
    for books in [&one, &two] {
        send(&hub, books);
    }
    do_and_tell(&one, Task::Deliver(delivery(&id, 10, 0, "SH-1")));
    send(&one, &hub);
    send(&hub, &two);
    for books in [&hub, &two] {
        assert_eq!(stage(books, &id), Stage::PartlyReceived);
        assert_eq!((on_order(books, Some("S1")), on_order(books, Some("S2"))), ((0, 0), (20, 0)));
        assert_whole(books);
    }
}

fn received(books: &Books, id: &PurchaseId) -> i128 {
    let now = status(&books.reader().unwrap().purchase(id).unwrap());
    now.lines.values().map(|line| line.accepted.quantity / 1_000).sum()
}

#[test]
fn what_was_told_of_a_delivery_follows_the_books_when_the_history_has_parted() {
    let place = Place::new();
    let (shop, hub) = (place.open("1.db", store("S1")), place.open("h.db", Writer::Hub));
    book(&shop, day(0), super::shop::receive("cola", 1, "2"));
    seal(&shop);
    let id = order(&shop, &[("S1", 24)]);
    do_and_tell(&shop, Task::Deliver(delivery(&id, 10, 0, "SH-1")));
    seal(&shop);
    assert_eq!(shop.tell_unsaid(AT).unwrap(), 0, "nothing has parted");
    let lost =
        TakeBack { epoch: Epoch::FIRST, agreed: 1, set_aside_after: Some(1), above: Epoch::FIRST };
    shop.take_back(&lost).unwrap();
    assert_eq!(received(&shop, &id), 10, "the order still tells of it");
    assert_eq!(shop.tell_unsaid(AT).unwrap(), 1);
    assert_eq!(received(&shop, &id), 0);

    let untold = Task::Deliver(delivery(&id, 7, 0, "SH-2"));
    book(&shop, day(0), Command::Purchase(Box::new(untold)));
    shop.write(|tx| tx.open_epoch(None)).unwrap();
    assert_eq!(shop.tell_unsaid(AT).unwrap(), 1);
    assert_eq!((received(&shop, &id), shop.tell_unsaid(AT).unwrap()), (7, 0));
    send(&shop, &hub);
    assert_in_step(&shop, &hub);
    assert_eq!(received(&hub, &id), 7);
    assert_whole(&shop);
}

#[test]
fn deliveries_are_judged_by_the_day_of_their_order_or_its_lead_time() {
    let place = Place::new();
    let shop = place.open("1.db", store("S1"));
    let edits = books::PartyEdits {
        offers: [(
            ("V7".parse().unwrap(), sku("cola")),
            [(ledger::supplier::OfferField::LeadDays, "2".to_owned())].into(),
        )]
        .into(),
        ..books::PartyEdits::default()
    };
    let hub = place.open("h.db", Writer::Hub);
    hub.write(move |tx| tx.edit_parties(&edits, AT)).unwrap();
    send(&hub, &shop);
    let me = || Party::Store(named("S1"));
    let take_in = |id: &PurchaseId, on: i32, note: &str| {
        let delivered = delivery(id, 3, 0, note);
        let task = Task::Deliver(Delivery {
            receipt: NonZeroU32::new(u32::try_from(on).unwrap() + 1).unwrap(),
            ..delivered
        });
        let done = shop.write(move |tx| {
            let fact = post_in(tx, day(on), None, Command::Purchase(Box::new(task)))?;
            let (order, step) = Step::of_fact(&fact).expect("it has an order");
            tx.tell_purchase(order, None, step, AT)?;
            Ok::<_, ShopError>(())
        });
        done.unwrap();
    };
    let kept = |books: &Books| {
        let delivered = books.reader().unwrap().deliveries(&sku("cola")).unwrap();
        let kept = delivered["V7"].kept;
        [kept.due, kept.late, kept.late_days, kept.sent, kept.taken_days]
    };
    // To come on the ninth day; in time, then three days late.
    let id = order(&shop, &[("S1", 10)]);
    approve(&shop, &id, me());
    take_in(&id, 9, "A");
    take_in(&id, 12, "B");
    let sent = AT.utc_day();
    let since = |on: i32| u64::try_from(sent.days_until(day(on))).unwrap();
    assert_eq!(kept(&shop), [2, 1, 3, 2, since(9) + since(12)]);
    // No day is named: two days after it was sent.
    let id = undated(&shop);
    approve(&shop, &id, me());
    take_in(&id, 7, "C");
    let late = since(7) - 2;
    assert_eq!(kept(&shop), [3, 2, 3 + late, 3, since(9) + since(12) + since(7)]);
    // What comes without an order has no day.
    book(&shop, day(13), super::shop::receive("cola", 1, "2"));
    assert_eq!(kept(&shop)[0], 3);
    seal(&shop);
    send(&shop, &hub);
    assert_eq!(kept(&hub), kept(&shop));
    for books in [&shop, &hub] {
        assert_whole(books);
    }
    let before = read_model(&place.file("1.db"));
    assert_eq!(before["purchase_receipt"].len(), 3);
    shop.rebuild(|_| {}).unwrap();
    assert_eq!(read_model(&place.file("1.db"))["purchase_receipt"], before["purchase_receipt"]);
}
