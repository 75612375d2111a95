//! The stocktake that goes on at the node's store: what is to be counted and what was, until it is posted
//! as one fact or given up.
//!
//! Not replicated, and no part of the read model: a rebuild leaves it alone.

mod evidence;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use ledger::amount::Quantity;
use ledger::id::{Bin, Epoch, FactId, Operator, RequestId, Sku};
use ledger::stocktake::{CountLine, Item, Round, Sheet};
use ledger::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::{BooksError, Result};
use crate::sql;
use crate::{Reader, Tx};

/// The head of a stocktake that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenStocktake {
    /// The history in which it began. Books that go on in a later one were restored from a copy, and
    /// what was posted after that copy was made comes back from the hub.
    pub epoch: Epoch,
    /// What it is called; perhaps nothing.
    pub name: Box<str>,
    /// The client's name for the command that started it.
    pub request: Option<RequestId>,
    /// Who started it.
    pub operator: Option<Operator>,
    /// When.
    pub started: Timestamp,
    /// How much of a SKU may differ without being looked at again.
    pub tolerance: Quantity,
    /// Who has approved what it has found so far. Whatever is written to the sheet takes that back.
    pub approved: Option<Operator>,
    /// The one bin that is counted: what is there is compared with what the books say lies there, and not
    /// with all that is on hand.
    pub bin: Option<Bin>,
}

/// How large the sheet has grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetSize {
    /// Its SKUs.
    pub items: usize,
    /// Its lines.
    pub lines: usize,
}

impl Tx<'_> {
    /// The stocktake that goes on.
    pub fn stocktake(&mut self) -> Result<Option<OpenStocktake>> {
        head(self.conn)
    }

    /// What it has so far.
    pub fn stocktake_sheet(&mut self) -> Result<Option<Sheet>> {
        sheet(self.conn)
    }

    /// Starts a stocktake of these SKUs. Only one goes on at a time.
    pub fn start_stocktake(&mut self, head: &OpenStocktake, items: &BTreeSet<Sku>) -> Result<()> {
        sql::run(
            self.conn,
            "start a stocktake",
            "INSERT INTO stocktake (id, epoch, name, request, operator, started_at, tolerance, bin) \
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                head.epoch.number(),
                head.name,
                head.request.as_ref().map(RequestId::as_str),
                head.operator.as_ref().map(Operator::as_str),
                head.started.millis(),
                head.tolerance.thousandths(),
                head.bin.as_ref().map(Bin::as_str)
            ],
        )?;
        items.iter().try_for_each(|sku| self.set_stocktake_item(sku, &Item::default()))
    }

    /// What was decided about a SKU, if it is on the sheet.
    pub fn stocktake_item(&mut self, sku: &Sku) -> Result<Option<Item>> {
        let number = self.state.names.sku(self.conn, sku)?;
        let found = sql::first(
            self.conn,
            "look up an item of the stocktake",
            "SELECT round, reason FROM stocktake_item WHERE sku = ?1",
            [number],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        found.map(item).transpose()
    }

    /// Puts a SKU on the sheet, or decides anew about it.
    pub fn set_stocktake_item(&mut self, sku: &Sku, item: &Item) -> Result<()> {
        self.unapprove()?;
        let number = self.state.names.sku(self.conn, sku)?;
        let reason = item.reason.as_ref().map(ledger::id::ReasonCode::as_str);
        sql::run(
            self.conn,
            "write an item of the stocktake",
            "REPLACE INTO stocktake_item (sku, round, reason) VALUES (?1, ?2, ?3)",
            params![number, item.round.number(), reason],
        )
        .map(drop)
    }

    /// Puts down what was counted.
    pub fn add_count(
        &mut self,
        line: &CountLine,
        at: Timestamp,
        request: Option<&RequestId>,
    ) -> Result<()> {
        self.unapprove()?;
        let number = self.state.names.sku(self.conn, &line.sku)?;
        sql::run(
            self.conn,
            "write a line of the stocktake",
            "INSERT INTO stocktake_line \
             (sku, lot, bin, operator, quantity, round, anchor, book, at, request) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                number,
                line.lot.as_ref().map(ledger::id::Lot::as_str),
                line.bin.as_ref().map(Bin::as_str),
                line.counter.as_ref().map(Operator::as_str),
                line.quantity.thousandths(),
                line.round.number(),
                line.anchor.map(|id| id.to_string()),
                line.book.thousandths(),
                at.millis(),
                request.map(RequestId::as_str)
            ],
        )
        .map(drop)
    }

    /// What was counted under a client's name for its command.
    pub fn counted_by_request(&mut self, request: &RequestId) -> Result<Vec<CountLine>> {
        lines(self.conn, "request = ?1", params![request.as_str()])
    }

    /// What was counted of a SKU in any round.
    pub fn counted_of(&mut self, sku: &Sku) -> Result<Vec<CountLine>> {
        let number = self.state.names.sku(self.conn, sku)?;
        lines(self.conn, "stocktake_line.sku = ?1", params![number])
    }

    /// How large the sheet has grown.
    pub fn stocktake_size(&mut self) -> Result<SheetSize> {
        sql::one(
            self.conn,
            "measure the stocktake",
            // Lines go all at once, so that the last one's number says how many there are.
            "SELECT (SELECT count(*) FROM stocktake_item), \
             (SELECT coalesce(max(id), 0) FROM stocktake_line)",
            [],
            |row| Ok(SheetSize { items: row.get(0)?, lines: row.get(1)? }),
        )
    }

    /// Approves what the sheet says now.
    pub fn approve_stocktake(&mut self, by: &Operator) -> Result<()> {
        let approve = "UPDATE stocktake SET approved = ?1";
        sql::run(self.conn, "approve the stocktake", approve, [by.as_str()]).map(drop)
    }

    fn unapprove(&self) -> Result<()> {
        let take_back = "UPDATE stocktake SET approved = NULL WHERE approved IS NOT NULL";
        sql::run(self.conn, "take an approval back", take_back, []).map(drop)
    }

    /// Ends the stocktake. What was counted place by place is kept as evidence of the fact that it came to; if it
    /// came to none, nothing is.
    pub fn end_stocktake(&mut self, posted: Option<FactId>) -> Result<()> {
        if let Some(fact) = posted {
            evidence::keep(self.conn, fact)?;
        }
        for table in ["stocktake", "stocktake_item", "stocktake_line"] {
            sql::run(self.conn, "end the stocktake", &format!("DELETE FROM {table}"), [])?;
        }
        Ok(())
    }
}

impl Reader {
    /// The stocktake that goes on, and what it has so far.
    pub fn stocktake(&self) -> Result<Option<(OpenStocktake, Sheet)>> {
        Ok(head(self.conn())?.zip(sheet(self.conn())?))
    }
}

fn head(conn: &Connection) -> Result<Option<OpenStocktake>> {
    let found = sql::first(
        conn,
        "look up the stocktake",
        "SELECT name, request, operator, started_at, tolerance, epoch, approved, bin FROM stocktake",
        [],
        |row| {
            let (name, request, operator) = (row.get(0)?, text(row, 1)?, text(row, 2)?);
            let rest = (row.get(4)?, row.get(5)?, text(row, 6)?, text(row, 7)?);
            Ok((name, request, operator, row.get(3)?, rest))
        },
    )?;
    let Some((name, request, operator, started, rest)) = found else { return Ok(None) };
    let (tolerance, epoch, approved, bin) = rest;
    Ok(Some(OpenStocktake {
        epoch: Epoch::new(epoch).unwrap_or(Epoch::FIRST),
        name,
        request: parse("a request id", request)?,
        operator: parse("an operator", operator)?,
        started: Timestamp::from_millis(started),
        tolerance: quantity(tolerance)?,
        approved: parse("an operator", approved)?,
        bin: parse("a bin", bin)?,
    }))
}

fn sheet(conn: &Connection) -> Result<Option<Sheet>> {
    let Some(OpenStocktake { tolerance, .. }) = head(conn)? else { return Ok(None) };
    let rows = sql::all(
        conn,
        "read the items of the stocktake",
        "SELECT name, round, reason FROM stocktake_item JOIN sku ON sku.id = stocktake_item.sku",
        [],
        |row| Ok((row.get::<_, String>(0)?, (row.get(1)?, row.get(2)?))),
    )?;
    let mut items = BTreeMap::new();
    for (sku, decided) in rows {
        items.insert(one("a SKU", &sku)?, item(decided)?);
    }
    Ok(Some(Sheet { tolerance, items, lines: lines(conn, "1", [])? }))
}

fn lines(conn: &Connection, which: &str, params: impl rusqlite::Params) -> Result<Vec<CountLine>> {
    let query = format!(
        "SELECT name, lot, bin, operator, quantity, round, anchor, book \
         FROM stocktake_line JOIN sku ON sku.id = stocktake_line.sku \
         WHERE {which} ORDER BY stocktake_line.id"
    );
    let rows = sql::all(conn, "read the lines of the stocktake", &query, params, read_line)?;
    rows.into_iter().map(count_line).collect()
}

/// A line as it is read: SKU, lot, bin and counter; how much, in which round, after which fact, book.
type RawLine =
    ((String, Option<String>, Option<String>, Option<String>), (i64, u32, Option<String>, i64));

fn read_line(row: &Row<'_>) -> rusqlite::Result<RawLine> {
    let names = (row.get(0)?, text(row, 1)?, text(row, 2)?, text(row, 3)?);
    Ok((names, (row.get(4)?, row.get(5)?, text(row, 6)?, row.get(7)?)))
}

fn count_line(row: RawLine) -> Result<CountLine> {
    let ((sku, lot, bin, counter), (counted, round, anchor, book)) = row;
    Ok(CountLine {
        counter: parse("an operator", counter)?,
        bin: parse("a bin", bin)?,
        sku: one("a SKU", &sku)?,
        lot: parse("a lot", lot)?,
        quantity: quantity(counted)?,
        round: Round::new(round).unwrap_or(Round::FIRST),
        anchor: parse("a fact id", anchor)?,
        book: quantity(book)?,
    })
}

fn item((round, reason): (u32, Option<String>)) -> Result<Item> {
    let round = Round::new(round).unwrap_or(Round::FIRST);
    Ok(Item { round, reason: parse("a reason code", reason)? })
}

fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<String>> {
    row.get(at)
}

fn parse<T>(what: &'static str, text: Option<String>) -> Result<Option<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    text.map(|text| one(what, &text)).transpose()
}

fn one<T>(what: &'static str, text: &str) -> Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    text.parse().map_err(|source| BooksError::text(what, text, source))
}

fn quantity(raw: i64) -> Result<Quantity> {
    Quantity::from_thousandths(raw)
        .map_err(|_| BooksError::damaged("a line of the stocktake", "it is out of range"))
}
