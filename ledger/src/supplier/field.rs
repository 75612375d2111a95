//! The fields of a supplier, and what can be wrong with the texts of suppliers and offers.

use thiserror::Error;

use super::breaks::MAX_BREAKS;
use super::{MAX_LEAD_DAYS, MAX_TERM_DAYS, MAX_TEXT_LEN};
use crate::amount::{AmountError, Money, Quantity};

/// A field of a supplier that can be edited, and merges, on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// [`Supplier::name_zh`](super::Supplier::name_zh).
    NameZh,
    /// [`Supplier::name_en`](super::Supplier::name_en).
    NameEn,
    /// [`Supplier::contact`](super::Supplier::contact).
    Contact,
    /// [`Supplier::phone`](super::Supplier::phone).
    Phone,
    /// [`Supplier::email`](super::Supplier::email).
    Email,
    /// [`Supplier::address`](super::Supplier::address).
    Address,
    /// [`Supplier::tax_number`](super::Supplier::tax_number).
    TaxNumber,
    /// [`Supplier::terms`](super::Supplier::terms): `30`, or `month_end+30`.
    Terms,
    /// [`Supplier::minimum_order`](super::Supplier::minimum_order), as a decimal number.
    MinimumOrder,
    /// [`Supplier::agreement`](super::Supplier::agreement).
    Agreement,
    /// [`Supplier::discount`](super::Supplier::discount), in basis points.
    Discount,
    /// [`Supplier::discount_over`](super::Supplier::discount_over), as a decimal number.
    DiscountOver,
    /// [`Supplier::status`](super::Supplier::status): `active` or `withdrawn`.
    Status,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 13] = [
        Self::NameZh,
        Self::NameEn,
        Self::Contact,
        Self::Phone,
        Self::Email,
        Self::Address,
        Self::TaxNumber,
        Self::Terms,
        Self::MinimumOrder,
        Self::Agreement,
        Self::Discount,
        Self::DiscountOver,
        Self::Status,
    ];

    /// Its name in the documents, in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NameZh => "name_zh",
            Self::NameEn => "name_en",
            Self::Contact => "contact",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
            Self::TaxNumber => "tax_number",
            Self::Terms => "terms",
            Self::MinimumOrder => "minimum_order",
            Self::Agreement => "agreement",
            Self::Discount => "discount",
            Self::DiscountOver => "discount_over",
            Self::Status => "status",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Whether documents leave it out where nobody has set it.
    pub(super) const fn is_optional(self) -> bool {
        !matches!(self, Self::NameZh | Self::NameEn | Self::Terms | Self::Status)
    }
}

/// Why a field's text is not a value of that field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a value for the field `{field}`: {why}")]
pub struct FieldError {
    /// Which field of a supplier or offer.
    pub field: &'static str,
    /// What was given.
    pub text: String,
    /// What is wrong with it.
    pub why: FieldProblem,
}

/// What is wrong with a field's text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldProblem {
    /// Not a number, or out of range.
    #[error("{0}")]
    Amount(AmountError),
    /// Prices and bounds are not negative.
    #[error("it is negative")]
    Negative,
    /// Nothing where something is needed.
    #[error("it is nothing")]
    Zero,
    /// Longer than [`MAX_TEXT_LEN`].
    #[error("it is longer than {MAX_TEXT_LEN} bytes")]
    TooLong,
    /// Line breaks and control characters cannot be printed on an order.
    #[error("it contains a control character")]
    ControlCharacter,
    /// Not one of the words of this field.
    #[error("expected one of: {0}")]
    NotOneOf(&'static str),
    /// Not a whole number in the field's range.
    #[error("it is not a whole number from {0} to {1}")]
    NotWhole(u16, u16),
    /// Not an address to which mail can go.
    #[error("it is not of the form NAME@DOMAIN")]
    Email,
    /// Not payment terms.
    #[error("expected DAYS or month_end+DAYS, at most {MAX_TERM_DAYS} days")]
    Terms,
    /// Not prices by quantity.
    #[error(
        "expected QUANTITY=PRICE QUANTITY=PRICE ..., at most {MAX_BREAKS} steps whose prices do not rise"
    )]
    Breaks,
}

pub(super) fn label(text: &str) -> Result<Box<str>, FieldProblem> {
    let text = text.trim();
    if text.len() > MAX_TEXT_LEN {
        return Err(FieldProblem::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(FieldProblem::ControlCharacter);
    }
    Ok(text.into())
}

pub(super) fn email(text: &str) -> Result<Box<str>, FieldProblem> {
    let text = label(text)?;
    let is_address = |(name, domain): (&str, &str)| {
        !name.is_empty() && domain.contains('.') && !domain.starts_with('.')
    };
    let plain = !text.contains(char::is_whitespace) && text.matches('@').count() == 1;
    if text.is_empty() || (plain && text.split_once('@').is_some_and(is_address)) {
        Ok(text)
    } else {
        Err(FieldProblem::Email)
    }
}

pub(super) fn money(text: &str) -> Result<Money, FieldProblem> {
    let sum: Money = text.parse().map_err(FieldProblem::Amount)?;
    if sum.is_negative() { Err(FieldProblem::Negative) } else { Ok(sum) }
}

/// A quantity above nothing.
pub(super) fn quantity(text: &str) -> Result<Quantity, FieldProblem> {
    let quantity: Quantity = text.parse().map_err(FieldProblem::Amount)?;
    match (quantity.is_negative(), quantity.is_zero()) {
        (true, _) => Err(FieldProblem::Negative),
        (_, true) => Err(FieldProblem::Zero),
        _ => Ok(quantity),
    }
}

pub(super) fn lead_days(text: &str) -> Result<u16, FieldProblem> {
    whole(text, 0, MAX_LEAD_DAYS)
}

/// A whole number in a range.
pub(super) fn whole(text: &str, least: u16, most: u16) -> Result<u16, FieldProblem> {
    let number = text.parse().map_err(|_| FieldProblem::NotWhole(least, most))?;
    let fits = (least..=most).contains(&number);
    if fits { Ok(number) } else { Err(FieldProblem::NotWhole(least, most)) }
}

/// What may be missing: an empty text is none.
pub(super) fn optional<T>(
    text: &str,
    read: impl Fn(&str) -> Result<T, FieldProblem>,
) -> Result<Option<T>, FieldProblem> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some),
    }
}
