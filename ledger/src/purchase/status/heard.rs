//! What the parties said, each thing once, and only by those who have a say in it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::event::{Entry, Event, Need, Ordered, Revision, Step};
use super::super::name::StepName;
use super::{Anomaly, Approval};
use crate::id::{FactId, StoreId};
use crate::order::{CancelAsked, OrderStep, Party};
use crate::time::{BusinessDate, Timestamp};

/// What counts of an order's entries.
#[derive(Default)]
pub(super) struct Heard<'a> {
    pub(super) needs: Vec<&'a Need>,
    pub(super) asked_supplier: Option<&'a crate::id::SupplierId>,
    /// The revision that counts.
    pub(super) order: Option<(Revision, &'a Ordered)>,
    pub(super) approval: Option<Approval>,
    pub(super) rejected: bool,
    pub(super) submitted: bool,
    pub(super) sent: bool,
    pub(super) cancel: Option<CancelAsked>,
    /// When the goods are to come, by the newest word on shipments.
    pub(super) tracked: Option<BusinessDate>,
    /// Whether head office waits for nothing more, and which stores don't.
    pub(super) closed: bool,
    pub(super) closed_at: BTreeSet<&'a StoreId>,
    /// Receipts and returns, each with its store.
    pub(super) moves: Vec<(&'a StoreId, &'a Step)>,
    pub(super) anomalies: BTreeSet<Anomaly>,
}

impl<'a> Heard<'a> {
    pub(super) fn of(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut heard = Self::default();
        let said = heard.once(entries);
        heard.decide(&said);
        for event in &said {
            heard.count(event);
        }
        heard.track(&said);
        heard
    }

    /// Whether anything came or went back, as far as is known.
    pub(super) fn moved(&self) -> bool {
        !self.moves.is_empty()
    }

    /// Whether nothing more is to come.
    pub(super) fn stopped(&self) -> bool {
        self.rejected || self.cancel.is_some()
    }

    /// What counts of what was said, in a fixed order: each party's word under each name once, and
    /// each fact that a party tells of once. Two facts under one name have both moved goods.
    fn once(&mut self, entries: impl IntoIterator<Item = &'a Entry>) -> Vec<&'a Event> {
        let mut events: BTreeSet<&Event> = BTreeSet::new();
        for entry in entries {
            match entry {
                Entry::Said(event) => events.insert(event),
                Entry::Unread(unread) => self.anomalies.insert(Anomaly::Unread(unread.clone())),
            };
        }
        let taken_back = |event: &&'a Event| Some((&event.by, event.step.withdrawn()?));
        let withdrawn: BTreeSet<(&Party, &Step)> = events.iter().filter_map(taken_back).collect();
        let mut named: BTreeMap<(&Party, StepName), &Event> = BTreeMap::new();
        let mut facts: BTreeMap<(&Party, FactId), &Event> = BTreeMap::new();
        for event in events {
            if withdrawn.contains(&(&event.by, &event.step)) {
                continue;
            }
            let name = event.step.name();
            let first = *named.entry((&event.by, name)).or_insert(event);
            let fact = event.step.fact();
            let told = fact.map(|fact| *facts.entry((&event.by, fact)).or_insert(event));
            let differs = told.is_some_and(|told| !told.step.tells_the_same(&event.step));
            if differs || first.step != event.step {
                self.anomalies.insert(Anomaly::SaidTwice { by: event.by.clone(), name });
            }
        }
        named.retain(|_, event| event.step.fact().is_none());
        named.into_values().chain(facts.into_values()).collect()
    }

    /// Which revision counts, and whether it was agreed to. Head office's word goes before a store's.
    fn decide(&mut self, said: &[&'a Event]) {
        let mut revisions: Vec<(Revision, &'a Ordered)> = Vec::new();
        for event in said {
            if let Step::Order { revision, order } = &event.step {
                revisions.push((Revision { number: *revision, by: event.by.clone() }, order));
            }
        }
        let (mut approvals, mut rejections) = (Vec::new(), Vec::new());
        for event in said {
            let entitled = match &event.step {
                Step::Approve { of, .. } => may_approve(&event.by, of, &revisions),
                Step::Reject { .. } => may_reject(&event.by, &revisions),
                _ => continue,
            };
            match &event.step {
                _ if !entitled => self.not_entitled(event),
                Step::Approve { of, rule, .. } => approvals.push((&event.by, of, rule)),
                _ => rejections.push(&event.by),
            }
        }
        // Parties come in their order, and head office is the first of them.
        let speaks = approvals.iter().map(|(by, ..)| *by).chain(rejections.iter().copied()).min();
        if let Some(speaks) = speaks {
            self.rejected = rejections.contains(&speaks);
            let agreed = approvals.iter().find(|(by, ..)| *by == speaks);
            self.approval = agreed.map(|(by, of, rule)| Approval {
                by: (*by).clone(),
                of: (*of).clone(),
                rule: (*rule).clone(),
            });
            if self.rejected && self.approval.is_some() {
                self.anomalies.insert(Anomaly::ApprovedAndRejected);
            }
        }
        self.order = match &self.approval {
            Some(approval) => {
                for (revision, _) in &revisions {
                    if rank(revision) > rank(&approval.of) {
                        let (by, number) = (revision.by.clone(), revision.number.get());
                        self.anomalies.insert(Anomaly::RevisedAfterApproval { by, number });
                    }
                }
                revisions.into_iter().find(|(revision, _)| *revision == approval.of)
            }
            None => revisions.into_iter().max_by(|(a, _), (b, _)| rank(a).cmp(&rank(b))),
        };
    }

    fn count(&mut self, event: &'a Event) {
        match (&event.step, &event.by) {
            (Step::Request { needs, supplier, .. }, _) => {
                self.needs.extend(needs);
                self.asked_supplier = self.asked_supplier.or(supplier.as_ref());
            }
            (Step::Submit { .. }, _) => self.submitted = true,
            (Step::Send { .. }, _) => self.sent = true,
            (Step::Close { .. }, Party::HeadOffice) => self.closed = true,
            (Step::Close { .. }, Party::Store(store)) => {
                self.closed_at.insert(store);
            }
            (Step::Cancel { reason }, by) => {
                let buyer = self.order.as_ref().map(|(revision, _)| &revision.by);
                if *by != Party::HeadOffice && buyer.is_some_and(|buyer| buyer != by) {
                    return self.not_entitled(event);
                }
                // Parties come in their order, so the same one is named everywhere.
                let asked = CancelAsked { by: by.clone(), reason: reason.clone() };
                self.cancel.get_or_insert(asked);
            }
            (Step::Receive { .. } | Step::Return { .. }, Party::Store(store)) => {
                self.moves.push((store, &event.step));
            }
            (Step::Receive { .. } | Step::Return { .. }, Party::HeadOffice) => {
                self.not_entitled(event);
            }
            _ => {}
        }
    }

    /// The date of the newest word on a shipment that gives one.
    fn track(&mut self, said: &[&'a Event]) {
        let dated = said.iter().filter_map(|event| match &event.step {
            Step::Track { number, shipment } => {
                Some(((event.at, number, &event.by), shipment.expected?))
            }
            _ => None,
        });
        let newest = dated.max_by(|(a, _), (b, _): &((Timestamp, _, _), _)| a.cmp(b));
        self.tracked = newest.map(|(_, expected)| expected);
    }

    fn not_entitled(&mut self, event: &Event) {
        let (by, name) = (event.by.clone(), event.step.name());
        self.anomalies.insert(Anomaly::NotEntitled { by, name });
    }
}

/// The newer revision ranks higher; of two with one number head office's does.
fn rank(revision: &Revision) -> (u32, std::cmp::Reverse<&Party>) {
    (revision.number.get(), std::cmp::Reverse(&revision.by))
}

/// Head office agrees to anything; a store to what it orders for itself alone. While the order has not
/// been seen, that may be so.
fn may_approve(by: &Party, of: &Revision, revisions: &[(Revision, &Ordered)]) -> bool {
    let Party::Store(me) = by else { return true };
    let order = revisions.iter().find(|(revision, _)| revision == of).map(|(_, order)| order);
    of.by == *by && order.is_none_or(|order| order.lines.iter().all(|line| line.store == *me))
}

/// A store rejects only what it ordered itself.
fn may_reject(by: &Party, revisions: &[(Revision, &Ordered)]) -> bool {
    *by == Party::HeadOffice || revisions.iter().all(|(revision, _)| revision.by == *by)
}
