//! Why nothing was done for a transfer.

use std::num::NonZeroU32;

use console::{Exit, Lang, Tell, Told, words};
use ledger::id::{RequestId, StoreId, TransferId};
use ledger::transfer::ManifestError;
use sync_proto::quic::LetterError;
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
    /// The source has told of no such shipment.
    #[error("no shipment {shipment} of transfer {transfer} is known")]
    NoShipment {
        /// Of which.
        transfer: TransferId,
        /// Which.
        shipment: NonZeroU32,
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
            Self::NoShipment { transfer, shipment } => {
                Told::saying(lang.say(words::TransferNoShipment { transfer, shipment }))
                    .hint(lang.say(words::TransferNoShipmentHint))
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

/// Why a manifest was not written, or not believed.
#[derive(Debug, Error)]
pub enum ManifestRefused {
    /// The signed text cannot be written, read or trusted.
    #[error("the manifest cannot be used")]
    Letter(#[source] LetterError),
    /// What was signed is no manifest.
    #[error("the manifest cannot be used")]
    Form(#[source] ManifestError),
    /// Somebody else than the source signed it.
    #[error("the manifest speaks for {from} and is signed by {signer}")]
    Stranger {
        /// Who signed.
        signer: String,
        /// Who ships, it says.
        from: StoreId,
    },
    /// The goods are for another store.
    #[error("the goods are for {to}, this is {here}")]
    ForAnother {
        /// For which store.
        to: StoreId,
        /// Which store this is.
        here: StoreId,
    },
    /// All of it was received before.
    #[error("shipment {shipment} of transfer {transfer} was received before")]
    ReceivedBefore {
        /// Which transfer.
        transfer: TransferId,
        /// Which shipment.
        shipment: NonZeroU32,
    },
    /// The source has told something else of this shipment.
    #[error("shipment {shipment} of transfer {transfer} is known, and not as the manifest says")]
    Differs {
        /// Which transfer.
        transfer: TransferId,
        /// Which shipment.
        shipment: NonZeroU32,
    },
    /// Nothing of the transfer has left here.
    #[error("nothing of transfer {transfer} has left this store")]
    NoShipment {
        /// Which.
        transfer: TransferId,
    },
}

impl Tell for ManifestRefused {
    fn tell(&self, lang: Lang) -> Told {
        let say = Told::saying;
        match self {
            Self::Letter(error) => letter(lang, error),
            Self::Form(ManifestError::Version { .. }) => say(lang.say(words::ManifestNewer)),
            Self::Form(_) => say(lang.say(words::ManifestForm)),
            Self::Stranger { signer, from } => {
                say(lang.say(words::ManifestStranger { signer, from }))
                    .hint(lang.say(words::ManifestForgedHint))
            }
            Self::ForAnother { to, here } => say(lang.say(words::ManifestForAnother { to, here })),
            Self::ReceivedBefore { transfer, shipment } => {
                say(lang.say(words::ManifestReceivedBefore { transfer, shipment }))
                    .hint(lang.say(words::ManifestReceivedBeforeHint { transfer }))
            }
            Self::Differs { transfer, shipment } => {
                say(lang.say(words::ManifestDiffers { transfer, shipment }))
                    .hint(lang.say(words::ManifestDiffersHint { transfer }))
            }
            Self::NoShipment { transfer } => say(lang.say(words::ManifestNoShipment { transfer })),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Letter(LetterError::NotALetter) => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}

fn letter(lang: Lang, error: &LetterError) -> Told {
    let say = Told::saying;
    match error {
        LetterError::NotALetter => {
            say(lang.say(words::ManifestNone)).hint(lang.say(words::ManifestNoneHint))
        }
        LetterError::TooLong | LetterError::Misread => {
            say(lang.say(words::ManifestMisread)).hint(lang.say(words::ManifestMisreadHint))
        }
        LetterError::Form => say(lang.say(words::ManifestNewer)),
        LetterError::OtherChain { chain } => say(lang.say(words::ManifestOtherChain { chain })),
        LetterError::Forged { .. } | LetterError::Name(_) | LetterError::Certificate(_) => {
            say(lang.say(words::ManifestForged)).hint(lang.say(words::ManifestForgedHint))
        }
        LetterError::Sign(_) | LetterError::Pack(_) => say(lang.say(words::ManifestNotSigned)),
    }
}
