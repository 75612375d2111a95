//! Why head office's lists are not changed: prices, bounds, categories, profiles, proposals,
//! stored value.

use console::{Exit, Lang, Told, words};
use ledger::bounds::BoundsError;
use thiserror::Error;

use crate::error::HubError;
use crate::prices::PriceRefused;
use crate::profiles::ProfileRefused;
use crate::proposals::AnswerRefused;
use crate::value::ValueRefused;

/// Why one of head office's lists is not changed.
#[derive(Debug, Error)]
pub enum ListRefused {
    /// Prices are not set or cancelled.
    #[error(transparent)]
    Price(#[from] PriceRefused),
    /// Stock bounds are not set.
    #[error("these stock bounds cannot be set")]
    Bounds(#[from] BoundsError),
    /// A store's profile is not set.
    #[error(transparent)]
    Profile(#[from] ProfileRefused),
    /// A proposal is not answered.
    #[error(transparent)]
    Proposal(#[from] AnswerRefused),
    /// Stored value isn't moved.
    #[error(transparent)]
    Value(#[from] ValueRefused),
    /// No product is of the category.
    #[error("no product is of the category `{category}`")]
    NoCategory {
        /// What was given.
        category: String,
    },
    /// A category was to go into itself.
    #[error("the category `{category}` cannot be moved into itself")]
    CategoryIntoItself {
        /// Which.
        category: String,
    },
}

impl ListRefused {
    pub(crate) fn told(&self, lang: Lang) -> Told {
        match self {
            Self::Price(refused) => refused.told(lang),
            Self::Bounds(why) => {
                Told::saying(lang.say(words::BoundsWrong)).because(why.to_string())
            }
            Self::Profile(refused) => refused.told(lang),
            Self::Proposal(refused) => refused.told(lang),
            Self::Value(refused) => refused.told(lang),
            Self::NoCategory { category } => {
                Told::saying(lang.say(words::CategoryNone { category }))
            }
            Self::CategoryIntoItself { category } => {
                Told::saying(lang.say(words::CategoryIntoItself { category }))
            }
        }
    }

    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Price(refused) => refused.exit(),
            Self::Proposal(refused) => refused.exit(),
            Self::Value(refused) => refused.exit(),
            Self::Bounds(_) | Self::Profile(_) | Self::CategoryIntoItself { .. } => Exit::Usage,
            Self::NoCategory { .. } => Exit::Failed,
        }
    }
}

macro_rules! refusals {
    ($($refused:ident),+) => {
        $(impl From<$refused> for HubError {
            fn from(refused: $refused) -> Self {
                Self::List(refused.into())
            }
        })+
    };
}

refusals! { PriceRefused, ProfileRefused, AnswerRefused, BoundsError, ValueRefused }
