//! Products (商品): reference data that head office keeps and every store holds a copy of.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::amount::{AmountError, Money, Quantity, TaxRate};
use crate::id::{IdError, Sku};

/// The longest a text field may be, in bytes: names are printed on shelf labels and receipts.
pub const MAX_TEXT_LEN: usize = 200;

/// One product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its identity.
    pub sku: Sku,
    /// What the scanner reads (商品条码), if it is not the SKU itself.
    pub barcode: Option<Box<str>>,
    /// Its Chinese name (名称).
    pub name_zh: Box<str>,
    /// Its English name.
    pub name_en: Box<str>,
    /// The unit it is counted in (基本单位), e.g. `瓶` or `kg`.
    pub unit: Box<str>,
    /// Its category (商品类别).
    pub category: Box<str>,
    /// The price of one unit, tax included (零售价).
    pub price: Money,
    /// The least that one unit may be sold for, tax included (最低售价), if there is such a bound.
    pub floor_price: Option<Money>,
    /// The tax rate (税率).
    pub tax_rate: TaxRate,
    /// Whether it is counted or weighed.
    pub sold_by: SoldBy,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// What a store keeps of it when it gives to others (最低库存); none: nothing.
    pub min_stock: Option<Quantity>,
}

/// How a product is measured at the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SoldBy {
    /// In whole pieces (计件).
    Piece,
    /// By weight or length (称重).
    Weight,
}

/// Whether a product is for sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProductStatus {
    /// For sale (在售).
    Active,
    /// No longer for sale (停售). Old facts still name it.
    Withdrawn,
}

/// A field of a product that can be edited, and merges, on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// [`Product::barcode`]; empty for none.
    Barcode,
    /// [`Product::name_zh`].
    NameZh,
    /// [`Product::name_en`].
    NameEn,
    /// [`Product::unit`].
    Unit,
    /// [`Product::category`].
    Category,
    /// [`Product::price`], as a decimal number.
    Price,
    /// [`Product::floor_price`], as a decimal number; empty for none.
    FloorPrice,
    /// [`Product::tax_rate`], in basis points.
    TaxRate,
    /// [`Product::sold_by`]: `piece` or `weight`.
    SoldBy,
    /// [`Product::status`]: `active` or `withdrawn`.
    Status,
    /// [`Product::min_stock`], as a decimal number; empty for none.
    MinStock,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 11] = [
        Self::Barcode,
        Self::NameZh,
        Self::NameEn,
        Self::Unit,
        Self::Category,
        Self::Price,
        Self::FloorPrice,
        Self::TaxRate,
        Self::SoldBy,
        Self::Status,
        Self::MinStock,
    ];

    /// Its name in the documents, in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Barcode => "barcode",
            Self::NameZh => "name_zh",
            Self::NameEn => "name_en",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Price => "price",
            Self::FloorPrice => "floor_price",
            Self::TaxRate => "tax_rate",
            Self::SoldBy => "sold_by",
            Self::Status => "status",
            Self::MinStock => "min_stock",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Whether a store may edit it. What money and other stores depend on is head office's alone.
    pub const fn is_descriptive(self) -> bool {
        match self {
            Self::Barcode | Self::NameZh | Self::NameEn | Self::Unit | Self::Category => true,
            Self::Price
            | Self::FloorPrice
            | Self::TaxRate
            | Self::SoldBy
            | Self::Status
            | Self::MinStock => false,
        }
    }
}

/// Why a field's text is not a value of that field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a value for the product field `{}`: {why}", field.name())]
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
    /// Not a number, or out of range.
    #[error("{0}")]
    Amount(AmountError),
    /// Prices and minimums are not negative.
    #[error("it is negative")]
    Negative,
    /// Longer than [`MAX_TEXT_LEN`] bytes.
    #[error("it is longer than {MAX_TEXT_LEN} bytes")]
    TooLong,
    /// Line breaks and control characters cannot be printed on a label.
    #[error("it contains a control character")]
    ControlCharacter,
    /// Not one of the words of this field.
    #[error("expected one of: {0}")]
    NotOneOf(&'static str),
}

impl Product {
    /// A product of which only the SKU is known: named after it, free of charge, sold by piece.
    pub fn named_after(sku: Sku) -> Self {
        let name: Box<str> = sku.as_str().into();
        Self {
            sku,
            barcode: None,
            name_zh: name.clone(),
            name_en: name,
            unit: "".into(),
            category: "".into(),
            price: Money::ZERO,
            floor_price: None,
            tax_rate: TaxRate::ZERO,
            sold_by: SoldBy::Piece,
            status: ProductStatus::Active,
            min_stock: None,
        }
    }

    /// The text of a field, as [`Product::set`] reads it.
    pub fn get(&self, field: Field) -> String {
        match field {
            Field::Barcode => self.barcode.as_deref().unwrap_or_default().to_owned(),
            Field::NameZh => self.name_zh.to_string(),
            Field::NameEn => self.name_en.to_string(),
            Field::Unit => self.unit.to_string(),
            Field::Category => self.category.to_string(),
            Field::Price => self.price.to_string(),
            Field::FloorPrice => self.floor_price.map(|p| p.to_string()).unwrap_or_default(),
            Field::TaxRate => self.tax_rate.basis_points().to_string(),
            Field::SoldBy => match self.sold_by {
                SoldBy::Piece => "piece".to_owned(),
                SoldBy::Weight => "weight".to_owned(),
            },
            Field::Status => match self.status {
                ProductStatus::Active => "active".to_owned(),
                ProductStatus::Withdrawn => "withdrawn".to_owned(),
            },
            Field::MinStock => self.min_stock.map(|min| min.to_string()).unwrap_or_default(),
        }
    }

    /// Sets a field from its text.
    pub fn set(&mut self, field: Field, text: &str) -> Result<(), FieldError> {
        let problem = |why| FieldError { field, text: text.to_owned(), why };
        match field {
            Field::Barcode => {
                let barcode = label(text).map_err(problem)?;
                self.barcode = (!barcode.is_empty()).then_some(barcode);
            }
            Field::NameZh => self.name_zh = label(text).map_err(problem)?,
            Field::NameEn => self.name_en = label(text).map_err(problem)?,
            Field::Unit => self.unit = label(text).map_err(problem)?,
            Field::Category => self.category = label(text).map_err(problem)?,
            Field::Price => self.price = price(text).map_err(problem)?,
            Field::FloorPrice if text.is_empty() => self.floor_price = None,
            Field::FloorPrice => self.floor_price = Some(price(text).map_err(problem)?),
            Field::TaxRate => {
                let points =
                    text.parse().map_err(|_| AmountError::NotANumber { text: text.to_owned() });
                self.tax_rate = points
                    .and_then(TaxRate::from_basis_points)
                    .map_err(|e| problem(FieldProblem::Amount(e)))?;
            }
            Field::SoldBy => {
                self.sold_by = match text {
                    "piece" => SoldBy::Piece,
                    "weight" => SoldBy::Weight,
                    _ => return Err(problem(FieldProblem::NotOneOf("piece, weight"))),
                };
            }
            Field::Status => {
                self.status = match text {
                    "active" => ProductStatus::Active,
                    "withdrawn" => ProductStatus::Withdrawn,
                    _ => return Err(problem(FieldProblem::NotOneOf("active, withdrawn"))),
                };
            }
            Field::MinStock => {
                let min = match text.trim() {
                    "" => None,
                    text => Some(text.parse::<Quantity>()),
                };
                let min = min.transpose().map_err(|e| problem(FieldProblem::Amount(e)))?;
                if min.is_some_and(Quantity::is_negative) {
                    return Err(problem(FieldProblem::Negative));
                }
                self.min_stock = min;
            }
        }
        Ok(())
    }

    /// Every field with its text. A minimum that is not set is left out: few products have one, and
    /// each entry is carried by every store.
    pub fn fields(&self) -> BTreeMap<Field, String> {
        let is_said = |field: &Field| *field != Field::MinStock || self.min_stock.is_some();
        let fields = Field::ALL.into_iter().filter(is_said);
        fields.map(|field| (field, self.get(field))).collect()
    }

    /// The product that these fields describe. A field that is missing, or whose text cannot be
    /// read, keeps the value of [`Product::named_after`] and is reported beside it.
    pub fn from_fields<'a>(
        sku: Sku,
        fields: impl IntoIterator<Item = (Field, &'a str)>,
    ) -> (Self, Vec<FieldError>) {
        let mut product = Self::named_after(sku);
        let set = |(field, text)| product.set(field, text).err();
        let errors = fields.into_iter().filter_map(set).collect();
        (product, errors)
    }
}

/// Why a product could not be read from a file or request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProductError {
    /// Its SKU is not one.
    #[error("the product has no usable SKU")]
    Sku(#[source] IdError),
    /// One of its fields is wrong.
    #[error("the product has a wrong field")]
    Field(#[source] FieldError),
}

fn price(text: &str) -> Result<Money, FieldProblem> {
    let price: Money = text.parse().map_err(FieldProblem::Amount)?;
    if price.is_negative() { Err(FieldProblem::Negative) } else { Ok(price) }
}

fn label(text: &str) -> Result<Box<str>, FieldProblem> {
    let text = text.trim();
    if text.len() > MAX_TEXT_LEN {
        return Err(FieldProblem::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(FieldProblem::ControlCharacter);
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_may_be_missing_and_is_not_negative() {
        let mut cola = Product::named_after(Sku::new("cola").unwrap());
        assert!(!cola.fields().contains_key(&Field::MinStock), "what nobody set is not carried");
        cola.set(Field::MinStock, " 2.50 ").unwrap();
        assert_eq!((cola.get(Field::MinStock).as_str(), cola.fields().len()), ("2.5", 11));
        let fields = cola.fields();
        let fields = fields.iter().map(|(field, text)| (*field, text.as_str()));
        assert_eq!(Product::from_fields(cola.sku.clone(), fields), (cola.clone(), vec![]));
        for text in ["-1", "x", "1.2345"] {
            assert!(cola.set(Field::MinStock, text).is_err(), "{text}");
        }
        cola.set(Field::MinStock, "").unwrap();
        assert_eq!(cola.min_stock, None);
    }
}
