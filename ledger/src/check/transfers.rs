//! Transfers: on each line, what was shipped is what was received, damaged, lost or returned and
//! what is still on the way, in quantity and in value; what the parties say of goods is what their
//! books say; nobody contradicts anybody; and nothing stays on the way for ever.
//!
//! *Fails on*: more received than shipped, or all goods arrived without all of their cost; an entry
//! that names a fact which is not in the books or moved other goods; a fact of which the order says
//! nothing; a kept balance in transit that the facts don't add up to; any anomaly of the order; goods
//! on the way for longer than they may.

use std::collections::{BTreeMap, BTreeSet};

use super::goods::{Sums, first_difference, sums};
use super::limits::{DAY_MS, Limits};
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::{Body, Fact};
use crate::fold::Balance;
use crate::id::{FactId, Sku, StoreId, TransferId};
use crate::movement::Account;
use crate::order::{OrderStep, Party};
use crate::time::Timestamp;
use crate::transfer::{Anomaly, Entry, Event, Line, Step, Transfer, status};

/// What is known of a transfer.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Which.
    pub id: &'a TransferId,
    /// What its parties have said.
    pub entries: &'a [Entry],
    /// The facts of stores that moved its goods.
    pub facts: &'a [Fact],
    /// What the books keep in transit.
    pub kept: &'a BTreeMap<Sku, Balance>,
}

/// Which transfer a fact moved goods of, if any.
pub const fn transfer_of(fact: &Fact) -> Option<&TransferId> {
    match &fact.body {
        Body::Transfer(booked) => Some(&booked.transfer),
        _ => None,
    }
}

/// Checks a transfer. `reached` says whether the books of a store here go as far as a fact: orders
/// and books travel apart, and what has not come yet is no contradiction.
pub fn check(
    known: Known<'_>,
    reached: impl Fn(&StoreId, FactId) -> bool,
    now: Timestamp,
    limits: Limits,
) -> Vec<Finding> {
    let transfer = status(known.entries);
    let mut found = facts_and_entries(known, reached);
    found.extend(anomalies(known, &transfer));
    found.extend(kept(known));
    found.extend(ages(known, &transfer, now, limits));
    let subject = Some(known.id.as_str().into());
    found.iter_mut().for_each(|finding| finding.subject.clone_from(&subject));
    found
}

type Deed<'a> = ((&'a StoreId, FactId), &'a Event);

/// What the stores say of goods and have not taken back.
fn deeds(entries: &[Entry]) -> impl Iterator<Item = Deed<'_>> {
    let said = entries.iter().filter_map(|entry| match entry {
        Entry::Said(event) => Some(event),
        Entry::Unread(_) => None,
    });
    let taken_back = |event: &Event| {
        let back =
            |other: &Event| other.by == event.by && other.step.withdrawn() == Some(&event.step);
        said.clone().any(back)
    };
    let standing: Vec<_> = said.clone().filter(|event| !taken_back(event)).collect();
    standing.into_iter().filter_map(|event| match (&event.by, event.step.fact()) {
        (Party::Store(store), Some(fact)) => Some(((store, fact), event)),
        _ => None,
    })
}

fn facts_and_entries(known: Known<'_>, reached: impl Fn(&StoreId, FactId) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let booked: BTreeMap<_, _> = known.facts.iter().map(|f| ((&f.store, f.id), f)).collect();
    let mut told = BTreeSet::new();
    for ((store, id), event) in deeds(known.entries) {
        told.insert((store, id));
        let (check, proposal) = (Check::TransferFact, Proposal::ComparePaper);
        match booked.get(&(store, id)) {
            Some(fact) => {
                let (said, moved) = (sums(event.step.goods()), Step::of_fact(fact));
                let moved = sums(moved.iter().flat_map(|(_, step)| step.goods()));
                if let Some((sku, said, moved)) = first_difference(&said, &moved) {
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
        let step = step.unwrap_or_default();
        let evidence = Evidence::new(Observed::Word(step.into()), Observed::Nothing);
        found.push(Finding::at(Check::TransferFact, fact, evidence, Proposal::ComparePaper));
    }
    found
}

fn anomalies(known: Known<'_>, transfer: &Transfer) -> Vec<Finding> {
    let finding = |anomaly: &Anomaly| {
        let line = anomaly.sku().and_then(|sku| Some((sku, transfer.lines.get(sku)?)));
        let evidence = match (anomaly, line) {
            (Anomaly::OverReceived { .. } | Anomaly::ValueInTransit { .. }, Some((sku, line))) => {
                return unequal(known, transfer, sku, line);
            }
            _ => Evidence::new(Observed::Nothing, Observed::Word(anomaly.name().into())),
        };
        let store = match anomaly.by() {
            Some(Party::Store(store)) => Some(store.clone()),
            Some(Party::HeadOffice) | None => transfer.route.as_ref().map(|r| r.from().clone()),
        };
        Finding {
            check: Check::TransferAnomaly,
            store,
            sku: anomaly.sku().cloned(),
            date: None,
            first_divergent: None,
            subject: None,
            evidence,
            proposal: Proposal::SettleTransfer,
        }
    };
    transfer.anomalies.iter().map(finding).collect()
}

/// A line of which more came out than went in.
fn unequal(known: Known<'_>, transfer: &Transfer, sku: &Sku, line: &Line) -> Finding {
    let mut out = line.shipped;
    out.take(line.in_transit);
    let evidence = Evidence::new(Observed::Stock(line.shipped), Observed::Stock(out));
    let culprit = too_much(known.entries, sku, line.shipped);
    let fact = culprit.and_then(|named| known.facts.iter().find(|f| (&f.store, f.id) == named));
    Finding {
        check: Check::TransferEquation,
        store: culprit
            .map(|(store, _)| store.clone())
            .or_else(|| transfer.route.as_ref().map(|route| route.to().clone())),
        sku: Some(sku.clone()),
        date: fact.map(|fact| fact.date),
        first_divergent: culprit.map(|(_, id)| id),
        subject: None,
        evidence,
        proposal: Proposal::SettleTransfer,
    }
}

/// The fact with which more came out than had gone in; else the last that took any out.
fn too_much<'a>(
    entries: &'a [Entry],
    sku: &Sku,
    shipped: Balance,
) -> Option<(&'a StoreId, FactId)> {
    let mut out: Vec<_> = deeds(entries)
        .filter(|(_, event)| !matches!(event.step, Step::Ship { .. }))
        .filter_map(|(named, event)| Some((event.at, named, *sums(event.step.goods()).get(sku)?)))
        .collect();
    out.sort_unstable_by_key(|(at, named, _)| (*at, *named));
    let mut sum = Balance::default();
    let exceeds = |(_, named, moved): &(Timestamp, (&'a StoreId, FactId), Balance)| {
        sum.add(*moved);
        (sum.quantity > shipped.quantity).then_some(*named)
    };
    let first = out.iter().find_map(exceeds);
    first.or_else(|| out.last().map(|(_, named, _)| *named))
}

/// What the books keep in transit against the facts behind it.
fn kept(known: Known<'_>) -> Vec<Finding> {
    let transit = Account::InTransit(known.id.clone());
    let mut due = Sums::new();
    for movement in known.facts.iter().flat_map(|fact| &fact.movements) {
        for (account, quantity, value) in movement.legs() {
            if *account == transit {
                let quantity = quantity.thousandths().into();
                let moved = Balance { quantity, value: value.ten_thousandths().into() };
                due.entry(movement.sku.clone()).or_default().add(moved);
            }
        }
    }
    let differs = first_difference(&due, known.kept);
    let finding = differs.map(|(sku, due, kept)| Finding {
        check: Check::TransferEquation,
        store: None,
        sku: Some(sku),
        date: None,
        first_divergent: None,
        subject: None,
        evidence: Evidence::new(Observed::Stock(due), Observed::Stock(kept)),
        proposal: Proposal::Rebuild,
    });
    finding.into_iter().collect()
}

fn ages(known: Known<'_>, transfer: &Transfer, now: Timestamp, limits: Limits) -> Vec<Finding> {
    let waiting = transfer.lines.iter().filter(|(_, line)| line.in_transit.quantity > 0);
    let finding = |(sku, _): (&Sku, &Line)| {
        // The last shipment: an earlier one may be what has arrived.
        let shipped = deeds(known.entries).filter(|(_, event)| {
            matches!(&event.step, Step::Ship { goods, .. } if goods.iter().any(|g| g.sku == *sku))
        });
        let ((store, id), event) = shipped.max_by_key(|(named, event)| (event.at, *named))?;
        let days = now.millis().saturating_sub(event.at.millis()) / DAY_MS;
        if days <= i64::from(limits.in_transit_days) {
            return None;
        }
        let allowed = Observed::Days(limits.in_transit_days.into());
        let fact = known.facts.iter().find(|fact| (&fact.store, fact.id) == (store, id));
        Some(Finding {
            check: Check::InTransitAge,
            store: Some(store.clone()),
            sku: Some(sku.clone()),
            date: fact.map(|fact| fact.date),
            first_divergent: Some(id),
            subject: None,
            evidence: Evidence::new(allowed, Observed::Days(days)),
            proposal: Proposal::SettleTransfer,
        })
    };
    waiting.filter_map(finding).collect()
}
