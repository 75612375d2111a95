//! Orders of transfers that say something else than what people did and said.

use ledger::transfer::Stage;
use sync_proto::{OrderKind, Writer};

use super::Planted;
use super::entries::{edit, entry_of, number, say};
use crate::sim::ending::{transfer_of, transfer_status};
use crate::sim::world::HUB;

pub(super) const FAULTS: [Planted; 11] = [
    Planted {
        name: "an acknowledged entry is lost everywhere",
        found_by: "acknowledged entries are there",
        plant: |ending| {
            (!ending.may_part).then_some(())?;
            let (id, at) = entry_of(ending, OrderKind::Transfer, "request")?;
            edit(ending, &id, |events| drop(events.remove(at)));
            Some(number(&id))
        },
    },
    Planted {
        name: "an entry that nobody said",
        found_by: "entries were said",
        plant: |ending| {
            let (id, at) = entry_of(ending, OrderKind::Transfer, "request")?;
            edit(ending, &id, |events| events[at].text.push(' '));
            Some(number(&id))
        },
    },
    Planted {
        name: "an entry under another's name",
        found_by: "entries were said",
        plant: |ending| {
            let (id, at) = entry_of(ending, OrderKind::Transfer, "ship/1")?;
            edit(ending, &id, |events| events[at].by = Writer::Hub);
            Some(number(&id))
        },
    },
    Planted {
        name: "a doubled receipt",
        found_by: "lines are as recounted",
        plant: |ending| {
            let (id, at) = entry_of(ending, OrderKind::Transfer, "receive/1")?;
            let mut again = ending.hub().orders[&id][at].clone();
            again.name = "receive/1/77".parse().ok()?;
            again.text = again.text.replace("\"fact\":\"", "\"fact\":\"9");
            say(ending, &id, &again);
            Some(number(&id))
        },
    },
    Planted {
        name: "a shipment that the order does not tell of",
        found_by: "lines are as recounted",
        plant: |ending| {
            let (id, at) = entry_of(ending, OrderKind::Transfer, "ship/1")?;
            edit(ending, &id, |events| drop(events.remove(at)));
            Some(number(&id))
        },
    },
    Planted {
        name: "a shipment told with another quantity",
        found_by: "lines are as recounted",
        plant: |ending| {
            let (id, at) = entry_of(ending, OrderKind::Transfer, "ship/1")?;
            edit(ending, &id, |events| {
                events[at].text = events[at].text.replacen("\"qty\":", "\"qty\":9", 1);
            });
            Some(number(&id))
        },
    },
    Planted {
        name: "a settlement without cause",
        found_by: "lines are as recounted",
        plant: |ending| {
            let (id, at) = entry_of(ending, OrderKind::Transfer, "ship/1")?;
            let mut event = ending.hub().orders[&id][at].clone();
            event.name = "settle/77".parse().ok()?;
            event.text = event
                .text
                .replace("\"goods\"", "\"lost\"")
                .replace("\"fact\":\"", "\"liable\":\"carrier\",\"note\":\"\",\"fact\":\"9");
            say(ending, &id, &event);
            Some(number(&id))
        },
    },
    Planted {
        name: "an order that one store sees otherwise",
        found_by: "orders agree",
        plant: |ending| {
            let (id, at) = entry_of(ending, OrderKind::Transfer, "request")?;
            ending.machines[1].orders.get_mut(&id)?.remove(at);
            Some(number(&id))
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
            let (id, _) = entry_of(ending, OrderKind::Transfer, "ship/1")?;
            let early = transfer_status(ending.hub().orders[&id].first());
            let transfer = transfer_of(&id)?;
            for machine in &mut ending.machines {
                machine.transfers.insert(transfer.clone(), early.clone());
            }
            Some(number(&id))
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
