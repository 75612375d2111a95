//! Finding facts: the text of a sealed fact is in its change and nowhere else.

use ledger::fact::Fact;
use ledger::id::{BillNo, DeliveryNote, Epoch, FactId, RequestId, StoreId, SupplierId};
use ledger::json;
use ledger::time::BusinessDate;
use rusqlite::{Connection, params};
use sync_proto::{DocId, day_book};

use crate::at_rest::Press;
use crate::carried::{Awaited, DROPPED, NotHere, day_is_not_here, not_here};
use crate::dates;
use crate::error::{BooksError, During, Result};
use crate::sql;

/// A fact as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFact {
    /// The fact.
    pub fact: Fact,
    /// The text it was read from, which is what is hashed and sent.
    pub text: String,
}

/// A fact that corrects another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactLink {
    /// The correcting fact.
    pub id: FactId,
    /// How it corrects.
    pub kind: LinkKind,
}

/// How one fact corrects another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Goods of it came back.
    Return,
    /// It was undone.
    Reversal,
}

impl LinkKind {
    /// Its name where it is stored.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Reversal => "reversal",
        }
    }
}

impl StoredFact {
    pub(crate) fn read(text: String) -> Result<Self> {
        match json::from_text(&text) {
            Ok(fact) => Ok(Self { fact, text }),
            Err(source) => Err(BooksError::text("a fact", &text, source)),
        }
    }
}

/// A store by name and number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoreRef<'a> {
    pub(crate) name: &'a StoreId,
    pub(crate) number: i64,
}

/// The number of a store that has been seen.
pub(crate) fn store_number(conn: &Connection, store: &StoreId) -> Result<Option<i64>> {
    sql::first(
        conn,
        "look up a store",
        "SELECT id FROM store WHERE name = ?1",
        [store.as_str()],
        |row| row.get(0),
    )
}

/// The name of a store.
pub(crate) fn store_name(conn: &Connection, number: i64) -> Result<StoreId> {
    let name = sql::one(
        conn,
        "look up a store",
        "SELECT name FROM store WHERE id = ?1",
        [number],
        |row| row.get::<_, String>(0),
    )?;
    StoreId::new(&name).map_err(|source| BooksError::text("a store id", &name, source))
}

/// The document of a row.
pub(crate) fn doc_id(conn: &Connection, doc: i64) -> Result<DocId> {
    let name =
        sql::one(conn, "look up a document", "SELECT name FROM doc WHERE id = ?1", [doc], |row| {
            row.get::<_, String>(0)
        })?;
    name.parse().map_err(|source| BooksError::text("a document id", &name, source))
}

/// The node's own facts that are in no change yet, in order.
pub(crate) fn pending(conn: &Connection) -> Result<Vec<(FactId, String)>> {
    sql::all(
        conn,
        "read the pending facts",
        "SELECT epoch, seq, text FROM pending_fact ORDER BY seq",
        [],
        |row| {
            let (epoch, seq): (u32, i64) = (row.get(0)?, row.get(1)?);
            let epoch = Epoch::new(epoch).unwrap_or(Epoch::FIRST);
            Ok((FactId { epoch, seq: seq.cast_unsigned() }, row.get(2)?))
        },
    )
}

/// The fact that answers a client's request.
pub(crate) fn request(conn: &Connection, request: &RequestId) -> Result<Option<FactId>> {
    sql::first(
        conn,
        "look up a request",
        "SELECT epoch, seq FROM request WHERE id = ?1",
        [request.as_str()],
        |row| {
            let (epoch, seq): (u32, i64) = (row.get(0)?, row.get(1)?);
            Ok(fact_id(epoch, seq))
        },
    )
    .map(Option::flatten)
}

/// The fact by which the node's own store took a delivery in.
pub(crate) fn delivery(
    conn: &Connection,
    supplier: &SupplierId,
    note: &DeliveryNote,
) -> Result<Option<FactId>> {
    sql::first(
        conn,
        "look up a delivery",
        "SELECT epoch, seq FROM delivery WHERE supplier = ?1 AND note = ?2",
        [supplier.as_str(), note.as_str()],
        |row| {
            let (epoch, seq): (u32, i64) = (row.get(0)?, row.get(1)?);
            Ok(fact_id(epoch, seq))
        },
    )
    .map(Option::flatten)
}

/// What corrects a fact.
pub(crate) fn corrections(conn: &Connection, store: i64, of: FactId) -> Result<Vec<FactLink>> {
    let read = || -> rusqlite::Result<_> {
        conn.prepare_cached(
            "SELECT epoch, seq, kind FROM fact_link \
             WHERE store = ?1 AND source_epoch = ?2 AND source_seq = ?3 ORDER BY epoch, seq",
        )?
        .query_map(params![store, of.epoch.number(), of.seq.cast_signed()], |row| {
            let kind: String = row.get(2)?;
            let kind =
                if kind == LinkKind::Return.name() { LinkKind::Return } else { LinkKind::Reversal };
            Ok(fact_id(row.get(0)?, row.get(1)?).map(|id| FactLink { id, kind }))
        })?
        .filter_map(Result::transpose)
        .collect()
    };
    read().during("look up corrections")
}

/// One fact of a store.
pub(crate) fn find(
    conn: &Connection,
    press: &mut Press,
    store: i64,
    mine: bool,
    id: FactId,
) -> Result<Option<StoredFact>> {
    let key = params![store, id.epoch.number(), id.seq.cast_signed()];

    let run = sql::first(
        conn,
        "find a fact",
        "SELECT change, last FROM run WHERE store = ?1 AND epoch = ?2 AND first <= ?3 \
         ORDER BY first DESC LIMIT 1",
        key,
        |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)),
    )?;
    let facts = match run {
        Some((DROPPED, last)) if last >= id.seq.cast_signed() => {
            return Err(not_here(format!("fact {id}"), NotHere::Dropped));
        }
        Some((row, last)) if last >= id.seq.cast_signed() => {
            let mut text = None;
            each_of_change(conn, press, row, |found, read| {
                if found == id {
                    text = Some(read.to_owned());
                }
                Ok(())
            })?;
            return text.map(StoredFact::read).transpose();
        }
        _ if mine && Awaited::read(conn)?.has(id) => {
            return Err(not_here(format!("fact {id}"), NotHere::Awaited));
        }
        _ if mine => pending(conn)?,
        _ => Vec::new(),
    };
    let found = facts.into_iter().find(|(found, _)| *found == id);
    found.map(|(_, text)| StoredFact::read(text)).transpose()
}

/// A fact by its number on paper, which names the store and the day.
pub(crate) fn find_by_bill(
    conn: &Connection,
    press: &mut Press,
    mine: Option<i64>,
    bill: &BillNo,
) -> Result<Option<StoredFact>> {
    let Some((store, date)) = bill_parts(bill) else { return Ok(None) };
    let Some(store) = store_number(conn, &store)? else { return Ok(None) };
    for text in texts_of_day(conn, press, store, mine == Some(store), date)? {
        if text.contains(bill.as_str()) {
            let found = StoredFact::read(text)?;
            if found.fact.bill == *bill {
                return Ok(Some(found));
            }
        }
    }
    let why = if mine == Some(store) { day_is_not_here(conn, date)? } else { None };
    why.map_or(Ok(None), |why| Err(not_here(format!("bill {bill}"), why)))
}

/// As [`find`], but a fact that the books know of and do not hold is nothing.
pub(crate) fn find_here(
    conn: &Connection,
    press: &mut Press,
    store: i64,
    mine: bool,
    id: FactId,
) -> Result<Option<StoredFact>> {
    match find(conn, press, store, mine, id) {
        Err(BooksError::NotHere { .. }) => Ok(None),
        found => found,
    }
}

/// The texts of the facts that a store booked to a day, in the order in which they were learned.
pub(crate) fn texts_of_day(
    conn: &Connection,
    press: &mut Press,
    store: i64,
    mine: bool,
    date: BusinessDate,
) -> Result<Vec<String>> {
    let date = dates::number(date);

    let mut texts = Vec::new();
    for row in sql::all(
        conn,
        "find the changes of a day",
        "SELECT change.row FROM doc JOIN change ON change.doc = doc.id \
         WHERE doc.store = ?1 AND doc.date = ?2 ORDER BY change.row",
        [store, date],
        |row| row.get(0),
    )? {
        each_of_change(conn, press, row, |_, text| {
            texts.push(text.to_owned());
            Ok(())
        })?;
    }
    if mine {
        texts.extend(sql::all(
            conn,
            "read the pending facts",
            "SELECT text FROM pending_fact WHERE date = ?1 ORDER BY seq",
            [date],
            |row| row.get(0),
        )?);
    }
    Ok(texts)
}

/// The facts in the change of a row.
pub(crate) fn of_change(
    conn: &Connection,
    press: &mut Press,
    row: i64,
) -> Result<Vec<(FactId, String)>> {
    let mut facts = Vec::new();
    each_of_change(conn, press, row, |id, text| {
        facts.push((id, text.to_owned()));
        Ok(())
    })?;
    Ok(facts)
}

/// As [`of_change`], without copying the facts' texts.
pub(crate) fn each_of_change(
    conn: &Connection,
    press: &mut Press,
    row: i64,
    mut each: impl FnMut(FactId, &str) -> Result<()>,
) -> Result<()> {
    let change = press.change(conn, row)?;
    let change =
        change.ok_or_else(|| BooksError::damaged(format!("change row {row}"), "it is missing"))?;
    let doc = doc_id(conn, change.doc)?;
    let facts = day_book::texts(&doc, &change.bytes)
        .map_err(|source| BooksError::document("read the facts of", doc.to_string(), source))?;
    facts.iter().try_for_each(|(id, text)| each(*id, text))
}

/// `S-012-A-20261122-00042` is of store `S-012` and 2026-11-22.
fn bill_parts(bill: &BillNo) -> Option<(StoreId, BusinessDate)> {
    let mut parts = bill.as_str().rsplitn(4, '-');
    let (_count, day, _series, store) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let date = dates::of_number(day.parse().ok()?).ok()?;
    Some((StoreId::new(store).ok()?, date))
}

/// A fact's name from its columns.
pub(crate) fn fact_id(epoch: u32, seq: i64) -> Option<FactId> {
    Some(FactId { epoch: Epoch::new(epoch)?, seq: seq.cast_unsigned() })
}
