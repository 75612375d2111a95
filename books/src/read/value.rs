//! Members' stored value: where it is, and what was spent where.

use std::collections::BTreeMap;

use ledger::escrow::{Answer, Entry, Holder, Promise, Purpose, Standing, Wish};
use ledger::id::{Epoch, LetterNo, MemberId, StoreId};
use rusqlite::Connection;

use super::Reader;
use crate::error::{BooksError, Result};
use crate::{sql, value};

/// One member's value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberValue {
    /// Where it is, by all facts and letters that are here.
    pub standing: Standing,
    /// How much was paid with it at each store, in ten-thousandths.
    pub spent: BTreeMap<StoreId, i64>,
    /// How much more stores have asked for.
    pub asked: BTreeMap<StoreId, i64>,
}

/// What is known of one member before it is added up.
#[derive(Default)]
struct Known {
    entries: Vec<Entry>,
    answers: Vec<Answer>,
    promises: Vec<Promise>,
    spent: BTreeMap<StoreId, i64>,
    asked: BTreeMap<StoreId, i64>,
}

impl Reader {
    /// Where members' value is: one member's, or everyone's who ever had any.
    pub fn values(&self, member: Option<&MemberId>) -> Result<BTreeMap<MemberId, MemberValue>> {
        values(self.conn(), member)
    }

    /// What the own store may spend of a member's value, in ten-thousandths.
    pub fn value_rights(&self, member: &MemberId) -> Result<i64> {
        let me = self.identity().me.store().zip(self.identity().store);
        let me = me.ok_or(BooksError::NoStore)?;
        value::rights(self.conn(), me, self.epoch()?, member)
    }

    /// The newest history of each store, as far as its facts are here.
    pub fn store_epochs(&self) -> Result<BTreeMap<StoreId, Epoch>> {
        let rows: Vec<(String, u32)> = sql::all(
            self.conn(),
            "list the stores' histories",
            "SELECT store.name, max(epoch) FROM run JOIN store ON store.id = run.store \
             GROUP BY store.name",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        rows.iter().map(|(store, number)| Ok((parse_store(store)?, epoch(*number)?))).collect()
    }
}

/// Where members' value is: one member's, or everyone's who ever had any.
pub(crate) fn values(
    conn: &Connection,
    member: Option<&MemberId>,
) -> Result<BTreeMap<MemberId, MemberValue>> {
    let mut known: BTreeMap<MemberId, Known> = BTreeMap::new();
    entries(conn, member, &mut known)?;
    answers(conn, member, &mut known)?;
    promises(conn, member, &mut known)?;
    let add_up = |(member, known): (_, Known)| {
        let standing = Standing::of(&known.entries, &known.answers, &known.promises);
        (member, MemberValue { standing, spent: known.spent, asked: known.asked })
    };
    Ok(known.into_iter().map(add_up).collect())
}

fn entries(
    conn: &Connection,
    member: Option<&MemberId>,
    known: &mut BTreeMap<MemberId, Known>,
) -> Result<()> {
    let rows: Vec<(String, String, u32, i64, i64, i64)> = sql::all(
        conn,
        "add up stored value",
        "SELECT member, store.name, epoch, sum(balance), sum(rights), \
         sum(iif(kind = 'sale', -balance, 0)) FROM value_entry AS t \
         JOIN store ON store.id = t.store WHERE (?1 IS NULL OR member = ?1) \
         GROUP BY member, t.store, epoch",
        [member.map(MemberId::as_str)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)),
    )?;
    for (member, store, number, balance, rights, spent) in rows {
        let known = known.entry(parse_member(&member)?).or_default();
        let store = parse_store(&store)?;
        let sum = known.spent.entry(store.clone()).or_insert(0_i64);
        *sum = sum.saturating_add(spent);
        let holder = Holder { store, epoch: epoch(number)? };
        known.entries.push(Entry { holder, balance, rights });
    }
    Ok(())
}

fn answers(
    conn: &Connection,
    member: Option<&MemberId>,
    known: &mut BTreeMap<MemberId, Known>,
) -> Result<()> {
    let rows: Vec<(String, String, u32, i64)> = sql::all(
        conn,
        "list the answers to letters",
        "SELECT member, letter, pool, rights FROM value_entry \
         WHERE letter IS NOT NULL AND pool IS NOT NULL AND (?1 IS NULL OR member = ?1)",
        [member.map(MemberId::as_str)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    for (member, letter, pool, amount) in rows {
        let known = known.entry(parse_member(&member)?).or_default();
        known.answers.push(Answer { letter: parse_letter(&letter)?, pool: epoch(pool)?, amount });
    }
    Ok(())
}

fn promises(
    conn: &Connection,
    member: Option<&MemberId>,
    known: &mut BTreeMap<MemberId, Known>,
) -> Result<()> {
    type Row = (String, String, String, String, u32, u32, i64);
    let rows: Vec<Row> = sql::all(
        conn,
        "list the letters about stored value",
        "SELECT member, letter, purpose, store, epoch, pool, amount FROM value_letter \
         WHERE (?1 IS NULL OR member = ?1)",
        [member.map(MemberId::as_str)],
        |row| {
            let of = (row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?);
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, of.0, of.1, of.2, of.3))
        },
    )?;
    for (member, letter, purpose, store, number, pool, amount) in rows {
        let known = known.entry(parse_member(&member)?).or_default();
        if purpose == Wish::NAME {
            let sum = known.asked.entry(parse_store(&store)?).or_insert(0_i64);
            *sum = sum.saturating_add(amount);
        }
        let Some(purpose) = Purpose::named(&purpose) else { continue };
        let holder = Holder { store: parse_store(&store)?, epoch: epoch(number)? };
        let (letter, pool) = (parse_letter(&letter)?, epoch(pool)?);
        known.promises.push(Promise { letter, pool, holder, purpose, amount });
    }
    Ok(())
}

fn parse_member(text: &str) -> Result<MemberId> {
    MemberId::new(text).map_err(|source| BooksError::text("a member id", text, source))
}

fn parse_store(text: &str) -> Result<StoreId> {
    StoreId::new(text).map_err(|source| BooksError::text("a store id", text, source))
}

fn parse_letter(text: &str) -> Result<LetterNo> {
    LetterNo::new(text).map_err(|source| BooksError::text("a letter number", text, source))
}

fn epoch(number: u32) -> Result<Epoch> {
    Epoch::new(number).ok_or_else(|| BooksError::damaged("a history", "its number is 0"))
}
