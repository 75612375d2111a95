//! Goods in quarantine: look, release, scrap.

use ledger::amount::{Money, Quantity};
use ledger::fold::Place;
use ledger::id::{Lot, Sku};
use ledger::movement::Account;
use ledger::purchase::Way;
use ledger::transfer::Wanted;
use serde::{Deserialize, Serialize};

use super::Named;
use super::purchase::{Bought, amount, sku_of};
use crate::door::Ask;
use crate::error::Result;
use crate::node::{Node, When};
use crate::request::{About, SaleLine};
use crate::text;
use crate::view::FactView;

/// List what is in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuarantine {}

/// Goods in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldGoods {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Named>,
    /// From which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// What it cost.
    #[serde(with = "text")]
    pub value: Money,
}

/// Take goods out of quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClearQuarantine {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// Which way.
    pub way: ClearWay,
    /// What; prices are not heeded.
    pub lines: Vec<SaleLine>,
    /// Why.
    pub reason: String,
}

/// Which way goods leave quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearWay {
    /// Onto the shelf.
    Release,
    /// Away.
    Scrap,
}

impl Ask for ListQuarantine {
    const PATH: &'static str = "/v1/quarantine/list";
    type Answer = Vec<HeldGoods>;

    fn answer(self, node: &Node) -> Result<Vec<HeldGoods>> {
        let here = Place::Store(node.store().clone(), Account::Quarantine);
        let rows = node.books().reader()?.balances(Some(node.store()))?;
        let held = rows.into_iter().filter(|row| row.place == here);
        let some = held.filter(|row| !row.stock.quantity.is_zero() || !row.stock.value.is_zero());
        some.map(|row| {
            let named = node.product(row.sku.as_str())?.map(|product| Named::from(&*product));
            let (sku, lot) = (row.sku, row.lot);
            Ok(HeldGoods { sku, named, lot, quantity: row.stock.quantity, value: row.stock.value })
        })
        .collect()
    }
}

impl Ask for ClearQuarantine {
    const PATH: &'static str = "/v1/quarantine/clear";
    type Answer = Bought;

    fn answer(self, node: &Node) -> Result<Bought> {
        let line = |line: &SaleLine| {
            let (sku, each) = sku_of(node, &line.item)?;
            Ok(Wanted { sku, quantity: line.quantity.times(each).map_err(amount)? })
        };
        let lines = self.lines.iter().map(line).collect::<Result<_>>()?;
        let way = match self.way {
            ClearWay::Release => Way::Release,
            ClearWay::Scrap => Way::Scrap,
        };
        let (fact, when) = node.clear_quarantine(self.about, way, lines, self.reason.into())?;
        let repeated = when == When::Before;
        Ok(Bought { fact: FactView::from(&fact), purchase: None, repeated })
    }
}
