//! What is asked for.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::abc::Borders;
use super::ageing::Buckets;
use super::period::Period;
use crate::id::{Sku, StoreId};

/// Which report, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Which one.
    #[serde(flatten)]
    pub report: Report,
    /// Of which days, stores and goods.
    pub scope: Scope,
}

/// Of which days, stores and goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// These days. Reports of one moment look at the end of the last.
    pub period: Period,
    /// Only these stores; none: all there are.
    #[serde(default, with = "stores", skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<StoreId>,
    /// Only products of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub enum Report {
    /// Opening, in by kind, out by kind, closing (进销存汇总表).
    Movements {
        /// What one row is about.
        by: Group,
    },
    /// What was on hand at the end of a day (库存).
    Stock,
    /// The same, with a column for each store (库存分布表).
    Matrix,
    /// Every fact that moved a product, with what there was after it (商品流水账).
    Ledger {
        /// Which product.
        #[serde(with = "one")]
        sku: Sku,
    },
    /// How old stock is (库龄).
    Ageing {
        /// What one row is about.
        by: Group,
        /// The classes of age.
        buckets: Buckets,
    },
    /// How fast stock turns over (周转率).
    Turnover {
        /// What one row is about.
        by: Group,
    },
    /// How much of what there was to sell was sold (动销率).
    SellThrough {
        /// What one row is about.
        by: Group,
    },
    /// The few products that matter most (ABC 分类).
    Abc {
        /// By what they are ranked.
        rank: Rank,
        /// Where the classes end.
        borders: Borders,
    },
    /// What was bought (采购统计).
    Purchases {
        /// What one row is about.
        by: PurchaseGroup,
    },
    /// What customers paid, and were paid back, by payment method (收银日报).
    Takings {
        /// What one row is about, beside the method.
        by: TakingsGroup,
    },
    /// How suppliers did (供应商评价).
    Suppliers,
    /// What stock cost: buying, holding, loss (库存成本).
    Cost {
        /// What one row is about.
        by: Group,
        /// What holding stock costs a year, in hundredths of a per cent of its worth.
        rate: u32,
        /// Where that is another rate for a store.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        store_rates: Vec<(String, u32)>,
    },
    /// What was earned on sales (毛利).
    Margin {
        /// What one row is about.
        by: MarginGroup,
    },
    /// Margin, corrections of cost and losses of each store (毛利表).
    Profit,
    /// Tax on sales by rate, and tax that suppliers asked for (增值税汇总).
    Tax,
    /// What is owed to suppliers, by age (应付账龄).
    Payables,
}

impl Report {
    /// Whether it tells of the end of a day, and not of a period.
    pub const fn is_of_a_moment(&self) -> bool {
        match self {
            Self::Stock | Self::Matrix | Self::Ageing { .. } | Self::Payables => true,
            Self::Movements { .. }
            | Self::Ledger { .. }
            | Self::Turnover { .. }
            | Self::SellThrough { .. }
            | Self::Abc { .. }
            | Self::Purchases { .. }
            | Self::Takings { .. }
            | Self::Suppliers
            | Self::Cost { .. }
            | Self::Margin { .. }
            | Self::Profit
            | Self::Tax => false,
        }
    }
}

/// What one row of a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// A product at a store.
    StoreAndProduct,
    /// A product, over the stores.
    Product,
    /// A category of products, over the stores.
    Category,
    /// A store, over its products.
    Store,
}

/// What one row about purchases is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseGroup {
    /// A supplier.
    Supplier,
    /// A product.
    Product,
    /// A month.
    Month,
    /// A store.
    Store,
}

/// What one row about takings is about, beside the payment method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakingsGroup {
    /// A day.
    Day,
    /// A shift.
    Shift,
    /// An operator.
    Operator,
    /// A store.
    Store,
}

/// What one row about margins is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarginGroup {
    /// A product.
    Product,
    /// A store.
    Store,
    /// Who sold (收银员).
    Operator,
    /// Who bought (会员).
    Member,
}

/// By what products are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// By what customers paid.
    Sales,
    /// By what was earned on them.
    Margin,
    /// By how much was sold.
    Quantity,
}

/// Store ids as a list of texts.
mod stores {
    use super::{Deserialize, Deserializer, Serializer, StoreId};
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(stores: &[StoreId], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(stores.iter().map(ToString::to_string))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<StoreId>, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        names.iter().map(|name| StoreId::new(name).map_err(D::Error::custom)).collect()
    }
}

/// A SKU as text.
mod one {
    use super::{Deserialize, Deserializer, Serializer, Sku};
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(sku: &Sku, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(sku)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Sku, D::Error> {
        Sku::new(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
