//! Stages, steps, what is missing, what looks wrong and what is refused, in words.

use ledger::id::PurchaseId;
use ledger::order::Party;
use ledger::purchase::{Anomaly, Refusal, Stage, Waiting};

use crate::{Lang, Told, format, order, words};

pub(super) fn stage(lang: Lang, name: &str) -> String {
    match Stage::named(name).unwrap_or(Stage::Unknown) {
        Stage::Unknown => lang.say(words::BuyUnknown),
        Stage::Requested => lang.say(words::BuyRequested),
        Stage::Draft => lang.say(words::BuyDraft),
        Stage::Submitted => lang.say(words::BuySubmitted),
        Stage::Approved => lang.say(words::BuyApproved),
        Stage::Rejected => lang.say(words::BuyRejected),
        Stage::Cancelled => lang.say(words::BuyCancelled),
        Stage::Sent => lang.say(words::BuySent),
        Stage::PartlyReceived => lang.say(words::BuyPartlyReceived),
        Stage::Received => lang.say(words::BuyReceived),
        Stage::ShortClosed => lang.say(words::BuyShortClosed),
    }
}

/// A step by its name, with its number: `receive/2`.
pub(super) fn step(lang: Lang, name: &str) -> String {
    order::step(name, |action| {
        Some(match action {
            "request" => lang.say(words::BuyStepRequest),
            "order" => lang.say(words::BuyStepOrder),
            "submit" => lang.say(words::BuyStepSubmit),
            "approve" => lang.say(words::BuyStepApprove),
            "reject" => lang.say(words::BuyStepReject),
            "send" => lang.say(words::BuyStepSend),
            "track" => lang.say(words::BuyStepTrack),
            "receive" => lang.say(words::BuyStepReceive),
            "return" => lang.say(words::BuyStepReturn),
            "close" => lang.say(words::BuyStepClose),
            "cancel" => lang.say(words::BuyStepCancel),
            "withdraw" => lang.say(words::BuyStepWithdraw),
            _ => return None,
        })
    })
}

pub(super) fn waiting(lang: Lang, what: &Waiting) -> String {
    match what {
        Waiting::Order => lang.say(words::BuyWaitsOrder),
        Waiting::Submission(_) => lang.say(words::BuyWaitsSubmission),
        Waiting::Approval => lang.say(words::BuyWaitsApproval),
        Waiting::Sending(_) => lang.say(words::BuyWaitsSending),
        Waiting::Receipt(_) => lang.say(words::BuyWaitsReceipt),
    }
}

pub(super) fn anomaly(lang: Lang, anomaly: &Anomaly) -> String {
    match anomaly {
        Anomaly::NotEntitled { by, name } => lang.say(words::AnomalyNotEntitled { by, step: name }),
        Anomaly::SaidTwice { by, name } => lang.say(words::AnomalySaidTwice { by, step: name }),
        Anomaly::ApprovedAndRejected => lang.say(words::BuyBothWays),
        Anomaly::RevisedAfterApproval { by, number } => {
            lang.say(words::BuyRevisedLate { by, number })
        }
        Anomaly::ReceivedThoughRejected => lang.say(words::BuyThoughRejected),
        Anomaly::OverReceived { store, sku, quantity } => {
            lang.say(words::BuyOver { store, sku, quantity: format::quantity_total(*quantity) })
        }
        Anomaly::ReturnedBeyondReceived { store, sku, quantity } => {
            let quantity = format::quantity_total(*quantity);
            lang.say(words::BuyReturnedBeyond { store, sku, quantity })
        }
        Anomaly::Unread(unread) => {
            lang.say(words::AnomalyUnread { by: &unread.by, name: &unread.name })
        }
    }
}

/// Why a word about a purchase changes nothing, and what to do instead.
pub(super) fn refused(lang: Lang, purchase: &PurchaseId, refusal: &Refusal) -> Told {
    let told = Told::saying;
    match refusal {
        Refusal::Unknown => {
            told(lang.say(words::BuyNone { purchase })).hint(lang.say(words::BuyNoneHint))
        }
        Refusal::NothingOrdered => told(lang.say(words::BuyNothingOrdered { purchase }))
            .hint(lang.say(words::BuyNothingOrderedHint { purchase })),
        Refusal::LineTwice { store, sku } => told(lang.say(words::BuyLineTwice { store, sku })),
        Refusal::TooLate { stage: at } => {
            let at = stage(lang, at.name());
            told(lang.say(words::BuyTooLate { purchase, at }))
                .hint(lang.say(words::BuyTooLateHint { purchase }))
        }
        Refusal::NotApproved => told(lang.say(words::BuyNotApproved { purchase }))
            .hint(lang.say(words::BuyNotApprovedHint { purchase })),
        Refusal::NothingOpen => told(lang.say(words::BuyNothingOpen { purchase })),
        Refusal::GoodsCame => told(lang.say(words::BuyGoodsCame { purchase }))
            .hint(lang.say(words::BuyGoodsCameHint { purchase })),
        Refusal::NotEntitled { by } => {
            told(lang.say(words::BuyNoSay { purchase, by: named(lang, by) }))
                .hint(lang.say(words::BuyNoSayHint { purchase }))
        }
        Refusal::SaidOtherwise { by } => {
            told(lang.say(words::BuySaidOtherwise { purchase, by: named(lang, by) }))
                .hint(lang.say(words::BuyTooLateHint { purchase }))
        }
    }
}

fn named(lang: Lang, by: &Party) -> String {
    order::party(lang, &by.to_string())
}
