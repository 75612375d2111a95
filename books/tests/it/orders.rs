//! Orders: a transfer between two stores, told in one document and booked in two.

use std::num::NonZeroU32;

use books::{Books, BooksError};
use ledger::command::Command;
use ledger::fold::Place as Stands;
use ledger::id::{StoreId, TransferId};
use ledger::order::{OrderStep, Party};
use ledger::time::Timestamp;
use ledger::transfer::{self, Arrived, Deed, Entry, Event, Route, Stage, Step, Transfer, Wanted};
use sync_proto::replica::{Replica, Row};
use sync_proto::{DocId, OrderId, OrderKind, Writer};

use super::shop::{
    Place, ShopError, assert_in_step, assert_whole, book, day, post_in, read_model, receive, send,
    sku, store, units,
};

const AT: Timestamp = Timestamp::from_millis(1_795_312_800_000);

pub(crate) fn id() -> OrderId {
    OrderId::new("S1+S2-2611-tA1").unwrap()
}

pub(crate) fn route() -> Route {
    Route::new(StoreId::new("S1").unwrap(), StoreId::new("S2").unwrap()).unwrap()
}

fn party(writer: &Writer) -> Party {
    writer.store().map_or(Party::HeadOffice, |store| Party::Store(store.clone()))
}

pub(crate) fn say(books: &Books, step: Step) -> Result<(), BooksError> {
    let event = Event { by: party(books.me()), at: AT, operator: None, step };
    books.write(move |tx| {
        let name = event.step.name().to_string().parse().unwrap();
        tx.append_order(OrderKind::Transfer, &id(), &name, &event.to_text(), AT)
    })
}

/// Books something for the transfer and tells the others, in one step.
pub(crate) fn do_and_tell(books: &Books, deed: Deed) {
    let transfer = TransferId::new("S1+S2-2611-tA1").unwrap();
    let task = transfer::Task { transfer, route: route(), deed };
    let command = Command::Transfer(Box::new(task));
    let by = party(books.me());
    let told = books.write(move |tx| {
        let fact = post_in(tx, day(0), None, command)?;
        let event = Event { by, at: AT, operator: None, step: Step::of_fact(&fact).unwrap().1 };
        let name = event.step.name().to_string().parse().unwrap();
        tx.append_order(OrderKind::Transfer, &id(), &name, &event.to_text(), AT)?;
        tx.seal_pending().map(drop).map_err(ShopError::from)
    });
    told.unwrap();
}

fn status(books: &Books) -> Transfer {
    let reader = books.reader().unwrap();
    let events = reader.order(OrderKind::Transfer, &id()).unwrap();
    let entry = |e: &sync_proto::order::Event| Entry::read(party(&e.by), e.name.as_str(), &e.text);
    let entries: Vec<Entry> = events.iter().map(entry).collect();
    transfer::status(&entries)
}

/// What stands where of the transferred goods, as far as these books know.
fn on_hand_and_in_transit(books: &Books, at: &str) -> (i64, i64) {
    let rows = books.reader().unwrap().balances(None).unwrap();
    let at = StoreId::new(at).unwrap();
    let sum = |wanted: &dyn Fn(&Stands) -> bool| {
        let rows = rows.iter().filter(|row| wanted(&row.place));
        rows.map(|row| row.stock.quantity.thousandths()).sum()
    };
    let here = Stands::Store(at, ledger::movement::Account::OnHand);
    (sum(&|place| *place == here), sum(&|place| matches!(place, Stands::Transit(_))))
}

pub(crate) fn wanted(count: i64) -> Vec<Wanted> {
    vec![Wanted { sku: sku("cola"), quantity: units(count) }]
}

#[test]
fn a_transfer_is_told_in_one_order_and_booked_at_both_ends() {
    let place = Place::new();
    let (source, target) = (place.open("1.db", store("S1")), place.open("2.db", store("S2")));
    let hub = place.open("h.db", Writer::Hub);
    book(&source, day(0), receive("cola", 24, "60"));
    let number = NonZeroU32::MIN;

    say(&target, Step::Request { route: route(), lines: wanted(10), remark: None }).unwrap();
    send(&target, &hub);
    assert_eq!(hub.reader().unwrap().orders(OrderKind::Transfer).unwrap(), [id()]);
    assert_eq!(hub.reader().unwrap().orders(OrderKind::Purchase).unwrap(), []);
    let since = |kind, row| hub.reader().unwrap().orders_since(kind, row).unwrap();
    let (changed, last) = since(OrderKind::Transfer, Row::START);
    assert_eq!((changed, since(OrderKind::Purchase, Row::START).0), (vec![id()], vec![]));
    assert_eq!(since(OrderKind::Transfer, last), (vec![], last), "nothing has been said since");
    say(&hub, Step::Approve { lines: wanted(8), rule: None, remark: None }).unwrap();
    send(&hub, &source);
    assert_eq!(status(&source).stage, Stage::Approved);
    assert_eq!(since(OrderKind::Transfer, last).0, [id()]);

    do_and_tell(&source, Deed::Ship { shipment: number, lines: wanted(8) });
    send(&source, &hub);
    assert_eq!(on_hand_and_in_transit(&hub, "S1"), (16_000, 8_000));
    send(&hub, &target);
    let on_the_way = status(&target).on_the_way().unwrap();
    let line = Arrived { sku: sku("cola"), received: units(8), damaged: units(0) };
    let lines = vec![line];
    do_and_tell(&target, Deed::Receive { shipment: number, part: number, lines, on_the_way });
    send(&target, &hub);
    send(&hub, &source);

    for books in [&source, &target, &hub] {
        let transfer = status(books);
        assert_eq!((transfer.stage, transfer.waits_for), (Stage::Received, vec![]));
        assert_eq!(transfer.anomalies, []);
        assert_whole(books);
    }
    assert_eq!(on_hand_and_in_transit(&hub, "S1"), (16_000, 0));
    assert_eq!(on_hand_and_in_transit(&hub, "S2"), (8_000, 0));
    let arrived = target.reader().unwrap();
    let arrived = arrived.balances(Some(&StoreId::new("S2").unwrap())).unwrap();
    assert_eq!(arrived[0].stock.value.to_string(), "20", "the cost came along");
    assert_in_step(&source, &hub);
    assert_in_step(&target, &hub);
}

#[test]
fn a_fact_goes_out_before_what_is_told_of_it() {
    let place = Place::new();
    let source = place.open("1.db", store("S1"));
    book(&source, day(0), receive("cola", 24, "60"));
    say(&source, Step::Request { route: route(), lines: wanted(10), remark: None }).unwrap();
    do_and_tell(&source, Deed::Ship { shipment: NonZeroU32::MIN, lines: wanted(8) });
    let sent = source.tail(&Writer::Hub, Row::START, usize::MAX).unwrap().changes;
    let is_book = |change: &sync_proto::replica::Outgoing| matches!(change.doc, DocId::Book { .. });
    let booked = sent.iter().rposition(is_book);
    let told = sent.iter().rposition(|change| !is_book(change));
    assert!(booked.is_some() && booked < told, "{booked:?} {told:?}");
}

#[test]
fn what_was_said_stays_said() {
    let place = Place::new();
    let shop = place.open("2.db", store("S2"));
    let request = |count| Step::Request { route: route(), lines: wanted(count), remark: None };
    say(&shop, request(10)).unwrap();
    let refused = say(&shop, request(12)).unwrap_err();
    assert!(matches!(refused, BooksError::Document { .. }), "{refused}");
    say(&shop, Step::Cancel { reason: "too late".into() }).unwrap();
    let inside = shop.write(|tx| tx.order(OrderKind::Transfer, &id())).unwrap();
    assert_eq!(inside, shop.reader().unwrap().order(OrderKind::Transfer, &id()).unwrap());
    assert_eq!(inside.len(), 2);
    assert_eq!(status(&shop).stage, Stage::Cancelled);
    let other = OrderId::new("S1+S2-2611-tA2").unwrap();
    assert_eq!(shop.reader().unwrap().order(OrderKind::Transfer, &other).unwrap(), []);
    let before = read_model(&place.file("2.db"));
    shop.rebuild(|_| {}).unwrap();
    assert_eq!(before, read_model(&place.file("2.db")));
    assert_eq!(status(&shop).stage, Stage::Cancelled);
}

#[test]
fn an_order_is_for_its_parties_alone() {
    let place = Place::new();
    let (party, other) = (place.open("2.db", store("S2")), place.open("3.db", store("S3")));
    let hub = place.open("h.db", Writer::Hub);
    book(&other, day(0), receive("cola", 1, "2"));
    send(&other, &hub);
    say(&party, Step::Request { route: route(), lines: wanted(10), remark: None }).unwrap();
    send(&party, &hub);
    say(&hub, Step::Approve { lines: wanted(8), rule: None, remark: None }).unwrap();

    let waits = |peer: &Books| hub.reader().unwrap().unsent(peer.me()).unwrap().changes;
    assert_eq!((waits(&party), waits(&other)), (1, 0));
    let told = |peer: &Books| {
        use sync_proto::replica::{Replica, Row};
        hub.tail(peer.me(), Row::START, usize::MAX).unwrap().changes.len()
    };
    assert_eq!((told(&party), told(&other)), (1, 0));
    for books in [&party, &other] {
        send(&hub, books);
        assert_in_step(books, &hub);
    }
    let meddling = say(&other, Step::Cancel { reason: "mine".into() }).unwrap_err();
    assert!(matches!(meddling, BooksError::NotParty { .. }), "{meddling}");
    let held = |books: &Books| books.reader().unwrap().orders(OrderKind::Transfer).unwrap();
    assert_eq!((held(&hub), held(&party), held(&other)), (vec![id()], vec![id()], vec![]));
}
