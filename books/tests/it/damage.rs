//! What `verify` finds, and that compacting changes nothing that anyone can see.

use books::Books;
use books::read::{Part, StockFilter};
use ledger::id::StoreId;
use rusqlite::Connection;
use sync_proto::{DocId, Writer};

use super::shop::{
    Place, assert_in_step, assert_whole, book, day, lacking, open, read_model, receive, seal, sell,
    send, store,
};

/// A shop with three days, each in several changes, and some facts pending.
fn shop(place: &Place) -> Books {
    let books = place.open("s.db", store("S1"));
    for number in 0..3 {
        book(&books, day(number), receive("cola", 100, "200"));
        seal(&books);
        for _ in 0..5 {
            book(&books, day(number), sell("cola", 1));
        }
        seal(&books);
    }
    book(&books, day(3), sell("cola", 1));
    books
}

/// Damages the book behind its back and tells what verify says.
fn verify_after(damage: &str) -> Vec<String> {
    let place = Place::new();
    let books = shop(&place);
    assert_whole(&books);
    let conn = Connection::open(place.file("s.db")).unwrap();
    assert!(conn.execute(damage, []).unwrap() > 0, "{damage}");
    drop(conn);
    let verified = books.verify(|_| {}).unwrap();
    verified.problems.iter().map(ToString::to_string).collect()
}

fn assert_names(damage: &str, words: &[&str]) {
    let problems = verify_after(damage);
    let named = problems.iter().any(|problem| words.iter().all(|word| problem.contains(word)));
    assert!(named, "{damage} should be told with {words:?}: {problems:#?}");
}

#[test]
fn a_flipped_byte_in_a_change_is_named() {
    assert_names(
        "UPDATE change SET body = CAST(substr(body, 1, 40) || x'00' || substr(body, 42) AS BLOB) \
         WHERE row = 3",
        &["change row 3", "checksum"],
    );
    assert_names("UPDATE change SET hash = zeroblob(32) WHERE row = 2", &["change row 2"]);
    assert_names("UPDATE change SET seq = 9 WHERE row = 6", &["change row 6", "checksum"]);
}

#[test]
fn a_wrong_number_is_named_with_both_values() {
    assert_names(
        "UPDATE balance SET quantity = quantity + 1000 WHERE place = 17",
        &["balance", "`cola`", "quantity is 285000", "make it 284000"],
    );
    assert_names(
        "UPDATE day SET sales_net = 0 WHERE date = 20261121",
        &["day (", "`S1`", "20261121", "sales_net is 0, the changes make it 175000"],
    );
    assert_names("UPDATE cost SET cost = 1", &["cost", "`S1`", "`cola`", "cost is 1"]);
    assert_names("DELETE FROM day_balance WHERE date = 20261122", &["day_balance", "missing"]);
    assert_names("UPDATE run SET link = zeroblob(32) WHERE first = 7", &["run", "`S1`", "link"]);
    assert_names("INSERT INTO request VALUES ('x', 1, 1)", &["request", "no change accounts"]);
    assert_names("UPDATE collection SET digest = zeroblob(16)", &["collection", "digest"]);
}

#[test]
fn a_missing_fact_is_named() {
    assert_names("DELETE FROM change WHERE row = 4", &["change row 5", "fact 1-8 is missing"]);
    assert_names("DELETE FROM change WHERE row = 5", &["change 2 of actor", "book/S1/2026-11-22"]);
    assert_names("DELETE FROM run WHERE first = 8", &["run", "first 8", "missing"]);
    assert_names("DELETE FROM pending_fact", &["day", "20261123", "no change accounts"]);
}

#[test]
fn rebuilding_mends_the_read_model() {
    let place = Place::new();
    let books = shop(&place);
    let before = read_model(&place.file("s.db"));
    let conn = Connection::open(place.file("s.db")).unwrap();
    conn.execute_batch("DELETE FROM balance; UPDATE day SET facts = 0; DELETE FROM run").unwrap();
    let rebuilt = books.rebuild(|_| {}).unwrap();
    assert_eq!((rebuilt.changes, rebuilt.facts), (6, 19));
    assert_eq!(read_model(&place.file("s.db")), before);
    assert_whole(&books);
    let next = book(&books, day(3), sell("cola", 1));
    assert_eq!(next.id.seq, 20);
}

#[test]
fn compacting_changes_nothing_that_anyone_can_see() {
    let place = Place::new();
    let books = shop(&place);
    let (name, hub) = (StoreId::new("S1").unwrap(), place.open("h.db", Writer::Hub));
    let whole: Vec<_> = lacking(&books, &hub).into_iter().map(|change| change.bytes).collect();
    let reader = books.reader().unwrap();
    let before = (reader.digest(Part::Store(&name)).unwrap(), read_model(&place.file("s.db")));
    drop(reader);

    let docs = books.reader().unwrap().compactable(day(2), 10).unwrap();
    let doc = |number| DocId::Book { store: name.clone(), date: day(number) };
    assert_eq!(docs, [doc(0), doc(1)]);
    for doc in &docs {
        let compacted = books.compact(doc).unwrap();
        assert!(compacted.changes == 2 && compacted.after < compacted.before, "{compacted:?}");
    }
    assert_eq!(books.reader().unwrap().compactable(day(2), 10).unwrap(), []);
    assert_eq!(books.compact(&doc(0)).unwrap().changes, 0);

    let after: Vec<_> = lacking(&books, &hub).into_iter().map(|change| change.bytes).collect();
    assert_eq!(whole, after);
    assert_whole(&books);
    books.rebuild(|_| {}).unwrap();
    let reader = books.reader().unwrap();
    assert_eq!(
        before,
        (reader.digest(Part::Store(&name)).unwrap(), read_model(&place.file("s.db")))
    );
    assert_eq!(reader.explain(&name, &super::shop::sku("cola"), None, None).unwrap().days.len(), 4);
    drop(reader);

    // A backdated fact comes to a compacted day.
    book(&books, day(0), sell("cola", 1));
    send(&books, &hub);
    assert_in_step(&books, &hub);
    let stock = hub.reader().unwrap().stock(&StockFilter::default()).unwrap();
    assert_eq!(stock[0].stock.quantity.to_string(), "283");

    drop(books);
    let conn = Connection::open(place.file("s.db")).unwrap();
    conn.execute(
        "UPDATE block SET body = CAST(substr(body, 1, 30) || x'00' || substr(body, 32) AS BLOB) \
         WHERE id = 1",
        [],
    )
    .unwrap();
    let books = open(&place.file("s.db"), store("S1"));
    let problems = books.verify(|_| {}).unwrap().problems;
    assert!(problems[0].to_string().starts_with("block 1: its checksum"), "{problems:?}");
}
