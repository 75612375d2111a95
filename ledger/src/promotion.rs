//! Promotions (促销单): what head office gives away, on which goods, where and when.
//!
//! A promotion holds at a store at a time on the shop's wall if one of its scopes is that store's, and
//! its [`Window`] is open then. Its [`Deal`] says what it gives; [`basket`](crate::basket) what comes of several
//! that want the same goods, by their [`Stacking`] and priority.
//!
//! As reference data it is a text for each [`Field`], as head office edits it. A text that this version
//! can't read leaves the promotion out: half of its terms would not be its terms.

mod deal;
mod field;
mod goods;
mod window;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::amount::{Money, Quantity};
use crate::id::PromotionId;
use crate::price::Level;
use crate::scope::{Membership, Scope};
use crate::time::LocalTime;

pub(crate) use deal::off_after;
pub use deal::{Age, Deal, MAX_PIECES, MAX_STEPS, Step};
pub use field::{Field, FieldError, FieldProblem, MAX_TEXT_LEN};
pub use goods::Goods;
pub use window::{Hours, Weekdays, Window};

/// A promotion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    /// Its number.
    pub id: PromotionId,
    /// What it is called on the receipt.
    pub name: Box<str>,
    /// What it gives.
    pub deal: Deal,
    /// On which goods.
    pub goods: Goods,
    /// At which stores: at any that one of these is for.
    pub stores: Vec<Scope>,
    /// When.
    pub window: Window,
    /// To whom: customers at one of these price levels.
    pub levels: BTreeSet<Level>,
    /// How much of its goods must be in the basket; none: any.
    pub min_quantity: Option<Quantity>,
    /// What its goods in the basket must come to before any promotion; none: anything.
    pub min_amount: Option<Money>,
    /// How often it gives what it gives in one basket: see [`Deal`]. None: as often as it fits.
    pub limit: Option<u32>,
    /// Those of a higher priority come first.
    pub priority: u16,
    /// Beside which others it may hold.
    pub stacking: Stacking,
}

/// Beside which other promotions one may hold on the same goods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Stacking {
    /// Beside none.
    #[default]
    Exclusive,
    /// Beside those that name the same group.
    With(Box<str>),
}

/// Why texts are no promotion.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PromotionError {
    /// A text is not a value of its field.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// Nobody has said what it gives, or what it is called.
    #[error("its `{}` is missing", .0.name())]
    Missing(Field),
    /// It would end before it begins.
    #[error("it ends at {until}, which is not after {from}")]
    EndsTooSoon {
        /// When it begins.
        from: LocalTime,
        /// When it would end.
        until: LocalTime,
    },
    /// A set is of at least two products, each named by its SKU.
    #[error("a set names at least two `skus`, and no categories or brands")]
    NoSet,
    /// What grows from day to day needs a first day.
    #[error("a clearance by date needs `from`")]
    NoFirstDay,
}

impl Promotion {
    /// The promotion that these fields describe.
    pub fn from_fields<'t>(
        id: PromotionId,
        fields: impl IntoIterator<Item = (Field, &'t str)>,
    ) -> Result<Self, PromotionError> {
        let fields: BTreeMap<Field, &str> =
            fields.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect();
        if let Some(missing) =
            [Field::Name, Field::Deal].into_iter().find(|field| !fields.contains_key(field))
        {
            return Err(PromotionError::Missing(missing));
        }
        let mut promotion = Self::blank(id);
        for (field, text) in fields {
            promotion.set(field, text)?;
        }
        promotion.checked()
    }

    /// The texts of its fields; those that say nothing are left out.
    pub fn fields(&self) -> BTreeMap<Field, String> {
        let texts = Field::ALL.into_iter().map(|field| (field, self.get(field)));
        texts.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// Whether it holds at a store at a time on the shop's wall.
    pub fn holds(&self, store: &Membership, at: LocalTime) -> bool {
        self.window.is_open(at) && self.is_for(store)
    }

    /// Whether it is for a store, at whatever time.
    pub fn is_for(&self, store: &Membership) -> bool {
        self.stores.iter().any(|scope| store.distance(scope).is_some())
    }

    /// One that gives nothing, on all goods, everywhere and always.
    fn blank(id: PromotionId) -> Self {
        Self {
            id,
            name: "".into(),
            deal: Deal::Percent(crate::percent::Percent::ZERO),
            goods: Goods::default(),
            stores: vec![Scope::All],
            window: Window::default(),
            levels: field::every_level(),
            min_quantity: None,
            min_amount: None,
            limit: None,
            priority: 0,
            stacking: Stacking::default(),
        }
    }

    /// Checks that its parts can be so together.
    fn checked(self) -> Result<Self, PromotionError> {
        if let (Some(from), Some(until)) = (self.window.from, self.window.until)
            && until <= from
        {
            return Err(PromotionError::EndsTooSoon { from, until });
        }
        match &self.deal {
            Deal::Set { .. } if !self.goods.is_a_set() => Err(PromotionError::NoSet),
            Deal::Clearance { by: Age::Date, .. } if self.window.from.is_none() => {
                Err(PromotionError::NoFirstDay)
            }
            _ => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests;
