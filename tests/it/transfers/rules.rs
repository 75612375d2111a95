//! Requests that are approved without a person, under a rule.

use serde_json::Value;
use tests::daemon::until;

use super::{Pair, at_stage, line};

/// Asks for goods, and says how the request stands at the hub once it has been looked at.
fn asked(pair: &Pair, lines: &[&str]) -> String {
    let ask = [&["transfer", "request", "--from", "A01"][..], lines].concat();
    let asked = pair.target.ask(&ask);
    pair.target.sync();
    asked["transfer"].as_str().unwrap().to_owned()
}

fn approved(pair: &Pair, id: &str) -> Value {
    let mut shown = Value::Null;
    until(&format!("{id} is approved"), || {
        shown = pair.hub.ask(&["transfer", "show", id]);
        shown["stage"] == "approved"
    });
    shown
}

#[test]
fn small_requests_pass_and_others_wait_for_a_person() {
    let dir = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(dir.path());
    let early = asked(&pair, &["cola:1"]);
    pair.hub.ask(&["catalog", "set", "cola", "price=3.00"]);
    let set = ["transfer", "rule", "set", "near", "--from", "A01", "--to", "B02"];
    let set = [&set[..], &["--max-quantity", "10", "--max-value", "24"]].concat();
    let rules = pair.hub.ask(&set);
    assert_eq!((&rules[0]["name"], &rules[0]["max_value"]), (&"near".into(), &"24".into()));
    assert_eq!(pair.hub.ask(&["transfer", "rule", "list"]), rules);

    let small = asked(&pair, &["cola:8"]);
    let shown = approved(&pair, &small);
    let approval = &shown["steps"][1];
    assert_eq!((&approval["by"], &approval["rule"]), (&"hub".into(), &"near".into()));
    assert_eq!(line(&shown, "cola")["approved"], "8");
    assert_eq!(pair.hub.ask(&["transfer", "approve", &small])["repeated"], true, "it is decided");
    at_stage(&pair.source, &small, "approved");

    // Each of these breaks one bound; the last that passes shows that all were looked at.
    let dear = asked(&pair, &["cola:9"]);
    let priceless = asked(&pair, &["tea:1"]);
    let many = asked(&pair, &["cola:3", "cola:8"]);
    let other_way = pair.source.ask(&["transfer", "request", "--from", "B02", "cola:1"]);
    pair.source.sync();
    let other_way = other_way["transfer"].as_str().unwrap().to_owned();
    let last = asked(&pair, &["cola:2"]);
    approved(&pair, &last);
    for waiting in [&early, &dear, &priceless, &many, &other_way] {
        let shown = pair.hub.ask(&["transfer", "show", waiting]);
        assert_eq!(shown["stage"], "requested", "{waiting}");
    }
    pair.hub.ask(&["transfer", "approve", &dear]);

    // The rule is gone; another lets pass what goes the other way.
    pair.hub.ask(&["transfer", "rule", "remove", "near"]);
    assert_eq!(pair.hub.run(&["transfer", "rule", "remove", "near"]).code, Some(1), "it is gone");
    pair.hub.stop();
    pair.hub.start();
    pair.hub.ask(&["transfer", "rule", "set", "back", "--from", "B02"]);
    let late = asked(&pair, &["cola:1"]);
    let back = pair.target.ask(&["transfer", "request", "--to", "A01", "tea:1000"]);
    pair.target.sync();
    approved(&pair, back["transfer"].as_str().unwrap());
    for waiting in [&late, &other_way] {
        let shown = pair.hub.ask(&["transfer", "show", waiting]);
        assert_eq!(shown["stage"], "requested", "{waiting}");
    }
    pair.assert_even();
}
