//! Restored and cloned books.

use std::fs;

use books::Books;
use books::read::Returned;
use ledger::id::{Epoch, FactId, StoreId};
use sync_proto::replica::{Outcome, Replica, TakeBack};
use sync_proto::{Actor, DocId, Writer};

use super::shop::{
    Place, assert_in_step, assert_whole, book, chain, day, lacking, open, receive, seal, sell,
    send, store,
};

/// A shop that has gone on since its backup was made; the hub has all of it. Gives the backup.
fn restored(place: &Place, hub: &Books) -> Books {
    let shop = place.open("s.db", store("S1"));
    book(&shop, day(0), receive("cola", 100, "200"));
    for _ in 0..4 {
        book(&shop, day(0), sell("cola", 1));
    }
    seal(&shop);
    drop(shop);
    fs::copy(place.file("s.db"), place.file("old.db")).unwrap();
    let shop = place.open("s.db", store("S1"));
    book(&shop, day(0), sell("cola", 2));
    seal(&shop);
    book(&shop, day(1), sell("cola", 2));
    send(&shop, hub);
    open(&place.file("old.db"), store("S1"))
}

#[test]
fn a_restored_book_takes_its_facts_back_and_opens_an_epoch() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let old = restored(&place, &hub);
    let order =
        TakeBack { epoch: Epoch::FIRST, agreed: 5, set_aside_after: None, above: Epoch::FIRST };
    old.take_back(&order).unwrap();
    let sold = book(&old, day(1), sell("cola", 7));
    assert_eq!(sold.id.to_string(), "2-1");
    assert_eq!(send(&hub, &old), [Outcome::Applied, Outcome::Applied]);
    send(&old, &hub);
    assert_in_step(&old, &hub);
    let left = old.write(|tx| tx.position(&super::shop::sku("cola"))).unwrap();
    assert_eq!(left.quantity.to_string(), "85");
    assert_whole(&old);
    assert_whole(&hub);
}

#[test]
fn a_clone_that_sold_on_sets_its_branch_aside() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let clone = restored(&place, &hub);
    book(&clone, day(0), sell("cola", 50));
    seal(&clone);
    book(&clone, day(2), sell("cola", 30));
    let order =
        TakeBack { epoch: Epoch::FIRST, agreed: 5, set_aside_after: Some(5), above: Epoch::FIRST };
    clone.take_back(&order).unwrap();
    let aside = clone.reader().unwrap().set_aside().unwrap();
    let told: Vec<_> =
        aside.iter().map(|fact| (fact.id.to_string(), fact.date, fact.returned)).collect();
    assert_eq!(
        told,
        [("1-6".to_owned(), day(0), Returned::No), ("1-7".to_owned(), day(2), Returned::No)]
    );
    assert!(aside[0].text.contains("\"cola\""));
    assert_whole(&clone);

    assert!(send(&hub, &clone).iter().all(|outcome| *outcome == Outcome::Applied));
    book(&clone, day(2), sell("cola", 1));
    send(&clone, &hub);
    assert_in_step(&clone, &hub);
    let left = clone.write(|tx| tx.position(&super::shop::sku("cola"))).unwrap();
    assert_eq!(left.quantity.to_string(), "91");
    assert_whole(&clone);
    assert_whole(&hub);
}

#[test]
fn a_branch_of_a_former_epoch_is_set_aside_and_the_present_one_stands() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let clone = restored(&place, &hub);
    book(&clone, day(0), sell("cola", 50));
    clone.write(|tx| tx.open_epoch(None)).unwrap();
    book(&clone, day(2), sell("cola", 3));
    let order =
        TakeBack { epoch: Epoch::FIRST, agreed: 5, set_aside_after: Some(5), above: Epoch::FIRST };
    clone.take_back(&order).unwrap();
    let aside = clone.reader().unwrap().set_aside().unwrap();
    let told: Vec<_> = aside.iter().map(|fact| fact.id.to_string()).collect();
    assert_eq!(told, ["1-6"]);
    assert!(send(&hub, &clone).iter().all(|outcome| *outcome == Outcome::Applied));
    send(&clone, &hub);
    assert_in_step(&clone, &hub);
    assert_whole(&clone);
    assert_whole(&hub);
}

#[test]
fn a_change_that_holds_both_agreed_and_other_facts_comes_back_from_the_hub() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let shop = place.open("s.db", store("S1"));
    book(&shop, day(0), receive("cola", 100, "200"));
    drop(shop);
    fs::copy(place.file("s.db"), place.file("clone.db")).unwrap();
    let shop = place.open("s.db", store("S1"));
    book(&shop, day(0), sell("cola", 2));
    send(&shop, &hub);
    // One change of the clone holds the fact that both have and one that only it has.
    let clone = place.open("clone.db", store("S1"));
    book(&clone, day(0), sell("cola", 3));
    seal(&clone);
    let order =
        TakeBack { epoch: Epoch::FIRST, agreed: 1, set_aside_after: Some(1), above: Epoch::FIRST };
    clone.take_back(&order).unwrap();
    send(&hub, &clone);
    assert_in_step(&clone, &hub);
    let aside = clone.reader().unwrap().set_aside().unwrap();
    let told: Vec<_> = aside.iter().map(|fact| (fact.id.seq, fact.returned)).collect();
    assert_eq!(told, [(1, Returned::Yes), (2, Returned::No)]);
    assert_whole(&clone);
}

#[test]
fn a_document_in_the_middle_is_exchanged_for_the_hubs() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let shop = place.open("s.db", store("S1"));
    for number in [0, 0, 1, 1, 1, 2, 2] {
        book(&shop, day(number), receive("cola", 1, "2"));
        if number != 1 {
            seal(&shop);
        }
    }
    // The same facts of the middle day, but cut into changes otherwise.
    let other = place.open("o.db", store("S1"));
    for number in [0, 0, 1, 1, 1, 2, 2] {
        book(&other, day(number), receive("cola", 1, "2"));
        seal(&other);
    }
    send(&shop, &hub);
    let (name, actor) =
        (StoreId::new("S1").unwrap(), Actor::derive(&chain(), &store("S1"), Epoch::FIRST));
    let doc = DocId::Book { store: name.clone(), date: day(1) };
    let overview = hub.collections(other.me()).unwrap();
    let tips = hub.tips(other.me(), &overview.digests.into_keys().collect()).unwrap();
    assert_eq!(other.conflicts(&tips).unwrap(), [(doc.clone(), actor)]);

    other.set_aside(&doc, actor).unwrap();
    assert_whole(&other);
    other.rebuild(|_| {}).unwrap();
    let held = |seq| other.reader().unwrap().fact(&name, FactId { epoch: Epoch::FIRST, seq });
    assert!(held(4).unwrap().is_none() && held(6).unwrap().is_some());
    let from_hub = lacking(&hub, &other);
    assert_eq!(from_hub.len(), 1);
    assert_eq!(other.apply(&Writer::Hub, from_hub).unwrap().outcomes, [Outcome::Applied]);
    assert_in_step(&other, &hub);
    assert_whole(&other);
    other.rebuild(|_| {}).unwrap();
    assert_whole(&other);
    let aside = other.reader().unwrap().set_aside().unwrap();
    assert!(aside.len() == 3 && aside.iter().all(|fact| fact.returned == Returned::Yes));
}

#[test]
fn rows_are_never_given_out_twice() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let shop = restored(&place, &hub);
    book(&shop, day(0), sell("cola", 1));
    let before = shop.summary(&Writer::Hub).unwrap().row;
    let order =
        TakeBack { epoch: Epoch::FIRST, agreed: 0, set_aside_after: Some(0), above: Epoch::FIRST };
    shop.take_back(&order).unwrap();
    drop(shop);
    let shop = open(&place.file("old.db"), store("S1"));
    book(&shop, day(0), receive("cola", 1, "2"));
    let tail = shop.tail(&Writer::Hub, before, 1_000).unwrap();
    assert_eq!(tail.changes.len(), 1, "what is new is beyond what was");
}
