//! Head office's word on transfers.

use hub::HubError;
use hub::transfers::{Asked, Said, Word};
use ledger::amount::Quantity;
use ledger::transfer::{Route, Wanted};

use crate::chain::Chain;

fn line(units: i64) -> Wanted {
    Wanted { sku: "C1".parse().unwrap(), quantity: Quantity::units(units).unwrap() }
}

#[tokio::test]
async fn agreeing_to_nothing_is_refused_with_a_way_to_say_it() {
    let chain = Chain::start().await;
    for store in ["S001", "S002"] {
        chain.shop(store).await;
    }
    let route = Route::new("S001".parse().unwrap(), "S002".parse().unwrap()).unwrap();
    let ask = |units| {
        let asked = Asked { route: route.clone(), lines: vec![line(units)], remark: None };
        chain.hub.request_transfer(asked, None, None).unwrap().0
    };
    let (some, none) = (ask(5), ask(0));
    for (id, lines) in [(&some, vec![line(0)]), (&none, vec![])] {
        let refused = chain.hub.decide_transfer(id, None, Word::Approve(lines)).unwrap_err();
        assert!(matches!(refused, HubError::ApprovesNothing { .. }), "{refused}");
    }
    let said = chain.hub.decide_transfer(&some, None, Word::Approve(vec![line(2)])).unwrap();
    assert_eq!(said, Said::Now);
}
