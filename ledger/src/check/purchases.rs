//! Purchase orders: what an order says of goods is what the stores' books say; goods come for orders
//! that somebody has placed, and not more than was agreed to; the parties contradict neither
//! themselves nor each other.
//!
//! *Fails on*: an entry that names a fact which is not in the books or moved other goods; a fact of
//! which the order says nothing; a delivery for an order that is nowhere; more taken in than ordered,
//! unless the surplus went back; any other anomaly of the order.

use std::collections::{BTreeMap, BTreeSet};

use super::goods::{Sums, first_difference, sums};
use super::{Check, Evidence, Finding, Limits, Observed, Proposal};
use crate::fact::{Body, Fact};
use crate::id::{FactId, PurchaseId, Sku, StoreId};
use crate::order::{Goods, OrderStep, Party};
use crate::purchase::{Act, Anomaly, Entry, Event, Line, Purchase, Step, status};

/// What is known of a purchase order.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Which.
    pub id: &'a PurchaseId,
    /// What its parties have said.
    pub entries: &'a [Entry],
    /// The facts of stores that moved its goods.
    pub facts: &'a [Fact],
}

/// For which order a fact moved goods, if for any.
pub fn purchase_of(fact: &Fact) -> Option<&PurchaseId> {
    match &fact.body {
        Body::GoodsReceipt { delivery: Some(delivery), .. } => delivery.order.as_ref(),
        Body::Purchase(Act::SentBack(sent)) => sent.order.as_ref(),
        _ => None,
    }
}

/// Checks a purchase order. `reached` says whether the books of a store here go as far as a fact:
/// orders and books travel apart, and what has not come yet is no contradiction.
pub fn check(
    known: Known<'_>,
    reached: impl Fn(&StoreId, FactId) -> bool,
    limits: Limits,
) -> Vec<Finding> {
    let purchase = status(known.entries);
    let mut found = facts_and_entries(known, reached);
    found.extend(unknown(known, &purchase));
    found.extend(beyond(known, &purchase, limits));
    found.extend(anomalies(&purchase));
    let subject = Some(known.id.as_str().into());
    found.iter_mut().for_each(|finding| finding.subject.clone_from(&subject));
    found
}

/// What the stores say of goods and have not taken back.
fn deeds(entries: &[Entry]) -> impl Iterator<Item = ((&StoreId, FactId), &Step)> {
    let said = || {
        entries.iter().filter_map(|entry| match entry {
            Entry::Said(event) => Some(event),
            Entry::Unread(_) => None,
        })
    };
    let taken_back: BTreeSet<(&Party, &Step)> =
        said().filter_map(|event| Some((&event.by, event.step.withdrawn()?))).collect();
    said().filter_map(move |Event { by, step, .. }| match (by, step.fact()) {
        (Party::Store(store), Some(fact)) if !taken_back.contains(&(by, step)) => {
            Some(((store, fact), step))
        }
        _ => None,
    })
}

fn facts_and_entries(known: Known<'_>, reached: impl Fn(&StoreId, FactId) -> bool) -> Vec<Finding> {
    let (check, proposal) = (Check::PurchaseFact, Proposal::ComparePaper);
    let mut found = Vec::new();
    let booked: BTreeMap<_, _> = known.facts.iter().map(|f| ((&f.store, f.id), f)).collect();
    let mut told = BTreeSet::new();
    for ((store, id), said) in deeds(known.entries) {
        told.insert((store, id));
        match booked.get(&(store, id)) {
            Some(fact) => {
                let Some((_, moved)) = Step::of_fact(fact) else { continue };
                if let Some((sku, said, moved)) = difference(said, &moved) {
                    let evidence = Evidence::new(Observed::Stock(moved), Observed::Stock(said));
                    let finding = Finding::at(check, fact, evidence, proposal);
                    found.push(Finding { sku: Some(sku), ..finding });
                }
            }
            None if reached(store, id) => {
                let evidence = Evidence::new(Observed::Fact(id), Observed::Nothing);
                let finding = Finding::of_store(check, store, evidence, proposal);
                found.push(Finding { first_divergent: Some(id), ..finding });
            }
            None => {}
        }
    }
    for fact in known.facts.iter().filter(|fact| !told.contains(&(&fact.store, fact.id))) {
        let step = Step::of_fact(fact).map(|(_, step)| step.name().to_string());
        let evidence =
            Evidence::new(Observed::Word(step.unwrap_or_default().into()), Observed::Nothing);
        found.push(Finding::at(check, fact, evidence, proposal));
    }
    found
}

/// The first goods of which two steps say otherwise.
fn difference(
    said: &Step,
    moved: &Step,
) -> Option<(Sku, crate::fold::Balance, crate::fold::Balance)> {
    let (said, moved) = (piles(said), piles(moved));
    said.iter().zip(&moved).find_map(|(said, moved)| first_difference(said, moved))
}

/// What a step took in, did not accept, and sent back.
fn piles(step: &Step) -> [Sums; 3] {
    let piles: [&[Goods]; 3] = match step {
        Step::Receive { accepted, rejected, .. } => [accepted, rejected, &[]],
        Step::Return { goods, .. } => [&[], &[], goods],
        _ => [&[], &[], &[]],
    };
    piles.map(sums)
}

/// Goods that came for an order that nobody here has seen.
fn unknown(known: Known<'_>, purchase: &Purchase) -> Option<Finding> {
    if purchase.order.is_some() {
        return None;
    }
    let first = known.facts.iter().min_by_key(|fact| (fact.at, &fact.store, fact.id))?;
    let evidence = Evidence::new(Observed::Word("order".into()), Observed::Nothing);
    Some(Finding::at(Check::PurchaseUnknown, first, evidence, Proposal::Reconnect))
}

/// Basis points in a whole.
const BASIS_POINTS: i128 = 10_000;

/// Lines of which more is kept than was agreed to.
fn beyond(known: Known<'_>, purchase: &Purchase, limits: Limits) -> Vec<Finding> {
    if purchase.order.is_none() {
        return Vec::new();
    }
    let finding = |((store, sku), line): (&(StoreId, Sku), &Line)| {
        // What went back for its money is not kept; what was exchanged is due again.
        let given_up = (line.returned.quantity - line.exchanged).max(0);
        let (agreed, excess) = (line.ordered + line.exchanged, line.over - given_up);
        if excess * BASIS_POINTS <= agreed * i128::from(limits.over_receipt_points) {
            return None;
        }
        let fact = too_much(known.facts, store, sku, agreed);
        Some(Finding {
            check: Check::OverReceipt,
            store: Some(store.clone()),
            sku: Some(sku.clone()),
            date: fact.map(|fact| fact.date),
            first_divergent: fact.map(|fact| fact.id),
            subject: None,
            evidence: Evidence::new(
                Observed::Quantity(agreed),
                Observed::Quantity(agreed + excess),
            ),
            proposal: Proposal::ReturnSurplus,
        })
    };
    purchase.lines.iter().filter_map(finding).collect()
}

/// The delivery with which more had come to a store than was agreed to.
fn too_much<'a>(facts: &'a [Fact], store: &StoreId, sku: &Sku, agreed: i128) -> Option<&'a Fact> {
    let mut came: Vec<(&Fact, i128)> = Vec::new();
    for fact in facts.iter().filter(|fact| fact.store == *store) {
        if let Some((_, Step::Receive { accepted, rejected, .. })) = Step::of_fact(fact) {
            let goods = accepted.iter().chain(&rejected).filter(|goods| goods.sku == *sku);
            came.push((fact, goods.map(|goods| i128::from(goods.quantity.thousandths())).sum()));
        }
    }
    came.sort_unstable_by_key(|(fact, _)| (fact.at, fact.id));
    let mut sum = 0;
    let exceeds = |(fact, quantity): &(&'a Fact, i128)| {
        sum += quantity;
        (sum > agreed).then_some(*fact)
    };
    came.iter().find_map(exceeds)
}

fn anomalies(purchase: &Purchase) -> Vec<Finding> {
    let finding = |anomaly: &Anomaly| {
        let store = match (anomaly.by(), &purchase.buyer) {
            (Some(Party::Store(store)), _) | (None, Some(Party::Store(store))) => Some(store),
            _ => None,
        };
        let place = anomaly.place();
        Finding {
            check: Check::PurchaseAnomaly,
            store: place.map(|(store, _)| store).or(store).cloned(),
            sku: place.map(|(_, sku)| sku.clone()),
            date: None,
            first_divergent: None,
            subject: None,
            evidence: Evidence::new(Observed::Nothing, Observed::Word(anomaly.name().into())),
            proposal: Proposal::ComparePaper,
        }
    };
    let is_told_elsewhere = |anomaly: &&Anomaly| matches!(anomaly, Anomaly::OverReceived { .. });
    purchase.anomalies.iter().filter(|anomaly| !is_told_elsewhere(anomaly)).map(finding).collect()
}
