use hub::ask::catalog::SetProduct;
use hub::ask::checks::RunChecks;
use hub::checks::Depth;
use hub::checks::report::{CheckReport, Scope, Seen};
use hub::text::Amount;
use hub::{Door, Hub};
use ledger::catalog::Field;
use ledger::check::Check;
use ledger::scan::Codes;

use crate::chain::{Chain, HOUR};

fn run(hub: &Hub) -> CheckReport {
    hub.ask(RunChecks { scope: Scope::default(), depth: Depth::Changed }).unwrap()
}

fn checks(report: &CheckReport) -> Vec<Check> {
    report.findings.iter().map(|finding| finding.check).collect()
}

fn set(hub: &Hub, sku: &str, field: &str, value: &str) {
    let fields = [(field.to_owned(), value.to_owned())].into();
    hub.ask(SetProduct { sku: sku.parse().unwrap(), fields, codes: Codes::Any }).unwrap();
}

#[tokio::test]
async fn prices_are_compared_with_the_catalog_as_it_was() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    set(&chain.hub, "C1", "price", "3.5");
    set(&chain.hub, "C2", "price", "3.6");
    set(&chain.hub, "C2", "floor_price", "3.52");
    shop.adjust("C1", "10");
    shop.adjust("C2", "10");
    // Both sell at 3.50.
    shop.sell("C1", "2", |_| ());
    let dear = shop.sell("C2", "2", |_| ());
    chain.connect(&shop).await.leave(&chain, &shop).await;
    let report = run(&chain.hub);
    assert_eq!(checks(&report), [Check::PriceList, Check::BelowFloor]);
    let money = |raw| Seen::Money(Amount(raw));
    for (finding, due, paid) in [
        (&report.findings[0], money(36_000), money(35_000)),
        (&report.findings[1], money(70_400), money(70_000)),
    ] {
        assert_eq!((finding.fact, finding.line), (Some(dear), Some(1)));
        assert_eq!((&finding.expected, &finding.found), (&due, &paid));
    }
    // What the price is now does not matter.
    chain.clock.forward(HOUR);
    set(&chain.hub, "C1", "price", "4");
    set(&chain.hub, "C2", "floor_price", "");
    assert_eq!(run(&chain.hub).findings.len(), 2);
}

#[tokio::test]
async fn a_silent_store_and_a_barcode_of_two_products_are_found() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    set(&chain.hub, "C1", "barcode", "69");
    shop.edit("C2", Field::Barcode, "69");
    chain.connect(&shop).await.leave(&chain, &shop).await;
    let report = run(&chain.hub);
    assert_eq!(checks(&report), [Check::BarcodeTwice]);
    assert_eq!(report.findings[0].subject.as_deref(), Some("69"));
    set(&chain.hub, "C2", "barcode", "70");
    chain.clock.forward(4 * 24 * HOUR);
    let report = run(&chain.hub);
    assert_eq!(checks(&report), [Check::StoreSilent]);
    assert_eq!(report.findings[0].found, Seen::Days(4));
    assert_eq!(report.resolved.len(), 1);
    let connected = chain.connect(&shop).await;
    assert_eq!(run(&chain.hub).findings, []);
    connected.leave(&chain, &shop).await;
}
