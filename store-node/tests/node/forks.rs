//! Facts that were set aside, and what a person decides on them.

use ledger::id::{Epoch, FactId};
use ledger::purchase::{Back, Basis, OrderLine, Ordered, Pile, ReturnKind, Step, Word, status};
use ledger::transfer::{self, Route, Wanted};
use store_node::{About, Arrival, Decided, Decision, FactRef, Fate, GoingBack, NotAdopted, When};
use sync_proto::replica::{Replica, TakeBack};
use sync_proto::{Collection, Writer};

use crate::rejoin::send_those;
use crate::shop::{Shop, sale};

fn fact(epoch: u32, seq: u64) -> FactId {
    FactId { epoch: Epoch::new(epoch).unwrap(), seq }
}

/// What the hub orders when it holds other facts in the place of all but the first.
fn restored(shop: &Shop) {
    let order =
        TakeBack { epoch: Epoch::FIRST, agreed: 1, set_aside_after: Some(1), above: Epoch::FIRST };
    // What is agreed on and what is set aside never share a change: a meeting has sealed it.
    shop.node.books().take_back(&order).unwrap();
}

#[test]
fn a_person_decides_what_becomes_of_facts_that_were_set_aside() {
    let shop = Shop::open();
    shop.receive(&["cola:10@2"]);
    shop.node.books().write(|tx| tx.seal_pending().map(drop)).unwrap();
    let named = |name: &str| About::named(name.parse().unwrap());
    let sold = shop.node.sell(named("r1"), sale(&["cola:3"], &[])).unwrap();
    shop.give_back(&sold, &["cola"]).unwrap();
    shop.sell(&["cola:5"], &[]).unwrap();
    restored(&shop);
    let on_hand = || {
        let position = |tx: &mut books::Tx<'_>| tx.position(&"cola".parse().unwrap());
        shop.node.books().write(position).unwrap().quantity.to_string()
    };
    assert_eq!(on_hand(), "10", "what was set aside no longer counts");
    let open: Vec<_> =
        shop.node.set_aside().unwrap().iter().map(|fact| (fact.kept.id, fact.fate)).collect();
    assert_eq!(open, [2, 3, 4].map(|seq| (fact(1, seq), Fate::Open)));

    let alone = shop.node.decide(&[fact(1, 3)], Decision::Adopt).unwrap();
    assert_eq!(alone, [Decided::NotAdopted(fact(1, 3), NotAdopted::Needs(fact(1, 2)))]);
    let discarded = shop.node.decide(&[fact(1, 4)], Decision::Discard).unwrap();
    assert_eq!(discarded, [Decided::Done(fact(1, 4), Fate::Discarded)]);
    let rest = shop.node.decide(&[], Decision::Adopt).unwrap();
    let adopted = |seq, now| Decided::Done(fact(1, seq), Fate::Adopted(now));
    assert_eq!(rest, [adopted(2, fact(2, 1)), adopted(3, fact(2, 2))]);
    assert_eq!(on_hand(), "8");
    assert_eq!(shop.node.decide(&[], Decision::Adopt).unwrap(), [], "all is decided");

    // The till that asked for the sale asks again: it is the adopted one.
    let again = shop.node.sell(named("r1"), sale(&["cola:3"], &[])).unwrap();
    assert_eq!((again.when, again.fact.id), (When::Before, fact(2, 1)));
    assert_eq!(again.fact.bill.as_str(), "S012-B-20261122-00001");
    let verified = shop.node.books().verify(|_| {}).unwrap();
    assert!(verified.is_whole(), "{:?}", verified.problems);
}

#[test]
fn a_sale_that_the_till_asked_for_again_is_not_adopted_twice() {
    let shop = Shop::open();
    shop.receive(&["cola:10@2"]);
    shop.node.books().write(|tx| tx.seal_pending().map(drop)).unwrap();
    let about = || About::named("r1".parse().unwrap());
    shop.node.sell(about(), sale(&["cola:3"], &[])).unwrap();
    restored(&shop);
    let again = shop.node.sell(about(), sale(&["cola:3"], &[])).unwrap();
    assert_eq!((again.when, again.fact.id), (When::Now, fact(2, 1)));
    let decided = shop.node.decide(&[], Decision::Adopt).unwrap();
    assert_eq!(decided, [Decided::Done(fact(1, 2), Fate::Adopted(fact(2, 1)))]);
    let facts = shop.node.books().reader().unwrap().store(shop.node.store()).unwrap().unwrap();
    assert_eq!(facts.facts, 2);
}

#[test]
fn an_order_tells_of_the_delivery_that_takes_the_place_of_one_that_was_set_aside() {
    let shop = Shop::open();
    shop.receive(&["tea:1@1"]);
    shop.node.books().write(|tx| tx.seal_pending().map(drop)).unwrap();
    let line = OrderLine {
        store: shop.node.store().clone(),
        sku: "cola".parse().unwrap(),
        quantity: "10".parse().unwrap(),
        price: "2".parse().unwrap(),
    };
    let supplier = "V7".parse().unwrap();
    let order = Ordered { supplier, lines: vec![line], expected: None, remark: None };
    let step = Step::Order { revision: std::num::NonZeroU32::MIN, order };
    let (id, _) = shop.node.begin_purchase(None, None, step).unwrap();
    shop.node.say_purchase(&id, None, Word::Approve { rule: None, remark: None }).unwrap();
    let all = Arrival { lines: vec![], note: None, basis: Basis::Estimated, freight: None };
    let (came, _) = shop.node.receive_purchase(About::default(), id.clone(), all).unwrap();
    let back = GoingBack {
        receipt: FactRef::Id(came.id),
        lines: vec![Back {
            sku: "cola".parse().unwrap(),
            quantity: "1".parse().unwrap(),
            from: Pile::Shelf,
        }],
        kind: ReturnKind::Refund,
        reason: "one too many".into(),
    };
    let (sent, _) = shop.node.send_back(About::default(), back).unwrap();
    restored(&shop);
    let alone = shop.node.decide(&[sent.id], Decision::Adopt).unwrap();
    assert_eq!(alone, [Decided::NotAdopted(sent.id, NotAdopted::Needs(came.id))]);
    let decided = shop.node.decide(&[], Decision::Adopt).unwrap();
    let adopted = |of, now| Decided::Done(of, Fate::Adopted(now));
    assert_eq!(decided, [adopted(came.id, fact(2, 1)), adopted(sent.id, fact(2, 2))]);
    let now = status(&shop.node.books().reader().unwrap().purchase(&id).unwrap());
    let line = now.lines.values().next().unwrap();
    let told = (line.accepted.quantity, line.returned.quantity, line.open);
    assert_eq!((told, now.anomalies), ((10_000, 1_000, 0), vec![]));
    let verified = shop.node.books().verify(|_| {}).unwrap();
    assert!(verified.is_whole(), "{:?}", verified.problems);
}

/// Books and orders; a store without a hub writes its catalog as the hub does.
fn is_shared(of: &Collection) -> bool {
    !matches!(of, Collection::Catalog)
}

#[test]
fn a_transfer_is_told_nothing_of_another_ones_goods() {
    let dir = tempfile::tempdir().unwrap();
    let shop = Shop::open();
    let config = books::Config { chain: shop.node.config().chain.clone(), me: Writer::Hub };
    let hub = books::Books::open(&dir.path().join("h.db"), config).unwrap();
    shop.receive(&["cola:10@2"]);
    let route = Route::new(shop.node.store().clone(), "S013".parse().unwrap()).unwrap();
    let line = Wanted { sku: "cola".parse().unwrap(), quantity: "4".parse().unwrap() };
    let ask = || {
        let asked = (route.clone(), vec![line.clone()]);
        shop.node.request_transfer(About::default(), asked.0, asked.1, None).unwrap().0
    };
    let [one, other] = [ask(), ask()];
    shop.node.books().write(|tx| tx.seal_pending().map(drop)).unwrap();
    send_those(shop.node.books(), &hub, is_shared);
    for id in [one.clone(), other.clone()] {
        let agreed = transfer::Step::Approve { lines: vec![], rule: None, remark: None };
        let at = ledger::time::Timestamp::from_millis(crate::shop::MORNING);
        hub.write(move |tx| tx.tell_transfer(&id, None, agreed, at)).unwrap();
    }
    send_those(&hub, shop.node.books(), is_shared);

    // Two machines of one store ship two transfers, under one name; head office hears of the second first.
    let (shop, clone) = shop.cloned(&dir.path().join("clone"));
    let (shipped, _) = shop.node.ship_transfer(About::default(), one.clone(), vec![]).unwrap();
    let (same, _) = clone.ship_transfer(About::default(), other.clone(), vec![]).unwrap();
    assert_eq!(shipped.id, same.id);
    clone.books().write(|tx| tx.seal_pending().map(drop)).unwrap();
    send_those(clone.books(), &hub, is_shared);
    restored(&shop);
    send_those(&hub, shop.node.books(), is_shared);
    let decided = shop.node.decide(&[], Decision::Discard).unwrap();
    assert_eq!(decided, [Decided::Done(shipped.id, Fate::Discarded)]);

    let reader = shop.node.books().reader().unwrap();
    let gone = |id| {
        let lines = transfer::status(&reader.transfer(id).unwrap()).lines;
        lines.values().map(|line| line.shipped.quantity).sum::<i128>()
    };
    assert_eq!((gone(&one), gone(&other)), (0, 4_000));
}
