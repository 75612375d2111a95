//! Entries of transfers follow the books when a store's history has parted.

use std::num::NonZeroU32;

use books::Books;
use ledger::command::Command;
use ledger::id::{Epoch, TransferId};
use ledger::time::Timestamp;
use ledger::transfer::{Deed, Step, Task, Transfer, Wanted, status};
use sync_proto::Writer;
use sync_proto::replica::{Replica, TakeBack};

use super::orders::{do_and_tell, id, route, say};
use super::shop::{
    Place, assert_in_step, assert_whole, book, day, receive, seal, send, sku, store, units,
};

const AT: Timestamp = Timestamp::from_millis(1_795_312_800_000);

fn ship(shipment: u32, count: i64) -> Deed {
    let shipment = NonZeroU32::new(shipment).unwrap();
    Deed::Ship { shipment, lines: vec![Wanted { sku: sku("cola"), quantity: units(count) }] }
}

fn transfer() -> TransferId {
    TransferId::new(id().as_str()).unwrap()
}

fn seen(books: &Books) -> Transfer {
    status(&books.reader().unwrap().transfer(&transfer()).unwrap())
}

fn shipped(books: &Books) -> i128 {
    seen(books).lines[&sku("cola")].shipped.quantity / 1_000
}

/// A shop that has shipped four of what it was asked for.
fn shop(place: &Place) -> Books {
    let shop = place.open("s.db", store("S1"));
    book(&shop, day(0), receive("cola", 100, "200"));
    seal(&shop);
    let lines = vec![Wanted { sku: sku("cola"), quantity: units(9) }];
    say(&shop, Step::Request { route: route(), lines, remark: None }).unwrap();
    do_and_tell(&shop, ship(1, 4));
    shop
}

#[test]
fn what_was_told_of_a_fact_that_left_the_books_is_taken_back() {
    let place = Place::new();
    let (shop, hub) = (shop(&place), place.open("h.db", Writer::Hub));
    assert_eq!(shop.tell_unsaid(AT).unwrap(), 0, "nothing has parted");
    let order =
        TakeBack { epoch: Epoch::FIRST, agreed: 1, set_aside_after: Some(1), above: Epoch::FIRST };
    shop.take_back(&order).unwrap();
    assert_eq!(shipped(&shop), 4, "the order still tells of it");

    assert_eq!(shop.tell_unsaid(AT).unwrap(), 1);
    assert_eq!((shipped(&shop), seen(&shop).anomalies), (0, vec![]));
    assert_eq!(shop.tell_unsaid(AT).unwrap(), 0);
    do_and_tell(&shop, ship(2, 3));
    send(&shop, &hub);
    assert_in_step(&shop, &hub);
    assert_eq!(shipped(&hub), 3);
    assert_whole(&shop);
}

#[test]
fn a_fact_that_came_back_without_its_entry_is_told_of() {
    let place = Place::new();
    let shop = shop(&place);
    let task = Task { transfer: transfer(), route: route(), deed: ship(2, 2) };
    book(&shop, day(0), Command::Transfer(Box::new(task)));
    assert_eq!(shop.tell_unsaid(AT).unwrap(), 0, "its entry may be on its way");
    shop.write(|tx| tx.open_epoch(None)).unwrap();
    assert_eq!(shop.tell_unsaid(AT).unwrap(), 1);
    assert_eq!((shipped(&shop), seen(&shop).anomalies), (6, vec![]));
    assert_whole(&shop);
}

#[test]
fn a_fact_that_is_not_held_yet_is_not_taken_back() {
    let place = Place::new();
    let (before, hub) = (shop(&place), place.open("h.db", Writer::Hub));
    send(&before, &hub);
    // A machine in its place that was given the orders first.
    let after = place.open("new.db", store("S1"));
    let orders = super::shop::lacking(&hub, &after);
    let orders = orders.into_iter().filter(|change| change.doc.to_string().starts_with("order/"));
    after.apply(&Writer::Hub, orders.collect()).unwrap();
    after.write(|tx| tx.open_epoch(None)).unwrap();
    assert_eq!(after.tell_unsaid(AT).unwrap(), 0);
    assert_eq!(shipped(&after), 4);
}

#[test]
fn a_fact_that_is_only_carried_is_not_taken_back() {
    let place = Place::new();
    let (before, hub) = (shop(&place), place.open("h.db", Writer::Hub));
    send(&before, &hub);
    let after = place.open("new.db", store("S1"));
    after.take_over(&hub.carry_over(&store("S1")).unwrap().unwrap()).unwrap();
    let orders = super::shop::lacking(&hub, &after);
    let orders = orders.into_iter().filter(|change| change.doc.to_string().starts_with("order/"));
    after.apply(&Writer::Hub, orders.collect()).unwrap();
    assert_eq!(after.tell_unsaid(AT).unwrap(), 0);
    assert_eq!(shipped(&after), 4);
}
