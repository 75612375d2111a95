//! Sorting what was booked before the books told why goods came and went.

use ledger::report::{Flow, Part, flows};
use rusqlite::{Connection, params};

use super::Tx;
use crate::error::{BooksError, Result};
use crate::facts::{self, StoredFact};
use crate::state::PlaceId;
use crate::{carried, dates, meta, sql};

/// Accounts of a store, by their numbers in the books, whose goods came from the shelf or went to it; and
/// what that is called when they came from them, and when they went there.
const COUNTERPARTS: [(i64, Flow, Flow); 8] = [
    (2, Flow::Received, Flow::SentBack),
    (3, Flow::Returned, Flow::Sold),
    (4, Flow::Found, Flow::Lost),
    (5, Flow::Found, Flow::Lost),
    (6, Flow::OtherIn, Flow::Scrapped),
    (8, Flow::OtherIn, Flow::OtherOut),
    (9, Flow::OtherIn, Flow::OtherOut),
    (10, Flow::OtherIn, Flow::OtherIn),
];

impl Tx<'_> {
    /// Sorts every day that was booked when these books had an older form. Returns how many changes there are.
    pub(crate) fn sort_days(&mut self) -> Result<usize> {
        let runs: Vec<(i64, i64, i64)> = sql::all(
            self.conn,
            "list the runs of facts",
            "SELECT run.store, doc.date, run.change FROM run \
             JOIN change ON change.row = run.change JOIN doc ON doc.id = change.doc",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        tracing::info!(changes = runs.len(), "sorting what was booked into the new form");
        for (store, date, change) in runs.iter().copied() {
            for (_, text) in facts::of_change(self.conn, self.press, change)? {
                self.sort_fact(store, date, text)?;
            }
        }
        if let Some(store) = self.identity.store {
            for (_, text) in facts::pending(self.conn)? {
                let date = dates::number(StoredFact::read(text.clone())?.fact.date);
                self.sort_fact(store, date, text)?;
            }
            if let Some(through) = carried::dropped_through(self.conn)? {
                sort_dropped(self.conn, store, dates::number(through))?;
            }
        }
        meta::remove(self.conn, meta::UNSORTED)?;
        Ok(runs.len())
    }

    fn sort_fact(&mut self, store: i64, date: i64, text: String) -> Result<()> {
        let fact = StoredFact::read(text)?.fact;
        for (sku, flow, part) in flows(&fact) {
            let sku = self.state.names.sku(self.conn, sku)?;
            add(self.conn, (store, date, sku), flow, part)?;
        }
        Ok(())
    }
}

/// Days whose facts were dropped: what their accounts say. What no account but a transfer's explains was
/// transferred; what customers paid for a product is not known any more.
fn sort_dropped(conn: &Connection, store: i64, through: i64) -> Result<()> {
    let (first, last) = PlaceId::of_whole_store(store);
    let rows: Vec<(i64, i64, i64, [i64; 4])> = sql::all(
        conn,
        "list the days that were dropped",
        "SELECT date, sku, place, quantity_in, value_in, quantity_out, value_out FROM day_balance \
         WHERE place BETWEEN ?1 AND ?2 AND date <= ?3 ORDER BY date, sku",
        [first, last, through],
        |row| {
            let amounts = [row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, amounts))
        },
    )?;
    for day in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let key = (store, day[0].0, day[0].1);
        let mut transferred = Part::default();
        for (_, _, place, [quantity_in, value_in, quantity_out, value_out]) in day {
            let came = Part { quantity: *quantity_in, value: *value_in, ..Part::default() };
            let went = Part { quantity: *quantity_out, value: *value_out, ..Part::default() };
            if *place == PlaceId::on_hand(store).0 {
                transferred = sum(sum(transferred, came)?, negated(went))?;
                continue;
            }
            let Some((_, inward, outward)) =
                COUNTERPARTS.iter().find(|(account, ..)| first + account == *place)
            else {
                continue;
            };
            // What left such an account came to the shelf.
            add(conn, key, *inward, went)?;
            let outgoing = if inward == outward { negated(came) } else { came };
            add(conn, key, *outward, outgoing)?;
            transferred = sum(sum(transferred, negated(went))?, came)?;
        }
        let (flow, part) = if (transferred.quantity, transferred.value) < (0, 0) {
            (Flow::TransferredOut, negated(transferred))
        } else {
            (Flow::TransferredIn, transferred)
        };
        add(conn, key, flow, part)?;
    }
    Ok(())
}

fn add(conn: &Connection, key: (i64, i64, i64), flow: Flow, part: Part) -> Result<()> {
    if part == Part::default() {
        return Ok(());
    }
    sql::run(
        conn,
        "sort a day",
        "INSERT INTO day_flow (store, date, sku, flow, quantity, value, paid, tax) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET \
         quantity = quantity + excluded.quantity, value = value + excluded.value, \
         paid = paid + excluded.paid, tax = tax + excluded.tax",
        params![key.0, key.1, key.2, flow.code(), part.quantity, part.value, part.paid, part.tax],
    )
    .map(drop)
}

fn sum(a: Part, b: Part) -> Result<Part> {
    a.plus(b).ok_or_else(|| BooksError::OutOfRange { subject: "a day that was dropped".to_owned() })
}

fn negated(part: Part) -> Part {
    Part { quantity: -part.quantity, value: -part.value, ..part }
}
