//! Goods that leave in several shipments, and lists of transfers.

use super::*;

fn numbers(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list of transfers").iter();
    list.map(|view| view["transfer"].as_str().expect("a number")).collect()
}

fn steps(shown: &Value) -> Vec<&str> {
    let steps = shown["steps"].as_array().expect("steps").iter();
    steps.map(|step| step["step"].as_str().expect("a step")).collect()
}

#[test]
fn a_receipt_is_of_the_oldest_shipment_on_the_way_or_of_the_one_that_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let pair = Pair::new(dir.path());
    let id = &pair.approved("cola:12");
    for cola in ["cola:3", "cola:4", "cola:5"] {
        pair.source.ask(&["transfer", "ship", id, cola]);
    }
    pair.source.sync();
    until("the third shipment is known", || {
        pair.target.sync();
        steps(&pair.target.run(&["transfer", "show", id]).answer).contains(&"ship/3")
    });
    assert_eq!(pair.target.run(&["transfer", "receive", id, "--shipment", "4"]).code, Some(1));
    // The second van is here first.
    let receive = ["transfer", "receive", id, "--shipment", "2", "--request", "van"];
    let received = pair.target.ask(&receive);
    assert_eq!(steps(&received).last(), Some(&"receive/2"));
    assert_eq!(pair.target.stock()["cola"], 4_000);
    assert_eq!(pair.target.ask(&receive)["repeated"], true);
    let other = ["transfer", "receive", id, "--shipment", "3", "--request", "van"];
    assert_eq!(pair.target.run(&other).code, Some(1), "the same request for another shipment");
    // Then part of the first, what is left of it, and the third.
    for (lines, step, cola) in [
        (&["cola:1"][..], "receive/1", 5_000),
        (&[], "receive/1/2", 7_000),
        (&[], "receive/3", 12_000),
    ] {
        let received = pair.target.ask(&[&["transfer", "receive", id][..], lines].concat());
        assert_eq!(steps(&received).last(), Some(&step), "{received}");
        assert_eq!(pair.target.stock()["cola"], cola);
    }
    assert_eq!(pair.target.run(&["transfer", "receive", id]).code, Some(1), "nothing is left");
    pair.target.sync();
    at_stage(&pair.source, id, "received");
    pair.assert_even();
}

#[test]
fn lists_show_what_is_open_and_what_concerns_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let pair = Pair::new(dir.path());
    let (over, open) = (&pair.shipped("cola:6"), &pair.shipped("cola:4"));
    pair.target.ask(&["transfer", "receive", over]);
    pair.target.sync();
    for (all, only) in [
        (pair.target.ask(&["transfer", "list"]), pair.target.ask(&["transfer", "list", "--open"])),
        (pair.hub.ask(&["transfer", "list"]), pair.hub.ask(&["transfer", "list", "--open"])),
    ] {
        assert_eq!(numbers(&all).len(), 2);
        assert_eq!(numbers(&only), [open]);
    }
    let listed =
        |args: &[&str]| numbers(&pair.hub.ask(&[&["transfer", "list"][..], args].concat())).len();
    assert_eq!((listed(&["--store", "A01"]), listed(&["--store", "C03"])), (2, 0));
    assert_eq!((listed(&["--since", "2020-01-01"]), listed(&["--since", "2099-01-01"])), (2, 0));
    pair.target.ask(&["transfer", "receive", open]);
    pair.target.sync();
    assert_eq!(listed(&["--open"]), 0);
    pair.assert_even();
}
