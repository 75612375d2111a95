//! Stock that others may count on, with the real programs: reserved by a transfer, seen at other
//! stores with its age, and suggested to whoever needs some.

use serde_json::Value;
use tests::daemon::{Hub, Store, until};

/// What a store knows of cola at others.
fn elsewhere(shop: &Store) -> Value {
    shop.ask(&["stock", "--everywhere", "cola"])
}

/// Meets the hub until the first other store is known to have so much cola.
fn await_elsewhere(shop: &Store, available: &str) -> Value {
    let mut seen = Value::Null;
    until(&format!("{} sees {available} elsewhere", shop.id()), || {
        shop.sync();
        seen = elsewhere(shop);
        seen["rows"][0]["available"] == available
    });
    seen
}

/// Reserved, available and on the way of cola in a list of stock, if it is there.
fn of_cola(rows: &Value) -> [Value; 3] {
    let rows = rows.as_array().expect("a list of stock");
    let row = rows.iter().find(|row| row["sku"] == "cola").unwrap_or(&Value::Null);
    ["reserved", "available", "incoming"].map(|field| row[field].clone())
}

fn at_store(shop: &Store) -> [Value; 3] {
    of_cola(&shop.ask(&["stock", "cola"])["items"])
}

fn at_hub(hub: &Hub, store: &str) -> [Value; 3] {
    of_cola(&hub.ask(&["stock", "--store", store])["rows"])
}

#[test]
fn a_store_sees_what_others_have_and_who_could_give_some() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let (near, far) = (hub.enrol("A01"), hub.enrol("B02"));
    assert_eq!(elsewhere(&far)["rows"], Value::Array(vec![]), "nothing was told yet");

    near.ask(&["receive", "cola:24@2.50"]);
    near.sync();
    let first = await_elsewhere(&far, "24");
    assert_eq!(first["rows"].as_array().map(Vec::len), Some(1), "its own stock is not elsewhere");
    assert_eq!(first["rows"][0]["store"], "A01");
    near.sell("cola:4@3");
    near.sync();
    let second = await_elsewhere(&far, "20");
    let as_of = |seen: &Value| seen["rows"][0]["as_of"].as_str().map(str::to_owned).unwrap();
    assert!(as_of(&second) > as_of(&first), "{second} is newer than {first}");

    let set = ["catalog", "set", "cola", "name_zh=可乐", "price=3", "min_stock=19"];
    assert_eq!(hub.ask(&set)["product"]["min_stock"], "19");
    far.sync();
    let there = hub.ask(&["transfer", "suggest", "cola:10", "--min", "5", "--to", "B02"]);
    hub.stop();

    // Nobody is reached any more: what was told stays, and grows old.
    let seen = elsewhere(&far);
    assert_eq!((as_of(&seen), &seen["rows"][0]["available"]), (as_of(&second), &"20".into()));
    let now = |seen: &Value| seen["now"].as_str().map(str::to_owned).unwrap();
    assert!(now(&seen) > now(&second));
    let here = far.ask(&["transfer", "suggest", "cola:10", "--min", "5"]);
    assert_eq!(here["lines"], there["lines"], "the store and the hub suggest the same");
    let best = &here["lines"][0]["stores"][0];
    let fields = ["store", "gives", "spare", "available"].map(|field| best[field].clone());
    assert_eq!(fields, ["A01", "10", "15", "20"].map(Value::from));
    let kept = far.ask(&["transfer", "suggest", "cola:10", "tea"]);
    let [cola, tea] = [0, 1].map(|at| kept["lines"][at].clone());
    assert_eq!((&cola["minimum"], &cola["missing"]), (&"19".into(), &"9".into()));
    assert_eq!((&tea["stores"], &tea["missing"]), (&Value::Array(vec![]), &"1".into()));
    far.verify();
}

#[test]
fn an_approved_transfer_reserves_and_blocks_no_sale() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let (near, far) = (hub.enrol("A01"), hub.enrol("B02"));
    near.ask(&["receive", "cola:20@2.50"]);
    near.sync();
    let asked = far.ask(&["transfer", "request", "--from", "A01", "cola:15"]);
    let id = asked["transfer"].as_str().unwrap();
    far.sync();
    assert_eq!(at_hub(&hub, "A01"), ["0", "20", "0"], "nobody has agreed to it");
    hub.ask(&["transfer", "approve", id]);
    assert_eq!(at_hub(&hub, "A01"), ["15", "5", "0"]);
    until("the source knows", || {
        near.sync();
        at_store(&near) == ["15", "5", "0"]
    });
    await_elsewhere(&far, "5");

    near.sell("cola:2@3");
    near.sell("cola:4@3");
    assert_eq!(at_store(&near), ["15", "-1", "0"], "a till sells what is on the shelf");
    near.ask(&["transfer", "ship", id, "cola:10"]);
    assert_eq!(at_store(&near), ["5", "-1", "0"]);
    near.sync();
    assert_eq!(at_hub(&hub, "A01"), ["5", "-1", "0"]);
    until("the destination knows", || {
        far.sync();
        at_store(&far) == ["0", "0", "10"]
    });
    near.ask(&["receive", "cola:1@2.50"]);
    near.ask(&["transfer", "ship", id]);
    near.sync();
    assert_eq!(at_store(&near), ["0", "0", "0"]);
    assert_eq!(at_hub(&hub, "A01"), ["0", "0", "0"]);
    await_elsewhere(&far, "0");
    near.verify();
    far.verify();
    hub.verify();
    hub.stop();
}
