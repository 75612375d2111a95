//! What the entries that count come to: the lines, the stage, what is missing and what looks wrong.

use std::collections::BTreeMap;

use super::super::event::{ReturnKind, Step};
use super::heard::Heard;
use super::{Anomaly, Line, Purchase, Stage, Waiting};
use crate::fold::Balance;
use crate::id::{Sku, StoreId};
use crate::order::{Goods, Party};

type Lines = BTreeMap<(StoreId, Sku), Line>;

pub(super) fn judge(mut heard: Heard<'_>) -> Purchase {
    let lines = lines(&heard);
    let stage = stage(&heard, &lines);
    let waits_for = waits_for(&heard, &lines, stage);
    if heard.rejected && heard.moved() {
        heard.anomalies.insert(Anomaly::ReceivedThoughRejected);
    }
    for ((store, sku), line) in &lines {
        let place = || (store.clone(), sku.clone());
        // While the order has not been seen, nothing is known about what is beyond it.
        if heard.order.is_some() && line.over > 0 {
            let ((store, sku), quantity) = (place(), line.over);
            heard.anomalies.insert(Anomaly::OverReceived { store, sku, quantity });
        }
        let came = line.accepted.quantity + line.rejected.quantity;
        if line.returned.quantity > came {
            let ((store, sku), quantity) = (place(), line.returned.quantity - came);
            heard.anomalies.insert(Anomaly::ReturnedBeyondReceived { store, sku, quantity });
        }
    }
    let ordered = heard.order.as_ref().map(|(_, order)| *order);
    Purchase {
        supplier: ordered.map(|order| &order.supplier).or(heard.asked_supplier).cloned(),
        buyer: heard.order.as_ref().map(|(revision, _)| revision.by.clone()),
        expected: heard.tracked.or(ordered.and_then(|order| order.expected)),
        order: heard.order.map(|(revision, order)| (revision, order.clone())),
        needs: heard.needs.into_iter().cloned().collect(),
        stage,
        approval: heard.approval,
        cancel_asked: heard.cancel,
        lines,
        waits_for,
        anomalies: heard.anomalies.into_iter().collect(),
    }
}

/// The quantities and values of every line that anybody mentioned.
fn lines(heard: &Heard<'_>) -> Lines {
    let mut lines = Lines::new();
    for need in &heard.needs {
        let line = lines.entry((need.store.clone(), need.sku.clone())).or_default();
        line.requested += i128::from(need.quantity.thousandths());
    }
    for ordered in heard.order.iter().flat_map(|(_, order)| &order.lines) {
        let line = lines.entry((ordered.store.clone(), ordered.sku.clone())).or_default();
        line.ordered += i128::from(ordered.quantity.thousandths());
        line.price = line.price.or(Some(ordered.price));
    }
    for (store, step) in &heard.moves {
        let mut add = |goods: &[Goods], to: &dyn Fn(&mut Line, Balance)| {
            for good in goods {
                to(lines.entry(((*store).clone(), good.sku.clone())).or_default(), balance(good));
            }
        };
        match step {
            Step::Receive { accepted, rejected, .. } => {
                add(accepted, &|line, moved| line.accepted.add(moved));
                add(rejected, &|line, moved| line.rejected.add(moved));
            }
            Step::Return { goods, kind, .. } => add(goods, &|line, moved| {
                line.returned.add(moved);
                if *kind == ReturnKind::Exchange {
                    line.exchanged += moved.quantity;
                }
            }),
            _ => {}
        }
    }
    for ((store, _), line) in &mut lines {
        let came = line.accepted.quantity + line.rejected.quantity;
        let due = line.ordered + line.exchanged - came;
        let closed = heard.stopped() || heard.closed || heard.closed_at.contains(store);
        match due {
            due if due > 0 && closed => line.short = due,
            due if due > 0 => line.open = due,
            due => line.over = -due,
        }
    }
    lines
}

/// Facts beat intentions: once goods have come, only goods and what is still waited for decide.
fn stage(heard: &Heard<'_>, lines: &Lines) -> Stage {
    let short = lines.values().any(|line| line.short > 0);
    if heard.moved() {
        return match lines.values().any(|line| line.open > 0) {
            true => Stage::PartlyReceived,
            false if short => Stage::ShortClosed,
            false => Stage::Received,
        };
    }
    if heard.rejected {
        Stage::Rejected
    } else if heard.cancel.is_some() {
        Stage::Cancelled
    } else if short && lines.values().all(|line| line.open == 0) {
        Stage::ShortClosed
    } else if heard.sent {
        Stage::Sent
    } else if heard.approval.is_some() {
        Stage::Approved
    } else if heard.submitted {
        Stage::Submitted
    } else if heard.order.is_some() {
        Stage::Draft
    } else if !heard.needs.is_empty() {
        Stage::Requested
    } else {
        Stage::Unknown
    }
}

fn waits_for(heard: &Heard<'_>, lines: &Lines, stage: Stage) -> Vec<Waiting> {
    let mut waits_for = Vec::new();
    let stopped = heard.stopped() || stage == Stage::ShortClosed;
    let buyer = heard.order.as_ref().map(|(revision, _)| revision.by.clone());
    match &buyer {
        None if !stopped => waits_for.push(Waiting::Order),
        Some(buyer) if stage == Stage::Draft => waits_for.push(Waiting::Submission(buyer.clone())),
        _ => {}
    }
    if heard.approval.is_none() && !stopped && stage > Stage::Draft {
        waits_for.push(Waiting::Approval);
    }
    if stage == Stage::Approved {
        // Whoever agreed knows of it, whoever ordered does not have to.
        let party = buyer.or_else(|| heard.approval.as_ref().map(|approval| approval.by.clone()));
        waits_for.push(Waiting::Sending(party.unwrap_or(Party::HeadOffice)));
    }
    if matches!(stage, Stage::Sent | Stage::PartlyReceived) {
        let mut stores: Vec<_> =
            lines.iter().filter(|(_, line)| line.open > 0).map(|((store, _), _)| store).collect();
        stores.dedup();
        waits_for.extend(stores.into_iter().cloned().map(Waiting::Receipt));
    }
    waits_for
}

fn balance(good: &Goods) -> Balance {
    Balance {
        quantity: good.quantity.thousandths().into(),
        value: good.value.ten_thousandths().into(),
    }
}
