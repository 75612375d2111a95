//! How far a transfer has come: a total function of the entries present.
//!
//! It depends on their set alone, not on order or repetition, and never fails: entries arrive
//! late, twice, out of turn or not at all, and the goods have moved all the same. What has been
//! shipped stays shipped, whatever else was said; what looks wrong becomes an [`Anomaly`].

mod heard;
mod judge;

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::event::{Entry, Route};
use super::name::StepName;
use crate::fold::Balance;
use crate::id::Sku;
use crate::order::{CancelAsked, Party, Unread};
use heard::Heard;

/// A transfer as its entries tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// From where to where, once the request is known.
    pub route: Option<Route>,
    /// How far it has come as a whole.
    pub stage: Stage,
    /// Who wants it stopped. A transfer that has shipped is not cancelled by this.
    pub cancel_asked: Option<CancelAsked>,
    /// How far each line has come.
    pub lines: BTreeMap<Sku, Line>,
    /// What is missing before it is over, in a fixed order.
    pub waits_for: Vec<Waiting>,
    /// What looks wrong, in a fixed order.
    pub anomalies: Vec<Anomaly>,
}

impl Transfer {
    /// Whether anything is left that a cancellation would stop: goods that have left are received
    /// or settled instead.
    pub fn can_be_stopped(&self) -> bool {
        let stops = |what: &Waiting| {
            matches!(what, Waiting::Request | Waiting::Approval | Waiting::Shipment)
        };
        self.waits_for.iter().any(stops)
    }
}

/// How far one SKU of a transfer has come. Quantities are thousandths, values ten-thousandths.
///
/// Always: shipped = received + damaged + lost + returned + in transit, in quantity and in value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// What was asked for.
    pub requested: i128,
    /// What head office agreed to.
    pub approved: i128,
    /// What left the source.
    pub shipped: Balance,
    /// What reached the destination in order.
    pub received: Balance,
    /// What was ruined on the way.
    pub damaged: Balance,
    /// What is gone; negative when more arrived than left, and that was settled.
    pub lost: Balance,
    /// What came back to the source.
    pub returned: Balance,
    /// What is still on the way; negative when more arrived than is known to have left.
    pub in_transit: Balance,
}

/// How far a transfer has come as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// No request has been seen, nor anything that counts without one.
    Unknown,
    /// Asked for (已申请).
    Requested,
    /// Agreed to (已审核).
    Approved,
    /// Not agreed to, or to none of it (已驳回).
    Rejected,
    /// Stopped before anything left (已取消).
    Cancelled,
    /// On the way (已调出).
    Shipped,
    /// Some of it is still on the way (部分调入).
    PartlyReceived,
    /// All that left has arrived (已调入).
    Received,
    /// All that left is accounted for, with a settlement (已结清).
    Settled,
}

/// What a transfer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Waiting {
    /// The request, which has not been seen here.
    Request,
    /// Head office's word.
    Approval,
    /// Goods that were agreed to and have not left.
    Shipment,
    /// The source's word about a shipment of which goods have arrived.
    ShipFact(NonZeroU32),
    /// Goods on the way, until they arrive or are settled.
    Receipt,
}

impl Waiting {
    /// Who is to act, once it is known between which stores the goods go.
    pub fn party(self, route: Option<&Route>) -> Option<Party> {
        match self {
            Self::Request => None,
            Self::Approval => Some(Party::HeadOffice),
            Self::Shipment | Self::ShipFact(_) => {
                route.map(|route| Party::Store(route.from().clone()))
            }
            Self::Receipt => route.map(|route| Party::Store(route.to().clone())),
        }
    }
}

/// Something about a transfer that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anomaly {
    /// An entry of a party that has no say in this. It does not count.
    NotEntitled {
        /// Whose.
        by: Party,
        /// Which.
        name: StepName,
    },
    /// A party said two different things under one name, or of one fact. Of words the one that sorts
    /// first counts, so that every replica chooses the same; of goods each fact counts once.
    SaidTwice {
        /// Which party.
        by: Party,
        /// Under which name.
        name: StepName,
    },
    /// Several parties made the request. The earliest counts.
    RequestedTwice {
        /// Whose request does not.
        by: Party,
    },
    /// Head office both agreed and did not. As long as nothing has left, it did not.
    ApprovedAndRejected,
    /// Goods left although head office did not agree.
    ShippedThoughRejected,
    /// More left than was agreed to.
    ShippedBeyondApproval {
        /// Of what.
        sku: Sku,
        /// How much more, in thousandths.
        quantity: i128,
    },
    /// More came out of the transfer than went in (多收).
    OverReceived {
        /// Of what.
        sku: Sku,
        /// How much more, in thousandths; positive.
        quantity: i128,
    },
    /// All goods have arrived, yet some of their cost has not.
    ValueInTransit {
        /// Of what.
        sku: Sku,
        /// How much, in ten-thousandths; negative when more cost arrived than left.
        value: i128,
    },
    /// An entry that this version cannot read.
    Unread(Unread),
}

impl Anomaly {
    /// The name of its kind in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotEntitled { .. } => "not-entitled",
            Self::SaidTwice { .. } => "said-twice",
            Self::RequestedTwice { .. } => "requested-twice",
            Self::ApprovedAndRejected => "approved-and-rejected",
            Self::ShippedThoughRejected => "shipped-though-rejected",
            Self::ShippedBeyondApproval { .. } => "shipped-beyond-approval",
            Self::OverReceived { .. } => "over-received",
            Self::ValueInTransit { .. } => "value-in-transit",
            Self::Unread(_) => "unread",
        }
    }

    /// Whose entry it is about, where it is one party's.
    pub const fn by(&self) -> Option<&Party> {
        match self {
            Self::NotEntitled { by, .. }
            | Self::SaidTwice { by, .. }
            | Self::RequestedTwice { by }
            | Self::Unread(Unread { by, .. }) => Some(by),
            Self::ApprovedAndRejected
            | Self::ShippedThoughRejected
            | Self::ShippedBeyondApproval { .. }
            | Self::OverReceived { .. }
            | Self::ValueInTransit { .. } => None,
        }
    }

    /// The goods that it is about, if any.
    pub const fn sku(&self) -> Option<&Sku> {
        match self {
            Self::ShippedBeyondApproval { sku, .. }
            | Self::OverReceived { sku, .. }
            | Self::ValueInTransit { sku, .. } => Some(sku),
            Self::NotEntitled { .. }
            | Self::SaidTwice { .. }
            | Self::RequestedTwice { .. }
            | Self::ApprovedAndRejected
            | Self::ShippedThoughRejected
            | Self::Unread(_) => None,
        }
    }
}

/// Reads how far a transfer has come. The result depends on the set of entries alone.
pub fn status<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Transfer {
    let heard = Heard::of(entries);
    let lines = heard.lines();
    judge::judge(heard, lines)
}

#[cfg(test)]
mod tests;
