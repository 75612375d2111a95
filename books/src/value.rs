//! Members' stored value: rows of the facts and letters that move it, for whoever reads and whoever
//! writes.

use ledger::escrow::{self, Act, Asked, Letter, Purpose, Wish};
use ledger::fact::{Body, Fact};
use ledger::id::{Epoch, FactId, MemberId, StoreId};
use rusqlite::{Connection, params};
use sync_proto::order::Event;

use crate::error::Result;
use crate::order::party;
use crate::project::Booking;
use crate::sql;

/// What a fact says of one member's value.
pub(crate) struct Said {
    id: FactId,
    kind: String,
    member: MemberId,
    balance: i64,
    rights: i64,
    letter: Option<String>,
    pool: Option<u32>,
}

/// What there is to keep of a fact.
pub(crate) fn said(fact: &Fact) -> impl Iterator<Item = Said> {
    let (letter, pool) = match &fact.body {
        Body::Value(Act::Moved(moved)) => (Some(&moved.letter), Some(moved.pool.number())),
        Body::Value(Act::PaidOut { letter, .. }) => (Some(letter), None),
        _ => (None, None),
    };
    escrow::flows(fact).into_iter().map(move |flow| Said {
        id: fact.id,
        kind: fact.body.kind().to_owned(),
        member: flow.member,
        balance: flow.balance,
        rights: flow.rights,
        letter: letter.map(ToString::to_string),
        pool,
    })
}

/// Keeps what a fact says. What is kept already stays.
pub(crate) fn insert(conn: &Connection, booking: Booking<'_>, said: &Said) -> Result<()> {
    sql::run(
        conn,
        "index what moves stored value",
        "INSERT INTO value_entry (store, epoch, seq, member, kind, date, balance, rights, letter, pool) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        params![
            booking.number,
            said.id.epoch.number(),
            said.id.seq.cast_signed(),
            said.member.as_str(),
            said.kind,
            booking.date,
            said.balance,
            said.rights,
            said.letter,
            said.pool
        ],
    )
    .map(drop)
}

/// Replaces a letter's rows by what it says. Of two under one number, which only a copied head office
/// writes, the first in their order counts, here and everywhere.
pub(crate) fn show_letter(conn: &Connection, number: &str, events: &[Event]) -> Result<()> {
    sql::run(conn, "replace a letter", "DELETE FROM value_letter WHERE letter = ?1", [number])?;
    if let Some(wish) = wish_of(events) {
        show_wish(conn, number, &wish)?;
    }
    let Some(letter) = letter_of(events) else { return Ok(()) };
    for (member, amount) in &letter.lines {
        sql::run(
            conn,
            "store a line of a letter",
            "INSERT INTO value_letter (letter, member, purpose, store, epoch, pool, amount) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
            params![
                number,
                member.as_str(),
                letter.purpose.name(),
                letter.holder.store.as_str(),
                letter.holder.epoch.number(),
                letter.pool.number(),
                amount.ten_thousandths()
            ],
        )?;
    }
    Ok(())
}

fn show_wish(conn: &Connection, number: &str, wish: &Wish) -> Result<()> {
    sql::run(
        conn,
        "store a wish",
        "INSERT INTO value_letter (letter, member, purpose, store, epoch, pool, amount) \
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)",
        params![
            number,
            wish.member.as_str(),
            Wish::NAME,
            wish.holder.store.as_str(),
            wish.holder.epoch.number(),
            wish.amount.ten_thousandths()
        ],
    )
    .map(drop)
}

fn wish_of(events: &[Event]) -> Option<Wish> {
    let read = |event: &Event| {
        let asked = Asked::read(&party(&event.by), event.name.as_str(), &event.text);
        if let Ok(Asked::Wish(wish)) = asked { Some(wish) } else { None }
    };
    events.iter().find_map(read)
}

/// The letter of an order, if it is one.
pub(crate) fn letter_of(events: &[Event]) -> Option<Letter> {
    let read = |event: &Event| {
        let asked = Asked::read(&party(&event.by), event.name.as_str(), &event.text);
        if let Ok(Asked::Letter(letter)) = asked { Some(letter) } else { None }
    };
    events.iter().find_map(read)
}

/// What a history of a store may spend of a member's value: what its facts come to, less what was written
/// off of it.
pub(crate) fn rights(
    conn: &Connection,
    (store, number): (&StoreId, i64),
    epoch: Epoch,
    member: &MemberId,
) -> Result<i64> {
    sql::one(
        conn,
        "add up what may be spent of stored value",
        "SELECT (SELECT coalesce(sum(rights), 0) FROM value_entry \
                 WHERE member = ?1 AND store = ?2 AND epoch = ?3) \
              - (SELECT coalesce(sum(amount), 0) FROM value_letter \
                 WHERE store = ?4 AND epoch = ?3 AND member = ?1 AND purpose = ?5)",
        params![member.as_str(), number, epoch.number(), store.as_str(), Purpose::WriteOff.name()],
        |row| row.get(0),
    )
}
