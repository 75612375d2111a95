//! A new machine that begins with what head office holds of the store, before the history is here.

use console::{Lang, Tell};
use store_node::{About, Config, GiveBack, Node, NodeError, When};
use sync_proto::replica::{More, Replica, Row, Span, Wanted};
use sync_proto::{Admission, Collection, WireChange, Writer};

use crate::shop::{Shop, sale};

/// Brings one replica the day books that it lacks of another.
fn send(from: &books::Books, to: &books::Books) {
    send_those(from, to, |of| matches!(of, Collection::Books { .. }));
}

/// Brings one replica what it lacks of some of another's collections.
pub(crate) fn send_those(
    from: &books::Books,
    to: &books::Books,
    which: impl Fn(&Collection) -> bool,
) {
    let overview = from.collections(to.me()).unwrap();
    let collections = overview.digests.into_keys().filter(which).collect();
    let theirs = to.tips(from.me(), &collections).unwrap().into();
    let wanted = Wanted { collections, theirs };
    let span = Span { after: Row::START, until: overview.row };
    let batch = from.missing(to.me(), &wanted, span, usize::MAX).unwrap();
    assert_eq!(batch.more, More::No);
    let admission = Admission::new(to.chain().clone(), to.me().clone(), from.me().clone());
    let admit = |change: sync_proto::replica::Outgoing| {
        admission.admit(WireChange { doc: change.doc, bytes: change.bytes }).unwrap()
    };
    to.apply(from.me(), batch.changes.into_iter().map(admit).collect()).unwrap();
}

#[test]
fn a_request_that_a_lost_machine_answered_is_answered_once_the_fact_is_here_and_never_booked_twice()
{
    let lost = Shop::open();
    lost.receive(&["cola:10@2"]);
    let named = || About::named("till-7".parse().unwrap());
    let sold = lost.node.sell(named(), sale(&["cola:3"], &[])).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let whose = |me| books::Config { chain: lost.node.config().chain.clone(), me };
    let hub = books::Books::open(&dir.path().join("h.db"), whose(Writer::Hub)).unwrap();
    lost.node.books().write(|tx| tx.seal_pending().map(drop)).unwrap();
    send(lost.node.books(), &hub);

    let config = Config { zone: None, ..Config::standalone(lost.node.store().clone()) };
    let new = Node::init(dir.path().join("new"), &config).unwrap();
    let me = Writer::Store(new.store().clone());
    let told = hub.carry_over(&me).unwrap().unwrap();
    new.books().take_over(&told).unwrap();

    let on_hand = || {
        let position = |tx: &mut books::Tx<'_>| tx.position(&"cola".parse().unwrap());
        new.books().write(position).unwrap().quantity.to_string()
    };
    assert_eq!(on_hand(), "7");
    new.sell(About::default(), sale(&["cola@3.50"], &[])).unwrap();
    assert_eq!(on_hand(), "6");
    let early = new.sell(named(), sale(&["cola:3"], &[])).unwrap_err();
    assert!(matches!(
        &early,
        NodeError::Books {
            source: books::BooksError::NotHere { why: books::NotHere::Awaited, .. }
        }
    ));
    for (lang, word) in [(Lang::En, "still to come"), (Lang::Zh, "尚未")] {
        let told = early.tell(lang);
        assert!(told.message.contains(word) && told.hint.is_some(), "{told:?}");
    }
    let source = Some(store_node::FactRef::Bill(sold.fact.bill.clone()));
    let give_back = GiveBack { source, ..GiveBack::default() };
    assert!(new.give_back(About::default(), give_back.clone()).is_err());
    assert_eq!(on_hand(), "6", "nothing was booked");

    send(&hub, new.books());
    let again = new.sell(named(), sale(&["cola:3"], &[])).unwrap();
    assert_eq!((again.when, again.fact.id), (When::Before, sold.fact.id));
    new.give_back(About::default(), give_back).unwrap();
    assert_eq!(on_hand(), "9");
    let verified = new.books().verify(|_| {}).unwrap();
    assert!(verified.is_whole(), "{:?}", verified.problems);
}
