//! Goods in quarantine: looked at again, released to the shelf or thrown away.

use ledger::fact::{Body, Fact};
use ledger::movement::Account;
use ledger::purchase::{Act, Clearing, Task, Way};
use ledger::transfer::Wanted;

use super::receive::sums;
use super::{before, book, repeated};
use crate::error::Result;
use crate::node::{Node, When};
use crate::request::About;

impl Node {
    /// Takes goods out of quarantine, onto the shelf or away. When this returns, it is durable.
    pub fn clear_quarantine(
        &self,
        about: About,
        way: Way,
        lines: Vec<Wanted>,
        reason: Box<str>,
    ) -> Result<(Fact, When)> {
        let stamp = self.stamp();
        self.books().write(move |tx| {
            if let Some(fact) = before(tx, &about)? {
                let same = is(&fact, way, &lines, &reason).into();
                return repeated(&about, fact, same);
            }
            let held = tx.quarantined(&lines.iter().map(|line| &line.sku).collect())?;
            let task = Task::Clear(Clearing { way, lines, held, reason });
            Ok((book(tx, &stamp, &about, task)?, When::Now))
        })
    }
}

/// Whether a fact is this decision.
fn is(fact: &Fact, way: Way, lines: &[Wanted], reason: &str) -> bool {
    let Body::Purchase(Act::Cleared { way: went, reason: why }) = &fact.body else { return false };
    let left = fact.movements.iter().filter(|m| m.from == Account::Quarantine);
    *went == way
        && **why == *reason
        && sums(lines.iter().map(|line| (&line.sku, line.quantity)))
            == sums(left.map(|m| (&m.sku, m.quantity)))
}
