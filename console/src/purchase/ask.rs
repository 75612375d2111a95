//! What both programs can be asked about purchases.

use ledger::id::{Operator, PurchaseId, RequestId, StoreId, SupplierId};
use ledger::purchase::{Entry, Shipment, Word};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::{PurchaseLine, PurchaseView};
use crate::{Lang, text};

/// Ask for goods to be bought (请购).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestPurchase {
    /// For which stores are lines that name none; a store asks for itself if there is none.
    #[serde(default)]
    pub stores: Vec<StoreId>,
    /// From whom, if that is known.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
    /// What is wanted; prices are not heeded.
    pub lines: Vec<PurchaseLine>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The client's own name for the request.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who asks.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// Write a purchase order, or what is to stand in place of one that nobody has agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderPurchase {
    /// Which order or request it is for; none for a new one.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub purchase: Option<PurchaseId>,
    /// From whom.
    #[serde(with = "text")]
    pub supplier: SupplierId,
    /// For which stores are lines that name none; a store orders for itself if there is none.
    #[serde(default)]
    pub stores: Vec<StoreId>,
    /// What is ordered. Empty, for a request: what was asked for.
    #[serde(default)]
    pub lines: Vec<PurchaseLine>,
    /// When it is to come.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expected: Option<BusinessDate>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The client's own name for the request; for a new order.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who orders.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// Say something about a purchase. Saying the same again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SayPurchase {
    /// Which.
    #[serde(with = "text")]
    pub purchase: PurchaseId,
    /// What.
    pub word: Said,
    /// Who says so.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// A word about a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Said {
    /// It is ready to be agreed to.
    Submit {
        /// What else there is to say.
        #[serde(default)]
        note: Option<String>,
    },
    /// Let it be ordered.
    Approve {
        /// What else there is to say.
        #[serde(default)]
        note: Option<String>,
    },
    /// Let it not be ordered.
    Reject {
        /// Why.
        reason: String,
    },
    /// The supplier has it.
    Send {
        /// What else there is to say.
        #[serde(default)]
        note: Option<String>,
    },
    /// This is known of a shipment.
    Track {
        /// Who carries it.
        #[serde(default)]
        carrier: Option<String>,
        /// The carrier's number for it.
        #[serde(default)]
        waybill: Option<String>,
        /// When it is to come.
        #[serde(default, with = "text::option")]
        expected: Option<BusinessDate>,
        /// What else there is to say.
        #[serde(default)]
        note: Option<String>,
    },
    /// Nothing more is waited for.
    Close {
        /// Why.
        reason: String,
    },
    /// It is to be stopped.
    Cancel {
        /// Why.
        reason: String,
    },
}

/// Asks for the purchases that a program knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPurchases {
    /// How far they have come.
    #[serde(default)]
    pub which: Which,
    /// Only those to which this store is party.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Only those from this supplier.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
    /// Only those begun on this day or later.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<BusinessDate>,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

/// How far the purchases that are listed have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// However far.
    #[default]
    All,
    /// Those that wait for something, or look wrong.
    Open,
    /// Those of which goods should have come before today.
    Late,
}

/// Asks for one purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowPurchase {
    /// Which.
    #[serde(with = "text")]
    pub purchase: PurchaseId,
    /// The language of what is shown: `zh` or `en`.
    pub lang: String,
}

impl ListPurchases {
    /// The views of those of some purchases that are asked for. `entries` gives what the parties of one
    /// have said.
    pub fn views<E>(
        &self,
        ids: &[PurchaseId],
        today: BusinessDate,
        entries: impl Fn(&PurchaseId) -> Result<Vec<Entry>, E>,
    ) -> Result<Vec<PurchaseView>, E> {
        let lang = Lang::from_tag(&self.lang);
        let show = |id: &PurchaseId| Ok(PurchaseView::of(id, &entries(id)?, lang, today));
        let mut views = ids.iter().map(show).collect::<Result<Vec<_>, E>>()?;
        views.retain(|view| self.admits(view));
        if self.which == Which::Late {
            views.sort_by(|a, b| (&a.supplier, a.expected).cmp(&(&b.supplier, b.expected)));
        }
        Ok(views)
    }

    fn admits(&self, view: &PurchaseView) -> bool {
        let began = view.steps.first().map(|step| step.at.utc_day());
        let supplier = self.supplier.as_ref().map(SupplierId::as_str);
        self.since.is_none_or(|since| began.is_none_or(|began| began >= since))
            && supplier.is_none_or(|one| view.supplier.as_deref() == Some(one))
    }
}

impl From<Said> for Word {
    fn from(said: Said) -> Self {
        let text = |text: Option<String>| text.map(Into::into);
        match said {
            Said::Submit { note } => Self::Submit { remark: text(note) },
            Said::Approve { note } => Self::Approve { rule: None, remark: text(note) },
            Said::Reject { reason } => Self::Reject { reason: reason.into() },
            Said::Send { note } => Self::Send { remark: text(note) },
            Said::Track { carrier, waybill, expected, note } => Self::Track(Shipment {
                carrier: text(carrier),
                waybill: text(waybill),
                expected,
                remark: text(note),
            }),
            Said::Close { reason } => Self::Close { reason: reason.into() },
            Said::Cancel { reason } => Self::Cancel { reason: reason.into() },
        }
    }
}
