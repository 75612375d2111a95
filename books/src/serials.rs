//! What facts say of single pieces.

use ledger::catalog::Tracking;
use ledger::fact::Fact;
use ledger::id::{Serial, Sku};
use ledger::serial::{self, Entry, Pass, Piece, Way};
use ledger::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::fact_id;
use crate::read::stock::parse_sku;
use crate::sql;
use crate::state::State;
use crate::tx::Tx;

impl Tx<'_> {
    /// What is kept of a product's stock, as the catalog says.
    pub fn tracking(&mut self, sku: &Sku) -> Result<Tracking> {
        let number = self.state.names.sku(self.conn, sku)?;
        let text: Option<String> = sql::first(
            self.conn,
            "read how a product is kept",
            "SELECT tracking FROM product WHERE sku = ?1",
            [number],
            |row| row.get(0),
        )?;
        let kept_by_serial = text.as_deref() == Some("serial");
        Ok(if kept_by_serial { Tracking::Serial } else { Tracking::Quantity })
    }

    /// The story of a piece, as far as these books know it, in its order.
    pub fn story(&mut self, piece: &Piece) -> Result<Vec<Entry>> {
        let number = self.state.names.sku(self.conn, &piece.sku)?;
        let stories = stories(self.conn, &piece.serial, Some(number))?;
        Ok(stories.into_iter().flat_map(|(_, story)| story).collect())
    }
}

/// What a fact says of a piece, with what the row keeps of the fact.
pub(crate) struct Said {
    pass: Pass,
    entry: Entry,
}

impl Said {
    pub(crate) fn all(fact: &Fact) -> impl Iterator<Item = Self> {
        let said = |pass: Pass| Self { entry: Entry::of(fact, &pass), pass };
        serial::passes(fact).into_iter().map(said)
    }
}

/// Notes what a fact says of a piece.
pub(crate) fn index(state: &mut State, conn: &Connection, store: i64, said: &Said) -> Result<()> {
    let Said { pass: Pass { piece, .. }, entry } = said;
    let sku = state.names.sku(conn, &piece.sku)?;
    let way = match entry.way {
        Way::In => 1,
        Way::Out => -1,
        Way::Beside => 0,
    };
    sql::run(
        conn,
        "note where a piece went",
        "INSERT INTO serial_entry (serial, sku, store, epoch, seq, way, account, kind, bill, date, at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
        params![
            piece.serial.as_str(),
            sku,
            store,
            entry.fact.epoch.number(),
            entry.fact.seq.cast_signed(),
            way,
            entry.account.as_ref().map(ToString::to_string),
            entry.kind,
            entry.bill.as_str(),
            dates::number(entry.date),
            entry.at.millis()
        ],
    )
    .map(drop)
}

/// The pieces that bear a number, each with its story in its order: of one product, or of all.
pub(crate) fn stories(
    conn: &Connection,
    serial: &Serial,
    sku: Option<i64>,
) -> Result<Vec<(Piece, Vec<Entry>)>> {
    let rows: Vec<Kept> = sql::all(
        conn,
        "read the story of a piece",
        "SELECT sku.name, store.name, epoch, seq, way, account, kind, bill, date, at \
         FROM serial_entry JOIN sku ON sku.id = serial_entry.sku \
         JOIN store ON store.id = serial_entry.store \
         WHERE serial = ?1 AND (?2 IS NULL OR serial_entry.sku = ?2) ORDER BY sku.name",
        params![serial.as_str(), sku],
        Kept::read,
    )?;
    let mut stories: Vec<(Piece, Vec<Entry>)> = Vec::new();
    for row in rows {
        let piece = Piece { sku: parse_sku(&row.sku)?, serial: serial.clone() };
        let entry = row.entry()?;
        match stories.last_mut().filter(|(last, _)| *last == piece) {
            Some((_, story)) => story.push(entry),
            None => stories.push((piece, vec![entry])),
        }
    }
    stories.iter_mut().for_each(|(_, story)| serial::sort(story));
    Ok(stories)
}

/// A row as it is kept.
struct Kept {
    sku: String,
    store: String,
    epoch: u32,
    seq: i64,
    way: i64,
    account: Option<String>,
    kind: String,
    bill: String,
    date: i64,
    at: i64,
}

impl Kept {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            sku: row.get(0)?,
            store: row.get(1)?,
            epoch: row.get(2)?,
            seq: row.get(3)?,
            way: row.get(4)?,
            account: row.get(5)?,
            kind: row.get(6)?,
            bill: row.get(7)?,
            date: row.get(8)?,
            at: row.get(9)?,
        })
    }

    fn entry(&self) -> Result<Entry> {
        let damaged = |what| move |source| BooksError::text(what, &self.bill, source);
        let unknown = || BooksError::damaged("the story of a piece", "a fact's name is none");
        Ok(Entry {
            store: self.store.parse().map_err(damaged("a store id"))?,
            fact: fact_id(self.epoch, self.seq).ok_or_else(unknown)?,
            at: Timestamp::from_millis(self.at),
            date: dates::of_number(self.date)?,
            bill: self.bill.parse().map_err(damaged("a bill number"))?,
            kind: self.kind.as_str().into(),
            way: match self.way {
                1.. => Way::In,
                0 => Way::Beside,
                _ => Way::Out,
            },
            account: self
                .account
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(damaged("an account"))?,
        })
    }
}

/// The numbers and products of pieces of which something cannot be, as their rows say at a glance.
pub(crate) fn doubtful(conn: &Connection) -> Result<Vec<(String, i64)>> {
    sql::all(
        conn,
        "look for pieces of which something cannot be",
        "SELECT serial, sku FROM serial_entry GROUP BY serial, sku, store \
           HAVING sum(way) NOT IN (0, 1) \
         UNION SELECT serial, sku FROM serial_entry GROUP BY serial, sku \
           HAVING sum(CASE WHEN account = 'customer' THEN -way ELSE 0 END) > 1 \
         UNION SELECT serial, sku FROM \
           (SELECT serial, sku FROM serial_entry GROUP BY serial, sku, store HAVING sum(way) > 0) \
           GROUP BY serial, sku HAVING count(*) > 1 ORDER BY 1, 2",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
