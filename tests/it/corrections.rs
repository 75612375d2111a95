//! A finding's life with the real programs: found, corrected by an order that reaches the store,
//! resolved.

use serde_json::Value;
use tests::daemon::{Hub, Store, until};

/// The only finding of a new report.
fn only(hub: &Hub) -> Value {
    let report = hub.run(&["check", "run"]).answer;
    let findings = report["findings"].as_array().expect("a report has findings");
    assert_eq!(findings.len(), 1, "{report}");
    findings[0].clone()
}

fn in_step(shop: &Store, hub: &Hub) {
    shop.await_in_step();
    until("the hub holds the shop's stock", || hub.stock(shop.id()) == shop.stock());
}

fn resolve(hub: &Hub, finding: &Value, how: &[&str]) -> Value {
    resolve_by("li", hub, finding, how)
}

fn resolve_by(who: &str, hub: &Hub, finding: &Value, how: &[&str]) -> Value {
    let mut args = vec!["check", "resolve", finding["id"].as_str().unwrap(), "--by", who];
    args.extend(how);
    hub.ask(&args)
}

#[test]
fn a_finding_is_corrected_by_an_order_that_becomes_a_fact() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = hub.enrol("S01");
    shop.ask(&["receive", "cola:5@2"]);
    shop.sell("cola:7@3");
    shop.start();
    in_step(&shop, &hub);

    let finding = only(&hub);
    assert_eq!(
        (&finding["check"], &finding["found"]["quantity"]),
        (&"negative-stock".into(), &"-2".into())
    );
    let open = hub.ask(&["check", "findings"]);
    assert_eq!(open["findings"][0]["id"], finding["id"]);
    assert_eq!(hub.run(&["check", "resolve", "F0", "--approve", "--by", "li"]).code, Some(2));
    let early = ["check", "resolve", finding["id"].as_str().unwrap(), "--approve", "--by", "li"];
    assert_eq!(hub.run(&early).code, Some(1), "nothing was proposed");

    let correct = ["--correct", "--reason", "two were never booked in"];
    let proposed = resolve(&hub, &finding, &correct);
    assert_eq!(proposed["life"]["stage"], "proposed");
    let number = proposed["life"]["correction"].clone();
    assert_eq!(resolve(&hub, &finding, &correct)["life"]["correction"], number, "once is enough");
    assert_eq!(shop.stock()["cola"], -2_000, "nobody has approved it");

    let alone = ["check", "resolve", finding["id"].as_str().unwrap(), "--approve", "--by", "li"];
    let refused = hub.run(&alone);
    assert_eq!(refused.code, Some(1), "li proposed it");
    assert!(refused.complaint.contains("--alone"), "{}", refused.complaint);
    assert_eq!(hub.run(&[&alone[..], &["--alone"]].concat()).code, Some(2), "without a reason");
    let approved = resolve_by("wang", &hub, &finding, &["--approve"]);
    assert_ne!(approved["life"]["stage"], "proposed");
    until("the store books the correction", || !shop.stock().contains_key("cola"));
    until("the hub hears of it", || {
        hub.ask(&["check", "findings", "--all"])["findings"][0]["life"]["stage"] == "done"
    });
    in_step(&shop, &hub);
    let fact = shop.facts().pop().expect("facts");
    assert_eq!((&fact["kind"], &fact["reason"]), (&"adjustment".into(), &correct[2].into()));
    assert_eq!((&fact["operator"], &fact["bill"].is_string()), (&"wang".into(), &true));

    // A restart books nothing twice.
    shop.kill();
    shop.start();
    in_step(&shop, &hub);
    assert_eq!(shop.facts().len(), 3);
    let report = hub.ask(&["check", "run"]);
    assert_eq!(report["findings"], Value::Array(vec![]), "{report}");
    assert_eq!(report["resolved"][0]["id"], finding["id"]);
    shop.stop();
    hub.stop();
}

#[test]
fn a_correction_reaches_a_store_that_was_away_and_others_come_to_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = Hub::start_new(&dir.path().join("hub"));
    let mut shop = hub.enrol("S01");
    shop.sell("cola:1@3");
    shop.sync();
    let finding = only(&hub);
    let explained =
        resolve(&hub, &finding, &["--explain", "--reason", "delivered, not yet booked"]);
    assert_eq!(explained["life"]["is"], "explained");
    assert_eq!(hub.ask(&["check", "findings"])["findings"], Value::Array(vec![]));
    // What has changed since is open again.
    shop.sell("cola:1@3");
    shop.sync();
    let finding = only(&hub);
    assert_eq!((&finding["state"], &finding["life"]["is"]), (&"persisting".into(), &"open".into()));

    let correct = ["--correct", "--reason", "counted", "--quantity", "5"];
    resolve(&hub, &finding, &correct);
    let id = finding["id"].as_str().unwrap();
    for (other, what) in [
        (["--correct", "--quantity", "6"], "another amount is under way"),
        (["--correct", "--value", "6"], "no goods are added by it"),
        (["--correct", "--quantity", "0"], "nothing"),
    ] {
        let args = ["check", "resolve", id, "--by", "li", "--reason", "no"];
        assert_eq!(hub.run(&[&args[..], &other].concat()).code, Some(1), "{what}");
    }
    let rejected = resolve(&hub, &finding, &["--reject", "--reason", "count again"]);
    assert_eq!(rejected["life"]["stage"], "rejected");
    let again = resolve(&hub, &finding, &correct);
    assert_ne!(again["life"]["correction"], rejected["life"]["correction"]);
    let why = "nobody else is here";
    let approved = resolve(&hub, &finding, &["--approve", "--alone", "--reason", why]);
    assert_eq!(approved["life"]["why"], why);
    hub.kill();
    hub.start();
    shop.start();
    // Two too many were sold, and a person has found five.
    until("the store books the correction", || shop.stock().get("cola") == Some(&3_000));
    shop.stop();
    hub.stop();
}
