//! Alerts: which are open, and who has seen them.
//!
//! A commit only notes what it moved ([`Unjudged`]). Whoever follows the commits then *looks*: at the products
//! that were noted, or on another day and after a start at everything, because time alone makes goods dead and
//! lots expire. A look reads on a reader, so that no sale waits for it, and writes only what has changed. The
//! table of open alerts is no part of the read model: what is missing after a rebuild the next look
//! finds again.

pub(crate) mod judge;

use std::collections::BTreeMap;
use std::mem;

use ledger::alert::{Acknowledgement, AlertKind, Cause, Patience};
use ledger::fact::Fact;
use ledger::id::{FactId, Operator};
use ledger::time::{BusinessDate, Timestamp};
use rusqlite::{Connection, params};

use crate::books::Books;
use crate::dates;
use crate::error::Result;
use crate::sql;
use crate::state::{News, Noted, State, Unjudged};
use crate::tx::Tx;
use judge::Judge;

/// An alert by numbers: kind and lot, 0 for none.
type Key = (AlertKind, i64);

/// Alerts that are to be open, and since when.
type Found = BTreeMap<Key, Began>;

/// Since when something is wrong.
#[derive(Debug, Clone, Copy)]
struct Began {
    /// Since this day.
    since: BusinessDate,
    /// When the fact was recorded that brought it about, where somebody had seen the fault before and it was
    /// gone meanwhile; else 0.
    raised: i64,
}

/// What a look changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    /// Alerts that are new.
    pub raised: usize,
    /// Alerts that are over.
    pub ended: usize,
}

/// What a look goes over.
enum Scope {
    /// A store.
    Store(i64),
    /// A product at a store, and of which day its news is.
    Product((i64, i64), News),
}

impl Books {
    /// Brings the open alerts up to date: those of products that have moved since the last look, or all of
    /// them on another day. Must not be called from within a closure of [`Books::write`].
    pub fn look_for_alerts(&self, today: BusinessDate, patience: Patience) -> Result<Looked> {
        let _alone = self.look_alone();
        let looked = self.write(move |tx| Ok(tx.take_unjudged(today))).and_then(|work| {
            let mut looked = Looked::default();
            for scope in self.scopes(work)? {
                let one = self.look(&scope, today, patience)?;
                looked.raised += one.raised;
                looked.ended += one.ended;
            }
            Ok(looked)
        });
        if looked.is_err() {
            // What this look has not done the next one does.
            self.write(|tx| {
                tx.state.unjudged = Unjudged::Everything;
                Ok::<_, crate::BooksError>(())
            })?;
        }
        looked
    }

    fn scopes(&self, work: Unjudged) -> Result<Vec<Scope>> {
        let stores = || self.reader()?.store_numbers();
        let Noted { mut moved, products } = match work {
            Unjudged::Everything => return Ok(stores()?.into_iter().map(Scope::Store).collect()),
            Unjudged::Noted(noted) => noted,
        };
        if !products.is_empty() {
            for store in stores()? {
                for sku in &products {
                    moved.entry((store, *sku)).or_insert(News::Fresh);
                }
            }
        }
        let mut moved: Vec<_> = moved.into_iter().collect();
        moved.sort_unstable();
        let scope = |(product, news)| Scope::Product(product, news);
        Ok(moved.into_iter().map(scope).collect())
    }

    fn look(&self, scope: &Scope, today: BusinessDate, patience: Patience) -> Result<Looked> {
        let changes = {
            let reader = self.reader()?;
            let judge = Judge::new(&reader, today, patience);
            match scope {
                Scope::Store(store) => judge.store(*store)?,
                Scope::Product((store, sku), news) => judge.product(*store, *sku, *news)?,
            }
        };
        let looked = Looked { raised: changes.raised.len(), ended: changes.ended.len() };
        if looked != Looked::default() || !changes.renewed.is_empty() {
            self.write(move |tx| tx.change_alerts(&changes))?;
        }
        Ok(looked)
    }
}

/// What a look found to be otherwise than the table has it.
#[derive(Debug, Default)]
struct Changes {
    raised: Vec<Row>,
    /// Alerts that were gone and have come back since the last look.
    renewed: Vec<Row>,
    ended: Vec<(i64, i64, Key)>,
}

/// A row of an open alert.
#[derive(Debug)]
struct Row {
    store: i64,
    sku: i64,
    key: Key,
    began: Began,
}

impl Tx<'_> {
    /// Whether an alert is open at the node's store, as the last look found.
    pub fn has_alert(&mut self, cause: &Cause) -> Result<bool> {
        let (_, store) = self.my_store()?;
        let sku = self.state.names.sku(self.conn, &cause.sku)?;
        let lot = self.state.names.lot(self.conn, cause.lot.as_ref())?;
        sql::one(
            self.conn,
            "look up an alert",
            "SELECT EXISTS (SELECT 1 FROM alert \
             WHERE store = ?1 AND sku = ?2 AND kind = ?3 AND lot = ?4)",
            params![store, sku, cause.kind.name(), lot],
            |row| row.get(0),
        )
    }

    /// What is to be looked at; from now on it is noted for the next look.
    fn take_unjudged(&mut self, today: BusinessDate) -> Unjudged {
        let noted = Unjudged::Noted(Noted::default());
        let work = mem::replace(&mut self.state.unjudged, noted);
        let another_day = self.state.judged_on.replace(today) != Some(today);
        if another_day { Unjudged::Everything } else { work }
    }

    fn change_alerts(&mut self, changes: &Changes) -> Result<()> {
        for (store, sku, (kind, lot)) in &changes.ended {
            sql::run(
                self.conn,
                "end an alert",
                "DELETE FROM alert WHERE store = ?1 AND sku = ?2 AND kind = ?3 AND lot = ?4",
                params![store, sku, kind.name(), lot],
            )?;
        }
        for Row { store, sku, key: (kind, lot), began } in &changes.renewed {
            sql::run(
                self.conn,
                "renew an alert",
                "UPDATE alert SET raised = ?5 \
                 WHERE store = ?1 AND sku = ?2 AND kind = ?3 AND lot = ?4",
                params![store, sku, kind.name(), lot, began.raised],
            )?;
        }
        for Row { store, sku, key: (kind, lot), began } in &changes.raised {
            sql::run(
                self.conn,
                "raise an alert",
                "INSERT INTO alert (store, sku, kind, lot, since, raised) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                params![store, sku, kind.name(), lot, dates::number(began.since), began.raised],
            )?;
        }
        Ok(())
    }
}

/// Who has seen an alert, by which fact.
#[derive(Debug, Clone)]
pub(crate) struct SeenBy {
    id: FactId,
    date: BusinessDate,
    at: Timestamp,
    operator: Option<Operator>,
}

impl SeenBy {
    pub(crate) fn of(fact: &Fact) -> Self {
        let Fact { id, at, operator, .. } = fact;
        Self { id: *id, date: fact.happened_on(), at: *at, operator: operator.clone() }
    }
}

/// Notes that an alert was seen. Of several facts the newest counts, in whatever order they come.
pub(crate) fn index(
    state: &mut State,
    conn: &Connection,
    store: i64,
    seen: &Acknowledgement,
    by: &SeenBy,
) -> Result<()> {
    let sku = state.names.sku(conn, &seen.cause.sku)?;
    let lot = state.names.lot(conn, seen.cause.lot.as_ref())?;
    sql::run(
        conn,
        "note that an alert was seen",
        "INSERT INTO alert_ack \
         (store, sku, kind, lot, date, at, operator, until, remark, epoch, seq) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT DO UPDATE SET date = excluded.date, at = excluded.at, \
         operator = excluded.operator, until = excluded.until, remark = excluded.remark, \
         epoch = excluded.epoch, seq = excluded.seq \
         WHERE (excluded.epoch, excluded.seq) > (epoch, seq)",
        params![
            store,
            sku,
            seen.cause.kind.name(),
            lot,
            dates::number(by.date),
            by.at.millis(),
            by.operator.as_ref().map(Operator::as_str),
            seen.until.map(dates::number),
            seen.remark,
            by.id.epoch.number(),
            by.id.seq.cast_signed()
        ],
    )
    .map(drop)
}
