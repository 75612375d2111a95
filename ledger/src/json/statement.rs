//! The stored form of statements:
//!
//! ```text
//! statement  {"lines":[{"sku":"6901…","open":18000,"sold":8000,"scrap":10000,"close":0}]}
//! ```
//!
//! What a line leaves open is not in it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FactTextError, amount_error, id_error};
use crate::amount::Quantity;
use crate::fact::Stated;
use crate::id::Sku;

pub(super) const STATEMENT: &str = "statement";

#[derive(Serialize, Deserialize)]
pub(super) struct StatementRow<'a> {
    #[serde(borrow)]
    lines: Vec<StatedRow<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StatedRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sold: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scrap: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    close: Option<i64>,
}

impl<'a> StatementRow<'a> {
    pub(super) fn of(lines: &'a [Stated]) -> Self {
        let raw = |quantity: Option<Quantity>| quantity.map(Quantity::thousandths);
        let row = |line: &'a Stated| StatedRow {
            sku: line.sku.as_str().into(),
            open: raw(line.opening),
            sold: raw(line.sold),
            scrap: raw(line.scrapped),
            close: raw(line.closing),
        };
        Self { lines: lines.iter().map(row).collect() }
    }

    pub(super) fn read(&self) -> Result<Vec<Stated>, FactTextError> {
        let quantity = |raw: Option<i64>, field| {
            raw.map(Quantity::from_thousandths).transpose().map_err(amount_error(field))
        };
        let line = |row: &StatedRow<'_>| {
            Ok(Stated {
                sku: Sku::new(&row.sku).map_err(id_error("sku"))?,
                opening: quantity(row.open, "open")?,
                sold: quantity(row.sold, "sold")?,
                scrapped: quantity(row.scrap, "scrap")?,
                closing: quantity(row.close, "close")?,
            })
        };
        self.lines.iter().map(line).collect()
    }
}
