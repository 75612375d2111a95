//! Settling: goods that did not arrive, or that nobody shipped, are accounted for.

use std::num::NonZeroU32;

use ledger::fact::Fact;
use ledger::id::TransferId;
use ledger::order::{Goods, OrderStep, Party};
use ledger::transfer::{Deed, Entry, Event, Liable, Outcome, Settled, Step, Task, Wanted};

use super::{Known, TransferRefused, amount, before, book, moved, next, reused, wanted};
use crate::error::Result;
use crate::node::{Node, When};
use crate::request::About;

/// What became of the goods of a transfer that nobody waits for any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What is gone.
    pub lost: Vec<Wanted>,
    /// What was ruined on the way and thrown away.
    pub damaged: Vec<Wanted>,
    /// What came back to the source, which alone can say so.
    pub returned: Vec<Wanted>,
    /// What arrived though no shipment names it.
    pub surplus: Vec<Wanted>,
    /// Who answers for it.
    pub liable: Liable,
    /// Why.
    pub reason: Box<str>,
}

impl Node {
    /// Accounts for a difference in a transfer, at either end.
    pub fn settle_transfer(
        &self,
        about: About,
        transfer: TransferId,
        difference: Difference,
    ) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        let me = Party::Store(self.store().clone());
        self.books().write(move |tx| {
            if let Some((request, fact)) = before(tx, &about, &transfer, "transfer_settlement")? {
                let same = Step::of_fact(&fact).is_some_and(|(_, step)| difference.is(&step));
                return if same { Ok((fact, When::Before)) } else { Err(reused(request)) };
            }
            let Known { entries, route, now } = Known::of(tx, &transfer)?;
            let number = settlements(&entries, &me).max().map_or(Some(NonZeroU32::MIN), next);
            let nothing = || TransferRefused::NothingDue { transfer: transfer.clone() };
            let settlement = number.ok_or_else(nothing)?;
            let deed = Deed::Settle {
                settlement,
                lines: difference.lines(),
                on_the_way: now.on_the_way().map_err(amount)?,
                surplus: now.surplus().map_err(amount)?,
                liable: difference.liable,
                reason: difference.reason,
            };
            book(tx, &stamp, &about, Task { transfer, route, deed })
        })
    }
}

impl Difference {
    fn parts(&self) -> [(&[Wanted], Outcome); 4] {
        [
            (&self.lost, Outcome::Lost),
            (&self.damaged, Outcome::Damaged),
            (&self.returned, Outcome::Returned),
            (&self.surplus, Outcome::Surplus),
        ]
    }

    fn lines(&self) -> Vec<Settled> {
        let settled = |(lines, outcome): (&[Wanted], Outcome)| -> Vec<Settled> {
            let line =
                |line: &Wanted| Settled { sku: line.sku.clone(), quantity: line.quantity, outcome };
            lines.iter().map(line).collect()
        };
        self.parts().into_iter().flat_map(settled).collect()
    }

    /// Whether this is what was settled before.
    fn is(&self, step: &Step) -> bool {
        let Step::Settle { lost, damaged, returned, surplus, liable, reason, .. } = step else {
            return false;
        };
        let booked: [&[Goods]; 4] = [lost, damaged, returned, surplus];
        let mut pairs = self.parts().into_iter().zip(booked);
        let same = pairs.all(|((asked, _), booked)| wanted(asked) == moved(booked));
        same && *liable == self.liable && *reason == self.reason
    }
}

/// The numbers of the settlements that a party made.
fn settlements<'a>(entries: &'a [Entry], by: &'a Party) -> impl Iterator<Item = NonZeroU32> + 'a {
    entries.iter().filter_map(move |entry| match entry {
        Entry::Said(Event { by: party, step: Step::Settle { settlement, .. }, .. })
            if party == by =>
        {
            Some(*settlement)
        }
        _ => None,
    })
}
