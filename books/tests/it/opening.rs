//! Opening: what is refused, and that a refused file is left alone.

use std::fs;

use books::{Books, Config, OpenError};
use rusqlite::Connection;
use sync_proto::{ChainId, Writer};

use super::shop::{Place, book, chain, day, receive, store};

fn refused(place: &Place, me: Writer) -> OpenError {
    let before = fs::read(place.file("b.db")).unwrap();
    let config = Config { chain: chain(), me };
    let Err(error) = Books::open(&place.file("b.db"), config) else { panic!("it was opened") };
    assert_eq!(fs::read(place.file("b.db")).unwrap(), before, "a refused file is left alone");
    error
}

#[test]
fn files_that_are_no_books_are_refused() {
    let place = Place::new();
    fs::write(place.file("b.db"), "sku,name\n690,可乐\n".repeat(100)).unwrap();
    let error = refused(&place, Writer::Hub);
    assert!(matches!(error, OpenError::NotABook { .. }), "{error}");

    fs::remove_file(place.file("b.db")).unwrap();
    let other = Connection::open(place.file("b.db")).unwrap();
    other.execute_batch("CREATE TABLE sales (id INTEGER)").unwrap();
    drop(other);
    let error = refused(&place, Writer::Hub);
    assert!(matches!(error, OpenError::NotABook { .. }), "{error}");
    assert!(error.to_string().ends_with("b.db` is not an Evenstock book"), "{error}");
}

#[test]
fn a_book_of_a_newer_version_is_refused() {
    let place = Place::new();
    drop(place.open("b.db", Writer::Hub));
    let conn = Connection::open(place.file("b.db")).unwrap();
    conn.execute_batch("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(conn);
    let error = refused(&place, Writer::Hub);
    assert!(matches!(error, OpenError::Newer { found: 99, known: 2, .. }), "{error}");
}

#[test]
fn a_book_opens_for_its_owner_only() {
    let place = Place::new();
    drop(place.open("b.db", store("S1")));
    let error = refused(&place, store("S2"));
    let text = error.to_string();
    assert!(text.ends_with("is the book of owner store/S1, not of owner store/S2"), "{text}");
    let config = Config { chain: ChainId::new("other").unwrap(), me: store("S1") };
    let error = Books::open(&place.file("b.db"), config).err().unwrap();
    assert!(matches!(error, OpenError::OtherOwner { .. }), "{error}");
}

#[test]
fn a_second_opener_is_told_who_holds_the_book() {
    let place = Place::new();
    let books = place.open("b.db", Writer::Hub);
    let config = Config { chain: chain(), me: Writer::Hub };
    let error = Books::open(&place.file("b.db"), config).err().unwrap();
    let me = std::process::id();
    assert!(matches!(error, OpenError::InUse { holder: Some(pid), .. } if pid == me), "{error}");
    assert!(error.to_string().ends_with(&format!("is in use by process {me}")), "{error}");
    drop(books);
    drop(place.open("b.db", Writer::Hub));
}

#[test]
fn an_empty_file_becomes_a_book_and_keeps_what_is_written() {
    let place = Place::new();
    fs::write(place.file("b.db"), "").unwrap();
    let books = place.open("b.db", store("S1"));
    let fact = book(&books, day(0), receive("cola", 24, "48"));
    drop(books);
    let books = place.open("b.db", store("S1"));
    let found = books.reader().unwrap().fact(&fact.store, fact.id).unwrap().unwrap();
    assert_eq!(found.fact, fact);
    assert_eq!(books.commits().borrow().pending, 1);
}
