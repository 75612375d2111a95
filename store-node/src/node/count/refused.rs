//! Why nothing is done for a stocktake.

use console::{Exit, Lang, Tell, Told, words};
use ledger::amount::Quantity;
use ledger::id::{RequestId, Sku};
use ledger::post::MAX_LINES;
use ledger::stocktake::{MAX_SHEET_LINES, Unsettled};
use thiserror::Error;

/// How many SKUs an error names.
const NAMED: usize = 10;

/// Why nothing is done for a stocktake as it stands. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CountRefused {
    /// There is none.
    #[error("no stocktake goes on")]
    NoneGoesOn,
    /// Another goes on.
    #[error("the stocktake `{name}` goes on")]
    GoesOn {
        /// What it is called.
        name: Box<str>,
    },
    /// The books were restored since it began, and it may have been posted after the copy was made.
    #[error("the books were restored since the stocktake began")]
    Restored,
    /// Less than nothing cannot be tolerated.
    #[error("the tolerance {tolerance} is negative")]
    NegativeTolerance {
        /// What was given.
        tolerance: Quantity,
    },
    /// No product is of this category.
    #[error("no product is of the category `{category}`")]
    NoSuchCategory {
        /// What was given.
        category: String,
    },
    /// A product that is not part of the stocktake.
    #[error("`{item}` is not on the sheet")]
    NotOnSheet {
        /// What was given.
        item: String,
    },
    /// More than goes on one sheet.
    #[error("a sheet has at most {MAX_LINES} products and {MAX_SHEET_LINES} lines")]
    TooManyItems,
    /// Products are to be counted again, or a person is to say why they differ.
    #[error("{} products differ by more than is tolerated, {} are to be counted again", .0.beyond.len(), .0.recount.len())]
    Unsettled(Unsettled),
    /// The request's name was used for something else.
    #[error("the request id `{request}` stands for something else")]
    RequestReused {
        /// The name.
        request: RequestId,
    },
}

impl Tell for CountRefused {
    fn tell(&self, lang: Lang) -> Told {
        let say = Told::saying;
        match self {
            Self::NoneGoesOn => {
                say(lang.say(words::CountNone)).hint(lang.say(words::CountNoneHint))
            }
            Self::GoesOn { name } => {
                say(lang.say(words::CountGoesOn { name })).hint(lang.say(words::CountGoesOnHint))
            }
            Self::Restored => {
                say(lang.say(words::CountRestored)).hint(lang.say(words::CountRestoredHint))
            }
            Self::NegativeTolerance { tolerance } => {
                say(lang.say(words::CountBadTolerance { tolerance }))
            }
            Self::NoSuchCategory { category } => say(lang.say(words::CountNoCategory { category })),
            Self::NotOnSheet { item } => say(lang.say(words::CountNotOnSheet { item }))
                .hint(lang.say(words::CountNotOnSheetHint)),
            Self::TooManyItems => {
                say(lang.say(words::CountTooMany { products: MAX_LINES, lines: MAX_SHEET_LINES }))
                    .hint(lang.say(words::CountTooManyHint))
            }
            Self::Unsettled(Unsettled { beyond, recount }) => {
                let mut told = say(lang.say(words::CountUnsettled));
                if !beyond.is_empty() {
                    let skus = list(lang, beyond);
                    told = told.because(lang.say(words::CountBeyond { skus }));
                }
                if !recount.is_empty() {
                    let skus = list(lang, recount);
                    told = told.because(lang.say(words::CountToRecount { skus }));
                }
                told.hint(lang.say(words::CountUnsettledHint))
            }
            Self::RequestReused { request } => say(lang.say(words::CountRequestReused { request })),
        }
    }

    fn exit(&self) -> Exit {
        Exit::Failed
    }
}

fn list(lang: Lang, skus: &[Sku]) -> String {
    let named: Vec<_> = skus.iter().take(NAMED).map(Sku::as_str).collect();
    let named = named.join(", ");
    match skus.len().saturating_sub(NAMED) {
        0 => named,
        n => format!("{named} {}", lang.say(words::More { n })),
    }
}
