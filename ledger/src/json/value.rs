//! The stored form of what stores book of stored value:
//!
//! ```text
//! value_top_up    {"pay":[{"by":"cash","sum":1000000}]}
//! value_paid_out  {"letter":"S012-2611-hA7","pay":[{"by":"cash","sum":500000}]}
//! value_moved     {"letter":"S012-2611-hA8","pool":1,"lines":[["M-1",500000],["M-2",-200000]]}
//! ```
//!
//! Whose value is topped up or paid out stands in the fact's `member`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::row::PayRow;
use super::{FactTextError, amount_error, id_error};
use crate::amount::Money;
use crate::escrow::{Act, Moved};
use crate::id::{Epoch, IdError, LetterNo, MemberId};

pub(super) const TOP_UP: &str = "value_top_up";
pub(super) const PAID_OUT: &str = "value_paid_out";
pub(super) const MOVED: &str = "value_moved";

#[derive(Serialize, Deserialize)]
pub(super) struct PaidRow<'a> {
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    letter: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pay: Vec<PayRow<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct MovedRow<'a> {
    #[serde(borrow)]
    letter: Cow<'a, str>,
    pool: u32,
    #[serde(borrow)]
    lines: Vec<(Cow<'a, str>, i64)>,
}

impl<'a> PaidRow<'a> {
    pub(super) fn top_up(payments: &'a [crate::fact::Payment]) -> Self {
        Self { letter: None, pay: payments.iter().map(PayRow::of).collect() }
    }

    pub(super) fn paid_out(letter: &'a LetterNo, payments: &'a [crate::fact::Payment]) -> Self {
        Self { letter: Some(letter.as_str().into()), ..Self::top_up(payments) }
    }

    /// The act of this kind.
    pub(super) fn read(&self) -> Result<Act, FactTextError> {
        let payments = self.pay.iter().map(PayRow::read).collect::<Result<_, _>>()?;
        Ok(match self.letter.as_deref() {
            None => Act::TopUp { payments },
            Some(letter) => Act::PaidOut {
                letter: LetterNo::new(letter).map_err(id_error("letter"))?,
                payments,
            },
        })
    }
}

impl<'a> MovedRow<'a> {
    pub(super) fn of(moved: &'a Moved) -> Self {
        let line = |(member, amount): &'a (MemberId, Money)| {
            (member.as_str().into(), amount.ten_thousandths())
        };
        let lines = moved.lines.iter().map(line).collect();
        Self { letter: moved.letter.as_str().into(), pool: moved.pool.number(), lines }
    }

    pub(super) fn read(&self) -> Result<Moved, FactTextError> {
        let line = |(member, amount): &(Cow<'_, str>, i64)| {
            let amount = Money::from_ten_thousandths(*amount).map_err(amount_error("lines"))?;
            Ok((MemberId::new(member).map_err(id_error("lines"))?, amount))
        };
        let text = self.pool.to_string();
        let pool = Epoch::new(self.pool);
        let pool = pool.ok_or(IdError::Malformed { what: "history", text });
        Ok(Moved {
            letter: LetterNo::new(&self.letter).map_err(id_error("letter"))?,
            pool: pool.map_err(id_error("pool"))?,
            lines: self.lines.iter().map(line).collect::<Result<_, _>>()?,
        })
    }
}
