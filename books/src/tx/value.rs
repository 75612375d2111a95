//! Stored value: what the own store may spend, and the letters that head office writes about it.

use ledger::escrow::{Letter, Purpose, Wish};
use ledger::id::{LetterNo, MemberId, StoreId};
use ledger::time::Timestamp;
use rusqlite::params;
use sync_proto::{Month, OrderId, OrderKind};

use super::Tx;
use crate::error::{BooksError, Result};
use crate::read::MemberValue;
use crate::read::value::values;
use crate::{sql, value};

/// Counts the letters that this node has written.
const COUNTER: &str = "value.letters";

impl Tx<'_> {
    /// What the own store may spend of a member's value, in ten-thousandths. A new history begins with
    /// nothing.
    pub fn value_rights(&mut self, member: &MemberId) -> Result<i64> {
        let epoch = self.epoch()?;
        value::rights(self.conn, self.my_store()?, epoch, member)
    }

    /// Where a member's value is, by all facts and letters that are here.
    pub fn value_of(&mut self, member: &MemberId) -> Result<MemberValue> {
        Ok(values(self.conn, Some(member))?.remove(member).unwrap_or_default())
    }

    /// The letters to the store's present history that move rights and that it hasn't answered.
    pub fn letters_to_answer(&mut self) -> Result<Vec<LetterNo>> {
        let epoch = self.epoch()?;
        let (store, number) = self.my_store()?;
        let rows: Vec<String> = sql::all(
            self.conn,
            "list the letters to answer",
            "SELECT DISTINCT letter FROM value_letter AS l WHERE store = ?1 AND epoch = ?2 \
             AND purpose = ?3 AND NOT EXISTS (SELECT 1 FROM value_entry AS e \
             WHERE e.letter = l.letter AND e.store = ?4 AND e.epoch = ?2) ORDER BY letter",
            params![store.as_str(), epoch.number(), Purpose::Move.name(), number],
            |row| row.get(0),
        )?;
        rows.iter().map(|text| letter_no(text)).collect()
    }

    /// A letter of head office; none if there is none of this number.
    pub fn letter(&mut self, no: &LetterNo) -> Result<Option<Letter>> {
        let Ok(order) = OrderId::new(no.as_str()) else { return Ok(None) };
        Ok(value::letter_of(&self.order(OrderKind::Value, &order)?))
    }

    /// Whether a fact of the own store answers a letter or carries it out.
    pub fn is_carried_out(&mut self, no: &LetterNo) -> Result<bool> {
        let (_, store) = self.my_store()?;
        sql::one(
            self.conn,
            "look up what a letter led to",
            "SELECT EXISTS (SELECT 1 FROM value_entry WHERE letter = ?1 AND store = ?2)",
            params![no.as_str(), store],
            |row| row.get(0),
        )
    }

    /// Writes a letter to a store and gives its number. Only head office does.
    pub fn write_letter(&mut self, letter: &Letter) -> Result<LetterNo> {
        let name = letter.purpose.name();
        self.write_about(&letter.holder.store, ("h", name), &letter.to_text(), letter.at)
    }

    /// Asks head office for rights and gives the number under which that is known. Only a store does.
    pub fn write_wish(&mut self, wish: &Wish) -> Result<LetterNo> {
        self.write_about(&wish.holder.store, ("s", Wish::NAME), &wish.to_text(), wish.at)
    }

    fn write_about(
        &mut self,
        store: &StoreId,
        (by, name): (&str, &str),
        text: &str,
        at: Timestamp,
    ) -> Result<LetterNo> {
        let count: u64 = self.note(COUNTER)?.and_then(|text| text.parse().ok()).unwrap_or(0) + 1;
        self.set_note(COUNTER, &count.to_string())?;
        // What is restored counts from where its backup stood; its epoch tells the two apart.
        let serial = format!("{by}{}{count}", self.epoch()?.series());
        let order = OrderId::of(&[store], Month::of(at.utc_day()), &serial);
        let order = order.map_err(|source| BooksError::text("a letter number", &serial, source))?;
        let event = name.parse().map_err(|source| BooksError::text("a letter", name, source))?;
        self.append_order(OrderKind::Value, &order, &event, text, at)?;
        letter_no(order.as_str())
    }
}

fn letter_no(text: &str) -> Result<LetterNo> {
    LetterNo::new(text).map_err(|source| BooksError::text("a letter number", text, source))
}
