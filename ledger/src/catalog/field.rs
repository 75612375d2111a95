//! The fields of a product, and what can be wrong with their texts.

use thiserror::Error;

use super::{MAX_LIST_LEN, MAX_SHELF_LIFE, MAX_TEXT_LEN};
use crate::amount::AmountError;

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
    /// [`Product::more_barcodes`], with spaces between them.
    MoreBarcodes,
    /// [`Product::packs`], e.g. `箱=24 16901234567899; 盒=6`.
    Packs,
    /// [`Product::spec`].
    Spec,
    /// [`Product::model`].
    Model,
    /// [`Product::brand`].
    Brand,
    /// [`Product::mnemonic`].
    Mnemonic,
    /// [`Product::purchase_price`], as a decimal number; empty for none.
    PurchasePrice,
    /// [`Product::wholesale_price`], as a decimal number; empty for none.
    WholesalePrice,
    /// [`Product::member_price`], as a decimal number; empty for none.
    MemberPrice,
    /// [`Product::shelf_life_days`]; empty for none.
    ShelfLifeDays,
    /// [`Product::max_stock`], as a decimal number; empty for none.
    MaxStock,
    /// [`Product::style`].
    Style,
    /// [`Product::size`].
    Size,
    /// [`Product::colour`].
    Colour,
    /// [`Product::tracking`]: `serial`; empty for quantities alone.
    Tracking,
    /// [`Product::weight`], as a decimal number of kilograms; empty for none.
    Weight,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 27] = [
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
        Self::MoreBarcodes,
        Self::Packs,
        Self::Spec,
        Self::Model,
        Self::Brand,
        Self::Mnemonic,
        Self::PurchasePrice,
        Self::WholesalePrice,
        Self::MemberPrice,
        Self::ShelfLifeDays,
        Self::MaxStock,
        Self::Style,
        Self::Size,
        Self::Colour,
        Self::Tracking,
        Self::Weight,
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
            Self::MoreBarcodes => "more_barcodes",
            Self::Packs => "packs",
            Self::Spec => "spec",
            Self::Model => "model",
            Self::Brand => "brand",
            Self::Mnemonic => "mnemonic",
            Self::PurchasePrice => "purchase_price",
            Self::WholesalePrice => "wholesale_price",
            Self::MemberPrice => "member_price",
            Self::ShelfLifeDays => "shelf_life_days",
            Self::MaxStock => "max_stock",
            Self::Style => "style",
            Self::Size => "size",
            Self::Colour => "colour",
            Self::Tracking => "tracking",
            Self::Weight => "weight",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Whether a store may edit it. What money and other stores depend on is head office's alone.
    pub const fn is_descriptive(self) -> bool {
        match self {
            Self::Barcode
            | Self::NameZh
            | Self::NameEn
            | Self::Unit
            | Self::Category
            | Self::MoreBarcodes
            | Self::Spec
            | Self::Model
            | Self::Brand
            | Self::Mnemonic
            | Self::Style
            | Self::Size
            | Self::Colour => true,
            Self::Price
            | Self::FloorPrice
            | Self::TaxRate
            | Self::SoldBy
            | Self::Status
            | Self::MinStock
            | Self::Packs
            | Self::PurchasePrice
            | Self::WholesalePrice
            | Self::MemberPrice
            | Self::ShelfLifeDays
            | Self::MaxStock
            | Self::Tracking
            | Self::Weight => false,
        }
    }

    /// Whether documents leave it out where nobody has set it: few products have it, and each entry is
    /// carried by every store.
    pub(super) const fn is_optional(self) -> bool {
        match self {
            Self::Barcode
            | Self::NameZh
            | Self::NameEn
            | Self::Unit
            | Self::Category
            | Self::Price
            | Self::FloorPrice
            | Self::TaxRate
            | Self::SoldBy
            | Self::Status => false,
            Self::MinStock
            | Self::MoreBarcodes
            | Self::Packs
            | Self::Spec
            | Self::Model
            | Self::Brand
            | Self::Mnemonic
            | Self::PurchasePrice
            | Self::WholesalePrice
            | Self::MemberPrice
            | Self::ShelfLifeDays
            | Self::MaxStock
            | Self::Style
            | Self::Size
            | Self::Colour
            | Self::Tracking
            | Self::Weight => true,
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
    /// Longer than [`MAX_TEXT_LEN`] bytes, or a list longer than [`MAX_LIST_LEN`].
    #[error("it is longer than {MAX_TEXT_LEN} bytes, or, as a list, than {MAX_LIST_LEN}")]
    TooLong,
    /// Line breaks and control characters cannot be printed on a label.
    #[error("it contains a control character")]
    ControlCharacter,
    /// Not one of the words of this field.
    #[error("expected one of: {0}")]
    NotOneOf(&'static str),
    /// No number of days, or more than [`MAX_SHELF_LIFE`].
    #[error("it is not a number of days from 1 to {MAX_SHELF_LIFE}")]
    Days,
    /// More entries than the field may have.
    #[error("it has more than {0} entries")]
    TooMany(usize),
    /// The same entry again.
    #[error("it names `{0}` twice")]
    Twice(Box<str>),
    /// Not a pack.
    #[error("`{0}` is not of the form UNIT=COUNT or UNIT=COUNT BARCODE, the count above zero")]
    Pack(Box<str>),
}
