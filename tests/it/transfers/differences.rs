//! Goods that do not arrive as they were sent: lost, ruined, sent back, mistaken.

use serde_json::Value;
use tests::daemon::Running;

use super::{Pair, at_stage, line, waits};

fn none() -> Value {
    Value::Array(Vec::new())
}

#[test]
fn what_is_lost_on_the_way_is_settled_once() {
    let dir = tempfile::tempdir().unwrap();
    let pair = Pair::new(dir.path());
    let id = &pair.shipped("cola:10");
    let target = &pair.target;
    target.ask(&["transfer", "receive", id, "cola:7"]);
    let settle = ["transfer", "settle", id, "--lost", "cola:2", "--damaged", "cola:1"];
    let settle = [&settle[..], &["--liable", "carrier", "--reason", "box missing"]].concat();
    let nobody = target.run(&settle[..settle.len() - 2]);
    assert_eq!(nobody.code, Some(2), "without a reason nothing is settled");
    let named = [&settle[..], &["--request", "d1", "--operator", "Lin"]].concat();
    let settled = target.ask(&named);
    assert_eq!((&settled["stage"], waits(&settled)), (&"settled".into(), vec![]));
    assert_eq!(
        (&line(&settled, "cola")["lost"], &line(&settled, "cola")["damaged"]),
        (&"2".into(), &"1".into())
    );
    assert_eq!(target.ask(&named)["repeated"], true);
    let mut other = named.clone();
    other[8] = "source";
    assert_eq!(target.run(&other).code, Some(1), "the request id means something else");
    assert_eq!(target.run(&settle).code, Some(1), "nothing is left to settle");
    let back = ["transfer", "settle", id, "--returned", "cola:1"];
    let back = [&back[..], &["--liable", "carrier", "--reason", "came back"]].concat();
    assert_eq!(target.run(&back).code, Some(1), "goods come back to the source alone");
    target.sync();

    let shown = at_stage(&pair.source, id, "settled");
    assert_eq!(shown["anomalies"], none());
    let steps = shown["steps"].as_array().unwrap();
    let names: Vec<_> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(names, ["request", "approve", "ship/1", "receive/1", "settle/1"]);
    let last = &steps[4];
    assert_eq!((&last["by"], &last["operator"]), (&"B02".into(), &"Lin".into()));
    assert_eq!((&last["liable"], &last["note"]), (&"carrier".into(), &"box missing".into()));
    assert_eq!(
        (&last["goods"][0]["value"], &last["goods"][0]["what"]),
        (&"5".into(), &"lost".into())
    );
    pair.assert_even();
}

#[test]
fn what_comes_back_is_on_the_source_s_shelf_again() {
    let dir = tempfile::tempdir().unwrap();
    let pair = Pair::new(dir.path());
    let id = &pair.shipped("cola:10");
    assert_eq!(pair.source.stock()["cola"], 14_000);
    let why = ["--liable", "destination", "--reason", "nobody was there"];
    let back = [&["transfer", "settle", id, "--returned", "cola:10"][..], &why].concat();
    let settled = pair.source.ask(&back);
    assert_eq!((&settled["stage"], waits(&settled)), (&"settled".into(), vec![]));
    assert_eq!(pair.source.stock()["cola"], 24_000);
    pair.source.sync();
    at_stage(&pair.target, id, "settled");
    assert_eq!(pair.target.run(&["transfer", "receive", id]).code, Some(1), "nothing is left");
    pair.assert_even();
}

#[test]
fn a_mistaken_item_is_taken_in_and_settled() {
    let dir = tempfile::tempdir().unwrap();
    let pair = Pair::new(dir.path());
    pair.source.ask(&["receive", "tea:5@4"]);
    let id = &pair.shipped("cola:10");
    let received = pair.target.ask(&["transfer", "receive", id, "cola:8", "tea:2"]);
    assert_eq!(waits(&received), [("receipt".to_owned(), "B02".to_owned())]);
    assert_eq!(received["anomalies"].as_array().unwrap().len(), 1, "{received}");
    assert_eq!(line(&received, "tea")["in_transit"], "-2");
    pair.target.sync();
    let why = ["--liable", "source", "--reason", "mixed up"];
    let settle = ["transfer", "settle", id, "--returned", "cola:2", "--surplus", "tea:2"];
    at_stage(&pair.source, id, "partly_received");
    let too_much = [&["transfer", "settle", id, "--surplus", "tea:3"][..], &why].concat();
    assert_eq!(pair.source.run(&too_much).code, Some(1), "only what arrived unasked is surplus");
    let settled = pair.source.ask(&[&settle[..], &why].concat());
    assert_eq!((&settled["stage"], waits(&settled)), (&"settled".into(), vec![]));
    assert_eq!(settled["anomalies"], none());
    assert_eq!((pair.source.stock()["cola"], pair.target.stock()["tea"]), (16_000, 2_000));
    pair.source.sync();
    at_stage(&pair.target, id, "settled");
    pair.assert_even();
}

#[test]
fn two_tills_book_one_receipt() {
    let dir = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(dir.path());
    let (first, second) = (pair.shipped("cola:6"), pair.shipped("cola:4"));
    pair.target.start();
    let receive = |id: &str, request: &str| {
        pair.target.spawn(&["transfer", "receive", id, "--request", request])
    };
    // The same request from two tills, and two requests for the same goods.
    let same = [receive(&first, "g1"), receive(&first, "g1")].map(Running::wait);
    let repeated = same.each_ref().map(|till| till.answer["repeated"].as_bool());
    assert!(matches!(repeated, [Some(a), Some(b)] if a != b), "{same:?}");
    let apart = [receive(&second, "g2"), receive(&second, "g3")].map(Running::wait);
    let mut codes = apart.each_ref().map(|till| till.code);
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(1)], "{apart:?}");
    assert_eq!(pair.target.stock()["cola"], 10_000);
    pair.target.stop();
    pair.assert_even();
}
