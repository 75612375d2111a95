//! How far a purchase order has come: a total function of the entries present.
//!
//! It depends on their set alone, not on order or repetition, and never fails: entries arrive late,
//! twice, out of turn or not at all, and the goods have come all the same. What was received stays
//! received, whatever else was said; what looks wrong becomes an [`Anomaly`].

mod heard;
mod judge;

use std::collections::BTreeMap;

use super::event::{Entry, Need, Ordered, Revision};
use super::name::StepName;
use crate::amount::Money;
use crate::fold::Balance;
use crate::id::{Sku, StoreId, SupplierId};
use crate::order::{CancelAsked, Party, Unread};
use crate::time::BusinessDate;
use heard::Heard;

/// A purchase order as its entries tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// From whom, once that is known.
    pub supplier: Option<SupplierId>,
    /// Who orders, once the order is known.
    pub buyer: Option<Party>,
    /// The revision that counts, and what it says.
    pub order: Option<(Revision, Ordered)>,
    /// What was asked for before anything was ordered.
    pub needs: Vec<Need>,
    /// How far it has come as a whole.
    pub stage: Stage,
    /// Who agreed to it.
    pub approval: Option<Approval>,
    /// When the goods are to come, as the newest word on a shipment or else the order says.
    pub expected: Option<BusinessDate>,
    /// Who wants it stopped. An order of which goods have come is not cancelled by this.
    pub cancel_asked: Option<CancelAsked>,
    /// How far each line has come.
    pub lines: BTreeMap<(StoreId, Sku), Line>,
    /// What is missing before it is over, in a fixed order.
    pub waits_for: Vec<Waiting>,
    /// What looks wrong, in a fixed order.
    pub anomalies: Vec<Anomaly>,
}

/// Who agreed to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Head office, or the store that ordered.
    pub by: Party,
    /// To which revision.
    pub of: Revision,
    /// The rule by which it was agreed to automatically.
    pub rule: Option<Box<str>>,
}

/// How far one SKU for one store has come. Quantities are thousandths, values ten-thousandths.
///
/// Always: ordered + exchanged + over = accepted + rejected + open + short.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// What was asked for before anything was ordered.
    pub requested: i128,
    /// What was ordered.
    pub ordered: i128,
    /// At which price; none for goods that nobody ordered.
    pub price: Option<Money>,
    /// What came and was taken in.
    pub accepted: Balance,
    /// What came and was not accepted.
    pub rejected: Balance,
    /// What went back to the supplier, of either.
    pub returned: Balance,
    /// What of that is due again.
    pub exchanged: i128,
    /// What is still to come.
    pub open: i128,
    /// What was to come and is not waited for any more.
    pub short: i128,
    /// What came beyond what was ordered.
    pub over: i128,
}

/// How far an order has come as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nothing has been seen that counts.
    Unknown,
    /// Goods are wanted (已请购).
    Requested,
    /// It is being written (草稿).
    Draft,
    /// It is ready to be agreed to (已提交).
    Submitted,
    /// It is agreed to (已审核).
    Approved,
    /// Not agreed to (已驳回).
    Rejected,
    /// Stopped before anything came (已取消).
    Cancelled,
    /// The supplier has it (已下单).
    Sent,
    /// Some of it has come (部分到货).
    PartlyReceived,
    /// All of it has come (已到货).
    Received,
    /// What has not come is not waited for any more (短交关闭).
    ShortClosed,
}

impl Stage {
    /// Every stage, in the order of an order's life.
    pub const ALL: [Self; 11] = [
        Self::Unknown,
        Self::Requested,
        Self::Draft,
        Self::Submitted,
        Self::Approved,
        Self::Rejected,
        Self::Cancelled,
        Self::Sent,
        Self::PartlyReceived,
        Self::Received,
        Self::ShortClosed,
    ];

    /// Its name in lists and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Requested => "requested",
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Sent => "sent",
            Self::PartlyReceived => "partly_received",
            Self::Received => "received",
            Self::ShortClosed => "short_closed",
        }
    }

    /// The stage of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

/// What an order waits for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waiting {
    /// The order, which has not been seen here or not been written.
    Order,
    /// Its buyer's word that it is ready.
    Submission(Party),
    /// Somebody's agreement.
    Approval,
    /// Its way to the supplier.
    Sending(Party),
    /// Goods for a store.
    Receipt(StoreId),
}

impl Waiting {
    /// Its name for programs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Submission(_) => "submission",
            Self::Approval => "approval",
            Self::Sending(_) => "sending",
            Self::Receipt(_) => "receipt",
        }
    }

    /// Who is to act, where that is known.
    pub fn party(&self) -> Option<Party> {
        match self {
            Self::Order => None,
            Self::Approval => Some(Party::HeadOffice),
            Self::Submission(party) | Self::Sending(party) => Some(party.clone()),
            Self::Receipt(store) => Some(Party::Store(store.clone())),
        }
    }
}

/// Something about an order that a person should look at.
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
    /// One party both agreed and did not. As long as nothing has come, it did not.
    ApprovedAndRejected,
    /// A revision that is newer than the one agreed to. It does not count.
    RevisedAfterApproval {
        /// Whose.
        by: Party,
        /// Its number.
        number: u32,
    },
    /// Goods came although the order was rejected.
    ReceivedThoughRejected,
    /// More came than was ordered (超收).
    OverReceived {
        /// Where.
        store: StoreId,
        /// Of what.
        sku: Sku,
        /// How much more, in thousandths.
        quantity: i128,
    },
    /// More went back than is known to have come.
    ReturnedBeyondReceived {
        /// Where.
        store: StoreId,
        /// Of what.
        sku: Sku,
        /// How much more, in thousandths.
        quantity: i128,
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
            Self::ApprovedAndRejected => "approved-and-rejected",
            Self::RevisedAfterApproval { .. } => "revised-after-approval",
            Self::ReceivedThoughRejected => "received-though-rejected",
            Self::OverReceived { .. } => "over-received",
            Self::ReturnedBeyondReceived { .. } => "returned-beyond-received",
            Self::Unread(_) => "unread",
        }
    }

    /// Whose entry it is about, where it is one party's.
    pub const fn by(&self) -> Option<&Party> {
        match self {
            Self::NotEntitled { by, .. }
            | Self::SaidTwice { by, .. }
            | Self::RevisedAfterApproval { by, .. }
            | Self::Unread(Unread { by, .. }) => Some(by),
            Self::ApprovedAndRejected
            | Self::ReceivedThoughRejected
            | Self::OverReceived { .. }
            | Self::ReturnedBeyondReceived { .. } => None,
        }
    }

    /// The store and the goods that it is about, if any.
    pub const fn place(&self) -> Option<(&StoreId, &Sku)> {
        match self {
            Self::OverReceived { store, sku, .. }
            | Self::ReturnedBeyondReceived { store, sku, .. } => Some((store, sku)),
            _ => None,
        }
    }
}

/// Reads how far an order has come. The result depends on the set of entries alone.
pub fn status<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Purchase {
    judge::judge(Heard::of(entries))
}

#[cfg(test)]
mod tests;
