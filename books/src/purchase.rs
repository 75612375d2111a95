//! Purchases as their orders tell them.

use std::collections::BTreeSet;

use ledger::id::{DeliveryNote, FactId, Operator, PurchaseId, RequestId, Sku, StoreId, SupplierId};
use ledger::movement::Account;
use ledger::purchase::{Answer, Entry, Held, Holdings, Ordered, Refusal, Step, Word, answer};
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::{Month, OrderId};

use crate::error::{BooksError, Result};
use crate::order::{Kept as _, concerns, document, party};
use crate::{Reader, Tx, facts, sql};

/// Counts the purchases that this node has begun.
const COUNTER: &str = "purchase.count";

impl Tx<'_> {
    /// The number of a purchase that this node begins at an instant, for these stores. It is used up. A
    /// store that begins one is party to it whether it gets goods or not.
    pub fn new_purchase(
        &mut self,
        stores: &BTreeSet<StoreId>,
        at: Timestamp,
    ) -> Result<PurchaseId> {
        let mut parties = stores.clone();
        parties.extend(self.me().store().cloned());
        let place = self.me().store().map(|me| parties.iter().take_while(|s| *s != me).count());
        // Parties that begin orders for the same stores count each for itself.
        let begun_by = place.map_or_else(|| "h".to_owned(), |place| format!("s{}", place + 1));
        let serial = self.serial(COUNTER, &begun_by)?;
        let parties: Vec<&StoreId> = parties.iter().collect();
        let number = OrderId::of(&parties, Month::of(at.utc_day()), &serial);
        let number = number
            .map_err(|source| BooksError::text("the number of a purchase", &serial, source))?;
        Step::id(number.as_str())
    }

    /// Begins a purchase with what is asked for or ordered. A request id that comes again begins nothing
    /// twice.
    pub fn begin_purchase(
        &mut self,
        request: Option<&RequestId>,
        operator: Option<Operator>,
        step: Step,
        at: Timestamp,
    ) -> Result<Result<(PurchaseId, Told), OtherWords>> {
        let note = request.map(|request| format!("purchase.begin.{request}"));
        if let Some(note) = &note
            && let Some(id) = self.note(note)?
        {
            let (id, me) = (Step::id(&id)?, party(self.me()));
            let said = self.purchase(&id)?.into_iter().any(
                |entry| matches!(entry, Entry::Said(event) if event.by == me && event.step == step),
            );
            return Ok(if said { Ok((id, Told::Before)) } else { Err(OtherWords) });
        }
        let id = self.new_purchase(&step.stores(), at)?;
        if let Some(note) = &note {
            self.set_note(note, id.as_str())?;
        }
        self.tell_purchase(&id, operator, step, at)?;
        Ok(Ok((id, Told::Now)))
    }

    /// Whether every line of an order is for a store that hears of this purchase.
    pub fn is_for(&self, id: &PurchaseId, order: &Ordered) -> bool {
        let parties = document::<Step>(id).map(|number| number.parties()).unwrap_or_default();
        order.lines.iter().all(|line| parties.contains(&line.store))
    }

    /// Says a word about a purchase, or why it changes nothing.
    pub fn say_purchase(
        &mut self,
        id: &PurchaseId,
        operator: Option<Operator>,
        word: Word,
        at: Timestamp,
    ) -> Result<Result<Told, Refusal>> {
        let (me, entries) = (party(self.me()), self.purchase(id)?);
        Ok(match answer(&entries, &me, word) {
            Ok(Answer::Say(step)) => {
                self.tell_purchase(id, operator, step, at)?;
                Ok(Told::Now)
            }
            Ok(Answer::Before) => Ok(Told::Before),
            Err(refusal) => Err(refusal),
        })
    }

    /// What the parties of a purchase have said so far; nothing for one that is not known.
    pub fn purchase(&mut self, id: &PurchaseId) -> Result<Vec<Entry>> {
        self.entries(id)
    }

    /// Says something about a purchase. What is said about goods belongs in the transaction that
    /// books them.
    pub fn tell_purchase(
        &mut self,
        id: &PurchaseId,
        operator: Option<Operator>,
        step: Step,
        at: Timestamp,
    ) -> Result<()> {
        self.tell(id, operator, step, at)
    }

    /// The fact by which the store took a delivery in, by the supplier's number for it.
    pub fn delivery(
        &mut self,
        supplier: &SupplierId,
        note: &DeliveryNote,
    ) -> Result<Option<FactId>> {
        facts::delivery(self.conn, supplier, note)
    }

    /// What the store has in quarantine of a product, by lot.
    pub fn quarantined(&mut self, skus: &BTreeSet<&Sku>) -> Result<Holdings> {
        // Requests of one group see each other's rows only once these are written.
        self.state.flush(self.conn)?;
        let (_, store) = self.my_store()?;
        let place = self.state.names.place(self.conn, store, &Account::Quarantine)?;
        let mut holdings = Holdings::new();
        for sku in skus {
            let number = self.state.names.sku(self.conn, sku)?;
            let rows: Vec<(Option<String>, i64, i64)> = sql::all(
                self.conn,
                "look up what is in quarantine",
                "SELECT lot.name, quantity, value FROM balance \
                 LEFT JOIN lot ON lot.id = balance.lot WHERE place = ?1 AND sku = ?2",
                rusqlite::params![place.0, number],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            for (lot, quantity, value) in rows {
                let lot = lot.as_deref().map(ledger::id::Lot::new).transpose();
                let lot = lot.map_err(|source| BooksError::text("a lot", sku.as_str(), source))?;
                let held = Held {
                    quantity: crate::read::quantity(quantity)?,
                    value: crate::read::money(value)?,
                };
                holdings.insert(((*sku).clone(), lot), held);
            }
        }
        Ok(holdings)
    }
}

/// When something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Now.
    Now,
    /// Before, and the same. Nothing was said now.
    Before,
}

/// A request id that comes again with something else to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherWords;

/// Which purchases are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PurchaseFilter {
    /// How far they have come.
    pub which: WhichPurchases,
    /// Of which this store is a party.
    pub store: Option<StoreId>,
    /// Begun in the month of this day or later.
    pub since: Option<BusinessDate>,
}

/// How far the purchases that are listed have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WhichPurchases {
    /// However far.
    #[default]
    All,
    /// Those that wait for something, or look wrong.
    Open,
    /// Those of which something that was agreed to should have come before this day.
    Late(BusinessDate),
}

impl Reader {
    /// The purchases of a kind, by their number. Their names and one table tell; no order is read.
    pub fn purchases_of(&self, filter: &PurchaseFilter) -> Result<Vec<PurchaseId>> {
        let mut purchases = match filter.which {
            WhichPurchases::All => self.ids::<Step>()?,
            WhichPurchases::Open => {
                self.purchase_ids("SELECT purchase FROM purchase_open ORDER BY 1", [])?
            }
            WhichPurchases::Late(today) => self.purchase_ids(
                "SELECT DISTINCT purchase FROM purchase_line \
                 WHERE on_order > 0 AND expected < ?1 ORDER BY 1",
                [today.to_string()],
            )?,
        };
        purchases.retain(|id| concerns::<Step>(id, filter.store.as_ref(), filter.since));
        Ok(purchases)
    }

    fn purchase_ids(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<PurchaseId>> {
        let names: Vec<String> =
            sql::all(self.conn(), "list the purchases", sql, params, |row| row.get(0))?;
        names.iter().map(|name| Step::id(name)).collect()
    }

    /// What the parties of a purchase have said so far; nothing for one that is not known.
    pub fn purchase(&self, id: &PurchaseId) -> Result<Vec<Entry>> {
        self.entries(id)
    }
}
