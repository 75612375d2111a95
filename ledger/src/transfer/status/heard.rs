//! What the parties said, each thing once, and only by those who have a say in it.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use super::super::event::{Entry, Event, Route, Step, Wanted};
use super::super::name::StepName;
use super::{Anomaly, Line};
use crate::fold::Balance;
use crate::id::{FactId, Sku};
use crate::order::{CancelAsked, Goods, OrderStep, Party};

/// What counts of a transfer's entries.
pub(super) struct Heard<'a> {
    pub(super) route: Option<&'a Route>,
    pub(super) requested: Option<&'a [Wanted]>,
    pub(super) approved: Option<&'a [Wanted]>,
    pub(super) rejected: bool,
    pub(super) cancel: Option<CancelAsked>,
    /// Shipments, receipts and settlements.
    moves: Vec<&'a Step>,
    /// The numbers of shipments that the source told of and took back.
    taken_back: BTreeSet<NonZeroU32>,
    pub(super) anomalies: BTreeSet<Anomaly>,
}

impl<'a> Heard<'a> {
    pub(super) fn of(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut anomalies = BTreeSet::new();
        let (said, taken_back) = once(entries, &mut anomalies);
        let request = request(&said, &mut anomalies);
        let mut heard = Self {
            route: request.map(|(route, _)| route),
            requested: request.map(|(_, lines)| lines),
            approved: None,
            rejected: false,
            cancel: None,
            moves: Vec::new(),
            taken_back,
            anomalies,
        };
        for event in said {
            heard.count(event);
        }
        heard
    }

    /// The quantities and values of every line that anybody mentioned.
    pub(super) fn lines(&self) -> BTreeMap<Sku, Line> {
        let mut lines: BTreeMap<Sku, Line> = BTreeMap::new();
        let mut want = |wanted: &[Wanted], of: fn(&mut Line) -> &mut i128| {
            for line in wanted {
                let quantity = i128::from(line.quantity.thousandths());
                *of(lines.entry(line.sku.clone()).or_default()) += quantity;
            }
        };
        want(self.requested.unwrap_or_default(), |line| &mut line.requested);
        // No lines in an approval: all that was asked for.
        let approved = self.approved.map(|lines| match lines {
            [] => self.requested.unwrap_or_default(),
            lines => lines,
        });
        want(approved.unwrap_or_default(), |line| &mut line.approved);
        for step in &self.moves {
            add_goods(&mut lines, step);
        }
        lines
    }

    /// Whether head office agreed to none of anything, which is not agreeing. Agreeing to all that was
    /// asked for is agreeing to something as long as the request has not been seen.
    pub(super) fn agreed_to_nothing(&self, lines: &BTreeMap<Sku, Line>) -> bool {
        let spelled_out = self.approved.is_some_and(|lines| !lines.is_empty());
        let asked_for = self.approved.is_some() && self.requested.is_some();
        (spelled_out || asked_for) && lines.values().all(|line| line.approved == 0)
    }

    /// The numbers of the shipments that the source told of. What it took back is not waited for.
    pub(super) fn shipped(&self) -> BTreeSet<NonZeroU32> {
        let shipment = |step: &&Step| match step {
            Step::Ship { shipment, .. } => Some(*shipment),
            _ => None,
        };
        self.moves.iter().filter_map(shipment).chain(self.taken_back.iter().copied()).collect()
    }

    /// The numbers of the shipments that goods came out of. A settlement names none; there is one
    /// behind it all the same.
    pub(super) fn arrived(&self) -> BTreeSet<NonZeroU32> {
        let none_shipped = self.shipped().is_empty();
        let shipment = |step: &&Step| match step {
            Step::Receive { shipment, .. } => Some(*shipment),
            Step::Settle { .. } if none_shipped => Some(NonZeroU32::MIN),
            _ => None,
        };
        self.moves.iter().filter_map(shipment).collect()
    }

    /// Whether any difference was settled.
    pub(super) fn settled(&self) -> bool {
        self.moves.iter().any(|step| matches!(step, Step::Settle { .. }))
    }

    /// Whether anything has left, as far as is known from either end.
    pub(super) fn moved(&self) -> bool {
        !self.moves.is_empty()
    }

    fn count(&mut self, event: &'a Event) {
        if !entitled(event, self.route) {
            let (by, name) = (event.by.clone(), event.step.name());
            self.anomalies.insert(Anomaly::NotEntitled { by, name });
            return;
        }
        match &event.step {
            Step::Request { .. } | Step::Withdraw { .. } => {}
            Step::Approve { lines, .. } => self.approved = Some(lines),
            Step::Reject { .. } => self.rejected = true,
            Step::Cancel { reason } => {
                // Parties come in their order, so the same one is named everywhere.
                let asked = CancelAsked { by: event.by.clone(), reason: reason.clone() };
                self.cancel.get_or_insert(asked);
            }
            Step::Ship { .. } | Step::Receive { .. } | Step::Settle { .. } => {
                self.moves.push(&event.step);
            }
        }
    }
}

/// What counts of what was said, in a fixed order: each party's word under each name once, and each
/// fact that a party tells of once. Two facts under one name have both moved goods.
fn once<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    anomalies: &mut BTreeSet<Anomaly>,
) -> (Vec<&'a Event>, BTreeSet<NonZeroU32>) {
    let mut events: BTreeSet<&Event> = BTreeSet::new();
    for entry in entries {
        match entry {
            Entry::Said(event) => drop(events.insert(event)),
            Entry::Unread(unread) => drop(anomalies.insert(Anomaly::Unread(unread.clone()))),
        }
    }
    let taken_back = |event: &&'a Event| match &event.step {
        Step::Withdraw { of, .. } => Some((&event.by, &**of)),
        _ => None,
    };
    let withdrawn: BTreeSet<(&Party, &Step)> = events.iter().filter_map(taken_back).collect();
    let mut named: BTreeMap<(&Party, StepName), &Event> = BTreeMap::new();
    let mut facts: BTreeMap<(&Party, FactId), &Event> = BTreeMap::new();
    let mut taken_numbers = BTreeSet::new();
    for event in events {
        if withdrawn.contains(&(&event.by, &event.step)) {
            if let Step::Ship { shipment, .. } = event.step {
                taken_numbers.insert(shipment);
            }
            continue;
        }
        let name = event.step.name();
        let first = *named.entry((&event.by, name)).or_insert(event);
        let fact = event.step.fact();
        let told = fact.map(|fact| *facts.entry((&event.by, fact)).or_insert(event));
        let differs = told.is_some_and(|told| !told.step.tells_the_same(&event.step));
        if differs || (first.step != event.step) {
            anomalies.insert(Anomaly::SaidTwice { by: event.by.clone(), name });
        }
    }
    named.retain(|_, event| event.step.fact().is_none());
    (named.into_values().chain(facts.into_values()).collect(), taken_numbers)
}

/// The request that counts: the earliest of those made by a party to the transfer.
fn request<'a>(
    said: &[&'a Event],
    anomalies: &mut BTreeSet<Anomaly>,
) -> Option<(&'a Route, &'a [Wanted])> {
    let requests = said.iter().filter_map(|event| match &event.step {
        Step::Request { route, lines, .. } if entitled(event, Some(route)) => {
            Some((event, route, lines.as_slice()))
        }
        _ => None,
    });
    let first = requests.clone().min_by_key(|(event, ..)| (event.at, &event.by))?;
    for (event, ..) in requests.filter(|(event, ..)| event.by != first.0.by) {
        anomalies.insert(Anomaly::RequestedTwice { by: event.by.clone() });
    }
    Some((first.1, first.2))
}

/// Whether a party may say this. While the route is not known, any store may be an end of it.
fn entitled(event: &Event, route: Option<&Route>) -> bool {
    let office = event.by == Party::HeadOffice;
    let is = |end: fn(&Route) -> &crate::id::StoreId| match (&event.by, route) {
        (Party::HeadOffice, _) => false,
        (Party::Store(_), None) => true,
        (Party::Store(store), Some(route)) => store == end(route),
    };
    let (source, destination) = (is(Route::from), is(Route::to));
    match &event.step {
        Step::Request { route: asked, .. } => match &event.by {
            Party::HeadOffice => true,
            Party::Store(store) => store == asked.from() || store == asked.to(),
        },
        Step::Approve { .. } | Step::Reject { .. } => office,
        Step::Cancel { .. } => office || source || destination,
        Step::Ship { .. } => source,
        Step::Receive { .. } => destination,
        Step::Settle { returned, .. } if !returned.is_empty() => source,
        Step::Settle { .. } => source || destination,
        // It takes back its own party's words alone.
        Step::Withdraw { .. } => true,
    }
}

fn add_goods(lines: &mut BTreeMap<Sku, Line>, step: &Step) {
    let mut out = |goods: &[Goods], of: fn(&mut Line) -> &mut Balance| {
        for good in goods {
            let line = lines.entry(good.sku.clone()).or_default();
            of(line).add(balance(good));
            line.in_transit.take(balance(good));
        }
    };
    match step {
        Step::Ship { goods, .. } => {
            for good in goods {
                let line = lines.entry(good.sku.clone()).or_default();
                line.shipped.add(balance(good));
                line.in_transit.add(balance(good));
            }
        }
        Step::Receive { received, damaged, .. } => {
            out(received, |line| &mut line.received);
            out(damaged, |line| &mut line.damaged);
        }
        Step::Settle { lost, damaged, returned, surplus, .. } => {
            out(lost, |line| &mut line.lost);
            out(damaged, |line| &mut line.damaged);
            out(returned, |line| &mut line.returned);
            for good in surplus {
                let line = lines.entry(good.sku.clone()).or_default();
                line.lost.take(balance(good));
                line.in_transit.add(balance(good));
            }
        }
        Step::Request { .. }
        | Step::Approve { .. }
        | Step::Reject { .. }
        | Step::Cancel { .. }
        | Step::Withdraw { .. } => {}
    }
}

fn balance(good: &Goods) -> Balance {
    Balance {
        quantity: good.quantity.thousandths().into(),
        value: good.value.ten_thousandths().into(),
    }
}
