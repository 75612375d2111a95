//! Shifts: which is open at a till, and what was booked in it.

use ledger::fact::{Body, Fact};
use ledger::id::{FactId, Operator, StoreId, TillId};
use ledger::shift::Act;
use ledger::time::{BusinessDate, Timestamp};
use rusqlite::{Connection, Row, params};

use crate::carried::{DROPPED, NotHere, not_here};
use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::{self, StoredFact, fact_id, store_number};
use crate::sql;
use crate::{Reader, Tx};

/// A shift as its opening says, and what closed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftRow {
    /// The fact that opened it, which is its name.
    pub id: FactId,
    /// At which till.
    pub till: TillId,
    /// The day to which the opening is booked.
    pub date: BusinessDate,
    /// When it was opened.
    pub opened: Timestamp,
    /// Who did.
    pub operator: Option<Operator>,
    /// The fact that closed it; none while it is open.
    pub closed: Option<FactId>,
}

/// What a fact says of shifts.
pub(crate) struct Said {
    id: FactId,
    shift: FactId,
    till: Option<TillId>,
    date: BusinessDate,
    at: Timestamp,
    operator: Option<Operator>,
}

/// What a fact says of shifts, if it opens or closes one.
pub(crate) fn said(fact: &Fact) -> Option<Said> {
    let (shift, till) = match &fact.body {
        Body::Shift(Act::Opened { till, .. }) => (fact.id, Some(till.clone())),
        Body::Shift(Act::Closed { .. }) => (fact.shift?, None),
        _ => return None,
    };
    let Fact { id, date, at, .. } = *fact;
    Some(Said { id, shift, till, date, at, operator: fact.operator.clone() })
}

/// Notes what opened or closed a shift.
pub(crate) fn index(conn: &Connection, store: i64, said: &Said) -> Result<()> {
    sql::run(
        conn,
        "index a shift",
        "INSERT INTO shift_fact \
         (store, epoch, seq, shift_epoch, shift_seq, till, date, at, operator) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
        params![
            store,
            said.id.epoch.number(),
            said.id.seq.cast_signed(),
            said.shift.epoch.number(),
            said.shift.seq.cast_signed(),
            said.till.as_ref().map(TillId::as_str),
            dates::number(said.date),
            said.at.millis(),
            said.operator.as_ref().map(Operator::as_str)
        ],
    )
    .map(drop)
}

impl Tx<'_> {
    /// The shift that is open at a till: its newest, unless that was closed.
    pub fn open_shift(&mut self, till: &TillId) -> Result<Option<FactId>> {
        let (_, store) = self.my_store()?;
        let newest = sql::first(
            self.conn,
            "look up the shift of a till",
            "SELECT epoch, seq, EXISTS (SELECT 1 FROM shift_fact AS close \
             WHERE close.store = opening.store AND close.till IS NULL \
             AND close.shift_epoch = opening.epoch AND close.shift_seq = opening.seq) \
             FROM shift_fact AS opening WHERE store = ?1 AND till = ?2 \
             ORDER BY epoch DESC, seq DESC LIMIT 1",
            params![store, till.as_str()],
            |row| Ok((fact_id(row.get(0)?, row.get(1)?), row.get::<_, bool>(2)?)),
        )?;
        Ok(newest.and_then(|(id, is_closed)| id.filter(|_| !is_closed)))
    }

    /// The facts of the node's store from the one that opened a shift up to the one that closed it, or all later ones.
    /// While some of them are not here, nobody can tell what is in the drawer.
    pub fn facts_since(&mut self, shift: FactId, close: Option<FactId>) -> Result<Vec<Fact>> {
        let (_, store) = self.my_store()?;
        let away = |why| not_here(format!("what was booked since {shift}"), why);
        if self.state.awaited(self.conn)?.reaches_beyond(shift) {
            return Err(away(NotHere::Awaited));
        }
        let (last_epoch, last) =
            close.map_or((u32::MAX, i64::MAX), |id| (id.epoch.number(), id.seq.cast_signed()));
        let changes: Vec<i64> = sql::all(
            self.conn,
            "find the facts of a shift",
            "SELECT change FROM run WHERE store = ?1 AND (epoch, last) >= (?2, ?3) \
             AND (epoch, first) <= (?4, ?5) ORDER BY epoch, first",
            params![store, shift.epoch.number(), shift.seq.cast_signed(), last_epoch, last],
            |row| row.get(0),
        )?;
        let mut found = Vec::new();
        for change in changes {
            if change == DROPPED {
                return Err(away(NotHere::Dropped));
            }
            found.extend(facts::of_change(self.conn, self.press, change)?);
        }
        found.extend(facts::pending(self.conn)?);
        let within = |id: FactId| id >= shift && close.is_none_or(|close| id <= close);
        let later = found.into_iter().filter(|(id, _)| within(*id));
        later.map(|(_, text)| Ok(StoredFact::read(text)?.fact)).collect()
    }
}

impl Reader {
    /// The shifts of a store, the newest first.
    pub fn shifts(&self, store: &StoreId) -> Result<Vec<ShiftRow>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let rows = sql::all(
            self.conn(),
            "list shifts",
            "SELECT opening.epoch, opening.seq, opening.till, opening.date, opening.at, \
             opening.operator, close.epoch, close.seq FROM shift_fact AS opening \
             LEFT JOIN shift_fact AS close ON close.store = opening.store AND close.till IS NULL \
             AND close.shift_epoch = opening.epoch AND close.shift_seq = opening.seq \
             WHERE opening.store = ?1 AND opening.till IS NOT NULL \
             ORDER BY opening.epoch DESC, opening.seq DESC",
            [number],
            read,
        )?;
        rows.into_iter().collect()
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<ShiftRow>> {
    let (id, till, date) = (fact_id(row.get(0)?, row.get(1)?), row.get(2)?, row.get(3)?);
    let (opened, operator) = (Timestamp::from_millis(row.get(4)?), row.get(5)?);
    let closed = match (row.get::<_, Option<u32>>(6)?, row.get::<_, Option<i64>>(7)?) {
        (Some(epoch), Some(seq)) => fact_id(epoch, seq),
        _ => None,
    };
    Ok(parse((id, till, date, opened, operator, closed)))
}

type Columns = (Option<FactId>, String, i64, Timestamp, Option<String>, Option<FactId>);

fn parse((id, till, date, opened, operator, closed): Columns) -> Result<ShiftRow> {
    let bad = |text: &str, source| BooksError::text("a shift", text, source);
    let no_fact = || BooksError::damaged("the shifts".to_owned(), "one is named by no fact");
    Ok(ShiftRow {
        id: id.ok_or_else(no_fact)?,
        till: TillId::new(&till).map_err(|source| bad(&till, source))?,
        date: dates::of_number(date)?,
        opened,
        operator: operator
            .map(|name| Operator::new(&name).map_err(|source| bad(&name, source)))
            .transpose()?,
        closed,
    })
}
