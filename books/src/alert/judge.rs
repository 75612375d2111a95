//! What is wrong at a store, read from the books and judged by the ledger's rules.

use std::collections::{BTreeMap, BTreeSet};

use ledger::alert::{AlertKind, DayFlow, Limits, Patience, idle_since, wrong_since};
use ledger::amount::Quantity;
use ledger::bounds::Bounds;
use ledger::fact::Fact;
use ledger::id::Sku;
use ledger::movement::{Account, Movement};
use ledger::time::BusinessDate;
use rusqlite::{Connection, params};

use super::{Began, Changes, Found, Key, Row};
use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::{StoredFact, fact_id, store_name};
use crate::read::stock::parse_sku;
use crate::read::{HistoryFilter, Page, Reader, lots};
use crate::sql;
use crate::state::{News, PlaceId};

/// What is on hand of products at a store, with their limits; a product that was withdrawn has none.
const SHELF: &str = "SELECT balance.sku, sum(quantity), \
       max(min_stock), max(max_stock), coalesce(max(status), '') = 'withdrawn' \
     FROM balance LEFT JOIN product ON product.sku = balance.sku \
     WHERE place = ?1 AND (?2 IS NULL OR balance.sku = ?2) GROUP BY balance.sku";

/// The days of a whole store, newest first: what they did to what is on hand, and what customers took.
const DAYS: &str = "SELECT date, sku, sum(net), sum(sold) FROM ( \
       SELECT date, sku, quantity_in - quantity_out AS net, 0 AS sold FROM day_balance \
         WHERE place = ?1 AND date > ?3 \
       UNION ALL SELECT date, sku, 0, quantity_in FROM day_balance WHERE place = ?2 AND date > ?3) \
     GROUP BY date, sku ORDER BY date DESC";

/// The same of one product. The key of a day's rows begins with the day, so each day is looked up by itself.
const DAYS_OF_ONE: &str = "SELECT days.date, ?4, \
       coalesce((SELECT quantity_in - quantity_out FROM day_balance AS held \
         WHERE held.place = ?1 AND held.date = days.date AND held.sku = ?4), 0), \
       coalesce((SELECT quantity_in FROM day_balance AS sold \
         WHERE sold.place = ?2 AND sold.date = days.date AND sold.sku = ?4), 0) \
     FROM (SELECT DISTINCT date FROM day WHERE store = ?5 AND date > ?3) AS days \
     ORDER BY days.date DESC";

/// How many facts are looked through at once.
const FACTS_AT_ONCE: usize = 256;

/// The alerts of a product that are open, and when each came back.
type Open = BTreeMap<Key, i64>;

/// A view of the books, and the rules.
pub(super) struct Judge<'c> {
    reader: &'c Reader,
    conn: &'c Connection,
    today: BusinessDate,
    patience: Patience,
    /// Days before this one are not looked at.
    horizon: BusinessDate,
}

/// A product on a shelf.
struct Shelved {
    sku: i64,
    on_hand: i64,
    limits: Limits,
}

impl<'c> Judge<'c> {
    pub(super) fn new(reader: &'c Reader, today: BusinessDate, patience: Patience) -> Self {
        let horizon = patience.looks_back_to(today);
        Self { reader, conn: reader.conn(), today, patience, horizon }
    }

    /// What has changed at a store.
    pub(super) fn store(&self, store: i64) -> Result<Changes> {
        let shelf = self.shelf(store, None)?;
        let open = self.open(store, None)?;
        let days = self.days(store, None)?;
        let mut lots = self.lots(store, None)?;
        let mut changes = Changes::default();
        // A product that an alert is about and of which no balance is left is on no shelf.
        let known: BTreeSet<i64> = shelf.iter().map(|product| product.sku).collect();
        let gone = open.keys().filter(|sku| !known.contains(sku));
        let mut found: BTreeMap<i64, Found> = gone.map(|sku| (*sku, Found::new())).collect();
        for product in &shelf {
            let days = days.get(&product.sku).map(Vec::as_slice).unwrap_or_default();
            let mut wrong = lots.remove(&product.sku).unwrap_or_default();
            wrong.extend(self.level(store, product, days)?);
            wrong.extend(self.idle(product, days));
            found.insert(product.sku, wrong);
        }
        for (sku, found) in found {
            changes.compare((store, sku), open.get(&sku), &found);
        }
        Ok(changes)
    }

    /// What has changed with a product at a store.
    pub(super) fn product(&self, store: i64, sku: i64, news: News) -> Result<Changes> {
        let mut changes = Changes::default();
        let open = self.open(store, Some(sku))?.remove(&sku);
        let Some(product) = self.shelf(store, Some(sku))?.pop() else {
            changes.compare((store, sku), open.as_ref(), &Found::new());
            return Ok(changes);
        };
        let mut found = self.lots(store, Some(sku))?.remove(&sku).unwrap_or_default();
        let is_idle = |kind: AlertKind| matches!(kind, AlertKind::Slow | AlertKind::Dead);
        let was_idle = open.iter().flatten().any(|((kind, _), _)| is_idle(*kind));
        let may_be_idle = was_idle || news == News::Old;
        // Most of what moves is neither idle nor out of its limits: no day is read for it.
        if may_be_idle || product.level()?.is_some() {
            let days = self.days(store, Some(sku))?.remove(&sku).unwrap_or_default();
            found.extend(self.level(store, &product, &days)?);
            if may_be_idle {
                found.extend(self.idle(&product, &days));
            }
        }
        changes.compare((store, sku), open.as_ref(), &found);
        Ok(changes)
    }

    fn level(
        &self,
        store: i64,
        product: &Shelved,
        days: &[DayFlow],
    ) -> Result<Option<(Key, Began)>> {
        let Some(kind) = product.level()? else { return Ok(None) };
        let is_wrong = |held: i64| {
            Quantity::from_thousandths(held)
                .is_ok_and(|held| product.limits.judge(held) == Some(kind))
        };
        let evenings = days.iter().map(|day| (day.date, day.net));
        let since = wrong_since(product.on_hand, evenings, self.horizon, is_wrong);
        let raised = self.came_back(store, product, kind)?.unwrap_or_default();
        Ok(Some(((kind, 0), Began { since, raised })))
    }

    /// When a fault came back that somebody had seen, if it was gone since: the facts after that word are undone one
    /// by one until one is found that brought it about. So a hub that hears of a day at once knows what the store
    /// knew, whenever either of them looked.
    fn came_back(&self, store: i64, product: &Shelved, kind: AlertKind) -> Result<Option<i64>> {
        let seen = sql::first(
            self.conn,
            "look up who has seen an alert",
            "SELECT epoch, seq, at, sku.name FROM alert_ack JOIN sku ON sku.id = alert_ack.sku \
             WHERE store = ?1 AND alert_ack.sku = ?2 AND kind = ?3 AND lot = 0",
            params![store, product.sku, kind.name()],
            |row| Ok((fact_id(row.get(0)?, row.get(1)?), row.get::<_, i64>(2)?, row.get(3)?)),
        )?;
        let Some((seen, at, sku)) = seen else { return Ok(None) };
        let sku: String = sku;
        let (name, sku) = (store_name(self.conn, store)?, parse_sku(&sku)?);
        let (mut held, mut before) = (product.on_hand, None);
        loop {
            let page = Page { before, limit: FACTS_AT_ONCE };
            let facts = self.reader.history(&name, &HistoryFilter::default(), page)?;
            for StoredFact { fact, .. } in &facts {
                if Some(fact.id) <= seen {
                    return Ok(None);
                }
                held -= on_hand_change(fact, &sku);
                if product.limits.judge(quantity(held)?) != Some(kind) {
                    // A clock may have been set back; what came later is later all the same.
                    return Ok(Some(fact.at.millis().max(at + 1)));
                }
            }
            if facts.len() < FACTS_AT_ONCE {
                return Ok(None);
            }
            before = facts.last().map(|stored| stored.fact.id);
        }
    }

    fn idle(&self, product: &Shelved, days: &[DayFlow]) -> Option<(Key, Began)> {
        let since = idle_since(product.on_hand, days.iter().copied(), self.horizon)?;
        let kind = self.patience.judge_idle(since, self.today)?;
        Some(((kind, 0), Began { since, raised: 0 }))
    }

    /// What is wrong with lots, by product.
    fn lots(&self, store: i64, only: Option<i64>) -> Result<BTreeMap<i64, Found>> {
        let mut found: BTreeMap<i64, Found> = BTreeMap::new();
        for (sku, _, lots) in lots::of_store(self.conn, store, only)? {
            for left in lots {
                let Some((lot, expiry)) = left.lot.zip(left.expiry) else { continue };
                let Some(kind) = self.patience.judge_expiry(expiry, self.today) else { continue };
                let since = match kind {
                    AlertKind::Expired => expiry.plus_days(1),
                    _ => expiry.plus_days(-i32::from(self.patience.expiring_days)),
                };
                let lot = sql::one(
                    self.conn,
                    "look up a lot",
                    "SELECT id FROM lot WHERE name = ?1",
                    [lot.as_str()],
                    |row| row.get(0),
                )?;
                found.entry(sku).or_default().insert((kind, lot), Began { since, raised: 0 });
            }
        }
        Ok(found)
    }

    fn shelf(&self, store: i64, only: Option<i64>) -> Result<Vec<Shelved>> {
        let rows = sql::all(
            self.conn,
            "read a shelf",
            SHELF,
            params![PlaceId::on_hand(store).0, only],
            |row| Ok((row.get(0)?, row.get(1)?, (row.get(2)?, row.get(3)?), row.get(4)?)),
        )?;
        let set = self.reader.store_bounds(&store_name(self.conn, store)?, only)?;
        let shelved = |(sku, on_hand, own, withdrawn): (i64, i64, Own, bool)| {
            let limits = match withdrawn {
                true => Limits::default(),
                false => limits_of(set.of(sku, own_bounds(own)?, self.today)),
            };
            Ok(Shelved { sku, on_hand, limits })
        };
        rows.into_iter().map(shelved).collect()
    }

    fn days(&self, store: i64, only: Option<i64>) -> Result<BTreeMap<i64, Vec<DayFlow>>> {
        let (held, sold) = (PlaceId::on_hand(store).0, PlaceId::customer(store).0);
        let since = dates::number(self.horizon);
        let read = |row: &rusqlite::Row<'_>| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?))
        };
        let what = "read the days of a shelf";
        let rows = match only {
            Some(sku) => {
                let params = params![held, sold, since, sku, store];
                sql::all(self.conn, what, DAYS_OF_ONE, params, read)?
            }
            None => sql::all(self.conn, what, DAYS, params![held, sold, since], read)?,
        };
        let mut days: BTreeMap<i64, Vec<DayFlow>> = BTreeMap::new();
        // Days on which nothing happened to a product tell nothing.
        for (date, sku, net, sold) in rows.into_iter().filter(|row| (row.2, row.3) != (0, 0)) {
            let day = DayFlow { date: dates::of_number(date)?, net, sold };
            days.entry(sku).or_default().push(day);
        }
        Ok(days)
    }

    /// The alerts that are open, by product.
    fn open(&self, store: i64, only: Option<i64>) -> Result<BTreeMap<i64, Open>> {
        let rows = sql::all(
            self.conn,
            "read the open alerts",
            "SELECT sku, kind, lot, raised FROM alert WHERE store = ?1 AND (?2 IS NULL OR sku = ?2)",
            params![store, only],
            |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?)),
        )?;
        let mut open: BTreeMap<i64, Open> = BTreeMap::new();
        for (sku, kind, lot, raised) in rows {
            let kind =
                kind.parse().map_err(|source| BooksError::text("an alert", &kind, source))?;
            open.entry(sku).or_default().insert((kind, lot), raised);
        }
        Ok(open)
    }
}

impl Shelved {
    fn level(&self) -> Result<Option<AlertKind>> {
        Ok(self.limits.judge(quantity(self.on_hand)?))
    }
}

impl Changes {
    /// Adds how what was found differs from what is open.
    fn compare(&mut self, (store, sku): (i64, i64), open: Option<&Open>, found: &Found) {
        let over = open.into_iter().flat_map(BTreeMap::keys);
        let over = over.filter(|key| !found.contains_key(key));
        self.ended.extend(over.map(|key| (store, sku, *key)));
        for (key, began) in found {
            let row = Row { store, sku, key: *key, began: *began };
            match open.and_then(|open| open.get(key)) {
                None => self.raised.push(row),
                Some(raised) if *raised < began.raised => self.renewed.push(row),
                Some(_) => {}
            }
        }
    }
}

/// What a fact changed of what is on hand, over all lots.
fn on_hand_change(fact: &Fact, sku: &Sku) -> i64 {
    let legs = fact.movements.iter().filter(|movement| movement.sku == *sku);
    let legs = legs.flat_map(Movement::legs);
    let here = legs.filter(|(account, ..)| **account == Account::OnHand);
    here.map(|(_, quantity, _)| quantity.thousandths()).sum()
}

/// What the catalog says of a product's bounds, in thousandths.
pub(crate) type Own = (Option<i64>, Option<i64>);

/// The same as amounts.
pub(crate) fn own_bounds((min, max): Own) -> Result<Bounds> {
    Ok(Bounds { min: min.map(quantity).transpose()?, max: max.map(quantity).transpose()? })
}

/// What a store is to have of a product, as an alert judges it.
pub(crate) fn limits_of(Bounds { min, max }: Bounds) -> Limits {
    Limits { min, max }
}

/// What is on hand; sums are kept in range.
fn quantity(raw: i64) -> Result<Quantity> {
    Quantity::from_thousandths(raw)
        .map_err(|_| BooksError::damaged("a stock", format!("it is {raw} thousandths")))
}
