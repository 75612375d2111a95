use hub::ask::checks::ListReports;
use hub::ask::schedule::{ListSchedules, RemoveSchedule, SetSchedule};
use hub::checks::Depth;
use hub::checks::report::Scope;
use hub::{Door, Hub, HubError};
use ledger::check::Check;

use crate::chain::{Chain, HOUR, TODAY, until};

fn set(hub: &Hub, name: &str, rhythm: &str) -> Result<(), HubError> {
    let scope = Scope { checks: vec![Check::NegativeStock], ..Scope::default() };
    let rhythm = rhythm.parse().unwrap();
    hub.ask(SetSchedule { name: name.to_owned(), rhythm, scope, depth: Depth::Changed }).map(drop)
}

fn reports(hub: &Hub) -> usize {
    hub.ask(ListReports {}).unwrap().reports.len()
}

#[tokio::test]
async fn what_fell_due_is_made_good_once_after_a_restart() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    shop.sell("C1", "1", |_| ());
    chain.connect(&shop).await.leave(&chain, &shop).await;
    set(&chain.hub, "stock", "every 60").unwrap();
    let listed = chain.hub.ask(ListSchedules {}).unwrap().schedules;
    assert_eq!(listed[0].next.unwrap().millis(), TODAY + HOUR);
    assert_eq!(reports(&chain.hub), 0, "it is not due");

    chain.clock.forward(5 * HOUR);
    let chain = chain.restart().await;
    until(|| reports(&chain.hub) == 1).await;
    let next = || chain.hub.ask(ListSchedules {}).unwrap().schedules[0].next.unwrap().millis();
    until(|| next() == TODAY + 6 * HOUR).await;
    let report = chain.hub.ask(ListReports {}).unwrap().reports.remove(0);
    assert_eq!((report.warnings, report.scope.checks), (1, vec![Check::NegativeStock]));

    // Setting one wakes the hub, which then looks at the clock.
    chain.clock.forward(HOUR);
    set(&chain.hub, "another", "at 03:00").unwrap();
    let ran = || {
        let listed = chain.hub.ask(ListSchedules {}).unwrap().schedules;
        let stock = listed.iter().find(|listed| listed.schedule.name == "stock");
        stock.is_some_and(|stock| stock.schedule.last.millis() == TODAY + 6 * HOUR)
    };
    until(ran).await;
    assert_eq!(reports(&chain.hub), 2);
    let gone = chain.hub.ask(RemoveSchedule { name: "stock".to_owned() }).unwrap();
    assert_eq!(gone.last.millis(), TODAY + 6 * HOUR);
    let again = chain.hub.ask(RemoveSchedule { name: "stock".to_owned() });
    assert!(matches!(again, Err(HubError::NoSchedule { .. })));
    assert!(matches!(set(&chain.hub, " a/b", "every 60"), Err(HubError::ScheduleName { .. })));
}
