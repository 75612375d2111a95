//! Books that lost, doubled or mixed up what was posted rightly.

use ledger::chain::ChainLink;
use ledger::id::{Epoch, FactId, StoreId};

use super::Planted;
use super::facts::add_up;
use crate::sim::ending::Ending;
use crate::sim::shop::Spot;
use crate::sim::world::HUB;

pub(super) const FAULTS: [Planted; 13] = [
    Planted {
        name: "an acknowledged fact is lost everywhere",
        found_by: "acknowledged facts are there",
        plant: |ending| {
            let name = last_owed(ending)?;
            for machine in &mut ending.machines {
                machine.facts.remove(&name);
                machine.changes.iter_mut().for_each(|(_, facts)| {
                    facts.retain(|(id, text)| *id != name.1 || !is_of(text, &name.0));
                });
            }
            add_up(ending)?;
            Some(format!("{} {}", name.0, name.1))
        },
    },
    Planted {
        name: "a fact that nobody wrote",
        found_by: "facts were issued",
        plant: |ending| {
            let name = last_owed(ending)?;
            ending.shop.deals.retain(|(store, id, _), _| (store, *id) != (&name.0, name.1));
            Some(format!("{} {}", name.0, name.1))
        },
    },
    Planted {
        name: "a fact booked again under the next number",
        found_by: "facts were issued",
        plant: |ending| {
            let (store, id) = last_owed(ending)?;
            let text = ending.hub().facts.get(&(store.clone(), id))?.clone();
            let next = FactId { epoch: id.epoch, seq: id.seq + 1 };
            for machine in &mut ending.machines {
                if machine.facts.contains_key(&(store.clone(), id)) {
                    machine.facts.insert((store.clone(), next), text.clone());
                }
            }
            add_up(ending)?;
            Some(format!("{store} {next}"))
        },
    },
    Planted {
        name: "a gap in the numbers",
        found_by: "chains are whole",
        plant: |ending| {
            let (store, last) = last_owed(ending)?;
            let first = FactId { epoch: last.epoch, seq: 1 };
            (last.seq > 1).then_some(())?;
            ending.machines[HUB].facts.remove(&(store.clone(), first))?;
            Some(store.to_string())
        },
    },
    Planted {
        name: "a broken link of a chain",
        found_by: "chains are whole",
        plant: |ending| {
            let (key, head) = ending.machines[HUB].heads.iter_mut().next()?;
            head.link = ChainLink::genesis(&key.0, Epoch::FIRST).then("something else");
            Some(key.0.to_string())
        },
    },
    Planted {
        name: "a fact in two changes",
        found_by: "each fact is in one change",
        plant: |ending| {
            let changes = &mut ending.machines[HUB].changes;
            let (doc, facts) = changes.first()?.clone();
            let (id, _) = facts.first()?.clone();
            changes.push((doc, facts));
            Some(id.to_string())
        },
    },
    Planted {
        name: "a fact in no change",
        found_by: "each fact is in one change",
        plant: |ending| {
            let (doc, mut facts) = ending.machines[HUB].changes.pop()?;
            let (id, _) = facts.pop()?;
            ending.machines[HUB].changes.push((doc, facts));
            Some(id.to_string())
        },
    },
    Planted {
        name: "a change with another text than the books",
        found_by: "each fact is in one change",
        plant: |ending| {
            let (doc, facts) = ending.machines[HUB].changes.first_mut()?;
            facts.first_mut()?.1.push(' ');
            Some(doc.to_string())
        },
    },
    Planted {
        name: "a fact missing at its store",
        found_by: "books agree",
        plant: |ending| {
            let name = last_owed(ending)?;
            ending.machines[1..].iter_mut().find_map(|machine| machine.facts.remove(&name))?;
            Some(name.1.to_string())
        },
    },
    Planted {
        name: "stock off by one",
        found_by: "stock is as recounted",
        plant: |ending| {
            let on_hand =
                |spot: &Spot| matches!(spot, Spot::At(_, account) if account == "on_hand");
            off_by_one(ending, on_hand)
        },
    },
    Planted {
        name: "goods that vanish on the way",
        found_by: "goods are conserved",
        plant: |ending| {
            off_by_one(ending, |spot| matches!(spot, Spot::Way(_)))?;
            Some("came from nowhere".to_owned())
        },
    },
    Planted {
        name: "a fact set aside for no reason",
        found_by: "nothing is set aside for no reason",
        plant: |ending| {
            (!ending.may_part).then_some(())?;
            let (store, id) = last_owed(ending)?;
            let machine = ending.machines.iter_mut().find(|m| m.writer.store() == Some(&store))?;
            machine.aside.insert((id, "a text".to_owned()));
            Some(store.to_string())
        },
    },
    Planted {
        name: "a wrong catalog",
        found_by: "catalogs agree",
        plant: |ending| {
            let mut held = ending.machines[1].catalog.values_mut();
            held.find(|held| !held.products.is_empty())?.products.pop();
            Some(ending.machines[1].writer.to_string())
        },
    },
];

/// The last fact of some store's epoch that must be at the hub.
fn last_owed(ending: &Ending) -> Option<(StoreId, FactId)> {
    ending.hub().heads.iter().find_map(|((store, epoch), head)| {
        let id = FactId { epoch: *epoch, seq: head.seq };
        let text = ending.hub().facts.get(&(store.clone(), id))?;
        let deal = ending.shop.deals.get(&(store.clone(), id, text.clone()))?;
        deal.care.is_owed().then(|| (store.clone(), id))
    })
}

fn is_of(text: &str, store: &StoreId) -> bool {
    ledger::json::from_text(text).is_ok_and(|fact| fact.store == *store)
}

fn off_by_one(ending: &mut Ending, is_it: impl Fn(&Spot) -> bool) -> Option<String> {
    let mut stock = ending.machines[HUB].stock.iter_mut();
    let ((_, sku), balance) = stock.find(|((spot, _), _)| is_it(spot))?;
    balance.quantity += 1;
    Some(sku.to_string())
}
