//! Transfers with the real programs: asked for at one store, agreed to at head office, shipped at
//! another, received, settled.

mod differences;
mod manifests;
mod rules;
mod shipments;
mod words;

use std::path::Path;

use serde_json::Value;
use tests::daemon::{Hub, Store, until};

/// A hub and two stores; the first has 24 of cola at 2.50.
struct Pair {
    hub: Hub,
    source: Store,
    target: Store,
}

impl Pair {
    fn new(dir: &Path) -> Self {
        let hub = Hub::start_new(&dir.join("hub"));
        let (source, target) = (hub.enrol("A01"), hub.enrol("B02"));
        source.ask(&["receive", "cola:24@2.50"]);
        Self { hub, source, target }
    }

    /// A transfer of so much from the first to the second, agreed to, as both know.
    fn approved(&self, line: &str) -> String {
        let asked = self.target.ask(&["transfer", "request", "--from", "A01", line]);
        let id = asked["transfer"].as_str().unwrap().to_owned();
        self.target.sync();
        self.hub.ask(&["transfer", "approve", &id]);
        at_stage(&self.source, &id, "approved");
        at_stage(&self.target, &id, "approved");
        id
    }

    /// The same, shipped, as both know.
    fn shipped(&self, line: &str) -> String {
        let id = self.approved(line);
        self.source.ask(&["transfer", "ship", &id]);
        self.source.sync();
        at_stage(&self.target, &id, "shipped");
        id
    }

    /// Every replica agrees, and head office's checks find nothing.
    fn assert_even(mut self) {
        for store in [&self.source, &self.target] {
            store.sync();
        }
        for store in [&self.source, &self.target] {
            store.sync();
            store.verify();
            assert_eq!(self.hub.stock(store.id()), store.stock(), "{}", store.id());
        }
        self.hub.verify();
        let report = self.hub.ask(&["check", "run"]);
        assert_eq!(report["findings"], Value::Array(Vec::new()), "{report}");
        self.hub.stop();
    }
}

/// Syncs both ways until a store shows the transfer at this stage.
fn at_stage(shop: &Store, id: &str, stage: &str) -> Value {
    let mut shown = Value::Null;
    until(&format!("{} sees {id} {stage}", shop.id()), || {
        shop.sync();
        let ran = shop.run(&["transfer", "show", id]);
        shown = ran.answer;
        shown["stage"] == stage
    });
    shown
}

/// The line of a SKU.
fn line<'a>(shown: &'a Value, sku: &str) -> &'a Value {
    let lines = shown["lines"].as_array().expect("a transfer has lines");
    lines.iter().find(|line| line["sku"] == sku).unwrap_or(&Value::Null)
}

/// What it waits for, as names.
fn waits(shown: &Value) -> Vec<(String, String)> {
    let waits = shown["waits_for"].as_array().expect("a transfer says what it waits for");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    waits.iter().map(|wait| (text(&wait["kind"]), text(&wait["who"]))).collect()
}

#[test]
fn goods_go_from_store_to_store() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let (source, target) = (hub.enrol("A01"), hub.enrol("B02"));
    source.ask(&["receive", "cola:24@2.50"]);

    let ask = ["transfer", "request", "--from", "A01", "cola:10", "--request", "r1"];
    let asked = target.ask(&ask);
    let id = asked["transfer"].as_str().unwrap();
    assert_eq!((&asked["stage"], &asked["repeated"]), (&"requested".into(), &false.into()));
    let again = target.ask(&ask);
    assert_eq!((&again["transfer"], &again["repeated"]), (&id.into(), &true.into()));
    let other = ["transfer", "request", "--from", "A01", "cola:11", "--request", "r1"];
    assert_eq!(target.run(&other).code, Some(1), "the request id means something else");
    target.sync();

    assert_eq!(hub.ask(&["transfer", "list"])[0]["transfer"], id);
    at_stage(&source, id, "requested");
    assert_eq!(source.run(&["transfer", "ship", id]).code, Some(1), "nobody has agreed to it");
    assert_eq!(hub.ask(&["transfer", "approve", id])["stage"], "approved");
    assert_eq!(hub.ask(&["transfer", "approve", id])["repeated"], true);
    let no = hub.run(&["transfer", "reject", id, "--reason", "late"]);
    assert_eq!(no.code, Some(1), "it is decided");
    assert_eq!(hub.run(&["transfer", "approve", "T-0"]).code, Some(1), "there is none");
    at_stage(&source, id, "approved");

    let ship = ["transfer", "ship", id, "cola:8", "--request", "s1"];
    let shipped = source.ask(&ship);
    assert_eq!(shipped["lines"][0]["in_transit"], "8");
    assert_eq!(source.ask(&ship)["repeated"], true);
    assert_eq!(source.stock()["cola"], 16_000);
    assert_eq!(target.run(&["transfer", "ship", id]).code, Some(1), "it is not the source");
    source.sync();
    at_stage(&target, id, "shipped");

    let part = ["transfer", "receive", id, "cola:3", "--request", "g1"];
    assert_eq!(target.ask(&part)["stage"], "partly_received");
    assert_eq!(target.ask(&part)["repeated"], true);
    let other = ["transfer", "receive", id, "cola:3", "--damaged", "cola:1", "--request", "g1"];
    assert_eq!(target.run(&other).code, Some(1), "the request id means something else");
    let rest = target.ask(&["transfer", "receive", id, "--damaged", "cola:1"]);
    assert_eq!((&rest["stage"], &rest["anomalies"]), (&"received".into(), &Value::Array(vec![])));
    assert_eq!(target.run(&["transfer", "receive", id]).code, Some(1), "nothing is left");
    assert_eq!(target.stock()["cola"], 7_000);
    target.sync();

    let end = at_stage(&source, id, "received");
    assert_eq!(end["lines"][0]["damaged"], "1");
    assert_eq!(hub.ask(&["transfer", "show", id])["lines"][0]["in_transit"], "0");
    assert_eq!((hub.stock("A01"), hub.stock("B02")), (source.stock(), target.stock()));
    source.verify();
    target.verify();
    hub.verify();
    let report = hub.ask(&["check", "run"]);
    assert_eq!(report["findings"], Value::Array(Vec::new()), "{report}");
    hub.stop();
}
