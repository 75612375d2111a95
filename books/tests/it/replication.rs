//! Taking in changes: gaps, forks, and what a peer is sent.

use std::fs;

use books::read::StockFilter;
use books::{Books, PeerNote};
use ledger::id::{Epoch, FactId, StoreId};
use ledger::time::Timestamp;
use sync_proto::replica::{More, Outcome, Replica, Row};
use sync_proto::{Actor, Admission, Admitted, DocId, WireChange, Writer, day_book};

use super::shop::{
    Place, assert_in_step, assert_whole, book, chain, day, lacking, open, receive, seal, sell,
    send, store,
};

fn reason(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Quarantined(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_gap_waits_in_quarantine_until_it_closes() {
    let place = Place::new();
    let (shop, hub) = (place.open("s.db", store("S1")), place.open("h.db", Writer::Hub));
    for number in 0..4 {
        book(&shop, day(number / 2), receive("cola", 1, "2"));
        seal(&shop);
    }
    let changes = lacking(&shop, &hub);
    let late = hub.apply(shop.me(), changes[1..].to_vec()).unwrap();
    assert!(late.outcomes.iter().all(|outcome| reason(outcome).starts_with("gap: ")), "{late:?}");
    assert_eq!(late.head, None);
    assert_eq!(hub.reader().unwrap().quarantined().unwrap().len(), 3);
    assert_whole(&hub);

    let all = hub.apply(shop.me(), changes).unwrap();
    assert!(all.outcomes.iter().all(|outcome| *outcome == Outcome::Applied), "{all:?}");
    assert_eq!(all.head, shop.summary(&Writer::Hub).unwrap().head);
    assert_eq!(hub.reader().unwrap().quarantined().unwrap(), []);
    assert_in_step(&shop, &hub);
}

/// A shop, and a copy of its machine.
fn cloned(place: &Place) -> (Books, Books) {
    let shop = place.open("s.db", store("S1"));
    book(&shop, day(0), receive("cola", 10, "20"));
    seal(&shop);
    drop(shop);
    fs::copy(place.file("s.db"), place.file("clone.db")).unwrap();
    (place.open("s.db", store("S1")), place.open("clone.db", store("S1")))
}

#[test]
fn a_fork_freezes_its_epoch_and_nothing_else() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let (shop, clone) = cloned(&place);
    book(&shop, day(0), sell("cola", 1));
    book(&clone, day(0), sell("cola", 2));
    seal(&clone);
    book(&clone, day(0), sell("cola", 3));
    let branch = lacking(&clone, &hub);
    assert!(send(&shop, &hub).iter().all(|outcome| *outcome == Outcome::Applied));

    let refused = hub.apply(clone.me(), branch).unwrap().outcomes;
    assert_eq!(refused[0], Outcome::Duplicate);
    assert!(reason(&refused[1]).starts_with("fork: another change"), "{refused:?}");
    assert!(reason(&refused[2]).contains("frozen"), "{refused:?}");
    book(&shop, day(1), sell("cola", 1));
    let later = send(&shop, &hub);
    assert!(reason(&later[0]).contains("frozen"), "even the first branch waits for a person");

    let reader = hub.reader().unwrap();
    let status = reader.store(&StoreId::new("S1").unwrap()).unwrap().unwrap();
    assert!(status.epochs[0].frozen.as_deref().unwrap().starts_with("fork: "));
    assert_eq!((status.facts, status.epochs[0].seq), (2, 2));
    let kept = reader.quarantined().unwrap();
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|item| item.kept_bytes > 0 && item.times == 1), "{kept:?}");
    assert_whole(&hub);

    // The next epoch of the same store, and other stores, go on.
    shop.write(|tx| tx.open_epoch(None)).unwrap();
    book(&shop, day(1), sell("cola", 1));
    let outcomes = send(&shop, &hub);
    assert_eq!(outcomes.last(), Some(&Outcome::Applied), "{outcomes:?}");
    let other = place.open("o.db", store("S2"));
    book(&other, day(0), receive("cola", 1, "2"));
    assert_eq!(send(&other, &hub), [Outcome::Applied]);
}

/// A change of S1's first day with a handwritten fact, as a store with other software might send.
fn handmade(seq: u64, quantity: i64, before: Option<&Admitted>) -> Admitted {
    let store = StoreId::new("S1").unwrap();
    let doc = DocId::Book { store: store.clone(), date: day(0) };
    let id = FactId { epoch: Epoch::FIRST, seq };
    let text = format!(
        "{{\"v\":1,\"id\":\"{id}\",\"store\":\"S1\",\"date\":\"{}\",\"at\":0,\"bill\":\"B-{seq}\",\
         \"kind\":\"adjustment\",\"body\":{{\"reason\":\"x\"}},\
         \"moves\":[[\"count_gain\",\"on_hand\",\"cola\",{quantity},0]]}}",
        day(0)
    );
    let actor = Actor::derive(&chain(), &Writer::Store(store), Epoch::FIRST);
    let tail = before.map(Admitted::tail);
    let at = Timestamp::from_millis(0);
    let change = day_book::seal(&doc, actor, tail.as_ref(), &[(id, &text)], at).unwrap();
    let admission = Admission::new(chain(), Writer::Hub, self::store("S1"));
    admission.admit(WireChange { doc, bytes: change.bytes }).unwrap()
}

#[test]
fn a_balance_out_of_range_is_quarantined_whole() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let first = handmade(1, ledger::amount::MAX_QUANTITY, None);
    let second = handmade(2, 1, Some(&first));
    let third = handmade(3, 1, Some(&second));
    let peer = store("S1");
    let outcomes = hub.apply(&peer, vec![first, second, third]).unwrap().outcomes;
    assert_eq!(outcomes[0], Outcome::Applied);
    assert!(reason(&outcomes[1]).contains("would leave its range"), "{outcomes:?}");
    assert!(reason(&outcomes[2]).starts_with("gap: "), "{outcomes:?}");
    let stock = hub.reader().unwrap().stock(&StockFilter::default()).unwrap();
    assert_eq!(stock[0].stock.quantity.thousandths(), ledger::amount::MAX_QUANTITY);
    assert_whole(&hub);
}

#[test]
fn requests_and_bills_of_taken_back_facts_are_found_again() {
    let place = Place::new();
    let (shop, hub) = (place.open("s.db", store("S1")), place.open("h.db", Writer::Hub));
    let request = ledger::id::RequestId::new("r-1").unwrap();
    let asked = request.clone();
    let fact = shop
        .write(move |tx| super::shop::post_in(tx, day(0), Some(asked), receive("cola", 3, "9")))
        .unwrap();
    send(&shop, &hub);
    let anew = open(&place.file("new.db"), store("S1"));
    assert_eq!(send(&hub, &anew), [Outcome::Applied]);
    let reader = anew.reader().unwrap();
    assert_eq!(reader.request(&request).unwrap(), Some(fact.id));
    assert_eq!(reader.fact_by_bill(&fact.bill).unwrap().unwrap().fact, fact);
    assert_eq!(hub.reader().unwrap().request(&request).unwrap(), None, "not the hub's to answer");
    assert_eq!(anew.write(|tx| tx.next_fact_id()).unwrap().seq, 2);
    assert_whole(&anew);
}

#[test]
fn the_tail_is_what_is_new_and_the_peer_does_not_have() {
    let place = Place::new();
    let (shop, hub) = (place.open("s.db", store("S1")), place.open("h.db", Writer::Hub));
    for number in 0..5 {
        book(&shop, day(number), receive("cola", 1, "2"));
        seal(&shop);
    }
    let mut after = Row::START;
    let mut rows = Vec::new();
    loop {
        let batch = shop.tail(&Writer::Hub, after, 500).unwrap();
        assert_eq!(
            batch.changes.len(),
            1,
            "one at a time, since each is longer than half the bound"
        );
        rows.push(batch.last);
        after = batch.last;
        if batch.more == More::No {
            break;
        }
    }
    assert_eq!(rows, (1..=5).map(Row).collect::<Vec<_>>());
    send(&shop, &hub);
    let back = hub.tail(shop.me(), Row::START, 1_000_000).unwrap();
    assert_eq!(back.changes, [], "what came from the store does not go back to it");
    assert_eq!(shop.tail(&Writer::Hub, Row(5), 500).unwrap().changes, []);
    book(&shop, day(5), receive("cola", 1, "2"));
    let live = shop.tail(&Writer::Hub, Row(5), 500).unwrap();
    assert_eq!((live.changes.len(), live.last), (1, Row(6)), "pending facts are sealed first");
}

#[test]
fn what_a_peer_has_not_acknowledged_is_counted() {
    let place = Place::new();
    let (shop, hub) = (place.open("s.db", store("S1")), place.open("h.db", Writer::Hub));
    for number in 0..6 {
        book(&shop, day(number / 2), receive("cola", 1, "2"));
        if number != 5 {
            seal(&shop);
        }
    }
    let unsent = |books: &Books, peer: &Writer| {
        let unsent = books.reader().unwrap().unsent(peer).unwrap();
        (unsent.documents, unsent.changes, unsent.sealed_facts, unsent.pending_facts)
    };
    assert_eq!(unsent(&shop, &Writer::Hub), (3, 5, 5, 1));
    let note = PeerNote { acked_row: Some(Row(3)), ..PeerNote::default() };
    shop.write(move |tx| tx.note_peer(&Writer::Hub, &note)).unwrap();
    assert_eq!(unsent(&shop, &Writer::Hub), (2, 2, 2, 1));
    let seen = PeerNote { seen_at: Some(Timestamp::from_millis(7)), ..PeerNote::default() };
    shop.write(move |tx| tx.note_peer(&Writer::Hub, &seen)).unwrap();
    let peers = shop.reader().unwrap().peers().unwrap();
    assert_eq!((peers[0].seen_at, peers[0].acked_row), (seen.seen_at, note.acked_row));
    send(&shop, &hub);
    assert_eq!(unsent(&hub, shop.me()), (0, 0, 0, 0), "its own changes do not go back to it");
}

#[test]
fn links_are_known_at_every_fact() {
    let place = Place::new();
    let (shop, hub) = (place.open("s.db", store("S1")), place.open("h.db", Writer::Hub));
    for number in 0..9 {
        book(&shop, day(0), receive("cola", 1, "2"));
        if number % 3 == 1 {
            seal(&shop);
        }
    }
    let name = StoreId::new("S1").unwrap();
    let link = |books: &Books, seq| books.link_at(&name, Epoch::FIRST, seq).unwrap();
    let ours: Vec<_> = (0..=10).map(|seq| link(&shop, seq)).collect();
    assert!(ours[..10].iter().all(Option::is_some) && ours[10].is_none());
    send(&shop, &hub);
    let theirs: Vec<_> = (0..=10).map(|seq| link(&hub, seq)).collect();
    assert_eq!(ours, theirs);
    assert_eq!(hub.head_of(&name, Epoch::FIRST).unwrap().unwrap().link, ours[9].unwrap());
    assert_eq!(hub.head_of(&name, Epoch::FIRST.next()).unwrap(), None);
}
