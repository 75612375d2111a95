//! The stored form of what is done with tills:
//!
//! ```text
//! shift_open   {"till":"1","float":2000000}
//! cash_move    {"way":"out","sum":500000,"note":"存银行"}
//! shift_close  {"count":[["cash",5230000,5250000],["card",null,120000]]}
//! ```
//!
//! A count is a method, what was counted (null where nobody did), and what ought to be there. Of which shift a
//! move or close is, says the fact's `shift`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FactTextError, amount_error, id_error};
use crate::amount::Money;
use crate::fact::PaymentMethod;
use crate::id::TillId;
use crate::shift::{Act, CashMove, Counted, Way};

pub(super) const OPEN: &str = "shift_open";
pub(super) const MOVE: &str = "cash_move";
pub(super) const CLOSE: &str = "shift_close";

#[derive(Serialize, Deserialize)]
pub(super) struct OpenRow<'a> {
    #[serde(borrow)]
    till: Cow<'a, str>,
    float: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct MoveRow<'a> {
    #[serde(borrow)]
    way: Cow<'a, str>,
    sum: i64,
    #[serde(borrow)]
    note: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CloseRow<'a> {
    #[serde(borrow)]
    count: Vec<(Cow<'a, str>, Option<i64>, i64)>,
}

impl<'a> OpenRow<'a> {
    pub(super) fn of(till: &'a TillId, float: Money) -> Self {
        Self { till: till.as_str().into(), float: float.ten_thousandths() }
    }

    pub(super) fn read(&self) -> Result<Act, FactTextError> {
        let till = TillId::new(&self.till).map_err(id_error("till"))?;
        Ok(Act::Opened { till, float: money(self.float, "float")? })
    }
}

impl<'a> MoveRow<'a> {
    pub(super) fn of(moved: &'a CashMove) -> Self {
        Self {
            way: moved.way.name().into(),
            sum: moved.amount.ten_thousandths(),
            note: moved.reason.as_ref().into(),
        }
    }

    pub(super) fn read(&self) -> Result<Act, FactTextError> {
        let found = || FactTextError::Word { field: "way", found: self.way.to_string() };
        Ok(Act::Moved(CashMove {
            way: Way::named(&self.way).ok_or_else(found)?,
            amount: money(self.sum, "sum")?,
            reason: self.note.as_ref().into(),
        }))
    }
}

impl CloseRow<'_> {
    pub(super) fn of(counts: &[Counted]) -> Self {
        let row = |count: &Counted| {
            let counted = count.counted.map(Money::ten_thousandths);
            (count.method.name().into(), counted, count.expected.ten_thousandths())
        };
        Self { count: counts.iter().map(row).collect() }
    }

    pub(super) fn read(&self) -> Result<Act, FactTextError> {
        let count = |(method, counted, expected): &(Cow<'_, str>, Option<i64>, i64)| {
            let found = || FactTextError::Word { field: "count", found: method.to_string() };
            Ok(Counted {
                method: PaymentMethod::named(method).ok_or_else(found)?,
                counted: counted.map(|raw| money(raw, "count")).transpose()?,
                expected: money(*expected, "count")?,
            })
        };
        Ok(Act::Closed { counts: self.count.iter().map(count).collect::<Result<_, _>>()? })
    }
}

fn money(raw: i64, field: &'static str) -> Result<Money, FactTextError> {
    Money::from_ten_thousandths(raw).map_err(amount_error(field))
}
