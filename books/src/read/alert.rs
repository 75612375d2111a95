//! Alerts that are open, with who has seen them.

use ledger::alert::{AlertKind, Cause};
use ledger::amount::Quantity;
use ledger::id::{Operator, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use rusqlite::params;

use super::stock::{parse_lot, parse_sku};
use super::{Reader, quantity};
use crate::alert::judge::{Own, limits_of, own_bounds};
use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::store_number;
use crate::sql;
use crate::state::PlaceId;

/// An alert that is open at a store, as the last look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAlert {
    /// Where.
    pub store: StoreId,
    /// What is wrong, and with what.
    pub cause: Cause,
    /// The day on which it began, or the last day of which that is known.
    pub since: BusinessDate,
    /// What is on hand of the product.
    pub on_hand: Quantity,
    /// The limit that is broken.
    pub limit: Option<Quantity>,
    /// The lot's last good day.
    pub expiry: Option<BusinessDate>,
    /// Who has seen it.
    pub seen: Option<Seen>,
}

/// That somebody has seen an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Who.
    pub by: Option<Operator>,
    /// On which day.
    pub date: BusinessDate,
    /// When.
    pub at: Timestamp,
    /// The last day for which it holds; none: as long as the alert lasts.
    pub until: Option<BusinessDate>,
    /// What is to be done, or why nothing is.
    pub remark: String,
}

/// How many alerts are open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AlertCount {
    /// Those that nobody has seen.
    pub waiting: usize,
    /// Those that somebody has.
    pub seen: usize,
}

/// An alert with the newest word on it, which only counts if it was said after the alert began.
const OPEN: &str = "SELECT sku.name, alert.kind, lot.name, since, \
       (SELECT coalesce(sum(quantity), 0) FROM balance WHERE place = ?2 AND sku = alert.sku), \
       min_stock, max_stock, alert.sku, told.expiry, ack.date, ack.at, ack.operator, ack.until, ack.remark \
     FROM alert JOIN sku ON sku.id = alert.sku LEFT JOIN lot ON lot.id = alert.lot \
     LEFT JOIN product ON product.sku = alert.sku \
     LEFT JOIN lot_expiry AS told \
       ON told.store = alert.store AND told.sku = alert.sku AND told.lot = alert.lot \
     LEFT JOIN alert_ack AS ack ON ack.store = alert.store AND ack.sku = alert.sku \
       AND ack.kind = alert.kind AND ack.lot = alert.lot AND ack.date >= alert.since \
       AND ack.at >= alert.raised AND (ack.until IS NULL OR ack.until >= ?3) \
     WHERE alert.store = ?1 ORDER BY sku.name, lot.name";

/// How many alerts are open at a store, and how many of them somebody has seen.
const COUNT: &str = "SELECT count(*), count(ack.date) FROM alert \
     LEFT JOIN alert_ack AS ack ON ack.store = alert.store AND ack.sku = alert.sku \
       AND ack.kind = alert.kind AND ack.lot = alert.lot AND ack.date >= alert.since \
       AND ack.at >= alert.raised AND (ack.until IS NULL OR ack.until >= ?2) \
     WHERE alert.store = ?1";

impl Reader {
    /// The alerts that are open at a store, or at all of them: by store, the most urgent first.
    pub fn alerts(&self, store: Option<&StoreId>, today: BusinessDate) -> Result<Vec<OpenAlert>> {
        let stores = match store {
            Some(store) => match store_number(self.conn(), store)? {
                Some(number) => vec![(store.clone(), number)],
                None => return Ok(Vec::new()),
            },
            None => self.stores_by_name()?,
        };
        let mut alerts = Vec::new();
        for (store, number) in stores {
            let mut open = self.alerts_at(&store, number, today)?;
            open.sort_by_key(|alert| alert.cause.kind);
            alerts.extend(open);
        }
        Ok(alerts)
    }

    /// How many alerts are open at a store.
    pub fn alert_count(&self, store: &StoreId, today: BusinessDate) -> Result<AlertCount> {
        let Some(number) = store_number(self.conn(), store)? else {
            return Ok(AlertCount::default());
        };
        let (all, seen): (usize, usize) = sql::one(
            self.conn(),
            "count the open alerts",
            COUNT,
            params![number, dates::number(today)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(AlertCount { waiting: all - seen, seen })
    }

    /// The numbers of all stores.
    pub(crate) fn store_numbers(&self) -> Result<Vec<i64>> {
        Ok(self.stores_by_name()?.into_iter().map(|(_, number)| number).collect())
    }

    fn alerts_at(
        &self,
        store: &StoreId,
        number: i64,
        today: BusinessDate,
    ) -> Result<Vec<OpenAlert>> {
        let rows = sql::all(
            self.conn(),
            "list the open alerts",
            OPEN,
            params![number, PlaceId::on_hand(number).0, dates::number(today)],
            |row| {
                let cause: (String, String, Option<String>) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let stock: (i64, i64, Option<i64>) = (row.get(3)?, row.get(4)?, row.get(8)?);
                let bounds: (Own, i64) = ((row.get(5)?, row.get(6)?), row.get(7)?);
                let seen: Option<Word> = match row.get(9)? {
                    Some(date) => {
                        Some((date, row.get(10)?, row.get(11)?, row.get(12)?, row.get(13)?))
                    }
                    None => None,
                };
                Ok((cause, stock, bounds, seen))
            },
        )?;
        let set = self.store_bounds(store, None)?;
        let open = |((sku, kind, lot), (since, on_hand, expiry), (own, number), seen): Raw| {
            let kind: AlertKind =
                kind.parse().map_err(|source| BooksError::text("an alert", &kind, source))?;
            let lot = lot.as_deref().map(parse_lot).transpose()?;
            let limits = limits_of(set.of(number, own_bounds(own)?, today));
            let limit = match kind {
                AlertKind::BelowMin => limits.min,
                AlertKind::AboveMax => limits.max,
                _ => None,
            };
            Ok(OpenAlert {
                store: store.clone(),
                cause: Cause { kind, sku: parse_sku(&sku)?, lot },
                since: dates::of_number(since)?,
                on_hand: quantity(on_hand)?,
                limit,
                expiry: expiry.map(dates::of_number).transpose()?,
                seen: seen.map(word).transpose()?,
            })
        };
        rows.into_iter().map(open).collect()
    }
}

/// A row of an open alert: what it is about, what stands around it, the product's limits, who has seen it.
type Raw = ((String, String, Option<String>), (i64, i64, Option<i64>), (Own, i64), Option<Word>);

/// A row of who has seen an alert: day, time, who, until when, remark.
type Word = (i64, i64, Option<String>, Option<i64>, String);

fn word((date, at, who, until, remark): Word) -> Result<Seen> {
    let operator = |name: String| {
        Operator::new(&name).map_err(|source| BooksError::text("an operator", &name, source))
    };
    Ok(Seen {
        by: who.map(operator).transpose()?,
        date: dates::of_number(date)?,
        at: Timestamp::from_millis(at),
        until: until.map(dates::of_number).transpose()?,
        remark,
    })
}
