//! The same answers with and without the daemon; one writer.

use console::Lang;
use console::local::Client;
use serde_json::{Value, json};
use store_node::ask::booking::BookAll;
use store_node::ask::care::{Rebuild, Verify};
use store_node::ask::catalog::{FindProducts, ListProducts};
use store_node::ask::count::{AddCount, PostCount, ShowCount, StartCount};
use store_node::ask::explain::Explain;
use store_node::ask::forks::ListForks;
use store_node::ask::history::{ListFacts, ShowFact};
use store_node::ask::status::ShowStatus;
use store_node::ask::stock::ShowStock;
use store_node::ask::sync::{SyncNow, SyncPolicy};
use store_node::daemon::Daemon;
use store_node::door::{AnyDoor, Ask, Door, RemoteDoor};
use store_node::{About, Home, Node, NodeError, Request};
use tokio::runtime::Runtime;

use crate::shop::{Shop, sale};

#[test]
fn every_question_has_the_same_answer_through_both_doors() {
    let (direct, served) = (Shop::open(), Shop::open());
    let runtime = Runtime::new().unwrap();
    let daemon = runtime.block_on(Daemon::start(served.node.clone())).unwrap();
    let client = Client::find(&served.folder, Lang::En).unwrap().expect("an address file");
    let remote = RemoteDoor::through(client);
    let answers = [script(&direct.node), script(&remote)];
    for (direct, remote) in answers[0].iter().zip(&answers[1]) {
        assert_eq!(direct, remote);
    }
    runtime.block_on(daemon.stop()).unwrap();
    assert!(Client::find(&served.folder, Lang::En).unwrap().is_none(), "the address file is gone");
}

/// A day at the shop: every question and command, good ones and bad ones.
fn script(door: &impl Door) -> Vec<Value> {
    let request = |name: &str, lines: &[&str]| Request {
        about: About::named(name.parse().unwrap()),
        task: sale(lines, &["mobile"]).into(),
    };
    let receive = json!({ "task": { "receive": {
        "lines": [{ "item": "cola", "quantity": "24", "cost": { "per_unit": "2.10" } }],
        "supplier": "东方批发"
    }}});
    let receive: Request = serde_json::from_value(receive).unwrap();
    let text = |text: &str| Some(text.to_owned());
    let listing = ListFacts { from: None, to: None, kind: None, before: None, limit: 3 };
    let explain = Explain { item: "6901234567892".to_owned(), from: None, to: None };
    let requests = vec![request("b", &["apple:1"]), request("c", &["?"]), request("a", &["cola"])];
    vec![
        tell(door, receive),
        tell(door, request("a", &["6901234567892x2", "apple:1.25@12.80-0.50"])),
        tell(door, request("a", &["6901234567892x2", "apple:1.25@12.80-0.50"])),
        tell(door, request("a", &["cola"])),
        tell(door, request("d", &["nothing"])),
        tell(door, BookAll { requests, lang: "zh".to_owned() }),
        tell(door, ShowStock::default()),
        tell(door, ShowStock { item: text("cola"), ..ShowStock::default() }),
        tell(door, listing),
        tell(door, ShowFact { fact: "1-2".parse().unwrap() }),
        tell(door, ShowFact { fact: "1-99".parse().unwrap() }),
        tell(door, explain),
        tell(door, ListProducts::default()),
        tell(door, FindProducts { items: vec!["6901234567892".to_owned()] }),
        tell(door, FindProducts { items: vec!["cola".to_owned(), "no".to_owned()] }),
        tell(door, ShowStatus {}),
        tell(door, ShowCount::default()),
        tell(door, StartCount { items: vec!["cola".to_owned()], ..StartCount::default() }),
        tell(door, AddCount { lines: vec!["cola:21".parse().unwrap()], ..AddCount::default() }),
        tell(door, ShowCount::default()),
        tell(door, PostCount::default()),
        tell(door, SyncPolicy { set: Some("every 15".parse().unwrap()) }),
        tell(door, SyncPolicy::default()),
        tell(door, SyncNow {}),
        tell(door, Verify {}),
        tell(door, Rebuild {}),
        tell(door, ListForks {}),
    ]
}

/// The answer, or the error in words.
fn tell<A: Ask>(door: &impl Door, ask: A) -> Value {
    match door.ask(ask) {
        Ok(answer) => json!({ "ok": answer }),
        Err(error) => json!({ "error": console::Told::of(Lang::En, &error) }),
    }
}

#[test]
fn only_one_process_has_the_books_and_the_others_are_told_which() {
    let shop = Shop::open();
    let second = Node::open(&shop.folder).map(drop).unwrap_err();
    assert!(matches!(second, NodeError::Open { .. }), "{second}");
    let told = console::Told::of(Lang::En, &second);
    let pid = std::process::id();
    assert_eq!(told.causes, [format!("process {pid} has them open")]);
    assert!(told.hint.unwrap().contains(&format!("kill {pid}")));
}

#[test]
fn a_command_goes_through_the_daemon_while_it_runs() {
    let shop = Shop::open();
    let home = Home::at(&shop.folder);
    let runtime = Runtime::new().unwrap();
    let daemon = runtime.block_on(Daemon::start(shop.node.clone())).unwrap();
    let door = AnyDoor::open(&home, Lang::En).unwrap();
    assert!(matches!(door, AnyDoor::Remote(_)));
    door.ask(Request::from(sale(&["cola"], &[]))).unwrap();
    runtime.block_on(daemon.stop()).unwrap();
    let Shop { node, .. } = &shop;
    assert_eq!(node.ask(ShowStatus {}).unwrap().facts, 1);
    drop(shop.node);
    let door = AnyDoor::open(&home, Lang::En).unwrap();
    assert!(matches!(door, AnyDoor::Direct(_)));
    assert_eq!(door.ask(ShowStatus {}).unwrap().facts, 1);
}

#[test]
fn the_local_api_answers_nobody_without_the_token() {
    let shop = Shop::open();
    let runtime = Runtime::new().unwrap();
    let daemon = runtime.block_on(Daemon::start(shop.node.clone())).unwrap();
    let mut stranger = daemon.info().clone();
    stranger.token = console::local::Token::random().unwrap();
    let door = RemoteDoor::through(Client::new(stranger, Lang::En));
    let refused = door.ask(ShowStatus {}).unwrap_err();
    assert_eq!(refused.to_string(), "the daemon does not accept this token");
    let friend = Client::new(daemon.info().clone(), Lang::En);
    let unknown = friend.post::<Value>("/v1/nothing", &json!({})).unwrap_err().to_string();
    assert!(unknown.contains("/v1/nothing"), "{unknown}");
    let nonsense = friend.post::<Value>("/v1/book", &json!({ "task": "dance" })).unwrap_err();
    assert_eq!(nonsense.to_string(), "the request cannot be read");
    runtime.block_on(daemon.stop()).unwrap();
}
