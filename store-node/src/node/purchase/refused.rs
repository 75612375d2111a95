//! Why bought goods were not booked, or an order not agreed to, at a store.

use console::{Exit, Lang, Tell, Told, format, words};
use ledger::amount::Money;
use ledger::id::{BillNo, DeliveryNote, SupplierId};
use thiserror::Error;

/// Why nothing was done about bought goods.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BuyingRefused {
    /// The store may agree to less.
    #[error("the order comes to {value}, the store may approve up to {limit}")]
    OverLimit {
        /// What the order comes to.
        value: Money,
        /// What the store's settings allow.
        limit: Money,
    },
    /// The store may agree to nothing itself.
    #[error("this store does not approve orders itself")]
    NoLimit,
    /// The delivery was taken in before, by whichever till.
    #[error("delivery {note} of {supplier} was taken in before, as {bill}")]
    Delivered {
        /// The supplier's number for it.
        note: DeliveryNote,
        /// Whose.
        supplier: SupplierId,
        /// The receipt.
        bill: BillNo,
    },
    /// A lot or date is given for goods that are on no line.
    #[error("a lot or expiry date is given for {item}, which is on no line")]
    NoLine {
        /// What was typed.
        item: String,
    },
}

impl Tell for BuyingRefused {
    fn tell(&self, lang: Lang) -> Told {
        let say = Told::saying;
        match self {
            Self::OverLimit { value, limit } => {
                let (value, limit) = (format::money(*value), format::money(*limit));
                say(lang.say(words::BuyOverLimit { value, limit }))
                    .hint(lang.say(words::BuyNoLimitHint))
            }
            Self::NoLimit => say(lang.say(words::BuyNoLimit)).hint(lang.say(words::BuyNoLimitHint)),
            Self::Delivered { note, supplier, bill } => {
                say(lang.say(words::BuyDelivered { note, supplier, bill }))
                    .hint(lang.say(words::BuyDeliveredHint { bill }))
            }
            Self::NoLine { item } => say(lang.say(words::BuyNotAccepted { item })),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::NoLine { .. } => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}
