//! Facts that count while they are not here: a new machine that begins with their sum, and old days that
//! were dropped. Against the machine that holds everything.

use std::collections::BTreeMap;

use books::read::{Carried, Part};
use books::{Books, BooksError, NotHere, PeerNote};
use ledger::amount::Quantity;
use ledger::command::{Command, InboundLine};
use ledger::id::{Epoch, FactId, RequestId, StoreId};
use ledger::time::BusinessDate;
use proptest::prelude::*;
use sync_proto::carryover::{Carryover, History};
use sync_proto::replica::{Outcome, Replica, Row};
use sync_proto::{Admitted, DocId, Month, Writer};

use super::closes::close_day;
use super::shop::{
    Place, Said, assert_in_step, assert_whole, book, day, lacking, money, post_detailed,
    read_model, receive, seal, sell, send, sku, store, units,
};

const SKUS: [&str; 3] = ["cola", "tea", "白菜"];

/// What happens at the shop.
#[derive(Debug, Clone)]
enum Step {
    Receive { date: i32, sku: usize, count: i64, lot: bool },
    Sell { date: i32, sku: usize, count: i64 },
    Seal,
    Epoch,
}

fn steps(days: i32) -> impl Strategy<Value = Vec<Step>> {
    let moved = move || (0..days, 0..SKUS.len(), 1..9_i64);
    let step = prop_oneof![
        4 => (moved(), any::<bool>())
            .prop_map(|((date, sku, count), lot)| Step::Receive { date, sku, count, lot }),
        6 => moved().prop_map(|(date, sku, count)| Step::Sell { date, sku, count }),
        3 => Just(Step::Seal),
        1 => Just(Step::Epoch),
    ];
    prop::collection::vec(step, 1..60)
}

fn play(shop: &Books, steps: &[Step]) -> BTreeMap<RequestId, FactId> {
    let mut requests = BTreeMap::new();
    for (number, step) in steps.iter().enumerate() {
        let mut said = Said::default();
        let (date, command) = match step {
            Step::Seal => {
                seal(shop);
                continue;
            }
            Step::Epoch => {
                shop.write(|tx| tx.open_epoch(None).map(drop)).unwrap();
                continue;
            }
            Step::Sell { date, sku, count } => (*date, sell(SKUS[*sku], *count)),
            Step::Receive { date, sku: which, count, lot } => {
                said.bin = lot.then(|| "A-01".parse().unwrap());
                let lot = lot.then(|| "L1".parse().unwrap());
                let (quantity, cost) = (units(*count), money("7.77"));
                let line = InboundLine { sku: sku(SKUS[*which]), lot, quantity, cost };
                (*date, Command::Receive { lines: vec![line], supplier: None, lots: Vec::new() })
            }
        };
        let request: RequestId = format!("r{number}").parse().unwrap();
        let asked = Some(request.clone());
        let fact =
            shop.write(move |tx| post_detailed(tx, day(date), asked, command, said)).unwrap();
        requests.insert(request, fact.id);
    }
    requests
}

fn carryover(hub: &Books) -> Carryover {
    let carryover = hub.carry_over(&store("S1")).unwrap().unwrap();
    assert_eq!(carryover.check(), Ok(()));
    carryover
}

fn history(books: &Books) -> History {
    books.summary(&Writer::Hub).unwrap().history
}

fn carried(books: &Books) -> Carried {
    books.reader().unwrap().carried().unwrap()
}

fn on_hand(books: &Books) -> [(Quantity, String); SKUS.len()] {
    SKUS.map(|name| {
        let position = books.write(move |tx| tx.position(&sku(name))).unwrap();
        (position.quantity, format!("{:?} {:?}", position.value, position.last_cost))
    })
}

/// What the hub sends: the newest month first.
fn by_month(mut changes: Vec<Admitted>) -> Vec<Admitted> {
    let month = |change: &Admitted| match &change.doc {
        DocId::Book { date, .. } => Some(Month::of(*date)),
        _ => None,
    };
    changes.sort_by_key(|change| std::cmp::Reverse(month(change)));
    changes
}

fn shop_digest(books: &Books) -> String {
    let name = StoreId::new("S1").unwrap();
    books.reader().unwrap().digest(Part::Store(&name)).unwrap().to_string()
}

fn assert_rebuilds_alike(place: &Place, name: &str, books: &Books) {
    // What was booked is in the file only once it is written.
    let kept = read_model(&place.file(name));
    books.rebuild(|_| {}).unwrap();
    assert_eq!(read_model(&place.file(name)), kept);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_new_machine_sells_at_once_and_ends_where_the_lost_one_was(
        steps in steps(45), batch in 1..7_usize, checked in 0..4_usize
    ) {
        let place = Place::new();
        let hub = place.open("h.db", Writer::Hub);
        let lost = place.open("lost.db", store("S1"));
        let requests = play(&lost, &steps);
        send(&lost, &hub);
        if requests.is_empty() {
            prop_assert_eq!(hub.carry_over(&store("S1")).unwrap(), None);
            return Ok(());
        }

        let new = place.open("new.db", store("S1"));
        prop_assert_eq!(history(&new), History::Wanted);
        let told = carryover(&hub);
        new.take_over(&told).unwrap();
        new.take_over(&told).unwrap();
        prop_assert_eq!(history(&new), History::Awaited);
        prop_assert_eq!(carried(&new).awaited, told.facts());
        prop_assert_eq!(on_hand(&new), on_hand(&lost));
        prop_assert!(new.write(|tx| tx.epoch()).unwrap() > lost.write(|tx| tx.epoch()).unwrap()
            || told.heads.last().unwrap().epoch < lost.write(|tx| tx.epoch()).unwrap());
        let last = carried(&new).awaited_through.unwrap();
        for (request, id) in &requests {
            let fact = lost.reader().unwrap().fact(&"S1".parse().unwrap(), *id).unwrap().unwrap();
            if fact.fact.date >= last.plus_days(-35) {
                let known = new.reader().unwrap().request(request).unwrap();
                prop_assert_eq!(known, Some(*id), "{}", request);
                let read = new.reader().unwrap().fact(&"S1".parse().unwrap(), *id);
                let awaited = matches!(read, Err(BooksError::NotHere { why: NotHere::Awaited, .. }));
                prop_assert!(awaited);
            }
        }
        assert_whole(&new);
        assert_rebuilds_alike(&place, "new.db", &new);

        for name in SKUS {
            book(&new, day(46), sell(name, 2));
            book(&lost, day(46), sell(name, 2));
        }
        let changes = by_month(lacking(&hub, &new));
        for (number, some) in changes.chunks(batch).enumerate() {
            let outcomes = new.apply(&Writer::Hub, some.to_vec()).unwrap().outcomes;
            prop_assert!(outcomes.iter().all(|of| *of == Outcome::Applied), "{outcomes:?}");
            if number % 4 == checked {
                prop_assert_eq!(on_hand(&new), on_hand(&lost));
                assert_whole(&new);
                assert_rebuilds_alike(&place, "new.db", &new);
            }
        }
        prop_assert_eq!(carried(&new), Carried::default());
        prop_assert_eq!(history(&new), History::Whole);
        prop_assert_eq!(on_hand(&new), on_hand(&lost));
        send(&new, &hub);
        assert_in_step(&new, &hub);
        prop_assert_eq!(shop_digest(&new), shop_digest(&hub));
        assert_rebuilds_alike(&place, "new.db", &new);
        assert_whole(&new);
        assert_whole(&hub);
    }

    #[test]
    fn books_that_dropped_old_days_say_the_same_of_everything_but_the_texts(
        steps in steps(12), until in 0..14_i32, later in steps(3)
    ) {
        let place = Place::new();
        let hub = place.open("h.db", Writer::Hub);
        let shop = place.open("s.db", store("S1"));
        let requests = play(&shop, &steps);
        close_all(&shop);
        send(&shop, &hub);
        prop_assert_eq!(shop.drop_days(day(until), 100).unwrap().days, 0, "nothing is acknowledged");
        acknowledge(&shop);
        seal(&shop);
        let before = read_model(&place.file("s.db"));
        let dropped = shop.drop_days(day(until), 100).unwrap();
        let after = read_model(&place.file("s.db"));
        for (table, rows) in &before {
            prop_assert!(*table == "run" || after[table] == *rows, "{}", table);
        }
        assert_whole(&shop);
        assert_rebuilds_alike(&place, "s.db", &shop);
        assert_in_step(&shop, &hub);
        prop_assert!(lacking(&hub, &shop).is_empty());
        prop_assert!(lacking(&shop, &hub).is_empty());

        let mut gone = 0;
        for id in requests.values() {
            let held = hub.reader().unwrap().fact(&"S1".parse().unwrap(), *id).unwrap().unwrap();
            let here = shop.reader().unwrap().fact(&"S1".parse().unwrap(), *id);
            if held.fact.date < day(until) {
                gone += 1;
                let told = matches!(here, Err(BooksError::NotHere { why: NotHere::Dropped, .. }));
                prop_assert!(told);
            } else {
                prop_assert_eq!(here.unwrap(), Some(held));
            }
        }
        prop_assert!(gone <= dropped.facts);
        // It goes on selling, and what came before is not lost on the way.
        let shift = |step: &Step| match step.clone() {
            Step::Receive { date, sku, count, lot } =>
                Step::Receive { date: date + 15, sku, count, lot },
            Step::Sell { date, sku, count } => Step::Sell { date: date + 15, sku, count },
            other => other,
        };
        for (number, step) in later.iter().map(shift).enumerate() {
            if !matches!(step, Step::Seal | Step::Epoch) || number % 2 == 0 {
                play_unnamed(&shop, &step);
            }
        }
        send(&shop, &hub);
        assert_in_step(&shop, &hub);
        prop_assert_eq!(shop_digest(&shop), shop_digest(&hub));
        assert_whole(&shop);
        assert_rebuilds_alike(&place, "s.db", &shop);
    }
}

fn play_unnamed(shop: &Books, step: &Step) {
    match step {
        Step::Receive { date, sku, count, .. } => {
            book(shop, day(*date), receive(SKUS[*sku], *count, "3"));
        }
        Step::Sell { date, sku, count } => {
            book(shop, day(*date), sell(SKUS[*sku], *count));
        }
        Step::Seal => seal(shop),
        Step::Epoch => shop.write(|tx| tx.open_epoch(None).map(drop)).unwrap(),
    }
}

pub(crate) fn close_all(shop: &Books) {
    let days: Vec<BusinessDate> = shop.write(|tx| tx.open_days(day(100))).unwrap();
    for date in days {
        close_day(shop, date);
    }
    seal(shop);
}

/// The hub has told that everything so far is durable there.
pub(crate) fn acknowledge(shop: &Books) {
    let Row(row) = shop.summary(&Writer::Hub).unwrap().row;
    let note = PeerNote { acked_row: Some(Row(row)), ..PeerNote::default() };
    shop.write(move |tx| tx.note_peer(&Writer::Hub, &note)).unwrap();
}

#[test]
fn a_sum_that_the_facts_do_not_come_to_is_told() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let lost = place.open("lost.db", store("S1"));
    book(&lost, day(0), receive("cola", 10, "20"));
    book(&lost, day(0), sell("cola", 3));
    send(&lost, &hub);
    let mut wrong = carryover(&hub);
    wrong.balances[0].quantity = units(1_000);
    let new = place.open("new.db", store("S1"));
    new.take_over(&wrong).unwrap();
    assert_whole(&new);
    send(&hub, &new);
    assert_eq!(carried(&new), Carried { left_over: 1, ..Carried::default() });
    let verified = new.verify(|_| {}).unwrap();
    assert_eq!(verified.problems.len(), 1, "{:?}", verified.problems);
    assert!(verified.problems[0].to_string().contains("something is left of 1 balance"));
}

#[test]
fn facts_that_lead_elsewhere_are_not_taken_for_the_awaited_ones() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let lost = place.open("lost.db", store("S1"));
    book(&lost, day(0), receive("cola", 10, "20"));
    send(&lost, &hub);
    let other = place.open("other.db", store("S1"));
    book(&other, day(0), receive("cola", 11, "20"));
    seal(&other);
    let new = place.open("new.db", store("S1"));
    new.take_over(&carryover(&hub)).unwrap();
    let forged = lacking(&other, &place.open("h2.db", Writer::Hub));
    let outcomes = new.apply(&Writer::Hub, forged).unwrap().outcomes;
    assert!(matches!(&outcomes[..], [Outcome::Quarantined(why)] if why.starts_with("fork")));
    assert_eq!(carried(&new).awaited, 1);
    assert_eq!(new.write(|tx| tx.position(&sku("cola"))).unwrap().quantity, units(10));
    assert_eq!(send(&hub, &new), [Outcome::Applied]);
    assert_eq!(carried(&new), Carried::default());
    assert_whole(&new);
}

#[test]
fn days_of_which_facts_are_to_come_are_not_closed() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let lost = place.open("lost.db", store("S1"));
    book(&lost, day(0), receive("cola", 10, "20"));
    close_all(&lost);
    let sale = book(&lost, day(1), sell("cola", 1));
    send(&lost, &hub);
    let new = place.open("new.db", store("S1"));
    new.take_over(&carryover(&hub)).unwrap();
    book(&new, day(1), sell("cola", 2));
    book(&new, day(2), sell("cola", 3));
    assert_eq!(new.write(|tx| tx.open_day(day(0))).unwrap(), day(1), "the lost one closed it");
    assert_eq!(new.write(|tx| tx.open_days(day(2))).unwrap(), [day(2)]);
    let told = new.write(|tx| tx.closed(day(1)));
    assert!(matches!(told, Err(BooksError::NotHere { why: NotHere::Awaited, .. })));
    let told = new.write(move |tx| tx.corrections(sale.id));
    assert!(told.is_ok(), "nothing that is awaited comes after it");
    let first = FactId { epoch: Epoch::FIRST, seq: 1 };
    let told = new.write(move |tx| tx.corrections(first));
    assert!(matches!(told, Err(BooksError::NotHere { why: NotHere::Awaited, .. })));
    send(&hub, &new);
    assert_eq!(new.write(|tx| tx.open_days(day(2))).unwrap(), [day(1), day(2)]);
    assert_whole(&new);
}

#[test]
fn an_open_day_ends_the_dropping() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let shop = place.open("s.db", store("S1"));
    for date in 0..3 {
        book(&shop, day(date), receive("cola", 10, "20"));
        if date != 1 {
            close_day(&shop, day(date));
        }
    }
    send(&shop, &hub);
    acknowledge(&shop);
    assert_eq!(shop.drop_days(day(9), 100).unwrap().days, 1);
    assert_eq!(carried(&shop).dropped_through, Some(day(0)));
    close_day(&shop, day(1));
    seal(&shop);
    assert_eq!(shop.drop_days(day(9), 100).unwrap().days, 0, "its close is not acknowledged");
    send(&shop, &hub);
    acknowledge(&shop);
    assert_eq!(shop.drop_days(day(9), 1).unwrap().days, 1);
    assert_eq!(shop.drop_days(day(9), 100).unwrap().facts, 2);
    assert_whole(&shop);
}
