//! Orders of purchases that say something else than what people did and said.

use ledger::purchase::{Purchase, Stage};
use sync_proto::{DocId, OrderKind};

use super::Planted;
use super::entries::{edit, entry_of, number, say};
use crate::sim::ending::{Ending, purchase_of, purchase_status};
use crate::sim::world::HUB;

pub(super) const FAULTS: [Planted; 13] = [
    Planted {
        name: "an acknowledged approval is lost everywhere",
        found_by: "acknowledged entries are there",
        plant: |ending| {
            (!ending.may_part).then_some(())?;
            let (doc, at) = entry_of(ending, OrderKind::Purchase, "approve")?;
            edit(ending, &doc, |events| drop(events.remove(at)));
            Some(number(&doc))
        },
    },
    Planted {
        name: "an order at another price than was said",
        found_by: "entries were said",
        plant: |ending| {
            let (doc, at) = entry_of(ending, OrderKind::Purchase, "order/1")?;
            edit(ending, &doc, |events| {
                events[at].text = events[at].text.replacen("\"price\":", "\"price\":1", 1);
            });
            Some(number(&doc))
        },
    },
    Planted {
        name: "a purchase that one store sees otherwise",
        found_by: "status is one everywhere",
        plant: |ending| {
            let (id, purchase) = ending.machines[1].purchases.iter_mut().next()?;
            purchase.waits_for.clear();
            purchase.stage = Stage::Unknown;
            Some(id.to_string())
        },
    },
    Planted {
        name: "a purchase of which one store lost its order",
        found_by: "orders agree",
        plant: |ending| {
            let (doc, _) = entry_of(ending, OrderKind::Purchase, "order/1")?;
            let holds = |of: &DocId| *of == doc;
            let store = ending.machines[1..].iter_mut().find(|m| m.orders.keys().any(holds))?;
            store.orders.remove(&doc);
            Some(number(&doc))
        },
    },
    Planted {
        name: "a delivery told twice",
        found_by: "a purchase is as recounted",
        plant: |ending| {
            let (doc, at) = entry_of(ending, OrderKind::Purchase, "receive/1")?;
            let mut again = ending.hub().orders[&doc][at].clone();
            again.name = "receive/77".parse().ok()?;
            again.text = again.text.replace("\"fact\":\"", "\"fact\":\"9");
            say(ending, &doc, &again);
            Some(number(&doc))
        },
    },
    Planted {
        name: "a delivery that the order does not tell of",
        found_by: "a purchase is as recounted",
        plant: |ending| {
            let (doc, at) = entry_of(ending, OrderKind::Purchase, "receive/1")?;
            edit(ending, &doc, |events| drop(events.remove(at)));
            Some(number(&doc))
        },
    },
    Planted {
        name: "a delivery told at another cost",
        found_by: "a purchase is as recounted",
        plant: |ending| {
            let (doc, at) = entry_of(ending, OrderKind::Purchase, "receive/1")?;
            edit(ending, &doc, |events| {
                events[at].text = events[at].text.replacen("\"value\":", "\"value\":1", 1);
            });
            Some(number(&doc))
        },
    },
    Planted {
        name: "a refund told as an exchange, or the other way round",
        found_by: "a purchase is as recounted",
        plant: |ending| {
            let (doc, at) = entry_of(ending, OrderKind::Purchase, "return/1")?;
            edit(ending, &doc, |events| {
                let text = &mut events[at].text;
                *text = match text.contains("exchange") {
                    true => text.replace("exchange", "refund"),
                    false => text.replace("refund", "exchange"),
                };
            });
            Some(number(&doc))
        },
    },
    Planted {
        name: "what is still to come is forgotten",
        found_by: "a purchase adds up",
        plant: |ending| {
            judged_otherwise(ending, |purchase| {
                let open = purchase.lines.values_mut().find(|line| line.open > 0);
                open.map(|line| line.open = 0)
            })
        },
    },
    Planted {
        name: "another quantity than was agreed to",
        found_by: "a purchase adds up",
        plant: |ending| {
            judged_otherwise(ending, |purchase| {
                let open = purchase.lines.values_mut().find(|line| line.open > 0);
                open.map(|line| (line.ordered, line.open) = (line.ordered + 1, line.open + 1))
            })
        },
    },
    Planted {
        name: "goods that came for an order that is called off",
        found_by: "a purchase follows its goods",
        plant: |ending| {
            judged_otherwise(ending, |purchase| {
                let came = purchase.lines.values().any(|line| line.accepted.quantity > 0);
                came.then(|| purchase.stage = Stage::Cancelled)
            })
        },
    },
    Planted {
        name: "a purchase that depends on the order of arrival",
        found_by: "a purchase does not depend on order",
        plant: |ending| {
            let (doc, _) = entry_of(ending, OrderKind::Purchase, "approve")?;
            let early = purchase_status(ending.hub().orders[&doc].first());
            ending.machines[HUB].purchases.insert(purchase_of(&doc)?, early);
            Some(number(&doc))
        },
    },
    Planted {
        name: "a purchase that is stuck and waits for nothing",
        found_by: "a purchase is over or waits",
        plant: |ending| {
            judged_otherwise(ending, |purchase| {
                let under_way = matches!(purchase.stage, Stage::Sent | Stage::PartlyReceived);
                under_way.then(|| purchase.waits_for.clear())
            })
        },
    },
];

/// Has the hub see some purchase otherwise than its entries say.
fn judged_otherwise(
    ending: &mut Ending,
    judge: impl Fn(&mut Purchase) -> Option<()>,
) -> Option<String> {
    let mut purchases = ending.machines[HUB].purchases.iter_mut();
    purchases.find_map(|(id, purchase)| judge(purchase).map(|()| id.to_string()))
}
