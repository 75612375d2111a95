//! What is said before goods move: who may ask, how much is agreed to, and who stops it.

use super::{Pair, at_stage, line, waits};

#[test]
fn a_store_may_offer_goods_and_head_office_grants_less() {
    let dir = tempfile::tempdir().unwrap();
    let pair = Pair::new(dir.path());
    let both = ["transfer", "request", "--to", "B02", "--from", "C03", "cola:5"];
    assert_eq!(pair.source.run(&both).code, Some(2), "one way at a time");
    assert_eq!(pair.source.run(&["transfer", "request", "cola:5"]).code, Some(2), "which way?");
    let offer = ["transfer", "request", "--to", "B02", "cola:9", "--request", "o1"];
    let asked = pair.source.ask(&offer);
    let id = asked["transfer"].as_str().unwrap();
    assert_eq!((&asked["from"], &asked["to"]), (&"A01".into(), &"B02".into()));
    assert_eq!(waits(&asked), [("approval".to_owned(), "hub".to_owned())]);
    assert_eq!(pair.source.ask(&offer)["repeated"], true);
    pair.source.sync();
    let more = ["transfer", "approve", id, "cola:10"];
    assert_eq!(pair.hub.run(&more).code, Some(1), "more than was asked for");
    assert_eq!(pair.hub.run(&["transfer", "approve", id, "tea:1"]).code, Some(1), "nobody asked");
    let less = ["transfer", "approve", id, "cola:6", "--operator", "Wang"];
    let granted = pair.hub.ask(&less);
    assert_eq!(line(&granted, "cola")["approved"], "6");
    assert_eq!(waits(&granted), [("shipment".to_owned(), "A01".to_owned())]);
    assert_eq!(pair.hub.ask(&less)["repeated"], true);
    assert_eq!(pair.hub.run(&["transfer", "approve", id]).code, Some(1), "it is decided");
    at_stage(&pair.source, id, "approved");
    let shipped = pair.source.ask(&["transfer", "ship", id]);
    assert_eq!(line(&shipped, "cola")["in_transit"], "6");
    pair.source.sync();
    at_stage(&pair.target, id, "shipped");
    pair.target.ask(&["transfer", "receive", id]);
    pair.assert_even();
}

#[test]
fn head_office_asks_one_store_to_send_to_another() {
    let dir = tempfile::tempdir().unwrap();
    let pair = Pair::new(dir.path());
    let unknown = ["transfer", "request", "--from", "A01", "--to", "Z99", "cola:4"];
    assert_eq!(pair.hub.run(&unknown).code, Some(1), "there is no such store");
    let ask = ["transfer", "request", "--from", "A01", "--to", "B02", "cola:4", "--request", "h1"];
    let asked = pair.hub.ask(&ask);
    let id = asked["transfer"].as_str().unwrap();
    let again = pair.hub.ask(&ask);
    assert_eq!((&again["transfer"], &again["repeated"]), (&id.into(), &true.into()));
    let other = ["transfer", "request", "--from", "A01", "--to", "B02", "cola:5"];
    let other = [&other[..], &["--request", "h1"]].concat();
    assert_eq!(pair.hub.run(&other).code, Some(1), "the request id means something else");
    pair.hub.ask(&["transfer", "approve", id]);
    at_stage(&pair.source, id, "approved");
    pair.source.ask(&["transfer", "ship", id]);
    pair.source.sync();
    let shown = at_stage(&pair.target, id, "shipped");
    assert_eq!(shown["steps"][0]["by"], "hub");
    pair.target.ask(&["transfer", "receive", id]);
    pair.assert_even();
}

#[test]
fn any_party_stops_what_has_not_left() {
    let dir = tempfile::tempdir().unwrap();
    let pair = Pair::new(dir.path());
    let cancel = |id: &str| ["transfer", "cancel", id, "--reason", "not needed"].map(str::to_owned);
    let said = |id: &str| cancel(id);

    let id = pair.approved("cola:3");
    let args = said(&id);
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let stopped = pair.target.ask(&[&args[..], &["--request", "c1"]].concat());
    assert_eq!((&stopped["stage"], waits(&stopped)), (&"cancelled".into(), vec![]));
    let again = pair.target.ask(&[&args[..], &["--request", "c1"]].concat());
    assert_eq!(again["repeated"], true);
    let reason = ["transfer", "cancel", &id, "--reason", "other", "--request", "c1"];
    assert_eq!(pair.target.run(&reason).code, Some(1), "the request id means something else");
    pair.target.sync();
    at_stage(&pair.source, &id, "cancelled");
    assert_eq!(pair.source.run(&["transfer", "ship", &id]).code, Some(1), "it is cancelled");
    assert_eq!(pair.source.run(&args).code, Some(1), "nothing is left to stop");

    // A part has left: it arrives, and nobody waits for the rest.
    let id = pair.approved("cola:5");
    pair.source.ask(&["transfer", "ship", &id, "cola:2"]);
    let args = said(&id);
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let part = pair.source.ask(&args);
    assert_eq!((&part["stage"], &part["cancel_asked_by"]), (&"shipped".into(), &"A01".into()));
    assert_eq!(waits(&part), [("receipt".to_owned(), "B02".to_owned())]);
    pair.source.sync();
    at_stage(&pair.target, &id, "shipped");
    let over = pair.target.ask(&["transfer", "receive", &id]);
    assert_eq!((&over["stage"], waits(&over)), (&"received".into(), vec![]));
    assert_eq!(pair.target.run(&args).code, Some(1), "it is over");

    let id = pair.approved("cola:1");
    let args = said(&id);
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    assert_eq!(pair.hub.ask(&args)["stage"], "cancelled");
    assert_eq!(pair.hub.ask(&args)["repeated"], true);
    pair.assert_even();
}

#[test]
fn goods_that_left_win_over_a_cancellation() {
    let dir = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(dir.path());
    let id = pair.approved("cola:5");
    pair.hub.stop();
    // Neither hears of the other.
    let stopped = pair.target.ask(&["transfer", "cancel", &id, "--reason", "sold out anyway"]);
    assert_eq!(stopped["stage"], "cancelled");
    let shipped = pair.source.ask(&["transfer", "ship", &id, "cola:4"]);
    // The goods are at the door, and so is their manifest.
    let manifest = shipped["manifest"]["text"].as_str().unwrap();
    let received = pair.target.ask(&["transfer", "receive", "--manifest", manifest]);
    assert_eq!((&received["stage"], waits(&received)), (&"received".into(), vec![]));
    assert_eq!(received["cancel_asked_by"], "B02");
    pair.hub.start();
    pair.source.sync();
    pair.target.sync();
    let shown = at_stage(&pair.source, &id, "received");
    assert_eq!((&shown["cancel_asked_by"], waits(&shown)), (&"B02".into(), vec![]));
    assert_eq!(shown["anomalies"], serde_json::json!([]));
    pair.assert_even();
}
