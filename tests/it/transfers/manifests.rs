//! Both stores without a network: the manifest travels with the goods.

use std::fs;

use serde_json::Value;
use tests::daemon::{Hub, Store, run};

use super::{Pair, at_stage, line, waits};

/// A transfer that the destination has never heard of, shipped without a network; gives its number
/// and the manifest.
fn shipped_unseen(pair: &mut Pair, goods: &str) -> (String, String) {
    let asked = pair.source.ask(&["transfer", "request", "--to", "B02", goods]);
    let id = asked["transfer"].as_str().unwrap().to_owned();
    pair.source.sync();
    pair.hub.ask(&["transfer", "approve", &id]);
    at_stage(&pair.source, &id, "approved");
    pair.hub.stop();
    let shipped = pair.source.ask(&["transfer", "ship", &id]);
    let text = shipped["manifest"]["text"].as_str().unwrap().to_owned();
    (id, text)
}

fn hint(ran: &tests::daemon::Ran) -> String {
    let complaint: Value = serde_json::from_str(ran.complaint.trim()).unwrap_or_default();
    complaint["error"]["message"].as_str().unwrap_or_default().to_owned()
}

/// What a scanner reads off a picture of black squares: `M left top h width v height`.
fn scan(svg: &str) -> Option<String> {
    let path = svg.split_once(" d=\"")?.1.split_once('"')?.0;
    let squares: Option<Vec<[usize; 4]>> = path.split('M').skip(1).map(square).collect();
    let squares = squares?;
    let size = svg.split_once("width=\"")?.1.split_once('"')?.0.parse().ok()?;
    let mut black = vec![vec![false; size]; size];
    for [left, top, width, height] in squares {
        for row in &mut black[top..top + height] {
            row[left..left + width].fill(true);
        }
    }
    let grey = |x: usize, y: usize| if black[y][x] { 0 } else { u8::MAX };
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(size, size, grey);
    let grids = seen.detect_grids();
    grids.first().and_then(|grid| grid.decode().ok()).map(|(_, text)| text)
}

fn square(text: &str) -> Option<[usize; 4]> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some([
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
    ])
}

#[test]
fn goods_are_received_from_the_manifest_and_unite_later() {
    let dir = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(dir.path());
    let (id, text) = shipped_unseen(&mut pair, "cola:10");
    let file = dir.path().join("manifest.txt");
    let path = file.to_str().unwrap();
    let again = pair.source.ask(&["transfer", "manifest", &id, "--file", path]);
    assert_eq!((&again["shipment"], &again["to"]), (&1.into(), &"B02".into()));
    let picture = fs::read_to_string(file.with_extension("svg")).unwrap();
    assert_eq!(scan(&picture).as_ref(), Some(&text), "a scanner reads the manifest off it");

    // Seven, then two and a broken one, then nothing any more.
    let part = ["transfer", "receive", "cola:7", "--manifest", &text, "--request", "m1"];
    let received = pair.target.ask(&part);
    assert_eq!((&received["stage"], &received["from"]), (&"partly_received".into(), &"A01".into()));
    assert_eq!(line(&received, "cola")["in_transit"], "3");
    assert_eq!(pair.target.ask(&part)["repeated"], true);
    let rest = ["transfer", "receive", "--manifest", path, "--damaged", "cola:1"];
    let received = pair.target.ask(&rest);
    assert_eq!(line(&received, "cola")["received"], "9");
    let unheard =
        [("request".to_owned(), String::new()), ("approval".to_owned(), "hub".to_owned())];
    assert_eq!(waits(&received), unheard, "neither has been seen here");
    assert_eq!(received["anomalies"], Value::Array(vec![]));
    let third = pair.target.run(&["transfer", "receive", "--manifest", path]);
    assert_eq!(third.code, Some(1));
    assert!(hint(&third).contains("was received before"), "{}", third.complaint);
    assert_eq!(pair.target.stock()["cola"], 9_000);

    // The destination meets head office first.
    pair.hub.start();
    pair.target.sync();
    let early = pair.hub.ask(&["transfer", "show", &id]);
    let from_source = ["shipment", "ship_fact"].map(|what| (what.to_owned(), "A01".to_owned()));
    assert_eq!(waits(&early), from_source);
    pair.source.sync();
    let shown = at_stage(&pair.target, &id, "received");
    assert_eq!((waits(&shown), &shown["anomalies"]), (vec![], &Value::Array(vec![])));
    let steps: Vec<_> = shown["steps"].as_array().unwrap().iter().map(|s| &s["step"]).collect();
    assert_eq!(steps, ["request", "approve", "ship/1", "receive/1", "receive/1/2"]);
    let late = pair.target.run(&["transfer", "receive", "--manifest", path]);
    assert_eq!(late.code, Some(1), "still received once");
    pair.assert_even();
}

#[test]
fn a_manifest_after_the_receipt_adds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(dir.path());
    let id = pair.approved("cola:4");
    // This time by way of running daemons.
    pair.source.start();
    pair.target.start();
    let shipped = pair.source.ask(&["transfer", "ship", &id]);
    let text = shipped["manifest"]["text"].as_str().unwrap();
    pair.source.sync();
    at_stage(&pair.target, &id, "shipped");
    pair.target.ask(&["transfer", "receive", &id]);
    let twice = pair.target.run(&["transfer", "receive", "--manifest", text]);
    assert_eq!(twice.code, Some(1));
    assert!(hint(&twice).contains("was received before"), "{}", twice.complaint);
    pair.source.stop();
    pair.target.stop();
    pair.assert_even();
}

#[test]
fn what_is_lost_behind_a_manifest_is_settled_without_a_network() {
    let dir = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(dir.path());
    let (id, text) = shipped_unseen(&mut pair, "cola:10");
    pair.target.ask(&["transfer", "receive", "cola:8", "--manifest", &text]);
    let settle = ["transfer", "settle", &id, "--lost", "cola:2", "--liable", "carrier"];
    let settled = pair.target.ask(&[&settle[..], &["--reason", "box open"]].concat());
    assert_eq!(settled["stage"], "settled");
    pair.hub.start();
    pair.source.sync();
    pair.target.sync();
    let shown = at_stage(&pair.source, &id, "settled");
    assert_eq!((waits(&shown), &shown["anomalies"]), (vec![], &Value::Array(vec![])));
    pair.assert_even();
}

#[test]
fn only_what_is_meant_for_this_store_is_believed() {
    let dir = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(dir.path());
    let third = pair.hub.enrol("C03");
    let (id, text) = shipped_unseen(&mut pair, "cola:10");
    let receive = |shop: &Store, text: &str| {
        let ran = shop.run(&["transfer", "receive", "--manifest", text]);
        (ran.code, hint(&ran))
    };
    let (code, why) = receive(&third, &text);
    assert_eq!(code, Some(1));
    assert!(why.contains("for B02, this is C03"), "{why}");
    let mut misread = text.clone();
    misread.replace_range(40..41, if &text[40..41] == "A" { "B" } else { "A" });
    let (code, why) = receive(&pair.target, &misread);
    assert!(code == Some(1) && why.contains("misread"), "{why}");
    let (code, why) = receive(&pair.target, &text[..text.len() - 20]);
    assert!(code == Some(1) && why.contains("misread"), "{why}");
    let note = dir.path().join("note.txt");
    fs::write(&note, "ten of cola\n").unwrap();
    let (code, why) = receive(&pair.target, note.to_str().unwrap());
    assert!(code == Some(2) && why.contains("no manifest"), "{why}");
    assert_eq!(pair.target.run(&["transfer", "manifest", &id]).code, Some(1), "not its shipment");

    // A store of the same name in another chain.
    let mut other = Hub::start_new(&dir.path().join("other/hub"));
    let stranger = other.enrol("B02");
    let (code, why) = receive(&stranger, &text);
    assert!(code == Some(1) && why.contains("another chain"), "{why}");
    other.stop();

    // A store of no chain.
    let alone = dir.path().join("alone");
    run("store-node", &alone, &["init", "B02"]).expect("init");
    let (code, why) = receive(&Store::at("B02", &alone), &text);
    assert!(code == Some(1) && why.contains("belongs to no hub"), "{why}");
    assert_eq!(pair.target.stock().get("cola"), None, "nothing was booked");
    // Lower case, as a hurried hand types it.
    assert_eq!(receive(&pair.target, &text.to_lowercase()).0, Some(0));
    pair.hub.start();
    third.sync();
    pair.assert_even();
}

#[test]
fn a_manifest_that_fits_no_qr_code_travels_as_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut pair = Pair::new(dir.path());
    // Barcodes with nothing in common, which pack badly.
    let item = |at: u64| format!("69{:011}", at * 79_190_031_173 % 100_000_000_000);
    let items: Vec<String> = (1..=120).map(item).collect();
    let stock: Vec<String> = items.iter().map(|item| format!("{item}:24@2.50")).collect();
    let stock: Vec<&str> = stock.iter().map(String::as_str).collect();
    pair.source.ask(&[&["receive"][..], &stock].concat());
    let lines: Vec<String> = items.iter().map(|item| format!("{item}:12")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let ask = [&["transfer", "request", "--to", "B02"][..], &lines].concat();
    let id = pair.source.ask(&ask)["transfer"].as_str().unwrap().to_owned();
    pair.source.sync();
    pair.hub.ask(&["transfer", "approve", &id]);
    at_stage(&pair.source, &id, "approved");
    pair.hub.stop();
    let file = dir.path().join("manifest.txt");
    let path = file.to_str().unwrap();
    pair.source.ask(&["transfer", "ship", &id, "--manifest", path]);
    assert!(file.exists() && !file.with_extension("svg").exists());
    let received = pair.target.ask(&["transfer", "receive", "--manifest", path]);
    assert_eq!(received["stage"], "received");
    assert_eq!(pair.target.stock().len(), items.len());
    pair.hub.start();
    pair.source.sync();
    pair.assert_even();
}
