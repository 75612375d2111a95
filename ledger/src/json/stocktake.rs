//! The stored form of stocktakes:
//!
//! ```text
//! stocktake  {"name":"…","lines":[{"sku":"6901…","count":16000,"book":18000,"at":"1-41",
//!             "moved":1000,"round":2,"why":"damaged"}],"approved":"…"}
//! ```
//!
//! `at` is the store's last fact when the last line was counted. Not in a line are `moved` where nothing
//! did, the first round, and what nobody said;
//! nor who approved it where nobody had to.

use std::borrow::Cow;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::{FactTextError, amount_error, id_error, optional};
use crate::amount::Quantity;
use crate::id::{Operator, ReasonCode, Sku};
use crate::stocktake::{Compared, Round, Tally};

pub(super) const STOCKTAKE: &str = "stocktake";

#[derive(Serialize, Deserialize)]
pub(super) struct StocktakeRow<'a> {
    #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
    pub(super) name: Cow<'a, str>,
    #[serde(borrow)]
    lines: Vec<ComparedRow<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) approved: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct ComparedRow<'a> {
    #[serde(borrow)]
    sku: Cow<'a, str>,
    count: i64,
    book: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    at: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    round: Option<NonZeroU32>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    why: Option<Cow<'a, str>>,
}

impl<'a> StocktakeRow<'a> {
    pub(super) fn of(name: &'a str, lines: &'a [Compared], approved: Option<&'a Operator>) -> Self {
        let row = |line: &'a Compared| ComparedRow {
            sku: line.sku.as_str().into(),
            count: line.tally.counted.thousandths(),
            book: line.tally.book.thousandths(),
            at: line.tally.anchor.map(|id| id.to_string().into()),
            moved: Some(line.tally.moved.thousandths()).filter(|moved| *moved != 0),
            round: NonZeroU32::new(line.round.number()).filter(|round| round.get() > 1),
            why: line.reason.as_ref().map(|reason| reason.as_str().into()),
        };
        let approved = approved.map(|by| by.as_str().into());
        Self { name: name.into(), lines: lines.iter().map(row).collect(), approved }
    }

    pub(super) fn read(&self) -> Result<Vec<Compared>, FactTextError> {
        let quantity =
            |raw: i64, field| Quantity::from_thousandths(raw).map_err(amount_error(field));
        let line = |row: &ComparedRow<'_>| {
            let tally = Tally {
                counted: quantity(row.count, "count")?,
                book: quantity(row.book, "book")?,
                anchor: optional(row.at.as_deref(), str::parse, "at")?,
                moved: quantity(row.moved.unwrap_or_default(), "moved")?,
            };
            Ok(Compared {
                sku: Sku::new(&row.sku).map_err(id_error("sku"))?,
                tally,
                round: row.round.and_then(|round| Round::new(round.get())).unwrap_or(Round::FIRST),
                reason: optional(row.why.as_deref(), ReasonCode::new, "why")?,
            })
        };
        self.lines.iter().map(line).collect()
    }
}
