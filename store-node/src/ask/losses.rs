//! What was lost or found beyond the books, by reason.

use std::collections::BTreeMap;

use ledger::fact::Body;
use ledger::fold::Balance;
use ledger::id::{Sku, StoreId};
use ledger::loss::{LossKind, Losses, add_losses};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::Named;
use super::held::NotHere;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::text;

/// The days that are looked at unless somebody says otherwise: a month.
const USUAL_DAYS: i32 = 30;

/// Show what was lost or found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowLosses {
    /// From this day on; none for the last thirty days.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<BusinessDate>,
    /// Up to this day; none for today.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<BusinessDate>,
}

/// What was lost or found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossReport {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// From this day on.
    #[serde(with = "text")]
    pub from: BusinessDate,
    /// Up to this day.
    #[serde(with = "text")]
    pub to: BusinessDate,
    /// By how, why and of what.
    pub rows: Vec<LossRow>,
    /// What of the history is not here, so that it is missing above.
    #[serde(default, skip_serializing_if = "NotHere::is_nothing")]
    pub not_here: NotHere,
}

/// What was lost or found of a product for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossRow {
    /// How: `scrapped`, `missed` or `found`.
    pub kind: String,
    /// Why, as it stands in the facts; empty where nobody said.
    pub reason: String,
    /// Of what.
    #[serde(with = "text")]
    pub sku: Sku,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Named>,
    /// How much, in thousandths.
    pub quantity: i128,
    /// What it cost, in ten-thousandths.
    pub value: i128,
}

impl LossReport {
    /// What it cost to lose what was lost, and what was found is worth.
    pub fn totals(&self) -> (i128, i128) {
        let sum = |found: bool| {
            let of = |row: &&LossRow| (row.kind == LossKind::Found.name()) == found;
            self.rows.iter().filter(of).map(|row| row.value).sum()
        };
        (sum(false), sum(true))
    }
}

impl Ask for ShowLosses {
    const PATH: &'static str = "/v1/losses";
    type Answer = LossReport;

    fn answer(self, node: &Node) -> Result<LossReport> {
        let to = self.to.unwrap_or_else(|| node.today());
        let from = self.from.unwrap_or_else(|| to.plus_days(-USUAL_DAYS));
        let (reader, store) = (node.books().reader()?, node.store());
        let mut losses = Losses::new();
        for day in reader.days(store)?.into_iter().filter(|day| (from..=to).contains(day)) {
            for stored in reader.facts_of_day(store, day)? {
                let undone = match &stored.fact.body {
                    Body::Reversal { of, .. } => reader.fact(store, *of)?.map(|stored| stored.fact),
                    _ => None,
                };
                add_losses(&mut losses, &stored.fact, undone.as_ref());
            }
        }
        losses.retain(|_, sum| *sum != Balance::default());
        let mut names: BTreeMap<Sku, Option<Named>> = BTreeMap::new();
        let mut rows = Vec::with_capacity(losses.len());
        for ((kind, reason, sku), Balance { quantity, value }) in losses {
            if !names.contains_key(&sku) {
                let named = reader.product(&sku)?.as_ref().map(Named::from);
                names.insert(sku.clone(), named);
            }
            let product = names.get(&sku).cloned().flatten();
            let (kind, reason) = (kind.name().to_owned(), reason.into());
            rows.push(LossRow { kind, reason, sku, product, quantity, value });
        }
        let (store, not_here) = (store.clone(), NotHere::of(&reader)?);
        Ok(LossReport { store, from, to, rows, not_here })
    }
}
