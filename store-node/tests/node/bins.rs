//! Bins and single pieces at one store.

use ledger::catalog::{Field, Product};
use store_node::ask::bins::ShowBins;
use store_node::ask::catalog::{PutProducts, Sheet};
use store_node::ask::count::{AddCount, PostCount, ShowCount, StartCount};
use store_node::ask::serials::{ListSerials, ShowSerial};
use store_node::door::Door;
use store_node::request::{BinLine, HomeBins, MoveBins, Request, Task};
use store_node::{About, Booked, Notice};

use crate::shop::{Shop, refusal, sale};

fn book(shop: &Shop, about: About, task: impl Into<Task>) -> Booked {
    shop.node.book(Request { about, task: task.into() }).unwrap()
}

fn in_bin(bin: &str) -> About {
    About { bin: bin.parse().ok(), ..About::default() }
}

fn pieces(serials: &[&str]) -> About {
    let serials = serials.iter().map(|serial| serial.parse().unwrap()).collect();
    About { serials, ..About::default() }
}

fn moved(quantity: &str, from: Option<&str>, to: Option<&str>) -> MoveBins {
    let (item, quantity) = ("cola".to_owned(), quantity.parse().unwrap());
    let (from, to) = (from.map(|bin| bin.parse().unwrap()), to.map(|bin| bin.parse().unwrap()));
    MoveBins { lines: vec![BinLine { item, quantity, lot: None, from, to }] }
}

fn home(bin: Option<&str>) -> HomeBins {
    HomeBins { items: vec!["cola".to_owned()], bin: bin.map(|bin| bin.parse().unwrap()) }
}

fn receive(lines: &[&str]) -> store_node::Receive {
    let lines = lines.iter().map(|line| line.parse().unwrap()).collect();
    store_node::Receive { lines, supplier: None }
}

/// What lies where, as `BIN QUANTITY`.
fn bins(shop: &Shop) -> Vec<String> {
    let view = shop.node.ask(ShowBins::default()).unwrap();
    let row = |row: &console::bins::BinRow| {
        let bin = row.bin.as_ref().map_or("-", |bin| bin.as_str());
        format!("{bin} {}", row.quantity)
    };
    view.rows.iter().map(row).collect()
}

#[test]
fn goods_lie_where_they_were_put_and_leave_their_home_bin() {
    let shop = Shop::open();
    book(&shop, About::default(), receive(&["cola:10@2"]));
    book(&shop, in_bin("后仓"), receive(&["cola:24@2"]));
    assert_eq!(bins(&shop), ["后仓 24", "- 10"]);
    book(&shop, About::default(), home(Some("A-01")));
    assert_eq!(bins(&shop), ["A-01 10", "后仓 24"]);
    shop.sell(&["cola:12"], &[]).unwrap();
    assert_eq!(bins(&shop), ["A-01 -2", "后仓 24"], "the shelf was filled up, and nobody said so");
    assert_eq!(book(&shop, About::default(), moved("12", Some("后仓"), Some("A-01"))).notices, []);
    assert_eq!(bins(&shop), ["A-01 10", "后仓 12"]);
    let too_much = book(&shop, About::default(), moved("20", Some("后仓"), None));
    assert!(matches!(too_much.notices[..], [Notice::BinOverdrawn { .. }]), "{too_much:?}");
    assert_eq!(bins(&shop), ["A-01 30", "后仓 -8"]);
    // Another home: goods stay where they are.
    book(&shop, About::default(), home(Some("B-07")));
    assert_eq!(bins(&shop), ["A-01 30", "后仓 -8"]);
    shop.sell(&["cola:1"], &[]).unwrap();
    assert_eq!(bins(&shop), ["A-01 30", "B-07 -1", "后仓 -8"]);
    let nowhere = shop.node.book(Request {
        about: About::default(),
        task: moved("1", Some("A-01"), Some("A-01")).into(),
    });
    assert!(refusal(nowhere).contains("where it lies"));
    shop.node.books().rebuild(|_| {}).unwrap();
    assert!(shop.node.books().verify(|_| {}).unwrap().is_whole());
    assert_eq!(bins(&shop), ["A-01 30", "B-07 -1", "后仓 -8"]);
}

#[test]
fn a_request_that_comes_again_moves_nothing_twice() {
    let shop = Shop::open();
    book(&shop, About::default(), receive(&["cola:10@2"]));
    let named = || About::named("m1".parse().unwrap());
    let first = book(&shop, named(), moved("4", None, Some("A-01")));
    let again = book(&shop, named(), moved("4", None, Some("A-01")));
    assert_eq!(again.fact.id, first.fact.id);
    let task = moved("5", None, Some("A-01")).into();
    assert!(refusal(shop.node.book(Request { about: named(), task })).contains("something else"));
    assert_eq!(bins(&shop), ["A-01 4", "- 6"]);
}

#[test]
fn a_bin_is_counted_by_what_the_books_say_lies_there() {
    let shop = Shop::open();
    book(&shop, in_bin("后仓"), receive(&["cola:24@2"]));
    book(&shop, About::default(), home(Some("A-01")));
    book(&shop, About::default(), receive(&["cola:10@2"]));
    let count = |bin: &str, line: &str| {
        shop.node.ask(StartCount { bin: bin.parse().ok(), ..StartCount::default() }).unwrap();
        let lines = vec![line.parse().unwrap()];
        shop.node.ask(AddCount { lines, ..AddCount::default() }).unwrap();
        // The till goes on.
        shop.sell(&["cola:1"], &[]).unwrap();
        let shown = shop.node.ask(ShowCount::default()).unwrap();
        assert_eq!(shown.items.len(), 1);
        shop.node
            .ask(store_node::ask::count::ExplainCount {
                reasons: vec!["cola=shrinkage".parse().unwrap()],
            })
            .unwrap();
        shop.node.ask(PostCount::default()).unwrap()
    };
    count("后仓", "cola:22");
    assert_eq!(bins(&shop), ["A-01 9", "后仓 22"]);
    count("A-01", "cola:12");
    assert_eq!(bins(&shop), ["A-01 11", "后仓 22"]);
    let elsewhere = "A-01".parse().ok();
    shop.node.ask(StartCount { bin: "后仓".parse().ok(), ..StartCount::default() }).unwrap();
    let lines = vec!["cola:1".parse().unwrap()];
    let refused = shop.node.ask(AddCount { lines, place: elsewhere, ..AddCount::default() });
    assert!(refused.unwrap_err().to_string().contains("alone"));
}

fn phones() -> Shop {
    let shop = Shop::open();
    let mut phone = Product::named_after("phone".parse().unwrap());
    phone.set(Field::Price, "999").unwrap();
    phone.set(Field::Barcode, "6901234567809").unwrap();
    phone.set(Field::Tracking, "serial").unwrap();
    shop.node.ask(PutProducts { products: vec![Sheet::from(&phone)] }).unwrap();
    shop
}

#[test]
fn a_piece_is_followed_and_what_cannot_be_is_told() {
    let shop = phones();
    let mut line: store_node::InboundLine = "(01)06901234567809(21)A17".parse().unwrap();
    line.cost = store_node::request::Cost::PerUnit("700".parse().unwrap());
    let delivery = store_node::Receive { lines: vec![line], supplier: None };
    assert_eq!(book(&shop, About::default(), delivery).notices, []);
    let more = book(&shop, pieces(&["A18"]), receive(&["phone:2@700"]));
    assert!(matches!(more.notices[..], [Notice::PiecesUnnamed { named: 1, .. }]), "{more:?}");
    let here = || shop.node.ask(ListSerials { item: "phone".to_owned() }).unwrap();
    assert_eq!(here().len(), 2);

    let sold = shop.sell(&["(01)06901234567809(21)A17"], &[]).unwrap();
    assert_eq!(sold.notices, []);
    assert_eq!(here().len(), 1);
    let again = shop.sell(&["(01)06901234567809(21)A17"], &[]).unwrap();
    let [Notice::Piece { doubt, .. }] = &again.notices[..] else { panic!("{again:?}") };
    assert!(matches!(doubt, console::serials::PieceDoubt::SoldTwice { .. }), "{doubt:?}");
    let never = shop.node.sell(pieces(&["A99"]), sale(&["phone"], &[])).unwrap();
    assert!(matches!(never.notices[..], [Notice::Piece { .. }]), "{never:?}");

    let serial = "A17".parse().unwrap();
    let shown = shop.node.ask(ShowSerial { serial, item: None }).unwrap();
    assert_eq!((shown.len(), shown[0].story.len(), shown[0].doubts.len()), (1, 3, 1));
    assert_eq!(shown[0].place.as_deref(), Some("sold"));
    assert!(shop.node.books().verify(|_| {}).unwrap().is_whole());
}

#[test]
fn pieces_belong_to_the_request_and_to_a_product_of_it() {
    let shop = phones();
    book(&shop, pieces(&["A17"]), receive(&["phone:1@700"]));
    let about = |serial: &str| About { request: "s1".parse().ok(), ..pieces(&[serial]) };
    let sell = |serial: &str| shop.node.sell(about(serial), sale(&["phone"], &[]));
    let first = sell("A17").unwrap();
    assert_eq!(sell("A17").unwrap().fact.id, first.fact.id);
    assert!(refusal(sell("A18")).contains("something else"));
    let undo = || {
        let (fact, reason) = (first.fact.bill.to_string().parse().unwrap(), "错".to_owned());
        let about = About::named("r1".parse().unwrap());
        book(&shop, about, store_node::request::Reverse { fact, reason })
    };
    assert_eq!(undo().fact.id, undo().fact.id);
    let two = shop.node.sell(pieces(&["A18"]), sale(&["phone", "cola"], &[]));
    assert!(refusal(two).contains("several products"));
    let named = shop.node.sell(pieces(&["phone=A18"]), sale(&["phone", "cola"], &[])).unwrap();
    assert_eq!(named.fact.detail.serials.len(), 1);
    let other = shop.node.sell(pieces(&["phone=A18"]), sale(&["cola"], &[]));
    assert!(refusal(other).contains("nothing of that moves"));
}
