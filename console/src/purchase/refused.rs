//! Why nothing was said of a purchase, at either program.

use ledger::id::{PurchaseId, RequestId};
use ledger::purchase::Refusal;
use thiserror::Error;

use super::say;
use crate::{Exit, Lang, Tell, Told, words};

/// Why nothing was said of a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PurchaseRefused {
    /// The order as it stands does not take it.
    #[error("purchase {purchase}: {refusal}")]
    Order {
        /// Which.
        purchase: PurchaseId,
        /// Why.
        refusal: Refusal,
    },
    /// The lines of a new order cannot stand like this.
    #[error("{refusal}")]
    Lines {
        /// Why.
        refusal: Refusal,
    },
    /// The request id was used for something else.
    #[error("the request id {request} was used for something else")]
    Reused {
        /// Which.
        request: RequestId,
    },
    /// Neither the line nor the catalog says what a product costs.
    #[error("there is no price for {item}")]
    NoPrice {
        /// What was typed.
        item: String,
    },
    /// Nobody said which store gets the goods.
    #[error("no store is named that is to get the goods")]
    NoStore,
    /// More stores than one order can be for.
    #[error("one order is for at most {limit} stores, {found} are named")]
    TooManyStores {
        /// How many are named, whoever orders among them.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A revision is for stores that the order's number does not name.
    #[error("purchase {purchase} is not for all of these stores")]
    OtherStores {
        /// Which.
        purchase: PurchaseId,
    },
    /// There is nothing to order.
    #[error("there are no lines")]
    NoLines,
    /// A plan's file lacks a column.
    #[error("the plan has no column `{column}`")]
    PlanColumn {
        /// Its name.
        column: &'static str,
    },
    /// A row of a plan's file cannot be ordered.
    #[error("line {line} of the plan: `{column}` cannot be used")]
    PlanRow {
        /// Which line, from one.
        line: u64,
        /// What is wrong there.
        column: &'static str,
    },
}

impl Tell for PurchaseRefused {
    fn tell(&self, lang: Lang) -> Told {
        match self {
            Self::Order { purchase, refusal } => say::refused(lang, purchase, refusal),
            Self::Lines { refusal: Refusal::LineTwice { store, sku } } => {
                Told::saying(lang.say(words::BuyLineTwice { store, sku }))
            }
            Self::Lines { refusal } => Told::saying(refusal.to_string()),
            Self::Reused { request } => Told::saying(lang.say(words::BuyReused { request }))
                .hint(lang.say(words::TransferReusedHint)),
            Self::NoPrice { item } => Told::saying(lang.say(words::BuyNoPrice { item }))
                .hint(lang.say(words::BuyNoPriceHint)),
            Self::NoStore => {
                Told::saying(lang.say(words::BuyNoStore)).hint(lang.say(words::BuyNoStoreHint))
            }
            Self::TooManyStores { found, limit } => {
                Told::saying(lang.say(words::BuyTooManyStores { found, limit }))
                    .hint(lang.say(words::BuyOtherStoresHint))
            }
            Self::OtherStores { purchase } => {
                Told::saying(lang.say(words::BuyOtherStores { purchase }))
                    .hint(lang.say(words::BuyOtherStoresHint))
            }
            Self::NoLines => Told::saying(lang.say(words::BuyNoLines)),
            Self::PlanColumn { column } => Told::saying(lang.say(words::BuyPlanColumn { column }))
                .hint(lang.say(words::BuyPlanHint)),
            Self::PlanRow { line, column } => {
                Told::saying(lang.say(words::BuyPlanRow { line, column }))
                    .hint(lang.say(words::BuyPlanHint))
            }
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::NoStore | Self::NoLines | Self::PlanColumn { .. } | Self::PlanRow { .. } => {
                Exit::Usage
            }
            _ => Exit::Failed,
        }
    }
}
