//! Orders of every kind as their documents tell them.

use ledger::fact::Fact;
use ledger::id::{FactId, Operator, PurchaseId, StoreId, TransferId};
use ledger::order::{Entry, Event, OrderStep, Party, unsaid};
use ledger::time::{BusinessDate, Timestamp};
use ledger::{purchase, transfer};
use sync_proto::{Month, OrderId, OrderKind, Writer, order};

use crate::error::{BooksError, Result};
use crate::{Reader, Tx};

/// A kind of order, by what its parties say.
pub(crate) trait Kept: OrderStep {
    /// The kind of its documents.
    const KIND: OrderKind;
    /// What its number is called.
    const NUMBER: &'static str;

    /// An order's number, as text.
    fn number(id: &Self::Id) -> &str;

    /// The number that a text is.
    fn id(text: &str) -> Result<Self::Id>;
}

impl Kept for transfer::Step {
    const KIND: OrderKind = OrderKind::Transfer;
    const NUMBER: &'static str = "a transfer id";

    fn number(id: &TransferId) -> &str {
        id.as_str()
    }

    fn id(text: &str) -> Result<TransferId> {
        TransferId::new(text).map_err(|source| BooksError::text(Self::NUMBER, text, source))
    }
}

impl Kept for purchase::Step {
    const KIND: OrderKind = OrderKind::Purchase;
    const NUMBER: &'static str = "a purchase order number";

    fn number(id: &PurchaseId) -> &str {
        id.as_str()
    }

    fn id(text: &str) -> Result<PurchaseId> {
        PurchaseId::new(text).map_err(|source| BooksError::text(Self::NUMBER, text, source))
    }
}

impl Tx<'_> {
    /// What the parties of an order have said so far; nothing for one that is not known.
    pub(crate) fn entries<S: Kept>(&mut self, id: &S::Id) -> Result<Vec<Entry<S>>> {
        let Ok(order) = document::<S>(id) else { return Ok(Vec::new()) };
        Ok(self.order(S::KIND, &order)?.iter().map(entry).collect())
    }

    /// Says something about an order.
    pub(crate) fn tell<S: Kept>(
        &mut self,
        id: &S::Id,
        operator: Option<Operator>,
        step: S,
        at: Timestamp,
    ) -> Result<()> {
        let event = Event { by: party(self.me()), at, operator, step };
        let name = event.step.name().to_string();
        let name = name.parse().map_err(|source| BooksError::text("a step", &name, source))?;
        self.append_order(S::KIND, &document::<S>(id)?, &name, &event.to_text(), at)
    }

    /// Tells the other parties of an order about a fact of it; nothing for facts that are no part of one.
    pub fn tell_fact(&mut self, fact: &Fact) -> Result<()> {
        self.tell_fact_of::<transfer::Step>(fact)?;
        self.tell_fact_of::<purchase::Step>(fact)
    }

    fn tell_fact_of<S: Kept>(&mut self, fact: &Fact) -> Result<()> {
        let Some((id, step)) = S::of_fact(fact) else { return Ok(()) };
        self.tell(id, fact.operator.clone(), step, fact.at)
    }

    /// Takes back what the parties of an order were told about a fact that was set aside under this name,
    /// and tells them of the one that takes its place.
    pub fn retell_fact(
        &mut self,
        kept: FactId,
        aside: &Fact,
        adopted: Option<&Fact>,
    ) -> Result<()> {
        self.retell_fact_of::<transfer::Step>(kept, aside, adopted)?;
        self.retell_fact_of::<purchase::Step>(kept, aside, adopted)
    }

    fn retell_fact_of<S: Kept>(
        &mut self,
        kept: FactId,
        aside: &Fact,
        adopted: Option<&Fact>,
    ) -> Result<()> {
        let Some((id, _)) = S::of_fact(aside) else { return Ok(()) };
        let Some(store) = self.me().store().cloned() else { return Ok(()) };
        // What stands under its name now may be of another order, or of none.
        let of_it = |fact: &&Fact| S::of_fact(fact).is_some_and(|(of, _)| of == id);
        let standing = self.fact(kept)?.map(|stored| stored.fact);
        let entries = self.entries::<S>(id)?;
        for step in unsaid(&store, standing.iter().chain(adopted).filter(of_it), &entries) {
            // Of the order's other facts nothing is known here, and nothing is said.
            let about = match step.withdrawn() {
                Some(of) => of.fact() == Some(kept),
                None => [Some(kept), adopted.map(|fact| fact.id)].contains(&step.fact()),
            };
            if about {
                self.tell(id, aside.operator.clone(), step, aside.at)?;
            }
        }
        Ok(())
    }

    /// Uses up the next number of the orders of a kind that this node begins. A restored node counts
    /// from where its backup stood; its epoch tells the two apart.
    pub(crate) fn serial(&mut self, counter: &str, begun_by: &str) -> Result<String> {
        let count: u64 = self.note(counter)?.and_then(|text| text.parse().ok()).unwrap_or(0) + 1;
        self.set_note(counter, &count.to_string())?;
        Ok(format!("{begun_by}{}{count}", self.epoch()?.series()))
    }
}

impl Reader {
    /// What the parties of an order have said so far; nothing for one that is not known.
    pub(crate) fn entries<S: Kept>(&self, id: &S::Id) -> Result<Vec<Entry<S>>> {
        let Ok(order) = document::<S>(id) else { return Ok(Vec::new()) };
        Ok(self.order(S::KIND, &order)?.iter().map(entry).collect())
    }

    /// All orders of a kind, by their number.
    pub(crate) fn ids<S: Kept>(&self) -> Result<Vec<S::Id>> {
        self.orders(S::KIND)?.iter().map(|order| S::id(order.as_str())).collect()
    }
}

/// Whether a store is a party of an order that was begun in the month of a day or later. Its number
/// alone tells.
pub(crate) fn concerns<S: Kept>(
    id: &S::Id,
    store: Option<&StoreId>,
    since: Option<BusinessDate>,
) -> bool {
    let Ok(order) = document::<S>(id) else { return false };
    since.map(Month::of).is_none_or(|since| order.month() >= since)
        && store.is_none_or(|store| order.parties().contains(store))
}

/// The document that holds an order.
pub(crate) fn document<S: Kept>(id: &S::Id) -> Result<OrderId> {
    let text = S::number(id);
    OrderId::new(text).map_err(|source| BooksError::text(S::NUMBER, text, source))
}

/// What a party has said, as the ledger reads it.
pub(crate) fn entry<S: OrderStep>(event: &order::Event) -> Entry<S> {
    Entry::read(party(&event.by), event.name.as_str(), &event.text)
}

/// A writer as a party of an order.
pub(crate) fn party(writer: &Writer) -> Party {
    writer.store().map_or(Party::HeadOffice, |store| Party::Store(store.clone()))
}
