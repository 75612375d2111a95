//! What the node's store still has to say of purchases: see [`ledger::purchase::unsaid`].

use std::collections::BTreeSet;

use ledger::fact::Fact;
use ledger::id::{FactId, PurchaseId};
use ledger::purchase::{Entry, Event, Step, unsaid};
use ledger::time::Timestamp;

use crate::Tx;
use crate::error::{BooksError, Result};
use crate::transfer::party;

impl Tx<'_> {
    /// Says what is unsaid of one purchase. `facts` are those known to be of it.
    pub(super) fn tell_unsaid_purchase(
        &mut self,
        purchase: &PurchaseId,
        facts: &[FactId],
        at: Timestamp,
    ) -> Result<usize> {
        let store = self.my_store()?.0.clone();
        let (me, entries) = (party(self.me()), self.purchase(purchase)?);
        let own = entries.iter().filter_map(|entry| match entry {
            Entry::Said(Event { by, step, .. }) if *by == me => step.fact(),
            _ => None,
        });
        let mut booked: Vec<Fact> = Vec::new();
        for id in own.chain(facts.iter().copied()).collect::<BTreeSet<_>>() {
            let fact = match self.fact(id) {
                Err(BooksError::NotHere { .. }) => None,
                found => found?.map(|stored| stored.fact),
            };
            let of_it = |fact: &Fact| Step::of_fact(fact).is_some_and(|(of, _)| of == purchase);
            booked.extend(fact.filter(of_it));
        }
        let mut told = 0;
        for step in unsaid(&store, &booked, &entries) {
            if let Step::Withdraw { of, .. } = &step
                && let Some(fact) = of.fact()
                && !self.has_left(fact)?
            {
                continue;
            }
            self.tell_purchase(purchase, None, step, at)?;
            told += 1;
        }
        Ok(told)
    }
}
