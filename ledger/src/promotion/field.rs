//! The fields of a promotion, and what can be wrong with their texts.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Goods, MAX_PIECES, MAX_STEPS, Promotion, Stacking};
use crate::amount::{AmountError, Money, Quantity};
use crate::catalog::category;
use crate::id::{IdError, PromotionId, Sku};
use crate::percent::PercentError;
use crate::price::Level;
use crate::scope::Scope;
use crate::time::LocalTime;

/// The longest a name, brand or group may be, in bytes: it stands on a receipt.
pub const MAX_TEXT_LEN: usize = 200;

/// The longest list of goods or stores, in bytes: it is one entry of a document. Longer ones are a category,
/// a brand or a group.
const MAX_LIST_LEN: usize = 1_000;

/// A field of a promotion. Lists have `;` between their parts: categories and brands contain spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// [`Promotion::name`].
    Name,
    /// [`Promotion::deal`].
    Deal,
    /// [`Goods::skus`].
    Skus,
    /// [`Goods::categories`].
    Categories,
    /// [`Goods::brands`].
    Brands,
    /// [`Promotion::stores`]: `all`, or `group:north;store:S012`.
    Stores,
    /// When it begins.
    From,
    /// When it ends.
    Until,
    /// On which days of the week: `sat sun`.
    Weekdays,
    /// In which hours of the day: `14:00-16:00`.
    Hours,
    /// [`Promotion::levels`].
    Levels,
    /// [`Promotion::min_quantity`].
    MinQuantity,
    /// [`Promotion::min_amount`].
    MinAmount,
    /// [`Promotion::limit`].
    Limit,
    /// [`Promotion::priority`].
    Priority,
    /// [`Promotion::stacking`]: `exclusive`, or `with:GROUP`.
    Stacking,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 16] = [
        Self::Name,
        Self::Deal,
        Self::Skus,
        Self::Categories,
        Self::Brands,
        Self::Stores,
        Self::From,
        Self::Until,
        Self::Weekdays,
        Self::Hours,
        Self::Levels,
        Self::MinQuantity,
        Self::MinAmount,
        Self::Limit,
        Self::Priority,
        Self::Stacking,
    ];

    /// Its name in documents, in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Deal => "deal",
            Self::Skus => "skus",
            Self::Categories => "categories",
            Self::Brands => "brands",
            Self::Stores => "stores",
            Self::From => "from",
            Self::Until => "until",
            Self::Weekdays => "weekdays",
            Self::Hours => "hours",
            Self::Levels => "levels",
            Self::MinQuantity => "min_quantity",
            Self::MinAmount => "min_amount",
            Self::Limit => "limit",
            Self::Priority => "priority",
            Self::Stacking => "stacking",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The one spelling of a text of this field. An empty text says nothing of it.
    pub fn spelled(self, text: &str) -> Result<String, FieldError> {
        if text.trim().is_empty() {
            return Ok(String::new());
        }
        let id = PromotionId::new("any").expect("the constant is plain letters");
        let mut promotion = Promotion::blank(id);
        promotion.set(self, text)?;
        Ok(promotion.get(self))
    }
}

/// Why a text is not a value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a value for the field `{}` of a promotion: {why}", field.name())]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// What was given.
    pub text: String,
    /// What is wrong with it.
    pub why: FieldProblem,
}

/// What is wrong with a field's text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldProblem {
    /// Longer than [`MAX_TEXT_LEN`], or cannot be printed.
    #[error("a text has at most {MAX_TEXT_LEN} bytes and no control characters")]
    Text,
    /// A list that is too long for one entry.
    #[error(
        "the list is longer than {MAX_LIST_LEN} bytes; name a category, brand or group instead"
    )]
    TooLong,
    /// No deal.
    #[error(
        "expected percent:20, each:2.50, total:10, buy:2+1, second:50, bundle:3=10, set:19.90, \
         clearance-date:0=10,7=20 or clearance-stock:60=20,90=40"
    )]
    Deal,
    /// No share.
    #[error(transparent)]
    Percent(PercentError),
    /// A share of nothing gives nothing.
    #[error("it gives nothing")]
    Zero,
    /// Not a number, or out of range.
    #[error(transparent)]
    Amount(AmountError),
    /// Less than a coin, or a part of one.
    #[error("expected an amount above zero, in whole coins")]
    Coins,
    /// Not above nothing.
    #[error("expected a number above zero")]
    NotPositive,
    /// No number of pieces.
    #[error("expected from 1 to {MAX_PIECES} pieces")]
    Pieces,
    /// No steps of a clearance.
    #[error("expected 1 to {MAX_STEPS} steps DAYS=PERCENT, the days growing")]
    Steps,
    /// A name, scope or time in it is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// No days of the week.
    #[error("expected days of the week: mon tue wed thu fri sat sun")]
    Weekdays,
    /// No hours of a day.
    #[error("expected hours of one day like 14:00-16:00")]
    Hours,
    /// No price levels at which anybody buys.
    #[error("expected price levels: retail member wholesale")]
    Levels,
    /// Not a whole number in range.
    #[error("expected a whole number")]
    Whole,
    /// No stacking rule.
    #[error("expected exclusive, or with:GROUP")]
    Stacking,
}

/// Every level at which anybody buys.
pub(super) fn every_level() -> BTreeSet<Level> {
    [Level::Retail, Level::Member, Level::Wholesale].into()
}

impl Promotion {
    /// The text of a field, as [`Promotion::set`] reads it; empty where it says nothing.
    pub fn get(&self, field: Field) -> String {
        fn some<T: ToString>(value: Option<T>) -> String {
            value.map(|value| value.to_string()).unwrap_or_default()
        }
        let Goods { skus, categories, brands } = &self.goods;
        let list = |parts: &BTreeSet<Box<str>>| {
            let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
            parts.join(";")
        };
        match field {
            Field::Name => self.name.to_string(),
            Field::Deal => self.deal.to_string(),
            Field::Skus => skus.iter().map(Sku::as_str).collect::<Vec<_>>().join(";"),
            Field::Categories => list(categories),
            Field::Brands => list(brands),
            Field::Stores if self.stores == [Scope::All] => String::new(),
            Field::Stores => {
                self.stores.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")
            }
            Field::From => some(self.window.from),
            Field::Until => some(self.window.until),
            Field::Weekdays => self.window.weekdays.to_string(),
            Field::Hours => some(self.window.hours),
            Field::Levels if self.levels == every_level() => String::new(),
            Field::Levels => {
                self.levels.iter().map(|level| level.name()).collect::<Vec<_>>().join(" ")
            }
            Field::MinQuantity => some(self.min_quantity),
            Field::MinAmount => some(self.min_amount),
            Field::Limit => some(self.limit),
            Field::Priority => some(Some(self.priority).filter(|priority| *priority > 0)),
            Field::Stacking => match &self.stacking {
                Stacking::Exclusive => String::new(),
                Stacking::With(group) => format!("with:{group}"),
            },
        }
    }

    /// Sets a field from its text.
    pub fn set(&mut self, field: Field, text: &str) -> Result<(), FieldError> {
        let wrong = |why| FieldError { field, text: text.to_owned(), why };
        self.set_to(field, text.trim()).map_err(wrong)
    }

    fn set_to(&mut self, field: Field, text: &str) -> Result<(), FieldProblem> {
        if text.len() > MAX_LIST_LEN {
            return Err(FieldProblem::TooLong);
        }
        match field {
            Field::Name => self.name = label(text)?,
            Field::Deal => self.deal = text.parse()?,
            Field::Skus => {
                self.goods.skus = parts(text).map(Sku::new).collect::<Result<_, _>>()?;
            }
            Field::Categories => {
                let path = |text| label(&category::path(text));
                self.goods.categories = parts(text).map(path).collect::<Result<_, _>>()?;
            }
            Field::Brands => {
                self.goods.brands = parts(text).map(label).collect::<Result<_, _>>()?;
            }
            Field::Stores => {
                let scopes: BTreeSet<Scope> =
                    parts(text).map(str::parse).collect::<Result<_, _>>()?;
                self.stores = match scopes.is_empty() || scopes.contains(&Scope::All) {
                    true => vec![Scope::All],
                    false => scopes.into_iter().collect(),
                };
            }
            Field::From => self.window.from = optional(text, LocalTime::typed)?,
            Field::Until => self.window.until = optional(text, LocalTime::typed)?,
            Field::Weekdays => self.window.weekdays = text.parse()?,
            Field::Hours => self.window.hours = optional(text, str::parse)?,
            Field::Levels => self.levels = levels(text)?,
            Field::MinQuantity => self.min_quantity = optional(text, quantity)?,
            Field::MinAmount => self.min_amount = optional(text, money)?,
            Field::Limit => {
                let whole = |text: &str| {
                    let limit = text.parse().ok().filter(|limit| *limit > 0);
                    limit.ok_or(FieldProblem::Whole)
                };
                self.limit = optional(text, whole)?;
            }
            Field::Priority => {
                let whole = |text: &str| text.parse().map_err(|_| FieldProblem::Whole);
                self.priority = optional(text, whole)?.unwrap_or(0);
            }
            Field::Stacking => self.stacking = stacking(text)?,
        }
        Ok(())
    }
}

/// The parts of a list.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；']).map(str::trim).filter(|part| !part.is_empty())
}

fn label(text: &str) -> Result<Box<str>, FieldProblem> {
    let text = text.trim();
    if text.len() > MAX_TEXT_LEN || text.chars().any(char::is_control) {
        return Err(FieldProblem::Text);
    }
    Ok(text.into())
}

fn levels(text: &str) -> Result<BTreeSet<Level>, FieldProblem> {
    let words = text.split([' ', ',', ';']).filter(|word| !word.is_empty());
    let level = |word| Level::named(word).filter(|level| *level != Level::Floor);
    let levels = words.map(|word| level(word).ok_or(FieldProblem::Levels));
    let levels: BTreeSet<Level> = levels.collect::<Result<_, _>>()?;
    Ok(if levels.is_empty() { every_level() } else { levels })
}

fn quantity(text: &str) -> Result<Quantity, FieldProblem> {
    let quantity: Quantity = text.parse().map_err(FieldProblem::Amount)?;
    if quantity.is_positive() { Ok(quantity) } else { Err(FieldProblem::NotPositive) }
}

fn money(text: &str) -> Result<Money, FieldProblem> {
    let money: Money = text.parse().map_err(FieldProblem::Amount)?;
    if money.is_positive() { Ok(money) } else { Err(FieldProblem::NotPositive) }
}

fn stacking(text: &str) -> Result<Stacking, FieldProblem> {
    match text.split_once(':') {
        None if matches!(text, "" | "exclusive") => Ok(Stacking::Exclusive),
        Some(("with", group)) if !group.trim().is_empty() => Ok(Stacking::With(label(group)?)),
        _ => Err(FieldProblem::Stacking),
    }
}

fn optional<T, E>(
    text: &str,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, FieldProblem>
where
    FieldProblem: From<E>,
{
    if text.is_empty() { Ok(None) } else { Ok(Some(read(text)?)) }
}
