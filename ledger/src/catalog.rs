//! Products (商品): reference data that head office keeps and every store holds a copy of.

pub mod category;
mod entry;
mod field;
mod pack;
pub mod proposal;
mod term;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::amount::{AmountError, Money, Quantity, TaxRate};
use crate::id::{IdError, Sku};

pub use entry::{Contradiction, Doubt};
pub use field::{Field, FieldError, FieldProblem};
pub use pack::{MAX_BARCODES, MAX_PACKS, Pack};
pub use term::{Term, TermError};

/// The longest a text field may be, in bytes: names are printed on shelf labels and receipts.
pub const MAX_TEXT_LEN: usize = 200;

/// The longest a list of barcodes or packs may be, in bytes: it is one entry of a document.
pub const MAX_LIST_LEN: usize = 1_000;

/// The longest shelf life, in days: canned food keeps for ten years, and nothing that has an end for a
/// hundred.
pub const MAX_SHELF_LIFE: u32 = 36_500;

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
    /// Its category (商品类别), perhaps within others: `饮料/碳酸`.
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
    /// What a store should have of it at most (最高库存); none: there is no such bound.
    pub max_stock: Option<Quantity>,
    /// Other codes that a scanner reads on it (其他条码).
    pub more_barcodes: Vec<Box<str>>,
    /// The larger units that it comes in (包装).
    pub packs: Vec<Pack>,
    /// Its specification (规格), e.g. `500 ml`.
    pub spec: Box<str>,
    /// Its model (型号).
    pub model: Box<str>,
    /// Its brand (品牌).
    pub brand: Box<str>,
    /// What it is a variant of (款号): goods of one style differ in size and colour.
    pub style: Box<str>,
    /// Its size (尺码).
    pub size: Box<str>,
    /// Its colour (颜色).
    pub colour: Box<str>,
    /// What people type to find it (助记码), e.g. the first letters of its name.
    pub mnemonic: Box<str>,
    /// What one unit is bought for (进价), tax included, if that is agreed.
    pub purchase_price: Option<Money>,
    /// The price of one unit for resellers (批发价).
    pub wholesale_price: Option<Money>,
    /// The price of one unit for members (会员价).
    pub member_price: Option<Money>,
    /// For how many days it keeps after it was made (保质期).
    pub shelf_life_days: Option<u32>,
    /// What is kept of its stock.
    pub tracking: Tracking,
    /// What one unit weighs, in kilograms (单重).
    pub weight: Option<Quantity>,
}

/// How a product is measured at the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SoldBy {
    /// In whole pieces (计件).
    Piece,
    /// By weight or length (称重).
    Weight,
}

/// What is kept of a product's stock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tracking {
    /// How much there is.
    #[default]
    Quantity,
    /// Every piece by its number, too (序列号管理).
    Serial,
}

/// Whether a product is for sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProductStatus {
    /// For sale (在售).
    Active,
    /// No longer for sale (停售). Old facts still name it.
    Withdrawn,
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
            max_stock: None,
            more_barcodes: Vec::new(),
            packs: Vec::new(),
            spec: "".into(),
            model: "".into(),
            brand: "".into(),
            style: "".into(),
            size: "".into(),
            colour: "".into(),
            mnemonic: "".into(),
            purchase_price: None,
            wholesale_price: None,
            member_price: None,
            shelf_life_days: None,
            tracking: Tracking::default(),
            weight: None,
        }
    }

    /// The text of a field, as [`Product::set`] reads it.
    pub fn get(&self, field: Field) -> String {
        let money = |price: Option<Money>| price.map(|price| price.to_string()).unwrap_or_default();
        let stock = |bound: Option<Quantity>| bound.map(|at| at.to_string()).unwrap_or_default();
        match field {
            Field::Barcode => self.barcode.as_deref().unwrap_or_default().to_owned(),
            Field::NameZh => self.name_zh.to_string(),
            Field::NameEn => self.name_en.to_string(),
            Field::Unit => self.unit.to_string(),
            Field::Category => self.category.to_string(),
            Field::Price => self.price.to_string(),
            Field::FloorPrice => money(self.floor_price),
            Field::TaxRate => self.tax_rate.basis_points().to_string(),
            Field::SoldBy => match self.sold_by {
                SoldBy::Piece => "piece".to_owned(),
                SoldBy::Weight => "weight".to_owned(),
            },
            Field::Status => match self.status {
                ProductStatus::Active => "active".to_owned(),
                ProductStatus::Withdrawn => "withdrawn".to_owned(),
            },
            Field::MinStock => stock(self.min_stock),
            Field::MaxStock => stock(self.max_stock),
            Field::MoreBarcodes => self.more_barcodes.join(" "),
            Field::Packs => pack::text(&self.packs),
            Field::Spec => self.spec.to_string(),
            Field::Model => self.model.to_string(),
            Field::Brand => self.brand.to_string(),
            Field::Style => self.style.to_string(),
            Field::Size => self.size.to_string(),
            Field::Colour => self.colour.to_string(),
            Field::Mnemonic => self.mnemonic.to_string(),
            Field::PurchasePrice => money(self.purchase_price),
            Field::WholesalePrice => money(self.wholesale_price),
            Field::MemberPrice => money(self.member_price),
            Field::ShelfLifeDays => {
                self.shelf_life_days.map(|days| days.to_string()).unwrap_or_default()
            }
            Field::Tracking => match self.tracking {
                Tracking::Quantity => String::new(),
                Tracking::Serial => "serial".to_owned(),
            },
            Field::Weight => self.weight.map(|weight| weight.to_string()).unwrap_or_default(),
        }
    }

    /// Sets a field from its text.
    pub fn set(&mut self, field: Field, text: &str) -> Result<(), FieldError> {
        self.put(field, text).map_err(|why| FieldError { field, text: text.to_owned(), why })
    }

    fn put(&mut self, field: Field, text: &str) -> Result<(), FieldProblem> {
        match field {
            Field::Barcode => {
                let barcode = label(text)?;
                self.barcode = (!barcode.is_empty()).then_some(barcode);
            }
            Field::NameZh => self.name_zh = label(text)?,
            Field::NameEn => self.name_en = label(text)?,
            Field::Unit => self.unit = label(text)?,
            Field::Category => self.category = label(&category::path(text))?,
            Field::Price => self.price = price(text)?,
            Field::FloorPrice => self.floor_price = optional(text, price)?,
            Field::TaxRate => {
                let points =
                    text.parse().map_err(|_| AmountError::NotANumber { text: text.to_owned() });
                self.tax_rate =
                    points.and_then(TaxRate::from_basis_points).map_err(FieldProblem::Amount)?;
            }
            Field::SoldBy => {
                self.sold_by = match text {
                    "piece" => SoldBy::Piece,
                    "weight" => SoldBy::Weight,
                    _ => return Err(FieldProblem::NotOneOf("piece, weight")),
                };
            }
            Field::Status => {
                self.status = match text {
                    "active" => ProductStatus::Active,
                    "withdrawn" => ProductStatus::Withdrawn,
                    _ => return Err(FieldProblem::NotOneOf("active, withdrawn")),
                };
            }
            Field::MinStock => self.min_stock = optional(text, stock)?,
            Field::MaxStock => self.max_stock = optional(text, stock)?,
            Field::MoreBarcodes => self.more_barcodes = pack::barcodes(text)?,
            Field::Packs => self.packs = pack::read(text)?,
            Field::Spec => self.spec = label(text)?,
            Field::Model => self.model = label(text)?,
            Field::Brand => self.brand = label(text)?,
            Field::Style => self.style = label(text)?,
            Field::Size => self.size = label(text)?,
            Field::Colour => self.colour = label(text)?,
            Field::Mnemonic => self.mnemonic = label(text)?,
            Field::PurchasePrice => self.purchase_price = optional(text, price)?,
            Field::WholesalePrice => self.wholesale_price = optional(text, price)?,
            Field::MemberPrice => self.member_price = optional(text, price)?,
            Field::ShelfLifeDays => self.shelf_life_days = optional(text, days)?,
            Field::Tracking => {
                self.tracking = match text {
                    "" | "quantity" => Tracking::Quantity,
                    "serial" => Tracking::Serial,
                    _ => return Err(FieldProblem::NotOneOf("quantity, serial")),
                };
            }
            Field::Weight => self.weight = optional(text, stock)?,
        }
        Ok(())
    }

    /// What a scanner reads on it, and how many units each code stands for. A code that is said twice
    /// counts where it comes first.
    pub fn codes(&self) -> impl Iterator<Item = (&str, Quantity)> {
        let single = self.barcode.iter().chain(&self.more_barcodes);
        let single = single.map(|code| (&**code, Quantity::ONE));
        let packs = self.packs.iter();
        single.chain(packs.filter_map(|pack| Some((pack.barcode.as_deref()?, pack.count))))
    }

    /// Every field with its text. Of those that few products have, what is not set is left out.
    pub fn fields(&self) -> BTreeMap<Field, String> {
        let texts = Field::ALL.into_iter().map(|field| (field, self.get(field)));
        texts.filter(|(field, text)| !(field.is_optional() && text.is_empty())).collect()
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

fn stock(text: &str) -> Result<Quantity, FieldProblem> {
    let bound: Quantity = text.parse().map_err(FieldProblem::Amount)?;
    if bound.is_negative() { Err(FieldProblem::Negative) } else { Ok(bound) }
}

fn days(text: &str) -> Result<u32, FieldProblem> {
    let days = text.parse().map_err(|_| FieldProblem::Days)?;
    if (1..=MAX_SHELF_LIFE).contains(&days) { Ok(days) } else { Err(FieldProblem::Days) }
}

/// What may be missing: an empty text is none.
fn optional<T>(
    text: &str,
    read: impl Fn(&str) -> Result<T, FieldProblem>,
) -> Result<Option<T>, FieldProblem> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some),
    }
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
mod tests;
