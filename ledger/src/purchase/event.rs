//! What the parties of a purchase order say.

use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use crate::amount::{AmountError, Money, Quantity};
use crate::id::{FactId, IdError, Sku, StoreId, SupplierId};
use crate::order::{self, Goods, Party};
use crate::time::BusinessDate;

/// One entry of a purchase order.
pub type Entry = order::Entry<Step>;

/// What a party said of a purchase order, and when.
pub type Event = order::Event<Step>;

/// What a party says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Goods are wanted (请购).
    Request {
        /// What, and where.
        needs: Vec<Need>,
        /// From whom, if whoever asks knows.
        supplier: Option<SupplierId>,
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// This is to be ordered (采购订单). Until one is agreed to, the newest revision counts.
    Order {
        /// Which revision of the order this is.
        revision: NonZeroU32,
        /// What it says.
        order: Ordered,
    },
    /// The order is ready to be agreed to (提交).
    Submit {
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// Agrees (审核通过).
    Approve {
        /// To which revision. Later ones change nothing.
        of: Revision,
        /// The rule by which it was agreed to automatically; none if a person agreed.
        rule: Option<Box<str>>,
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// Does not agree (驳回).
    Reject {
        /// Why.
        reason: Box<str>,
    },
    /// The supplier has been given the order (已发送供应商).
    Send {
        /// What else there is to say.
        remark: Option<Box<str>>,
    },
    /// What is known of a shipment (物流跟踪).
    Track {
        /// Which word of the party on shipments this is.
        number: NonZeroU32,
        /// What is known.
        shipment: Shipment,
    },
    /// Goods came (采购入库).
    Receive {
        /// Which receipt of the store this is.
        receipt: NonZeroU32,
        /// The store's fact.
        fact: FactId,
        /// What was taken in, at what it cost.
        accepted: Vec<Goods>,
        /// What came and was not accepted (拒收).
        rejected: Vec<Goods>,
    },
    /// Goods went back to the supplier (采购退货).
    Return {
        /// Which return of the store this is.
        number: NonZeroU32,
        /// The store's fact.
        fact: FactId,
        /// What went back, at the cost at which it had come.
        goods: Vec<Goods>,
        /// Whether others are to come in their place.
        kind: ReturnKind,
        /// Why.
        reason: Box<str>,
    },
    /// What has not come is not waited for any more (短交关闭).
    Close {
        /// Why.
        reason: Box<str>,
    },
    /// Wants the order stopped (取消).
    Cancel {
        /// Why.
        reason: Box<str>,
    },
    /// Takes back what was said about goods (撤回): the fact behind it has left the books, because the
    /// store's history had parted and another fact stands in its place.
    Withdraw {
        /// Which withdrawal of the party this is.
        withdrawal: NonZeroU32,
        /// What does not count any more.
        of: Box<Self>,
    },
}

/// Goods that a store is to get.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// Which store.
    pub store: StoreId,
    /// What.
    pub sku: Sku,
    /// How much; positive.
    pub quantity: Quantity,
}

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ordered {
    /// From whom.
    pub supplier: SupplierId,
    /// What, for which store, at which price.
    pub lines: Vec<OrderLine>,
    /// When it is to come.
    pub expected: Option<BusinessDate>,
    /// What else there is to say.
    pub remark: Option<Box<str>>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderLine {
    /// Which store gets the goods.
    pub store: StoreId,
    /// What.
    pub sku: Sku,
    /// How much; positive.
    pub quantity: Quantity,
    /// What a unit costs; not negative.
    pub price: Money,
}

/// One party's revision of an order. The higher number is the newer one, whoever wrote it; of two
/// with one number head office's counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    /// Its number.
    pub number: NonZeroU32,
    /// Whose it is.
    pub by: Party,
}

/// What is known of a shipment of the supplier's.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shipment {
    /// Who carries it (承运商).
    pub carrier: Option<Box<str>>,
    /// The carrier's number for it (运单号).
    pub waybill: Option<Box<str>>,
    /// When it is to come.
    pub expected: Option<BusinessDate>,
    /// What else there is to say.
    pub remark: Option<Box<str>>,
}

/// What a return is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnKind {
    /// The goods are given back for their money (退货).
    Refund,
    /// Others are to come in their place (换货): they are due again.
    Exchange,
}

impl ReturnKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Refund, Self::Exchange];

    /// Its name in the stored form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Exchange => "exchange",
        }
    }

    /// The kind of this name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for ReturnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for ReturnKind {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "kind of return: refund or exchange";
        Self::named(text).ok_or_else(|| IdError::Malformed { what, text: text.to_owned() })
    }
}

impl Ordered {
    /// What it comes to, before tax and freight are known.
    pub fn value(&self) -> Result<Money, AmountError> {
        let values = self.lines.iter().map(|line| line.price.times(line.quantity));
        Money::sum(values.collect::<Result<Vec<_>, _>>()?)
    }
}

impl Step {
    /// The stores that it names goods for.
    pub fn stores(&self) -> BTreeSet<StoreId> {
        match self {
            Self::Request { needs, .. } => needs.iter().map(|need| need.store.clone()).collect(),
            Self::Order { order, .. } => {
                order.lines.iter().map(|line| line.store.clone()).collect()
            }
            _ => BTreeSet::new(),
        }
    }

    /// The fact behind it, for steps that moved goods.
    pub const fn fact(&self) -> Option<FactId> {
        match self {
            Self::Receive { fact, .. } | Self::Return { fact, .. } => Some(*fact),
            _ => None,
        }
    }

    /// What it takes back.
    pub(crate) fn withdrawn(&self) -> Option<&Self> {
        match self {
            Self::Withdraw { of, .. } => Some(of),
            _ => None,
        }
    }

    /// Whether both tell the same of the same fact, under whatever number.
    pub(super) fn tells_the_same(&self, other: &Self) -> bool {
        self.numbered(NonZeroU32::MIN) == other.numbered(NonZeroU32::MIN)
    }

    /// The same about goods under another number.
    pub(super) fn numbered(&self, to: NonZeroU32) -> Self {
        let mut step = self.clone();
        match &mut step {
            Self::Receive { receipt: own, .. }
            | Self::Return { number: own, .. }
            | Self::Withdraw { withdrawal: own, .. } => *own = to,
            _ => {}
        }
        step
    }
}
