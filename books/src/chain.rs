//! Runs of facts and the hash chain through them.
//!
//! A run is the facts `first..=last` of a store's epoch, as they stand in one change, with the link
//! after the last. The runs of an epoch follow each other without gaps, but where a document's
//! changes were set aside: then the link after the hole is kept, so that the chain holds on both
//! sides and what fills the hole can be checked. So it is kept, too, between months of a history that comes
//! back to a new machine, the newest month first.

use ledger::chain::ChainLink;
use ledger::id::{Epoch, FactId};
use rusqlite::{Connection, Row, params};

use crate::at_rest::Press;
use crate::carried::DROPPED;
use crate::error::Result;
use crate::facts::{self, StoreRef};
use crate::sql;
use crate::state::ChainEnd;

/// Facts of one store and epoch that stand in one change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) store: i64,
    pub(crate) epoch: u32,
    pub(crate) first: u64,
    pub(crate) last: u64,
}

/// Where a run of facts belongs in what is held.
#[derive(Debug)]
pub(crate) enum Place {
    /// After the last one held, or after facts that are still to come; the link before it.
    AtEnd(ChainLink),
    /// In a hole; the link before it.
    InHole(ChainLink),
    /// Facts before it are missing.
    Early(String),
    /// Some of the facts are held in other changes.
    Taken(String),
}

/// A run as it is held.
#[derive(Debug, Clone, Copy)]
struct HeldRun {
    first: u64,
    last: u64,
    change: i64,
    link: ChainLink,
}

/// Indexes the facts of a change.
pub(crate) fn insert_run(conn: &Connection, run: Run, change: i64, link: &ChainLink) -> Result<()> {
    sql::run(
        conn,
        "index the facts of a change",
        "INSERT INTO run (store, epoch, first, last, change, link) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![run.store, run.epoch, run.first, run.last, change, link.as_bytes()],
    )
    .map(drop)
}

/// The end of a store's history in an epoch. `mine` also counts facts that are in no change yet.
pub(crate) fn end(
    conn: &Connection,
    store: StoreRef<'_>,
    epoch: Epoch,
    mine: bool,
) -> Result<ChainEnd> {
    let genesis = ChainEnd { seq: 0, link: ChainLink::genesis(store.name, epoch) };
    let last = last_run(conn, store.number, epoch, u64::MAX)?;
    let mut end = last.map_or(genesis, |run| ChainEnd { seq: run.last, link: run.link });
    if mine {
        for (id, text) in facts::pending(conn)? {
            if id.epoch == epoch {
                end = ChainEnd { seq: id.seq, link: end.link.then(&text) };
            }
        }
    }
    Ok(end)
}

/// The epochs of which a store's facts are held, in order. `mine` also counts facts that are in no
/// change yet.
pub(crate) fn epochs(conn: &Connection, store: i64, mine: bool) -> Result<Vec<Epoch>> {
    let mut epochs = Vec::new();
    // From one to the next by the index: an epoch may have a million runs.
    let next = |after: u32| -> Result<Option<u32>> {
        sql::one(
            conn,
            "list a store's epochs",
            "SELECT min(epoch) FROM run WHERE store = ?1 AND epoch > ?2",
            params![store, after],
            |row| row.get(0),
        )
    };
    while let Some(epoch) = next(epochs.last().map_or(0, |last: &Epoch| last.number()))? {
        epochs.extend(Epoch::new(epoch));
    }
    if mine {
        let pending = facts::pending(conn)?;
        epochs.extend(pending.first().map(|(id, _)| id.epoch));
        epochs.dedup();
    }
    Ok(epochs)
}

/// Where the facts `first..=last` belong, `end` being the end of their epoch.
pub(crate) fn place(
    conn: &Connection,
    store: StoreRef<'_>,
    epoch: Epoch,
    end: ChainEnd,
    (first, last): (u64, u64),
) -> Result<Place> {
    if first == end.seq + 1 {
        return Ok(Place::AtEnd(end.link));
    }
    if first > end.seq {
        let missing = FactId { epoch, seq: end.seq + 1 };
        let kept = kept_link(conn, store.number, epoch, first - 1)?;
        let early = || Place::Early(format!("fact {missing} is missing"));
        return Ok(kept.map_or_else(early, Place::AtEnd));
    }
    // Below the end there is room only where changes were set aside or are still to come.
    let id = FactId { epoch, seq: first };
    let before = last_run(conn, store.number, epoch, first)?;
    let after = first_run(conn, store.number, epoch, first)?;
    let taken_before = before.is_some_and(|run| run.last >= first);
    if taken_before || after.is_none_or(|run| run.first <= last) {
        return Ok(Place::Taken(format!("fact {id} stands in another change")));
    }
    match link_before(conn, store, epoch, first)? {
        Some(base) => Ok(Place::InHole(base)),
        None => Ok(Place::Early(format!("the facts before {id} are missing"))),
    }
}

/// The link before a fact: at the end of the run before it, or kept, or the epoch's first.
pub(crate) fn link_before(
    conn: &Connection,
    store: StoreRef<'_>,
    epoch: Epoch,
    seq: u64,
) -> Result<Option<ChainLink>> {
    if seq == 1 {
        return Ok(Some(ChainLink::genesis(store.name, epoch)));
    }
    match last_run(conn, store.number, epoch, seq)? {
        Some(run) if run.last + 1 == seq => Ok(Some(run.link)),
        _ => kept_link(conn, store.number, epoch, seq - 1),
    }
}

/// The link after a fact, if the fact is held.
pub(crate) fn link_at(
    conn: &Connection,
    press: &mut Press,
    store: StoreRef<'_>,
    mine: bool,
    id: FactId,
) -> Result<Option<ChainLink>> {
    if id.seq == 0 {
        return Ok(Some(ChainLink::genesis(store.name, id.epoch)));
    }
    let run = last_run(conn, store.number, id.epoch, id.seq.saturating_add(1))?;
    let (base, texts) = match run {
        Some(run) if run.last == id.seq => return Ok(Some(run.link)),
        Some(run) if run.last > id.seq && run.change == DROPPED => return Ok(None),
        Some(run) if run.last > id.seq => {
            let base = link_before(conn, store, id.epoch, run.first)?;
            (base, facts::of_change(conn, press, run.change)?)
        }
        _ if mine => (Some(end(conn, store, id.epoch, false)?.link), facts::pending(conn)?),
        _ => return Ok(None),
    };
    let Some(mut link) = base else { return Ok(None) };
    for (at, text) in texts {
        if at.epoch == id.epoch {
            link = link.then(&text);
        }
        if at == id {
            return Ok(Some(link));
        }
    }
    Ok(None)
}

/// The link after a fact that was set aside or is still to come, if it was kept.
pub(crate) fn kept_link(
    conn: &Connection,
    store: i64,
    epoch: Epoch,
    seq: u64,
) -> Result<Option<ChainLink>> {
    Ok(sql::first(
        conn,
        "look up a kept link",
        "SELECT link FROM kept_link WHERE store = ?1 AND epoch = ?2 AND seq = ?3",
        params![store, epoch.number(), seq],
        |row| row.get(0),
    )?
    .map(ChainLink::from_bytes))
}

/// Keeps the links at the ends of runs that are about to be set aside.
pub(crate) fn keep_links(conn: &Connection, change: i64) -> Result<()> {
    sql::run(
        conn,
        "keep a link",
        "INSERT INTO kept_link (store, epoch, seq, link) \
         SELECT store, epoch, last, link FROM run WHERE change = ?1 \
         ON CONFLICT DO UPDATE SET link = excluded.link",
        [change],
    )
    .map(drop)
}

/// Keeps the link after a fact that is not here.
pub(crate) fn keep_link(conn: &Connection, store: i64, id: FactId, link: &ChainLink) -> Result<()> {
    sql::run(
        conn,
        "keep a link",
        "INSERT INTO kept_link (store, epoch, seq, link) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET link = excluded.link",
        params![store, id.epoch.number(), id.seq.cast_signed(), link.as_bytes()],
    )
    .map(drop)
}

/// The last run that begins before a fact.
fn last_run(conn: &Connection, store: i64, epoch: Epoch, before: u64) -> Result<Option<HeldRun>> {
    // The largest number that SQLite holds stands for "any".
    let before = i64::try_from(before).unwrap_or(i64::MAX);

    sql::first(
        conn,
        "find a run of facts",
        "SELECT first, last, change, link FROM run \
         WHERE store = ?1 AND epoch = ?2 AND first < ?3 ORDER BY first DESC LIMIT 1",
        params![store, epoch.number(), before],
        held_run,
    )
}

/// The first run that begins at a fact or after it.
fn first_run(conn: &Connection, store: i64, epoch: Epoch, from: u64) -> Result<Option<HeldRun>> {
    sql::first(
        conn,
        "find a run of facts",
        "SELECT first, last, change, link FROM run \
         WHERE store = ?1 AND epoch = ?2 AND first >= ?3 ORDER BY first LIMIT 1",
        params![store, epoch.number(), from],
        held_run,
    )
}

fn held_run(row: &Row<'_>) -> rusqlite::Result<HeldRun> {
    Ok(HeldRun {
        first: row.get(0)?,
        last: row.get(1)?,
        change: row.get(2)?,
        link: ChainLink::from_bytes(row.get(3)?),
    })
}
