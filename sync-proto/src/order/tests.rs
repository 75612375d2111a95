use super::*;
use crate::Admission;
use crate::testing::{NOW, authorship, chain, doc, store, wire};

fn name(text: &str) -> EventName {
    text.parse().unwrap()
}

#[test]
fn parties_that_wrote_while_apart_are_all_heard() {
    let order = doc("order/transfer/S001+S002+S003-2611-tA1");
    let (from, to) = (store("S001"), store("S002"));
    let mut at_hub = Order::load(&order, []).unwrap();
    let request = at_hub
        .append(&chain(), &authorship(&Writer::Hub, 1), &name("request"), "{\"n\":1}", NOW)
        .unwrap();

    let say = |at: &Order, by: &Writer, event: &str| {
        at.clone().append(&chain(), &authorship(by, 1), &name(event), "{}", NOW).unwrap()
    };
    let mut elsewhere = Order::load(&order, [request.bytes.as_slice()]).unwrap();
    let shipped = say(&elsewhere, &from, "ship/1");
    let received = say(&elsewhere, &to, "receive/1");
    let cancelled = say(&at_hub, &Writer::Hub, "cancel");

    // The hub takes the stores' entries over the wire; a store that knows nothing takes them all.
    for (change, peer) in [(&received, &to), (&shipped, &from)] {
        let admission = Admission::new(chain(), Writer::Hub, peer.clone());
        let admitted = admission.admit(wire(&order, &change.bytes)).unwrap();
        at_hub.merge([admitted.bytes.as_slice()]).unwrap();
    }
    at_hub.merge([cancelled.bytes.as_slice()]).unwrap();
    elsewhere.merge([&cancelled, &shipped, &received].map(|c| c.bytes.as_slice())).unwrap();

    let events = at_hub.events().unwrap();
    assert_eq!(events, elsewhere.events().unwrap());
    let heard: Vec<String> =
        events.iter().map(|event| format!("{}: {}", event.by, event.name)).collect();
    assert_eq!(
        heard,
        ["hub: cancel", "hub: request", "store/S001: ship/1", "store/S002: receive/1"]
    );
    assert_eq!(events[1].text, "{\"n\":1}");
}

#[test]
fn an_entry_reaches_whoever_has_lost_what_its_author_had_seen() {
    let order = doc("order/transfer/S001+S002+S003-2611-tA1");
    let from = store("S001");
    let mut at_store = Order::load(&order, []).unwrap();
    let approved =
        at_store.append(&chain(), &authorship(&Writer::Hub, 1), &name("approve"), "{}", NOW);
    approved.unwrap();
    let shipped = ["ship/1", "ship/2"].map(|event| {
        at_store.append(&chain(), &authorship(&from, 1), &name(event), "{}", NOW).unwrap()
    });

    // The hub was restored from a backup that is older than its own word.
    let mut at_hub = Order::load(&order, []).unwrap();
    for change in &shipped {
        let admission = Admission::new(chain(), Writer::Hub, from.clone());
        let admitted = admission.admit(wire(&order, &change.bytes)).unwrap();
        at_hub.merge([admitted.bytes.as_slice()]).unwrap();
    }
    let heard: Vec<String> =
        at_hub.events().unwrap().iter().map(|event| event.name.to_string()).collect();
    assert_eq!(heard, ["ship/1", "ship/2"]);
}

#[test]
fn nothing_said_is_replaced_and_a_second_history_is_shown_beside_the_first() {
    let order = doc("order/purchase/S001-2611-A1");
    let by = store("S001");
    let mut first = Order::load(&order, []).unwrap();
    let mut second = first.clone();
    let said = |order: &mut Order, epoch: u32, text: &str| {
        order.append(&chain(), &authorship(&by, epoch), &name("request"), text, NOW)
    };
    said(&mut first, 1, "ten").unwrap();
    let error = said(&mut first, 1, "eleven").unwrap_err().to_string();
    assert_eq!(error, "store/S001 has already written `request` in order/purchase/S001-2611-A1");

    // Restored from a backup, the node says it again without knowing.
    let again = said(&mut second, 2, "twelve").unwrap();
    first.merge([again.bytes.as_slice()]).unwrap();
    let texts: Vec<String> = first.events().unwrap().into_iter().map(|event| event.text).collect();
    assert_eq!(texts, ["ten", "twelve"]);
}

#[test]
fn event_names_have_one_spelling() {
    for good in ["request", "ship/1", "a", "re-count/2"] {
        assert_eq!(name(good).to_string(), good);
        let key = format!("store/S001/{good}");
        assert_eq!(split_entry(&key), Some((store("S001"), name(good))));
        assert_eq!(split_entry(&format!("hub/{good}")), Some((Writer::Hub, name(good))));
    }
    for bad in ["", "/x", "1", "Ship", "ship 1", "发货", &"x".repeat(65)] {
        assert!(EventName::new(bad).is_err(), "{bad}");
    }
}
