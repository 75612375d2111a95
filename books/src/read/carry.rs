//! What a store's history comes to, for a new machine of the store; and what of it is not here.

use std::collections::BTreeMap;

use ledger::chain::ChainLink;
use ledger::id::{FactId, RequestId, StoreId};
use ledger::time::BusinessDate;
use rusqlite::params;
use sync_proto::Writer;
use sync_proto::carryover::{CarriedBalance, CarriedClose, CarriedCost, Carryover, MAX_ROWS};
use sync_proto::replica::Head;

use super::stock::{parse_lot, parse_sku};
use super::{Reader, money, quantity};
use crate::carried::{self, Awaited};
use crate::error::Result;
use crate::facts::{self, StoreRef, StoredFact, fact_id, store_number};
use crate::state::{PlaceId, PlaceMeaning};
use crate::{chain, dates, sql};

/// Requests of so many days are carried over: a till that asks again for what a lost machine booked does so
/// within days, and five weeks also cover whoever was shut for a month.
const REQUEST_DAYS: i32 = 35;

/// What of the own history is not here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// How many facts are still to come from the hub.
    pub awaited: u64,
    /// They are of days up to this one.
    pub awaited_through: Option<BusinessDate>,
    /// Of how many balances something is left although all facts have come: the hub told more than they say.
    pub left_over: u64,
    /// Days up to this one were dropped here.
    pub dropped_through: Option<BusinessDate>,
}

impl Reader {
    /// What of the own history is not here.
    pub fn carried(&self) -> Result<Carried> {
        let awaited = Awaited::read(self.conn())?.facts();
        let through = carried::awaited_through(self.conn())?.filter(|_| awaited > 0);
        Ok(Carried {
            awaited,
            awaited_through: through,
            left_over: carried::left_over(self.conn())?,
            dropped_through: carried::dropped_through(self.conn())?,
        })
    }

    /// What the history of a peer store comes to.
    pub(crate) fn carry_over(&self, peer: &Writer) -> Result<Option<Carryover>> {
        let Some(store) = peer.store() else { return Ok(None) };
        let Some(number) = store_number(self.conn(), store)? else { return Ok(None) };
        let mut carryover = Carryover {
            heads: self.heads(store, number)?,
            links: self.month_links(number)?,
            balances: self.own_balances(number)?,
            costs: self.costs(number)?,
            close: self.last_close(number)?,
            last_day: self.store(store)?.and_then(|held| held.last_date),
            requests: Vec::new(),
        };
        let Some(last_day) = carryover.last_day.filter(|_| !carryover.heads.is_empty()) else {
            return Ok(None);
        };
        let others = carryover.heads.len()
            + carryover.links.len()
            + carryover.balances.len()
            + carryover.costs.len();
        // Beyond all bounds: the store gets its history as it is, and sells after that.
        let Some(room) = MAX_ROWS.checked_sub(others + 2) else { return Ok(None) };
        carryover.requests =
            self.requests_since(number, last_day.plus_days(-REQUEST_DAYS), room)?;
        Ok(Some(carryover))
    }

    fn heads(&self, store: &StoreId, number: i64) -> Result<Vec<Head>> {
        let name = StoreRef { name: store, number };
        let head = |epoch| {
            let end = chain::end(self.conn(), name, epoch, false)?;
            Ok(Head { epoch, seq: end.seq, link: end.link })
        };
        self.epochs(number)?.into_iter().map(head).collect()
    }

    /// The links between facts of one epoch that follow each other and are of different months.
    fn month_links(&self, store: i64) -> Result<Vec<Head>> {
        let sql = "SELECT epoch, last, link FROM (SELECT epoch, last, link, date / 100 AS month, \
             lead(date / 100) OVER (PARTITION BY epoch ORDER BY first) AS next \
             FROM run JOIN change ON change.row = run.change JOIN doc ON doc.id = change.doc \
             WHERE run.store = ?1) WHERE month <> next";
        let rows = sql::all(self.conn(), "list the ends of months", sql, [store], |row| {
            let id = fact_id(row.get(0)?, row.get(1)?);
            Ok((id, ChainLink::from_bytes(row.get(2)?)))
        })?;
        let head = |(id, link): (Option<FactId>, _)| {
            id.map(|id| Head { epoch: id.epoch, seq: id.seq, link })
        };
        Ok(rows.into_iter().filter_map(head).collect())
    }

    fn own_balances(&self, store: i64) -> Result<Vec<CarriedBalance>> {
        let (first, last) = PlaceId::of_whole_store(store);
        let sql = "SELECT place, sku.name, lot.name, quantity, value FROM balance \
             JOIN sku ON sku.id = balance.sku LEFT JOIN lot ON lot.id = balance.lot \
             WHERE place BETWEEN ?1 AND ?2";
        let mut balances = Vec::new();
        for (place, sku, lot, raw_quantity, raw_value) in
            sql::all(self.conn(), "list a store's balances", sql, [first, last], |row| {
                let (sku, lot): (String, Option<String>) = (row.get(1)?, row.get(2)?);
                Ok((PlaceId(row.get(0)?), sku, lot, row.get(3)?, row.get(4)?))
            })?
        {
            let Some(PlaceMeaning::Store(_, account)) = place.meaning() else { continue };
            balances.push(CarriedBalance {
                account,
                sku: parse_sku(&sku)?,
                lot: lot.map(|lot| parse_lot(&lot)).transpose()?,
                quantity: quantity(raw_quantity)?,
                value: money(raw_value)?,
            });
        }
        Ok(balances)
    }

    fn costs(&self, store: i64) -> Result<Vec<CarriedCost>> {
        let sql = "SELECT sku.name, cost, epoch, seq FROM cost JOIN sku ON sku.id = cost.sku \
             WHERE store = ?1";
        let mut costs = Vec::new();
        for (sku, cost, fact) in
            sql::all(self.conn(), "list a store's costs", sql, [store], |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?, fact_id(row.get(2)?, row.get(3)?)))
            })?
        {
            let Some(fact) = fact else { continue };
            costs.push(CarriedCost { sku: parse_sku(&sku)?, cost: money(cost)?, fact });
        }
        Ok(costs)
    }

    fn last_close(&self, store: i64) -> Result<Option<CarriedClose>> {
        let sql = "SELECT date, epoch, seq, facts FROM day_close WHERE store = ?1 \
             ORDER BY date DESC, epoch DESC, seq DESC LIMIT 1";
        let found = sql::first(self.conn(), "find the last close", sql, [store], |row| {
            Ok((row.get(0)?, fact_id(row.get(1)?, row.get(2)?), row.get::<_, u64>(3)?))
        })?;
        let Some((date, Some(fact), facts)) = found else { return Ok(None) };
        Ok(Some(CarriedClose { date: dates::of_number(date)?, fact, facts }))
    }

    /// The requests that were answered from one day on, the newest first where there is no room for all. A
    /// hub keeps no index of them, so the facts are read.
    fn requests_since(
        &self,
        store: i64,
        since: BusinessDate,
        room: usize,
    ) -> Result<Vec<(RequestId, FactId)>> {
        let rows: Vec<i64> = sql::all(
            self.conn(),
            "list the changes of the last weeks",
            "SELECT change.row FROM doc JOIN change ON change.doc = doc.id \
             WHERE doc.store = ?1 AND doc.date >= ?2 ORDER BY change.row",
            params![store, dates::number(since)],
            |row| row.get(0),
        )?;
        let mut requests: BTreeMap<RequestId, FactId> = BTreeMap::new();
        for row in rows {
            for (id, text) in facts::of_change(self.conn(), &mut self.press(), row)? {
                let Some(request) = StoredFact::read(text)?.fact.request else { continue };
                // The first fact of a request is its answer, whatever comes later.
                requests.entry(request).and_modify(|first| *first = id.min(*first)).or_insert(id);
            }
        }
        let mut requests: Vec<_> = requests.into_iter().collect();
        requests.sort_by_key(|(_, id)| std::cmp::Reverse(*id));
        requests.truncate(room);
        Ok(requests)
    }
}
