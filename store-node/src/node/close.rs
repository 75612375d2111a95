//! Closing days (日结): by hand and by schedule.

use std::collections::BTreeSet;

use books::{BooksError, Closed, Tx};
use console::{Exit, Lang, Tell, Told, words};
use ledger::close::{ClosingStock, DayClose, Tally, close};
use ledger::fact::Fact;
use ledger::id::Operator;
use ledger::json;
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::quic::Identity;
use sync_proto::quic::signature::{Purpose, SignatureError, sign};
use thiserror::Error;

use super::{Node, Stamp, When, lookup};
use crate::clock::{TimeOfDay, Zone};
use crate::error::Result;
use crate::request::About;
use crate::sync::identity;

/// Days that share a transaction: tills wait for it, and a busy day takes some milliseconds.
const DAYS_AT_ONCE: usize = 8;

/// Why no day was closed.
#[derive(Debug, Error)]
pub enum CloseRefused {
    /// The day has not come yet.
    #[error("{date} is not over: today is {today}")]
    Future {
        /// What was given.
        date: BusinessDate,
        /// The business day.
        today: BusinessDate,
    },
    /// Nothing was booked to the day.
    #[error("nothing was booked on {date}")]
    Empty {
        /// What was given.
        date: BusinessDate,
    },
    /// Nothing was ever booked.
    #[error("there is no day to close")]
    Nothing,
    /// The store's key did not sign.
    #[error("the close could not be signed")]
    Unsigned {
        /// Why.
        #[from]
        source: SignatureError,
    },
}

impl Tell for CloseRefused {
    fn tell(&self, lang: Lang) -> Told {
        match self {
            Self::Future { date, today } => {
                Told::saying(lang.say(words::CloseFuture { date, today }))
            }
            Self::Empty { date } => Told::saying(lang.say(words::CloseEmpty { date }))
                .hint(lang.say(words::CloseEmptyHint)),
            Self::Nothing => Told::saying(lang.say(words::CloseNothing)),
            Self::Unsigned { .. } => Told::saying(lang.say(words::CloseNotSigned)),
        }
    }

    fn exit(&self) -> Exit {
        Exit::Failed
    }
}

/// A day that is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayClosed {
    /// The fact that closes it: durable.
    pub fact: Fact,
    /// Whether it was closed now.
    pub when: When,
    /// Earlier days that were open and closed with it.
    pub earlier: Vec<BusinessDate>,
    /// Later days that were closed and are closed again, because their evenings have changed.
    pub later: Vec<BusinessDate>,
}

impl Node {
    /// Closes a day, and with it every earlier day that has facts and was not closed; without a date,
    /// the last day that has any. A day that is closed stays as it is, unless facts that its close
    /// does not know have come back since: then it is closed again, with them, and so are the closed
    /// days after it, whose evenings they have changed.
    pub fn close_day(
        &self,
        date: Option<BusinessDate>,
        operator: Option<Operator>,
    ) -> Result<DayClosed> {
        let today = self.today();
        let date = match date {
            Some(date) if date > today => return Err(CloseRefused::Future { date, today }.into()),
            Some(date) => date,
            None => {
                let last = self.books().reader()?.last_day(self.store(), today)?;
                last.ok_or(CloseRefused::Nothing)?
            }
        };
        if self.books().write(move |tx| tx.closed(date))? == Closed::Empty {
            return Err(CloseRefused::Empty { date }.into());
        }
        let before = date.plus_days(-1);
        let earlier = self.close_open_days(before, operator.as_ref())?;
        let closing = self.closing(operator)?;
        self.books().write(move |tx| {
            let mut closes = closing.close_days(tx, &[date])?.into_iter();
            let (fact, when) = match closes.next() {
                Some(fact) => (fact, When::Now),
                None => {
                    let id = tx.close_of(date)?.ok_or(CloseRefused::Empty { date })?;
                    (lookup::must_have(tx, id)?, When::Before)
                }
            };
            let later = closes.map(|fact| fact.date).collect();
            Ok(DayClosed { fact, when, earlier, later })
        })
    }

    /// Closes the days up to one that have facts and were never closed. Gives them, the oldest first.
    pub(crate) fn close_open_days(
        &self,
        until: BusinessDate,
        operator: Option<&Operator>,
    ) -> Result<Vec<BusinessDate>> {
        let days = self.books().write(move |tx| tx.open_days(until))?;
        for some in days.chunks(DAYS_AT_ONCE) {
            let (some, closing) = (some.to_vec(), self.closing(operator.cloned())?);
            self.books().write(move |tx| closing.close_days(tx, &some).map(drop))?;
        }
        Ok(days)
    }

    fn closing(&self, operator: Option<Operator>) -> Result<Closing> {
        // Books that stand alone have no key; a store of a chain without one is told so.
        let key = self.config().hub.is_some().then(|| identity(self)).transpose()?;
        let about = About { operator, ..About::default() };
        Ok(Closing { stamp: self.stamp(), about, key })
    }
}

/// The last day that is over at an instant and whose closing time has come.
pub(crate) fn due(zone: &Zone, now: Timestamp, at: TimeOfDay, cutoff: TimeOfDay) -> BusinessDate {
    let today = zone.day_of(now);
    let come = zone.minute_of_day(now) >= at.minutes();
    let due = today.plus_days(if come { -1 } else { -2 });
    due.min(zone.business_day(now, cutoff).plus_days(-1))
}

/// What closes days.
struct Closing {
    stamp: Stamp,
    about: About,
    key: Option<Identity>,
}

/// What was on hand in the evening of a day.
type Evening = (BusinessDate, ClosingStock);

impl Closing {
    /// Closes those of some days that are not closed with all their facts, and again the closed days
    /// after them: what they lacked is missing in the evenings since. The oldest comes first.
    fn close_days(&self, tx: &mut Tx<'_>, days: &[BusinessDate]) -> Result<Vec<Fact>> {
        let mut due = BTreeSet::new();
        for date in days {
            if tx.closed(*date)? != Closed::Wholly {
                due.insert(*date);
            }
        }
        if let Some(first) = due.first() {
            due.extend(tx.closed_after(*first)?);
        }
        let mut evening = None;
        due.into_iter().map(|date| self.close(tx, date, &mut evening)).collect()
    }

    /// Closes a day. `evening` is the stock of the day closed just before, if any, and becomes this
    /// day's.
    fn close(
        &self,
        tx: &mut Tx<'_>,
        date: BusinessDate,
        evening: &mut Option<Evening>,
    ) -> Result<Fact> {
        let mut tally = Tally::new(&self.stamp.store, date);
        for stored in tx.facts_of_day(date)? {
            tally.fact(&stored.fact, &stored.text);
        }
        let stock = stock_of(tx, date, evening.take())?;
        let said = DayClose::new(tally.finish(tx.standing()?, stock.summary()));
        let said = match &self.key {
            Some(key) => {
                let signature = sign(key, Purpose::DayClose, said.statement());
                said.signed(signature.map_err(CloseRefused::from)?.into())
            }
            None => said,
        };
        let fact = close(self.stamp.header_on(tx, &self.about, date)?, said);
        tx.append_fact(&fact, &json::to_text(&fact))?;
        *evening = Some((date, stock));
        Ok(fact)
    }
}

fn stock_of(
    tx: &mut Tx<'_>,
    date: BusinessDate,
    evening: Option<Evening>,
) -> Result<ClosingStock, BooksError> {
    match evening {
        Some((before, mut stock)) => {
            tx.move_stock_on(&mut stock, before, date)?;
            Ok(stock)
        }
        None => tx.closing_stock(date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_due_when_it_is_over_and_its_time_has_come() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        // Half past midnight on the 22nd in Shanghai, and hours later.
        let day_due = |hours: i64, at: &str, cutoff: &str| {
            let now = Timestamp::from_millis(1_795_278_600_000 + hours * 3_600_000);
            due(&zone, now, at.parse().unwrap(), cutoff.parse().unwrap()).to_string()
        };
        assert_eq!(day_due(0, "00:30", "00:00"), "2026-11-21");
        assert_eq!(day_due(0, "02:00", "00:00"), "2026-11-20");
        assert_eq!(day_due(2, "02:00", "00:00"), "2026-11-21");
        assert_eq!(day_due(2, "02:00", "03:00"), "2026-11-20", "the day goes on until three");
        assert_eq!(day_due(3, "02:00", "03:00"), "2026-11-21");
    }
}
