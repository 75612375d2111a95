//! What the entries that count come to: the stage, what is missing and what looks wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use super::heard::Heard;
use super::{Anomaly, Line, Stage, Transfer, Waiting};
use crate::id::Sku;

pub(super) fn judge(mut heard: Heard<'_>, lines: BTreeMap<Sku, Line>) -> Transfer {
    if heard.agreed_to_nothing(&lines) {
        (heard.approved, heard.rejected) = (None, true);
    }
    let shipped = heard.shipped();
    let unseen: BTreeSet<_> = heard.arrived().difference(&shipped).copied().collect();
    let stage = stage(&heard, &lines);
    let waits_for = waits_for(&heard, &lines, &unseen);
    if heard.approved.is_some() && heard.rejected {
        heard.anomalies.insert(Anomaly::ApprovedAndRejected);
    }
    if heard.rejected && heard.moved() {
        heard.anomalies.insert(Anomaly::ShippedThoughRejected);
    }
    for (sku, line) in &lines {
        let beyond = line.shipped.quantity - line.approved;
        if heard.approved.is_some() && beyond > 0 {
            let (sku, quantity) = (sku.clone(), beyond);
            heard.anomalies.insert(Anomaly::ShippedBeyondApproval { sku, quantity });
        }
        // While a shipment has not been heard of, nothing is known about what is left of it.
        if unseen.is_empty() {
            heard.anomalies.extend(left_over(sku, line));
        }
    }
    Transfer {
        route: heard.route.cloned(),
        stage,
        cancel_asked: heard.cancel,
        lines,
        waits_for,
        anomalies: heard.anomalies.into_iter().collect(),
    }
}

/// Facts beat intentions: once goods have moved, only goods decide.
fn stage(heard: &Heard<'_>, lines: &BTreeMap<Sku, Line>) -> Stage {
    if heard.moved() {
        let on_the_way = lines.values().any(|line| line.in_transit.quantity > 0);
        let came_out = |line: &Line| line.in_transit.quantity != line.shipped.quantity;
        return match (on_the_way, lines.values().any(came_out)) {
            (true, false) => Stage::Shipped,
            (true, true) => Stage::PartlyReceived,
            (false, _) if heard.settled() => Stage::Settled,
            (false, _) => Stage::Received,
        };
    }
    if heard.rejected {
        Stage::Rejected
    } else if heard.cancel.is_some() {
        Stage::Cancelled
    } else if heard.approved.is_some() {
        Stage::Approved
    } else if heard.requested.is_some() {
        Stage::Requested
    } else {
        Stage::Unknown
    }
}

fn waits_for(
    heard: &Heard<'_>,
    lines: &BTreeMap<Sku, Line>,
    unseen: &BTreeSet<NonZeroU32>,
) -> Vec<Waiting> {
    let mut waits_for = Vec::new();
    if heard.requested.is_none() {
        waits_for.push(Waiting::Request);
    }
    let stopped = heard.rejected || heard.cancel.is_some();
    match heard.approved {
        None if !stopped => waits_for.push(Waiting::Approval),
        Some(_) if !stopped && lines.values().any(|l| l.approved > l.shipped.quantity) => {
            waits_for.push(Waiting::Shipment);
        }
        _ => {}
    }
    waits_for.extend(unseen.iter().copied().map(Waiting::ShipFact));
    if lines.values().any(|line| line.in_transit.quantity > 0) {
        waits_for.push(Waiting::Receipt);
    }
    waits_for
}

fn left_over(sku: &Sku, line: &Line) -> Option<Anomaly> {
    let (sku, left) = (sku.clone(), line.in_transit);
    if left.quantity < 0 {
        return Some(Anomaly::OverReceived { sku, quantity: -left.quantity });
    }
    (left.quantity == 0 && left.value != 0)
        .then_some(Anomaly::ValueInTransit { sku, value: left.value })
}
