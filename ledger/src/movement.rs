//! Movements: goods and their cost passing from one account to another.
//!
//! A movement names both ends, so it balances by construction: whatever leaves one account enters
//! the other, in quantity and in value. There is no way to write one that does not.

use std::fmt;
use std::str::FromStr;

use crate::amount::{Money, Quantity};
use crate::id::{IdError, Lot, Sku, TransferId};

/// Where goods and their value stand. Every account but `InTransit` belongs to the store whose
/// fact moves it; goods in transit belong to the transfer, whichever store posts them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// On the shelf or in the back room (现存).
    OnHand,
    /// On the way between two stores (在途).
    InTransit(TransferId),
    /// With suppliers (供应商).
    Supplier,
    /// With customers (客户).
    Customer,
    /// Found by counting (盘盈).
    CountGain,
    /// Missed by counting (盘亏).
    CountLoss,
    /// Thrown away (报损).
    Scrap,
    /// Lost between stores (运输损失).
    TransitLoss,
    /// Held for inspection (待检).
    Quarantine,
    /// What the books started with (期初).
    Opening,
    /// Corrections of cost that move no goods (成本调整).
    CostAdjustment,
    /// Became other goods (组装、拆卸).
    Assembly,
}

impl Account {
    /// Its name where it is stored; none for goods in transit, where the transfer's number follows.
    pub(crate) const fn name(&self) -> Option<&'static str> {
        Some(match self {
            Self::InTransit(_) => return None,
            Self::OnHand => "on_hand",
            Self::Supplier => "supplier",
            Self::Customer => "customer",
            Self::CountGain => "count_gain",
            Self::CountLoss => "count_loss",
            Self::Scrap => "scrap",
            Self::TransitLoss => "transit_loss",
            Self::Quarantine => "quarantine",
            Self::Opening => "opening",
            Self::CostAdjustment => "cost_adjustment",
            Self::Assembly => "assembly",
        })
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.name()) {
            (Self::InTransit(transfer), _) => write!(f, "in_transit:{transfer}"),
            (_, name) => f.pad(name.unwrap_or_default()),
        }
    }
}

impl FromStr for Account {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Ok(match text {
            "on_hand" => Self::OnHand,
            "supplier" => Self::Supplier,
            "customer" => Self::Customer,
            "count_gain" => Self::CountGain,
            "count_loss" => Self::CountLoss,
            "scrap" => Self::Scrap,
            "transit_loss" => Self::TransitLoss,
            "quarantine" => Self::Quarantine,
            "opening" => Self::Opening,
            "cost_adjustment" => Self::CostAdjustment,
            "assembly" => Self::Assembly,
            _ => match text.strip_prefix("in_transit:") {
                Some(transfer) => Self::InTransit(TransferId::new(transfer)?),
                None => {
                    return Err(IdError::Malformed { what: "account", text: text.to_owned() });
                }
            },
        })
    }
}

/// `quantity` of `sku`, worth `value` at cost, leaves `from` and enters `to`.
///
/// Either amount may be negative (goods flow the other way) or zero (a correction of cost moves
/// value alone).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The account it leaves.
    pub from: Account,
    /// The account it enters.
    pub to: Account,
    /// What moves.
    pub sku: Sku,
    /// From which production lot, where lots are kept.
    pub lot: Option<Lot>,
    /// How much.
    pub quantity: Quantity,
    /// What it cost.
    pub value: Money,
}

impl Movement {
    /// The movement that undoes this one.
    #[must_use]
    pub fn undone(&self) -> Self {
        Self { from: self.to.clone(), to: self.from.clone(), ..self.clone() }
    }

    /// The movement seen from its accounts: what each gains (negative: loses).
    pub fn legs(&self) -> [(&Account, Quantity, Money); 2] {
        [
            (&self.from, self.quantity.negated(), self.value.negated()),
            (&self.to, self.quantity, self.value),
        ]
    }
}
