//! Head office's part in purchases: it buys for its stores, agrees to what they order or doesn't, and
//! follows what is to come.

pub mod rules;

use books::{OtherWords, Told};
use console::purchase::PurchaseRefused;
use ledger::id::{Operator, PurchaseId, RequestId};
use ledger::purchase::{Refusal, Step, Word};
use sync_proto::MAX_ORDER_PARTIES;

use crate::error::Result;
use crate::hub::Hub;

impl Hub {
    /// Begins a purchase with what is asked for or ordered. Gives its number.
    pub fn begin_purchase(
        &self,
        request: Option<RequestId>,
        operator: Option<Operator>,
        step: Step,
    ) -> Result<(PurchaseId, Told)> {
        let stores = step.stores();
        if stores.len() > MAX_ORDER_PARTIES {
            let (found, limit) = (stores.len(), MAX_ORDER_PARTIES);
            return Err(PurchaseRefused::TooManyStores { found, limit }.into());
        }
        stores.iter().try_for_each(|store| self.must_know(store))?;
        if let Step::Order { order, .. } = &step {
            order.check().map_err(|refusal| PurchaseRefused::Lines { refusal })?;
        }
        let now = self.now();
        self.books().write(move |tx| {
            let begun = tx.begin_purchase(request.as_ref(), operator, step, now)?;
            match (begun, request) {
                (Ok(begun), _) => Ok(begun),
                (Err(OtherWords), Some(request)) => Err(PurchaseRefused::Reused { request }.into()),
                (Err(OtherWords), None) => unreachable!("only a request id can come again"),
            }
        })
    }

    /// Says a word of head office's about a purchase, once.
    pub fn say_purchase(
        &self,
        purchase: &PurchaseId,
        operator: Option<Operator>,
        word: Word,
    ) -> Result<Told> {
        let (id, now) = (purchase.clone(), self.now());
        self.books().write(move |tx| {
            // A line for a store that is no party would never reach it.
            let said = match &word {
                Word::Order(order) if !tx.is_for(&id, order) => {
                    return Err(PurchaseRefused::OtherStores { purchase: id }.into());
                }
                _ => tx.say_purchase(&id, operator, word, now)?,
            };
            said.map_err(|refusal: Refusal| PurchaseRefused::Order { purchase: id, refusal }.into())
        })
    }
}
