//! Bins and single pieces: what a store and head office say of the same facts, against a model that watches
//! the goods.

use std::collections::BTreeMap;

use books::Books;
use ledger::bins::{BinMove, Home, Placed, Standing};
use ledger::command::Command;
use ledger::id::{Bin, StoreId};
use ledger::serial::{Doubt, Piece, Whereabouts, doubts, whereabouts};
use proptest::prelude::*;
use sync_proto::Writer;

use super::shop::{
    Place, Said, assert_whole, book, day, post_detailed, read_model, receive, seal, sell, send,
    sku, store, units,
};

#[derive(Debug, Clone)]
enum Step {
    Receive { count: i64, bin: Option<usize> },
    Sell { count: i64, bin: Option<usize> },
    Move { count: i64, from: Option<usize>, to: Option<usize> },
    Home { bin: Option<usize> },
    Seal,
    Rebuild,
}

fn step() -> impl Strategy<Value = Step> {
    let bin = || prop::option::of(0..3_usize);
    prop_oneof![
        3 => (1..40_i64, bin()).prop_map(|(count, bin)| Step::Receive { count, bin }),
        4 => (1..20_i64, prop::option::weighted(0.2, 0..3_usize))
            .prop_map(|(count, bin)| Step::Sell { count, bin }),
        3 => (1..20_i64, bin(), bin()).prop_map(|(count, from, to)| Step::Move { count, from, to }),
        1 => bin().prop_map(|bin| Step::Home { bin }),
        2 => Just(Step::Seal),
        1 => Just(Step::Rebuild),
    ]
}

fn bin(index: usize) -> Bin {
    ["A-01", "B-07", "后仓"][index].parse().unwrap()
}

/// The goods as somebody sees them who watches.
#[derive(Default)]
struct Goods {
    bins: BTreeMap<Bin, i128>,
    somewhere: i128,
    home: Option<Bin>,
}

impl Goods {
    fn put(&mut self, at: Option<Bin>, count: i64) {
        match at.or_else(|| self.home.clone()) {
            Some(bin) => *self.bins.entry(bin).or_default() += i128::from(count) * 1_000,
            None => self.somewhere += i128::from(count) * 1_000,
        }
    }

    /// What left from nowhere was in the first bins that had some.
    fn look(&self) -> Standing {
        let (mut bins, mut unplaced) = (self.bins.clone(), self.somewhere);
        for held in bins.values_mut().filter(|held| self.home.is_none() && **held > 0) {
            let taken = (-unplaced).clamp(0, *held);
            (*held, unplaced) = (*held - taken, unplaced + taken);
        }
        bins.retain(|_, held| *held != 0);
        Standing { bins, unplaced }
    }

    fn belong(&mut self, home: Option<Bin>) {
        let Standing { bins, unplaced } = self.look();
        (self.bins, self.somewhere, self.home) = (bins, 0, home);
        match self.home.clone() {
            Some(home) => *self.bins.entry(home).or_default() += unplaced,
            None => self.somewhere = unplaced,
        }
    }
}

fn play(books: &Books, goods: &mut Goods, step: &Step) {
    let in_bin = |command: Command, at: Option<Bin>| {
        let said = Said { bin: at, ..Said::default() };
        books.write(move |tx| post_detailed(tx, day(0), None, command, said)).unwrap();
    };
    match step {
        Step::Receive { count, bin: at } => {
            in_bin(receive("cola", *count, "7.77"), at.map(bin));
            goods.put(at.map(bin), *count);
        }
        Step::Sell { count, bin: at } => {
            in_bin(sell("cola", *count), at.map(bin));
            goods.put(at.map(bin), -count);
        }
        Step::Move { count, from, to } if from != to => {
            let (from, to) = (from.map(bin), to.map(bin));
            goods.put(from.clone(), -count);
            goods.put(to.clone(), *count);
            let line = BinMove { sku: sku("cola"), lot: None, quantity: units(*count), from, to };
            book(books, day(0), Command::MoveBins { lines: vec![line] });
        }
        Step::Home { bin: home } => {
            let home = home.map(bin);
            goods.belong(home.clone());
            let command = books.write(move |tx| {
                let settled = tx.bins_of(&sku("cola"))?.settled(home.as_ref());
                let stays = settled.into_iter().map(|(bin, raw)| Placed {
                    sku: sku("cola"),
                    lot: None,
                    bin,
                    quantity: units(i64::try_from(raw / 1_000).unwrap()),
                });
                let stays = stays.collect();
                let lines = vec![Home { sku: sku("cola"), bin: home }];
                Ok::<_, books::BooksError>(Command::HomeBins { lines, stays })
            });
            book(books, day(0), command.unwrap());
        }
        Step::Seal => seal(books),
        Step::Rebuild => drop(books.rebuild(|_| {}).unwrap()),
        Step::Move { .. } => {}
    }
}

fn standing(books: &Books, of: &Writer) -> Standing {
    let bins = books.reader().unwrap().bins(of.store().unwrap(), Some(&sku("cola"))).unwrap();
    let found = bins.get(&sku("cola"));
    if let Some(found) = found {
        assert_eq!(found.standing().total(), found.on_hand);
    }
    found.map(books::BinsOf::standing).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn bins_are_what_somebody_sees_who_watches(steps in prop::collection::vec(step(), 1..40)) {
        let place = Place::new();
        let (shop, hub) = (place.open("shop.db", store("S1")), place.open("hub.db", Writer::Hub));
        let mut goods = Goods::default();
        for step in &steps {
            play(&shop, &mut goods, step);
            prop_assert_eq!(standing(&shop, &store("S1")), goods.look(), "after {:?}", step);
        }
        seal(&shop);
        send(&shop, &hub);
        prop_assert_eq!(standing(&hub, &store("S1")), goods.look());
        for books in [&shop, &hub] {
            assert_whole(books);
        }
        let kept = read_model(&place.file("hub.db"));
        hub.rebuild(|_| {}).unwrap();
        prop_assert_eq!(read_model(&place.file("hub.db")), kept);
    }
}

fn piece(serial: &str) -> Piece {
    Piece { sku: sku("phone"), serial: serial.parse().unwrap() }
}

fn book_piece(books: &Books, command: Command, serial: &str) {
    let said = Said { pieces: vec![piece(serial)], bin: None };
    books.write(move |tx| post_detailed(tx, day(0), None, command, said)).unwrap();
}

#[test]
fn a_piece_that_two_stores_sell_is_found_where_their_facts_meet() {
    let place = Place::new();
    let (one, two) = (place.open("1.db", store("S1")), place.open("2.db", store("S2")));
    let hub = place.open("hub.db", Writer::Hub);
    for serial in ["A17", "A18"] {
        book_piece(&one, receive("phone", 1, "900"), serial);
    }
    book_piece(&one, sell("phone", 1), "A17");
    book_piece(&two, receive("phone", 1, "900"), "A17");
    book_piece(&two, sell("phone", 1), "A17");
    for books in [&one, &two] {
        assert_eq!(books.reader().unwrap().doubtful_pieces().unwrap(), [], "each alone is honest");
        seal(books);
        send(books, &hub);
    }
    let reader = hub.reader().unwrap();
    let stores: Vec<StoreId> = ["S1", "S2"].map(|name| name.parse().unwrap()).into();
    let found = reader.doubtful_pieces().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].0, found[0].1.len()), (&piece("A17"), 4));
    assert_eq!(doubts(&found[0].1), [Doubt::SoldTwice(stores)]);

    let stories = reader.pieces(&piece("A18").serial, None).unwrap();
    let s1: StoreId = "S1".parse().unwrap();
    assert_eq!(whereabouts(&stories[0].1), Some(Whereabouts::OnHand(s1.clone())));
    let here = reader.pieces_at(&s1, &sku("phone")).unwrap();
    assert_eq!(here.into_iter().map(|(piece, _)| piece).collect::<Vec<_>>(), [piece("A18")]);
    for books in [&one, &two, &hub] {
        assert_whole(books);
    }
}

#[test]
fn what_undoes_a_receipt_takes_its_goods_out_of_the_bin() {
    let place = Place::new();
    let shop = place.open("shop.db", store("S1"));
    let said = Said { pieces: vec![piece("A17")], bin: Some(bin(0)) };
    let command = receive("phone", 2, "900");
    let fact = shop.write(move |tx| post_detailed(tx, day(0), None, command, said)).unwrap();
    let target = ledger::command::ReversalTarget {
        fact,
        reversed: ledger::command::Reversed::No,
        returns: 0,
    };
    book(&shop, day(0), Command::Reverse { target: Box::new(target), reason: "错".into() });
    let reader = shop.reader().unwrap();
    let s1: StoreId = "S1".parse().unwrap();
    let bins = reader.bins(&s1, Some(&sku("phone"))).unwrap();
    assert_eq!(bins[&sku("phone")].standing(), Standing::default());
    assert_eq!(reader.pieces_at(&s1, &sku("phone")).unwrap(), []);
}
