//! Why nothing was done for a transfer.

use console::{Exit, Lang, Tell, Told, words};
use ledger::id::{RequestId, TransferId};
use thiserror::Error;

/// Why nothing was done for a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransferRefused {
    /// There is none of this number here.
    #[error("there is no transfer {transfer}")]
    Unknown {
        /// What was given.
        transfer: TransferId,
    },
    /// Head office has not agreed to it, or it was stopped.
    #[error("transfer {transfer} is not approved")]
    NotApproved {
        /// Which.
        transfer: TransferId,
    },
    /// Nothing is left to ship or to receive.
    #[error("nothing is due in transfer {transfer}")]
    NothingDue {
        /// Which.
        transfer: TransferId,
    },
    /// Nothing of it is left that could be stopped.
    #[error("nothing is left to cancel in transfer {transfer}")]
    NothingToCancel {
        /// Which.
        transfer: TransferId,
    },
    /// The request id was used for something else.
    #[error("the request id {request} was used for something else")]
    Reused {
        /// Which.
        request: RequestId,
    },
}

impl Tell for TransferRefused {
    fn tell(&self, lang: Lang) -> Told {
        match self {
            Self::Unknown { transfer } => {
                Told::saying(lang.say(words::TransferNotKnown { transfer }))
                    .hint(lang.say(words::TransferNotKnownHint))
            }
            Self::NotApproved { transfer } => {
                Told::saying(lang.say(words::TransferNotApproved { transfer }))
                    .hint(lang.say(words::TransferNotApprovedHint))
            }
            Self::NothingDue { transfer } => {
                Told::saying(lang.say(words::TransferNothingDue { transfer }))
            }
            Self::NothingToCancel { transfer } => {
                Told::saying(lang.say(words::TransferNothingToCancel { transfer }))
                    .hint(lang.say(words::TransferNothingToCancelHint))
            }
            Self::Reused { request } => Told::saying(lang.say(words::TransferReused { request }))
                .hint(lang.say(words::TransferReusedHint)),
        }
    }

    fn exit(&self) -> Exit {
        Exit::Failed
    }
}
