//! Purchases: what this store asks for, orders, receives and sends back. A fact and what is told of it
//! in the order are one transaction.

mod charged;
mod quarantine;
mod receive;
mod refused;
mod send_back;

use books::{OtherWords, Told, Tx};
use console::purchase::PurchaseRefused;
use ledger::amount::Money;
use ledger::command::Command;
use ledger::fact::Fact;
use ledger::id::{Operator, PurchaseId, RequestId};
use ledger::json;
use ledger::order::Party;
use ledger::post;
use ledger::purchase::{Refusal, Step, Task, Word, status};
use sync_proto::MAX_ORDER_PARTIES;

use super::{Node, Stamp, When, lookup};
use crate::book::{Refused, detail};
use crate::error::Result;
use crate::request::About;

pub use receive::{Arrival, Arrived};
pub use refused::BuyingRefused;
pub use send_back::GoingBack;

impl Node {
    /// Begins a purchase with what is asked for or ordered. Gives its number.
    pub fn begin_purchase(
        &self,
        request: Option<RequestId>,
        operator: Option<Operator>,
        step: Step,
    ) -> Result<(PurchaseId, When)> {
        let at = self.now();
        if let Step::Order { order, .. } = &step {
            order.check().map_err(|refusal| PurchaseRefused::Lines { refusal })?;
        }
        let mut parties = step.stores();
        parties.insert(self.store().clone());
        if parties.len() > MAX_ORDER_PARTIES {
            let (found, limit) = (parties.len(), MAX_ORDER_PARTIES);
            return Err(PurchaseRefused::TooManyStores { found, limit }.into());
        }
        self.books().write(move |tx| {
            let begun = tx.begin_purchase(request.as_ref(), operator, step, at)?;
            match (begun, request) {
                (Ok((id, told)), _) => Ok((id, when(told))),
                (Err(OtherWords), Some(request)) => Err(PurchaseRefused::Reused { request }.into()),
                (Err(OtherWords), None) => unreachable!("only a request id can come again"),
            }
        })
    }

    /// Says a word about a purchase, once. A store agrees to its own orders up to the value that its
    /// settings allow; books that belong to no hub are their own head office.
    pub fn say_purchase(
        &self,
        purchase: &PurchaseId,
        operator: Option<Operator>,
        word: Word,
    ) -> Result<When> {
        let (id, at) = (purchase.clone(), self.now());
        let limit = self.approval_limit();
        self.books().write(move |tx| {
            match &word {
                Word::Approve { .. } => within(tx, &id, limit)?,
                // A line for a store that is no party would never reach it.
                Word::Order(order) if !tx.is_for(&id, order) => {
                    return Err(PurchaseRefused::OtherStores { purchase: id }.into());
                }
                _ => {}
            }
            match tx.say_purchase(&id, operator, word, at)? {
                Ok(told) => Ok(when(told)),
                Err(refusal) => Err(refused(&id, refusal)),
            }
        })
    }

    fn approval_limit(&self) -> Limit {
        match (&self.config().hub, self.config().approve_purchases_up_to) {
            (_, Some(most)) => Limit::UpTo(most),
            (None, None) => Limit::None,
            (Some(_), None) => Limit::Nothing,
        }
    }
}

/// What a store may agree to itself.
#[derive(Clone, Copy)]
enum Limit {
    /// Anything.
    None,
    /// Orders that come to at most this.
    UpTo(Money),
    /// Nothing.
    Nothing,
}

/// Refuses an approval beyond what the store may agree to. What was agreed to before stays so.
fn within(tx: &mut Tx<'_>, id: &PurchaseId, limit: Limit) -> Result<()> {
    let now = status(&tx.purchase(id)?);
    let Some((_, order)) = now.order.filter(|_| now.approval.is_none()) else { return Ok(()) };
    let value = order.value().map_err(|source| Refused::Amount { line: 0, source })?;
    match limit {
        Limit::UpTo(most) if value > most => {
            Err(BuyingRefused::OverLimit { value, limit: most }.into())
        }
        Limit::Nothing => Err(BuyingRefused::NoLimit.into()),
        Limit::None | Limit::UpTo(_) => Ok(()),
    }
}

const fn when(told: Told) -> When {
    match told {
        Told::Now => When::Now,
        Told::Before => When::Before,
    }
}

fn refused(purchase: &PurchaseId, refusal: Refusal) -> crate::error::NodeError {
    PurchaseRefused::Order { purchase: purchase.clone(), refusal }.into()
}

/// Books a task and tells the other parties of its order.
fn book(tx: &mut Tx<'_>, stamp: &Stamp, about: &About, task: Task) -> Result<Fact> {
    let header = stamp.header(tx, about)?;
    let stock = tx.positions(task.skus())?;
    let posted = post::post(header, Command::Purchase(Box::new(task)), &stock);
    let fact = detail::told(about, posted.map_err(Refused::Post)?.fact)?;
    tx.append_fact(&fact, &json::to_text(&fact))?;
    tx.tell_fact(&fact)?;
    Ok(fact)
}

/// The fact that answered the request before, if one did.
fn before(tx: &mut Tx<'_>, about: &About) -> Result<Option<Fact>> {
    let Some(request) = &about.request else { return Ok(None) };
    let Some(id) = tx.request(request)? else { return Ok(None) };
    Ok(Some(lookup::must_have(tx, id)?))
}

/// The fact that answered the request before, if what it says is what is asked for now.
fn repeated(about: &About, fact: Fact, same: Same) -> Result<(Fact, When)> {
    match (same, &about.request) {
        (Same::Yes, _) | (_, None) => Ok((fact, When::Before)),
        (Same::No, Some(request)) => {
            Err(PurchaseRefused::Reused { request: request.clone() }.into())
        }
    }
}

/// Whether a fact is what is asked for now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    Yes,
    No,
}

impl From<bool> for Same {
    fn from(same: bool) -> Self {
        if same { Self::Yes } else { Self::No }
    }
}

fn me(stamp: &Stamp) -> Party {
    Party::Store(stamp.store.clone())
}
