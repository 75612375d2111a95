use hub::Door;
use hub::ask::catalog::SetProduct;
use hub::ask::explain::Explain;
use hub::ask::stock::{By, ShowStock};
use hub::ask::stores::InviteKind;
use hub::registry::Standing;
use hub::text::{Amount, Units};
use ledger::scan::Codes;
use ledger::time::Timestamp;

use crate::chain::{Chain, HOUR, TODAY, status, until};

#[tokio::test]
async fn status_tells_who_is_there_how_far_and_how_fresh() {
    let chain = Chain::start().await;
    chain.invite("S009", InviteKind::First);
    let waiting = status(&chain.hub, &"S009".parse().unwrap());
    assert_eq!((waiting.standing, waiting.last_seen), (Some(Standing::Invited), None));

    let shop = chain.shop("S001").await;
    shop.adjust("C1", "5");
    shop.adjust("C1", "-2");
    let connected = chain.connect(&shop).await;
    let now = status(&chain.hub, &shop.store);
    assert_eq!((now.epoch, now.last_seq, now.facts), (Some(1), Some(2), 2));
    assert_eq!(now.newest_fact, Some(Timestamp::from_millis(TODAY)));
    assert!(now.connection.is_some_and(|connection| connection.in_step));
    assert!(now.quarantined.is_empty() && now.forks.is_empty());
    connected.leave(&chain, &shop).await;

    // Away: what it last told grows old, and what it has not heard is counted.
    chain.clock.forward(2 * HOUR);
    let price = SetProduct {
        sku: "C1".parse().unwrap(),
        fields: [("price".to_owned(), "3.50".to_owned())].into(),
        codes: Codes::default(),
    };
    chain.hub.ask(price).unwrap();
    let away = status(&chain.hub, &shop.store);
    assert_eq!(away.newest_fact_age_seconds, Some(2 * 60 * 60));
    assert_eq!((away.unacknowledged_documents, away.unacknowledged_changes), (1, 1));
    until(|| {
        let seen = status(&chain.hub, &shop.store).last_seen;
        seen == Some(Timestamp::from_millis(TODAY))
    })
    .await;
    let connected = chain.connect(&shop).await;
    until(|| status(&chain.hub, &shop.store).unacknowledged_documents == 0).await;
    connected.leave(&chain, &shop).await;
}

#[tokio::test]
async fn stock_adds_up_and_every_number_leads_to_its_receipts() {
    let chain = Chain::start().await;
    for (store, units) in [("S001", "5"), ("S002", "1.5")] {
        let shop = chain.shop(store).await;
        shop.adjust("C1", units);
        shop.adjust("C1", "-2");
        chain.connect(&shop).await.leave(&chain, &shop).await;
    }
    let ask = |by| ShowStock { store: None, item: None, category: None, date: None, by };
    let stock = chain.hub.ask(ask(By::StoreAndSku)).unwrap();
    let rows: Vec<_> = stock
        .rows
        .iter()
        .map(|row| (row.store.as_ref().unwrap().as_str(), row.quantity.to_string()))
        .collect();
    assert_eq!(rows, [("S001", "3".to_owned()), ("S002", "-0.5".to_owned())]);
    assert_eq!((stock.total.quantity, stock.total.negative), (Units(2_500), 1));
    let by_sku = chain.hub.ask(ask(By::Sku)).unwrap();
    assert_eq!((by_sku.rows[0].quantity, by_sku.rows[0].count), (Units(2_500), 2));
    let as_of: Vec<_> = stock.as_of.iter().map(|known| (known.seq, known.in_step)).collect();
    assert_eq!(as_of, [(Some(2), false), (Some(2), false)]);

    let (item, store) = ("C1".to_owned(), "S001".parse().unwrap());
    let why = chain.hub.ask(Explain { item, store, from: None, to: None }).unwrap();
    assert_eq!(why.closing, why.on_hand);
    let [day] = why.days.as_slice() else { panic!("{why:?}") };
    assert_eq!((day.inward.quantity, day.outward.quantity), (Units(5_000), Units(2_000)));
    let facts: Vec<_> = day
        .facts
        .iter()
        .map(|fact| (fact.bill.as_str(), fact.change.quantity, fact.balance))
        .collect();
    assert_eq!(
        facts,
        [
            ("S001-A-20261122-00001", Units(5_000), Units(5_000)),
            ("S001-A-20261122-00002", Units(-2_000), Units(3_000)),
        ]
    );
    assert_eq!(day.facts[0].note.as_deref(), Some("盘点"));
    assert_eq!(why.closing.value, Amount(0));
}

#[tokio::test]
async fn stock_of_a_category_is_that_of_its_products_and_of_those_within_it() {
    let chain = Chain::start().await;
    for (sku, category) in [("C1", "饮料/碳酸"), ("C2", "饮料"), ("C3", "纸品")] {
        let fields = [("category".to_owned(), category.to_owned())].into();
        let codes = Codes::Articles;
        let set = SetProduct { sku: sku.parse().unwrap(), fields, codes };
        chain.hub.ask(set).unwrap();
    }
    let shop = chain.shop("S001").await;
    for (sku, units) in [("C1", "5"), ("C2", "2"), ("C3", "-1")] {
        shop.adjust(sku, units);
    }
    chain.connect(&shop).await.leave(&chain, &shop).await;
    let of = |category: &str, by| {
        let category = Some(category.to_owned());
        let stock =
            chain.hub.ask(ShowStock { store: None, item: None, category, date: None, by }).unwrap();
        (stock.rows.len(), stock.total.quantity, stock.total.negative)
    };
    for (category, rows, units, negative) in
        [("饮料", 2, 7_000, 0), ("饮料/碳酸", 1, 5_000, 0), ("纸品", 1, -1_000, 1), ("酒", 0, 0, 0)]
    {
        for by in [By::Sku, By::StoreAndSku] {
            assert_eq!(of(category, by), (rows, Units(units), negative), "{category}");
        }
    }
}
