//! Orders that say something else than what people did and said.

use ledger::id::TransferId;
use ledger::transfer::Stage;
use sync_proto::Writer;
use sync_proto::order::Event;

use super::Planted;
use crate::sim::ending::{Ending, status_of};
use crate::sim::shop::Care;
use crate::sim::world::HUB;

pub(super) const FAULTS: [Planted; 11] = [
    Planted {
        name: "an acknowledged entry is lost everywhere",
        found_by: "acknowledged entries are there",
        plant: |ending| {
            (!ending.may_part).then_some(())?;
            let (id, at) = entry_of(ending, "request")?;
            edit(ending, &id, |events| drop(events.remove(at)));
            Some(id.to_string())
        },
    },
    Planted {
        name: "an entry that nobody said",
        found_by: "entries were said",
        plant: |ending| {
            let (id, at) = entry_of(ending, "request")?;
            edit(ending, &id, |events| events[at].text.push(' '));
            Some(id.to_string())
        },
    },
    Planted {
        name: "an entry under another's name",
        found_by: "entries were said",
        plant: |ending| {
            let (id, at) = entry_of(ending, "ship/1")?;
            edit(ending, &id, |events| events[at].by = Writer::Hub);
            Some(id.to_string())
        },
    },
    Planted {
        name: "a doubled receipt",
        found_by: "lines are as recounted",
        plant: |ending| {
            let (id, at) = entry_of(ending, "receive/1")?;
            let mut again = ending.hub().orders[&id][at].clone();
            again.name = "receive/1/77".parse().ok()?;
            again.text = again.text.replace("\"fact\":\"", "\"fact\":\"9");
            say(ending, &id, &again);
            Some(id.to_string())
        },
    },
    Planted {
        name: "a shipment that the order does not tell of",
        found_by: "lines are as recounted",
        plant: |ending| {
            let (id, at) = entry_of(ending, "ship/1")?;
            edit(ending, &id, |events| drop(events.remove(at)));
            Some(id.to_string())
        },
    },
    Planted {
        name: "a shipment told with another quantity",
        found_by: "lines are as recounted",
        plant: |ending| {
            let (id, at) = entry_of(ending, "ship/1")?;
            edit(ending, &id, |events| {
                events[at].text = events[at].text.replacen("\"qty\":", "\"qty\":9", 1);
            });
            Some(id.to_string())
        },
    },
    Planted {
        name: "a settlement without cause",
        found_by: "lines are as recounted",
        plant: |ending| {
            let (id, at) = entry_of(ending, "ship/1")?;
            let mut event = ending.hub().orders[&id][at].clone();
            event.name = "settle/77".parse().ok()?;
            event.text = event
                .text
                .replace("\"goods\"", "\"lost\"")
                .replace("\"fact\":\"", "\"liable\":\"carrier\",\"note\":\"\",\"fact\":\"9");
            say(ending, &id, &event);
            Some(id.to_string())
        },
    },
    Planted {
        name: "an order that one store sees otherwise",
        found_by: "orders agree",
        plant: |ending| {
            let (id, at) = entry_of(ending, "request")?;
            ending.machines[1].orders.get_mut(&id)?.remove(at);
            Some(id.to_string())
        },
    },
    Planted {
        name: "a status that one store sees otherwise",
        found_by: "status is one everywhere",
        plant: |ending| {
            let (id, transfer) = ending.machines[1].transfers.iter_mut().next()?;
            transfer.anomalies.clear();
            transfer.stage = Stage::Unknown;
            Some(id.to_string())
        },
    },
    Planted {
        name: "a status that depends on the order of arrival",
        found_by: "status does not depend on order",
        plant: |ending| {
            let (id, _) = entry_of(ending, "ship/1")?;
            let first = ending.hub().orders[&id].first()?.clone();
            let early = status_of([&first]);
            ending
                .machines
                .iter_mut()
                .for_each(|m| drop(m.transfers.insert(id.clone(), early.clone())));
            Some(id.to_string())
        },
    },
    Planted {
        name: "a transfer that is stuck and waits for nothing",
        found_by: "a transfer is over or waits",
        plant: |ending| {
            let transfers = ending.machines[HUB].transfers.iter_mut();
            let (id, transfer) = transfers
                .into_iter()
                .find(|(_, t)| matches!(t.stage, Stage::Shipped | Stage::PartlyReceived))?;
            transfer.waits_for.clear();
            Some(id.to_string())
        },
    },
];

/// Where some transfer has an entry of this name.
fn entry_of(ending: &Ending, name: &str) -> Option<(TransferId, usize)> {
    ending.hub().orders.iter().find_map(|(id, events)| {
        let at = events.iter().position(|event| event.name.as_str() == name)?;
        Some((id.clone(), at))
    })
}

/// Changes an order everywhere, with what is read from it.
fn edit(ending: &mut Ending, id: &TransferId, change: impl Fn(&mut Vec<Event>)) {
    for machine in &mut ending.machines {
        if let Some(events) = machine.orders.get_mut(id) {
            change(events);
            machine.transfers.insert(id.clone(), status_of(events.iter()));
        }
    }
}

/// Adds an entry everywhere, as if its party had said it.
fn say(ending: &mut Ending, id: &TransferId, event: &Event) {
    let word = (id.clone(), event.by.clone(), event.name.to_string(), event.text.clone());
    ending.shop.words.insert(word, Care { machine: HUB, acked: true, excused: false });
    edit(ending, id, |events| {
        events.push(event.clone());
        events.sort_unstable();
    });
}
