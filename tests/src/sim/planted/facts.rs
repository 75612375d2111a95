//! Facts that were posted wrongly: every replica holds the same text, and it says something else than
//! what people did.

use ledger::amount::{Money, Quantity};
use ledger::chain::ChainLink;
use ledger::fact::{Body, Fact};
use ledger::id::{FactId, Sku, StoreId, TransferId};
use ledger::movement::{Account, Movement};
use sync_proto::Writer;

use super::Planted;
use crate::sim::ending::{Ending, days, stock};

pub(super) const FAULTS: [Planted; 8] = [
    Planted {
        name: "a dropped movement",
        found_by: "stock is as recounted",
        plant: |ending| posted(ending, |fact| Some(fact.movements.pop()?.sku)),
    },
    Planted {
        name: "a movement booked twice",
        found_by: "stock is as recounted",
        plant: |ending| {
            posted(ending, |fact| {
                let again = fact.movements[0].clone();
                fact.movements.push(again.clone());
                Some(again.sku)
            })
        },
    },
    Planted {
        name: "a changed quantity",
        found_by: "stock is as recounted",
        plant: |ending| {
            let one = Quantity::from_thousandths(1).ok()?;
            posted(ending, |fact| {
                let moved = &mut fact.movements[0].quantity;
                *moved = moved.plus(one).ok()?;
                Some(fact.movements[0].sku.clone())
            })
        },
    },
    Planted {
        name: "a changed value",
        found_by: "stock is as recounted",
        plant: |ending| {
            let one = Money::from_ten_thousandths(1).ok()?;
            posted(ending, |fact| {
                let moved = &mut fact.movements[0].value;
                *moved = moved.plus(one).ok()?;
                Some(fact.movements[0].sku.clone())
            })
        },
    },
    Planted {
        name: "a movement the wrong way round",
        found_by: "stock is as recounted",
        plant: |ending| {
            posted(ending, |fact| {
                fact.movements[0] = turned(&fact.movements[0]);
                Some(fact.movements[0].sku.clone())
            })
        },
    },
    Planted {
        name: "another product moved",
        found_by: "stock is as recounted",
        plant: |ending| {
            let other = "6999999999999".parse().ok()?;
            posted(ending, |fact| Some(std::mem::replace(&mut fact.movements[0].sku, other)))
        },
    },
    Planted {
        name: "a swapped store",
        found_by: "stock is as recounted",
        plant: |ending| {
            let other = StoreId::new("S77").ok()?;
            posted(ending, |fact| {
                fact.store = other;
                Some(fact.movements[0].sku.clone())
            })
        },
    },
    Planted {
        name: "goods shipped into another transfer",
        found_by: "stock is as recounted",
        plant: |ending| {
            let other = Account::InTransit(TransferId::new("T-none").ok()?);
            let shipped = |fact: &Fact| {
                matches!(fact.body, Body::Transfer(_))
                    && matches!(fact.movements[0].to, Account::InTransit(_))
            };
            posted_where(ending, shipped, |fact| {
                fact.movements[0].to = other;
                Some(fact.movements[0].sku.clone())
            })
        },
    },
];

fn turned(movement: &Movement) -> Movement {
    Movement { from: movement.to.clone(), to: movement.from.clone(), ..movement.clone() }
}

/// Has the first fact posted otherwise. Gives the product that no longer adds up.
fn posted(ending: &mut Ending, spoil: impl FnOnce(&mut Fact) -> Option<Sku>) -> Option<String> {
    posted_where(ending, |_| true, spoil)
}

fn posted_where(
    ending: &mut Ending,
    is_it: impl Fn(&Fact) -> bool,
    spoil: impl FnOnce(&mut Fact) -> Option<Sku>,
) -> Option<String> {
    let held = ending.hub().facts.iter();
    let mut read = held.filter_map(|(name, text)| {
        Some((name.clone(), text.clone(), ledger::json::from_text(text).ok()?))
    });
    let (name, before, mut fact) =
        read.find(|(_, _, fact)| !fact.movements.is_empty() && is_it(fact))?;
    let sku = spoil(&mut fact)?;
    rewrite(ending, &name, &before, &ledger::json::to_text(&fact))?;
    Some(sku.to_string())
}

/// Lets a fact have had another text from the start, everywhere.
pub(super) fn rewrite(
    ending: &mut Ending,
    (store, id): &(StoreId, FactId),
    before: &str,
    after: &str,
) -> Option<()> {
    let deal = ending.shop.deals.remove(&(store.clone(), *id, before.to_owned()))?;
    ending.shop.deals.insert((store.clone(), *id, after.to_owned()), deal);
    if let Some(sealed) = ending.shop.closes.remove(&(store.clone(), *id, before.to_owned())) {
        ending.shop.closes.insert((store.clone(), *id, after.to_owned()), sealed);
    }
    for machine in &mut ending.machines {
        if let Some(text) = machine.facts.get_mut(&(store.clone(), *id)) {
            after.clone_into(text);
        }
        for (_, facts) in &mut machine.changes {
            facts.iter_mut().filter(|(_, text)| text == before).for_each(|(_, text)| {
                after.clone_into(text);
            });
        }
    }
    add_up(ending)
}

/// Draws chains and sums anew from the facts, as replicas that hold them would.
pub(super) fn add_up(ending: &mut Ending) -> Option<()> {
    for machine in &mut ending.machines {
        for ((store, epoch), head) in &mut machine.heads {
            let facts = machine.facts.iter();
            let own = facts.filter(|((of, id), _)| of == store && id.epoch == *epoch);
            let mut link = ChainLink::genesis(store, *epoch);
            head.seq = 0;
            for ((_, id), text) in own {
                (head.seq, link) = (id.seq, link.then(text));
            }
            head.link = link;
        }
        if machine.writer == Writer::Hub {
            machine.days = days(&machine.facts).ok()?;
            machine.stock = stock(&machine.days);
        }
    }
    Some(())
}
