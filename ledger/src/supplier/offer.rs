//! What a supplier asks for a product (报价).

use std::collections::BTreeMap;

use super::{Breaks, FieldError, FieldProblem, field};
use crate::amount::{Money, Quantity};

/// A supplier's terms for one product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// The price of one unit, without tax (供货价), if it is known.
    pub price: Option<Money>,
    /// How many days from order to delivery are promised (交货期).
    pub lead_days: Option<u16>,
    /// The least that is delivered (起订量).
    pub minimum: Option<Quantity>,
    /// Orders are a multiple of this (装箱数).
    pub pack: Option<Quantity>,
    /// What a unit costs of larger quantities (阶梯价).
    pub breaks: Breaks,
    /// What the supplier calls the product (供应商货号).
    pub article: Box<str>,
    /// Whether it stands: an offer that was taken back is kept and not counted.
    pub status: OfferStatus,
}

/// Whether an offer stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferStatus {
    /// It does.
    #[default]
    Active,
    /// It was taken back.
    Withdrawn,
}

/// A field of an offer that can be edited, and merges, on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfferField {
    /// [`Offer::price`], as a decimal number.
    Price,
    /// [`Offer::lead_days`].
    LeadDays,
    /// [`Offer::minimum`], as a decimal number.
    Minimum,
    /// [`Offer::pack`], as a decimal number.
    Pack,
    /// [`Offer::breaks`], as `48=1.90 144=1.75`.
    Breaks,
    /// [`Offer::article`].
    Article,
    /// [`Offer::status`]: `active` or `withdrawn`.
    Status,
}

impl OfferField {
    /// Every field.
    pub const ALL: [Self; 7] = [
        Self::Price,
        Self::LeadDays,
        Self::Minimum,
        Self::Pack,
        Self::Breaks,
        Self::Article,
        Self::Status,
    ];

    /// Its name in the documents, in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::LeadDays => "lead_days",
            Self::Minimum => "minimum",
            Self::Pack => "pack",
            Self::Breaks => "breaks",
            Self::Article => "article",
            Self::Status => "status",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

impl Offer {
    /// Whether it stands.
    pub fn stands(&self) -> bool {
        self.status == OfferStatus::Active
    }

    /// The text of a field, as [`Offer::set`] reads it.
    pub fn get(&self, field: OfferField) -> String {
        let quantity =
            |quantity: Option<Quantity>| quantity.map(|q| q.to_string()).unwrap_or_default();
        match field {
            OfferField::Price => self.price.map(|price| price.to_string()).unwrap_or_default(),
            OfferField::LeadDays => self.lead_days.map(|days| days.to_string()).unwrap_or_default(),
            OfferField::Minimum => quantity(self.minimum),
            OfferField::Pack => quantity(self.pack),
            OfferField::Breaks => self.breaks.to_string(),
            OfferField::Article => self.article.to_string(),
            OfferField::Status => match self.status {
                OfferStatus::Active => "active".to_owned(),
                OfferStatus::Withdrawn => "withdrawn".to_owned(),
            },
        }
    }

    /// Sets a field from its text.
    pub fn set(&mut self, field: OfferField, text: &str) -> Result<(), FieldError> {
        let problem = |why| FieldError { field: field.name(), text: text.to_owned(), why };
        self.put(field, text).map_err(problem)
    }

    fn put(&mut self, field: OfferField, text: &str) -> Result<(), FieldProblem> {
        match field {
            OfferField::Price => self.price = field::optional(text, field::money)?,
            OfferField::LeadDays => self.lead_days = field::optional(text, field::lead_days)?,
            OfferField::Minimum => self.minimum = field::optional(text, field::quantity)?,
            OfferField::Pack => self.pack = field::optional(text, field::quantity)?,
            OfferField::Breaks => self.breaks = text.parse()?,
            OfferField::Article => self.article = field::label(text)?,
            OfferField::Status => {
                self.status = match text {
                    "" | "active" => OfferStatus::Active,
                    "withdrawn" => OfferStatus::Withdrawn,
                    _ => return Err(FieldProblem::NotOneOf("active, withdrawn")),
                };
            }
        }
        Ok(())
    }

    /// Every field that is set, with its text.
    pub fn fields(&self) -> BTreeMap<OfferField, String> {
        let texts = OfferField::ALL.into_iter().map(|field| (field, self.get(field)));
        texts.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// The offer that these fields describe. One whose text cannot be read is left out.
    pub fn from_fields<'a>(
        fields: impl IntoIterator<Item = (OfferField, &'a str)>,
    ) -> (Self, Vec<FieldError>) {
        let mut offer = Self::default();
        let set = |(field, text)| offer.set(field, text).err();
        let errors = fields.into_iter().filter_map(set).collect();
        (offer, errors)
    }
}
