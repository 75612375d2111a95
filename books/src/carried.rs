//! Own facts that count in the balances while their changes are not here (期初结转).
//!
//! Two kinds: *awaited* facts, of which a new machine was told the sum and which come from the hub behind
//! its new ones; and *dropped* facts, whose changes were given up once the hub had them. For both the
//! equation is the same: a balance is the facts held plus what is carried.

use std::collections::BTreeMap;
use std::fmt;

use ledger::id::FactId;
use ledger::time::BusinessDate;
use rusqlite::{Connection, params};

use crate::dates;
use crate::error::{BooksError, During, Result};
use crate::meta;
use crate::sql;

/// The change of a run whose change was dropped.
pub(crate) const DROPPED: i64 = 0;

/// Rows of facts that are not here, by their columns `epoch` and `seq`: no change can make them again.
pub(crate) const OF_CARRIED: &str = "(EXISTS (SELECT 1 FROM awaited WHERE awaited.epoch = t.epoch \
     AND t.seq BETWEEN awaited.first AND awaited.last) \
     OR EXISTS (SELECT 1 FROM run WHERE change = 0 AND run.epoch = t.epoch \
     AND t.seq BETWEEN run.first AND run.last))";

/// What is carried, by balance.
pub(crate) const BALANCES: &str =
    "SELECT place, sku, lot, sum(quantity), sum(value) FROM carried GROUP BY place, sku, lot";

/// Why a fact that the books know of is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHere {
    /// It is still to come from the hub.
    Awaited,
    /// Its day was dropped here.
    Dropped,
}

impl fmt::Display for NotHere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Awaited => "it is still to come from head office",
            Self::Dropped => "its day was dropped here, and head office has it",
        })
    }
}

/// Consecutive numbers of facts, both ends included.
pub(crate) type Numbers = (u64, u64);

/// The facts that are awaited, by epoch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Awaited(BTreeMap<u32, Vec<Numbers>>);

impl Awaited {
    pub(crate) fn read(conn: &Connection) -> Result<Self> {
        let mut awaited = Self::default();
        for (epoch, numbers) in sql::all(
            conn,
            "list the facts that are awaited",
            "SELECT epoch, first, last FROM awaited ORDER BY epoch, first",
            [],
            |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))),
        )? {
            awaited.0.entry(epoch).or_default().push(numbers);
        }
        Ok(awaited)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many facts.
    pub(crate) fn facts(&self) -> u64 {
        self.0.values().flatten().map(|(first, last)| last - first + 1).sum()
    }

    /// Whether this fact is awaited.
    pub(crate) fn has(&self, id: FactId) -> bool {
        let of_epoch = self.0.get(&id.epoch.number());
        of_epoch.into_iter().flatten().any(|(first, last)| (*first..=*last).contains(&id.seq))
    }

    /// Whether a fact is awaited that comes after this one.
    pub(crate) fn reaches_beyond(&self, id: FactId) -> bool {
        let beyond = |(epoch, of_epoch): (&u32, &Vec<Numbers>)| {
            of_epoch.iter().any(|(_, last)| (*epoch, *last) > (id.epoch.number(), id.seq))
        };
        self.0.iter().any(beyond)
    }

    /// The awaited facts among these.
    pub(crate) fn among(&self, epoch: u32, (first, last): Numbers) -> Vec<Numbers> {
        let of_epoch = self.0.get(&epoch).into_iter().flatten();
        let shared = of_epoch.map(|(from, to)| (*from.max(&first), *to.min(&last)));
        shared.filter(|(from, to)| from <= to).collect()
    }

    /// These have come.
    pub(crate) fn take(&mut self, conn: &Connection, epoch: u32, came: Numbers) -> Result<()> {
        let (first, last) = came;
        let Some(of_epoch) = self.0.get_mut(&epoch) else { return Ok(()) };
        let mut left = Vec::with_capacity(of_epoch.len() + 1);
        for (from, to) in std::mem::take(of_epoch) {
            if to < first || from > last {
                left.push((from, to));
                continue;
            }
            remove(conn, epoch, from)?;
            let before = (from < first).then(|| (from, first - 1));
            let after = (to > last).then(|| (last + 1, to));
            for numbers in before.into_iter().chain(after) {
                insert(conn, epoch, numbers)?;
                left.push(numbers);
            }
        }
        if left.is_empty() {
            self.0.remove(&epoch);
        } else {
            *of_epoch = left;
        }
        Ok(())
    }
}

/// Awaits facts.
pub(crate) fn insert(conn: &Connection, epoch: u32, (first, last): Numbers) -> Result<()> {
    let numbers = params![epoch, first.cast_signed(), last.cast_signed()];
    sql::run(conn, "await facts", "INSERT INTO awaited VALUES (?1, ?2, ?3)", numbers).map(drop)
}

fn remove(conn: &Connection, epoch: u32, first: u64) -> Result<()> {
    let numbers = params![epoch, first.cast_signed()];
    sql::run(conn, "take in facts", "DELETE FROM awaited WHERE epoch = ?1 AND first = ?2", numbers)
        .map(drop)
}

/// Puts what is carried into empty tables of a read model that is built anew in the same file.
pub(crate) fn seed(conn: &Connection, store: i64) -> Result<()> {
    let seed = || {
        conn.execute(&format!("INSERT INTO balance {BALANCES}"), [])?;
        conn.execute(
            "INSERT INTO cost (store, sku, cost, epoch, seq) \
             SELECT ?1, sku, cost, epoch, seq FROM carried_cost",
            [store],
        )
    };
    seed().during("put in what is carried").map(drop)
}

/// Of how many balances something is left although every fact has come.
pub(crate) fn left_over(conn: &Connection) -> Result<u64> {
    sql::one(
        conn,
        "look for what is left over",
        "SELECT count(*) FROM awaited_balance WHERE NOT EXISTS (SELECT 1 FROM awaited)",
        [],
        |row| row.get(0),
    )
}

/// The last day of facts that were still to come when a new machine began.
pub(crate) fn awaited_through(conn: &Connection) -> Result<Option<BusinessDate>> {
    day(conn, meta::AWAITED_THROUGH)
}

/// The last day whose book was dropped.
pub(crate) fn dropped_through(conn: &Connection) -> Result<Option<BusinessDate>> {
    day(conn, meta::DROPPED_THROUGH)
}

fn day(conn: &Connection, key: &'static str) -> Result<Option<BusinessDate>> {
    let text = meta::get(conn, key)?;
    let read = |text: String| text.parse().map_err(|e| BooksError::text("a date", &text, e));
    text.map(read).transpose()
}

/// An error for a fact or day that is not here.
pub(crate) fn not_here(subject: impl fmt::Display, why: NotHere) -> BooksError {
    BooksError::NotHere { subject: subject.to_string(), why }
}

/// Whether facts of a day may be missing here, and why.
pub(crate) fn day_is_not_here(conn: &Connection, date: BusinessDate) -> Result<Option<NotHere>> {
    if dropped_through(conn)?.is_some_and(|through| date <= through) && has_dropped(conn, date)? {
        return Ok(Some(NotHere::Dropped));
    }
    let awaited = awaited_through(conn)?.is_some_and(|through| date <= through)
        && !Awaited::read(conn)?.is_empty();
    Ok(awaited.then_some(NotHere::Awaited))
}

fn has_dropped(conn: &Connection, date: BusinessDate) -> Result<bool> {
    sql::one(
        conn,
        "look for a dropped book",
        "SELECT EXISTS (SELECT 1 FROM doc JOIN dropped_tail ON dropped_tail.doc = doc.id \
         WHERE doc.date = ?1)",
        [dates::number(date)],
        |row| row.get(0),
    )
}
