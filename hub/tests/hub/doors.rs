use std::fs;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use console::Lang;
use console::local::{Client, LOCAL_FILE, LocalInfo};
use hub::ask::care::{Backup, Rebuild, Verify};
use hub::ask::catalog::{ImportCatalog, ImportMode, ListConflicts, ListProducts, SetProduct};
use hub::ask::checks::{CheckProgress, ListReports, RunChecks, ShowReport};
use hub::ask::explain::Explain;
use hub::ask::status::ShowStatus;
use hub::ask::stock::{By, ShowStock};
use hub::ask::stores::{Invite, InviteKind, ListStores, Revoke};
use hub::checks::Depth;
use hub::checks::report::Scope;
use hub::door::{AnyDoor, RemoteDoor};
use hub::{Ask, Door, Home, Hub, HubError, Setup};
use ledger::scan::Codes;

use crate::chain::Chain;

/// An answer, or what a person is told instead.
fn said<A: Ask>(answer: Result<A::Answer, HubError>) -> String {
    match answer {
        Ok(answer) => serde_json::to_string(&answer).unwrap(),
        Err(error) => serde_json::to_string(&console::Told::of(Lang::Zh, &error)).unwrap(),
    }
}

/// Both doors say the same.
fn same<A: Ask + Clone>(chain: &Chain, remote: &RemoteDoor, ask: A) {
    let direct = said::<A>(chain.hub.ask(ask.clone()));
    assert_eq!(direct, said::<A>(remote.ask(ask)), "{}", A::PATH);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_hub_answers_as_the_open_one_does() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    shop.adjust("C1", "5");
    chain.connect(&shop).await.leave(&chain, &shop).await;
    let dir = chain.hub.home().dir().to_owned();
    let client = Client::find(&dir, Lang::Zh).unwrap().expect("a running hub says where it is");
    let remote = RemoteDoor::through(client);
    let asking = tokio::task::spawn_blocking(move || {
        let (sku, store) = ("C1".parse().unwrap(), shop.store.clone());
        let fields = [("price".to_owned(), "3.50".to_owned())].into();
        remote.ask(SetProduct { sku, fields, codes: Codes::Articles }).unwrap();
        let text = "sku,price\nC2,x\nC1,4\n".to_owned();
        same(
            &chain,
            &remote,
            ImportCatalog {
                text,
                mode: ImportMode::DryRun,
                codes: Codes::Articles,
                lang: "zh".to_owned(),
            },
        );
        same(
            &chain,
            &remote,
            ListProducts { search: Some("c".to_owned()), ..ListProducts::default() },
        );
        same(&chain, &remote, ListConflicts {});
        same(&chain, &remote, ListStores {});
        same(&chain, &remote, ShowStatus::default());
        same(
            &chain,
            &remote,
            ShowStock { store: None, item: None, category: None, date: None, by: By::Sku },
        );
        let ask = |item: &str| Explain {
            item: item.to_owned(),
            store: store.clone(),
            from: None,
            to: None,
        };
        same(&chain, &remote, ask("C1"));
        assert_eq!(
            remote.ask(RunChecks { scope: Scope::default(), depth: Depth::Changed }).unwrap().facts,
            1
        );
        same(&chain, &remote, CheckProgress {});
        same(&chain, &remote, ListReports {});
        same(&chain, &remote, ShowReport { number: 1 });
        same(&chain, &remote, ShowReport { number: 2 });
        same(&chain, &remote, Verify {});
        same(&chain, &remote, Rebuild {});
        // Refusals cross the door as well, in the caller's language.
        same(&chain, &remote, ask("nothing"));
        same(&chain, &remote, Revoke { store: "S404".parse().unwrap() });
        let (store, kind) = ("S001".parse().unwrap(), InviteKind::First);
        same(&chain, &remote, Invite { store, name: None, kind, life_minutes: 60 });
        let to = chain.machine("copy.db");
        remote.ask(Backup { to: to.clone() }).unwrap();
        same(&chain, &remote, Backup { to });
        chain
    });
    let chain = asking.await.unwrap();

    // With the hub stopped the books are opened instead; with a hub open, it is asked.
    let home = Home::at(&dir);
    assert!(matches!(door(&home).await, Ok(AnyDoor::Remote(_))));
    let Chain { hub, running, .. } = chain;
    running.stop().await.unwrap();
    drop(hub);
    assert!(matches!(door(&home).await, Ok(AnyDoor::Direct(_))));
}

async fn door(home: &Home) -> Result<AnyDoor, HubError> {
    let home = home.clone();
    tokio::task::spawn_blocking(move || AnyDoor::open(&home, Lang::En)).await.unwrap()
}

#[test]
fn an_address_that_a_killed_hub_left_behind_leads_nobody_astray() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::at(dir.path().join("hub"));
    let hub = Hub::init(&home, Setup::default()).unwrap();
    // Nobody listens there: the port is free again at once.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let left = LocalInfo::of_this_process(address).unwrap();
    fs::write(home.dir().join(LOCAL_FILE), serde_json::to_string(&left).unwrap()).unwrap();
    // Another command has the books open for a moment.
    let busy = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        drop(hub);
    });
    let door = AnyDoor::open(&home, Lang::En).unwrap();
    assert!(matches!(door, AnyDoor::Direct(_)));
    assert!(door.ask(ListStores {}).is_ok());
    busy.join().unwrap();
}
