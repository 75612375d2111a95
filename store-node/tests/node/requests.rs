//! Asking twice: one request is one fact, and a name stands for one request.

use ledger::alert::AlertKind;
use ledger::id::{Operator, RequestId};
use store_node::request::{Acknowledge, Assemble, Disassemble};
use store_node::{
    About, Adjust, GiveBack, InboundLine, NodeError, Opening, Receive, Refused, Request, Reverse,
    Scrap, Task, When,
};

use crate::shop::{Shop, sale};

fn named(name: &str) -> About {
    About::named(RequestId::new(name).unwrap())
}

#[test]
fn every_kind_of_request_is_booked_once() {
    let shop = Shop::open();
    let lines = || vec!["cola:10@2".parse().unwrap(), "apple:5=40".parse().unwrap()];
    let counts = |text: &str| vec![text.parse().unwrap()];
    let reason = || "stocktake".to_owned();
    let sold = || "S012-A-20261122-00003".parse().unwrap();
    let give_back = |lines: &[&str]| GiveBack {
        source: Some(sold()),
        lines: lines.iter().map(|line| line.parse().unwrap()).collect(),
        payments: vec!["mobile".parse().unwrap()],
        ..GiveBack::default()
    };
    let expiry = "2027-03-31".parse().ok();
    let dated = InboundLine { expiry, .."cola:6@3".parse().unwrap() };
    let no_receipt = GiveBack { source: None, ..give_back(&["cola", "apple:0.5@10"]) };
    let tasks: Vec<Task> = vec![
        Opening { lines: lines() }.into(),
        Receive { lines: lines(), supplier: Some("东方批发".to_owned()) }.into(),
        sale(&["6901234567892x3", "apple:1.5-0.20"], &["cash:10", "card"]).into(),
        give_back(&["cola", "apple:0.3"]).into(),
        give_back(&[]).into(),
        no_receipt.into(),
        Adjust { lines: counts("cola:-1"), reason: reason() }.into(),
        Adjust { lines: counts("apple:0.25"), reason: reason() }.into(),
        Scrap { lines: counts("apple:0.4"), reason: reason() }.into(),
        // More than there is, so that the next delivery books a correction of cost beside it.
        sale(&["cola:100"], &[]).into(),
        Acknowledge {
            alert: AlertKind::Negative,
            item: "6901234567892".to_owned(),
            lot: None,
            until: None,
            remark: "count it".to_owned(),
        }
        .into(),
        Receive { lines: vec!["cola:200@3".parse().unwrap()], supplier: None }.into(),
        Reverse { fact: "1-7".parse().unwrap(), reason: reason() }.into(),
        Receive { lines: vec![dated], supplier: None }.into(),
        Assemble {
            product: "tape:2".parse().unwrap(),
            parts: vec!["cola:4".parse().unwrap(), "apple:1".parse().unwrap()],
            labour: "0.50".parse().unwrap(),
        }
        .into(),
        Disassemble { product: "tape:1".parse().unwrap(), parts: counts("cola:2") }.into(),
    ];
    let request = |(place, task): (usize, &Task)| {
        let about = named(&format!("r{place}")).by(Operator::new("李雷").unwrap());
        Request { about, task: task.clone() }
    };
    let requests: Vec<Request> = tasks.iter().enumerate().map(request).collect();
    let book = |request: &Request| {
        shop.node.look_for_alerts().unwrap();
        shop.node.book(request.clone()).unwrap()
    };
    let first: Vec<_> = requests.iter().map(book).collect();
    assert!(first.iter().all(|booked| booked.when == When::Now));

    let shop = shop.reopened();
    for (request, before) in requests.iter().zip(&first) {
        let again = shop.node.book(request.clone()).unwrap();
        assert_eq!((again.when, &again.fact), (When::Before, &before.fact));
    }
    let all = shop.node.book_all(requests.clone()).unwrap();
    assert!(all.iter().all(|result| result.as_ref().unwrap().when == When::Before));

    // Under each name, every other request is something else. ("All that is left" fits any return
    // of its sale: what was left then is not known any more.)
    let all_left = Task::from(give_back(&[]));
    for (place, request) in requests.iter().enumerate() {
        for other in tasks.iter().filter(|task| **task != request.task && **task != all_left) {
            let swapped = Request { about: request.about.clone(), task: other.clone() };
            let refused = shop.node.book(swapped).unwrap_err();
            let reused = matches!(&refused, NodeError::Refused(Refused::RequestReused { fact, .. })
                if *fact == first[place].fact.id);
            assert!(reused, "{other:?} under r{place}: {refused}");
        }
    }
    let held = shop.node.books().reader().unwrap().store(shop.node.store()).unwrap().unwrap();
    assert_eq!(held.facts, tasks.len() as u64);
}

#[test]
fn a_request_is_something_else_if_any_part_of_it_is() {
    let shop = Shop::open();
    let lines = ["cola:2", "apple:1.5@10-0.20"];
    let about = || named("till-1:7").by(Operator::new("李雷").unwrap());
    shop.node.sell(about(), sale(&lines, &["cash:50"])).unwrap();
    let others = [
        (about(), sale(&["cola:3", "apple:1.5@10-0.20"], &["cash:50"])),
        (about(), sale(&["apple:1.5@10-0.20", "cola:2"], &["cash:50"])),
        (about(), sale(&["cola:2", "apple:1.5@10-0.30"], &["cash:50"])),
        (about(), sale(&["cola:2@3", "apple:1.5@10-0.20"], &["cash:50"])),
        (about(), sale(&["cola:2"], &["cash:50"])),
        (about(), sale(&lines, &["cash:60"])),
        (about(), sale(&lines, &["card"])),
        (about(), sale(&lines, &[])),
        (named("till-1:7"), sale(&lines, &["cash:50"])),
        (about().on("2026-11-21".parse().unwrap()), sale(&lines, &["cash:50"])),
    ];
    for (about, other) in others {
        let refused = shop.node.sell(about, other.clone()).unwrap_err();
        let reused = matches!(refused, NodeError::Refused(Refused::RequestReused { .. }));
        assert!(reused, "{other:?}: {refused}");
    }
    // Spelled otherwise, it is the same request.
    let same = [
        (about(), sale(&["6901234567892x2", "apple:1.5@10-0.20"], &["cash:50"])),
        (about().on("2026-11-22".parse().unwrap()), sale(&lines, &["cash:50"])),
    ];
    for (about, same) in same {
        assert_eq!(shop.node.sell(about, same).unwrap().when, When::Before);
    }
}

#[test]
fn one_bad_request_of_many_leaves_the_others_alone() {
    let shop = Shop::open();
    let requests = ["cola", "nothing", "apple:0.5"]
        .map(|line| Request { about: named(line), task: sale(&[line], &[]).into() });
    let results = shop.node.book_all(requests.to_vec()).unwrap();
    let booked: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(booked, [true, false, true]);
    let seqs: Vec<u64> = results.iter().flatten().map(|booked| booked.fact.id.seq).collect();
    assert_eq!(seqs, [1, 2], "no number is lost");
}
