//! The stored form of bins:
//!
//! ```text
//! bin_move  {"lines":[{"sku":"6901…","qty":5000,"lot":"L7","from":"A-01","to":"B-07"}]}
//! bin_home  {"lines":[{"sku":"6901…","bin":"A-01"}]}
//! ```
//!
//! Not in it are what nobody said and the bin of goods that lay, or lie then, in none. What any fact names of bins
//! stands behind its movements: `"bins":[{"sku":"6901…","bin":"A-01","qty":5000,"lot":"L7"}]`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FactTextError, amount_error, id_error, optional};
use crate::amount::Quantity;
use crate::bins::{BinMove, Home, Placed};
use crate::fact::Body;
use crate::id::{Bin, Lot, Sku};

pub(super) const MOVE: &str = "bin_move";
pub(super) const HOME: &str = "bin_home";

#[derive(Serialize, Deserialize)]
pub(super) struct MovesRow<'a> {
    #[serde(borrow)]
    lines: Vec<MoveLineRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct MoveLineRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    qty: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    lot: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    from: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    to: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct HomesRow<'a> {
    #[serde(borrow)]
    lines: Vec<HomeLineRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct HomeLineRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    bin: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PlacedRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    #[serde(borrow)]
    bin: Cow<'a, str>,
    qty: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    lot: Option<Cow<'a, str>>,
}

impl<'a> MovesRow<'a> {
    pub(super) fn of(lines: &'a [BinMove]) -> Self {
        let row = |line: &'a BinMove| MoveLineRow {
            sku: line.sku.as_str().into(),
            qty: line.quantity.thousandths(),
            lot: line.lot.as_ref().map(|lot| lot.as_str().into()),
            from: line.from.as_ref().map(|bin| bin.as_str().into()),
            to: line.to.as_ref().map(|bin| bin.as_str().into()),
        };
        Self { lines: lines.iter().map(row).collect() }
    }

    pub(super) fn read(&self) -> Result<Body, FactTextError> {
        let line = |row: &MoveLineRow<'_>| {
            Ok(BinMove {
                sku: Sku::new(&row.sku).map_err(id_error("sku"))?,
                quantity: Quantity::from_thousandths(row.qty).map_err(amount_error("qty"))?,
                lot: optional(row.lot.as_deref(), Lot::new, "lot")?,
                from: optional(row.from.as_deref(), Bin::new, "from")?,
                to: optional(row.to.as_deref(), Bin::new, "to")?,
            })
        };
        Ok(Body::BinMove { lines: self.lines.iter().map(line).collect::<Result<_, _>>()? })
    }
}

impl<'a> HomesRow<'a> {
    pub(super) fn of(lines: &'a [Home]) -> Self {
        let row = |home: &'a Home| HomeLineRow {
            sku: home.sku.as_str().into(),
            bin: home.bin.as_ref().map(|bin| bin.as_str().into()),
        };
        Self { lines: lines.iter().map(row).collect() }
    }

    pub(super) fn read(&self) -> Result<Body, FactTextError> {
        let line = |row: &HomeLineRow<'_>| {
            let sku = Sku::new(&row.sku).map_err(id_error("sku"))?;
            Ok(Home { sku, bin: optional(row.bin.as_deref(), Bin::new, "bin")? })
        };
        Ok(Body::BinHome { lines: self.lines.iter().map(line).collect::<Result<_, _>>()? })
    }
}

impl<'a> PlacedRow<'a> {
    pub(super) fn of(placed: &'a Placed) -> Self {
        Self {
            sku: placed.sku.as_str().into(),
            bin: placed.bin.as_str().into(),
            qty: placed.quantity.thousandths(),
            lot: placed.lot.as_ref().map(|lot| lot.as_str().into()),
        }
    }

    pub(super) fn read(&self) -> Result<Placed, FactTextError> {
        Ok(Placed {
            sku: Sku::new(&self.sku).map_err(id_error("bins"))?,
            bin: Bin::new(&self.bin).map_err(id_error("bins"))?,
            quantity: Quantity::from_thousandths(self.qty).map_err(amount_error("bins"))?,
            lot: optional(self.lot.as_deref(), Lot::new, "bins")?,
        })
    }
}
