//! Why nothing is done for a stocktake.

use console::{Exit, Lang, Tell, Told, format, words};
use ledger::amount::{Money, Quantity};
use ledger::id::{Bin, Operator, RequestId, Sku};
use ledger::post::MAX_LINES;
use ledger::stocktake::{AbcClass, MAX_SHEET_LINES, Unsettled};
use thiserror::Error;

use crate::request::FactRef;

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
    /// Nothing lies in this bin, belongs there or was ever counted there.
    #[error("nothing lies in `{bin}`, belongs there or was counted there before")]
    NothingAtBin {
        /// What was given.
        bin: Bin,
    },
    /// The stocktake is of one bin, and another is named.
    #[error("the stocktake is of `{only}` alone, and `{bin}` is named")]
    OtherBin {
        /// The one that is counted.
        only: Bin,
        /// What was given.
        bin: Bin,
    },
    /// No product is of this class.
    #[error("no product is of class {class}")]
    NothingOfClass {
        /// What was given.
        class: AbcClass,
    },
    /// What differs costs too much for one person to book.
    #[error("the differences cost {value}, above {limit} a second person approves them")]
    NeedsApproval {
        /// What the differences cost.
        value: Money,
        /// What one person may book.
        limit: Money,
    },
    /// Whoever has approved it does not post it, and whoever posts it says who he is.
    #[error("`{by}` has approved the stocktake, another person posts it")]
    SameApproves {
        /// Who has approved it.
        by: Operator,
    },
    /// Nobody approves his own count.
    #[error("`{operator}` has counted or started the stocktake")]
    OwnCount {
        /// Who was to approve it.
        operator: Operator,
    },
    /// An approval has a name.
    #[error("nobody is named who approves the stocktake")]
    NobodyApproves,
    /// The document is no stocktake.
    #[error("`{which}` is no stocktake of this store")]
    NoStocktake {
        /// What was given.
        which: FactRef,
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
            Self::OtherBin { only, bin } => say(lang.say(words::CountOtherBin { only, bin })),
            Self::NothingAtBin { bin } => say(lang.say(words::CountNothingAtBin { bin })),
            Self::NothingOfClass { class } => say(lang.say(words::CountNothingOfClass { class })),
            Self::NeedsApproval { value, limit } => {
                let (value, limit) = (format::money(*value), format::money(*limit));
                say(lang.say(words::CountNeedsApproval { value, limit }))
                    .hint(lang.say(words::CountNeedsApprovalHint))
            }
            Self::SameApproves { by } => say(lang.say(words::CountSameApproves { by }))
                .hint(lang.say(words::CountSameApprovesHint)),
            Self::OwnCount { operator } => say(lang.say(words::CountOwn { operator })),
            Self::NobodyApproves => say(lang.say(words::CountNobodyApproves))
                .hint(lang.say(words::CountNobodyApprovesHint)),
            Self::NoStocktake { which } => say(lang.say(words::CountNoStocktake { which })),
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
