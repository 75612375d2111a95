//! Stages, steps, what is missing and what looks wrong, in words.

use ledger::transfer::{Anomaly, Liable, Stage, Waiting};

use super::STAGES;
use crate::{Lang, format, order, words};

pub(super) fn stage(lang: Lang, name: &str) -> String {
    match STAGES.iter().find(|(_, known)| *known == name).map(|(stage, _)| *stage) {
        Some(Stage::Requested) => lang.say(words::StageRequested),
        Some(Stage::Approved) => lang.say(words::StageApproved),
        Some(Stage::Rejected) => lang.say(words::StageRejected),
        Some(Stage::Cancelled) => lang.say(words::StageCancelled),
        Some(Stage::Shipped) => lang.say(words::StageShipped),
        Some(Stage::PartlyReceived) => lang.say(words::StagePartlyReceived),
        Some(Stage::Received) => lang.say(words::StageReceived),
        Some(Stage::Settled) => lang.say(words::StageSettled),
        Some(Stage::Unknown) | None => lang.say(words::StageUnknown),
    }
}

/// A step by its name, with its number: `ship/2`.
pub(super) fn step(lang: Lang, name: &str) -> String {
    order::step(name, |action| {
        Some(match action {
            "request" => lang.say(words::StepRequest),
            "approve" => lang.say(words::StepApprove),
            "reject" => lang.say(words::StepReject),
            "ship" => lang.say(words::StepShip),
            "receive" => lang.say(words::StepReceive),
            "settle" => lang.say(words::StepSettle),
            "cancel" => lang.say(words::StepCancel),
            "withdraw" => lang.say(words::StepWithdraw),
            _ => return None,
        })
    })
}

/// What became of goods in a step, where the step itself does not say it.
pub(super) fn outcome(lang: Lang, name: &str) -> Option<String> {
    Some(match name {
        "damaged" => lang.say(words::TransferDamaged),
        "lost" => lang.say(words::TransferLost),
        "returned" => lang.say(words::TransferReturned),
        "surplus" => lang.say(words::TransferSurplus),
        _ => return None,
    })
}

pub(super) fn liable(lang: Lang, name: &str) -> String {
    match Liable::named(name) {
        Some(Liable::Source) => lang.say(words::LiableSource),
        Some(Liable::Destination) => lang.say(words::LiableDestination),
        Some(Liable::Carrier) => lang.say(words::LiableCarrier),
        None => name.to_owned(),
    }
}

pub(super) fn waiting(lang: Lang, what: Waiting) -> String {
    match what {
        Waiting::Request => lang.say(words::WaitsRequest),
        Waiting::Approval => lang.say(words::WaitsApproval),
        Waiting::Shipment => lang.say(words::WaitsShipment),
        Waiting::ShipFact(n) => lang.say(words::WaitsShipFact { n }),
        Waiting::Receipt => lang.say(words::WaitsReceipt),
    }
}

pub(super) fn anomaly(lang: Lang, anomaly: &Anomaly) -> String {
    match anomaly {
        Anomaly::NotEntitled { by, name } => lang.say(words::AnomalyNotEntitled { by, step: name }),
        Anomaly::SaidTwice { by, name } => lang.say(words::AnomalySaidTwice { by, step: name }),
        Anomaly::RequestedTwice { by } => lang.say(words::AnomalyRequestedTwice { by }),
        Anomaly::ApprovedAndRejected => lang.say(words::AnomalyBothWays),
        Anomaly::ShippedThoughRejected => lang.say(words::AnomalyThoughRejected),
        Anomaly::ShippedBeyondApproval { sku, quantity } => {
            lang.say(words::AnomalyBeyond { sku, quantity: format::quantity_total(*quantity) })
        }
        Anomaly::OverReceived { sku, quantity } => {
            lang.say(words::AnomalyOver { sku, quantity: format::quantity_total(*quantity) })
        }
        Anomaly::ValueInTransit { sku, value } => {
            lang.say(words::AnomalyValue { sku, value: format::money_total(*value) })
        }
        Anomaly::Unread(unread) => {
            lang.say(words::AnomalyUnread { by: &unread.by, name: &unread.name })
        }
    }
}
