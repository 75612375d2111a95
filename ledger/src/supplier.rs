//! Suppliers (供应商) and what they offer: reference data that head office keeps and every store holds
//! a copy of.

mod breaks;
mod deliveries;
mod field;
mod offer;
mod prices;
mod terms;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::amount::Money;
use crate::id::SupplierId;

pub use breaks::{Breaks, MAX_BREAKS};
pub use deliveries::{Deliveries, Punctuality};
pub use field::{Field, FieldError, FieldProblem};
pub use offer::{Offer, OfferField, OfferStatus};
pub use prices::{Priced, Unpriced, priced};
pub use terms::Terms;

/// The longest a text of a supplier may be, in bytes: addresses and the terms of a contract in a
/// sentence.
pub const MAX_TEXT_LEN: usize = 500;

/// The longest payment term, in days: what is owed for longer than a year is a loan.
pub const MAX_TERM_DAYS: u16 = 365;

/// The longest lead time, in days: goods made to order for next season.
pub const MAX_LEAD_DAYS: u16 = 365;

/// Basis points in a whole.
const WHOLE: u16 = 10_000;

/// Whom goods are bought from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplier {
    /// Its identity.
    pub id: SupplierId,
    /// Its Chinese name (名称).
    pub name_zh: Box<str>,
    /// Its English name.
    pub name_en: Box<str>,
    /// Whom to ask for (联系人).
    pub contact: Box<str>,
    /// Telephone (电话).
    pub phone: Box<str>,
    /// E-mail (邮箱).
    pub email: Box<str>,
    /// Address (地址).
    pub address: Box<str>,
    /// Its number with the tax office (税号).
    pub tax_number: Box<str>,
    /// When its invoices are due (账期).
    pub terms: Terms,
    /// The least that an order must come to (起订金额), if there is such a bound.
    pub minimum_order: Option<Money>,
    /// What else was agreed (优惠政策), for people to read.
    pub agreement: Box<str>,
    /// What comes off an order above [`Supplier::discount_over`] (折扣), in basis points.
    pub discount: u16,
    /// The value from which an order gets the discount.
    pub discount_over: Option<Money>,
    /// Whether goods are bought from it.
    pub status: SupplierStatus,
}

/// Whether goods are bought from a supplier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SupplierStatus {
    /// They are (合作中).
    Active,
    /// No longer (停止合作). Old facts still name it.
    Withdrawn,
}

/// Fields of a supplier that can't both be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Contradiction {
    /// There is a bound for a discount and no discount.
    #[error("orders over a value have a discount, and the discount is nothing")]
    NoDiscount,
}

impl Supplier {
    /// A supplier of which only the id is known: named after it, to be paid at once.
    pub fn named_after(id: SupplierId) -> Self {
        let name: Box<str> = id.as_str().into();
        Self {
            id,
            name_zh: name.clone(),
            name_en: name,
            contact: "".into(),
            phone: "".into(),
            email: "".into(),
            address: "".into(),
            tax_number: "".into(),
            terms: Terms::AT_ONCE,
            minimum_order: None,
            agreement: "".into(),
            discount: 0,
            discount_over: None,
            status: SupplierStatus::Active,
        }
    }

    /// Whether this is what people or facts call it: its id, or one of its names.
    pub fn is_called(&self, name: &str) -> bool {
        name == self.id.as_str()
            || (!name.is_empty() && (name == &*self.name_zh || name == &*self.name_en))
    }

    /// The text of a field, as [`Supplier::set`] reads it.
    pub fn get(&self, field: Field) -> String {
        let money = |sum: Option<Money>| sum.map(|sum| sum.to_string()).unwrap_or_default();
        match field {
            Field::NameZh => self.name_zh.to_string(),
            Field::NameEn => self.name_en.to_string(),
            Field::Contact => self.contact.to_string(),
            Field::Phone => self.phone.to_string(),
            Field::Email => self.email.to_string(),
            Field::Address => self.address.to_string(),
            Field::TaxNumber => self.tax_number.to_string(),
            Field::Terms => self.terms.to_string(),
            Field::MinimumOrder => money(self.minimum_order),
            Field::Agreement => self.agreement.to_string(),
            // No discount is what every supplier has that nothing else was agreed with.
            Field::Discount if self.discount == 0 => String::new(),
            Field::Discount => self.discount.to_string(),
            Field::DiscountOver => money(self.discount_over),
            Field::Status => match self.status {
                SupplierStatus::Active => "active".to_owned(),
                SupplierStatus::Withdrawn => "withdrawn".to_owned(),
            },
        }
    }

    /// Sets a field from its text.
    pub fn set(&mut self, field: Field, text: &str) -> Result<(), FieldError> {
        let problem = |why| FieldError { field: field.name(), text: text.to_owned(), why };
        self.put(field, text).map_err(problem)
    }

    fn put(&mut self, field: Field, text: &str) -> Result<(), FieldProblem> {
        match field {
            Field::NameZh => self.name_zh = field::label(text)?,
            Field::NameEn => self.name_en = field::label(text)?,
            Field::Contact => self.contact = field::label(text)?,
            Field::Phone => self.phone = field::label(text)?,
            Field::Email => self.email = field::email(text)?,
            Field::Address => self.address = field::label(text)?,
            Field::TaxNumber => self.tax_number = field::label(text)?,
            Field::Terms => self.terms = text.parse()?,
            Field::MinimumOrder => self.minimum_order = field::optional(text, field::money)?,
            Field::Agreement => self.agreement = field::label(text)?,
            Field::Discount => {
                self.discount =
                    field::optional(text, |text| field::whole(text, 0, WHOLE))?.unwrap_or_default();
            }
            Field::DiscountOver => self.discount_over = field::optional(text, field::money)?,
            Field::Status => {
                self.status = match text {
                    "active" => SupplierStatus::Active,
                    "withdrawn" => SupplierStatus::Withdrawn,
                    _ => return Err(FieldProblem::NotOneOf("active, withdrawn")),
                };
            }
        }
        Ok(())
    }

    /// Every field with its text. Of those that not every supplier has, what is not set is left out.
    pub fn fields(&self) -> BTreeMap<Field, String> {
        let texts = Field::ALL.into_iter().map(|field| (field, self.get(field)));
        texts.filter(|(field, text)| !(field.is_optional() && text.is_empty())).collect()
    }

    /// The supplier that these fields describe. A field that is missing, or whose text cannot be
    /// read, keeps the value of [`Supplier::named_after`].
    pub fn from_fields<'a>(
        id: SupplierId,
        fields: impl IntoIterator<Item = (Field, &'a str)>,
    ) -> (Self, Vec<FieldError>) {
        let mut supplier = Self::named_after(id);
        let set = |(field, text)| supplier.set(field, text).err();
        let errors = fields.into_iter().filter_map(set).collect();
        (supplier, errors)
    }

    /// Why it can't be so, if something contradicts itself. Looked at when it is entered.
    pub fn contradiction(&self) -> Option<Contradiction> {
        (self.discount_over.is_some() && self.discount == 0).then_some(Contradiction::NoDiscount)
    }
}

#[cfg(test)]
mod tests;
