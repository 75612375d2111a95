//! What a file can hold, and the fields that mean something in it.

use std::fmt;

use serde::Deserialize;

use super::rule::Action;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Products of the catalog (商品资料).
    Products,
    /// The stock with which the books start (期初库存).
    Opening,
    /// Goods bought and taken in (采购入库).
    Receipts,
    /// Sales, and returns among them (零售).
    Sales,
    /// Corrections of stock (库存调整).
    Adjustments,
    /// What shops say of their days, to be compared with their facts (日报声明).
    Statements,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Products => "products",
            Self::Opening => "opening",
            Self::Receipts => "receipts",
            Self::Sales => "sales",
            Self::Adjustments => "adjustments",
            Self::Statements => "statements",
        })
    }
}

macro_rules! fields {
    ($( $(#[$doc:meta])* $name:ident => $text:literal; )+) => {
        /// A field that a column can stand for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $( $(#[$doc])* $name ),+ }

        impl Field {
            /// Every field.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in mapping files.
            pub const fn name(&self) -> &'static str {
                match self { $( Self::$name => $text ),+ }
            }
        }
    };
}

fields! {
    /// The store (门店).
    Store => "store";
    /// The day, with the time where one column holds both.
    Date => "date";
    /// The time of day, where it has a column of its own.
    Time => "time";
    /// The number of the document (单号); rows that share it form one.
    Document => "document";
    /// The product.
    Sku => "sku";
    /// How much.
    Quantity => "quantity";
    /// What there was to sell on a day (期初).
    Opening => "opening";
    /// What went to customers on a day (售出).
    Sold => "sold";
    /// What was thrown away on a day (报损).
    Scrapped => "scrapped";
    /// What was left of a day (期末).
    Closing => "closing";
    /// The price of a unit, tax included (单价).
    Price => "price";
    /// The least that a unit may be sold for (最低售价).
    FloorPrice => "floor_price";
    /// What comes off the whole line (优惠).
    Discount => "discount";
    /// The tax rate (税率).
    TaxRate => "tax_rate";
    /// How it was paid (付款方式).
    Payment => "payment";
    /// What a unit cost (进价).
    Cost => "cost";
    /// What the whole line cost (金额).
    LineCost => "line_cost";
    /// The production lot (批号).
    Lot => "lot";
    /// From whom (供应商).
    Supplier => "supplier";
    /// Why (原因).
    Reason => "reason";
    /// A name in any language, where a file has just one.
    Name => "name";
    /// The Chinese name.
    NameZh => "name_zh";
    /// The English name.
    NameEn => "name_en";
    /// The barcode (条码).
    Barcode => "barcode";
    /// The unit (单位).
    Unit => "unit";
    /// The category (类别).
    Category => "category";
    /// `piece` or `weight`.
    SoldBy => "sold_by";
    /// `active` or `withdrawn`.
    Status => "status";
    /// What a store keeps when it gives to others (最低库存).
    MinStock => "min_stock";
    /// What a store should have at most (最高库存).
    MaxStock => "max_stock";
    /// What it is a variant of (款号).
    Style => "style";
    /// The size (尺码).
    Size => "size";
    /// The colour (颜色).
    Colour => "colour";
    /// Other barcodes, with spaces between them (其他条码).
    MoreBarcodes => "more_barcodes";
    /// Larger units, e.g. `箱=24 16901234567899; 盒=6` (包装).
    Packs => "packs";
    /// The specification (规格).
    Spec => "spec";
    /// The model (型号).
    Model => "model";
    /// The brand (品牌).
    Brand => "brand";
    /// What people type to find it (助记码).
    Mnemonic => "mnemonic";
    /// What a unit is bought for (进价).
    PurchasePrice => "purchase_price";
    /// The price for resellers (批发价).
    WholesalePrice => "wholesale_price";
    /// The price for members (会员价).
    MemberPrice => "member_price";
    /// For how many days it keeps (保质期).
    ShelfLifeDays => "shelf_life_days";
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Kind {
    /// The fields that must have a column or a default.
    pub(super) const fn required(self) -> &'static [Field] {
        match self {
            Self::Products => &[Field::Sku],
            Self::Statements => &[Field::Store, Field::Date, Field::Sku],
            Self::Opening | Self::Receipts | Self::Sales | Self::Adjustments => {
                &[Field::Store, Field::Date, Field::Sku, Field::Quantity]
            }
        }
    }

    /// Fields of which at least one must be there.
    pub(super) const fn one_of(self) -> &'static [Field] {
        match self {
            Self::Products => &[Field::Name, Field::NameZh, Field::NameEn],
            Self::Opening | Self::Receipts => &[Field::Cost, Field::LineCost],
            Self::Statements => &[Field::Opening, Field::Sold, Field::Scrapped, Field::Closing],
            // Without a price of its own a sale takes the catalog's.
            Self::Sales | Self::Adjustments => &[],
        }
    }

    /// Whether a field means something here.
    pub(super) fn knows(self, field: Field) -> bool {
        let more: &[Field] = match self {
            Self::Products => &[
                Field::Price,
                Field::FloorPrice,
                Field::TaxRate,
                Field::Barcode,
                Field::Unit,
                Field::Category,
                Field::SoldBy,
                Field::Status,
                Field::MinStock,
                Field::MaxStock,
                Field::Style,
                Field::Size,
                Field::Colour,
                Field::MoreBarcodes,
                Field::Packs,
                Field::Spec,
                Field::Model,
                Field::Brand,
                Field::Mnemonic,
                Field::PurchasePrice,
                Field::WholesalePrice,
                Field::MemberPrice,
                Field::ShelfLifeDays,
            ],
            Self::Opening => &[Field::Time, Field::Document, Field::Lot],
            Self::Receipts => &[Field::Time, Field::Document, Field::Lot, Field::Supplier],
            Self::Sales => &[
                Field::Time,
                Field::Document,
                Field::Price,
                Field::Discount,
                Field::TaxRate,
                Field::Payment,
                Field::Reason,
            ],
            Self::Adjustments => &[Field::Time, Field::Document, Field::Reason],
            Self::Statements => &[Field::Time, Field::Document],
        };
        self.required().contains(&field) || self.one_of().contains(&field) || more.contains(&field)
    }

    /// Whether a rule may make this of a row.
    pub(super) const fn allows(self, action: Action) -> bool {
        match action {
            Action::Reject | Action::Skip => true,
            Action::Sale | Action::Return => matches!(self, Self::Sales),
            Action::Adjustment | Action::Scrap => matches!(self, Self::Sales | Self::Adjustments),
        }
    }
}
